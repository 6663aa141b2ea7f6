import type { Worker } from 'node:worker_threads'
import type { CompiledQuery, DatabaseConnection, Kysely } from 'kysely'
import { kyselyOn } from './sqlite-driver.ts'
import type { Tables } from './tables.ts'
import { endThread, letGo, startThread } from './threads.ts'

/** What the thread sends back: rows, or what went wrong. */
interface Answer {
  rows?: unknown[]
  problem?: string
  code?: string
}

interface Waiting {
  resolve(rows: unknown[]): void
  reject(error: Error): void
}

/**
 * A thread with a connection of its own, for what may look at every row: better-sqlite3 answers while everybody waits,
 * which is right for the tenth of a millisecond of an ordinary question and wrong for the seconds of these. It begins
 * with the first question and answers them one after the other.
 */
export function openAside(path: string): Kysely<Tables> {
  const waiting: Waiting[] = []
  let thread: Worker | undefined
  const start = () => {
    const started = startThread('./aside-thread.mjs', path)
    let cause: unknown
    started.on('message', ({ rows, problem, code }: Answer) => {
      const first = waiting.shift()
      if (waiting.length === 0) letGo(started)
      if (rows) first?.resolve(rows)
      else first?.reject(Object.assign(new Error(problem), { code }))
    })
    started.on('error', error => {
      cause = error
    })
    started.on('exit', () => {
      thread = undefined // the next question starts another one
      for (const { reject } of waiting.splice(0)) reject(new Error('the reading thread ended', { cause }))
    })
    return started
  }
  const ask = ({ sql, parameters }: CompiledQuery) =>
    new Promise<unknown[]>((resolve, reject) => {
      thread ??= start()
      thread.ref()
      waiting.push({ resolve, reject })
      thread.postMessage({ sql, parameters })
    })
  const connection: DatabaseConnection = {
    executeQuery: async <R>(query: CompiledQuery) => ({ rows: (await ask(query)) as R[] }),
    // biome-ignore lint/correctness/useYield: nobody streams from here
    streamQuery: async function* () {
      throw new Error('answers come whole')
    },
  }
  return kyselyOn(connection, () => endThread(thread))
}
