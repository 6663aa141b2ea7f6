/** What is exported of one account among many: no more is read than is its own. */
import { CompiledQuery, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import type { Store } from '../../core/store/store.ts'
import { leasesBehind, transactionsBehind } from '../../core/upkeep/exports.ts'
import type { LedgerExport } from '../../core/verbs.ts'
import { engines } from '../support/engines.ts'
import { ACME, buy, market, numbers, OTHER } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

/** Postings of others before, among and behind those of the account. */
const OTHERS = 5_000
const OWN = 600
const FROM = Date.UTC(2026, 0, 1)
const HOUR = 3_600_000

async function all<T>(batches: AsyncGenerator<T[]>): Promise<T[]> {
  const rows: T[] = []
  for await (const batch of batches) rows.push(...batch)
  return rows
}

describe.each(engines())('exports of one account on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  beforeAll(async () => {
    worlds = await openWorlds(engine)
    w = await worlds.open(market(numbers(3)))
    const [mine] = await buy(w, ACME, ...numbers(2).map(({ e164 }) => String(e164)))
    await buy(w, OTHER, String(numbers(3)[2]?.e164))
    await w.core.numbers.release(await callerOf(ACME), [mine?.lease.id ?? 0], { kind: 'now' })
    // of every ninth hour two, so that the edge of a step falls between two of one moment
    await w.store.write(db =>
      sql`WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${sql.lit(OTHERS + OWN - 1)})
        INSERT INTO transactions (guid, account_id, kind, currency, amount, setup_amount, period_amount, balance_after,
          note, created_at)
        SELECT 'posted-' || i, CASE WHEN i * ${sql.lit(OWN)} % ${sql.lit(OTHERS + OWN)} < ${sql.lit(OWN)} THEN ${sql.lit(ACME)}
          ELSE ${sql.lit(OTHER)} END,
          'topup', CASE WHEN i % 2 = 0 THEN 'USD' ELSE 'EUR' END, 1, 0, 1, i, 'posted',
          ${sql.lit(FROM)} + (i / 18) * ${sql.lit(HOUR)} FROM n`.execute(db),
    )
    if (engine === 'postgres') await w.store.write(db => sql`ANALYZE transactions`.execute(db))
  })
  afterAll(() => worlds.drop())

  const callerOf = async (id: number) => {
    const account = await w.core.accounts.get(id)
    return w.core.accounts.callerFor(account as NonNullable<typeof account>)
  }
  /** A core over the same database, and how many questions it asked. */
  const counted = () => {
    const count = { reads: 0 }
    const read: Store['read'] = fn => {
      count.reads++
      return w.store.read(fn)
    }
    const core = createCore({ store: { ...w.store, read }, clock: { now: () => w.core.clock.now() }, key: 'test' })
    return { core, count }
  }
  const plan = async ({ sql: text, parameters }: CompiledQuery) => {
    const explain = engine === 'sqlite' ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN'
    const query = CompiledQuery.raw(`${explain} ${text}`, [...parameters])
    const { rows } = await w.store.read(db => db.executeQuery(query))
    return JSON.stringify(rows)
  }

  it.each<[string, LedgerExport]>([
    ['all of it', {}],
    ['since then', { from: FROM + 100 * HOUR }],
    ['until then', { until: FROM + 100 * HOUR }],
    ['in one currency', { currency: 'EUR', kind: 'topup' }],
  ])('its ledger, %s: what the ledger of all has of it, oldest first', async (_, asked) => {
    const own = await all(w.core.exports.ledger({ accountId: ACME, ...asked }))
    const every = await all(w.core.exports.ledger(asked))
    const wanted = every.filter(({ accountId }) => accountId === ACME)
    expect(own.length).toBeGreaterThan(50)
    expect(own).toEqual(wanted.toSorted((a, b) => a.createdAt - b.createdAt || a.id - b.id))
  })

  it('its ledger is read with as many questions as it is long', async () => {
    const { core, count } = counted()
    const rows = await all(core.exports.ledger({ accountId: ACME }))
    expect(rows.length).toBeGreaterThan(500)
    expect(count.reads).toBe(3)
    count.reads = 0
    await all(core.exports.ledger({ accountId: ACME, until: FROM }))
    expect(count.reads).toBe(1)
  })

  it('its ledger and its numbers are found by indexes of accounts', async () => {
    const [ledger, ownership] = await w.store.read(async db => [
      transactionsBehind(db, { accountId: ACME, from: FROM }, undefined).compile(),
      leasesBehind(db, { accountId: ACME }, undefined).compile(),
    ])
    expect(await plan(ledger)).toContain('transactions_account')
    expect(await plan(ledger)).not.toMatch(/TEMP B-TREE|Sort/)
    // of three rows PostgreSQL asks no index
    if (engine === 'sqlite') expect(await plan(ownership)).toMatch(/leases_held.*account_id=\? AND id>\?/)
  })

  it('its numbers, and with those that it gave back', async () => {
    const owned = async (isEndedToo: boolean) => {
      const rows = await all(w.core.exports.ownership({ accountId: ACME, isEndedToo }))
      return rows.map(({ number, endedAt }) => [number.e164, endedAt !== null])
    }
    const [first, second] = numbers(2).map(({ e164 }) => e164)
    expect(await owned(false)).toEqual([[second, false]])
    expect(await owned(true)).toEqual([
      [first, true],
      [second, false],
    ])
  })
})
