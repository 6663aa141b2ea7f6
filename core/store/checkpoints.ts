import type { Worker } from 'node:worker_threads'
import type Database from 'better-sqlite3'
import { endThread, startThread } from './threads.ts'

/** Units between two checkpoints: a few hundred pages, so that a commit's own flush waits for no long one of the disk. */
const UNITS = 16
/** Rounds of the thread after which the writer copies the rest. It holds up whoever waits, so it is seldom. */
const ROUNDS = 16
/** Units until the thread is tried again after it broke, on a disk that was full, say. SQLite's own checkpoints remain. */
const PAUSE = 1_000
/** Pages after which SQLite does it by itself after all, should the thread not keep up. */
const PAGES = 16_000

/**
 * Keeps the write-ahead log short without holding up anybody. A checkpoint inside of a commit writes a thousand
 * scattered pages while every request waits, the more the larger the inventory is. A thread does nearly all of that
 * here; what was committed meanwhile is little, and is written between two groups, so that the log can begin anew.
 */
export interface Checkpoints {
  /** Called between two groups, when no transaction is open. */
  committed(units: number): void
  close(): Promise<void>
}

export function createCheckpoints(path: string, writer: Database.Database): Checkpoints {
  writer.pragma(`wal_autocheckpoint = ${PAGES}`)
  let thread: Worker | undefined
  let state: 'waiting' | 'running' | 'done' = 'waiting'
  let [units, rounds] = [0, 0]
  const pause = () => {
    state = 'waiting'
    units = -PAUSE
  }
  const start = () => {
    const started = startThread('./checkpoint-thread.mjs', path)
    started.on('message', () => {
      state = 'done'
    })
    started.on('error', pause)
    started.on('exit', () => {
      thread = undefined
    })
    started.unref()
    return started
  }
  const finish = () => {
    state = 'waiting'
    if (++rounds < ROUNDS) return
    rounds = 0
    try {
      writer.pragma('wal_checkpoint(PASSIVE)')
    } catch {
      pause() // the next commit tells
    }
  }
  return {
    committed(count) {
      units += count
      if (state === 'done') finish()
      if (state !== 'waiting' || units < UNITS) return
      units = 0
      state = 'running'
      thread ??= start()
      thread.postMessage('checkpoint')
    },
    close: () => endThread(thread),
  }
}
