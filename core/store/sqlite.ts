import { sql } from 'kysely'
import { SQLITE_AREA_TRIGGERS } from './area-counters.ts'
import { openAside } from './aside.ts'
import { createCheckpoints } from './checkpoints.ts'
import { createWriter } from './group-commit.ts'
import { SQLITE_HELD_TRIGGERS } from './held-counters.ts'
import { sqliteManySecrets } from './many-secrets.ts'
import { EMPTY_ORDER, isMigrated, runMigrations } from './migrations.ts'
import { makePrivate } from './private-file.ts'
import { withProof } from './proof.ts'
import { rowsOfSqlite } from './row-counts.ts'
import { bytesOf, imageOf, imageOfFile, kyselyOver, openDatabase, openImage, replaceFile } from './sqlite-driver.ts'
import type { Store } from './store.ts'
import { blamedOnDatabase } from './unavailable.ts'

/** Which numbers have which three digits in a row; where these stand is checked on the number itself. */
const TRIGRAMS = [
  "CREATE VIRTUAL TABLE IF NOT EXISTS numbers_digits USING fts5 (digits, content = '', tokenize = 'trigram', detail = 'none')",
  `CREATE TRIGGER IF NOT EXISTS numbers_digits_insert AFTER INSERT ON numbers BEGIN
    INSERT INTO numbers_digits (rowid, digits) VALUES (new.id, substr(new.e164, 2)); END`,
  `INSERT INTO numbers_digits (rowid, digits) SELECT id, substr(e164, 2) FROM numbers
    WHERE id NOT IN (SELECT rowid FROM numbers_digits)`,
]
const TOUCH = 'UPDATE access_version SET version = version + 1'
const touches = (table: string) =>
  ['INSERT', 'UPDATE', 'DELETE'].map(
    event => `CREATE TRIGGER ${table}_${event.toLowerCase()}_access AFTER ${event} ON ${table} BEGIN ${TOUCH}; END`,
  )
const ID = 'INTEGER PRIMARY KEY AUTOINCREMENT'
const TYPES = {
  id: ID,
  bytes: 'BLOB',
  digits: 'TEXT',
  trigrams: TRIGRAMS,
  touches,
  member: (column: string, ...path: readonly string[]) => `json_extract(${column}, '$.${path.join('.')}')`,
  areaTriggers: SQLITE_AREA_TRIGGERS,
  innerDigits: [], // the table of trigrams is one that only searches name
  countersInPlace: [],
  heldTriggers: SQLITE_HELD_TRIGGERS,
  unlogged: '',
  manySecrets: sqliteManySecrets(ID, touches),
  timedVersions: [],
}

/** In memory, reads share the writer's connection and so wait between groups. */
function createGate() {
  let readers = 0
  let writing = false
  let waiters: (() => void)[] = []
  const wake = () => {
    const list = waiters
    waiters = []
    for (const resume of list) resume()
  }
  const until = async (free: () => boolean) => {
    while (!free()) await new Promise<void>(resolve => waiters.push(resolve))
  }
  return {
    async shared<T>(fn: () => Promise<T>): Promise<T> {
      await until(() => !writing)
      readers++
      try {
        return await fn()
      } finally {
        readers--
        wake()
      }
    },
    async exclusive<T>(fn: () => Promise<T>): Promise<T> {
      await until(() => readers === 0 && !writing)
      writing = true
      try {
        return await fn()
      } finally {
        writing = false
        wake()
      }
    },
  }
}

export async function openSqlite(path: string): Promise<Store> {
  if (path === ':memory:') return openSqliteImage(undefined)
  makePrivate(path)
  const database = openDatabase(path, false)
  const writer = kyselyOver(database)
  const shared = openDatabase(path, true)
  const reader = kyselyOver(shared, blamedOnDatabase)
  const aside = openAside(path)
  const checkpoints = createCheckpoints(path, database)
  const { write, idle } = createWriter(writer, fn => fn(), checkpoints)
  const close = async () => {
    await idle()
    await checkpoints.close()
    await aside.destroy()
    await reader.destroy()
    shared.close() // Kysely leaves open what nobody has asked anything; the writer is last, and cuts the log
    await writer.destroy()
    database.close()
  }
  const beside = () => `${path}.${process.pid}.${++images}.image`
  const store: Store = {
    ...storeOver({ read: fn => fn(reader), readAside: blaming(fn => fn(aside)), write, close }),
    bytes: async () => bytesOf(database),
    async image() {
      await idle()
      return imageOfFile(database, beside())
    },
    async replacedBy(image) {
      await idle()
      await replaceFile(path, image, beside())
      return store
    },
  }
  return store
}

/** Names of files that are there while an image is made or read. */
let images = 0

/** In memory, from the bytes of another one; undefined: empty. */
export async function openSqliteImage(image: Uint8Array | undefined): Promise<Store> {
  const database = image ? openImage(image) : openDatabase(':memory:', false)
  const writer = kyselyOver(database)
  const gate = createGate()
  const { write, idle } = createWriter(writer, gate.exclusive)
  const read = blaming(fn => gate.shared(() => fn(writer)))
  const close = async () => {
    await idle()
    await writer.destroy()
  }
  return {
    ...storeOver({ read, readAside: read, write, close }),
    bytes: async () => bytesOf(database),
    image: () => read(async () => imageOf(database)),
    async replacedBy(other) {
      const next = await openSqliteImage(other)
      await close()
      return next
    },
  }
}

/** A disk that is full or broken, a lock that another process keeps: told as what it is. */
function blaming(run: Store['read']): Store['read'] {
  return fn =>
    run(fn).catch(error => {
      throw blamedOnDatabase(error)
    })
}

type Over = Omit<Store, 'bytes' | 'image' | 'replacedBy'>

function storeOver(raw: Pick<Store, 'read' | 'readAside' | 'write' | 'close'>): Over {
  const { close, read, readAside } = raw
  const proven = withProof(fn =>
    raw.write(fn).catch(error => {
      throw blamedOnDatabase(error)
    }),
  )
  const { write } = proven
  return {
    engine: { name: 'sqlite', skipLocked: false, unitRows: 250, texts: new Map() },
    read,
    readAside,
    settled: async () => {}, // nobody reads what is not on the disk
    ...proven,
    migrate: () => write(db => runMigrations(db, TYPES)),
    isMigrated: () => read(isMigrated),
    rows: () => read(rowsOfSqlite),
    empty: () =>
      write(async db => {
        await sql`PRAGMA defer_foreign_keys = ON`.execute(db)
        for (const table of EMPTY_ORDER) await db.deleteFrom(table).execute()
        await sql`INSERT INTO numbers_digits (numbers_digits) VALUES ('delete-all')`.execute(db)
        await sql`DELETE FROM sqlite_sequence`.execute(db)
      }),
    close,
  }
}
