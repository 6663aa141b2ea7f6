/** C7: time in a unit never lies before what is written in the rows it touches. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import { addMonths } from '../../core/ground/clock.ts'
import { openStore } from '../../core/store/open.ts'
import { engines } from '../support/engines.ts'
import {
  ACME,
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
  release,
  stateOf,
  USD,
} from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const N = '+12127890100'
const M = '+12127890101'
const START = Date.parse('2026-06-01T00:00:00Z')

describe.each(engines())('clocks that go back on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  /** Every history: of numbers, ownerships, money and orders. */
  async function sound(w: TestWorld): Promise<void> {
    expect(await w.core.invariants()).toMatchObject({ ok: true, violations: [] })
    const { events, leases, transactions, orders } = await w.store.read(async db => ({
      events: await db.selectFrom('number_events').selectAll().orderBy('number_id').orderBy('version').execute(),
      leases: await db.selectFrom('leases').selectAll().execute(),
      transactions: await db.selectFrom('transactions').selectAll().orderBy('account_id').orderBy('id').execute(),
      orders: await db.selectFrom('orders').selectAll().execute(),
    }))
    for (const [n, event] of events.entries()) {
      const before = events[n - 1]
      if (before?.number_id === event.number_id) expect(event.at).toBeGreaterThanOrEqual(before.at)
    }
    for (const lease of leases) expect(lease.closed_at ?? lease.started_at).toBeGreaterThanOrEqual(lease.started_at)
    for (const [n, each] of transactions.entries()) {
      const before = transactions[n - 1]
      const isSame = before?.account_id === each.account_id && before.currency === each.currency
      if (isSame) expect(each.created_at).toBeGreaterThanOrEqual(before.created_at)
    }
    for (const order of orders) expect(order.updated_at).toBeGreaterThanOrEqual(order.created_at)
  }

  type Act = (w: TestWorld) => Promise<unknown>
  const lease = async (w: TestWorld) => (await holding(w, N)).lease.id
  const lines = [{ filter: { npaNxx: '212789' }, quantity: 1 }]
  const claim: Act = async w =>
    w.core.numbers.claim(await callerOf(w, OTHER), lines, { documents: 'allow', partial: false })
  const checkout: Act = async w => {
    const caller = await callerOf(w, OTHER)
    await w.core.carts.add(caller, [N], 'USD')
    return w.core.carts.checkout(caller, undefined, { documents: 'allow' })
  }
  const place: Act = async w =>
    w.core.orders.place(await callerOf(w, OTHER), {
      dialect: 'cm',
      filter: { country: 'US' },
      quantity: 1,
      rangeSize: 0,
      data: {},
    })
  const window = { kind: 'window', ms: DAY, chargeFee: false } as const

  const histories: [string, Act[]][] = [
    ['released, then bought by name', [w => release(w, ACME, N), w => buy(w, OTHER, N)]],
    ['released, then claimed', [w => release(w, ACME, N), claim]],
    ['released, then checked out', [w => release(w, ACME, N), checkout]],
    ['released, then ordered', [w => release(w, ACME, N), place]],
    ['ordered, then released', [place, w => release(w, ACME, N)]],
    ['released, bought and released', [w => release(w, ACME, N), w => buy(w, OTHER, N), w => release(w, OTHER, N)]],
    [
      'moved, then released',
      [
        async w => w.core.numbers.move(await callerOf(w, ACME), await lease(w), CHILD),
        w => release(w, CHILD, N),
        w => buy(w, OTHER, N),
      ],
    ],
    [
      'configured, then released',
      [
        async w => w.core.numbers.configure(await callerOf(w, ACME), await lease(w), { label: 'x' }),
        w => release(w, ACME, N),
      ],
    ],
    [
      'release asked and taken back',
      [
        async w => w.core.numbers.release(await callerOf(w, ACME), [await lease(w)], window),
        async w => w.core.numbers.cancelRelease(await callerOf(w, ACME), await lease(w)),
        w => release(w, ACME, N),
        w => buy(w, OTHER, N),
      ],
    ],
    [
      'blocked, unblocked, repriced, labelled',
      [
        w => w.core.numbers.block(null, N, 'a'),
        w => w.core.numbers.unblock(null, N, 'b'),
        w => w.core.numbers.reprice(null, N, { monthly: USD }),
        w => w.core.numbers.label(null, N, 'x'),
        w => release(w, ACME, N),
      ],
    ],
    ['retired while blocked', [w => w.core.numbers.block(null, N, 'a'), w => w.core.numbers.retire(null, N, 'b')]],
    [
      'paid in twice',
      [w => w.core.ledger.topUp(null, ACME, 'USD', USD), w => w.core.ledger.topUp(null, ACME, 'USD', USD)],
    ],
    ['due', [w => w.core.jobs.runDue(), w => release(w, ACME, N), w => buy(w, OTHER, N)]],
  ]

  it.each(histories)('C7: a number that is %s, each a second before the other', async (_, acts) => {
    const w = await worlds.open(market([number(N)]))
    await buy(w, ACME, N)
    for (const [n, act] of acts.entries()) {
      w.setClockOnly(START - (n + 1) * 1000)
      await act(w)
    }
    await sound(w)
  })

  it('C7: an order that is placed and cancelled a second before', async () => {
    const w = await worlds.open(market([]))
    const caller = await callerOf(w, ACME)
    const wanted = { dialect: 'cm', filter: { country: 'US' }, quantity: 1, rangeSize: 0, data: {} }
    const order = await w.core.orders.place(caller, wanted)
    w.setClockOnly(START - 1000)
    const cancelled = await w.core.orders.cancel(caller, order.id)
    expect(cancelled.updatedAt).toBe(order.createdAt)
    await sound(w)
  })

  it('C7: a cart keeps the order in which it was filled', async () => {
    const w = await worlds.open(market(numbers(3)))
    const caller = await callerOf(w, ACME)
    const order = ['+12127890102', '+12127890101', '+12127890100']
    for (const [n, e164] of order.entries()) {
      w.setClockOnly(START + (n === 1 ? 2000 : n))
      await w.core.carts.add(caller, [e164], 'USD')
    }
    const listed = (await w.core.carts.list(ACME)).map(({ e164 }) => e164)
    expect(listed[0]).toBe(order[0])
    expect(new Set(listed)).toEqual(new Set(order))
    w.setClockOnly(START)
    await bring(w, [number('+12127890099')])
    await w.core.carts.add(caller, ['+12127890099'], 'USD')
    expect((await w.core.carts.list(ACME)).map(({ e164 }) => e164)[0]).toBe(order[0])
  })

  it('C7: a session lives as long as the later clock says', async () => {
    const w = await worlds.open(market([]))
    const { token } = await w.core.sessions.login('onsip', 'ann_1', 'password-1')
    w.setClockOnly(START - 3_600_000)
    expect(await w.core.sessions.resolve('onsip', token)).toBeDefined()
    w.setClockOnly(START + DAY - 1)
    expect(await w.core.sessions.resolve('onsip', token)).toBeDefined()
  })

  it('C7: a release that falls due while its number is stopped is dated after the stop', async () => {
    const w = await worlds.open(market([number(N)], { quarantine_days: { '*': 3 } }))
    await buy(w, ACME, N)
    await w.core.numbers.release(await callerOf(w, ACME), [await lease(w)], window)
    await w.core.numbers.block(null, N, 'fraud')
    await w.setClock(START + 10 * DAY)
    expect(await stateOf(w, N)).toBe('blocked')
    await w.core.numbers.unblock(null, N, 'none')
    expect(await stateOf(w, N)).toBe('available')
    await buy(w, OTHER, N)
    await sound(w)
  })

  it('C7: a month that a late job charges, or cannot, is dated after what happened to the number meanwhile', async () => {
    const w = await worlds.open(market(numbers(2)))
    const due = addMonths(START, 1)
    await buy(w, ACME, N)
    await w.core.accounts.update(null, ON_CREDIT, { creditLimit: { currency: 'USD', amount: 3 * USD } })
    await buy(w, ON_CREDIT, M)
    w.setClockOnly(due + 2 * DAY)
    for (const e164 of [N, M]) await w.core.numbers.reprice(null, e164, { setup: USD })
    await w.core.jobs.runDue()
    expect(await stateOf(w, M)).toBe('suspended')
    const events = await w.core.numbers.events({ e164: M, limit: 9 })
    expect(events.at(-1)).toMatchObject({ kind: 'suspended', at: due + 2 * DAY })
    await sound(w)
  })

  const isShared = engine === 'postgres'
  if (!isShared) process.stderr.write(`${engine}: skipped, no second gateway can open this database\n`)
  it.skipIf(!isShared)('C7: two gateways on one database, half a second apart, sell and release in turn', async () => {
    const w = await worlds.open(market(numbers(2)))
    const store = await openStore(worlds.url)
    const late = createCore({ store, clock: { now: () => START - 500 }, key: 'test' })
    const second = { ...w, core: late, store }
    try {
      for (let n = 0; n < 4; n++) {
        const [one, other] = n % 2 ? [w, second] : [second, w]
        await buy(one, ACME, N)
        await release(other, ACME, N)
        await buy(one, OTHER, N)
        await release(other, OTHER, N)
      }
      await sound(w)
    } finally {
      await store.close()
    }
  })
})
