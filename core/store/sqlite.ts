import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { CompiledQuery, type Kysely, sql } from 'kysely'
import { SQLITE_AREA_TRIGGERS } from './area-counters.ts'
import { EMPTY_ORDER, isMigrated, runMigrations } from './migrations.ts'
import { imageOf, kyselyOver, openDatabase, openImage } from './sqlite-driver.ts'
import type { Store, Writer } from './store.ts'
import type { Tables } from './tables.ts'

/** Which numbers have which three digits in a row; where these stand is checked on the number itself. */
const TRIGRAMS = [
  "CREATE VIRTUAL TABLE numbers_digits USING fts5 (digits, content = '', tokenize = 'trigram', detail = 'none')",
  `CREATE TRIGGER numbers_digits_insert AFTER INSERT ON numbers BEGIN
    INSERT INTO numbers_digits (rowid, digits) VALUES (new.id, substr(new.e164, 2)); END`,
]
const TOUCH = 'UPDATE access_version SET version = version + 1'
const touches = (table: string) =>
  ['INSERT', 'UPDATE', 'DELETE'].map(
    event => `CREATE TRIGGER ${table}_${event.toLowerCase()}_access AFTER ${event} ON ${table} BEGIN ${TOUCH}; END`,
  )
const TYPES = {
  id: 'INTEGER PRIMARY KEY AUTOINCREMENT',
  bytes: 'BLOB',
  digits: 'TEXT',
  trigrams: TRIGRAMS,
  touches,
  areaTriggers: SQLITE_AREA_TRIGGERS,
}
/** Units that share one commit at most, so that the first of a long queue does not wait for the last. */
const GROUP = 256
/** Turns of the event loop without a new unit after which a group is full, and how long one may be waited for. */
const QUIET_TURNS = 2
const GATHER_MS = 2
/** How long another process may hold the write lock before we give up. */
const LOCK_PATIENCE_MS = 30_000

interface Waiting {
  run: (db: Writer) => Promise<unknown>
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}

type Outcome = { unit: Waiting; value: unknown } | { unit: Waiting; error: unknown }

const steps = {
  begin: CompiledQuery.raw('BEGIN IMMEDIATE'),
  commit: CompiledQuery.raw('COMMIT'),
  rollback: CompiledQuery.raw('ROLLBACK'),
  save: CompiledQuery.raw('SAVEPOINT unit'),
  keep: CompiledQuery.raw('RELEASE unit'),
  undo: CompiledQuery.raw('ROLLBACK TO unit'),
} as const

/** Another process may be writing; wait for it without holding up this one. */
async function begin(db: Kysely<Tables>): Promise<void> {
  const giveUpAt = performance.now() + LOCK_PATIENCE_MS
  for (let pause = 1; ; pause = Math.min(pause * 2, 20)) {
    try {
      await db.executeQuery(steps.begin)
      return
    } catch (error) {
      const busy = String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY')
      if (!busy || performance.now() > giveUpAt) throw error
      await sleep(pause)
    }
  }
}

/** One unit in its own savepoint: it fails alone. */
async function runUnit(db: Kysely<Tables>, unit: Waiting): Promise<Outcome> {
  await db.executeQuery(steps.save)
  try {
    const value = await unit.run(db)
    await db.executeQuery(steps.keep)
    return { unit, value }
  } catch (error) {
    await db.executeQuery(steps.undo)
    await db.executeQuery(steps.keep)
    return { unit, error }
  }
}

/** All units of the group in one durable commit; answered only after it. */
async function runGroup(db: Kysely<Tables>, queue: Waiting[]): Promise<void> {
  const taken: Waiting[] = []
  const outcomes: Outcome[] = []
  try {
    await begin(db)
    for (let unit = queue.shift(); unit; unit = taken.length < GROUP ? queue.shift() : undefined) {
      taken.push(unit)
      outcomes.push(await runUnit(db, unit))
    }
    await db.executeQuery(steps.commit)
  } catch (error) {
    await db.executeQuery(steps.rollback).catch(() => {})
    const all = taken.length > 0 ? taken : queue.splice(0)
    for (const unit of all) unit.reject(error)
    return
  }
  for (const outcome of outcomes) {
    if ('error' in outcome) outcome.unit.reject(outcome.error)
    else outcome.unit.resolve(outcome.value)
  }
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

/** Lets every request that has already arrived join the group: a commit holds up all of them, so fewer are better. */
async function gather(queue: readonly Waiting[]): Promise<void> {
  const until = performance.now() + GATHER_MS
  let seen = queue.length
  for (let quiet = 0; quiet < QUIET_TURNS && performance.now() < until; quiet++) {
    await nextTurn()
    if (queue.length === seen) continue
    seen = queue.length
    quiet = -1
  }
}

/** Write units that wait at the same time run in one transaction. */
function createWriter(db: Kysely<Tables>, exclusive: <T>(fn: () => Promise<T>) => Promise<T>) {
  const queue: Waiting[] = []
  let draining: Promise<void> | undefined
  const drain = async () => {
    while (queue.length > 0) {
      await gather(queue)
      await exclusive(() => runGroup(db, queue))
    }
    draining = undefined
  }
  return {
    write: <T>(fn: (db: Writer) => Promise<T>): Promise<T> =>
      new Promise<T>((resolve, reject) => {
        queue.push({ run: fn, resolve: resolve as (value: unknown) => void, reject })
        draining ??= drain()
      }),
    idle: async () => {
      await draining
    },
  }
}

export async function openSqlite(path: string): Promise<Store> {
  if (path === ':memory:') return openSqliteImage(undefined)
  mkdirSync(dirname(path), { recursive: true })
  const writer = kyselyOver(openDatabase(path, false))
  const reader = kyselyOver(openDatabase(path, true))
  const { write, idle } = createWriter(writer, fn => fn())
  return storeOver(
    fn => fn(reader),
    write,
    async () => {
      await idle()
      await reader.destroy()
      await writer.destroy()
    },
  )
}

/** A database in memory that can be kept as bytes, and opened from them as often as wanted. */
export interface ImageStore extends Store {
  image(): Promise<Uint8Array>
}

/** In memory, from the bytes of another one; undefined: empty. */
export async function openSqliteImage(image: Uint8Array | undefined): Promise<ImageStore> {
  const database = image ? openImage(image) : openDatabase(':memory:', false)
  const writer = kyselyOver(database)
  const gate = createGate()
  const { write, idle } = createWriter(writer, gate.exclusive)
  const read: Store['read'] = fn => gate.shared(() => fn(writer))
  const close = async () => {
    await idle()
    await writer.destroy()
  }
  return { ...storeOver(read, write, close), image: () => read(async () => imageOf(database)) }
}

function storeOver(read: Store['read'], write: Store['write'], close: Store['close']): Store {
  return {
    engine: { name: 'sqlite', skipLocked: false, texts: new Map() },
    read,
    write,
    migrate: () => write(db => runMigrations(db, TYPES)),
    isMigrated: () => read(isMigrated),
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
