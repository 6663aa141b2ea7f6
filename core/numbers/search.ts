import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Instant, Listed, Page, PhoneNumber } from '../model.ts'
import type { Engine, Reader, Store } from '../store/store.ts'
import type { NumberFilter } from '../verbs.ts'
import { createKnownNumbers, type Head } from './known.ts'
import { createPrepared, NOW, type Prepared, type Slots } from './prepared.ts'
import { shelfHeads, shelfQuery } from './shelf.ts'
import { countedTotal, foundTotal } from './total.ts'

export type Search = (
  now: Instant,
  filter: NumberFilter,
  page: Page,
  withTotal: boolean,
) => Promise<Listed<PhoneNumber>>

const ON_SHELF = sql<SqlBool>`numbers.available_from <= ${NOW}`
const UNKNOWN = sql<number>`-1`

/** One question about the shelf: its statements are kept, its answers are not. */
interface Asked {
  filter: NumberFilter
  /** Tells it from every other one. */
  key: string
  slots: Slots
}

/**
 * What can be bought at this moment, by the clock and not by what jobs have tidied. In order of the numbers; endings by
 * their digits from the end, and digits inside in whatever order their index gives: a page of them then costs the same
 * in any inventory.
 */
export function createSearch({ engine, read }: Store): Search {
  const known = createKnownNumbers()
  const prepared = createPrepared()
  return (now, filter, page, withTotal) =>
    read(async db => {
      const asked = { filter, key: JSON.stringify(filter), slots: { now, limit: page.limit, offset: page.offset } }
      const heads = await headsOf(db, engine, prepared, asked, withTotal)
      const items = await known.resolve(db, heads)
      return { items, total: withTotal ? await totalOf(db, engine, prepared, asked, heads) : -1 }
    })
}

/** With the total in the same statement, where the counters tell it. */
function headsOf(db: Reader, engine: Engine, prepared: Prepared, { filter, key, slots }: Asked, withTotal: boolean) {
  const build = (): RawBuilder<Head> => {
    const total = withTotal ? countedTotal(engine, filter) : undefined
    return shelfHeads(shelfQuery(engine, filter, [ON_SHELF]), total ?? UNKNOWN)
  }
  return prepared.run(db, withTotal ? `page, total ${key}` : `page ${key}`, build, slots)
}

async function totalOf(db: Reader, engine: Engine, prepared: Prepared, asked: Asked, heads: readonly Head[]) {
  const { filter, key, slots } = asked
  const isLast = heads.length < slots.limit && (heads.length > 0 || slots.offset === 0)
  if (isLast) return slots.offset + heads.length
  const [first] = heads
  if (first && first.total >= 0) return first.total
  const build = () => {
    const total = countedTotal(engine, filter) ?? foundTotal(shelfQuery(engine, filter, [ON_SHELF]))
    return sql<{ total: number }>`SELECT ${total} AS total`
  }
  const [row] = await prepared.run(db, `total ${key}`, build, slots)
  return row?.total ?? 0
}
