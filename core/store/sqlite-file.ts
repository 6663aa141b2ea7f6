import { closeSync, fdatasyncSync, openSync } from 'node:fs'
import Database from 'better-sqlite3'
import { openDatabase } from './sqlite-driver.ts'

// What is done to a database as a file, in a process of its own: none of it is for the thread that serves.

/** Copied at once: a megabyte. */
const STEP_PAGES = 256
/** Steps after which the disk has them: whoever commits meanwhile waits behind that much at most. */
const FLUSH_STEPS = 8
/** For every millisecond of work so much rest, in which the disk is the others'. */
const REST = 1
const MOST_REST_MS = 1_000

const asleep = new Int32Array(new SharedArrayBuffer(4))

/** Told before each step. What it throws ends the copy. */
export type OnStep = (copied: number, total: number) => void

/**
 * The database as it is now, in a new file for its owner alone. Whoever uses it goes on: the copy is of one moment, read
 * in steps with as much rest. The log of the database is not cut short meanwhile, and is given back afterwards.
 */
export async function copyOnline(from: string, to: string, onStep: OnStep): Promise<void> {
  const target = openSync(to, 'wx', 0o600)
  const source = openDatabase(from, true)
  try {
    // without it each change that another process makes would begin the copy anew
    source.exec('BEGIN')
    source.pragma('schema_version')
    await source.backup(to, { progress: createPace(target, onStep) })
    fdatasyncSync(target)
  } finally {
    source.close()
    closeSync(target)
  }
}

function createPace(target: number, onStep: OnStep) {
  let steps = 0
  let since = performance.now()
  return ({ totalPages, remainingPages }: Database.BackupMetadata): number => {
    onStep(totalPages - remainingPages, totalPages)
    if (++steps % FLUSH_STEPS === 0) fdatasyncSync(target)
    Atomics.wait(asleep, 0, 0, Math.min(MOST_REST_MS, REST * (performance.now() - since)))
    since = performance.now()
    return STEP_PAGES
  }
}

/** One file, with nothing beside it. Throws SQLITE_BUSY while somebody else has it open. */
export function settle(path: string): void {
  const database = new Database(path, { timeout: 0, fileMustExist: true })
  try {
    database.pragma('journal_mode = DELETE')
  } finally {
    database.close()
  }
}

/** What is broken in a file, the first few; nothing: it is whole. */
export function problemsOf(path: string): string[] {
  const database = new Database(path, { timeout: 0, readonly: true, fileMustExist: true })
  try {
    const found = database.pragma('integrity_check(5)') as { integrity_check: string }[]
    const broken = found.map(row => row.integrity_check).filter(text => text !== 'ok')
    const orphans = (database.pragma('foreign_key_check') as { table: string }[]).slice(0, 5)
    return [...broken, ...orphans.map(({ table }) => `a row of ${table} refers to one that is not there`)]
  } catch (error) {
    return [(error as Error).message]
  } finally {
    database.close()
  }
}

const codeOf = (error: unknown) => String((error as { code?: unknown }).code)

/**
 * Nobody else has this database open, or opens it, until the answer is called; it is one file then. Undefined: somebody
 * has. What is no database any more, nobody can keep open.
 */
export function keepAlone(path: string): (() => void) | undefined {
  const database = new Database(path, { timeout: 0, fileMustExist: true })
  try {
    database.pragma('journal_mode = DELETE')
    database.pragma('locking_mode = EXCLUSIVE')
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    if (codeOf(error).startsWith('SQLITE_BUSY')) {
      database.close()
      return undefined
    }
  }
  return () => void database.close()
}
