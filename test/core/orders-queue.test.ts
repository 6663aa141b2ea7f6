/** Many orders that wait: who is found behind them, and how many of one account there may be. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wantedColumns } from '../../core/orders/wanted.ts'
import type { NumberFilter } from '../../core/verbs.ts'
import { engines } from '../support/engines.ts'
import {
  ACME,
  balanceOf,
  bring,
  buy,
  callerOf,
  market,
  number,
  numbers,
  ON_CREDIT,
  OTHER,
  sound,
  USD,
} from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const AREA: NumberFilter = { country: 'US', areaCode: '212' }
/** Of one account. */
const MOST = 500

describe.each(engines())('queues of orders on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  const place = async (w: TestWorld, id: number, quantity: number, filter = AREA) =>
    w.core.orders.place(await callerOf(w, id), { dialect: 'cm', filter, quantity, rangeSize: 0, data: {} })
  const statusOf = async (w: TestWorld, { id }: { id: number }) => (await w.core.orders.find(id))?.status

  /** As if an account had placed so many of them by and by: straight into the tables, so that the test is short. */
  async function queue(w: TestWorld, id: number, count: number, quantity: number): Promise<void> {
    const like = await place(w, id, quantity)
    await w.store.write(async db => {
      const row = await db.selectFrom('orders').selectAll().where('id', '=', like.id).executeTakeFirstOrThrow()
      for (let n = 1; n < count; n++) {
        const { id: _, ...order } = { ...row, guid: `${like.guid} ${n}` }
        const made = await db.insertInto('orders').values(order).returning('id').executeTakeFirstOrThrow()
        const wanted = { ...wantedColumns(AREA), quantity, range_size: 0, lacks: 'numbers' }
        await db
          .insertInto('waiting_orders')
          .values({ order_id: made.id, account_id: row.account_id, payer_id: row.payer_id, ...wanted })
          .execute()
      }
    })
  }

  it('an order is found behind a thousand older ones that numbers are too few for', async () => {
    const w = await worlds.open(market([]))
    for (const id of [OTHER, ACME, ON_CREDIT]) await queue(w, id, MOST - 1, 3)
    const [last, next] = [await place(w, ACME, 2), await place(w, OTHER, 1)]
    await bring(w, numbers(2))
    expect([await statusOf(w, last), await statusOf(w, next), await balanceOf(w, ACME)]).toEqual([
      ...['completed', 'pending', 994],
    ])
    await sound(w)
  }, 60_000)

  it('what one account has waiting holds up no other; of its own at most so many wait, and any that can be filled is', async () => {
    const w = await worlds.open(market([]))
    await queue(w, OTHER, MOST, 3)
    const limit = { code: 'limit_reached', details: { what: 'open requests', limit: MOST } }
    await expect(place(w, OTHER, 1)).rejects.toMatchObject(limit)
    expect((await place(w, ACME, 1)).status).toBe('pending')
    const parts = { dialect: 'bandwidth', wish: { filter: AREA, quantity: 2 }, partial: true, data: {} }
    const caller = await callerOf(w, OTHER)
    await bring(w, [number('+13105550100'), ...numbers(1)])
    await expect(w.core.orders.placeParts(caller, { ...parts, mayWait: true })).rejects.toMatchObject(limit)
    expect((await w.core.orders.list({ accountId: OTHER }, { limit: 1, offset: 0 })).total).toBe(MOST)
    expect((await place(w, OTHER, 1, { areaCode: '310' })).status).toBe('completed')
    const { items } = await w.core.orders.list({ accountId: OTHER, status: 'pending' }, { limit: 1, offset: 0 })
    await w.core.orders.cancel(caller, items[0]?.id as number)
    expect((await place(w, OTHER, 1)).status).toBe('pending')
    await sound(w)
  }, 60_000)

  it('money fills the orders of whoever it came to, and of nobody else, where numbers lie on the shelf', async () => {
    const w = await worlds.open(market([]))
    await w.core.accounts.update(null, ON_CREDIT, { creditLimit: { currency: 'USD', amount: 0 } })
    const poor = await place(w, ON_CREDIT, 1)
    const many = await place(w, OTHER, 3)
    await bring(w, numbers(1))
    expect([await statusOf(w, poor), await statusOf(w, many)]).toEqual(['pending', 'pending'])
    await w.core.ledger.topUp(null, OTHER, 'USD', 50 * USD)
    expect([await statusOf(w, poor), await statusOf(w, many)]).toEqual(['pending', 'pending'])
    await w.core.ledger.topUp(null, ON_CREDIT, 'USD', 2 * USD)
    expect(await statusOf(w, poor)).toBe('pending')
    await w.core.ledger.topUp(null, ON_CREDIT, 'USD', USD)
    expect([await statusOf(w, poor), await statusOf(w, many)]).toEqual(['completed', 'pending'])
    expect([await balanceOf(w, ON_CREDIT), await balanceOf(w, OTHER)]).toEqual([0, 1050])
    await sound(w)
  })

  const DEAR = { monthly_price: '100' }
  const WEST: NumberFilter = { country: 'US', areaCode: '310' }

  it.each([
    ['212789', '310555', AREA, WEST],
    ['310555', '212789', WEST, AREA],
  ])('who lacks money for one order gets another that it can pay: %s', async (here, there, filter, other) => {
    const w = await worlds.open(market([]))
    const [two, one] = [await place(w, ON_CREDIT, 2, filter), await place(w, ON_CREDIT, 1, other)]
    const states = async () => [await statusOf(w, two), await statusOf(w, one)]
    await bring(w, [...numbers(2, here, DEAR), ...numbers(1, there, DEAR)])
    expect(await states()).toEqual(['pending', 'pending'])
    const come = numbers(4, here, { monthly_price: '1' }).slice(2)
    await bring(w, [...come, ...numbers(2, there, DEAR).slice(1)])
    expect([await states(), await balanceOf(w, ON_CREDIT)]).toEqual([['completed', 'pending'], -4])
    await sound(w)
  })

  it('where an older order cannot be paid, or asks for more than there is by now, others get what comes', async () => {
    const w = await worlds.open(market([]))
    const older = await place(w, ON_CREDIT, 2)
    const next = await place(w, OTHER, 3)
    await bring(w, numbers(2, '212789', DEAR))
    expect([await statusOf(w, older), await statusOf(w, next)]).toEqual(['pending', 'pending'])
    await bring(w, numbers(3, '212789', DEAR).slice(2))
    expect([await statusOf(w, older), await statusOf(w, next)]).toEqual(['pending', 'completed'])
    const last = await place(w, ACME, 1)
    await bring(w, numbers(4, '212789', DEAR).slice(3))
    expect([await statusOf(w, older), await statusOf(w, last)]).toEqual(['pending', 'completed'])
    await sound(w)
  })

  it('what would be filled at once is told before it is ordered, money aside', async () => {
    const w = await worlds.open(market(numbers(20).slice(10)))
    const isFillable = (quantity: number, rangeSize = 0) =>
      w.core.orders.isFillable({ filter: AREA, quantity, rangeSize })
    expect(await Promise.all([1, 10, 11].map(quantity => isFillable(quantity)))).toEqual([true, true, false])
    expect([await isFillable(10, 10), await isFillable(20, 10)]).toEqual([true, false])
    await buy(w, OTHER, '+12127890115')
    expect([await isFillable(9), await isFillable(10), await isFillable(10, 10)]).toEqual([true, false, false])
  })
})
