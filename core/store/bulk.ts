import { type Insertable, type RawBuilder, sql } from 'kysely'
import { insertion, type Values } from './statements.ts'
import type { Engine, Writing } from './store.ts'
import type { Tables } from './tables.ts'

/** Rows by the hundred, all with the same columns; `tail` is what follows in SQL. What `tail` returns. */
export async function insertMany<R, T extends keyof Tables & string>(
  { db, engine }: Writing,
  table: T,
  rows: readonly Insertable<Tables[T]>[],
  tail = '',
): Promise<{ rows: R[]; written: number }> {
  const query = insertion(engine, table, rows as Values[], ` ${tail}`)
  const { rows: returned, numAffectedRows } = await db.executeQuery(query)
  return { rows: returned as R[], written: Number(numAffectedRows ?? 0n) }
}

/** Rows of whole numbers that are one parameter, as a select of these columns. */
export function integersIn<C extends string>(
  { name }: Engine,
  columns: readonly C[],
  rows: readonly Readonly<Record<C, number | null>>[],
): RawBuilder<unknown> {
  const json = JSON.stringify(rows)
  if (name === 'postgres') {
    const typed = sql.raw(columns.map(column => `${column} bigint`).join(', '))
    return sql`SELECT * FROM json_to_recordset(${json}::json) AS row (${typed})`
  }
  const read = sql.raw(columns.map(column => `json_extract(value, '$.${column}') AS ${column}`).join(', '))
  return sql`SELECT ${read} FROM json_each(${json})`
}
