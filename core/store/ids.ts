import { type Selectable, sql } from 'kysely'
import type { Engine, ReservedIds, Writer, Writing } from './store.ts'
import type { Tables } from './tables.ts'
import { run } from './texts.ts'

/** Tables whose rows are numbered by the database. */
export type Numbered = {
  [T in keyof Tables & string]: Selectable<Tables[T]> extends { id: number } ? T : never
}[keyof Tables]

export const noIds = (): ReservedIds => ({ promised: new Map(), arrived: new Map(), arriving: Promise.resolve() })

/** A row for each, so that the plan that fits any list is as good as one that is made for this one. */
const NEXT = `SELECT name, nextval((name || '_id_seq')::regclass) AS id FROM unnest(?::text[]) AS wanted (name)`

/**
 * Asks for the ids of rows that are going to be inserted, and does not wait: with them at hand nobody waits for an insert
 * either. SQLite tells them with the insert at no cost.
 */
export function reserveIds({ db, engine, ids }: Writing, counts: Partial<Record<Numbered, number>>): void {
  if (engine.name === 'sqlite') return
  const missing: string[] = []
  for (const [table, count] of Object.entries(counts)) {
    const promised = ids.promised.get(table) ?? 0
    if (promised >= count) continue
    for (let n = promised; n < count; n++) missing.push(table)
    ids.promised.set(table, count)
  }
  if (missing.length === 0) return
  const asked = run<{ name: string; id: number }>(db, engine, NEXT, [missing]).then(rows => {
    for (const { name, id } of rows) {
      const list = ids.arrived.get(name)
      if (list) list.push(id)
      else ids.arrived.set(name, [id])
    }
  })
  ids.arriving = Promise.all([ids.arriving, asked])
  ids.arriving.catch(() => {}) // told to whoever takes one
}

/** Undefined where so many were not reserved. */
export async function takeIds({ ids }: Writing, table: Numbered, count: number): Promise<number[] | undefined> {
  const promised = ids.promised.get(table) ?? 0
  if (promised < count) return undefined
  ids.promised.set(table, promised - count)
  await ids.arriving
  return ids.arrived.get(table)?.splice(0, count)
}

/** PostgreSQL's counters do not see ids that were given; move them past it. SQLite does this by itself. */
export async function skipPastId(engine: Engine, db: Writer, table: keyof Tables, id: number): Promise<void> {
  if (engine.name === 'sqlite') return
  await sql`SELECT setval(pg_get_serial_sequence(${table}, 'id'),
    GREATEST(${id}::bigint, (SELECT max(id) FROM ${sql.table(table)})))`.execute(db)
}
