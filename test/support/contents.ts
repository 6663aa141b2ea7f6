/** All that a database holds, whatever version it is of, and what it is made of. */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Store } from '../../core/store/store.ts'

type Row = Readonly<Record<string, unknown>>

/** By table. */
export type Contents = ReadonlyMap<string, { columns: readonly string[]; rows: readonly Row[] }>

const SQLITE_COLUMNS = `SELECT m.name AS "table", p.name AS "column" FROM sqlite_master m, pragma_table_info(m.name) p
  WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'numbers_digits%'`
const POSTGRES_COLUMNS = `SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
  WHERE table_schema = current_schema()`

const SQLITE_INDEXES = `SELECT type || ' ' || name AS name FROM sqlite_master
  WHERE name NOT LIKE 'sqlite_%' AND type IN ('index', 'trigger', 'table')
    AND NOT (type = 'table' AND name GLOB 'numbers_digits_*')`
const POSTGRES_INDEXES = `SELECT 'index ' || indexname AS name FROM pg_indexes WHERE schemaname = current_schema()
  UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE relnamespace = current_schema()::regnamespace AND NOT tgisinternal`

const rowsOf = <T>(store: Store, text: string) =>
  store.read(async db => (await sql.raw<T>(text).execute(db)).rows) as Promise<T[]>

const isSqlite = (store: Store) => store.engine.name === 'sqlite'

const columnsOf = (store: Store) =>
  rowsOf<{ table: string; column: string }>(store, isSqlite(store) ? SQLITE_COLUMNS : POSTGRES_COLUMNS)

/** The inside of the index of trigrams is left out: it is no table of ours. */
export async function contentsOf(store: Store): Promise<Contents> {
  const all = await columnsOf(store)
  const tables = [...new Set(all.map(each => each.table))]
  const contents = new Map<string, { columns: string[]; rows: Row[] }>()
  for (const table of tables) {
    const columns = all.filter(each => each.table === table).map(each => each.column)
    contents.set(table, { columns, rows: await rowsOf<Row>(store, `SELECT * FROM ${table}`) })
  }
  return contents
}

/** Names of columns, indexes and triggers, sorted. */
export async function shapeOf(store: Store): Promise<string[]> {
  const columns = (await columnsOf(store)).map(({ table, column }) => `column ${table}.${column}`)
  const others = await rowsOf<{ name: string }>(store, isSqlite(store) ? SQLITE_INDEXES : POSTGRES_INDEXES)
  return [...columns, ...others.map(({ name }) => name)].sort()
}

/**
 * A digest of each column of `old` but those `changed` (`table` or `table.column`); one that is gone has none. Rows are
 * taken in the order of what they hold in these, so that a value which went to another row is noticed.
 */
export function digestsOf(contents: Contents, old: Contents, changed: Readonly<Record<string, string>>) {
  const digests: Record<string, string> = {}
  for (const [table, { columns }] of old) {
    const { columns: here, rows } = contents.get(table) ?? { columns: [], rows: [] }
    const stay = columns
      .filter(column => here.includes(column) && !(table in changed) && !(`${table}.${column}` in changed))
      .sort()
    const values = rows.map(row => stay.map(column => JSON.stringify(row[column] ?? null)))
    const sorted = values.map(row => ({ row, key: row.join('\n') })).sort((a, b) => (a.key < b.key ? -1 : 1))
    for (const [at, column] of stay.entries()) {
      const hash = createHash('sha256')
      for (const { row } of sorted) hash.update(`${row[at]}\n`)
      digests[`${table}.${column}`] = `${rows.length} ${hash.digest('hex')}`
    }
  }
  return digests
}
