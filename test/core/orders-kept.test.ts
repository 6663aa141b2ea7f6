/** Orders that keep their numbers from the start: until when, for whom, and how each of them ends. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../support/engines.ts'
import { ACME, balanceOf, CHILD, callerOf, DAY, OTHER, sound } from '../support/market.ts'
import { openWorlds } from '../support/world.ts'
import { A, B, C, canBuy, heldBy, keep, openMarket, read, submit, toldOf, WITH_PAPERS } from './kept-orders.ts'

describe.each(engines())('orders that keep their numbers on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  const open = () => openMarket(worlds)

  it('an order keeps what it is for from everybody else until it is handed in, with or without papers', async () => {
    const w = await open()
    const until = w.core.clock.now() + 2 * DAY
    const order = await keep(w, ACME, { e164s: [WITH_PAPERS, B] }, { callbackUrl: 'http://127.0.0.1/hook' })
    expect(order).toMatchObject({
      ...{ status: 'draft', kind: 'request', dialect: 'sinch', quantity: 2, kept: [WITH_PAPERS, B], ranges: [] },
      ...{ data: { first: WITH_PAPERS }, notes: [], expiresAt: until, callbackUrl: 'http://127.0.0.1/hook' },
    })
    expect(await heldBy(w, ACME)).toEqual([
      [WITH_PAPERS, until],
      [B, until],
    ])
    expect([await canBuy(w, OTHER, B), await balanceOf(w, ACME)]).toEqual([false, 1000])
    const any = await keep(w, OTHER, { filter: { country: 'US' }, quantity: 2 })
    expect([any.kept, any.data]).toEqual([[A, C], { first: A }])
    await sound(w)
  })

  it('it keeps all or none, and nothing that its account keeps for something else', async () => {
    const w = await open()
    const caller = await callerOf(w, ACME)
    const until = w.core.clock.now() + DAY
    await w.core.holds.take(caller, { e164s: [B] }, { until, documents: 'allow' })
    const kept = await keep(w, ACME, { e164s: [C] }, { keepMs: DAY })
    for (const e164 of [B, C]) {
      const refused = { code: 'number_unavailable', details: { e164s: [e164] } }
      await expect(keep(w, ACME, { e164s: [A, e164] })).rejects.toMatchObject(refused)
    }
    expect(await heldBy(w, ACME)).toEqual([
      [B, until],
      [C, until],
    ])
    expect((await w.core.orders.list({}, { limit: 9, offset: 0 })).items.map(({ id }) => id)).toEqual([kept.id])
    expect(await canBuy(w, OTHER, A)).toBe(true)
  })

  it('one that is not handed in by its very moment is over, and its numbers are on the shelf', async () => {
    const w = await open()
    const order = await keep(w, ACME, { e164s: [A] })
    const end = w.core.clock.now() + 2 * DAY
    const revise = async () => w.core.orders.revise(await callerOf(w, ACME), order.id, { more: 'words' })
    w.setClockOnly(end - 1)
    expect((await revise()).data).toEqual({ first: A, more: 'words' })
    w.setClockOnly(end)
    const expired = { code: 'wrong_state', details: { what: 'order', id: order.guid, state: 'expired' } }
    await expect(revise()).rejects.toMatchObject(expired)
    await expect(submit(w, ACME, order)).rejects.toMatchObject(expired)
    await w.core.jobs.runDue()
    expect(await read(w, order)).toMatchObject({ status: 'expired', reason: 'Not completed in time', expiresAt: null })
    expect([await toldOf(w), await heldBy(w, ACME), await canBuy(w, OTHER, A)]).toEqual([['expired'], [], true])
    await sound(w)
  })

  it('it is revised and handed in by its own account alone, once, and not when it is over', async () => {
    const w = await open()
    const order = await keep(w, ACME, { e164s: [A] })
    for (const id of [OTHER, CHILD]) {
      const caller = await callerOf(w, id)
      const missing = { code: 'not_found', details: { what: 'order', id: String(order.id) } }
      await expect(w.core.orders.revise(caller, order.id, { first: 'mine' })).rejects.toMatchObject(missing)
      await expect(submit(w, id, order)).rejects.toMatchObject(missing)
    }
    const handedIn = await submit(w, ACME, order)
    expect(handedIn).toMatchObject({ status: 'pending', reason: 'Handed in for review', expiresAt: null })
    const late = { code: 'wrong_state', details: { state: 'pending' } }
    await expect(submit(w, ACME, order)).rejects.toMatchObject(late)
    await expect(w.core.orders.revise(await callerOf(w, ACME), order.id, { first: 'x' })).rejects.toMatchObject(late)
    expect([(await read(w, order)).data, await toldOf(w)]).toEqual([{ first: A }, ['pending']])
  })
})
