import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Row } from '../rows.ts'
import type { Engine, Reader } from '../store/store.ts'
import type { NumberFilter } from '../verbs.ts'
import { allOf, filterConditions, trigramMatch } from './filter.ts'
import type { Head } from './known.ts'
import { LIMIT, OFFSET } from './prepared.ts'

type Condition = RawBuilder<SqlBool>

/** Digits that one end of a pattern fixes, before its first wildcard. */
function isAnchored({ kind, digits }: NonNullable<NumberFilter['pattern']>): boolean {
  return kind === 'starts' ? /^\d/.test(digits) : kind === 'ends' && /\d$/.test(digits)
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

/** Tables and conditions of a search of the shelf, and the order in which a page of it costs no sorting. */
export interface ShelfQuery {
  from: RawBuilder<unknown>
  where: Condition
  /** Undefined: as the index gives them. */
  order: RawBuilder<unknown> | undefined
}

const ordered = (order: ShelfQuery['order']) => (order ? sql`ORDER BY ${order}` : sql``)

/** With so many digits in a row few numbers match; with fewer, the next twenty are never far. */
const RARE_RUN = 4

/**
 * PostgreSQL guesses how often digits occur, and numbers of one area lie together: left alone it walks the shelf, or the
 * table from its start, for digits that come last. OFFSET 0 keeps other conditions away, and digits said twice pass for
 * rarer, so that it takes its index of trigrams; nothing is sorted, so that it stops after a page. The empty text hides
 * the digits from that index.
 */
function insideOnPostgres(filter: NumberFilter, digits: string, conditions: readonly Condition[]) {
  const { pattern, ...rest } = filter
  const isRare = digits.split('.').some(run => run.length >= RARE_RUN)
  if (isRare) {
    const inside = allOf(filterConditions(pattern ? { pattern } : {}))
    const from = sql`(SELECT * FROM numbers WHERE ${inside} AND ${inside} OFFSET 0) AS numbers`
    return { from, where: allOf([...conditions, ...filterConditions(rest)]), order: undefined }
  }
  const unindexed = sql<SqlBool>`(numbers.e164 || '') LIKE ${`%${digits.replaceAll('.', '_')}%`}`
  const where = allOf([...conditions, ...filterConditions(rest), unindexed])
  return { from: sql`numbers`, where, order: sql.ref('numbers.e164') }
}

/** `conditions`: beside those of the filter. */
export function shelfQuery(engine: Engine, filter: NumberFilter, conditions: readonly Condition[]): ShelfQuery {
  const { pattern } = filter
  const where = allOf([...conditions, ...filterConditions(filter)])
  const order = sql.ref(pattern?.kind === 'ends' ? 'numbers.reversed' : 'numbers.e164')
  if (engine.name !== 'sqlite') {
    const isInside = pattern?.kind === 'contains' && pattern.digits !== ''
    return isInside ? insideOnPostgres(filter, pattern.digits, conditions) : { from: sql`numbers`, where, order }
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

/** Only what tells whether a number is known already. */
export function shelfHeads({ from, where, order }: ShelfQuery, total: RawBuilder<number>): RawBuilder<Head> {
  return sql<Head>`SELECT numbers.id, numbers.version, numbers.e164, numbers.updated_at, numbers.last_call_at,
    ${total} AS total FROM ${from} WHERE ${where} ${ordered(order)} LIMIT ${LIMIT} OFFSET ${OFFSET}`
}
