import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { CompiledQuery, type Kysely } from 'kysely'
import type { Writer } from './store.ts'
import type { Tables } from './tables.ts'

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
    // a full disk ends the whole transaction, savepoints and all: then the group has failed, for this reason
    await db.executeQuery(steps.undo).catch(() => Promise.reject(error))
    await db.executeQuery(steps.keep)
    return { unit, error }
  }
}

/** What else there is to do around the groups. */
export interface Beside {
  /** Before each; when it rejects, none of the group is run. */
  ready(): Promise<void>
  /** After each. */
  committed(units: number): void
  failed(error: unknown): void
}

const NOTHING: Beside = { ready: async () => {}, committed: () => {}, failed: () => {} }

/** All units of the group in one durable commit; answered only after it. */
async function runGroup(db: Kysely<Tables>, queue: Waiting[], beside: Beside): Promise<void> {
  const taken: Waiting[] = []
  const outcomes: Outcome[] = []
  try {
    await beside.ready()
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
    return beside.failed(error)
  }
  for (const outcome of outcomes) {
    if ('error' in outcome) outcome.unit.reject(outcome.error)
    else outcome.unit.resolve(outcome.value)
  }
  beside.committed(taken.length)
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
export function createWriter(
  db: Kysely<Tables>,
  exclusive: <T>(fn: () => Promise<T>) => Promise<T>,
  beside: Beside = NOTHING,
) {
  const queue: Waiting[] = []
  let draining: Promise<void> | undefined
  const drain = async () => {
    while (queue.length > 0) {
      await gather(queue)
      await exclusive(() => runGroup(db, queue, beside))
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
