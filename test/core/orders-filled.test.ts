/** Orders that are filled: with what, and what they cost. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NumberFilter } from '../../core/verbs.ts'
import type { WorldRow } from '../../src/worlds/world-file.ts'
import { engines } from '../support/engines.ts'
import {
  ACME,
  balanceOf,
  bring,
  callerOf,
  DAY,
  market,
  numbers,
  ON_CREDIT,
  sound,
  stateOf,
  USD,
} from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const AREA: NumberFilter = { country: 'US', areaCode: '212' }
const [FIRST, SECOND, THIRD] = numbers(3).map(({ e164 }) => String(e164))

describe.each(engines())('orders on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  const place = async (w: TestWorld, id: number, quantity: number) =>
    w.core.orders.place(await callerOf(w, id), { dialect: 'cm', filter: AREA, quantity, rangeSize: 0, data: {} })
  const hold = async (w: TestWorld, e164: string) =>
    w.core.holds.take(
      await callerOf(w, ACME),
      { e164s: [e164] },
      { until: w.core.clock.now() + DAY, documents: 'allow' },
    )
  const ownedBy = async (w: TestWorld) => {
    const { items } = await w.core.numbers.owned({ accountIds: [ACME] }, { limit: 9, offset: 0 })
    return items.map(each => each.number.e164).toSorted()
  }

  it('an order takes what its account holds where the shelf has too few, and each number once', async () => {
    const w = await worlds.open(market(numbers(3)))
    await hold(w, FIRST as string)
    expect((await place(w, ACME, 2)).status).toBe('completed')
    expect(await ownedBy(w)).toEqual([SECOND, THIRD])
    expect((await place(w, ACME, 1)).status).toBe('completed')
    expect([await ownedBy(w), await balanceOf(w, ACME)]).toEqual([[FIRST, SECOND, THIRD], 991])
    await sound(w)
  })

  it('an order takes from the shelf and from what its account holds together, or waits and leaves the hold alone', async () => {
    const w = await worlds.open(market(numbers(1)))
    await hold(w, FIRST as string)
    const order = await place(w, ACME, 2)
    expect((await w.core.orders.byGuid(order.guid))?.status).toBe('pending')
    await bring(w, numbers(2))
    expect([(await w.core.orders.byGuid(order.guid))?.status, await ownedBy(w)]).toEqual(['pending', []])
    await expect(w.core.orders.complete(null, order.id, '')).rejects.toMatchObject({ code: 'number_unavailable' })
    expect((await place(w, ACME, 2)).status).toBe('completed')
    expect(await ownedBy(w)).toEqual([FIRST, SECOND])
    await sound(w)
  })

  it('an order that cannot be paid is refused with what it costs and what there is; nothing is taken', async () => {
    const w = await worlds.open(market(numbers(2)))
    await expect(place(w, ON_CREDIT, 2)).rejects.toMatchObject({
      ...{ code: 'insufficient_funds', details: { currency: 'USD', required: 6 * USD, available: 5 * USD } },
    })
    expect((await w.core.orders.list({}, { limit: 1, offset: 0 })).total).toBe(0)
    expect((await place(w, ON_CREDIT, 1)).status).toBe('completed')
    await sound(w)
  })

  const DEAR = { monthly_price: '100' }
  const statusOf = async (w: TestWorld, { guid }: { guid: string }) => (await w.core.orders.byGuid(guid))?.status

  it('stock comes although an order that waits for it cannot pay any of it', async () => {
    const w = await worlds.open(market([]))
    const order = await place(w, ON_CREDIT, 1)
    await bring(w, numbers(2, '212789', DEAR))
    expect([await stateOf(w, FIRST as string), (await balanceOf(w, ON_CREDIT)) >= -5]).toEqual(['available', true])
    expect(await statusOf(w, order)).toBe('pending')
    await sound(w)
  })

  it('an order that waits gets the lowest that its account can pay, where lower ones are too dear', async () => {
    const w = await worlds.open(market([]))
    const order = await place(w, ON_CREDIT, 1)
    await bring(w, [...numbers(1, '212789', DEAR), ...numbers(3).slice(1)] as WorldRow[])
    expect(await statusOf(w, order)).toBe('completed')
    expect(await Promise.all([FIRST, SECOND, THIRD].map(each => stateOf(w, String(each))))).toEqual([
      ...['available', 'active', 'available'],
    ])
    await sound(w)
  })

  it('an order that waits gets what its account can pay, too, when money comes', async () => {
    const w = await worlds.open(market(numbers(1, '212789', DEAR)))
    await w.core.accounts.update(null, ON_CREDIT, { creditLimit: { currency: 'USD', amount: 0 } })
    const order = await place(w, ON_CREDIT, 2)
    await bring(w, numbers(3).slice(1))
    expect(await statusOf(w, order)).toBe('pending')
    await w.core.accounts.update(null, ON_CREDIT, { creditLimit: { currency: 'USD', amount: 6 * USD } })
    expect([await statusOf(w, order), await balanceOf(w, ON_CREDIT)]).toEqual(['completed', -6])
    expect(await stateOf(w, FIRST as string)).toBe('available')
    await sound(w)
  })

  it('an order for several gets all of them at prices of which it can pay so many, or nothing', async () => {
    const w = await worlds.open(market([]))
    await w.core.accounts.update(null, ON_CREDIT, { creditLimit: { currency: 'USD', amount: 6 * USD } })
    const order = await place(w, ON_CREDIT, 2)
    const [dear, second, third] = [...numbers(1, '212789', DEAR), ...numbers(3).slice(1)] as [
      WorldRow,
      WorldRow,
      WorldRow,
    ]
    await bring(w, [dear, third])
    expect([await statusOf(w, order), await balanceOf(w, ON_CREDIT)]).toEqual(['pending', 0])
    await bring(w, [second])
    expect([await statusOf(w, order), await balanceOf(w, ON_CREDIT)]).toEqual(['completed', -6])
    expect(await stateOf(w, FIRST as string)).toBe('available')
    await sound(w)
  })

  it('what an order can pay is looked for among the lowest thousand that match', async () => {
    const w = await worlds.open(market([]))
    const order = await place(w, ON_CREDIT, 1)
    const cheap = { ...(numbers(1, '212790')[0] as WorldRow) }
    await bring(w, [...numbers(1_000, '212789', DEAR), cheap])
    expect(await statusOf(w, order)).toBe('pending')
    await w.core.numbers.block(null, FIRST as string, 'one less')
    await bring(w, numbers(1, '212791'))
    expect([await statusOf(w, order), await stateOf(w, String(cheap.e164))]).toEqual(['completed', 'active'])
    await sound(w)
  })

  it('an order that took what there was waits for the rest, and is complete with it', async () => {
    const w = await worlds.open(market(numbers(1)))
    const wish = { filter: AREA, quantity: 3 }
    const request = { dialect: 'bandwidth', wish, partial: true, mayWait: true, data: {} }
    const order = await w.core.orders.placeParts(await callerOf(w, ACME), request)
    expect([order.status, await ownedBy(w)]).toEqual(['pending', [FIRST]])
    await bring(w, numbers(2))
    expect((await w.core.orders.byGuid(order.guid))?.status).toBe('pending')
    await bring(w, numbers(3))
    expect((await w.core.orders.byGuid(order.guid))?.status).toBe('completed')
    expect([await ownedBy(w), await balanceOf(w, ACME)]).toEqual([[FIRST, SECOND, THIRD], 991])
    await sound(w)
  })

  it('an operator completes no order for which there are too few numbers', async () => {
    const w = await worlds.open(market([]))
    const order = await place(w, ACME, 1)
    const refused = { code: 'number_unavailable' }
    await expect(w.core.orders.complete(null, order.id, '')).rejects.toMatchObject(refused)
    expect((await w.core.orders.byGuid(order.guid))?.status).toBe('pending')
  })
})
