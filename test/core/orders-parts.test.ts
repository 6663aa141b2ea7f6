/** Orders that take what there is: by name or as many as match, with less than all, and with what they wait for. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PartRequest } from '../../core/verbs.ts'
import { engines } from '../support/engines.ts'
import {
  ACME,
  balanceOf,
  bring,
  buy,
  CHILD,
  callerOf,
  DAY,
  holding,
  market,
  number,
  numbers,
  ON_CREDIT,
  OTHER,
  sound,
} from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const [A, B, C, D] = numbers(4).map(({ e164 }) => String(e164)) as [string, string, string, string]
const [IN_EUROS, WITH_PAPERS] = ['+12127890090', '+12127890091']
const ODD = [number(IN_EUROS, { currency: 'EUR' }), number(WITH_PAPERS, { required_documents: 'id' })]
const AREA = { country: 'US', areaCode: '212' }

describe.each(engines())('orders for what there is on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  const place = async (w: TestWorld, id: number, wish: PartRequest['wish'] | number, more: Partial<PartRequest> = {}) =>
    w.core.orders.placeParts(await callerOf(w, id), {
      ...{ dialect: 'bandwidth', partial: true, mayWait: false, data: { name: 'first' } },
      wish: typeof wish === 'number' ? { filter: AREA, quantity: wish } : wish,
      ...more,
    })
  const read = async (w: TestWorld, { id }: { id: number }) => {
    const order = await w.core.orders.find(id)
    if (!order) throw new Error(`there is no order ${id}`)
    return order
  }
  const startsOf = ({ ranges }: { ranges: { start: string }[] }) => ranges.map(({ start }) => start)
  const hold = async (w: TestWorld, id: number, ...e164s: string[]) =>
    w.core.holds.take(await callerOf(w, id), { e164s }, { until: w.core.clock.now() + DAY, documents: 'allow' })
  const toldOf = (w: TestWorld) =>
    w.store.read(async db => {
      const rows = await db.selectFrom('outbox').selectAll().where('kind', '=', 'order.updated').orderBy('id').execute()
      return rows.map(({ data }) => JSON.parse(data))
    })

  it('of numbers that were named it takes those that can be had, and tells of each other that it could not', async () => {
    const w = await worlds.open(market([...numbers(4), ...ODD]))
    await buy(w, OTHER, B)
    await hold(w, OTHER, C)
    await hold(w, ACME, D)
    const order = await place(w, ACME, { e164s: [D, IN_EUROS, B, A, WITH_PAPERS, C] })
    expect(order).toMatchObject({ status: 'partial', kind: 'request', quantity: 6, hasWaited: false, done: [] })
    expect(startsOf(order)).toEqual([D, A])
    expect(order.failed).toEqual([IN_EUROS, B, WITH_PAPERS, C].map(e164 => ({ e164, reason: 'unavailable' })))
    expect([await balanceOf(w, ACME), order.filter]).toEqual([994, { currency: 'USD', documents: 'none' }])
    await sound(w)
  })

  it('one that was to be had whole takes nothing where a number is missing, and names that alone', async () => {
    const w = await worlds.open(market(numbers(2)))
    await buy(w, OTHER, B)
    const named = await place(w, ACME, { e164s: [A, B] }, { partial: false })
    expect(named).toMatchObject({ status: 'failed', ranges: [], failed: [{ e164: B, reason: 'unavailable' }] })
    expect(await place(w, ACME, 2, { partial: false })).toMatchObject({ status: 'failed', ranges: [], failed: [] })
    expect(await place(w, ACME, { e164s: [B] })).toMatchObject({
      status: 'failed',
      reason: 'The numbers were not there',
    })
    expect(await balanceOf(w, ACME)).toBe(1000)
    expect(await place(w, ACME, { e164s: [A] }, { partial: false })).toMatchObject({ status: 'completed', failed: [] })
    await sound(w)
  })

  it('as many as match: the lowest, none in another currency or that needs papers', async () => {
    const w = await worlds.open(market([...ODD, ...numbers(3)]))
    const order = await place(w, ACME, 2)
    expect([order.status, startsOf(order), order.failed]).toEqual(['completed', [A, B], []])
    const rest = await place(w, ACME, 2)
    expect([rest.status, rest.reason, startsOf(rest)]).toEqual(['partial', 'Not all numbers were there', [C]])
    const none = await place(w, ACME, 1)
    expect([none.status, none.reason, startsOf(none)]).toEqual(['failed', 'The numbers were not there', []])
    expect(await balanceOf(w, ACME)).toBe(991)
    await sound(w)
  })

  it('what its account holds is taken when the shelf has no more, and no more of it than is missing', async () => {
    const w = await worlds.open(market(numbers(4)))
    await hold(w, ACME, A, B)
    await hold(w, OTHER, C)
    expect(startsOf(await place(w, ACME, 1))).toEqual([D])
    expect(startsOf(await place(w, ACME, 1))).toEqual([A])
    await bring(w, numbers(5))
    expect(startsOf(await place(w, ACME, 3)).toSorted()).toEqual([B, '+12127890104'])
    await sound(w)
  })

  it('without the money for what there is it takes nothing and waits for nothing, and tells so of each number', async () => {
    const w = await worlds.open(market(numbers(3)))
    await buy(w, OTHER, C)
    const named = await place(w, ON_CREDIT, { e164s: [A, B, C] })
    expect(named).toMatchObject({ status: 'failed', reason: 'Too little money', ranges: [] })
    expect(named.failed).toEqual([
      { e164: C, reason: 'unavailable' },
      { e164: A, reason: 'funds' },
      { e164: B, reason: 'funds' },
    ])
    const any = await place(w, ON_CREDIT, 3, { mayWait: true })
    expect([any.status, any.hasWaited, any.failed.map(({ reason }) => reason)]).toEqual([
      ...['failed', false, ['funds', 'funds']],
    ])
    await bring(w, [number('+13105550100')])
    expect([(await read(w, any)).status, await balanceOf(w, ON_CREDIT)]).toEqual(['failed', 0])
    expect((await place(w, ON_CREDIT, 1)).status).toBe('completed')
    await sound(w)
  })

  it('one that may wait keeps what it got, is told at once, and is filled with what it lacked', async () => {
    const w = await worlds.open(market(numbers(1)))
    w.core.outbox.subscribe(['order.updated'])
    const order = await place(w, ACME, 3, { mayWait: true })
    expect(order).toMatchObject({ status: 'pending', hasWaited: true, done: [], failed: [], ranges: [{ start: A }] })
    expect(await toldOf(w)).toMatchObject([{ guid: order.guid, hasWaited: true, ranges: [{ start: A }] }])
    await bring(w, [number('+12127890200', { required_documents: 'id' }), number('+12127890201', { currency: 'EUR' })])
    await bring(w, numbers(2).slice(1))
    expect([(await read(w, order)).status, await balanceOf(w, ACME)]).toEqual(['pending', 997])
    await bring(w, numbers(4).slice(2))
    const filled = await read(w, order)
    expect([filled.status, filled.hasWaited, startsOf(filled)]).toEqual(['completed', true, [A, B, C]])
    expect(await balanceOf(w, ACME)).toBe(991)
    expect((await toldOf(w)).map(({ status }) => status)).toEqual(['pending', 'completed'])
    await sound(w)
  })

  it('its numbers are set up as it says, or as its own words, and each names the order', async () => {
    const w = await worlds.open(market(numbers(2)))
    const set = await place(w, ACME, { e164s: [A] }, { settings: { site: 7 } })
    const bare = await place(w, ACME, { e164s: [B] })
    const settings = async (e164: string) => (await w.core.numbers.leaseOf(e164, 'bandwidth'))?.settings
    expect(await settings(A)).toEqual({ site: 7, orderGuid: set.guid })
    expect(await settings(B)).toEqual({ name: 'first', orderGuid: bare.guid })
    expect([set.data, set.dialect]).toEqual([{ name: 'first' }, 'bandwidth'])
  })

  it('numbers are to live at a resource of their own account, or nothing is ordered', async () => {
    const w = await worlds.open(market(numbers(1)))
    const resource = async (id: number) => w.core.resources.create(await callerOf(w, id), { kind: 'site' })
    const [own, foreign] = [await resource(ACME), await resource(OTHER)]
    for (const livesAt of [foreign.id, 999]) {
      await expect(place(w, ACME, 1, { livesAt })).rejects.toMatchObject({ code: 'not_found' })
    }
    expect((await w.core.orders.list({}, { limit: 1, offset: 0 })).total).toBe(0)
    expect((await place(w, ACME, 1, { livesAt: own.id })).status).toBe('completed')
  })

  it('who was stopped since it was let in, or below whom that happened, orders nothing', async () => {
    const w = await worlds.open(market(numbers(1)))
    const callers = await Promise.all([CHILD, ACME].map(id => callerOf(w, id)))
    await w.core.accounts.update(null, ACME, { isActive: false })
    for (const caller of callers) {
      const request = { dialect: 'bandwidth', wish: { e164s: [A] }, partial: true, mayWait: true, data: {} }
      await expect(w.core.orders.placeParts(caller, request)).rejects.toMatchObject({
        ...{ code: 'forbidden', details: { reason: 'inactive' } },
      })
      const whole = { dialect: 'cm', filter: AREA, quantity: 1, rangeSize: 0, data: {} }
      await expect(w.core.orders.place(caller, whole)).rejects.toMatchObject({
        ...{ code: 'wrong_state', details: { what: 'account', id: String(caller.account.id), state: 'inactive' } },
      })
    }
    expect((await w.core.orders.list({}, { limit: 1, offset: 0 })).total).toBe(0)
  })

  it('one that waits is closed by its own account, keeps what it got, and is never filled again', async () => {
    const w = await worlds.open(market(numbers(1)))
    const close = async (id: number, order: { id: number }) => w.core.orders.close(await callerOf(w, id), order.id)
    const some = await place(w, ACME, 2, { mayWait: true })
    const none = await place(w, ACME, 1, { mayWait: true })
    const asked = { dialect: 'cm', filter: { country: 'DE' }, quantity: 1, rangeSize: 0, data: {} }
    const other = await w.core.orders.place(await callerOf(w, ACME), asked)
    for (const id of [OTHER, CHILD]) await expect(close(id, some)).rejects.toMatchObject({ code: 'not_found' })
    await expect(close(ACME, other)).rejects.toMatchObject({ code: 'wrong_state', details: { state: 'pending' } })
    expect(await close(ACME, some)).toMatchObject({ status: 'partial', ranges: [{ start: A }] })
    expect(await close(ACME, none)).toMatchObject({ status: 'failed', ranges: [], reason: 'Closed by the customer' })
    await expect(close(ACME, some)).rejects.toMatchObject({ code: 'wrong_state', details: { state: 'partial' } })
    await bring(w, numbers(3))
    expect([(await holding(w, A)).lease.accountId, await balanceOf(w, ACME)]).toEqual([ACME, 997])
    await sound(w)
  })
})
