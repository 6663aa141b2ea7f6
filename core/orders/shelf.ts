import { sql } from 'kysely'
import { digitsOf } from '../ground/e164.ts'
import type { Instant, Micros } from '../ground/model.ts'
import { atMost, onShelf, shelfQuery } from '../numbers/index.ts'
import type { Engine, Reader } from '../store/store.ts'
import type { NumberFilter } from '../verbs.ts'

/** Numbers looked through for ranges; more than any order may ask for. */
const CANDIDATES = 50_000
/** Numbers looked through for such as can be paid, where the lowest are too dear. */
const NEARBY = 1_000

/** First numbers of `count` runs of `size` consecutive numbers, each aligned to a multiple of its size, lowest first. */
export function alignedRuns(e164s: readonly string[], size: number, count: number): string[][] {
  const known = new Set(e164s)
  const runs: string[][] = []
  for (const e164 of e164s) {
    if (runs.length === count) break
    const start = Number(digitsOf(e164))
    if (start % size !== 0) continue
    const run = Array.from({ length: size }, (_, i) => `+${start + i}`)
    if (run.every(each => known.has(each))) runs.push(run)
  }
  return runs
}

/** Where numbers are looked for. */
export interface Looking {
  db: Reader
  engine: Engine
  now: Instant
  /** Changes of the shelf counters that are not yet written. */
  stock: ReadonlyMap<number, number>
}

export interface Candidate {
  e164: string
  currency: string
  price: Micros
}

/** Numbers on the shelf that match, lowest first, without locking any. */
async function candidates(looking: Looking, filter: NumberFilter, most: number): Promise<Candidate[]> {
  const limit = await atMost(looking, filter, most)
  if (limit === 0) return []
  const { from, where, order } = shelfQuery(looking.engine, filter, [onShelf(looking.now)])
  const { rows } = await sql<Candidate>`SELECT numbers.e164, numbers.currency,
    numbers.setup_price + numbers.monthly_price AS price FROM ${from} WHERE ${where}
    ${order ? sql`ORDER BY ${order}` : sql``} LIMIT ${limit}`.execute(looking.db)
  return rows
}

/** The lowest that match, among which those are looked for that somebody can pay. */
export const nearby = (looking: Looking, filter: NumberFilter) => candidates(looking, filter, NEARBY)

/** Numbers of which an order for so many, in ranges of so many, could be filled: lowest first. */
export async function offered(
  looking: Looking,
  filter: NumberFilter,
  size: number,
  most: number,
): Promise<Candidate[]> {
  if (size <= 1) return candidates(looking, filter, most)
  const found = await candidates(looking, filter, CANDIDATES)
  const runs = alignedRuns(
    found.map(({ e164 }) => e164),
    size,
    Math.floor(most / size),
  )
  const inRuns = new Set(runs.flat())
  return found.filter(({ e164 }) => inRuns.has(e164))
}
