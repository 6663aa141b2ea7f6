/** Replays the kept exchanges of the onsip dialect. `UPDATE_FIXTURES=1` writes their answers anew, to be reviewed. */
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { onsip } from '../../../adapters/onsip/index.ts'
import { type Exchange, fromResponse, keepAnswer, readExchanges, toRequest } from '../../support/exchange.ts'
import { BASE, dids, type OnsipBench, useBench, type Who } from '../../support/onsip-bench.ts'

const exchanges = readExchanges(fileURLToPath(new URL('../../../fixtures/onsip', import.meta.url)))
const HEADERS = ['content-type', 'allow', 'www-authenticate']
const HERE = { OrganizationId: 31, Domain: 'example.onsip.com' }
const ALIAS = { OrganizationId: 31, AliasUsername: '7001', AddressUsername: 'ann', Visibility: 'PUBLIC' }
const GROUP = {
  ...{ ...HERE, Username: 'sales', Ordering: 'parallel', Timeout: 30 },
  ...{ 'MemberAddresses[ann@example.onsip.com]': 1, 'MemberAddresses[bob@example.onsip.com]': 2 },
}
const EXTERNAL = { ...HERE, Username: 'desk', ForeignAddress: 'desk@pbx.example.net', Name: 'Desk' }
const MAILBOX = { ...HERE, Username: 'vm7011', Mailbox: '7011', Fullname: 'Bob Example' }
const PHONE = { OrganizationId: 31, Username: '12125550100', Domain: 'example.onsip.com', Name: 'Mobile' }

/** What an exchange may ask to be there; the value stands for its placeholder. */
const GIVEN: Record<string, (bench: OnsipBench) => Promise<string>> = {
  did: bench => bench.buy(),
  telephone: async bench => (await bench.as('ann', 'TelephoneNumberAddressAdd', PHONE)).text,
  alias: async bench => (await bench.as('ann', 'UserAliasAdd', ALIAS)).text,
  group: async bench => (await bench.as('ann', 'GroupAddressAdd', GROUP)).text,
  external: async bench => (await bench.as('ann', 'ExternalAddressAdd', EXTERNAL)).text,
  mailbox: async bench => {
    const { text } = await bench.as('ann', 'VoicemailboxAdd', MAILBOX)
    return /<VoicemailboxId>(\d+)</.exec(text)?.[1] ?? ''
  },
  async calls(bench) {
    await bench.buy()
    const [number] = dids(await bench.as('ann', 'DidBrowse', {}))
    const at = bench.world.core.clock.now() + 600_000
    const told = { e164: `+${number?.Number}`, endedAt: at, durationSeconds: 90, other: '+12025550143' } as const
    await bench.world.core.calls.recordAll([
      { ...told, direction: 'inbound', answered: true, ringSeconds: 10, price: 12_500 },
      { ...told, direction: 'outbound', answered: false, endedAt: at + 60_000, disposition: 'busy' },
    ])
    return ''
  },
  async failures({ client }) {
    for (let count = 0; count < 6; count++) {
      await client.call('SessionCreate', { Username: 'example_ann', Password: `wrong${count}` })
    }
    return ''
  },
}

async function valuesOf(bench: OnsipBench, exchange: Exchange): Promise<Map<string, string>> {
  const values = new Map<string, string>()
  for (const [, name = ''] of exchange.request.matchAll(/\{\{(ann|bob|gil|op)\}\}/g)) {
    values.set(name, await bench.session(name as Who))
  }
  if (exchange.request.includes('{{foreign}}')) {
    values.set('foreign', String(dids(await bench.as('gil', 'DidBrowse'))[0]?.DidId))
  }
  for (const name of exchange.given) values.set(name, await (GIVEN[name] as (typeof GIVEN)[string])(bench))
  return values
}

/** What differs from run to run: the time a request took, keys of the database, drawn tokens. */
function masked(text: string, values: ReadonlyMap<string, string>): string {
  const own = [...values].filter(([, value]) => /^[a-z0-9]{26}$/.test(value))
  const shown = own.reduce((result, [name, value]) => result.replaceAll(value, `{{${name}}}`), text)
  const ids = new Map([...values].map(([name, value]) => [value, name]))
  return shown
    .replace(/(<Duration>|"Duration": ")\d+/g, '$1{{Duration}}')
    .replace(/(<SessionId>|"SessionId": ")[a-z0-9]{26}/g, '$1{{SessionId}}')
    .replace(/(<AddressId>|"AddressId": ")\d+/g, '$1{{AddressId}}')
    .replace(/(<(CdrId|VoicemailboxId)>)\d+/g, '$1{{$2}}')
    .replace(/(<Name>VoicemailboxId<\/Name>\s*<Value>)\d+/g, '$1{{mailbox}}')
    .replace(/(<NewPassword>)[^<]+/g, '$1{{NewPassword}}')
    .replace(/(<Password>)[A-Za-z2-9]{12}</g, '$1{{SipPassword}}<')
    .replace(/(<User>\s*<UserId>)(?!(?:501|502|601|602|701)<)\d+/g, '$1{{UserId}}')
    .replace(/(<DidId>|"DidId": ")(\d+)/g, (_, tag, id) => `${tag}{{${ids.get(id) ?? 'DidId'}}}`)
    .replace(/(<Name>DidId<\/Name>\s*<Value>|"Name": "DidId",\s*"Value": ")(\d+)/g, (all, tag, id) =>
      ids.has(id) ? `${tag}{{${ids.get(id)}}}` : all,
    )
}

describe('onsip exchanges', () => {
  // the vectors run on both engines; what is checked here is form
  const open = useBench('sqlite')
  let bench: OnsipBench | undefined

  it.each(exchanges.map(each => [`${each.operation}.${each.case}`, each] as const))('%s', async (_, exchange) => {
    bench ??= await open()
    const values = await valuesOf(bench, exchange)
    const answer = await bench.client.send(toRequest(exchange, BASE, values))
    if (exchange.changes || exchange.given.length > 0) bench = undefined
    const response = new Response(answer.text, { status: answer.status, headers: answer.headers })
    const text = masked(await fromResponse(response, HEADERS), values)
    if (process.env.UPDATE_FIXTURES) keepAnswer(exchange, text)
    else expect(text).toBe(exchange.answer)
  })
})

describe('onsip exchange files', () => {
  const { operations } = onsip.create({ core: { clock: { now: () => 0 } } as never, mode: 'double' })
  const actions = operations.flatMap(each => [each.on].flat().map(name => [name, each] as const))
  const kept = (name: string) => exchanges.filter(each => each.operation === name)

  it('are kept for every action and status', () => {
    const missing = actions.flatMap(([name, { answers }]) => {
      const statuses = Object.keys(answers as object)
      const have = kept(name).map(each => each.answer.slice('HTTP/1.1 '.length, 12))
      return statuses.filter(status => !have.includes(status)).map(status => `${name} ${status}`)
    })
    expect(missing).toEqual([])
  })

  it('are kept for every action that completes, has no session, and is denied', () => {
    const outcomes = (caller: string) => (caller === 'required' ? ['ok', 'no-session', 'denied'] : ['ok'])
    const missing = actions.flatMap(([name, { caller }]) => {
      const have = new Set(kept(name).map(each => each.case))
      return outcomes(caller)
        .filter(outcome => !have.has(outcome))
        .map(outcome => `${name}.${outcome}`)
    })
    // who holds a session may end it
    expect(missing).toEqual(['SessionDestroy.denied'])
  })
})
