import { sql } from 'kysely'
import { EMPTY_ORDER } from '../core/store/migrations.ts'
import type { Store } from '../core/store/store.ts'
import type { Tables } from '../core/store/tables.ts'

export interface Size {
  rows: number
  /** With its indexes. */
  bytes: number
}

const bytesOf = {
  sqlite: sql<{ name: string; bytes: number }>`SELECT coalesce(m.tbl_name, s.name) AS name, sum(s.pgsize) AS bytes
    FROM dbstat s LEFT JOIN sqlite_master m ON m.name = s.name WHERE s.aggregate = TRUE GROUP BY 1`,
  postgres: sql<{ name: string; bytes: number }>`SELECT relname AS name, pg_total_relation_size(oid) AS bytes
    FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace`,
}

/** Counted and measured, which reads all of it. */
export async function sizesOf(store: Store): Promise<Map<keyof Tables, Size>> {
  const measured = await store.read(db => bytesOf[store.engine.name].execute(db))
  const bytes = new Map(measured.rows.map(row => [row.name, Number(row.bytes)]))
  const sizes = new Map<keyof Tables, Size>()
  for (const table of EMPTY_ORDER) {
    const query = sql<{ rows: number }>`SELECT count(*) AS rows FROM ${sql.table(table)}`
    const [found] = (await store.read(db => query.execute(db))).rows
    sizes.set(table, { rows: Number(found?.rows), bytes: bytes.get(table) ?? 0 })
  }
  return sizes
}

/** Pages of a SQLite file that hold nothing, and all of them, in bytes. */
export async function freeBytes(store: Store): Promise<{ free: number; all: number }> {
  const pragma = async (name: string) => {
    const query = sql<Record<string, number>>`PRAGMA ${sql.raw(name)}`
    return Number((await store.read(db => query.execute(db))).rows[0]?.[name])
  }
  const size = await pragma('page_size')
  return { free: size * (await pragma('freelist_count')), all: size * (await pragma('page_count')) }
}
