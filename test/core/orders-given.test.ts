/** Orders that give numbers back or move them, each number for itself; and other words in an order. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Order } from '../../core/ground/model.ts'
import type { MoveRequest } from '../../core/verbs.ts'
import { engines } from '../support/engines.ts'
import {
  ACME,
  balanceOf,
  buy,
  CHILD,
  callerOf,
  holding,
  market,
  number,
  numbers,
  OTHER,
  sound,
  stateOf,
} from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const [A, B, C, D] = numbers(4).map(({ e164 }) => String(e164)) as [string, string, string, string]
const KEPT = '+12127890200'
const NOWHERE = '+12127899999'

describe.each(engines())('orders for numbers of their own on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  const giveBack = async (w: TestWorld, id: number, ...e164s: string[]) =>
    w.core.orders.giveBack(await callerOf(w, id), { dialect: 'bandwidth', e164s, data: { name: 'gone' } })
  const move = async (w: TestWorld, id: number, e164s: string[], more: Partial<MoveRequest> = {}) =>
    w.core.orders.move(await callerOf(w, id), { dialect: 'bandwidth', e164s, data: {}, settings: { peer: 2 }, ...more })
  const settingsOf = async (w: TestWorld, e164: string) => (await w.core.numbers.leaseOf(e164, 'bandwidth'))?.settings
  const outcome = ({ kind, status, done, failed }: Order) => ({ kind, status, done, failed })
  const refused = (e164: string, reason = 'not_owned') => ({ e164, reason })
  const ownerOf = async (w: TestWorld, e164: string) => (await holding(w, e164)).lease.accountId

  it('an account gives back what is its own, and is told of each other number that it is not', async () => {
    const w = await worlds.open(market([...numbers(4), number(KEPT)]))
    await buy(w, ACME, A, B, KEPT)
    await buy(w, CHILD, C)
    const order = await giveBack(w, ACME, NOWHERE, B, C, D, A)
    expect(outcome(order)).toEqual({
      ...{ kind: 'return', status: 'partial', done: [B, A] },
      failed: [NOWHERE, C, D].map(e164 => refused(e164)),
    })
    expect(order).toMatchObject({
      reason: "Not every number is the account's own",
      quantity: 5,
      data: { name: 'gone' },
    })
    expect(await Promise.all([A, B, C, D].map(e164 => stateOf(w, e164)))).toEqual([
      ...['available', 'available', 'active', 'available'],
    ])
    expect([await ownerOf(w, KEPT), await ownerOf(w, C), order.ranges, order.filter]).toEqual([ACME, CHILD, [], {}])
    expect(outcome(await giveBack(w, ACME, A, D))).toMatchObject({ status: 'failed', done: [] })
    await buy(w, ACME, A)
    const whole = await giveBack(w, ACME, A)
    expect([outcome(whole), whole.reason]).toEqual([
      { kind: 'return', status: 'completed', done: [A], failed: [] },
      'Done',
    ])
    await sound(w)
  })

  it('a number that the operator has stopped is not given back, and stays with its account', async () => {
    const w = await worlds.open(market(numbers(2)))
    await buy(w, ACME, A, B)
    await w.core.numbers.block(null, A, 'fraud')
    expect(outcome(await giveBack(w, ACME, A, B))).toEqual({
      ...{ kind: 'return', status: 'partial', done: [B], failed: [refused(A, 'not_allowed')] },
    })
    expect([await stateOf(w, A), await ownerOf(w, A), await stateOf(w, B)]).toEqual(['blocked', ACME, 'available'])
    await sound(w)
  })

  it('a number that would go at the end of its month goes at once', async () => {
    const w = await worlds.open(market(numbers(1)))
    const [owned] = await buy(w, ACME, A)
    await w.core.numbers.release(await callerOf(w, ACME), [owned?.lease.id as number], { kind: 'periodEnd' })
    expect(await stateOf(w, A)).toBe('releasing')
    expect([(await giveBack(w, ACME, A)).done, await stateOf(w, A)]).toEqual([[A], 'available'])
    await sound(w)
  })

  it('an account sets up its own numbers otherwise, beside what was set before, and no others', async () => {
    const w = await worlds.open(market(numbers(3)))
    const caller = await callerOf(w, ACME)
    const settings = { dialect: 'bandwidth', value: { peer: 1, site: 7 } }
    await w.core.numbers.purchase(caller, [A, C], { documents: 'allow', settings })
    await buy(w, OTHER, B)
    expect(outcome(await move(w, ACME, [B, A]))).toEqual({
      ...{ kind: 'move', status: 'partial', done: [A], failed: [refused(B)] },
    })
    expect(await Promise.all([A, B, C].map(e164 => settingsOf(w, e164)))).toEqual([
      ...[{ peer: 2, site: 7 }, {}, { peer: 1, site: 7 }],
    ])
    expect([await ownerOf(w, A), await ownerOf(w, B), await balanceOf(w, ACME)]).toEqual([ACME, OTHER, 994])
  })

  it('numbers come from another account of the same payer, set up anew; of nobody else any', async () => {
    const w = await worlds.open(market(numbers(4)))
    await buy(w, CHILD, A, B)
    await buy(w, OTHER, C)
    await buy(w, ACME, D)
    await w.core.numbers.block(null, B, 'fraud')
    const from = await callerOf(w, CHILD)
    expect(outcome(await move(w, ACME, [A, B, C, D], { from }))).toEqual({
      ...{ kind: 'move', status: 'partial', done: [A] },
      failed: [refused(C), refused(D), refused(B, 'not_allowed')],
    })
    expect(await Promise.all([A, B, C, D].map(e164 => ownerOf(w, e164)))).toEqual([ACME, CHILD, OTHER, ACME])
    expect([await settingsOf(w, A), await settingsOf(w, D)]).toEqual([{ peer: 2 }, {}])
    const foreign = await move(w, ACME, [C], { from: await callerOf(w, OTHER) })
    expect([outcome(foreign).failed, await ownerOf(w, C)]).toEqual([[refused(C)], OTHER])
    expect(await balanceOf(w, ACME)).toBe(991)
    await sound(w)
  })

  it('numbers are to live at a resource of the account that they come to, or nothing is moved', async () => {
    const w = await worlds.open(market(numbers(1)))
    await buy(w, ACME, A)
    const resource = async (id: number) => (await w.core.resources.create(await callerOf(w, id), { kind: 'peer' })).id
    const [own, foreign] = [await resource(ACME), await resource(OTHER)]
    await expect(move(w, ACME, [A], { livesAt: foreign })).rejects.toMatchObject({ code: 'not_found' })
    expect([await settingsOf(w, A), await w.core.orders.list({ kind: 'move' }, { limit: 1, offset: 0 })]).toEqual([
      {},
      { items: [], total: 0 },
    ])
    expect((await move(w, ACME, [A], { livesAt: own })).done).toEqual([A])
  })

  it('they are shown as what they are, and no verb for requests takes one', async () => {
    const w = await worlds.open(market(numbers(2)))
    await buy(w, ACME, A, B)
    const [back, moved] = [await giveBack(w, ACME, A), await move(w, ACME, [B])]
    for (const { id, guid, kind } of [back, moved]) {
      expect([(await w.core.orders.find(id))?.kind, (await w.core.orders.byGuid(guid))?.kind]).toEqual([kind, kind])
      const listed = await w.core.orders.list({ kind }, { limit: 9, offset: 0 })
      expect(listed.items.map(each => each.id)).toEqual([id])
      await expect(w.core.orders.cancel(await callerOf(w, ACME), id)).rejects.toMatchObject({ code: 'not_found' })
    }
    expect((await w.core.orders.list({}, { limit: 9, offset: 0 })).total).toBe(0)
    // a purchase that nobody asked for as an order is none
    const rows = await w.store.read(db => db.selectFrom('orders').selectAll().where('kind', '=', 'purchase').execute())
    expect(rows).toHaveLength(1)
    for (const { id, guid } of rows) {
      expect([await w.core.orders.find(id), await w.core.orders.byGuid(guid)]).toEqual([undefined, undefined])
    }
  })

  it('an order is amended by its own account, whatever has become of it, beside what it says already', async () => {
    const w = await worlds.open(market(numbers(2)))
    await buy(w, ACME, A)
    const { id } = await giveBack(w, ACME, A)
    const began = w.core.clock.now()
    w.setClockOnly(began + 1000)
    await expect(w.core.orders.amend(await callerOf(w, OTHER), id, { name: 'x' })).rejects.toMatchObject({
      ...{ code: 'not_found', details: { what: 'order', id: String(id) } },
    })
    await expect(w.core.orders.amend(await callerOf(w, ACME), 999, {})).rejects.toMatchObject({ code: 'not_found' })
    const amended = await w.core.orders.amend(await callerOf(w, ACME), id, { by: 'ann' })
    expect(amended).toMatchObject({ data: { name: 'gone', by: 'ann' }, status: 'completed', done: [A] })
    expect([amended.createdAt, amended.updatedAt]).toEqual([began, began + 1000])
    expect((await w.core.orders.amend(await callerOf(w, ACME), id, { name: 'new' })).data.name).toBe('new')
    w.setClockOnly(began)
    const later = await w.core.orders.amend(await callerOf(w, ACME), id, { by: 'bob' })
    expect([later.data.by, later.updatedAt]).toEqual(['bob', began + 1000])
  })
})
