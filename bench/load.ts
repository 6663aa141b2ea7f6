/** Inventories of millions: one number per block through the import, the others copied inside of the database. */
import { sql } from 'kysely'
import { openStore } from '../core/store/open.ts'
import type { Store } from '../core/store/store.ts'
import { openCustomer, plan, WAVIX_KEY, withCore } from './data.ts'

export const NPAS = 300
export const NXXS = 600

/** Columns of a number but for the ones that tell it from the others of its block. */
const ALIKE = `stock_id, country, type, area_code, npa_nxx, region, city, city_id, rate_center, capabilities, currency,
  setup_price, monthly_price, per_minute_price, channels, required_documents, state, available_from, version,
  created_at, updated_at`

interface Index {
  name: string
  definition: string
}

/** Every insert would touch all of them; made anew at the end they are sorted once. */
async function indexesOf(store: Store): Promise<Index[]> {
  const lookUp =
    store.engine.name === 'sqlite'
      ? sql<Index>`SELECT name, sql AS definition FROM sqlite_master
          WHERE type = 'index' AND tbl_name = 'numbers' AND sql IS NOT NULL`
      : sql<Index>`SELECT indexname AS name, indexdef AS definition FROM pg_indexes
          WHERE tablename = 'numbers' AND schemaname = current_schema() AND indexname NOT LIKE '%\\_key'
          AND indexname NOT LIKE '%\\_pkey'`
  return (await store.read(db => lookUp.execute(db))).rows
}

/** Has no factor with 10,000, so that the last four digits of a block come spread and only once. */
const STRIDE = 1789

/** Which blocks are filled: areas from the `from`-th on. */
export interface Blocks {
  from: number
  npas: number
  nxxs: number
}

/** The n-th number of every block that begins after `first`, in as many blocks as are asked for. */
async function copyLayer(store: Store, n: number, first: number, blocks: number): Promise<void> {
  const last = String((n * STRIDE) % 10_000).padStart(4, '0')
  const tsal = [...last].reverse().join('')
  const alike = sql.raw(ALIKE)
  await store.write(db =>
    sql`INSERT INTO numbers (e164, reversed, ${alike})
      SELECT substr(e164, 1, 8) || ${sql.lit(last)}, ${sql.lit(tsal)} || substr(reversed, 5), ${alike}
      FROM numbers WHERE id > ${first} AND id <= ${first + blocks} ORDER BY e164`.execute(db),
  )
}

async function finish(store: Store, from: number): Promise<void> {
  await store.write(db =>
    sql`INSERT INTO number_events (number_id, version, kind, state, at, data)
      SELECT id, 1, 'imported', 'available', created_at, '{}' FROM numbers WHERE id > ${from}`.execute(db),
  )
  await store.write(db =>
    sql`UPDATE stock SET available = counted.total
      FROM (SELECT stock_id, count(*) AS total FROM numbers WHERE available_from = 0 GROUP BY stock_id) AS counted
      WHERE counted.stock_id = stock.id`.execute(db),
  )
}

async function lastId(store: Store): Promise<number> {
  const { rows } = await store.read(db => sql<{ last: number }>`SELECT max(id) AS last FROM numbers`.execute(db))
  return Number(rows[0]?.last ?? 0)
}

/** `count` numbers more over these blocks, none of which has any. Takes about a minute for each million. */
export async function fill(url: string, count: number, { from, npas, nxxs }: Blocks): Promise<void> {
  const store = await openStore(url)
  try {
    await store.migrate()
    const first = await lastId(store)
    const all = npas * nxxs
    await withCore(url, core =>
      core.imports.run(plan(Math.min(count, all), npas, nxxs, from), { owned: false, keepGood: false }),
    )
    if (count <= all) return
    const indexes = await indexesOf(store)
    for (const { name } of indexes) await store.write(db => sql`DROP INDEX ${sql.ref(name)}`.execute(db))
    for (let n = 1, left = count - all; left > 0; n++, left -= all)
      await copyLayer(store, n, first, Math.min(left, all))
    await finish(store, first + all)
    for (const { definition } of indexes) await store.write(db => sql.raw(definition).execute(db))
    // as autovacuum would have done by now
    if (store.engine.name === 'postgres') await store.read(db => sql`VACUUM ANALYZE`.execute(db))
  } finally {
    await store.close()
  }
}

/** Two pages of what a list shows. */
const OWNED = 40

/** `count` numbers over 300 × 600 blocks, and one customer, who owns some of them. */
export async function load(url: string, count: number): Promise<void> {
  await withCore(url, openCustomer)
  await fill(url, count, { from: 0, npas: NPAS, nxxs: NXXS })
  await withCore(url, async core => {
    const access = await core.credentials.verifyKey('wavix', WAVIX_KEY)
    if (!access) throw new Error('the customer is unknown')
    await core.numbers.claim(access.caller, [{ filter: {}, quantity: OWNED }], { partial: false, documents: 'refuse' })
  })
}
