/** Calls read back by Vobiz: every filter, whose calls they are, and tables in pieces. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NewCall } from '../../../core/verbs.ts'
import type { World } from '../../../src/worlds/world-file.ts'
import { engines } from '../../support/engines.ts'
import { openWorlds, type TestWorld } from '../../support/world.ts'
import { A, ADMIN, B, N1, SUB, type VobizClient, vobizClient, vobizWorld } from './client.ts'

const START = Date.parse('2026-06-01T12:00:00Z')
const DISPOSITIONS = ['answered', 'no_answer', 'busy', 'failed'] as const
const guid = (n: number) => `aaaaaaaa-0000-4000-8000-${String(n).padStart(12, '0')}`

/** Three begin in the same second, so that pieces must part them. */
const call = (n: number): NewCall => ({
  ...{ e164: N1, key: guid(n), endedAt: START + Math.floor(n / 3) * 1000, durationSeconds: 20, ringSeconds: 4 },
  ...{ direction: n % 2 === 0 ? 'inbound' : 'outbound', answered: n % 4 === 0, price: 450_000 },
  disposition: DISPOSITIONS[n % 4] as 'answered',
  other: `+4420${String(n).padStart(7, '0')}`,
})

const COUNT = 1_203

/** One number is priced in dollars. */
const ABROAD = '+12125550199'
const { accounts = [], numbers = [] } = vobizWorld
const world: World = {
  ...vobizWorld,
  accounts: accounts.map(each => (each.id === 1 ? { ...each, balances: { INR: '1000', USD: '10' } } : each)),
  numbers: [
    ...(numbers as Extract<typeof numbers, readonly unknown[]>),
    {
      ...{ e164: ABROAD, country: 'US', type: 'local', region: 'NY', capabilities: 'voice' },
      ...{ currency: 'USD', setup_price: '1', monthly_price: '2' },
    },
  ],
}

describe.each(engines())('calls of vobiz on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  let c: VobizClient
  beforeAll(async () => {
    worlds = await openWorlds(engine)
    w = await worlds.open(world)
    c = vobizClient(w)
    expect((await c.buy(N1)).status).toBe(200)
    await w.setClock(START + 3_600_000)
    const all = Array.from({ length: COUNT }, (_, n) => call(n))
    for (const piece of [all.slice(0, 1000), all.slice(1000)]) await w.core.calls.recordAll(piece)
  })
  afterAll(() => worlds.drop())

  const cdr = (rest = '', as = A) => c.ask('GET', `/Account/${as}/cdr${rest}`, { as })
  const total = async (query: string) => (await cdr(`?per_page=1&${query}`)).body.pagination.total
  const uuids = (text: string) =>
    text
      .trimEnd()
      .split('\r\n')
      .slice(1)
      .map(line => line.slice(line.lastIndexOf(',') + 1))

  it.each([
    ['', COUNT],
    ['call_direction=inbound', 602],
    ['call_direction=OUTBOUND&hangup_cause=no_answer', 301],
    ['hangup_cause=USER_BUSY', 301],
    ['hangup_cause=CALL_REJECTED', 0],
    ['min_duration=20', COUNT],
    ['min_duration=21', 0],
    ['from_number=%2B4420000001', 5],
    ['from_number=+4420000001', 5],
    ['from_number=4420000001', 5],
    ['to_number=%252B4420000001', 5],
    ['to_number=%25', 0],
    ['search=00000007', 1],
    [`search=${guid(7)}`, 1],
    [`sip_call_id=${guid(7).toUpperCase()}`, 1],
    [`sip_call_id=${guid(7)}&search=${guid(8)}`, 0],
    ['start_date=2026-06-01&end_date=2026-06-01', COUNT],
    ['start_date=2026-05-01&end_date=2026-05-31', 0],
    ['start_date=2026-06-02&end_date=2026-05-01', 0],
    ['start_date=2026-06-01T12:00:00Z&end_date=2026-06-01T12:00:10Z', 33],
    ['context=sip-trunking', COUNT],
    ['context=kamailio', COUNT],
    ['context=voice-api', 0],
    ['campaign_id=7', 0],
    ['bridge_uuid=7', 0],
    ['hangup_disposition=send_bye', 0],
  ])('?%s finds %i', async (query, expected) => {
    expect(await total(query)).toBe(expected)
  })

  it('B1: calls, by every filter, are those whose fields say so', async () => {
    type Cdr = Record<string, string | number>
    const has = (name: string, text: string) => (each: Cdr) => String(each[name]).includes(text)
    const filters: [string, (each: Cdr) => boolean][] = [
      ['call_direction=outbound', each => each.call_direction === 'outbound'],
      ['hangup_cause=NORMAL_CLEARING', each => each.hangup_cause === 'NORMAL_CLEARING' && each.billsec === 16],
      ['min_duration=20', each => Number(each.duration) >= 20],
      ['from_number=0000011', has('caller_id_number', '0000011')],
      ['to_number=0000011', has('destination_number', '0000011')],
      [
        'search=0000011',
        each => has('caller_id_number', '0000011')(each) || has('destination_number', '0000011')(each),
      ],
      ['context=sip-trunking', each => each.context === 'sip-trunking'],
    ]
    const all: Cdr[] = []
    for (let page = 1; page <= 13; page++) all.push(...(await cdr(`?per_page=100&page=${page}`)).body.data)
    for (const [query, shows] of filters) {
      const expected = all.filter(shows)
      const { body } = await cdr(`/search?per_page=100&${query}`)
      expect([query, body.pagination.total]).toEqual([query, expected.length])
      expect(body.data).toEqual(expected.slice(0, 100))
    }
  })

  it.each([
    ['start_date=2026-06-01', 'end_date is required beside start_date'],
    ['end_date=2026-06-01', 'start_date is required beside end_date'],
    ['start_date=June&end_date=2026-06-01', 'start_date: must be a date, YYYY-MM-DD'],
    ['call_direction=up', 'call_direction: must be inbound or outbound'],
    ['min_duration=ten', 'min_duration: must be a whole number of seconds'],
    [`search=${'9'.repeat(101)}`, 'search: must not be longer than 100 characters'],
  ])('?%s is refused by its name', async (query, message) => {
    for (const path of ['', '/search', '/export']) {
      const { status, body } = await cdr(`${path}?${query}`)
      expect([status, body]).toEqual([400, { error: 'invalid request', message }])
    }
  })

  it('pages from the latest on, and sums what matches', async () => {
    const first = (await cdr('?per_page=1000&min_duration=1')).body
    expect(first.pagination).toEqual({
      ...{ page: 1, per_page: 100, total: COUNT, pages: 13, has_next: true, has_prev: false },
    })
    expect(first.data[0].uuid).toBe(guid(COUNT - 1))
    const last = (await cdr('?per_page=100&page=13')).body
    expect([last.count, last.data.at(-1).uuid, last.pagination.has_next]).toEqual([3, guid(0), false])
    expect((await cdr('?page=99')).body).toMatchObject({ count: 0, data: [], pagination: { total: COUNT } })
    expect((await cdr('/search?call_direction=inbound')).body.summary).toEqual({
      ...{ totalCalls: 602, answeredCalls: 301, answerRate: 50, avgCallDuration: '20s' },
      ...{ total_duration_seconds: 12_040, total_billable_seconds: 4_816, total_cost: 270.9 },
      last_call_at: '2026-06-01T12:06:20Z',
    })
  })

  it('the latest alone', async () => {
    expect((await cdr('/recent')).body.count).toBe(20)
    expect((await cdr('/recent?limit=5000')).body.count).toBe(100)
    const { body } = await cdr('/recent?limit=2')
    expect(body.data.map((each: { uuid: string }) => each.uuid)).toEqual([guid(COUNT - 1), guid(COUNT - 2)])
  })

  it('one by its uuid, in any case, and by nothing else', async () => {
    const { body } = await cdr(`/${guid(5).toUpperCase()}`)
    expect(body.data).toMatchObject({ uuid: guid(5), caller_id_number: N1, destination_number: '+44200000005' })
    for (const id of [body.data.id, 'nobody', guid(COUNT)]) expect((await cdr(`/${id}`)).status).toBe(404)
  })

  it('belong to who held the number; parents and admins read them by the path', async () => {
    expect((await cdr('', B)).body.pagination.total).toBe(0)
    expect((await cdr(`/${guid(5)}`, B)).status).toBe(404)
    expect((await cdr('/recent', SUB)).body.data).toEqual([])
    expect((await c.ask('GET', `/Account/${A}/cdr`, { as: SUB })).status).toBe(403)
    expect((await c.ask('GET', `/Account/${SUB}/cdr`)).status).toBe(200)
    expect((await c.ask('GET', `/Account/${A}/cdr`, { as: ADMIN })).body.pagination.total).toBe(COUNT)
  })

  it('a table has each of them once, whatever piece it came in', async () => {
    const { text, headers } = await cdr('/export')
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    const expected = Array.from({ length: COUNT }, (_, n) => guid(n))
    expect(uuids(text)).toEqual(expected)
    expect(uuids((await cdr('/export?call_direction=inbound')).text)).toEqual(
      expected.filter(id => Number(id.slice(-6)) % 2 === 0),
    )
    expect(uuids((await cdr('/export?from_number=%2B4420000001&page=2&per_page=1')).text)).toHaveLength(5)
    expect(uuids((await cdr('/export?campaign_id=7')).text)).toEqual([])
  })

  it('a table is read as fast as it is taken, and no further than that', async () => {
    const headers = { 'x-auth-id': A, 'x-auth-token': 'token-a' }
    const response = await w.send(new Request(`${w.base('vobiz')}/api/v1/Account/${A}/cdr/export`, { headers }))
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    const sizes: number[] = []
    for (let n = 0; n < 2; n++) sizes.push((await reader.read()).value?.length ?? 0)
    // the head, then a piece of a thousand lines
    expect(sizes[0]).toBeLessThan(1_000)
    expect(sizes[1]).toBeLessThan(400_000)
    await reader.cancel()
    expect((await reader.read()).done).toBe(true)
  })

  it('E10: what calls cost is told in the account’s currency, and other amounts are not added', async () => {
    const before = (await cdr('?call_direction=inbound')).body.summary
    expect((await c.buy(ABROAD)).status).toBe(200)
    const at = START + 3_660_000
    await w.core.calls.record({ ...call(0), e164: ABROAD, key: guid(9_999), endedAt: at, price: 2_000_000 })
    for (const query of ['', '&min_duration=1']) {
      const { summary } = (await cdr(`?call_direction=inbound${query}`)).body
      expect([summary.totalCalls, summary.total_cost]).toEqual([before.totalCalls + 1, before.total_cost])
    }
    const { body } = await cdr('/recent?limit=1')
    expect(body.data[0]).toMatchObject({ total_cost: 2, currency: 'USD' })
    // where none is in the account's own, in theirs
    expect((await cdr(`?search=${guid(9_999)}`)).body.summary.total_cost).toBe(2)
    expect(await w.core.calls.currencies(1)).toEqual(['INR', 'USD'])
    const dollars = await w.core.calls.summary({ accountId: 1, currency: 'USD' })
    expect([dollars.calls, dollars.price, dollars.lastAt]).toEqual([1, 2_000_000, at - 20_000])
  })
})
