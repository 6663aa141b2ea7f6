/** Documents that are nearly right: never a failure of ours, and what is refused has changed nothing. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { digest } from '../../support/digest.ts'
import { openWorld } from '../../support/world.ts'
import {
  ADDRESS,
  area,
  bandwidthClient,
  bandwidthWorld,
  existing,
  idOf,
  N142,
  N143,
  N144,
  NOW,
  OWNER,
  tns,
  type,
} from './client.ts'
import { assertBandwidth } from './grammar.ts'

/** `FUZZ_DOCUMENTS=10000` sends more of them. */
const COUNT = Number(process.env.FUZZ_DOCUMENTS ?? 120)
/** Of the processor, with what else the process does meanwhile. */
const MOST_WORK_MS = 500
/** By which the process may grow. */
const MOST_BYTES = 512 * 2 ** 20

let w: Awaited<ReturnType<typeof openWorld>>
let client: ReturnType<typeof bandwidthClient>
let site: { id: string; peer: string }
beforeAll(async () => {
  w = await openWorld('sqlite', bandwidthWorld('1000.00'), { now: NOW })
  client = bandwidthClient(w)
  site = await client.site()
})
afterAll(() => w.drop())

/** The same documents in every run. */
function dice(seed: number) {
  let state = seed
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
type Dice = ReturnType<typeof dice>
const oneOf = <T>(roll: Dice, list: readonly T[]): T => list[roll(list.length)] as T

const EMAIL = type('EmailSubscription', type('Email', 'a@example.com'))

/** Path, document, and the method where it is not POST. */
type Sample = readonly [path: string, document: string, method?: 'POST' | 'PUT']

const REASONABLE = (own: string, here: string, order: string): readonly Sample[] => [
  ['/orders', type('Order', `<Name>n</Name>${own}${existing(N142, N143)}`)],
  ['/orders', type('Order', `${own}<PartialAllowed>true</PartialAllowed>${area(1)}`)],
  ['/orders', type('Order', `${own}<BackOrderRequested>true</BackOrderRequested>${area(9)}`)],
  ['/disconnects', type('DisconnectTelephoneNumberOrder', type('DisconnectTelephoneNumberOrderType', tns(N142)))],
  ['/tnreservation', type('Reservation', type('ReservedTn', N143))],
  ['/sites', type('Site', `<Name>s</Name>${ADDRESS}`)],
  [`/sites/${site.id}/sippeers`, type('SipPeer', '<PeerName>p</PeerName><IsDefaultPeer>false</IsDefaultPeer>')],
  ['/moveTns', type('MoveTnsOrder', own + type('TelephoneNumbers', type('TelephoneNumber', N142)))],
  ['/tns', type('TnList', type('Tn', N142))],
  ['/subscriptions', type('Subscription', `<OrderType>orders</OrderType>${EMAIL}`)],
  [`${here}/movetns`, type('SipPeerTelephoneNumbers', type('FullNumber', N142) + type('FullNumber', N143))],
  [`/orders/${order}/notes`, type('Note', '<UserId>ann</UserId><Description>x</Description>')],
  [`/orders/${order}`, type('Order', '<Name>n</Name><CustomerOrderId>c 1</CustomerOrderId>'), 'PUT'],
  [here, type('SipPeer', '<PeerName>p</PeerName><VoiceHosts><Host><HostName>h</HostName></Host></VoiceHosts>'), 'PUT'],
  [`${here}/tns/${N144}`, type('SipPeerTelephoneNumber', '<CallForward>9195550199</CallForward>'), 'PUT'],
  [`/sites/${site.id}`, type('Site', `<Name>s</Name>${ADDRESS}`), 'PUT'],
]

const NASTY = [
  ...[
    '',
    ' ',
    '0',
    '-1',
    '1e9',
    '99999999999999999999',
    'NaN',
    'true',
    '\u00e9',
    '\ud83d\ude00',
    "'; DROP TABLE numbers;--",
  ],
  ...[
    '&amp;',
    '&#0;',
    '&#xD800;',
    '&nope;',
    '&#x110000;',
    '%00',
    '__proto__',
    'constructor',
    '<a/>',
    ']]>',
    '9'.repeat(5_000),
  ],
  ...['<![CDATA[x]]>', '<!-- -- -->', '<?xml version="1.0"?>', '+1919555014\u0660', '919-555-0142', '\u202e9195550142'],
]

/** One slip, of those that people, programs and attackers make. */
const SLIPS: readonly ((text: string, roll: Dice) => string)[] = [
  (text, roll) => text.slice(0, roll(text.length)),
  (text, roll) => text.replace(/>[^<>]+</g, found => (roll(3) === 0 ? `>${oneOf(roll, NASTY)}<` : found)),
  (text, roll) => {
    const at = roll(text.length)
    return text.slice(0, at) + oneOf(roll, NASTY) + text.slice(at)
  },
  (text, roll) => {
    const leaves = [...text.matchAll(/<(\w+)>[^<]*<\/\1>/g)]
    const leaf = leaves[roll(leaves.length)]?.[0] ?? ''
    return text.replace(leaf, oneOf(roll, ['', leaf + leaf, `<x>${leaf}</x>`, leaf.repeat(1_200)]))
  },
  (text, roll) =>
    text.replace(/<(\w+)>/, (_, name) => `<${oneOf(roll, ['Order', 'x', `${name}s`, '1a', 'xml:a', ''])}>`),
  text => `<!DOCTYPE a [<!ENTITY b "${'c'.repeat(99)}"><!ENTITY d "&b;&b;&b;">]>${text}`,
  (text, roll) => '<a>'.repeat(roll(30)) + text + '</a>'.repeat(roll(30)),
  text => `<?xml version="1.0" encoding="UTF-16"?>${text}`,
  (text, roll) => [...text].sort(() => roll(3) - 1).join(''),
  text => text.toUpperCase(),
  text => text.replaceAll('<', '<n:').replaceAll('<n:/', '</n:'),
  (text, roll) => text.replace('>', ` a="${oneOf(roll, NASTY).replaceAll('"', '')}" a="2">`),
]

/** Some of the documents are bytes that no text has. */
async function send([path, , method = 'POST']: Sample, text: string, roll: Dice): Promise<Response> {
  const bytes = Buffer.from(text)
  if (roll(9) === 0 && bytes.length > 0) bytes[roll(bytes.length)] = 0xff
  const below = path === '/tns' ? '' : `/accounts/${idOf(OWNER)}`
  const headers = {
    authorization: `Basic ${Buffer.from('user-1:password-1').toString('base64')}`,
    'content-type': oneOf(roll, ['application/xml', 'text/xml; charset=utf-8', 'text/plain', '']),
  }
  return w.send(new Request(`${w.base('bandwidth')}/api${below}${path}`, { method, headers, body: bytes }))
}

it(`${COUNT} documents with a slip or three: none is a failure of ours, a refused one changes nothing`, async () => {
  const roll = dice(22)
  const { id } = await client.order(type('SiteId', site.id) + existing(N144))
  const documents = REASONABLE(type('SiteId', site.id), `/sites/${site.id}/sippeers/${site.peer}`, id)
  const seen = new Map<number, number>()
  let before = await digest(w.store)
  const { rss } = process.memoryUsage()
  let dearest = 0
  for (let index = 0; index < COUNT; index++) {
    const sample = oneOf(roll, documents)
    let [, text] = sample
    for (let slips = 1 + roll(3); slips > 0; slips--) text = oneOf(roll, SLIPS)(text, roll)
    const used = process.cpuUsage()
    const answer = await send(sample, text, roll)
    const { user, system } = process.cpuUsage(used)
    dearest = Math.max(dearest, (user + system) / 1000)
    const body = await answer.text()
    expect(answer.status, text.slice(0, 500)).toBeLessThan(500)
    if (body !== '') assertBandwidth(body)
    seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1)
    const after = await digest(w.store)
    if (answer.status >= 400) expect(after, text.slice(0, 500)).toBe(before)
    before = after
  }
  expect(seen.get(400) ?? 0).toBeGreaterThan(COUNT / 3)
  expect(dearest).toBeLessThan(MOST_WORK_MS)
  expect((await w.core.invariants()).violations).toEqual([])
  const growth = process.memoryUsage().rss - rss
  expect(growth).toBeLessThan(MOST_BYTES)
  if (process.env.FUZZ_DOCUMENTS) {
    const megabytes = (growth / 2 ** 20).toFixed(0)
    process.stderr.write(
      `${JSON.stringify([...seen])}, dearest ${dearest.toFixed(1)} ms of work, grown by ${megabytes} MiB\n`,
    )
  }
}, 600_000)
