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

  const place = async (w: TestWorld, id: number, quantity: number, rangeSize = 0) =>
    w.core.orders.place(await callerOf(w, id), { dialect: 'cm', filter: AREA, quantity, rangeSize, data: {} })
  const hold = async (w: TestWorld, ...e164s: string[]) =>
    w.core.holds.take(await callerOf(w, ACME), { e164s }, { until: w.core.clock.now() + DAY, documents: 'allow' })
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

  it.each([
    0, 1,
  ])('an order takes from the shelf and from what its account holds together, or waits and leaves the hold alone: ranges of %i', async rangeSize => {
    const w = await worlds.open(market(numbers(1)))
    await hold(w, FIRST as string)
    const order = await place(w, ACME, 2, rangeSize)
    expect((await w.core.orders.byGuid(order.guid))?.status).toBe('pending')
    await bring(w, numbers(2))
    expect([(await w.core.orders.byGuid(order.guid))?.status, await ownedBy(w)]).toEqual(['pending', []])
    await expect(w.core.orders.complete(null, order.id, '')).rejects.toMatchObject({ code: 'number_unavailable' })
    expect((await place(w, ACME, 2, rangeSize)).status).toBe('completed')
    expect(await ownedBy(w)).toEqual([FIRST, SECOND])
    await sound(w)
  })

  it('an order for a range takes none of the single numbers that its account holds', async () => {
    const stock = numbers(15)
    const w = await worlds.open(market(stock))
    await hold(w, ...stock.slice(5).map(({ e164 }) => String(e164)))
    expect((await place(w, ACME, 10, 10)).status).toBe('pending')
    expect([await ownedBy(w), await balanceOf(w, ACME)]).toEqual([[], 1000])
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

  it('of a currency in which it has no balance an account has nothing', async () => {
    const w = await worlds.open(market(numbers(1, '212789', { currency: 'EUR' })))
    await expect(place(w, ON_CREDIT, 1)).rejects.toMatchObject({
      ...{ code: 'insufficient_funds', details: { currency: 'EUR', required: 3 * USD, available: 0 } },
    })
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

  it('an operator completes no order that cannot be paid, and is told what it costs', async () => {
    const w = await worlds.open(market([]))
    const order = await place(w, ON_CREDIT, 1)
    await bring(w, numbers(1, '212789', DEAR))
    await expect(w.core.orders.complete(null, order.id, '')).rejects.toMatchObject({
      ...{ code: 'insufficient_funds', details: { currency: 'USD', required: 101 * USD, available: 5 * USD } },
    })
    expect(await statusOf(w, order)).toBe('pending')
    await sound(w)
  })

  it('an order for a range that is too dear gets no single numbers in its place', async () => {
    const w = await worlds.open(market([]))
    await w.core.accounts.update(null, ON_CREDIT, { creditLimit: { currency: 'USD', amount: 30 * USD } })
    const order = await place(w, ON_CREDIT, 10, 10)
    await bring(w, [...numbers(10, '212789', DEAR), ...numbers(25, '212790').slice(15)])
    await expect(w.core.orders.complete(null, order.id, '')).rejects.toMatchObject({ code: 'insufficient_funds' })
    expect([await statusOf(w, order), await balanceOf(w, ON_CREDIT)]).toEqual(['pending', 0])
    await sound(w)
  })

  it.each([
    0, 1,
  ])('an order that waits gets the lowest that its account can pay, where lower ones are too dear: ranges of %i', async rangeSize => {
    const w = await worlds.open(market([]))
    const order = await place(w, ON_CREDIT, 1, rangeSize)
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

  describe('that keep their numbers', () => {
    const keep = async (w: TestWorld, e164: string) => {
      const caller = await callerOf(w, ACME)
      const order = await w.core.orders.keep(caller, {
        ...{ dialect: 'sinch', keepMs: DAY, settings: {}, schedule: [], callbackUrl: null, data: () => ({}) },
        wish: { e164s: [e164] },
      })
      const paper = { type: 'id', fileName: `${e164}.pdf`, contentType: 'application/pdf' } as const
      await w.core.documents.attach(caller, order.id, { ...paper, content: Buffer.from('%PDF') })
      return w.core.orders.submit(caller, order.id)
    }
    const papersOf = (w: TestWorld) =>
      w.store.read(db =>
        db.selectFrom('documents').select(['order_id', 'lease_id', 'status', 'updated_at']).orderBy('id').execute(),
      )

    it('one that is completed hands over its own papers, looked through at that moment, and leaves the others alone', async () => {
      const w = await worlds.open(market(numbers(2)))
      const first = await keep(w, FIRST as string)
      const second = await keep(w, SECOND as string)
      const began = w.core.clock.now()
      w.setClockOnly(began + 1)
      await w.core.orders.complete(null, first.id, '')
      const { lease } = (await w.core.numbers.leaseOf(FIRST as string)) as { lease: { id: number } }
      const looked = { status: 'approved', updated_at: began + 1 }
      expect(await papersOf(w)).toEqual([
        { order_id: first.id, lease_id: expect.anything(), ...looked },
        { order_id: second.id, lease_id: expect.anything(), status: 'pending', updated_at: began },
        { order_id: null, lease_id: lease.id, ...looked },
      ])
      const due = await w.store.read(db => db.selectFrom('orders').select(['id', 'due_at']).orderBy('id').execute())
      expect(due.slice(0, 2)).toEqual([
        { id: first.id, due_at: null },
        { id: second.id, due_at: expect.any(Number) },
      ])
      await sound(w)
    })

    it('one that has lost a number is completed with none', async () => {
      const w = await worlds.open(market(numbers(1)))
      const order = await keep(w, FIRST as string)
      await w.core.numbers.block(null, FIRST as string, 'fraud')
      const refused = { code: 'number_unavailable' }
      await expect(w.core.orders.complete(null, order.id, '')).rejects.toMatchObject(refused)
      expect(await statusOf(w, order)).toBe('pending')
    })
  })

  it('an operator completes no order for which there are too few numbers', async () => {
    const w = await worlds.open(market([]))
    const order = await place(w, ACME, 1)
    const refused = { code: 'number_unavailable' }
    await expect(w.core.orders.complete(null, order.id, '')).rejects.toMatchObject(refused)
    expect((await w.core.orders.byGuid(order.guid))?.status).toBe('pending')
  })
})
