import { type SqlBool, sql } from 'kysely'
import type { Instant, Listed, Page, PhoneNumber } from '../model.ts'
import { toNumber } from '../rows.ts'
import type { Engine, Reader } from '../store/store.ts'
import type { NumberFilter } from '../verbs.ts'
import { allOf, filterConditions } from './filter.ts'

/** What can be bought at this moment, by number, by the clock and not by what jobs have tidied. */
export async function searchShelf(
  db: Reader,
  engine: Engine,
  now: Instant,
  filter: NumberFilter,
  page: Page,
  withTotal: boolean,
): Promise<Listed<PhoneNumber>> {
  const query = db
    .selectFrom('numbers')
    .where(sql<SqlBool>`numbers.available_from <= ${now}`)
    .where(allOf(filterConditions(filter, { trigrams: engine.name === 'sqlite' })))
  const rows = await query.selectAll().orderBy('e164').limit(page.limit).offset(page.offset).execute()
  if (!withTotal) return { items: rows.map(toNumber), total: -1 }
  const { total } = await query.select(e => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  return { items: rows.map(toNumber), total }
}
