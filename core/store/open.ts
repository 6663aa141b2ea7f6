import { openPostgres } from './postgres.ts'
import { createPools, type PoolOptions } from './postgres-pool.ts'
import { openSqlite } from './sqlite.ts'
import type { Store } from './store.ts'

/** `sqlite:./path`, `sqlite::memory:` or `postgres://…`. Nothing is migrated yet. */
export async function openStore(url: string, options: PoolOptions = {}): Promise<Store> {
  if (url.startsWith('sqlite:')) return openSqlite(url.slice('sqlite:'.length))
  if (!/^postgres(ql)?:\/\//.test(url)) {
    throw new Error(`not a database URL: expected sqlite:PATH, sqlite::memory: or postgres://…`)
  }
  const { ordinary, patient } = createPools(url, options)
  return openPostgres(ordinary, patient)
}
