import { type RawBuilder, type SqlBool, sql } from 'kysely'

const value = (mark: unknown) => sql`(CAST(${mark} AS TEXT))`

/**
 * Numbers that are among these. As a plain list of hundreds PostgreSQL would ask the index of trigrams for each of them,
 * which takes milliseconds a number; a table of values is joined by the unique index.
 */
export function amongE164s(e164s: readonly string[]): RawBuilder<SqlBool> {
  return sql`numbers.e164 IN (VALUES ${sql.join(e164s.map(value))})`
}
