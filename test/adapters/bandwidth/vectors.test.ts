import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { childOf, listOf, textOf } from '../../../adapters/kit/xml-read.ts'
import type { World } from '../../../src/worlds/world-file.ts'
import { createReceivers } from '../../support/callbacks.ts'
import { engines } from '../../support/engines.ts'
import { openWorlds, type TestWorld } from '../../support/world.ts'
import {
  ADDRESS,
  area,
  bandwidthClient,
  bandwidthWorld,
  carolina,
  codes,
  completed,
  existing,
  idOf,
  N142,
  N143,
  N144,
  NOW,
  OTHER,
  OWNER,
  status,
  tns,
  type,
} from './client.ts'
import { assertBandwidth } from './grammar.ts'

// Every numbered test vector of the dialect's facts, section 11.

const NONE = Object.assign(() => {}, { each: () => () => {} }) as unknown as typeof it
const HOURS_4 = 14_400_000
const DAY = 86_400_000
/** An account below the owner's. */
const BRANCH = 3

describe.each(engines())('bandwidth vectors on %s', engine => {
  // what is told and how is the same on every engine: there the core is asked, which takes, holds and gives back
  const plain = engine === 'sqlite' ? it : NONE
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let world: TestWorld
  let client: ReturnType<typeof bandwidthClient>
  let site: { id: string; peer: string }
  let SITE: string
  const open = async (content: World = bandwidthWorld()) => {
    world = await worlds.open(content)
    client = bandwidthClient(world)
    site = await client.site()
    SITE = type('SiteId', site.id)
  }
  beforeAll(async () => {
    worlds = await openWorlds(engine, { now: NOW })
  })
  beforeEach(() => open())
  const receivers = createReceivers()
  afterAll(() => Promise.all([worlds.drop(), receivers.close()]))

  const later = (ms: number) => world.setClock(world.core.clock.now() + ms)
  const bring = async (...numbers: string[]) => {
    const rows = numbers.map((tn, index) => ({
      line: index + 1,
      row: Object.fromEntries(Object.entries(carolina(tn)).map(([key, value]) => [key, String(value)])),
    }))
    async function* lines() {
      yield* rows
    }
    const report = await world.core.imports.run(lines(), { owned: false, keepGood: false })
    expect(report.imported).toBe(numbers.length)
  }

  plain('1: without credentials, and with wrong ones, 401', async () => {
    for (const as of ['nobody', 'stranger'] as const) {
      const answer = await client.get('/availableNumbers?areaCode=919', { as })
      expect([answer.status, answer.text]).toEqual([401, ''])
    }
    expect((await client.get('/availableNumbers?areaCode=919', { account: OTHER })).status).toBe(403)
  })

  plain('1: every operation asks who it is, whose account, and what the key may', async () => {
    const narrow = (name: string, scope: string) => ({
      ...{ realm: 'bandwidth', kind: 'key_pair' as const, public_id: name, secret: 'narrow', scopes: [scope] },
    })
    const world2 = bandwidthWorld()
    const accounts = world2.accounts?.map(each => ({
      ...each,
      ...(each.id === OWNER && {
        credentials: [...(each.credentials ?? []), narrow('n', 'numbers:read'), narrow('a', 'account:read')],
      }),
    }))
    await open({ ...world2, ...(accounts && { accounts }) })
    const { operations } = world.gateway.dialects.find(({ name }) => name === 'bandwidth') ?? { operations: [] }
    const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` })
    const ask = async (on: string, account: number, headers: Record<string, string> = {}) => {
      const [method = '', path = ''] = on.split(' ')
      const url = world.base('bandwidth') + path.replace(':account', idOf(account)).replace(/:[a-z]+/g, '1')
      const body = method === 'POST' || method === 'PUT' ? '<x/>' : null
      const answer = await world.send(new Request(url, { method, headers, body }))
      return [answer.status, await answer.text()]
    }
    const all = operations.map(({ on }) => String(on)).filter(on => !on.endsWith('/token'))
    expect(all.length).toBeGreaterThan(60)
    for (const on of all) {
      expect([on, ...(await ask(on, OWNER))]).toEqual([on, 401, ''])
      if (on.includes(':account')) {
        expect([on, ...(await ask(on, OTHER, basic('user-1:password-1')))]).toEqual([on, 403, ''])
      }
      const [first, second] = [await ask(on, OWNER, basic('n:narrow')), await ask(on, OWNER, basic('a:narrow'))]
      expect([on, [first, second].some(([status, text]) => status === 403 && text === '')]).toEqual([on, true])
    }
    const token = await ask('POST /api/oauth2/token', OWNER)
    expect(token[0]).toBe(401)
  })

  plain('2: a search by area code', async () => {
    const { root } = await client.get('/availableNumbers?areaCode=919&quantity=2')
    expect(textOf(root, 'resultcount')).toBe('2')
    expect(listOf(root, 'telephonenumberlist', 'telephonenumber')).toEqual([N142, N143])
  })

  plain('3: with details', async () => {
    const { text } = await client.get('/availableNumbers?areaCode=919&quantity=2&enableTNDetail=true')
    expect(text).toContain(
      `<TelephoneNumberDetailList><TelephoneNumberDetail><City>RALEIGH</City><LATA>426</LATA><RateCenter>RALEIGH</RateCenter><State>NC</State><FullNumber>${N142}</FullNumber><Tier>0</Tier>`,
    )
    expect(text).toContain('<VendorName>')
  })

  plain('4: nothing found, nothing asked, nonsense asked', async () => {
    const nothing = await client.get('/availableNumbers?areaCode=307')
    expect([nothing.status, nothing.text]).toEqual([200, expect.stringMatching(/\?><SearchResult\/>$/)])
    expect(codes(await client.get('/availableNumbers'))).toEqual(['4010'])
    const wrong = await client.get('/availableNumbers?areaCode=1')
    expect([wrong.status, codes(wrong)]).toEqual([400, ['4000']])
  })

  plain('5: by city, by zip code, toll-free by pattern', async () => {
    expect(await client.search('state=NC&city=RALEIGH')).toHaveLength(3)
    expect(await client.search('zip=27606')).toHaveLength(3)
    expect(await client.search('tollFreeWildCardPattern=8**')).toEqual(['8335550111'])
    expect(await client.search('rateCenter=RALEIGH&state=NC&LCA=true')).toHaveLength(3)
    expect(await client.search('lata=426&npaNxx=919555')).toHaveLength(3)
    expect(await client.search('localVanity=0144&endsIn=true')).toEqual([N144])
  })

  plain('6: an order by area code', async () => {
    const { id, created, root, text } = await client.order(SITE + area(1))
    expect(created.headers.get('location')).toBe(`${world.base('bandwidth')}/api/accounts/${idOf(OWNER)}/orders/${id}`)
    expect(status(created)).toBe('RECEIVED')
    expect([status({ root }), textOf(root, 'completedquantity'), completed({ root })]).toEqual([
      'COMPLETE',
      '1',
      [N142],
    ])
    expect(text).not.toContain('ErrorList')
    expect(textOf(root, 'summary')).toBe('1 number ordered in (919)')
  })

  plain('7: an order shows what became of it a little later', async () => {
    await open(bandwidthWorld('100.00', 1_000))
    const { id, root } = await client.order(SITE + area(1))
    expect(['RECEIVED', 'PROCESSING']).toContain(status({ root }))
    expect(await client.search('areaCode=919')).toEqual([N143, N144])
    await later(1_000)
    expect(status(await client.get(`/orders/${id}`))).toBe('COMPLETE')
  })

  plain.each([
    ['one list', (own: string) => own + existing(N142, N143)],
    ['two lists', (own: string) => own + type('ExistingTelephoneNumberOrderType', tns(N142) + tns(N143))],
    ['lower case', (own: string) => (own + existing(N142, N143)).toLowerCase()],
    [
      "Python's order of elements",
      (own: string) => `<CustomerOrderId>1</CustomerOrderId>${existing(N142, N143)}<Name>n</Name>${own}`,
    ],
  ])('8: an order of named numbers, %s', async (_, inner) => {
    const { root } = await client.order(inner(SITE))
    expect([status({ root }), completed({ root })]).toEqual(['COMPLETE', [N142, N143]])
  })

  it('9: one of two is taken already', async () => {
    await client.order(SITE + existing(N142))
    const none = await client.order(`${SITE}<PartialAllowed>false</PartialAllowed>${existing(N142, N143)}`)
    expect([status(none), codes(none)]).toEqual(['FAILED', ['5005']])
    expect(await client.search('areaCode=919')).toContain(N143)
    const part = await client.order(SITE + existing(N142, N143))
    expect([status(part), completed(part), codes(part)]).toEqual(['PARTIAL', [N143], ['5005']])
    expect(part.text).toContain(`<TelephoneNumber>${N142}</TelephoneNumber></Error>`)
    expect(textOf(part.root, 'summary')).toBe('1 out of 2 numbers ordered in (919)')
  })

  plain('10: the only one is taken already', async () => {
    await client.order(SITE + existing(N142))
    const { created, ...read } = await client.order(SITE + existing(N142))
    expect([created.status, read.status, status(read), codes(read)]).toEqual([201, 200, 'FAILED', ['5005']])
  })

  plain('11: where the numbers are to live', async () => {
    const place = async (inner: string) => client.post('/orders', type('Order', inner + existing(N142)))
    const bare = await client.site({}, false)
    const refused = await Promise.all(
      ['', '<SiteId>9</SiteId>', `${SITE}<PeerId>9</PeerId>`, type('SiteId', bare.id)].map(place),
    )
    expect(refused.map(answer => [answer.status, ...codes(answer)])).toEqual([
      [400, '5022'],
      [400, '5016'],
      [400, '5023'],
      [400, '5020'],
    ])
    expect(await client.search('areaCode=919')).toContain(N142)
  })

  plain('12: what is wrong with an order', async () => {
    const place = async (inner: string) => codes(await client.post('/orders', type('Order', SITE + inner)))
    expect(await place(existing(N142, N142))).toEqual(['5093'])
    expect(await place(existing('919555014', N142))).toEqual(['5070'])
    expect(await place(existing('919555014'))).toEqual(['5008', '5070'])
    expect(await place(area(0))).toEqual(['5009'])
    expect(await place(area('many'))).toEqual(['5009'])
    expect(await place(`<CustomerOrderId>a_b</CustomerOrderId>${existing(N142)}`)).toEqual(['5052'])
  })

  plain('13: a bare list fails as the live API did, where the account wants it', async () => {
    await world.core.accounts.update(null, OWNER, { profile: { bareListsFail: true } })
    const body = type('Order', SITE + tns(N142))
    const answer = await client.post('/orders', body)
    expect([answer.status, answer.root?.name]).toEqual([500, 'orderresponse'])
    expect((await client.post('/orders', type('Order', SITE))).status).toBe(400)
    expect((await client.post('/orders', body, { as: OTHER })).status).toBe(400)
    expect((await client.get('/orders/totals')).text).toContain('<TotalCount>0<')
  })

  plain('13: what is no order', async () => {
    const send = async (body: string) => {
      const answer = await client.post('/orders', body)
      return [answer.status, ...codes(answer)]
    }
    expect(await send(type('Order', SITE + tns(N142)))).toEqual([400, '5001'])
    expect(await send(type('Order', SITE + existing(N142) + area(1)))).toEqual([400, '5002'])
    expect(await send('<Order><SiteId>')).toEqual([400, '5002'])
    expect(await send(`<!DOCTYPE Order [<!ENTITY a "b">]>${type('Order', SITE + existing(N142))}`)).toEqual([
      400,
      '5002',
    ])
    expect(await send(type('Site', ''))).toEqual([400, '5002'])
    expect(await send('')).toEqual([400, '5002'])
  })

  it('14: sixteen orders of one number at once', async () => {
    const second = await client.site({ as: OTHER })
    const orders = await Promise.all(
      Array.from({ length: 16 }, (_, index) =>
        index % 2 === 0
          ? client.order(SITE + existing(N144))
          : client.order(type('SiteId', second.id) + existing(N144), { as: OTHER }),
      ),
    )
    const words = orders.map(order => [status(order), ...codes(order)].join(' ')).sort()
    expect(words).toEqual(['COMPLETE', ...Array(15).fill('FAILED 5005')])
    const { items } = await world.core.ledger.transactions(
      { accountId: OWNER, kinds: ['purchase'] },
      { limit: 9, offset: 0 },
    )
    const other = await world.core.ledger.transactions(
      { accountId: OTHER, kinds: ['purchase'] },
      { limit: 9, offset: 0 },
    )
    expect(items.length + other.items.length).toBe(1)
  })

  it('15: more than there are, waited for', async () => {
    const back = `${SITE}<BackOrderRequested>true</BackOrderRequested>${area(5)}`
    const { id, ...first } = await client.order(back)
    expect([status(first), completed(first)]).toEqual(['BACKORDERED', [N142, N143, N144]])
    const history = await client.get(`/orders/${id}/history`)
    expect(history.root?.children.map(entry => textOf(entry, 'status'))).toEqual(['RECEIVED', 'BACKORDERED'])
    await bring('9195550145')
    expect(status(await client.get(`/orders/${id}`))).toBe('BACKORDERED')
    await bring('9195550146', '9195550147')
    const filled = await client.get(`/orders/${id}`)
    expect([status(filled), completed(filled).length]).toEqual(['COMPLETE', 5])

    const second = await client.order(back)
    expect([status(second), completed(second)]).toEqual(['BACKORDERED', ['9195550147']])
    const closed = await client.ask('PUT', `/orders/${second.id}`, {
      body: '<Order><CloseOrder>true</CloseOrder></Order>',
    })
    expect(closed.status).toBe(200)
    expect(status(await client.get(`/orders/${second.id}`))).toBe('PARTIAL')
    expect((await world.core.invariants()).violations).toEqual([])
  })

  plain('16: an order that does not wait cannot be closed', async () => {
    const { id } = await client.order(SITE + area(1))
    const body = '<Order><CloseOrder>true</CloseOrder></Order>'
    const answer = await client.ask('PUT', `/orders/${id}`, { body })
    expect([answer.status, codes(answer)]).toEqual([400, ['5060']])
    await client.ask('PUT', `/orders/${id}`, { body: '<Order><Name>Other</Name></Order>' })
    expect((await client.get(`/orders/${id}`)).text).toContain('<Name>Other</Name>')
  })

  const reserve = (tn: string, as = OWNER) =>
    client.post('/tnreservation', `<Reservation><ReservedTn>${tn}</ReservedTn></Reservation>`, { as })

  plain('17: a number is reserved', async () => {
    const made = await reserve(N142)
    expect([made.status, made.text]).toEqual([201, ''])
    const { root } = await client.get(`/tnreservation/${client.made(made)}`)
    const kept = childOf(root, 'reservation')
    expect([textOf(kept, 'reservationexpires'), textOf(kept, 'reservedtn')]).toEqual(['14400', N142])
    expect(textOf((await client.get(`/tns/${N142}`)).root, 'status')).toBe('Reserved')
  })

  it('18: and out of sight of everybody else', async () => {
    await reserve(N142)
    const answer = await reserve(N142, OTHER)
    expect([answer.status, codes(answer)]).toEqual([400, ['5041']])
    expect(await client.search('areaCode=919', { as: OTHER })).toEqual([N143, N144])
    expect(await client.search('areaCode=919')).toEqual([N143, N144])
    expect(codes(await client.post('/tnreservation', '<Reservation/>'))).toEqual(['5044'])
  })

  it('19: its holder alone can order it, by number and by reservation', async () => {
    const [first, second] = [client.made(await reserve(N142)), client.made(await reserve(N143))]
    const other = await client.site({ as: OTHER })
    const foreign = await client.order(type('SiteId', other.id) + existing(N142), { as: OTHER })
    expect([status(foreign), codes(foreign)]).toEqual(['FAILED', ['5005']])
    expect(status(await client.order(SITE + existing(N142)))).toBe('COMPLETE')
    const list = type('ReservationIdList', type('ReservationId', second))
    const byId = await client.order(SITE + type('ExistingTelephoneNumberOrderType', list))
    expect([status(byId), completed(byId)]).toEqual(['COMPLETE', [N143]])
    expect((await client.get(`/tnreservation/${first}`)).status).toBe(404)
  })

  it('20: after four hours it is over', async () => {
    const id = client.made(await reserve(N142))
    await later(HOURS_4)
    const answer = await client.get(`/tnreservation/${id}`)
    expect([answer.status, codes(answer)]).toEqual([404, ['5043']])
    expect(await client.search('areaCode=919')).toContain(N142)
  })

  plain('21: it is given up once', async () => {
    const path = `/tnreservation/${client.made(await reserve(N142))}`
    const first = await client.ask('DELETE', path)
    expect([first.status, textOf(childOf(first.root, 'reservation'), 'reservedtn')]).toEqual([200, N142])
    expect((await client.ask('DELETE', path)).status).toBe(404)
    expect(await client.search('areaCode=919')).toContain(N142)
  })

  it("22: numbers are disconnected, where they are one's own", async () => {
    await client.order(SITE + existing(N142, N143))
    const own = await client.disconnect([N142])
    expect([own.created.status, status(own.created), status(own)]).toEqual([201, 'RECEIVED', 'COMPLETE'])
    const foreign = await client.disconnect([N144])
    expect([status(foreign), codes(foreign)]).toEqual(['FAILED', ['5006']])
    const mixed = await client.disconnect([N143, N144])
    expect([status(mixed), codes(mixed)]).toEqual(['PARTIAL', ['5006']])
    expect(mixed.text).toContain(
      `<DisconnectedTelephoneNumberList><TelephoneNumber>${N143}</TelephoneNumber></DisconnectedTelephoneNumberList>`,
    )
  })

  plain('23: a disconnect with a bare list', async () => {
    const answer = await client.post('/disconnects', type('DisconnectTelephoneNumberOrder', tns(N142)))
    expect([answer.status, codes(answer)]).toEqual([400, ['5001']])
    expect((await client.get('/disconnects')).status).toBe(404)
  })

  plain('23: a list of disconnects without any is empty, where the account wants it', async () => {
    await world.core.accounts.update(null, OWNER, { profile: { emptyDisconnectsAreListed: true } })
    const { status: code, text } = await client.get('/disconnects?page=1&size=5')
    expect([code, text]).toEqual([200, expect.stringContaining('<TotalCount>0</TotalCount>')])
  })

  it('24: what was given back rests, and only its last owner can have it before', async () => {
    const other = await client.site({ as: OTHER })
    const foreign = () => client.order(type('SiteId', other.id) + existing(N142), { as: OTHER })
    await client.order(SITE + existing(N142))
    await client.disconnect([N142])
    expect(textOf((await client.get('/discnumbers?page=1&size=5')).root, 'totalcount')).toBe('1')
    expect(textOf((await client.get(`/tns/${N142}`)).root, 'status')).toBe('Aging')
    const early = await foreign()
    expect([status(early), codes(early)]).toEqual(['FAILED', ['5005']])
    expect(status(await client.order(SITE + existing(N142)))).toBe('COMPLETE')
    await client.disconnect([N142])
    await later(30 * DAY)
    expect(status(await foreign())).toBe('COMPLETE')
  })

  it('25: orders are walked page by page', async () => {
    const ids: string[] = []
    for (const tn of [N142, N143, N144]) ids.unshift((await client.order(SITE + existing(tn))).id)
    const seen: string[] = []
    for (let page = '1'; page !== ''; ) {
      const { root } = await client.get(`/orders?page=${page}&size=1`)
      const list = childOf(root, 'listorderiduseriddate')
      expect(textOf(list, 'totalcount')).toBe('3')
      seen.push(textOf(childOf(list, 'orderiduseriddate'), 'orderid') as string)
      page = /page=([^&]+)&/.exec(textOf(childOf(list, 'links'), 'next') ?? '')?.[1] ?? ''
    }
    expect(seen).toEqual(ids)
    expect((await client.get('/orders/totals')).text).toContain('<TotalCount>3</TotalCount>')
  })

  it('25: by the days on which they were made, and numbers by those on which they came', async () => {
    await client.order(SITE + existing(N142))
    await later(DAY)
    await client.order(SITE + existing(N143))
    const count = async (path: string) => /<(?:TotalCount|Count)>(\d+)</.exec((await client.get(path)).text)?.[1]
    const days: [string, string, string][] = [
      ['26-06-01', '26-06-01', '1'],
      ['26-06-02', '26-06-02', '1'],
      ['2026-06-01', '2026-06-02', '2'],
      ['2026-06-01T00:00:00.000Z', '2026-06-01T23:59:59.999Z', '1'],
    ]
    for (const [from, until, expected] of days) {
      const period = `startdate=${from}&enddate=${until}`
      expect(await count(`/orders?page=1&size=5&${period}`)).toBe(expected)
      expect(await count(`/orders/totals?${period}`)).toBe(expected)
      expect(await count(`/inserviceNumbers/totals?${period}`)).toBe(expected)
      expect(await count(`/inserviceNumbers?${period}`)).toBe(expected)
    }
    expect((await client.get('/inserviceNumbers?startdate=26-06-03&enddate=26-06-04')).status).toBe(204)
    for (const wrong of ['startdate=26-06-01', 'startdate=26-02-30&enddate=26-06-01', 'startdate=1&enddate=2']) {
      expect((await client.get(`/orders?page=1&size=5&${wrong}`)).status).toBe(400)
      expect((await client.get(`/inserviceNumbers?${wrong}`)).status).toBe(400)
    }
  })

  plain('26: and never without a page', async () => {
    expect((await client.get('/orders')).status).toBe(400)
    expect((await client.get('/orders?page=1')).status).toBe(400)
  })

  it('27: numbers in service', async () => {
    expect((await client.get('/inserviceNumbers?page=1&size=5')).status).toBe(204)
    await client.order(SITE + existing(N142, N143))
    const { root, text } = await client.get('/inserviceNumbers?page=1&size=1')
    expect(textOf(root, 'totalcount')).toBe('2')
    expect(text).toContain(`page=${N143}&amp;size=1`)
    const next = await client.get(`/inserviceNumbers?page=${N143}&size=1`)
    expect(listOf(next.root, 'telephonenumbers', 'telephonenumber')).toEqual([N143])
    const [own, none] = [await client.get(`/inserviceNumbers/${N142}`), await client.get(`/inserviceNumbers/${N144}`)]
    expect([own.status, own.text, none.status]).toEqual([200, '', 404])
  })

  plain('28: sites', async () => {
    const bare = await client.post('/sites', '<Site><Name>Raleigh</Name></Site>')
    expect([bare.status, codes(bare)]).toEqual([400, ['1003']])
    const made = await client.post('/sites', `<Site>${ADDRESS}<name>Raleigh</name></Site>`)
    expect([made.status, made.text]).toEqual([201, ''])
    const read = await client.get(`/sites/${client.made(made)}`)
    expect(read.text).toContain('<Name>Raleigh</Name><Address><HouseNumber>900</HouseNumber>')
    await client.order(SITE + existing(N142))
    expect((await client.ask('DELETE', `/sites/${site.id}`)).status).toBe(400)
    expect((await client.ask('DELETE', `/sites/${client.made(made)}`)).status).toBe(200)
    expect(codes(await client.get('/sites/999'))).toEqual(['12016'])
    expect((await client.get(`/sites/${site.id}/totaltns`)).text).toContain('<TotalCount>1</TotalCount>')
  })

  it('29: numbers are moved', async () => {
    await client.order(SITE + existing(N142))
    const peer = client.made(
      await client.post(`/sites/${site.id}/sippeers`, '<SipPeer><PeerName>2</PeerName></SipPeer>'),
    )
    const send = async (tn: string, more: string) => {
      const numbers = type('TelephoneNumbers', type('TelephoneNumber', tn))
      return client.post('/moveTns', type('MoveTnsOrder', more + numbers))
    }
    const read = async (answer: { headers: Headers }) => client.get(`/moveTns/${client.made(answer as never)}`)
    const moved = await send(N142, `${SITE}<SipPeerId>${peer}</SipPeerId>`)
    expect(moved.status).toBe(201)
    expect(textOf((await read(moved)).root, 'processingstatus')).toBe('COMPLETE')
    expect((await client.get(`/sites/${site.id}/sippeers/${peer}/tns`)).text).toContain(N142)
    const unknown = await read(await send(N143, SITE))
    expect([textOf(unknown.root, 'processingstatus'), codes(unknown)]).toEqual(['FAILED', ['7518']])
    expect(codes(await send(N142, '<SiteId>9</SiteId>'))).toEqual(['7309'])
    expect((await send(N142, `${SITE}<SourceAccountId>${idOf(OTHER)}</SourceAccountId>`)).status).toBe(403)
  })

  it('29: numbers come from an account below, with what was paid for them', async () => {
    const start = bandwidthWorld()
    const key = { realm: 'bandwidth', kind: 'key_pair' as const, public_id: 'user-3', secret: 'password-3' }
    const own = { profile: { orderSettleMs: 0 }, credentials: [key] }
    const branch = { id: BRANCH, name: 'Branch', currency: 'USD', parent: OWNER, ...own }
    await open({ ...start, accounts: [...(start.accounts ?? []), branch] })
    const there = await client.site({ as: BRANCH })
    const bought = await client.order(type('SiteId', there.id) + existing(N142, N143), { as: BRANCH })
    expect(status(bought)).toBe('COMPLETE')
    const paid = await world.core.ledger.balance(OWNER, 'USD')
    const numbers = (...list: string[]) =>
      type('TelephoneNumbers', list.map(tn => type('TelephoneNumber', tn)).join(''))
    const move = (source: number, to: string, options: { as?: number }, ...list: string[]) =>
      client.post(
        '/moveTns',
        type('MoveTnsOrder', type('SourceAccountId', idOf(source)) + to + numbers(...list)),
        options,
      )
    const moved = await client.get(`/moveTns/${client.made(await move(BRANCH, SITE, {}, N142, N144))}`)
    expect([textOf(moved.root, 'processingstatus'), textOf(moved.root, 'sourceaccountid'), codes(moved)]).toEqual([
      'PARTIAL',
      idOf(BRANCH),
      ['7518'],
    ])
    expect((await client.get(`/tns/${N142}`)).text).toContain(`<SiteId>${site.id}</SiteId>`)
    expect((await client.get(`/tns/${N142}`, { as: BRANCH })).status).toBe(403)
    expect((await client.get(`/tns/${N143}`, { as: BRANCH })).text).toContain('<Status>Inservice</Status>')
    expect(await world.core.ledger.balance(OWNER, 'USD')).toEqual(paid)
    await world.core.accounts.update(null, BRANCH, { isActive: false })
    const locked = await client.post('/orders', type('Order', SITE + existing(N144)), { account: BRANCH })
    expect([locked.status, codes(locked)]).toEqual([400, ['5012']])
    expect((await client.get('/inserviceNumbers/totals', { account: BRANCH })).text).toContain('<Count>1<')
    await world.core.accounts.update(null, BRANCH, { isActive: true })
    // nobody reaches upwards, or across
    expect((await move(OWNER, type('SiteId', there.id), { as: BRANCH }, N142)).status).toBe(403)
    expect((await move(OTHER, SITE, {}, N143)).status).toBe(403)
    expect((await client.get('/moveTns')).text).toContain(`<SourceAccountId>${idOf(BRANCH)}</SourceAccountId>`)
    expect((await world.core.invariants()).violations).toEqual([])
  })

  it('29: numbers are moved to a peer, all or none', async () => {
    await client.order(SITE + existing(N142, N143))
    const here = `/sites/${site.id}/sippeers`
    const peer = client.made(await client.post(here, '<SipPeer><PeerName>2</PeerName></SipPeer>'))
    const send = async (...list: string[]) =>
      client.post(
        `${here}/${peer}/movetns`,
        type('SipPeerTelephoneNumbers', list.map(tn => type('FullNumber', tn)).join('')),
      )
    const refused = await send(N142, N144)
    expect([refused.status, codes(refused)]).toEqual([400, ['7518']])
    expect((await client.get(`${here}/${peer}/totaltns`)).text).toContain('Count>0<')
    expect((await send(N142, N143)).status).toBe(200)
    expect((await client.get(`${here}/${peer}/totaltns`)).text).toContain('Count>2<')
  })

  plain('30: a subscriber is told of orders', async () => {
    const told: { authorization: string | undefined; body: string }[] = []
    const url = await receivers.http((request, response) => {
      let body = ''
      request.on('data', chunk => {
        body += chunk
      })
      request.on('end', () => {
        told.push({ authorization: request.headers.authorization, body })
        response.end()
      })
    })
    const credentials = '<BasicAuthentication><Username>u</Username><Password>p</Password></BasicAuthentication>'
    const inner = `<URL>"${url}"</URL><Expiry>3600</Expiry>${type('CallbackCredentials', credentials)}`
    const body = type('Subscription', `<OrderType>orders</OrderType>${type('CallbackSubscription', inner)}`)
    const made = await client.post('/subscriptions', body)
    expect([made.status, made.text]).toEqual([201, ''])
    const shown = await client.get(`/subscriptions/${client.made(made)}`)
    expect(shown.text).toContain('<Username>u</Username>')
    expect(shown.text).not.toContain('Password')
    const { id } = await client.order(SITE + existing(N142))
    await world.sender.tick()
    expect(told).toHaveLength(1)
    expect(told[0]?.authorization).toBe(`Basic ${Buffer.from('u:p').toString('base64')}`)
    assertBandwidth(told[0]?.body ?? '')
    expect(told[0]?.body).toContain(`<OrderId>${id}</OrderId>`)
    expect(told[0]?.body).toContain(`<TelephoneNumber>${N142}</TelephoneNumber>`)
    const bad = '<CallbackSubscription><URL>nowhere</URL></CallbackSubscription>'
    expect(
      (await client.post('/subscriptions', `<Subscription><OrderType>orders</OrderType>${bad}</Subscription>`)).status,
    ).toBe(404)
  })

  plain('31: what the programs ask of orders, numbers, sites and peers', async () => {
    const { id } = await client.order(SITE + existing(N142, N143))
    const text = async (path: string) => (await client.get(path)).text
    expect(await text(`/orders/${id}/tns`)).toContain(`<Count>2</Count><TelephoneNumber>${N142}</TelephoneNumber>`)
    expect(await text(`/orders/${id}/areaCodes`)).toContain('<AreaCode>919</AreaCode><Count>2</Count>')
    expect(await text(`/orders/${id}/npaNxx`)).toContain('<NPA-NXX>919555</NPA-NXX><Count>2</Count>')
    expect(await text(`/orders/${id}/totals`)).toContain('<Count>2</Count>')
    expect(await text(`/orders/${id}?tndetail=true`)).toContain('<State>NC</State>')
    const { created } = await client.disconnect([N143])
    for (const place of [`/orders/${id}`, `/disconnects/${client.made(created)}`]) {
      expect((await client.get(`${place}/notes`)).status).toBe(204)
      expect(codes(await client.post(`${place}/notes`, '<Note><Description>x</Description></Note>'))).toEqual(['12501'])
      const note = '<Note><UserId>ann</UserId><Description>For the &lt;lobby&gt;</Description></Note>'
      const { headers } = await client.post(`${place}/notes`, note)
      const kept = `<Id>${client.made({ headers } as never)}</Id><UserId>ann</UserId><Description>For the &lt;lobby&gt;`
      expect(await text(`${place}/notes`)).toContain(kept)
      expect(await text(`${place}/history`)).toContain('<Status>COMPLETE</Status>')
    }
    expect(await text('/disconnects?page=1&size=9')).toContain('<OrderType>disconnect</OrderType><OrderId>')
    expect(await text('/discnumbers/totals')).toContain('<Count>1</Count>')
    expect(await text('/inserviceNumbers/totals')).toContain('<Count>1</Count>')
    expect(await text('/availableNpaNxx?areaCode=919')).toContain('<Npa>919</Npa><Nxx>555</Nxx><Quantity>1</Quantity>')
    expect(await text('')).toContain(`<AccountId>${idOf(OWNER)}</AccountId>`)
  })

  plain('31: of one number and of places', async () => {
    await client.order(SITE + existing(N142))
    const text = async (path: string) => (await client.get(path)).text
    expect(await text('/tns?page=1&size=5')).toContain(`<FullNumber>${N142}</FullNumber>`)
    const looked = await client.post('/tns', `<TnList><Tn>${N142}</Tn><Tn>${'2'.repeat(10)}</Tn></TnList>`)
    expect(looked.text).toContain('<TelephoneNumberCount>1</TelephoneNumberCount>')
    expect(codes(looked)).toEqual(['4017'])
    expect(await text(`/tns/${N142}`)).toContain(`<SiteId>${site.id}</SiteId>`)
    expect(await text(`/tns/${N142}/tndetails`)).toContain(`<Site><Id>${site.id}</Id>`)
    expect(await text(`/tns/${N142}/sites`)).toContain(`<Site><Id>${site.id}</Id>`)
    expect(await text(`/tns/${N142}/sippeers`)).toContain(`<PeerId>${site.peer}</PeerId>`)
    expect(await text(`/tns/${N142}/ratecenter`)).toContain('<RateCenter>RALEIGH</RateCenter>')
    expect(await text(`/tns/${N142}/lata`)).toContain('<Lata>426</Lata>')
    expect(await text(`/tns/${N142}/lca`)).toContain('<RateCenter>RALEIGH</RateCenter>')
    expect(codes(await client.get('/tns/2222222222'))).toEqual(['4017'])
    expect((await client.get(`/tns/${N142}`, { as: OTHER })).status).toBe(403)
    expect(await text('/cities?state=NC&available=true')).toContain('<City><RcAbbreviation>RALEIGH</RcAbbreviation>')
    expect(await text('/rateCenters?state=NC&available=true')).toContain('<Abbreviation>RALEIGH</Abbreviation>')
    expect(await text('/coveredRateCenters?state=NC')).toContain('<CoveredRateCenter>')
  })

  plain('28: sites and peers are changed, listed and deleted', async () => {
    const here = `/sites/${site.id}`
    const put = (path: string, body: string) => client.ask('PUT', path, { body })
    expect((await put(here, `<Site><Name>Renamed</Name>${ADDRESS}</Site>`)).status).toBe(200)
    expect((await client.get('/sites')).text).toContain(`<Site><Id>${site.id}</Id><Name>Renamed</Name></Site>`)
    const hosts = '<VoiceHosts><Host><HostName>192.0.2.1</HostName></Host></VoiceHosts>'
    const second = client.made(
      await client.post(
        `${here}/sippeers`,
        `<SipPeer><PeerName>2</PeerName><IsDefaultPeer>true</IsDefaultPeer>${hosts}</SipPeer>`,
      ),
    )
    const peers = await client.get(`${here}/sippeers`)
    expect(childOf(peers.root, 'sippeers')?.children.map(peer => textOf(peer, 'isdefaultpeer'))).toEqual([
      'false',
      'true',
    ])
    expect((await put(`${here}/sippeers/${second}`, '<SipPeer><PeerName>Two</PeerName></SipPeer>')).status).toBe(200)
    expect((await client.get(`${here}/sippeers/${second}`)).text).toContain('<PeerName>Two</PeerName>')
    await client.order(SITE + existing(N142))
    const number = `${here}/sippeers/${second}/tns/${N142}`
    expect((await client.get(`${here}/sippeers/${second}/totaltns`)).text).toContain('Count>1<')
    const body = '<SipPeerTelephoneNumber><CallForward>9195550199</CallForward></SipPeerTelephoneNumber>'
    expect((await put(number, body)).text).toContain('<CallForward>9195550199</CallForward>')
    expect((await client.get(number)).text).toContain('<CallForward>9195550199</CallForward>')
    expect((await client.get(`${here}/inserviceNumbers?page=1&size=5`)).text).toContain(N142)
    expect((await client.ask('DELETE', `${here}/sippeers/${second}`)).status).toBe(400)
    expect((await client.ask('DELETE', `${here}/sippeers/${site.peer}`)).status).toBe(200)
    expect((await client.get(`${here}/sippeers/${site.peer}`)).status).toBe(404)
  })

  plain('30: subscriptions are changed, listed and ended', async () => {
    const email = '<EmailSubscription><Email>ann@example.com</Email></EmailSubscription>'
    const body = `<Subscription><OrderType>disconnects</OrderType>${email}</Subscription>`
    const path = `/subscriptions/${client.made(await client.post('/subscriptions', body))}`
    expect((await client.ask('PUT', path, { body: body.replace('ann@', 'bob@') })).status).toBe(200)
    expect((await client.get('/subscriptions')).text).toContain('<Email>bob@example.com</Email>')
    expect((await client.ask('DELETE', path)).status).toBe(200)
    expect((await client.get(path)).status).toBe(404)
  })

  it('29: moves are listed, with their history', async () => {
    await client.order(SITE + existing(N142))
    const numbers = type('TelephoneNumbers', type('TelephoneNumber', N142))
    const id = client.made(await client.post('/moveTns', type('MoveTnsOrder', SITE + numbers)))
    expect((await client.get(`/moveTns/${id}/history`)).text).toContain('<Status>COMPLETE</Status>')
    expect((await client.get('/moveTns?page=1&size=5')).text).toContain(`<OrderId>${id}</OrderId>`)
  })

  it('29: moves are listed by a number that they moved or could not, and by when they were made or changed', async () => {
    await client.order(SITE + existing(N142, N143))
    const move = async (...numbers: string[]) => {
      const list = type('TelephoneNumbers', numbers.map(tn => type('TelephoneNumber', tn)).join(''))
      return client.made(await client.post('/moveTns', type('MoveTnsOrder', SITE + list)))
    }
    const first = await move(N142)
    world.setClockOnly(world.core.clock.now() + DAY)
    const [both, none] = [await move(N142, N143), await move(N144)]
    const listed = async (query: string) => {
      const { root } = await client.get(`/moveTns?${query}`)
      const orders = root?.children.filter(({ name }) => name === 'movetnsordersummary') ?? []
      return [textOf(root, 'totalcount'), ...orders.map(order => textOf(order, 'orderid'))]
    }
    expect(await listed(`tn=${N142}`)).toEqual(['2', both, first])
    expect(await listed(`tn=${N142}&size=1`)).toEqual(['2', both])
    expect(await listed(`tn=%2B1${N143}`)).toEqual(['1', both])
    expect(await listed(`tn=${N144}`)).toEqual(['1', none])
    expect(await listed('tn=2125550142')).toEqual(['0'])
    expect(await listed(`tn=${N142}&createdDateTo=2026-06-01`)).toEqual(['1', first])
    expect(await listed('modifiedDateFrom=2026-06-02')).toEqual(['2', none, both])
    expect(await listed('modifiedDateTo=2026-06-01')).toEqual(['1', first])
    expect(codes(await client.get('/moveTns?tn=555'))).toEqual(['5070'])
  })

  plain('1: a token stands for user name and password', async () => {
    const url = `${world.base('bandwidth')}/api/v1/oauth2/token`
    const authorization = `Basic ${Buffer.from('user-1:password-1').toString('base64')}`
    const body = new URLSearchParams({ grant_type: 'client_credentials' })
    const answer = await world.send(new Request(url, { method: 'POST', headers: { authorization }, body }))
    const { access_token } = (await answer.json()) as { access_token: string }
    const search = `${world.base('bandwidth')}/api/accounts/${idOf(OWNER)}/availableNumbers?areaCode=919`
    const ask = (token: string) => world.send(new Request(search, { headers: { authorization: `Bearer ${token}` } }))
    expect([(await ask(access_token)).status, (await ask(`${access_token}x`)).status]).toEqual([200, 401])
  })

  plain('32: three beginnings of a path', async () => {
    const answers = await Promise.all(
      ['/api', '/api/v1', '/v1.0'].map(start => client.get('/availableNumbers?areaCode=919', { start })),
    )
    expect(new Set(answers.map(answer => answer.text)).size).toBe(1)
  })
})
