import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Row } from '../ground/rows.ts'
import { jsonText } from '../store/json-text.ts'
import type { Engine, Reader } from '../store/store.ts'
import type { NumberFilter } from '../verbs.ts'
import {
  allOf,
  type Condition,
  commonConditions,
  filterConditions,
  type ShelfQuery,
  TRIGRAM,
  trigramMatch,
} from './filter.ts'
import { insideOnPostgres } from './inside.ts'
import type { HeadsRow } from './known.ts'
import { LIMIT, OFFSET } from './prepared.ts'

/** Digits that one end of a pattern fixes, before its first wildcard. */
function isAnchored({ kind, digits }: NonNullable<NumberFilter['pattern']>): boolean {
  return kind === 'starts' ? /^\d/.test(digits) : kind === 'ends' && /\d$/.test(digits)
}

/** Digits after which a beginning, an ending or a part leaves a small part of any inventory. */
const NARROW = { starts: 4, ends: 3, contains: TRIGRAM } as const

/** True: where few numbers match, a page of them may be found only at the end of the whole shelf. */
export function isWide({ e164, npaNxx, cityId, areaCode, pattern }: NumberFilter): boolean {
  if ((e164 ?? npaNxx ?? cityId ?? areaCode) !== undefined) return false
  if (!pattern) return true
  const { kind, digits } = pattern
  const runs = digits.split('.')
  const fixed = kind === 'starts' ? runs.slice(0, 1) : kind === 'ends' ? runs.slice(-1) : runs
  return fixed.every(run => run.length < NARROW[kind])
}

/**
 * The index that gives a page in its order without sorting. SQLite keeps no figures of our tables and would take the one
 * with the most equal columns, which can be the whole inventory; undefined: it may choose.
 */
function shelfIndex(filter: NumberFilter): string | undefined {
  const { pattern, types } = filter
  if (filter.e164 !== undefined) return undefined
  if (filter.npaNxx !== undefined) return 'numbers_shelf_block'
  if (filter.cityId !== undefined) return 'numbers_shelf_city'
  if (pattern && isAnchored(pattern)) return pattern.kind === 'starts' ? 'numbers_shelf_e164' : 'numbers_shelf_reversed'
  const isOneType = filter.country !== undefined && types?.length === 1
  if (filter.areaCode !== undefined) return isOneType ? 'numbers_shelf_area' : undefined
  if (isOneType) return 'numbers_shelf_type'
  return filter.country === undefined ? 'numbers_shelf_e164' : 'numbers_shelf_country'
}

/**
 * A region has no index of its own, but it has area codes: none of its numbers lies before the first of them or behind
 * the last. Where one of its products lies in no area code (''), it may be anywhere.
 */
function regionBounds({ region, country }: NumberFilter): Condition {
  const areas = allOf(commonConditions({ region, ...(country !== undefined && { country }) }, 'stock_areas'))
  const bound = (anywhere: string, text: RawBuilder<string>) =>
    sql`(SELECT CASE min(npa) WHEN '' THEN ${sql.lit(anywhere)} ELSE ${text} END FROM stock_areas WHERE ${areas})`
  const first = bound('+', sql`'+1' || min(npa)`)
  const last = bound(':', sql`'+1' || max(npa) || ':'`) // the character after the digits
  return sql<SqlBool>`(numbers.e164 >= ${first} AND numbers.e164 < ${last})`
}

const ordered = (order: ShelfQuery['order']) => (order ? sql`ORDER BY ${order}` : sql``)

/** `conditions`: what is on the shelf at all. `purpose`: not every way of reading leaves rows that can be locked. */
export function shelfQuery(
  engine: Engine,
  filter: NumberFilter,
  conditions: readonly Condition[],
  purpose: 'read' | 'lock' = 'read',
): ShelfQuery {
  const { pattern } = filter
  const bounds = filter.region !== undefined && isWide(filter) ? [regionBounds(filter)] : []
  const shelf = allOf([...conditions, ...bounds])
  const where = allOf([shelf, ...filterConditions(filter)])
  // an ending that fixes no digit is found in the order of the numbers
  const isEnding = pattern?.kind === 'ends' && isAnchored(pattern)
  const order = sql.ref(isEnding ? 'numbers.reversed' : 'numbers.e164')
  if (engine.name !== 'sqlite') {
    const { pattern: inside, ...rest } = filter
    if (inside?.kind !== 'contains' || inside.digits === '') return { from: sql`numbers`, where, order }
    return insideOnPostgres({ digits: inside.digits, shelf, rest, purpose })
  }
  const match = pattern?.kind === 'contains' ? trigramMatch(pattern.digits) : undefined
  if (match !== undefined) {
    // the index of trigrams leads and streams; sorting would need all that it finds
    return {
      from: sql`numbers_digits CROSS JOIN numbers ON numbers.id = numbers_digits.rowid`,
      where: allOf([sql<SqlBool>`numbers_digits MATCH ${match}`, where]),
      order: sql`numbers_digits.rowid`,
    }
  }
  const index = shelfIndex(filter)
  return { from: index === undefined ? sql`numbers` : sql`numbers INDEXED BY ${sql.ref(index)}`, where, order }
}

type Slice = Readonly<{ limit: number; offset: number }>

export async function shelfRows(
  db: Reader,
  { from, where, order }: ShelfQuery,
  page: Slice,
  lock = sql``,
): Promise<Row<'numbers'>[]> {
  const { rows } = await sql<Row<'numbers'>>`SELECT numbers.* FROM ${from} WHERE ${where} ${ordered(order)}
    LIMIT ${page.limit} OFFSET ${page.offset} ${lock}`.execute(db)
  return rows
}

const HEAD = sql`head.id, head.version, head.e164, head.updated_at, head.last_call_at`

/** Only what tells whether a number is known already, all of it in one value: see known.ts. */
export function shelfHeads(
  engine: Engine,
  { from, where, order }: ShelfQuery,
  total: RawBuilder<number>,
): RawBuilder<HeadsRow> {
  const json = jsonText[engine.name]
  return sql<HeadsRow>`SELECT ${json.list(json.array(HEAD))} AS heads, ${total} AS total FROM (
    SELECT numbers.id, numbers.version, numbers.e164, numbers.updated_at, numbers.last_call_at
    FROM ${from} WHERE ${where} ${ordered(order)} LIMIT ${LIMIT} OFFSET ${OFFSET}) AS head`
}
