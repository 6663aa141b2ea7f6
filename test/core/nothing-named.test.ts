/** An empty list is one that names nothing: what is asked by it finds nothing, and what is done by it does nothing. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Caller } from '../../core/ground/model.ts'
import { engines } from '../support/engines.ts'
import { ACME, buy, callerOf, market, numbers, sound } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const PAGE = { limit: 9, offset: 0 }
const UNTIL = Date.parse('2026-06-02T00:00:00Z')

describe.each(engines())('lists of nothing on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  let acme: Caller
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  beforeEach(async () => {
    w = await worlds.open(market(numbers(3)))
    acme = await callerOf(w, ACME)
    await buy(w, ACME, '+12127890100')
  })
  afterAll(() => worlds.drop())

  it('find nothing, where without the list there is something', async () => {
    const { inventory, numbers, ledger, oversight, places } = w.core
    const asked = {
      countries: async (types?: []) => [...(await inventory.countries({ ...(types && { types }) }))],
      cities: async (types?: []) => [...(await inventory.cityIds({ country: 'US', ...(types && { types }) }))],
      blocks: (npas?: []) => inventory.blocks({ ...(npas && { npas }) }),
      shelf: async (types?: []) => (await numbers.search({ ...(types && { types }) }, PAGE, true)).items,
      owned: async (types?: []) => (await numbers.owned({ accountIds: [ACME], ...(types && { types }) }, PAGE)).items,
      postings: async (kinds?: []) =>
        (await ledger.transactions({ accountId: ACME, ...(kinds && { kinds }) }, PAGE)).items,
      everything: async (states?: []) => (await oversight.numbers({ ...(states && { states }) }, PAGE)).items,
      places: (ids?: []) => places.list({ ...(ids && { ids }) }),
    }
    for (const [name, ask] of Object.entries(asked)) {
      expect((await ask()).length, `${name}, all`).toBeGreaterThan(0)
      expect(await ask([]), `${name}, of none`).toEqual([])
    }
    expect(await inventory.localities({ country: 'US', types: [] })).toEqual([])
    expect(await numbers.findAll([])).toEqual([])
  })

  it('do nothing, and what must name something says so', async () => {
    const { numbers, orders, carts, holds, documents } = w.core
    const request = { dialect: 'd', e164s: [], data: {} }
    const before = await w.core.ledger.balance(ACME, 'USD')
    expect(await numbers.release(acme, [], { kind: 'now' })).toEqual([])
    expect(await numbers.reconfigureAll(acme, [], 'd', () => ({}))).toEqual([])
    expect(await orders.giveBack(acme, request)).toMatchObject({ quantity: 0 })
    expect(await orders.move(acme, { ...request, settings: {} })).toMatchObject({ quantity: 0 })
    expect(await carts.add(acme, [], 'USD')).toEqual([])
    expect(await holds.extend(acme, [], UNTIL)).toEqual([])
    await holds.giveUp(acme, [])
    const file = { type: 'id', fileName: '', contentType: '', content: new Uint8Array() } as const
    expect(await documents.upload(acme, [], file)).toEqual([])
    const none = { code: 'number_unavailable', details: { e164s: [] } }
    const terms = { documents: 'allow' } as const
    await expect(numbers.purchase(acme, [], terms)).rejects.toMatchObject(none)
    await expect(holds.take(acme, { e164s: [] }, { ...terms, until: UNTIL })).rejects.toMatchObject(none)
    await expect(carts.checkout(acme, [], terms)).rejects.toMatchObject({ code: 'wrong_state' })
    expect(await w.core.ledger.balance(ACME, 'USD')).toEqual(before)
    await sound(w)
  })
})
