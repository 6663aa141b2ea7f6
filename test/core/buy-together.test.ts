/** Purchases of one account at the same time, which PostgreSQL makes as one unit. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import type { Trace } from '../../core/ground/model.ts'
import { seededRandom } from '../../core/ground/random.ts'
import { openPostgres } from '../../core/store/postgres.ts'
import { createPools } from '../../core/store/postgres-pool.ts'
import { loadWorld } from '../../src/worlds/seed.ts'
import { engines, freshStore, postgresIsHere } from '../support/engines.ts'
import { ACME, balanceOf, CHILD, callerOf, market, numbers, OTHER, release, sound } from '../support/market.ts'
import { countingPool } from '../support/round-trips.ts'
import { locked } from '../support/under-way.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const BUYERS = 64
/** Numbers cost 3 USD, and it has 1,000. */
const PRICE = 3
const TERMS = { documents: 'refuse' } as const

const stock = (count: number) => numbers(count, '212788').map(({ e164 }) => e164 as string)

type Outcome = { e164s: string[]; orderId: number } | string

/** All at once; of who is refused, why. */
async function buyAll(w: TestWorld, id: number, wishes: readonly (readonly string[])[]): Promise<Outcome[]> {
  const caller = await callerOf(w, id)
  return Promise.all(
    wishes.map(wish =>
      w.core.numbers.purchase(caller, wish, TERMS).then(
        ({ owned, orderId }) => ({ e164s: owned.map(({ number }) => number.e164), orderId }),
        error => String(error.code),
      ),
    ),
  )
}

const sold = (outcomes: readonly Outcome[]) => outcomes.filter(each => typeof each !== 'string')
const refused = (outcomes: readonly Outcome[], code: string) => outcomes.filter(each => each === code)

describe.each(engines(['sqlite', 'postgres']))('purchases of one account at the same time on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine, { connections: 6 })
  })
  afterAll(() => worlds.drop())

  it('each gets what it named, with an order of its own', async () => {
    const w = await worlds.open(market(numbers(BUYERS * 2, '212788')))
    const e164s = stock(BUYERS * 2)
    // every third asks for two
    const wishes = Array.from({ length: BUYERS }, (_, n) => e164s.slice(n * 2, n * 2 + (n % 3 === 0 ? 2 : 1)))
    const outcomes = sold(await buyAll(w, ACME, wishes))
    expect(outcomes.map(({ e164s }) => e164s)).toEqual(wishes)
    expect(new Set(outcomes.map(({ orderId }) => orderId)).size).toBe(BUYERS)
    expect(await balanceOf(w, ACME)).toBe(1000 - PRICE * wishes.flat().length)
    await sound(w)
  })

  it('a number is sold once, and who comes too late is told so', async () => {
    const w = await worlds.open(market(numbers(10, '212788')))
    const e164s = stock(10)
    const outcomes = await buyAll(
      w,
      ACME,
      Array.from({ length: BUYERS }, (_, n) => [e164s[n % 10] as string]),
    )
    expect(sold(outcomes)).toHaveLength(10)
    expect(refused(outcomes, 'number_unavailable')).toHaveLength(BUYERS - 10)
    await sound(w)
  })

  it('what the balance covers is bought, and nothing beyond it', async () => {
    const w = await worlds.open(market(numbers(BUYERS, '212788')))
    await w.core.ledger.correct(null, ACME, 'USD', -975_500_000, 'all but 24.50')
    const outcomes = await buyAll(
      w,
      ACME,
      stock(BUYERS).map(e164 => [e164]),
    )
    expect(sold(outcomes)).toHaveLength(8)
    expect(refused(outcomes, 'insufficient_funds')).toHaveLength(BUYERS - 8)
    expect(await balanceOf(w, ACME)).toBe(0.5)
    await sound(w)
  })

  it('what one of them asks wrong is refused to it alone', async () => {
    const w = await worlds.open(
      market([
        ...numbers(3, '212788'),
        ...numbers(1, '212787', { currency: 'EUR' }),
        ...numbers(1, '212786', { required_documents: 'id' }),
      ]),
    )
    // it has the money for what its terms refuse
    await w.core.ledger.topUp(null, ACME, 'EUR', 100_000_000)
    const [a, b, c] = stock(3) as [string, string, string]
    const caller = await callerOf(w, ACME)
    const asked = [[a], [], ['+12127889999'], ['+12127870100'], ['+12127860100'], [b, b], [c, '+12127889999']]
    const codes = asked.map(wish =>
      w.core.numbers.purchase(caller, wish, { ...TERMS, currency: 'USD' }).then(
        ({ owned }) => owned.length,
        error => String(error.code),
      ),
    )
    const gone = 'number_unavailable'
    expect(await Promise.all(codes)).toEqual([1, gone, gone, gone, gone, 1, gone])
    expect([await balanceOf(w, ACME), await balanceOf(w, ACME, 'EUR')]).toEqual([1000 - 2 * PRICE, 100])
    await sound(w)
  })

  it('who needs more than numbers and money gets the same beside others: a user, a child, a key', async () => {
    const w = await worlds.open(market(numbers(6, '212788')))
    const [a, b, c, d, e, f] = stock(6) as [string, string, string, string, string, string]
    const caller = await callerOf(w, ACME)
    const child = await callerOf(w, CHILD)
    const keyed = { ...caller, idempotency: { key: 'one key', fingerprint: 'buy', field: 'Key' } }
    const asked = [
      w.core.numbers.purchase(caller, [a], { ...TERMS, userId: ACME * 100 }),
      w.core.numbers.purchase(caller, [b], { ...TERMS, userId: OTHER * 100 }).catch(error => error.code),
      w.core.numbers.purchase(keyed, [c], TERMS),
      w.core.numbers.purchase(child, [d], TERMS),
      w.core.numbers.purchase(caller, [e], TERMS),
    ]
    const [forUser, forForeign, once, byChild] = await Promise.all(asked)
    expect(forUser.owned[0].lease.userId).toBe(ACME * 100)
    expect(forForeign).toBe('not_found')
    expect((await w.core.numbers.purchase(keyed, [c], TERMS)).orderId).toBe(once.orderId)
    expect(byChild.owned[0].lease).toMatchObject({ accountId: CHILD })
    await release(w, CHILD, d)
    await w.core.accounts.remove(caller, CHILD)
    await expect(w.core.numbers.purchase(child, [f], TERMS)).rejects.toMatchObject({ code: 'forbidden' })
    await sound(w)
  })

  it('each caller is told what was done for it, and what was done is its own act', async () => {
    const w = await worlds.open(market(numbers(BUYERS, '212788')))
    const caller = await callerOf(w, ACME)
    const asked = stock(BUYERS).map((e164, n) => {
      const trace: Trace = { changes: [], eventIds: [] }
      const actor = { ...caller.actor, userId: n + 1000 }
      return { e164, trace, actor }
    })
    await Promise.all(asked.map(({ e164, ...more }) => w.core.numbers.purchase({ ...caller, ...more }, [e164], TERMS)))
    for (const { e164, trace, actor } of asked) {
      expect(trace.changes).toEqual([{ e164, version: 2, kind: 'purchased', state: 'active' }])
      const events = await w.core.numbers.events({ e164, limit: 10 })
      expect(events.at(-1)).toMatchObject({ kind: 'purchased', actorUserId: actor.userId })
    }
  })
})

describe.skipIf(!postgresIsHere)('purchases of one account at the same time, on many connections', () => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds('postgres', { connections: 6 })
  })
  afterAll(() => worlds.drop())

  it('a number that somebody else works on holds up nobody but who wants it', async () => {
    const w = await worlds.open(market(numbers(BUYERS, '212788')))
    const e164s = stock(BUYERS)
    const release = await locked(w, e164s[5] as string)
    let isBought = false
    const caller = await callerOf(w, ACME)
    const bought = e164s.map(async (e164, n) => {
      await w.core.numbers.purchase(caller, [e164], TERMS)
      if (n === 5) isBought = true
    })
    await Promise.all(bought.filter((_, n) => n !== 5))
    expect(isBought).toBe(false)
    await Promise.all([release(), ...bought])
    await sound(w)
  })

  it('accounts that buy the same numbers at the same time: each number is sold once, and all are answered', async () => {
    const w = await worlds.open(market(numbers(BUYERS, '212788')))
    const wishes = stock(BUYERS).map(e164 => [e164])
    const outcomes = await Promise.all([buyAll(w, ACME, wishes), buyAll(w, OTHER, [...wishes].reverse())])
    expect(sold(outcomes.flat())).toHaveLength(BUYERS)
    expect(refused(outcomes.flat(), 'number_unavailable')).toHaveLength(BUYERS)
    await sound(w)
  })

  it('64 of them take a few statements each, and two round trips for all that are one unit', async () => {
    const fresh = await freshStore('postgres')
    const { pool, count } = countingPool(createPools(fresh.url).ordinary)
    const store = await openPostgres(pool)
    const now = Date.parse('2026-06-01T00:00:00Z')
    const core = createCore({ store, clock: { now: () => now }, random: seededRandom('trips'), key: 'test' })
    await loadWorld(core, market(numbers(BUYERS, '212788')))
    const account = await core.accounts.get(ACME)
    const caller = core.accounts.callerFor(account as NonNullable<typeof account>)
    const before = { ...count }
    await Promise.all(stock(BUYERS).map(e164 => core.numbers.purchase(caller, [e164], TERMS)))
    expect(count.statements - before.statements).toBeLessThanOrEqual(BUYERS)
    expect(count.holding).toBe(before.holding)
    expect(await core.invariants()).toMatchObject({ ok: true })
    await store.close()
    await fresh.drop()
  })
})
