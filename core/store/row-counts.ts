import { sql } from 'kysely'
import { EMPTY_ORDER } from './migrations.ts'
import type { Reader } from './store.ts'
import type { Tables } from './tables.ts'

/** Both ends of a table are found at once; rows in between that are gone are counted with the others. */
function spanOf(table: keyof Tables) {
  const end = (which: 'min' | 'max') => sql`(SELECT ${sql.raw(which)}(rowid) FROM ${sql.table(table)})`
  return sql`coalesce(${end('max')} - ${end('min')} + 1, 0) AS ${sql.ref(table)}`
}

export async function rowsOfSqlite(db: Reader): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<Record<string, number>>`SELECT ${sql.join(EMPTY_ORDER.map(spanOf))}`.execute(db)
  return new Map(Object.entries(rows[0] ?? {}))
}

export async function rowsOfPostgres(db: Reader): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ name: string; rows: number }>`SELECT relname AS name, reltuples::bigint AS rows
    FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND reltuples >= 0
    AND relname IN (${sql.join([...EMPTY_ORDER])})`.execute(db)
  return new Map(rows.map(row => [row.name, Number(row.rows)]))
}
