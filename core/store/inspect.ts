import { existsSync } from 'node:fs'
import type { Kysely } from 'kysely'
import { type SchemaState, schemaState } from './migrations.ts'
import { openStore } from './open.ts'
import type { PoolOptions } from './postgres-pool.ts'
import { kyselyOver, openDatabase } from './sqlite-driver.ts'
import type { Store } from './store.ts'
import type { Tables } from './tables.ts'
import { blamedOnDatabase } from './unavailable.ts'

/** A database that is looked at, while others use it: nothing in it is changed, and none is made. */
export interface Inspection extends Pick<Store, 'read'> {
  engine: Store['engine']['name']
  schema(): Promise<SchemaState>
  close(): Promise<void>
}

/** Throws when there is no file; a server that is away is told by what is read. */
export async function inspect(url: string, options: PoolOptions = {}): Promise<Inspection> {
  if (url.startsWith('sqlite:')) return inspectFile(url.slice('sqlite:'.length))
  const { read, readAside, close } = await openStore(url, options)
  return { engine: 'postgres', read: readAside, schema: () => read(schemaState), close }
}

/** Throws a sentence where a file would first have to be made. */
export function insistOnDatabase(path: string): void {
  if (path === ':memory:' || existsSync(path)) return
  throw new Error(`there is no database at ${path}; if DATABASE_URL is right, didgate migrate makes it`)
}

export function inspectFile(path: string): Inspection {
  insistOnDatabase(path)
  const db = kyselyOver(openDatabase(path, true))
  const read = <T>(fn: (db: Kysely<Tables>) => Promise<T>) =>
    fn(db).catch(error => {
      throw blamedOnDatabase(error)
    })
  return { engine: 'sqlite', read, schema: () => read(schemaState), close: () => db.destroy() }
}
