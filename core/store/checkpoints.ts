import type { Worker } from 'node:worker_threads'
import type Database from 'better-sqlite3'
import { endThread, letGo, startThread } from './threads.ts'

/** Units between two checkpoints: a few hundred pages, so that a commit's own flush waits for no long one of the disk. */
const UNITS = 16
/** Rounds of the thread after which the writer copies the rest. It holds up whoever waits, so it is seldom. */
const ROUNDS = 16
/** Between two attempts on a disk that takes nothing. */
const RETRY_MS = 250
/** Pages after which SQLite does it by itself after all, should the thread not keep up. */
const PAGES = 16_000
/** What the log has grown to, while somebody read an old state of the database for long, is given back down to this. */
const KEPT_LOG_BYTES = PAGES * 4096
/** The disk took no more of a commit. */
const REFUSED = /^SQLITE_(FULL|IOERR)/

/**
 * Keeps the write-ahead log short without holding up anybody. A checkpoint inside of a commit writes a thousand
 * scattered pages while every request waits, the more the larger the inventory is. A thread does nearly all of that
 * here; what was committed meanwhile is little, and is written between two groups, so that the log can begin anew.
 */
export interface Checkpoints {
  /**
   * Called before each group. On a full disk the log must become shorter before anything else is written: what somebody
   * frees would go into the log, and the database, which needs a part of it, would never get it. Rejects as the disk does.
   */
  ready(): Promise<void>
  /** Called between two groups, when no transaction is open. */
  committed(units: number): void
  /** Called with why, when a group could not be committed. */
  failed(error: unknown): void
  close(): Promise<void>
}

interface Answer {
  problem?: string
  code?: string
}

const codeOf = (error: unknown) => String((error as { code?: unknown } | undefined)?.code)

/** The thread, asked one thing at a time. */
function createThread(path: string) {
  let thread: Worker | undefined
  let answered: (answer: Answer) => void = () => {}
  const start = () => {
    const started = startThread('./checkpoint-thread.mjs', path)
    started.on('message', (answer: Answer) => answered(answer))
    started.on('error', error => answered({ problem: error.message }))
    started.on('exit', () => {
      thread = undefined // the next question starts another one
      answered({ problem: 'the thread of checkpoints ended' })
    })
    return started
  }
  return {
    /** Rejects as SQLite does. */
    checkpoint: () =>
      new Promise<void>((resolve, reject) => {
        thread ??= start()
        thread.ref()
        answered = ({ problem, code }) => {
          if (thread) letGo(thread)
          if (problem === undefined) resolve()
          else reject(Object.assign(new Error(problem), { code }))
        }
        thread.postMessage('checkpoint')
      }),
    close: () => endThread(thread),
  }
}

/** Attempts: whoever comes while one runs waits for the same one, and after one that failed there is none for a while. */
function createAttempts(checkpoint: () => Promise<void>) {
  let running: Promise<void> | undefined
  let retryAt = 0
  const attempt = async () => {
    try {
      await checkpoint()
    } catch (error) {
      retryAt = performance.now() + RETRY_MS
      throw error
    } finally {
      running = undefined
    }
  }
  return {
    isFree: () => running === undefined && performance.now() >= retryAt,
    isPaused: () => performance.now() < retryAt,
    run() {
      running ??= attempt()
      return running
    },
  }
}

export function createCheckpoints(path: string, writer: Database.Database): Checkpoints {
  writer.pragma(`wal_autocheckpoint = ${PAGES}`)
  writer.pragma(`journal_size_limit = ${KEPT_LOG_BYTES}`)
  const thread = createThread(path)
  const attempts = createAttempts(thread.checkpoint)
  let [units, rounds] = [0, 0]
  let refused: unknown
  const failed = (error: unknown) => {
    refused = REFUSED.test(codeOf(error)) ? error : undefined
  }
  const finish = () => {
    rounds = 0
    try {
      writer.pragma('wal_checkpoint(PASSIVE)')
    } catch (error) {
      failed(error)
    }
  }
  const round = () =>
    attempts.run().then(() => {
      rounds++
    }, failed)
  return {
    async ready() {
      if (refused === undefined) return
      if (!attempts.isPaused()) await attempts.run().then(() => failed(undefined), failed)
      if (refused !== undefined) throw refused
    },
    committed(count) {
      units += count
      if (rounds >= ROUNDS) finish()
      if (units < UNITS || !attempts.isFree()) return
      units = 0
      void round()
    },
    failed,
    close: thread.close,
  }
}
