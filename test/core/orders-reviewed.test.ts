/** Orders that keep their numbers and were handed in: who gets the numbers, when, and who does not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { orderReview } from '../../core/orders/kept.ts'
import { engines } from '../support/engines.ts'
import {
  ACME,
  balanceOf,
  CHILD,
  callerOf,
  DAY,
  holding,
  market,
  number,
  ON_CREDIT,
  OTHER,
  sound,
  stateOf,
  within,
} from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'
import { A, B, C, canBuy, heldBy, keep, openMarket, read, STOCK, submit, toldOf } from './kept-orders.ts'

describe.each(engines())('orders that are looked through on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  const open = () => openMarket(worlds)
  /** Kept and handed in. */
  const handIn = async (w: TestWorld, id: number, ...e164s: string[]) => submit(w, id, await keep(w, id, { e164s }))
  const pass = (w: TestWorld, ms: number) => w.setClock(w.core.clock.now() + ms)
  const verify = (w: TestWorld, id: number, identityVerified = true) =>
    w.core.accounts.update(null, id, { identityVerified })

  it('of a verified account it is filled by the clock: paid, set up, and with what is to change later', async () => {
    const w = await open()
    await verify(w, ACME)
    const later = { dialect: 'sinch', service: 'sms', value: { plan: 'x' }, outcome: 'done' as const, delayMs: 60_000 }
    const order = await submit(w, ACME, await keep(w, ACME, { e164s: [B, A] }, { schedule: [later] }))
    expect([await balanceOf(w, ACME), await stateOf(w, A)]).toEqual([1000, 'available'])
    await pass(w, 0)
    const done = await read(w, order)
    expect([done.status, done.ranges.map(({ start }) => start), done.expiresAt]).toEqual(['completed', [B, A], null])
    const { settings, lease } = (await w.core.numbers.leaseOf(A, 'sinch')) as {
      settings: object
      lease: { id: number }
    }
    expect([settings, await balanceOf(w, ACME)]).toEqual([{ plan: 'x', orderGuid: order.guid }, 994])
    const due = await w.store.read(db => db.selectFrom('provisionings').selectAll().orderBy('lease_id').execute())
    expect([due.length, due.some(each => each.lease_id === lease.id), due[0]?.service]).toEqual([2, true, 'sms'])
    await pass(w, 31 * DAY)
    expect([(await read(w, order)).status, await toldOf(w)]).toEqual(['completed', ['pending', 'completed']])
    await sound(w)
  })

  it('of any other account it waits thirty days for the operator, its numbers with it, and is over then', async () => {
    const w = await open()
    const [order, accepted] = [await handIn(w, ACME, A), await handIn(w, ACME, B)]
    const end = w.core.clock.now() + 30 * DAY
    expect(await heldBy(w, ACME)).toEqual([
      [A, end],
      [B, end],
    ])
    await w.core.orders.accept(null, accepted.id, '')
    await w.setClock(end - 1)
    expect([(await read(w, order)).status, (await read(w, accepted)).status]).toEqual(['pending', 'accepted'])
    expect(await canBuy(w, OTHER, A)).toBe(false)
    await w.setClock(end)
    expect([(await read(w, order)).status, (await read(w, accepted)).status]).toEqual(['expired', 'expired'])
    expect([await balanceOf(w, ACME), await canBuy(w, OTHER, A)]).toEqual([1000, true])
    await sound(w)
  })

  it('an account that is verified only once its order is handed in gets the numbers when the time is over', async () => {
    const w = await open()
    const [order, accepted, never] = [
      await handIn(w, ACME, A),
      await handIn(w, ACME, B),
      await keep(w, ACME, { e164s: [C] }),
    ]
    await w.core.orders.accept(null, accepted.id, '')
    await verify(w, ACME)
    await pass(w, 30 * DAY - 1)
    await expect(holding(w, A)).rejects.toThrow()
    await pass(w, 1)
    expect(
      (await Promise.all([order, accepted, never].map(each => read(w, each)))).map(({ status }) => status),
    ).toEqual([...['completed', 'completed', 'expired']])
    expect(await balanceOf(w, ACME)).toBe(994)
  })

  it('whose numbers are lost, who cannot pay or may not act gets nothing of a verified order, and is told why', async () => {
    const w = await worlds.open(market([...STOCK, number('+12127890400', { monthly_price: '100' })]))
    for (const id of [ACME, OTHER, ON_CREDIT]) await verify(w, id)
    const lost = await handIn(w, OTHER, A, B)
    const [hold] = (await w.core.holds.of(OTHER, { limit: 1, offset: 0 })).items
    await w.core.holds.giveUp(await callerOf(w, OTHER), [hold?.id as number])
    expect(await canBuy(w, ACME, hold?.number.e164 as string)).toBe(true)
    const dear = await handIn(w, ON_CREDIT, '+12127890400')
    const stopped = await handIn(w, CHILD, C)
    await verify(w, CHILD)
    await w.core.accounts.update(null, ACME, { isActive: false })
    await pass(w, 30 * DAY)
    const ended = await Promise.all([lost, dear, stopped].map(each => read(w, each)))
    expect(ended.map(({ status, reason, failed, ranges }) => [status, reason, failed, ranges])).toEqual([
      ['rejected', 'The numbers are gone', [], []],
      ['rejected', 'The balance does not cover the numbers', [{ e164: '+12127890400', reason: 'funds' }], []],
      ['rejected', 'The account is not active', [], []],
    ])
    expect([await heldBy(w, OTHER), await heldBy(w, ON_CREDIT), await heldBy(w, CHILD)]).toEqual([[], [], []])
    expect([await balanceOf(w, OTHER), await balanceOf(w, ON_CREDIT)]).toEqual([1000, 0])
    await sound(w)
  })

  it('only what is due is looked through, each for itself, however it was found, and in its own time', async () => {
    const w = await open()
    const run = (id: number) => within(w, unit => orderReview.run(unit, id))
    const [first, second] = [await keep(w, ACME, { e164s: [A] }), await keep(w, ACME, { e164s: [B] })]
    expect([await run(first.id), await run(999)]).toEqual([false, false])
    w.setClockOnly(w.core.clock.now() + 2 * DAY)
    expect(await run(second.id)).toBe(true)
    expect([(await read(w, first)).status, (await read(w, second)).status]).toEqual(['draft', 'expired'])
    await verify(w, ACME)
    const third = await handIn(w, ACME, C)
    const began = w.core.clock.now()
    w.setClockOnly(began + 1000)
    await w.core.orders.accept(null, third.id, '')
    w.setClockOnly(began)
    await w.core.jobs.runDue()
    expect(await read(w, third)).toMatchObject({ status: 'completed', updatedAt: began + 1000 })
  })
})
