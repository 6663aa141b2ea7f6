import { CompiledQuery, type Insertable } from 'kysely'
import { hinted } from './hints.ts'
import { insertion, type Values } from './statements.ts'
import type { Engine, Writing } from './store.ts'
import type { Tables } from './tables.ts'

/**
 * Rows by the hundred, all with the same columns; `tail` is what follows in SQL. On PostgreSQL they are one parameter of
 * one text that is planned once: thousands of parameters cost more than what is written. What `tail` returns.
 */
export async function insertMany<R, T extends keyof Tables & string>(
  { db, engine }: Writing,
  table: T,
  rows: readonly Insertable<Tables[T]>[],
  tail = '',
): Promise<{ rows: R[]; written: number }> {
  const query =
    engine.name === 'postgres' ? asJson(table, rows, tail) : insertion(engine, table, rows as Values[], tail)
  const { rows: returned, numAffectedRows } = await db.executeQuery(query)
  return { rows: returned as R[], written: Number(numAffectedRows ?? 0n) }
}

function asJson(table: string, rows: readonly object[], tail: string): CompiledQuery {
  const columns = Object.keys(rows[0] ?? {}).join(', ')
  const text = `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${table}, $1) ${tail}`
  return hinted(CompiledQuery.raw(text, [JSON.stringify(rows)]), { name: `didgate_many_${table}` })
}

/** The texts of a list that is one parameter, as a select. */
export function textsIn({ name }: Engine): string {
  return name === 'postgres' ? 'SELECT json_array_elements_text(?::json)' : 'SELECT value FROM json_each(?)'
}
