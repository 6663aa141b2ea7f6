import { sql } from 'kysely'
import type { Engine, Writer } from './store.ts'
import type { Tables } from './tables.ts'

/** PostgreSQL's counters do not see ids that were given; move them past it. SQLite does this by itself. */
export async function skipPastId(engine: Engine, db: Writer, table: keyof Tables, id: number): Promise<void> {
  if (engine.name === 'sqlite') return
  await sql`SELECT setval(pg_get_serial_sequence(${table}, 'id'),
    GREATEST(${id}::bigint, (SELECT max(id) FROM ${sql.table(table)})))`.execute(db)
}
