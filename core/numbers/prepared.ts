import { CompiledQuery, type RawBuilder } from 'kysely'
import { LRUCache } from 'lru-cache'
import type { Reader } from '../store/store.ts'

/** Stand in a statement for what differs each time it runs. */
export const NOW = Symbol('now')
export const LIMIT = Symbol('limit')
export const OFFSET = Symbol('offset')
export const EDGE = Symbol('edge')

export interface Slots {
  now: number
  limit: number
  offset: number
  /** The number that a page begins behind or before. */
  edge?: string
}

function valueIn(slots: Slots, parameter: unknown): unknown {
  if (typeof parameter !== 'symbol') return parameter
  if (parameter === NOW) return slots.now
  if (parameter === EDGE) return slots.edge
  return parameter === LIMIT ? slots.limit : slots.offset
}

interface Statement {
  text: string
  parameters: readonly unknown[]
}

/** Questions kept at most. */
const MOST = 2_000

/** Statements by the question that they answer: built and compiled once. Answers are not kept. */
export interface Prepared {
  run<T>(db: Reader, key: string, build: () => RawBuilder<T>, slots: Slots): Promise<T[]>
}

export function createPrepared(): Prepared {
  const known = new LRUCache<string, Statement>({ max: MOST })
  const prepare = (db: Reader, key: string, build: () => RawBuilder<unknown>): Statement => {
    const { sql: text, parameters } = build().compile(db)
    const statement = { text, parameters }
    known.set(key, statement)
    return statement
  }
  return {
    async run<T>(db: Reader, key: string, build: () => RawBuilder<T>, slots: Slots) {
      const { text, parameters } = known.get(key) ?? prepare(db, key, build)
      const values = parameters.map(parameter => valueIn(slots, parameter))
      return (await db.executeQuery<T>(CompiledQuery.raw(text, values) as CompiledQuery<T>)).rows
    },
  }
}
