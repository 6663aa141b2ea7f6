import { openPostgres } from './postgres.ts'
import { createPools, type PoolOptions } from './postgres-pool.ts'
import type { ReplicaOptions } from './postgres-replica.ts'
import { openSqlite } from './sqlite.ts'
import type { Store } from './store.ts'

export interface StoreOptions extends PoolOptions {
  /** A server that follows the PostgreSQL server of the store. */
  replica?: Pick<ReplicaOptions, 'url' | 'lagMs'> | undefined
}

/** `sqlite:./path`, `sqlite::memory:` or `postgres://…`. Nothing is migrated yet. */
export async function openStore(url: string, options: StoreOptions = {}): Promise<Store> {
  if (url.startsWith('sqlite:')) return openSqlite(url.slice('sqlite:'.length))
  if (!/^postgres(ql)?:\/\//.test(url)) {
    throw new Error(`not a database URL: expected sqlite:PATH, sqlite::memory: or postgres://…`)
  }
  const { replica, ...pool } = options
  const { ordinary, patient } = createPools(url, pool)
  return openPostgres(ordinary, patient, replica && { ...pool, ...replica })
}
