/** What a verb asks of PostgreSQL: each round trip is a wait, and those made while a balance is held are everybody's. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import type { Caller } from '../../core/ground/model.ts'
import { seededRandom } from '../../core/ground/random.ts'
import { openPostgres } from '../../core/store/postgres.ts'
import { createPools } from '../../core/store/postgres-pool.ts'
import type { Core } from '../../core/verbs.ts'
import { loadWorld } from '../../src/worlds/seed.ts'
import { freshStore, postgresIsHere } from '../support/engines.ts'
import { ACME, market, numbers, OTHER } from '../support/market.ts'
import { countingPool, type Trips } from '../support/round-trips.ts'

const RENEWALS = 1000
const TERMS = { documents: 'refuse' } as const
const MONTH = 31 * 86_400_000

/** Statements, trips, and those of them that are made while a balance is held. */
type Figures = [statements: number, trips: number, holding: number]

describe.skipIf(!postgresIsHere)('round trips on PostgreSQL', () => {
  let core: Core
  let count: Trips
  let now = Date.parse('2026-06-01T00:00:00Z')
  let drop: () => Promise<void>
  let acme: Caller
  let other: Caller

  beforeAll(async () => {
    const fresh = await freshStore('postgres')
    const { pool, count: counted } = countingPool(createPools(fresh.url).ordinary)
    const store = await openPostgres(pool)
    count = counted
    drop = async () => {
      await store.close()
      await fresh.drop()
    }
    core = createCore({ store, clock: { now: () => now }, random: seededRandom('trips'), key: 'test' })
    const blocks = ['212788', '212789']
    await loadWorld(core, market(blocks.flatMap(block => numbers(RENEWALS, block))))
    const callerOf = async (id: number) => core.accounts.callerFor((await core.accounts.get(id)) as never)
    acme = await callerOf(ACME)
    other = await callerOf(OTHER)
    await core.accounts.update(null, ACME, { releaseFee: { currency: 'USD', amount: 1_000_000 } })
    for (const id of [ACME, OTHER]) await core.ledger.topUp(null, id, 'USD', 100_000_000_000)
  })
  afterAll(() => drop())

  const e164 = (n: number) => `+1212789${String(n).padStart(4, '0')}`
  const leaseOf = async (n: number) => (await core.numbers.leaseOf(e164(n)))?.lease.id

  async function of(verb: () => Promise<unknown>): Promise<Figures> {
    const before = { ...count }
    await verb()
    return [count.statements - before.statements, count.trips - before.trips, count.holding - before.holding]
  }

  it('1,000 renewals of two accounts', async () => {
    const line = { filter: { npaNxx: '212788' }, quantity: RENEWALS / 10 }
    for (let n = 0; n < 10; n++) await core.numbers.claim(n % 2 ? acme : other, [line], { partial: false, ...TERMS })
    now += MONTH
    const [statements, trips, holding] = await of(async () => {
      expect(await core.jobs.runDue()).toContainEqual({ job: 'renewal', count: RENEWALS })
    })
    // what two accounts write at once may be one statement, or not; what they wait for may come in one piece, or not
    expect(statements).toBeLessThan(85)
    expect(trips).toBeLessThan(50)
    expect(holding).toBeLessThan(25)
    expect(await core.invariants()).toMatchObject({ ok: true })
  })

  it('one verb each', async () => {
    const line = { filter: { npaNxx: '212789' }, quantity: 1 }
    const [one, more] = [[e164(100)], [e164(101), e164(102), e164(103)]]
    const table: Record<string, Figures> = {}
    table['purchase of one number'] = await of(() => core.numbers.purchase(acme, one, TERMS))
    table['purchase of three'] = await of(() => core.numbers.purchase(acme, more, TERMS))
    table.claim = await of(() => core.numbers.claim(acme, [line], { partial: false, ...TERMS }))
    await core.carts.add(acme, [e164(110), e164(111)], 'USD')
    table['checkout of two'] = await of(() => core.carts.checkout(acme, undefined, TERMS))
    const [a, b] = (await Promise.all([100, 101].map(leaseOf))) as [number, number]
    const routes = [{ kind: 'sip', target: 'sip:a@example.net', priority: 0 }] as const
    const change = { label: 'front desk', routes, settings: { dialect: 'wavix', value: { a: 1 } } }
    table.configure = await of(() => core.numbers.configure(acme, a, change, 'wavix'))
    table['release at once'] = await of(() => core.numbers.release(acme, [a], { kind: 'now' }, 'wavix'))
    const window = { kind: 'window', ms: 86_400_000, chargeFee: true } as const
    table['release with a fee, later'] = await of(() => core.numbers.release(acme, [b], window, 'vobiz'))
    table['release taken back'] = await of(() => core.numbers.cancelRelease(acme, b, 'vobiz'))
    expect(table).toEqual({
      'purchase of one number': [10, 2, 0],
      'purchase of three': [10, 2, 0],
      claim: [9, 2, 0],
      'checkout of two': [11, 3, 0],
      configure: [14, 6, 0],
      'release at once': [20, 5, 0],
      'release with a fee, later': [18, 4, 1],
      'release taken back': [16, 5, 2],
    })
  })
})
