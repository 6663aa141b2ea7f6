import { type SqlBool, sql } from 'kysely'
import type { Instant, Listed, Page, PhoneNumber } from '../model.ts'
import type { Store } from '../store/store.ts'
import type { NumberFilter } from '../verbs.ts'
import { createKnownNumbers } from './known.ts'
import { createPrepared, LIMIT, NOW, OFFSET } from './prepared.ts'
import { shelfHeads, shelfQuery } from './shelf.ts'
import { totalOnShelf } from './total.ts'

export type Search = (
  now: Instant,
  filter: NumberFilter,
  page: Page,
  withTotal: boolean,
) => Promise<Listed<PhoneNumber>>

/**
 * What can be bought at this moment, by the clock and not by what jobs have tidied. In order of the numbers; endings by
 * their digits from the end, and on SQLite digits inside by when the numbers came: a page of them then costs the same
 * in any inventory.
 */
export function createSearch({ engine, read }: Store): Search {
  const known = createKnownNumbers()
  const prepared = createPrepared()
  const onShelf = sql<SqlBool>`numbers.available_from <= ${NOW}`
  return (now, filter, page, withTotal) =>
    read(async db => {
      const asked = JSON.stringify(filter)
      const query = () => shelfQuery(engine, filter, [onShelf])
      const slots = { [NOW]: now, [LIMIT]: page.limit, [OFFSET]: page.offset }
      const heads = await prepared.run(db, `page ${asked}`, () => shelfHeads(query()), slots)
      const items = await known.resolve(db, heads)
      if (!withTotal) return { items, total: -1 }
      const isLast = heads.length < page.limit && (heads.length > 0 || page.offset === 0)
      if (isLast) return { items, total: page.offset + heads.length }
      const rows = await prepared.run(db, `total ${asked}`, () => totalOnShelf(engine, filter, query()), slots)
      return { items, total: rows[0]?.total ?? 0 }
    })
}
