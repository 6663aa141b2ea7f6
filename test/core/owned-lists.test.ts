/** Lists of owned numbers: whose they are, in which order, page by page in either direction, and how many there are in all. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Cursor } from '../../core/ground/model.ts'
import type { OwnedFilter, OwnedOrder } from '../../core/verbs.ts'
import { engines } from '../support/engines.ts'
import { ACME, bring, buy, CHILD, callerOf, DAY, holding, market, number, OTHER, release } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const START = '2026-06-01T00:00:00Z'
const NOW = Date.parse(START)
const DIALECT = 'sinch'
const n = (last: number) => `+1212789010${last}`
const ALL = { limit: 99, offset: 0 }
const SECOND = ACME * 100 + 1

describe.each(engines())('lists of owned numbers on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  type Options = NonNullable<Parameters<TestWorld['core']['numbers']['owned']>[2]>
  const list = async (filter: Partial<OwnedFilter> = {}, page = ALL, options: Options = {}) => {
    const { items, total } = await w.core.numbers.owned({ accountIds: [ACME], ...filter }, page, options)
    return [total, ...items.map(({ number: { e164 } }) => Number(e164.at(-1)))]
  }
  const set = async (last: number, change: Parameters<TestWorld['core']['numbers']['configure']>[2]) =>
    w.core.numbers.configure(await callerOf(w, ACME), (await holding(w, n(last))).lease.id, change)

  /**
   * Acme has 4, 1, 5, 3 in order of its buying, the first two at one moment; 3 is the oldest of the inventory. Its child
   * has 2, another account 6.
   */
  beforeEach(async () => {
    w = await worlds.open(market([number(n(3))]), { now: START })
    w.setClockOnly(NOW + 1000)
    await bring(
      w,
      [1, 2, 4, 5, 6].map(last => number(n(last))),
    )
    const clerk = { username: 'bea', authUsername: 'bea_1', role: 'user' } as const
    await w.core.directory.createUser(null, { id: SECOND, organizationId: ACME * 10, ...clerk })
    await buy(w, OTHER, n(6))
    await buy(w, ACME, n(4))
    await buy(w, ACME, n(1))
    await buy(w, CHILD, n(2))
    w.setClockOnly(NOW + 2000)
    await buy(w, ACME, n(5))
    w.setClockOnly(NOW + 3000)
    await buy(w, ACME, n(3))
  })

  it('is of the accounts that are asked for and of nobody else, with their total', async () => {
    expect(await list()).toEqual([4, 4, 1, 5, 3])
    expect(await list({ accountIds: [CHILD] })).toEqual([1, 2])
    expect(await list({ accountIds: [ACME, CHILD] })).toEqual([5, 4, 1, 2, 5, 3])
    expect(await list({ accountIds: [CHILD, OTHER] })).toEqual([2, 6, 2])
    expect(await list({ accountIds: [999] })).toEqual([0])
    expect(await list({ accountIds: [] })).toEqual([0])
  })

  const ORDERS: [OwnedOrder | undefined, number[]][] = [
    [undefined, [4, 1, 5, 3]],
    ['lease', [4, 1, 5, 3]],
    ['number', [1, 3, 4, 5]],
    ['started', [4, 1, 5, 3]],
    ['created', [3, 4, 1, 5]],
    ['user', [1, 3, 4, 5]],
    [{ setting: 'name' }, [3, 1, 5, 4]],
  ]

  const arranged = async () => {
    await set(4, { userId: SECOND, settings: { dialect: DIALECT, value: { name: 'b', other: 'a' } } })
    await set(5, { userId: SECOND, settings: { dialect: DIALECT, value: { name: 'a' } } })
    await set(1, { settings: { dialect: DIALECT, value: { name: 'B' } } })
    await set(3, { settings: { dialect: 'other', value: { name: 'z' } } })
  }

  it.each(ORDERS)('in the order of %j, and against it', async (orderBy, expected) => {
    await arranged()
    const options = { dialect: DIALECT, ...(orderBy && { orderBy }) }
    const [total, ...found] = await list({}, ALL, options)
    expect([total, found]).toEqual([4, expected])
    expect(await list({}, ALL, { ...options, descending: true })).toEqual([4, ...[...expected].reverse()])
    const parts = [0, 1, 2, 3, 4].map(offset => list({}, { limit: 2, offset }, options))
    expect(await Promise.all(parts)).toEqual([0, 1, 2, 3, 4].map(at => [4, ...expected.slice(at, at + 2)]))
  })

  it.each(
    ORDERS.filter(([order]) => order !== 'user'),
  )('page by page by their cursors in the order of %j, and back again', async (orderBy, expected) => {
    await arranged()
    const walk = async (descending: boolean, start: Cursor | 'start', side: 'after' | 'before') => {
      const pages: number[][] = []
      let last: Cursor | undefined
      for (let from: Cursor | 'start' | undefined = start; from !== undefined; ) {
        const options: Options = { dialect: DIALECT, descending, ...(orderBy && { orderBy }) }
        const page = { limit: 3, offset: 0, from }
        const listed = await w.core.numbers.owned({ accountIds: [ACME] }, page, options)
        expect(listed.total).toBe(4)
        pages.push(listed.items.map(({ number: { e164 } }) => Number(e164.at(-1))))
        last = listed[side === 'after' ? 'before' : 'after']
        from = listed[side]
      }
      return { pages, last }
    }
    for (const descending of [false, true]) {
      const order = descending ? [...expected].reverse() : expected
      const there = await walk(descending, 'start', 'after')
      expect(there.pages).toEqual([order.slice(0, 3), order.slice(3)])
      const back = await walk(descending, there.last as Cursor, 'before')
      expect(back.pages).toEqual([order.slice(0, 3)])
      const again = await walk(descending, back.last as Cursor, 'after')
      expect(again.pages).toEqual([order.slice(3)])
    }
  })

  it('a number is shown with its own billing, routes by their priority and the settings of who asks', async () => {
    const route = (priority: number, target: string) => ({ priority, kind: 'sip' as const, target })
    await set(4, { routes: [route(2, 'sip:b'), route(1, 'sip:a'), route(2, 'sip:c')] })
    await set(4, { settings: { dialect: DIALECT, value: { name: 'four' } } })
    await set(4, { settings: { dialect: 'other', value: { name: 'not four' } }, label: 'desk' })
    await set(1, { routes: [route(1, 'sip:one')] })
    const options = { dialect: DIALECT }
    const { items } = await w.core.numbers.owned({ accountIds: [ACME] }, ALL, options)
    const [four, one] = items
    expect(four?.routes.map(({ target }) => target)).toEqual(['sip:a', 'sip:b', 'sip:c'])
    expect([four?.settings, four?.lease.label]).toEqual([{ name: 'four' }, 'desk'])
    expect([one?.settings, one?.routes.map(({ target }) => target)]).toEqual([{}, ['sip:one']])
    for (const each of items) {
      expect([each.subscription.leaseId, each.lease.numberId]).toEqual([each.lease.id, each.number.id])
      expect(await w.core.numbers.lease(each.lease.id, DIALECT)).toEqual(each)
      expect(await w.core.numbers.leaseOf(each.number.e164, DIALECT)).toEqual(each)
    }
    const bare = (await w.core.numbers.owned({ accountIds: [ACME] }, ALL)).items[0]
    expect([bare?.settings, (await holding(w, n(4))).settings]).toEqual([{}, {}])
    expect((await w.core.numbers.leaseOf(n(4), 'other'))?.settings).toEqual({ name: 'not four' })
  })

  it('what was given back is in no list from that instant on, told by the clock and not by what was tidied', async () => {
    const { lease } = await holding(w, n(4))
    const mode = { kind: 'window', ms: DAY, chargeFee: false } as const
    await w.core.numbers.release(await callerOf(w, ACME), [lease.id], mode)
    await release(w, ACME, n(1))
    const end = w.core.clock.now() + DAY
    const seen = async () => [
      await list(),
      await list({ states: ['active', 'releasing'] }),
      await list({ userId: ACME * 100 }),
      (await w.core.numbers.lease(lease.id)) !== undefined,
      (await w.core.numbers.leaseOf(n(4))) !== undefined,
    ]
    w.setClockOnly(end - 1)
    expect(await seen()).toEqual([[3, 4, 5, 3], [3, 4, 5, 3], [3, 4, 5, 3], true, true])
    w.setClockOnly(end)
    expect(await seen()).toEqual([[2, 5, 3], [2, 5, 3], [2, 5, 3], false, false])
    expect(await w.core.numbers.lease(999_999)).toBeUndefined()
    expect(await w.core.numbers.leaseOf('+12127899999')).toBeUndefined()
  })
})
