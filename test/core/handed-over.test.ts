/** Numbers that an operator hands over or gives back: to whom, from where, on whose money, and what is told of it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { HandOver } from '../../core/verbs.ts'
import { engines } from '../support/engines.ts'
import {
  ACME,
  balanceOf,
  buy,
  CHILD,
  callerOf,
  DAY,
  holding,
  market,
  numbers,
  ON_CREDIT,
  OTHER,
  release,
  sound,
  stateOf,
  USD,
} from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const NOW = Date.parse('2026-06-01T00:00:00Z')
const MONTH = Date.parse('2026-07-01T00:00:00Z')
const [A, B] = ['+12127890100', '+12127890101'] as const
const REASON = 'sold to them'

describe.each(engines())('numbers by the operator’s hand on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  beforeEach(async () => {
    w = await worlds.open(market(numbers(2), { quarantine_days: { '*': 2 }, reclaim_days: { '*': 1 } }))
  })
  afterAll(() => worlds.drop())

  const handOver = (accountId: number, more: Partial<HandOver> = {}, e164: string = A) =>
    w.core.numbers.handOver(null, e164, { accountId, isCharged: false, reason: REASON, ...more })
  const audited = async (action: string) =>
    (await w.core.audit.list({ action, limit: 99 })).map(({ accountId, subject, data }) => [accountId, subject, data])
  const told = async () => (await w.core.numbers.events({ e164: A, limit: 99 })).map(({ kind }) => kind)
  const refusedIn = (state: string) => ({ code: 'wrong_state', details: { what: 'number', id: A, state } })

  it('from the shelf: its first month is free, or it is bought as by any buyer', async () => {
    const free = await handOver(OTHER)
    expect(free.lease).toMatchObject({ accountId: OTHER, userId: OTHER * 100, startedAt: NOW, orderLineId: null })
    expect(free.subscription).toMatchObject({ paidUntil: MONTH, amount: 2 * USD })
    expect(await balanceOf(w, OTHER)).toBe(1000)
    const paid = await handOver(OTHER, { isCharged: true }, B)
    expect(paid.subscription).toMatchObject({ paidUntil: MONTH, amount: 2 * USD })
    expect(paid.lease.orderLineId).toBeTypeOf('number')
    expect(await balanceOf(w, OTHER)).toBe(997)
    const data = { from: null, to: OTHER, reason: REASON }
    expect(await audited('number.move')).toEqual([
      [OTHER, A, { ...data, charged: false }],
      [OTHER, B, { ...data, charged: true }],
    ])
    await w.setClock(MONTH)
    expect(await balanceOf(w, OTHER)).toBe(993)
    await sound(w)
  })

  it('to another tree: the ownership ends, and the next has the months that were paid at the price they were paid', async () => {
    await w.core.numbers.reprice(null, B, { monthly: 5 * USD })
    await buy(w, ACME, B)
    const [before] = await buy(w, ACME, A)
    await w.core.numbers.configure(await callerOf(w, ACME), before?.lease.id ?? 0, { label: 'ours' })
    await w.core.numbers.reprice(null, A, { monthly: 9 * USD })
    w.setClockOnly(NOW + DAY)
    const after = await handOver(OTHER)
    expect(after.lease).toMatchObject({ accountId: OTHER, startedAt: NOW + DAY, label: null })
    expect(after.lease.id).not.toBe(before?.lease.id)
    expect(after.subscription).toMatchObject({ paidUntil: MONTH, amount: 2 * USD })
    const former = w.store.read(db =>
      db.selectFrom('leases').select('closed_at').where('account_id', '=', ACME).execute(),
    )
    expect((await former).map(row => row.closed_at)).toEqual([null, NOW + DAY])
    expect((await holding(w, B)).lease.accountId).toBe(ACME)
    expect([await balanceOf(w, ACME), await balanceOf(w, OTHER)]).toEqual([991, 1000])
    const data = { from: ACME, to: OTHER, charged: false, reason: REASON }
    expect(await audited('number.move')).toEqual([
      [ACME, A, data],
      [OTHER, A, data],
    ])
    expect(await told()).toEqual(['imported', 'purchased', 'repriced', 'moved'])
    await sound(w)
  })

  it('with a charge the new owner pays today’s prices from now on, in its own tree as well', async () => {
    const [before] = await buy(w, ACME, A)
    await w.core.numbers.reprice(null, A, { setup: 3 * USD, monthly: 4 * USD })
    w.setClockOnly(NOW + DAY)
    for (const [id, payer, left] of [
      [CHILD, ACME, 990],
      [OTHER, OTHER, 993],
    ] as const) {
      const owned = await handOver(id, { isCharged: true })
      expect(owned.subscription).toMatchObject({ paidUntil: MONTH + DAY, amount: 4 * USD, payerId: payer })
      expect([owned.lease.id === before?.lease.id, await balanceOf(w, payer)]).toEqual([false, left])
    }
    await buy(w, ON_CREDIT, B)
    await expect(handOver(ON_CREDIT, { isCharged: true })).rejects.toMatchObject({ code: 'insufficient_funds' })
    expect((await holding(w, A)).lease.accountId).toBe(OTHER)
    await sound(w)
  })

  it('inside its tree the ownership goes on as it was paid, but for a user that is named', async () => {
    const [before] = await buy(w, ACME, A)
    const moved = await handOver(CHILD)
    expect(moved.lease).toMatchObject({ id: before?.lease.id, accountId: CHILD, startedAt: NOW })
    expect(moved.subscription).toEqual(before?.subscription)
    const named = await handOver(ACME, { userId: ACME * 100 })
    expect(named.lease).toMatchObject({ accountId: ACME, userId: ACME * 100 })
    expect(named.lease.id).not.toBe(before?.lease.id)
    expect(named.subscription).toMatchObject({ paidUntil: MONTH, amount: 2 * USD })
    expect((await audited('number.move')).map(([id]) => id)).toEqual([ACME, CHILD, CHILD, ACME])
    expect(await audited('number.moved_by_force')).toEqual([])
    await handOver(CHILD, { force: true })
    expect((await audited('number.moved_by_force')).map(([id]) => id)).toEqual([CHILD])
    for (const userId of [OTHER * 100, 999]) {
      await expect(handOver(ACME, { userId })).rejects.toMatchObject({ code: 'not_found', details: { what: 'user' } })
    }
    await sound(w)
  })

  it('where it must stay in its tree it goes to no other, and is somebody’s', async () => {
    const isInTree = true
    await expect(handOver(CHILD, { isInTree })).rejects.toMatchObject(refusedIn('available'))
    await buy(w, ACME, A)
    for (const id of [OTHER, ON_CREDIT, 999]) {
      const missing = { code: 'not_found', details: { what: 'account', id: String(id) } }
      await expect(handOver(id, { isInTree })).rejects.toMatchObject(missing)
    }
    await expect(handOver(999)).rejects.toMatchObject({ code: 'not_found', details: { what: 'account', id: '999' } })
    expect((await handOver(CHILD, { isInTree })).lease.accountId).toBe(CHILD)
    expect((await handOver(ACME, { isInTree, isCharged: true })).lease.accountId).toBe(ACME)
    await sound(w)
  })

  it('what is held goes to its holder alone, until the hold is over; who has a number is not given it again', async () => {
    const until = NOW + DAY
    await w.core.holds.take(await callerOf(w, OTHER), { e164s: [A, B] }, { until, documents: 'allow' })
    await expect(handOver(ACME)).rejects.toMatchObject(refusedIn(`held by account ${OTHER}`))
    expect((await handOver(OTHER)).number).toMatchObject({ ownerId: OTHER, heldBy: null, heldUntil: null })
    for (const isCharged of [false, true]) {
      await expect(handOver(OTHER, { isCharged })).rejects.toMatchObject(refusedIn(`owned by account ${OTHER}`))
    }
    expect([await balanceOf(w, OTHER), (await audited('number.move')).length]).toEqual([1000, 1])
    w.setClockOnly(until)
    expect((await handOver(ACME, {}, B)).lease.accountId).toBe(ACME)
    await sound(w)
  })

  it('what rests is handed over at once, what is being given back stays, and what is stopped or retired goes to nobody', async () => {
    await buy(w, ACME, A)
    await release(w, ACME, A)
    const timers = { releasesAt: null, coolUntil: null, reclaimUntil: null }
    expect((await handOver(OTHER)).number).toMatchObject({ state: 'active', ...timers })
    await w.core.numbers.giveBack(null, A, 'periodEnd', 'x')
    expect(await stateOf(w, A)).toBe('releasing')
    expect((await handOver(ACME)).number).toMatchObject({ state: 'active', ownerId: ACME, ...timers })
    expect((await holding(w, A)).lease.endsAt).toBeNull()
    await w.core.numbers.block(null, A, 'x')
    await expect(handOver(OTHER)).rejects.toMatchObject(refusedIn('blocked'))
    await w.core.numbers.retire(null, A, 'x')
    await expect(handOver(OTHER)).rejects.toMatchObject(refusedIn('retired'))
    await sound(w)
  })

  it('what was owed for it is nobody’s: the next owner has it from now on, and pays at once', async () => {
    await buy(w, ON_CREDIT, A)
    await w.setClock('2026-08-10T00:00:00Z')
    expect(await stateOf(w, A)).toBe('suspended')
    const { number, subscription } = await handOver(OTHER)
    expect([number.state, subscription.paidUntil]).toEqual(['active', w.core.clock.now()])
    await w.core.jobs.runDue()
    expect([await balanceOf(w, OTHER), await balanceOf(w, ON_CREDIT)]).toEqual([998, -5])
    await sound(w)
  })

  it('is given back for its owner, at once or when what it paid for ends, and its owner is told', async () => {
    await buy(w, ACME, A)
    await buy(w, CHILD, B)
    await w.core.numbers.giveBack(null, B, 'periodEnd', 'they left')
    expect(await w.core.numbers.find(B)).toMatchObject({ state: 'releasing', ownerId: CHILD, releasesAt: MONTH })
    await w.core.numbers.giveBack(null, A, 'now', 'fraud')
    expect(await w.core.numbers.find(A)).toMatchObject({ state: 'quarantined', ownerId: null, lastOwnerId: ACME })
    expect(await audited('number.release')).toEqual([
      [CHILD, B, { when: 'periodEnd', reason: 'they left' }],
      [ACME, A, { when: 'now', reason: 'fraud' }],
    ])
    expect(await balanceOf(w, ACME)).toBe(994)
    await expect(w.core.numbers.giveBack(null, A, 'now', 'x')).rejects.toMatchObject(refusedIn('quarantined'))
    await expect(w.core.numbers.giveBack(null, B, 'periodEnd', 'x')).rejects.toMatchObject({ code: 'wrong_state' })
    await sound(w)
  })
})
