/** Lists of orders: which are in them, in what order, and page by page. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Order } from '../../core/ground/model.ts'
import type { OrderFilter } from '../../core/verbs.ts'
import { engines } from '../support/engines.ts'
import { ACME, buy, callerOf, DAY, market, numbers, OTHER } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const [A, B, C] = numbers(3).map(({ e164 }) => String(e164)) as [string, string, string]

describe.each(engines())('lists of orders on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  let profile: number
  let orders: Order[]
  let back: Order
  let moved: Order
  const NOW = Date.parse('2026-06-01T00:00:00Z')
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  const place = async (id: number, day: number, more: object = {}) => {
    w.setClockOnly(NOW + day * DAY)
    const asked = { dialect: 'cm', filter: { country: 'DE' }, quantity: 1, rangeSize: 0, data: {} }
    return w.core.orders.place(await callerOf(w, id), { ...asked, ...more })
  }
  /** One a day: of two accounts, by two surfaces; then two that are no requests. */
  beforeEach(async () => {
    w = await worlds.open(market(numbers(3)))
    const made = { accountId: ACME, status: 'approved', country: 'US', data: {} } as const
    profile = (await w.core.companyProfiles.create(null, { ...made, types: ['local'] })).id
    await buy(w, ACME, A, B)
    orders = [
      await place(ACME, 1, { data: { name: 'x', customer: 'one' } }),
      await place(OTHER, 2, { data: { name: 'xx' } }),
      await place(ACME, 3, { dialect: 'bandwidth', companyProfileId: profile, data: { other: 'x' } }),
      await place(ACME, 4, { filter: { country: 'US' } }),
    ]
    w.setClockOnly(NOW + 5 * DAY)
    const caller = await callerOf(w, ACME)
    back = await w.core.orders.giveBack(caller, { dialect: 'bandwidth', e164s: [A, '+12127899999'], data: {} })
    moved = await w.core.orders.move(caller, { dialect: 'bandwidth', e164s: [B, C], data: {}, settings: {} })
  })

  const list = (filter: OrderFilter, limit = 9, offset = 0) => w.core.orders.list(filter, { limit, offset })
  /** By their place in the days, newest first. */
  const days = async (filter: OrderFilter) => {
    const { items, total } = await list(filter)
    expect(total).toBe(items.length)
    return items.map(({ id }) => orders.findIndex(each => each.id === id) + 1)
  }

  it('requests are listed newest first, whoever made them, and nothing that is none', async () => {
    expect(await days({})).toEqual([4, 3, 2, 1])
  })

  it('of one account, in the statuses that are named, by surface and by profile', async () => {
    expect(await days({ accountId: ACME })).toEqual([4, 3, 1])
    expect(await days({ accountId: OTHER })).toEqual([2])
    expect(await days({ status: 'completed' })).toEqual([4])
    expect(await days({ accountId: ACME, status: ['completed', 'pending'] })).toEqual([4, 3, 1])
    expect(await days({ status: 'rejected' })).toEqual([])
    expect(await days({ status: [] })).toEqual([])
    expect(await days({ dialect: 'bandwidth' })).toEqual([3])
    expect(await days({ companyProfileId: profile })).toEqual([3])
    expect(await days({ companyProfileId: profile + 1 })).toEqual([])
  })

  it('from when to when they were made, and changed last: the first moment is in it, the end is not', async () => {
    const day = (n: number) => NOW + n * DAY
    expect(await days({ from: day(2) })).toEqual([4, 3, 2])
    expect(await days({ until: day(2) })).toEqual([1])
    expect(await days({ from: day(2), until: day(4) })).toEqual([3, 2])
    expect(await days({ changedFrom: day(5) })).toEqual([])
    await w.core.orders.cancel(await callerOf(w, OTHER), (orders[1] as Order).id)
    expect(await days({ changedFrom: day(4) })).toEqual([4, 2])
    expect(await days({ changedFrom: day(5) })).toEqual([2])
    expect(await days({ changedUntil: day(4) })).toEqual([3, 1])
    expect(await days({ changedUntil: day(5) })).toEqual([4, 3, 1])
    expect(await days({ from: day(2), until: day(3) })).toEqual([2])
  })

  it('by what their customers called them: the whole word under the same name', async () => {
    expect(await days({ data: { name: 'x' } })).toEqual([1])
    expect(await days({ data: { name: 'x', customer: 'one' } })).toEqual([1])
    expect(await days({ data: { name: 'x', customer: 'two' } })).toEqual([])
    expect(await days({ data: { name: '%' } })).toEqual([])
  })

  it('orders of other kinds by the numbers that they did something with, or could not', async () => {
    const ids = async (filter: OrderFilter) => (await list(filter)).items.map(({ id }) => id)
    expect(await ids({ kind: 'return' })).toEqual([back.id])
    expect(await ids({ kind: 'move', accountId: ACME })).toEqual([moved.id])
    expect(await ids({ kind: 'move', accountId: OTHER })).toEqual([])
    for (const e164 of [A, '+12127899999']) {
      expect([await ids({ kind: 'return', e164 }), await ids({ kind: 'move', e164 })]).toEqual([[back.id], []])
    }
    for (const e164 of [B, C]) {
      expect([await ids({ kind: 'return', e164 }), await ids({ kind: 'move', e164 })]).toEqual([[], [moved.id]])
    }
    expect([await ids({ kind: 'return', e164: '+1212789' }), await ids({ e164: A })]).toEqual([[], []])
  })

  it('page by page, or from one on: the total tells of all', async () => {
    const page = async (filter: OrderFilter, limit: number, offset: number) => {
      const { items, total } = await list(filter, limit, offset)
      return [...items.map(({ id }) => orders.findIndex(each => each.id === id) + 1), total]
    }
    expect(await page({}, 2, 0)).toEqual([4, 3, 4])
    expect(await page({}, 2, 1)).toEqual([3, 2, 4])
    expect(await page({ accountId: ACME }, 1, 2)).toEqual([1, 3])
    expect(await page({ upTo: (orders[2] as Order).id }, 2, 0)).toEqual([3, 2, 4])
    expect(await page({ upTo: 0 }, 2, 0)).toEqual([4])
  })
})
