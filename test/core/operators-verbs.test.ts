/** What an operator does with a number: to that one alone, only where it may be done, and told in its history and in the audit. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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
  OTHER,
  release,
  sound,
  USD,
} from '../support/market.ts'
import { find, releaseLater, told, wrongState } from '../support/stopped.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const NOW = Date.parse('2026-06-01T00:00:00Z')
const [A, B, C] = ['+12127890100', '+12127890101', '+12127890102'] as const
const NOBODY = '+12127899999'
const ALL = { limit: 9, offset: 0 }
const RESTS = { quarantine_days: { '*': 2 }, reclaim_days: { '*': 1 } }

describe.each(engines())('operators on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  const open = (more = {}) => worlds.open(market(numbers(3), more))
  const audited = async (w: TestWorld) =>
    (await w.core.audit.list({ limit: 999 }))
      .filter(({ action }) => action.startsWith('number.'))
      .map(({ action, accountId, subject, data }) => [action, accountId, subject, data])

  it('a verb changes the number that it names and no other, and is told of its owner with the reason', async () => {
    const w = await open()
    await buy(w, ACME, A, B)
    const others = async () => [await find(w, B), await holding(w, B), await find(w, C)]
    const before = await others()
    await w.core.numbers.block(null, A, 'fraud')
    await w.core.numbers.unblock(null, A, 'none')
    await w.core.numbers.reprice(null, A, { setup: 7 * USD, perMinute: 3 })
    await w.core.numbers.label(null, A, 'desk')
    await w.core.numbers.block(null, A, 'sold')
    const gone = await w.core.numbers.retire(null, A, 'ported away')
    expect(await others()).toEqual(before)
    const prices = { setup_price: 7 * USD, monthly_price: 2 * USD, per_minute_price: 3 }
    expect(await told(w, A, 5)).toEqual([
      ['blocked', 'blocked', { reason: 'fraud' }],
      ['unblocked', 'active', { reason: 'none' }],
      ['repriced', 'active', prices],
      ['blocked', 'blocked', { reason: 'sold' }],
      ['retired', 'retired', { reason: 'ported away' }],
    ])
    expect(await audited(w)).toEqual([
      ['number.block', ACME, A, { reason: 'fraud' }],
      ['number.unblock', ACME, A, { reason: 'none' }],
      ['number.reprice', ACME, A, { setupPrice: 7 * USD, perMinutePrice: 3 }],
      ['number.label', ACME, A, { label: 'desk' }],
      ['number.block', ACME, A, { reason: 'sold' }],
      ['number.retire', ACME, A, { reason: 'ported away' }],
    ])
    expect(await find(w, A)).toEqual(gone)
    await sound(w)
  })

  it('what is not there is not found, and nothing is told of it', async () => {
    const w = await open()
    const { numbers: verbs } = w.core
    const missing = { code: 'not_found', details: { what: 'number', id: NOBODY } }
    for (const act of [
      () => verbs.block(null, NOBODY, 'x'),
      () => verbs.unblock(null, NOBODY, 'x'),
      () => verbs.retire(null, NOBODY, 'x'),
      () => verbs.reprice(null, NOBODY, { setup: 1 }),
      () => verbs.label(null, NOBODY, 'x'),
      () => verbs.handOver(null, NOBODY, { accountId: ACME, isCharged: false, reason: 'x' }),
      () => verbs.giveBack(null, NOBODY, 'now', 'x'),
    ]) {
      await expect(act()).rejects.toMatchObject(missing)
    }
    expect(await audited(w)).toEqual([])
  })

  it('stock, what rests and what is stopped is retired, and who held it holds it no more; nothing else is', async () => {
    const w = await open(RESTS)
    w.core.outbox.subscribe(['number.released'])
    await buy(w, ACME, B)
    await buy(w, OTHER, C)
    const [{ lease }, kept] = [await holding(w, B), await holding(w, C)]
    await release(w, OTHER, C)
    const nobody = { state: 'retired', ownerId: null, leaseId: null, releasesAt: null, coolUntil: null }
    await w.core.numbers.block(null, A, 'x')
    expect(await w.core.numbers.retire(null, A, 'x')).toMatchObject({ ...nobody, lastOwnerId: null })
    expect(await w.core.numbers.retire(null, C, 'x')).toMatchObject({ ...nobody, lastOwnerId: OTHER })
    await expect(w.core.numbers.retire(null, B, 'x')).rejects.toMatchObject(wrongState(B, 'active'))
    await releaseLater(w, ACME, B, DAY)
    await expect(w.core.numbers.retire(null, B, 'x')).rejects.toMatchObject(wrongState(B, 'releasing'))
    expect((await holding(w, B)).lease).toMatchObject({ id: lease.id, closedAt: null })
    w.setClockOnly(NOW + 1000)
    await w.core.numbers.block(null, B, 'x')
    expect(await w.core.numbers.retire(null, B, 'x')).toMatchObject({ ...nobody, lastOwnerId: ACME })
    expect((await w.core.numbers.owned({ accountIds: [ACME, OTHER] }, ALL)).total).toBe(0)
    const closed = (id: number) =>
      w.store.read(db => db.selectFrom('leases').select('closed_at').where('id', '=', id).executeTakeFirstOrThrow())
    expect([await closed(lease.id), await closed(kept.lease.id)].map(row => row.closed_at)).toEqual([NOW + 1000, NOW])
    const events = await w.store.read(db => db.selectFrom('outbox').select(['kind', 'account_id']).execute())
    expect(events.map(event => event.account_id)).toEqual([OTHER, ACME])
    for (const e164 of [A, B, C]) {
      for (const act of ['block', 'unblock', 'retire'] as const) {
        await expect(w.core.numbers[act](null, e164, 'x')).rejects.toMatchObject(wrongState(e164, 'retired'))
      }
      await expect(w.core.numbers.reprice(null, e164, { setup: 1 })).rejects.toMatchObject(wrongState(e164, 'retired'))
    }
    await sound(w)
  })

  it('a price that is named is new, down to nothing, and the others stay; who holds the number pays as before', async () => {
    const w = await open()
    await buy(w, ACME, A)
    const before = await find(w, A)
    const prices = async () => {
      const { setupPrice, monthlyPrice, perMinutePrice, state } = await find(w, A)
      return [setupPrice, monthlyPrice, perMinutePrice, state]
    }
    await w.core.numbers.reprice(null, A, { perMinute: 5 })
    expect(await prices()).toEqual([before.setupPrice, before.monthlyPrice, 5, 'active'])
    await w.core.numbers.reprice(null, A, { setup: 0, monthly: 9 * USD })
    expect(await prices()).toEqual([0, 9 * USD, 5, 'active'])
    await w.core.numbers.reprice(null, A, { setup: 4 * USD, monthly: 0, perMinute: 0 })
    expect(await prices()).toEqual([4 * USD, 0, 0, 'active'])
    expect((await holding(w, A)).subscription.amount).toBe(2 * USD)
    await release(w, ACME, A)
    const paid = await balanceOf(w, OTHER)
    await buy(w, OTHER, A)
    expect([paid - (await balanceOf(w, OTHER)), (await holding(w, A)).subscription.amount]).toEqual([4, 0])
    await sound(w)
  })

  it('a label is put on the present ownership, is taken off again, and nobody’s number has none', async () => {
    const w = await open()
    await buy(w, OTHER, B)
    await buy(w, ACME, A)
    await release(w, ACME, A)
    await expect(w.core.numbers.label(null, A, 'x')).rejects.toMatchObject(wrongState(A, 'available'))
    const route = { priority: 1, kind: 'sip', target: 'sip:desk@example.com' } as const
    await w.core.numbers.purchase(await callerOf(w, CHILD), [A], { documents: 'allow', routes: [route] })
    const before = await holding(w, A)
    expect(before.routes).toHaveLength(1)
    w.setClockOnly(NOW + 1000)
    for (const label of ['front desk', '', null]) {
      const owned = await w.core.numbers.label(null, A, label)
      expect(owned).toEqual({ ...before, lease: { ...before.lease, label, updatedAt: NOW + 1000 } })
      expect(await holding(w, A)).toEqual(owned)
    }
    await w.core.numbers.label(null, A, 'again')
    const of = w.store.read(db => db.selectFrom('leases').select('label').where('account_id', '=', ACME).execute())
    expect(await of).toEqual([{ label: null }])
  })
})
