import { type SqlBool, sql } from 'kysely'
import type { Instant, Listed, Page, PhoneNumber } from '../model.ts'
import type { Engine, Reader } from '../store/store.ts'
import type { NumberFilter } from '../verbs.ts'
import type { KnownNumbers } from './known.ts'
import { shelfHeads, shelfQuery } from './shelf.ts'
import { totalOnShelf } from './total.ts'

/**
 * What can be bought at this moment, by the clock and not by what jobs have tidied. In order of the numbers; endings by
 * their digits from the end, and on SQLite digits inside by when the numbers came: a page of them then costs the same
 * in any inventory.
 */
export async function searchShelf(
  db: Reader,
  engine: Engine,
  known: KnownNumbers,
  now: Instant,
  filter: NumberFilter,
  page: Page,
  withTotal: boolean,
): Promise<Listed<PhoneNumber>> {
  const query = shelfQuery(engine, filter, [sql<SqlBool>`numbers.available_from <= ${now}`])
  const heads = await shelfHeads(db, query, page)
  const items = await known.resolve(db, heads)
  if (!withTotal) return { items, total: -1 }
  const isLast = heads.length < page.limit && (heads.length > 0 || page.offset === 0)
  if (isLast) return { items, total: page.offset + heads.length }
  return { items, total: await totalOnShelf(db, engine, now, filter, query) }
}
