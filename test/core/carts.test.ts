/** Carts: what is in them, whose they are, and what a checkout buys. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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
  release,
  sound,
} from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const [A, B, C] = numbers(3).map(({ e164 }) => String(e164)) as [string, string, string]
const NOWHERE = '+12127899999'
const IN_EUROS = '+12127890200'
const TERMS = { documents: 'allow' } as const

describe.each(engines())('carts on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  const open = () => worlds.open(market(numbers(3)))
  const add = async (w: TestWorld, id: number, e164s: string[], currency = 'USD') =>
    (await w.core.carts.add(await callerOf(w, id), e164s, currency)).map(({ e164 }) => e164)
  const remove = async (w: TestWorld, id: number, e164s: string[]) => w.core.carts.remove(await callerOf(w, id), e164s)
  const checkout = async (w: TestWorld, id: number, e164s?: string[]) =>
    (await w.core.carts.checkout(await callerOf(w, id), e164s, TERMS)).owned.map(({ number }) => number.e164)
  const cartOf = async (w: TestWorld, id: number) => (await w.core.carts.list(id)).map(({ e164 }) => e164)
  const ownedBy = async (w: TestWorld, id: number) =>
    (await w.core.numbers.owned({ accountIds: [id] }, { limit: 9, offset: 0 })).items.map(each => each.number.e164)
  const pass = (w: TestWorld) => w.setClockOnly(w.core.clock.now() + 1000)

  it('a cart keeps the order in which it was filled, by number what came together, and each number once', async () => {
    const w = await worlds.open(market(numbers(3).slice(1)))
    await bring(w, numbers(1)) // the lowest came last
    expect(await add(w, ACME, [C])).toEqual([C])
    pass(w)
    expect(await add(w, ACME, [B, A])).toEqual([B, A])
    pass(w)
    expect(await add(w, ACME, [C, A])).toEqual([C, A])
    expect(await cartOf(w, ACME)).toEqual([C, A, B])
    expect(await checkout(w, ACME)).toEqual([C, A, B])
    expect(await balanceOf(w, ACME)).toBe(991)
    await sound(w)
  })

  it('what was bought has left the cart, and does not come back when it is released', async () => {
    const w = await open()
    await add(w, ACME, [A, B, C])
    await checkout(w, ACME, [A, B])
    for (const e164 of [A, B]) await release(w, ACME, e164)
    expect(await cartOf(w, ACME)).toEqual([C])
    await checkout(w, ACME)
    await release(w, ACME, C)
    expect(await cartOf(w, ACME)).toEqual([])
  })

  it('a cart takes all the numbers that it is given or none, and those only that can be bought in the currency', async () => {
    const w = await worlds.open(market([...numbers(3), number(IN_EUROS, { currency: 'EUR' })]))
    await buy(w, OTHER, B)
    for (const gone of [B, NOWHERE, IN_EUROS]) {
      const refused = { code: 'number_unavailable', details: { e164s: [gone] } }
      await expect(add(w, ACME, [A, gone, C])).rejects.toMatchObject(refused)
      expect(await cartOf(w, ACME)).toEqual([])
    }
    await expect(add(w, ACME, [B])).rejects.toMatchObject({
      why: { sentence: expect.stringContaining(`${B} is owned by account ${OTHER}`) },
    })
    expect(await add(w, ACME, [IN_EUROS], 'EUR')).toEqual([IN_EUROS])
    expect(await add(w, ACME, [])).toEqual([])
    expect(await cartOf(w, ACME)).toEqual([IN_EUROS])
  })

  it('a cart keeps its order although the clock goes back', async () => {
    const w = await open()
    const at = (seconds: number) => w.setClockOnly(Date.parse('2026-06-01T00:00:00Z') + seconds * 1000)
    const steps: [number, number, string][] = [
      [0, ACME, A],
      [0, OTHER, B],
      [60, ACME, B],
      [30, ACME, C],
      [31, OTHER, A],
    ]
    for (const [seconds, id, e164] of steps) {
      at(seconds)
      await add(w, id, [e164])
    }
    expect([await cartOf(w, ACME), await cartOf(w, OTHER)]).toEqual([
      [A, B, C],
      [B, A],
    ])
    // that of one account tells nothing of the time in another's
    const times = await w.store.read(db => db.selectFrom('carts').select('added_at').distinct().execute())
    expect(times.map(({ added_at }) => added_at - w.core.clock.now()).toSorted((a, b) => a - b)).toEqual([
      -31000, 0, 29000,
    ])
  })

  it('a cart is seen, emptied and bought by its own account alone', async () => {
    const w = await open()
    await add(w, ACME, [A, B])
    await add(w, OTHER, [B, C])
    const missing = (e164: string) => ({ code: 'not_found', details: { what: 'cart_entry', id: e164 } })
    await expect(remove(w, OTHER, [A])).rejects.toMatchObject(missing(A))
    await expect(checkout(w, OTHER, [A])).rejects.toMatchObject(missing(A))
    await remove(w, OTHER, [B])
    expect([await cartOf(w, ACME), await cartOf(w, OTHER)]).toEqual([[A, B], [C]])
    expect(await checkout(w, OTHER)).toEqual([C])
    expect([await cartOf(w, ACME), await balanceOf(w, ACME)]).toEqual([[A, B], 1000])
  })

  it('what is named and not in the cart lets nothing be removed or bought', async () => {
    const w = await open()
    await add(w, ACME, [A, B])
    const missing = { code: 'not_found', details: { what: 'cart_entry', id: C } }
    await expect(remove(w, ACME, [A, C])).rejects.toMatchObject(missing)
    await expect(checkout(w, ACME, [A, C])).rejects.toMatchObject(missing)
    await remove(w, ACME, [])
    expect([await cartOf(w, ACME), await ownedBy(w, ACME)]).toEqual([[A, B], []])
    expect(await checkout(w, ACME, [B])).toEqual([B])
    expect([await cartOf(w, ACME), await ownedBy(w, ACME)]).toEqual([[A], [B]])
    await sound(w)
  })

  it('a cart reserves nothing: what somebody else bought is not in it, and is again when it can be bought', async () => {
    const w = await open()
    await add(w, ACME, [A, B])
    await buy(w, OTHER, A)
    expect(await cartOf(w, ACME)).toEqual([B])
    await release(w, OTHER, A)
    expect(await cartOf(w, ACME)).toEqual([A, B])
  })

  it('a checkout that finds one of its numbers sold buys none of them, and only that one leaves the cart', async () => {
    const w = await open()
    await add(w, ACME, [A, B])
    await add(w, OTHER, [A])
    await buy(w, OTHER, A)
    await expect(checkout(w, ACME)).rejects.toMatchObject({ code: 'number_unavailable', details: { e164s: [A] } })
    expect([await ownedBy(w, ACME), await balanceOf(w, ACME)]).toEqual([[], 1000])
    await release(w, OTHER, A)
    expect([await cartOf(w, ACME), await cartOf(w, OTHER)]).toEqual([[B], [A]])
    await sound(w)
  })

  it('a checkout that cannot be paid buys nothing and leaves the cart as it is', async () => {
    const w = await open()
    await add(w, ON_CREDIT, [A, B])
    await expect(checkout(w, ON_CREDIT)).rejects.toMatchObject({ code: 'insufficient_funds' })
    expect([await cartOf(w, ON_CREDIT), await ownedBy(w, ON_CREDIT)]).toEqual([[A, B], []])
    await sound(w)
  })

  it('there is nothing to check out in an empty cart', async () => {
    const w = await open()
    await add(w, OTHER, [A])
    const empty = { code: 'wrong_state', details: { what: 'cart_entry', state: 'empty' } }
    for (const e164s of [undefined, []]) await expect(checkout(w, ACME, e164s)).rejects.toMatchObject(empty)
    expect((await w.core.orders.list({}, { limit: 1, offset: 0 })).total).toBe(0)
  })
})
