import { CompiledQuery, type QueryResult, type RawBuilder } from 'kysely'
import { LRUCache } from 'lru-cache'
import type { Reader } from '../store/store.ts'

/** Stand in a statement for what differs each time it runs. */
export const NOW = Symbol('now')
export const LIMIT = Symbol('limit')
export const OFFSET = Symbol('offset')
export const EDGE = Symbol('edge')
export const ACCOUNT = Symbol('account')
export const WANTED = Symbol('wanted')

export interface Slots {
  now: number
  limit: number
  offset: number
  /** The number that a page begins behind or before. */
  edge?: string
  /** Whose numbers are meant. */
  account?: number | undefined
  /** What the one number that is meant goes by. */
  wanted?: number | string
}

const MEMBER: ReadonlyMap<unknown, keyof Slots> = new Map([
  [NOW, 'now'],
  [LIMIT, 'limit'],
  [OFFSET, 'offset'],
  [EDGE, 'edge'],
  [ACCOUNT, 'account'],
  [WANTED, 'wanted'],
])

function valueIn(slots: Slots, parameter: unknown): unknown {
  if (typeof parameter !== 'symbol') return parameter
  return slots[MEMBER.get(parameter) as keyof Slots]
}

interface Statement {
  text: string
  parameters: readonly unknown[]
}

/** Questions kept at most. */
const MOST = 2_000
/** In characters. One that names hundreds of numbers will hardly come again. */
const LONGEST = 1_000

/** Statements by the question that they answer: built and compiled once. Answers are not kept. */
export interface Prepared {
  /** `key`: tells the question from every other one. Undefined: it will not come again. */
  run<T>(db: Reader, key: string | undefined, build: () => RawBuilder<T>, slots: Slots): Promise<QueryResult<T>>
}

export function createPrepared(): Prepared {
  const known = new LRUCache<string, Statement>({ max: MOST })
  const prepare = (db: Reader, key: string | undefined, build: () => RawBuilder<unknown>): Statement => {
    const { sql: text, parameters } = build().compile(db)
    const statement = { text, parameters }
    if (key !== undefined && key.length <= LONGEST) known.set(key, statement)
    return statement
  }
  return {
    run<T>(db: Reader, key: string | undefined, build: () => RawBuilder<T>, slots: Slots) {
      const { text, parameters } = (key !== undefined && known.get(key)) || prepare(db, key, build)
      const values = parameters.map(parameter => valueIn(slots, parameter))
      return db.executeQuery<T>(CompiledQuery.raw(text, values) as CompiledQuery<T>)
    },
  }
}
