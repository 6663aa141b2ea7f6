/** What holds of a number that leaves its account: what is configured for it goes when it was said to, and no number goes unseen. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../support/engines.ts'
import { ACME, buy, CHILD, callerOf, DAY, holding, market, numbers, sound, USD } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const N = '+12127890100'
const M = '+12127890101'
const START = Date.parse('2026-06-01T00:00:00Z')
const WINDOW = { kind: 'window', ms: DAY, chargeFee: false } as const

describe.each(engines())('numbers that leave on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  const leaseId = async (w: TestWorld, e164 = N) => (await holding(w, e164)).lease.id
  const found = (w: TestWorld, id: number) => w.core.numbers.lease(id, 'wavix')

  it('calls stop with the request of a release that may be taken back, and go on to the end of a paid period', async () => {
    const w = await worlds.open(market(numbers(2)))
    const caller = await callerOf(w, ACME)
    const { id: trunkId } = await w.core.trunks.create(caller, { accountId: ACME, name: 't' })
    const { id: handlerId } = await w.core.resources.create(caller, { kind: 'wavix.app', name: 'h' })
    await w.core.accounts.update(null, ACME, { releaseFee: { currency: 'USD', amount: USD } })
    const routes = [{ priority: 1, kind: 'sip' as const, target: 'sip:a' }]
    const settings = { dialect: 'wavix', value: { a: 1 } }
    await w.core.numbers.purchase(caller, [N, M], { documents: 'allow', routes, settings })
    const [one, two] = [await leaseId(w, N), await leaseId(w, M)]
    for (const id of [one, two]) await w.core.numbers.configure(caller, id, { trunkId, handlerId })
    w.setClockOnly(START + 1)
    const [window] = await w.core.numbers.release(caller, [one], WINDOW, 'wavix')
    const [end] = await w.core.numbers.release(caller, [two], { kind: 'periodEnd' }, 'wavix')
    expect(window?.owned).toEqual(await found(w, one))
    expect(window?.owned).toMatchObject({ routes: [], settings: { a: 1 }, lease: { trunkId: null, handlerId: null } })
    expect(end?.owned).toEqual(await found(w, two))
    expect(end?.owned).toMatchObject({ routes: [{ target: 'sip:a' }], lease: { trunkId, handlerId } })
    const event = (await w.core.numbers.events({ e164: M, limit: 9 })).at(-1)
    expect(event).toMatchObject({ kind: 'release_requested', data: { mode: 'periodEnd' } })
    w.setClockOnly(START + 2)
    const taken = await w.core.numbers.cancelRelease(caller, one, 'wavix')
    expect(taken.owned).toEqual(await found(w, one))
    const row = await w.store.read(db => db.selectFrom('numbers').selectAll().where('e164', '=', N).executeTakeFirst())
    expect(row).toMatchObject({ state: 'active', releases_at: null, cool_until: null, reclaim_until: null })
    const [now] = await w.core.numbers.release(caller, [one], { kind: 'now' }, 'wavix')
    expect(now?.owned).toMatchObject({ routes: [], settings: { a: 1 }, lease: { endsAt: START + 2 } })
    // nobody asked for the fee
    const { items } = await w.core.ledger.transactions({ accountId: ACME }, { limit: 9, offset: 0 })
    expect(items.map(({ kind }) => kind)).toEqual(['purchase', 'purchase', 'topup'])
    await sound(w)
  })

  it('a number that must rest moves by force alone, which is remembered with both accounts', async () => {
    const w = await worlds.open(market(numbers(2)))
    await buy(w, ACME, N, M)
    const caller = await callerOf(w, ACME)
    const call = { e164: N, endedAt: START, durationSeconds: 1, direction: 'inbound', answered: true } as const
    await w.core.calls.record(call)
    const move = async (e164: string, force: boolean) =>
      w.core.numbers.move(caller, await leaseId(w, e164), CHILD, { coolOffMs: DAY, force })
    const until = new Date(START + DAY).toISOString()
    const early = { code: 'cool_off', details: { until: START + DAY }, why: { data: { e164: N, until } } }
    await expect(move(N, false)).rejects.toMatchObject(early)
    for (const e164 of [N, M]) {
      const moved = await move(e164, true)
      expect(moved).toEqual(await w.core.numbers.lease(moved.lease.id))
      expect(moved.lease).toMatchObject({ accountId: CHILD, label: null })
    }
    const [acme, child] = await Promise.all([ACME, CHILD].map(async id => (await w.core.accounts.get(id))?.handle))
    const told = (await w.core.audit.list({ limit: 1000 })).filter(({ action }) => action === 'number.moved_by_force')
    const common = { fromAccount: acme, toAccount: child, actor: acme, forced: true }
    expect(told).toMatchObject([
      { accountId: CHILD, subject: N, data: { ...common, e164: N, lastCallAt: START, coolOffUntil: START + DAY } },
      { accountId: CHILD, subject: M, data: { ...common, e164: M, lastCallAt: null, coolOffUntil: null } },
    ])
    expect(Object.keys(told[0]?.data ?? {})).toContain('numberId')
    const back = { accountId: ACME, isCharged: false, force: true, reason: 'x' }
    await w.core.numbers.handOver({ administrator: 'ann' }, M, back)
    const [last] = (await w.core.audit.list({ limit: 1000 }))
      .filter(({ action }) => action === 'number.moved_by_force')
      .slice(-1)
    expect(last).toMatchObject({ administrator: 'ann', data: { fromAccount: child, toAccount: acme, actor: null } })
  })
})
