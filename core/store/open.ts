import { createPool, openPostgres } from './postgres.ts'
import { openSqlite } from './sqlite.ts'
import type { Store } from './store.ts'

/** `sqlite:./path`, `sqlite::memory:` or `postgres://…`. Nothing is migrated yet. */
export async function openStore(url: string, options: { connections?: number } = {}): Promise<Store> {
  if (url.startsWith('sqlite:')) return openSqlite(url.slice('sqlite:'.length))
  if (/^postgres(ql)?:\/\//.test(url)) return openPostgres(createPool(url, options.connections ?? 10))
  throw new Error(`not a database URL: expected sqlite:PATH, sqlite::memory: or postgres://…`)
}
