import { readFile, rm, writeFile } from 'node:fs/promises'
import Database from 'better-sqlite3'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { LRUCache } from 'lru-cache'
import { withNative } from './native.ts'
import type { Tables } from './tables.ts'

/** Prepared statements kept per connection: far more than the distinct texts the core writes. */
const STATEMENT_CACHE = 500

interface Prepared {
  statement: Database.Statement
  /** Names of the columns of what it returns; undefined: it returns nothing. */
  columns: readonly string[] | undefined
}

/** SQLite plans a statement anew whenever another value is bound where it looks for a constant, as it does for limits. */
function withoutReplanning(text: string): string {
  return text.replace(/\b(limit|offset) \?/gi, '$1 (? + 0)')
}

/** Built here and not by better-sqlite3, to which every name of every row is a string to look up. */
function objectOf(columns: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  const row: Record<string, unknown> = {}
  for (let n = 0; n < columns.length; n++) row[columns[n] as string] = values[n]
  return row
}

/** What a statement failed with, as it is to be told. */
type Told = (error: unknown) => unknown

/** A connection that prepares each text once. better-sqlite3 is synchronous, so a query ends before this returns. */
function cachedConnection(database: Database.Database, told: Told): DatabaseConnection {
  const statements = new LRUCache<string, Prepared>({ max: STATEMENT_CACHE })
  const prepare = (text: string): Prepared => {
    const known = statements.get(text)
    if (known) return known
    const prepared = database.prepare(withoutReplanning(text))
    const columns = prepared.reader
      ? prepared
          .raw()
          .columns()
          .map(({ name }) => name)
      : undefined
    const statement = { statement: prepared, columns }
    statements.set(text, statement)
    return statement
  }
  const execute = <R>({ sql, parameters }: CompiledQuery): QueryResult<R> => {
    const { statement, columns } = prepare(sql)
    if (columns) {
      const rows = statement.all(parameters) as unknown[][]
      return { rows: rows.map(values => objectOf(columns, values) as R) }
    }
    const { changes, lastInsertRowid } = statement.run(parameters)
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
  }
  return {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      try {
        return execute(query)
      } catch (error) {
        throw told(error)
      }
    },
    async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
      for (const row of database.prepare(query.sql).iterate(query.parameters)) yield { rows: [row as R] }
    },
  }
}

/** Kysely over one connection whose transactions the store begins and ends itself. */
export function kyselyOver(database: Database.Database, told: Told = error => error): Kysely<Tables> {
  return kyselyOn(cachedConnection(database, told), async () => {
    database.close()
  })
}

/** Kysely over whatever answers in SQLite's language. */
export function kyselyOn(connection: DatabaseConnection, destroy: () => Promise<void>): Kysely<Tables> {
  const refuse = async () => {
    throw new Error('transactions belong to the store')
  }
  const driver: Driver = {
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    releaseConnection: async () => {},
    destroy,
  }
  const db = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => driver,
      createIntrospector: db => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  })
  // what is compiled already needs nobody who finds a connection for it: there is one
  const executeQuery: typeof db.executeQuery = query =>
    connection.executeQuery('compile' in query ? query.compile() : query)
  return Object.assign(db, { executeQuery })
}

/** WAL, every commit durable, foreign keys on. */
export function openDatabase(path: string, readonly: boolean): Database.Database {
  const database = withNative(() => new Database(path, { timeout: 0, readonly }))
  if (!readonly) database.pragma('journal_mode = WAL')
  return configured(database)
}

/** In memory, from the bytes that `imageOf` gave; these stay as they are. */
export function openImage(image: Uint8Array): Database.Database {
  const bytes = Buffer.from(image.buffer, image.byteOffset, image.byteLength)
  return configured(withNative(() => new Database(bytes, { timeout: 0 })))
}

export function imageOf(database: Database.Database): Uint8Array {
  return database.serialize()
}

/** As `imageOf`, of a database in a file: page by page, so that nothing waits for a large one. */
export async function imageOfFile(database: Database.Database, aside: string): Promise<Uint8Array> {
  try {
    await database.backup(aside)
    return await readFile(aside)
  } finally {
    await rm(aside, { force: true })
  }
}

/** Copies an image over the database in `path` in one transaction; whoever has it open goes on with what it holds. */
export async function replaceFile(path: string, image: Uint8Array, aside: string): Promise<void> {
  await writeFile(aside, image, { mode: 0o600 })
  let source: Database.Database | undefined
  try {
    source = new Database(aside, { fileMustExist: true })
    await source.backup(path)
  } finally {
    source?.close()
    for (const suffix of ['', '-wal', '-shm']) await rm(aside + suffix, { force: true })
  }
}

/** Pages in use. */
export function bytesOf(database: Database.Database): number {
  const of = (name: string) => Number(database.pragma(name, { simple: true }))
  return of('page_count') * of('page_size')
}

function configured(database: Database.Database): Database.Database {
  database.pragma('synchronous = FULL')
  database.pragma('foreign_keys = ON')
  database.pragma('cache_size = -8192') // KiB; the operating system caches the file too
  database.pragma('temp_store = MEMORY')
  return database
}
