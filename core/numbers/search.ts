import { type SqlBool, sql } from 'kysely'
import type { Instant, Listed, Page, PhoneNumber } from '../model.ts'
import { toNumber } from '../rows.ts'
import type { Engine, Reader } from '../store/store.ts'
import type { NumberFilter } from '../verbs.ts'
import { allOf, filterConditions, trigramMatch } from './filter.ts'
import { totalOnShelf } from './total.ts'

/** Above this many numbers with the digits, a page is found sooner by walking the shelf in order. */
const MANY = 5000

/** SQLite has no figures on how often digits occur; its index counts a few thousand in less than a millisecond. */
async function isCommon(db: Reader, digits: string): Promise<boolean> {
  const match = trigramMatch(digits)
  if (match === undefined) return true
  const { rows } = await sql<{ found: number }>`SELECT count(*) AS found FROM
    (SELECT 1 FROM numbers_digits WHERE numbers_digits MATCH ${match} LIMIT ${MANY + 1})`.execute(db)
  return (rows[0]?.found ?? 0) > MANY
}

/**
 * What can be bought at this moment, by number, by the clock and not by what jobs have tidied. Endings are listed by
 * their digits from the end: a page of them then costs the same in any inventory.
 */
export async function searchShelf(
  db: Reader,
  engine: Engine,
  now: Instant,
  filter: NumberFilter,
  page: Page,
  withTotal: boolean,
): Promise<Listed<PhoneNumber>> {
  const isInside = filter.pattern?.kind === 'contains' && engine.name === 'sqlite'
  const trigrams = isInside && !(await isCommon(db, filter.pattern?.digits ?? ''))
  const rows = await db
    .selectFrom('numbers')
    .selectAll()
    .where(sql<SqlBool>`numbers.available_from <= ${now}`)
    .where(allOf(filterConditions(filter, { trigrams })))
    .orderBy(filter.pattern?.kind === 'ends' ? 'reversed' : 'e164')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  const items = rows.map(toNumber)
  if (!withTotal) return { items, total: -1 }
  const isLast = items.length < page.limit && (items.length > 0 || page.offset === 0)
  if (isLast) return { items, total: page.offset + items.length }
  return { items, total: await totalOnShelf(db, now, filter, filterConditions(filter, { trigrams: isInside })) }
}
