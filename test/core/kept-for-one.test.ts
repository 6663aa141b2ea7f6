/** What an account gave back or holds: listed while it rests, its own to take back until an instant, and its place in lists. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Cursor } from '../../core/ground/model.ts'
import { engines } from '../support/engines.ts'
import { ACME, buy, CHILD, callerOf, DAY, holding, market, numbers, OTHER, release, sound } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const NOW = Date.parse('2026-06-01T00:00:00Z')
const [A, B, C, D] = ['+12127890100', '+12127890101', '+12127890102', '+12127890103'] as const
const ALL = { limit: 9, offset: 0 }
const TERMS = { documents: 'allow' } as const
const gone = { code: 'number_unavailable' }

describe.each(engines())('numbers kept for one account on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  beforeEach(async () => {
    w = await worlds.open(market(numbers(5), { quarantine_days: { '*': 3 }, reclaim_days: { '*': 2 } }))
  })
  afterAll(() => worlds.drop())

  const resting = async (id: number, page: Parameters<TestWorld['core']['numbers']['resting']>[1] = ALL) => {
    const { items, total } = await w.core.numbers.resting(id, page)
    return [total, ...items.map(({ e164 }) => e164)]
  }
  const find = async (e164: string) => {
    const found = await w.core.numbers.find(e164)
    if (!found) throw new Error(`no ${e164}`)
    return found
  }
  /** Who may have it now: everybody, or these; the same ones may have it in their carts. */
  const open = async (e164: string) => {
    const number = await find(e164)
    const able = [undefined, ACME, CHILD, OTHER].filter(id => w.core.numbers.isAvailable(number, id))
    for (const id of [ACME, CHILD, OTHER]) {
      const adding = w.core.carts.add(await callerOf(w, id), [e164], 'USD')
      const isAdded = await adding.then(
        () => true,
        ({ code }) => code !== gone.code,
      )
      const isListed = (await w.core.carts.list(id)).some(each => each.e164 === e164)
      expect([id, isAdded, isListed]).toEqual([id, able.includes(id), able.includes(id)])
    }
    return able
  }
  const purchase = async (id: number, e164: string) => w.core.numbers.purchase(await callerOf(w, id), [e164], TERMS)

  it('what an account gave back is listed for it until its rest is over, by number, and for nobody else', async () => {
    await buy(w, ACME, C, A, B)
    await buy(w, OTHER, D)
    await release(w, ACME, C)
    w.setClockOnly(NOW + 1000)
    await release(w, ACME, A)
    await release(w, OTHER, D)
    expect([await resting(ACME), await resting(OTHER), await resting(CHILD)]).toEqual([[2, A, C], [1, D], [0]])
    w.setClockOnly(NOW + 3 * DAY - 1)
    expect(await resting(ACME)).toEqual([2, A, C])
    w.setClockOnly(NOW + 3 * DAY)
    expect(await resting(ACME)).toEqual([1, A])
    w.setClockOnly(NOW + 3 * DAY + 1000)
    expect([await resting(ACME), await resting(OTHER)]).toEqual([[0], [0]])
    expect((await w.core.numbers.resting(ACME, ALL)).items).toEqual([])
  })

  it('what it took back, what others bought since, and what is stopped or waits for its end is not at rest', async () => {
    await buy(w, ACME, A, B, C, D)
    for (const e164 of [A, B, C]) await release(w, ACME, e164)
    await purchase(ACME, A)
    await w.core.numbers.block(null, B, 'x')
    const mode = { kind: 'window', ms: DAY, chargeFee: false } as const
    await w.core.numbers.release(await callerOf(w, ACME), [(await holding(w, D)).lease.id], mode)
    expect(await resting(ACME)).toEqual([1, C])
    await w.core.numbers.handOver(null, C, { accountId: OTHER, isCharged: false, reason: 'x' })
    expect(await resting(ACME)).toEqual([0])
  })

  it('it is listed page by page, there and back', async () => {
    const all = [A, B, C, D]
    await buy(w, ACME, ...all)
    for (const e164 of all) await release(w, ACME, e164)
    expect(await resting(ACME, { limit: 2, offset: 1 })).toEqual([4, B, C])
    // nobody asked where the pages beside it begin
    expect(Object.keys(await w.core.numbers.resting(ACME, { limit: 2, offset: 1 })).sort()).toEqual(['items', 'total'])
    const page = async (from: Cursor | 'start', offset = 0) => {
      const listed = await w.core.numbers.resting(ACME, { limit: 2, offset, from })
      expect(listed.total).toBe(4)
      return { ...listed, items: listed.items.map(({ e164 }) => e164) }
    }
    const first = await page('start')
    expect([first.items, first.before]).toEqual([[A, B], undefined])
    const second = await page(first.after as Cursor)
    expect([second.items, second.after]).toEqual([[C, D], undefined])
    const back = await page(second.before as Cursor)
    expect([back.items, back.before]).toEqual([[A, B], undefined])
    expect((await page(back.after as Cursor)).items).toEqual([C, D])
    const middle = await page('start', 1)
    expect([middle.items, (await page(middle.before as Cursor)).items]).toEqual([[B, C], [A]])
    expect((await page({ side: 'after', key: [D] })).items).toEqual([])
    const none = await page({ side: 'before', key: [A] })
    expect([none.items, none.before, none.after]).toEqual([[], undefined, undefined])
  })

  it('the last owner alone takes a number back, until that instant and no longer, and then nobody before its rest is over', async () => {
    await buy(w, ACME, A, B)
    for (const e164 of [A, B]) await release(w, ACME, e164)
    w.setClockOnly(NOW + 2 * DAY - 1)
    expect(await open(A)).toEqual([ACME])
    await w.core.numbers.block(null, A, 'x')
    expect(await open(A)).toEqual([])
    await expect(purchase(ACME, A)).rejects.toMatchObject(gone)
    await w.core.numbers.unblock(null, A, 'x')
    for (const id of [OTHER, CHILD]) await expect(purchase(id, A)).rejects.toMatchObject(gone)
    expect((await purchase(ACME, A)).owned[0]?.lease.accountId).toBe(ACME)
    w.setClockOnly(NOW + 2 * DAY)
    expect(await open(B)).toEqual([])
    for (const id of [ACME, OTHER]) await expect(purchase(id, B)).rejects.toMatchObject(gone)
    w.setClockOnly(NOW + 3 * DAY)
    expect(await open(B)).toEqual([undefined, ACME, CHILD, OTHER])
    expect((await purchase(OTHER, B)).owned[0]?.lease.accountId).toBe(OTHER)
    await sound(w)
  })

  it('the holder alone has what it holds, until that instant; then everybody', async () => {
    const until = NOW + DAY
    await w.core.holds.take(await callerOf(w, OTHER), { e164s: [A, B] }, { ...TERMS, until })
    expect([await open(A), await open(C)]).toEqual([[OTHER], [undefined, ACME, CHILD, OTHER]])
    w.setClockOnly(until - 1)
    for (const id of [ACME, CHILD]) await expect(purchase(id, A)).rejects.toMatchObject(gone)
    expect((await purchase(OTHER, A)).owned[0]?.lease.accountId).toBe(OTHER)
    expect([await open(A), await open(B)]).toEqual([[], [OTHER]])
    w.setClockOnly(until)
    expect(await open(B)).toEqual([undefined, ACME, CHILD, OTHER])
    expect((await purchase(ACME, B)).owned[0]?.lease.accountId).toBe(ACME)
  })

  it('a place in lists is that of a number it has, gave back, or handed on; nobody else’s and none that never was', async () => {
    const [a] = await buy(w, ACME, A)
    w.setClockOnly(NOW + 1000)
    const [b] = await buy(w, ACME, B)
    const [c] = await buy(w, OTHER, C)
    const place = (id: number, guid = '') => w.core.numbers.placeOf(id, guid)
    const at = { a: [NOW, a?.lease.id], b: [NOW + 1000, b?.lease.id], c: [NOW + 1000, c?.lease.id] }
    expect([await place(ACME, a?.lease.guid), await place(ACME, b?.lease.guid)]).toEqual([at.a, at.b])
    expect([await place(OTHER, c?.lease.guid), await place(ACME, c?.lease.guid)]).toEqual([at.c, undefined])
    expect([await place(CHILD, a?.lease.guid), await place(ACME, 'none')]).toEqual([undefined, undefined])
    await release(w, ACME, A)
    await w.core.numbers.move(await callerOf(w, ACME), b?.lease.id ?? 0, CHILD)
    w.setClockOnly(NOW + 3 * DAY + 1000)
    const [again] = await buy(w, OTHER, A)
    expect([await place(ACME, a?.lease.guid), await place(ACME, b?.lease.guid)]).toEqual([at.a, at.b])
    expect([await place(CHILD, b?.lease.guid), await place(OTHER, b?.lease.guid)]).toEqual([at.b, undefined])
    // the next ownership of the same number is another one
    expect([await place(ACME, again?.lease.guid), await place(OTHER, a?.lease.guid)]).toEqual([undefined, undefined])
  })
})
