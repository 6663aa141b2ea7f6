import { sql } from 'kysely'
import type { NumberFilter } from '../verbs.ts'
import { allOf, type Condition, filterConditions, inside, like, type ShelfQuery, TRIGRAM } from './filter.ts'

/** Digits somewhere in a number, on PostgreSQL. */
export interface Inside {
  /** With `.` for any digit. */
  digits: string
  /** What is on the shelf at all. */
  shelf: Condition
  /** What else is asked for. */
  rest: Omit<NumberFilter, 'pattern'>
  purpose: 'read' | 'lock'
}

/** With so many digits in a row few numbers match. */
const RARE_RUN = 4
/** Of the shelf, for digits that may be near: about as long as one trigram takes at ten million. */
const FIRST_WALK = 30_000

const longestRun = (digits: string) => Math.max(...digits.split('.').map(run => run.length))

/**
 * PostgreSQL guesses how often digits occur, and numbers of one area lie together: left alone it walks the shelf, or the
 * table from its start, for digits that come last. OFFSET 0 keeps other conditions away, and digits said twice pass for
 * rarer, so that it takes its index of trigrams; nothing is sorted, so that it stops after a page.
 */
function byTrigrams({ digits, shelf }: Inside) {
  return sql`(SELECT * FROM numbers WHERE ${allOf([shelf, inside(digits), inside(digits)])} OFFSET 0) AS numbers`
}

/** The number itself, which has no index of trigrams. */
function byWalking({ digits, shelf, rest }: Inside): ShelfQuery {
  const where = allOf([shelf, ...filterConditions(rest), like(sql.ref('numbers.e164'), `%${digits}%`)])
  return { from: sql`numbers`, where, order: sql.ref('numbers.e164') }
}

/**
 * The next twenty are mostly near, and where they are not the index of trigrams tells the others: both parts in one
 * statement and always cut at the same number, so that pages neither overlap nor leave anything out. The walk reads
 * nothing but an index; OFFSET 0 has the rows looked up one by one, whatever PostgreSQL believes of how many these are.
 */
function byWalkingFirst(asked: Inside): ShelfQuery {
  const { digits, shelf, rest } = asked
  const walk = sql`SELECT numbers.e164 FROM numbers WHERE ${shelf} ORDER BY numbers.e164`
  const row = sql`(SELECT * FROM numbers WHERE numbers.e164 = near.e164 OFFSET 0) AS numbers`
  const border = sql`(${walk} LIMIT 1 OFFSET ${FIRST_WALK - 1})`
  const near = allOf([like(sql.ref('near.e164'), `%${digits}%`), ...filterConditions(rest)])
  const beyond = allOf([sql`numbers.e164 > ${border}`, ...filterConditions(rest)])
  const from = sql`(SELECT numbers.* FROM (${walk} LIMIT ${FIRST_WALK}) AS near CROSS JOIN LATERAL ${row} WHERE ${near}
    UNION ALL SELECT * FROM ${byTrigrams(asked)} WHERE ${beyond}) AS numbers`
  return { from, where: allOf([]), order: undefined }
}

export function insideOnPostgres(asked: Inside): ShelfQuery {
  const run = longestRun(asked.digits)
  if (run < TRIGRAM) return byWalking(asked)
  // the rows of two selects in one cannot be locked
  if (run < RARE_RUN && asked.purpose === 'read') return byWalkingFirst(asked)
  return { from: byTrigrams(asked), where: allOf(filterConditions(asked.rest)), order: undefined }
}
