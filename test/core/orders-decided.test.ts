/** What operators decide of orders, what is written down of it, and what their customers still may do. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Order } from '../../core/ground/model.ts'
import { engines } from '../support/engines.ts'
import {
  ACME,
  balanceOf,
  bring,
  callerOf,
  DAY,
  holding,
  market,
  numbers,
  OTHER,
  release,
  sound,
  stateOf,
} from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const [A, B] = numbers(2).map(({ e164 }) => String(e164)) as [string, string]
const ADMINISTRATOR = { administrator: 'eve' }

describe.each(engines())('orders that operators decide on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  const place = async (w: TestWorld, quantity = 1) =>
    w.core.orders.place(await callerOf(w, ACME), {
      ...{ dialect: 'cm', filter: { country: 'US' }, quantity, rangeSize: 0, data: { name: 'mine' } },
    })
  const keep = async (w: TestWorld, ...e164s: string[]) =>
    w.core.orders.keep(await callerOf(w, ACME), {
      ...{ dialect: 'sinch', wish: { e164s }, keepMs: DAY, settings: {}, schedule: [], callbackUrl: null },
      data: () => ({}),
    })
  const submit = async (w: TestWorld, { id }: Order) => w.core.orders.submit(await callerOf(w, ACME), id)
  const read = (w: TestWorld, { id }: Order) => w.core.orders.find(id)
  const heldUntil = async (w: TestWorld) =>
    (await w.core.holds.of(ACME, { limit: 9, offset: 0 })).items.map(({ until }) => until - w.core.clock.now())
  const noted = async (w: TestWorld) =>
    (await w.core.audit.list({ limit: 1000 }))
      .filter(({ action }) => action.startsWith('order.'))
      .map(({ action, subject, accountId, administrator, data }) => [action, subject, accountId, administrator, data])

  it('whatever an operator decides of an order is written down, with who and why', async () => {
    const w = await worlds.open(market([]))
    const [first, second, third] = [await place(w), await place(w), await place(w)]
    await bring(w, [])
    const accepted = await w.core.orders.accept(ADMINISTRATOR, first.id, 'looks right')
    expect([accepted.status, accepted.reason]).toEqual(['accepted', 'looks right'])
    expect((await w.core.orders.accept(ADMINISTRATOR, second.id, '')).reason).toBe('Accepted')
    expect((await w.core.orders.reject(ADMINISTRATOR, second.id, 'no more')).reason).toBe('no more')
    expect(await w.core.orders.reject(ADMINISTRATOR, third.id, '')).toMatchObject({
      ...{ status: 'rejected', reason: 'Rejected', notes: [] },
    })
    expect(await noted(w)).toEqual([
      ['order.accept', first.guid, ACME, 'eve', { reason: 'looks right' }],
      ['order.accept', second.guid, ACME, 'eve', { reason: '' }],
      ['order.reject', second.guid, ACME, 'eve', { reason: 'no more' }],
      ['order.reject', third.guid, ACME, 'eve', { reason: '' }],
    ])
  })

  it('of an order that is over, or that is none, nothing is decided or written down', async () => {
    const w = await worlds.open(market(numbers(1)))
    const order = await place(w)
    const { orders } = w.core
    const over = { code: 'wrong_state', details: { what: 'order', id: order.guid, state: 'completed' } }
    for (const decide of [orders.accept, orders.reject, orders.block, orders.complete]) {
      await expect(decide(ADMINISTRATOR, order.id, 'x')).rejects.toMatchObject(over)
      await expect(decide(ADMINISTRATOR, 999, 'x')).rejects.toMatchObject({ code: 'not_found' })
    }
    await expect(orders.cancel(await callerOf(w, ACME), order.id)).rejects.toMatchObject(over)
    const { id } = await orders.giveBack(await callerOf(w, ACME), { dialect: 'cm', e164s: [A], data: {} })
    await expect(orders.accept(ADMINISTRATOR, id, 'x')).rejects.toMatchObject({ code: 'not_found' })
    expect([await noted(w), (await read(w, order))?.status]).toEqual([[], 'completed'])
  })

  it('an order that an operator completes is told with the reason that is given', async () => {
    const w = await worlds.open(market([]))
    const [bare, told] = [await place(w, 2), await place(w, 2)]
    await expect(w.core.orders.complete(ADMINISTRATOR, bare.id, '')).rejects.toMatchObject({
      ...{ code: 'number_unavailable', details: { e164s: [] } },
    })
    await w.store.write(db => db.deleteFrom('waiting_orders').execute())
    await bring(w, numbers(4))
    expect((await w.core.orders.complete(ADMINISTRATOR, told.id, 'by hand')).reason).toBe('by hand')
    expect((await w.core.orders.complete(ADMINISTRATOR, bare.id, '')).reason).toBe('Numbers assigned')
    expect([(await noted(w)).length, await balanceOf(w, ACME)]).toEqual([2, 988])
    await sound(w)
  })

  it('an order that is blocked keeps its numbers, and its customer has two days to say more', async () => {
    const w = await worlds.open(market(numbers(1)))
    const [other, order] = [await place(w, 9), await submit(w, await keep(w, A))]
    const now = w.core.clock.now()
    const blocked = await w.core.orders.block(ADMINISTRATOR, order.id, 'a newer paper')
    expect(blocked).toMatchObject({ status: 'blocked', reason: 'a newer paper', expiresAt: now + 2 * DAY })
    expect(blocked.notes).toEqual([{ at: now, message: 'a newer paper' }])
    expect(await heldUntil(w)).toEqual([30 * DAY])
    const revised = await w.core.orders.revise(await callerOf(w, ACME), order.id, { paper: 'new' })
    expect([revised.data, revised.status]).toEqual([{ paper: 'new' }, 'blocked'])
    w.setClockOnly(now + DAY)
    expect((await submit(w, order)).notes).toEqual(blocked.notes)
    expect(await heldUntil(w)).toEqual([30 * DAY])
    const again = await w.core.orders.block(ADMINISTRATOR, order.id, '')
    expect([again.reason, again.notes, again.expiresAt]).toEqual(['Blocked', blocked.notes, now + 3 * DAY])
    await w.setClock(now + 3 * DAY - 1)
    expect((await read(w, order))?.status).toBe('blocked')
    await w.setClock(now + 3 * DAY)
    expect([(await read(w, order))?.status, await heldUntil(w)]).toEqual(['expired', []])
    expect(await read(w, other)).toEqual(other)
    await sound(w)
  })

  it('only an order that keeps numbers is blocked', async () => {
    const w = await worlds.open(market([]))
    const order = await place(w)
    await expect(w.core.orders.block(ADMINISTRATOR, order.id, 'x')).rejects.toMatchObject({
      ...{ code: 'wrong_state', details: { what: 'order', id: order.guid, state: 'pending' } },
    })
    expect([await read(w, order), await noted(w)]).toMatchObject([{ status: 'pending', notes: [] }, []])
  })

  it.each([
    'reject',
    'cancel',
  ] as const)('the numbers of an order that ends by a %s are for everybody again', async way => {
    const w = await worlds.open(market(numbers(2)))
    const order = await submit(w, await keep(w, A, B))
    const ended =
      way === 'reject'
        ? await w.core.orders.reject(ADMINISTRATOR, order.id, 'of somebody else')
        : await w.core.orders.cancel(await callerOf(w, ACME), order.id)
    expect(ended).toMatchObject(
      way === 'reject'
        ? { status: 'rejected', notes: [{ at: w.core.clock.now(), message: 'of somebody else' }] }
        : { status: 'cancelled', reason: 'Cancelled by the customer', notes: [] },
    )
    expect(await heldUntil(w)).toEqual([])
    await w.core.numbers.purchase(await callerOf(w, OTHER), [A], { documents: 'allow' })
    await w.setClock(w.core.clock.now() + 31 * DAY)
    expect([(await read(w, order))?.status, await stateOf(w, B)]).toEqual([ended.status, 'available'])
    expect((await holding(w, A)).lease.accountId).toBe(OTHER)
    await sound(w)
  })

  it('an order that ends gives up what is kept for it, and not what its account has kept since for another', async () => {
    const w = await worlds.open(market(numbers(1)))
    const [hold, first] = [() => w.core.holds.of(ACME, { limit: 1, offset: 0 }), await keep(w, A)]
    await w.core.holds.giveUp(await callerOf(w, ACME), [(await hold()).items[0]?.id as number])
    w.setClockOnly(w.core.clock.now() + DAY / 2)
    const second = await keep(w, A)
    await submit(w, first)
    expect(await heldUntil(w)).toEqual([DAY])
    await w.core.orders.reject(ADMINISTRATOR, first.id, 'given up')
    expect([(await hold()).items[0]?.data, await heldUntil(w)]).toEqual([{ order: second.guid }, [DAY]])
    await sound(w)
  })

  it('what was placed for a profile, with words and a place to be told, is shown so', async () => {
    const w = await worlds.open(market([]))
    const made = { accountId: ACME, status: 'approved', country: 'US', data: {} } as const
    const profile = await w.core.companyProfiles.create(null, { ...made, types: ['local'] })
    const asked = { dialect: 'cm', filter: { country: 'US' }, quantity: 2, rangeSize: 0, data: { name: 'mine' } }
    const more = { companyProfileId: profile.id, callbackUrl: 'http://127.0.0.1/hook' }
    const order = await w.core.orders.place(await callerOf(w, ACME), { ...asked, ...more })
    const shown = { ...asked, ...more, kind: 'request', status: 'pending', accountId: ACME, reason: null }
    expect([order, await read(w, order)]).toMatchObject([shown, shown])
    expect(await place(w)).toMatchObject({ companyProfileId: null, callbackUrl: null })
  })

  it('an order is decided in its own time, although the clock goes back', async () => {
    const w = await worlds.open(market(numbers(1)))
    await place(w)
    const order = await place(w)
    w.setClockOnly(w.core.clock.now() - DAY)
    const accepted = await w.core.orders.accept(ADMINISTRATOR, order.id, '')
    expect([accepted.updatedAt, accepted.createdAt]).toEqual([order.updatedAt, order.createdAt])
    await release(w, ACME, A)
    expect((await read(w, order))?.status).toBe('completed')
  })
})
