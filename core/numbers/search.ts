import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Instant, Listed, Page, PhoneNumber } from '../model.ts'
import type { Engine, Reader, Store } from '../store/store.ts'
import type { NumberFilter } from '../verbs.ts'
import { createKnownNumbers, type Head } from './known.ts'
import { createPrepared, NOW, type Prepared, type Slots } from './prepared.ts'
import { isWide, shelfHeads, shelfQuery } from './shelf.ts'
import { countedTotal, foundTotal, isCounted } from './total.ts'

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

interface Means {
  engine: Engine
  prepared: Prepared
}

/** A page so far down is reached by reading all before it. */
const DEEP = 10_000

/**
 * What can be bought at this moment, by the clock and not by what jobs have tidied. In order of the numbers; endings by
 * their digits from the end, and digits inside in whatever order their index gives: a page of them then costs the same
 * in any inventory.
 */
export function createSearch(store: Store): Search {
  const { engine, read, readAside } = store
  const known = createKnownNumbers()
  const means = { engine, prepared: createPrepared() }

  const atOnce = async (db: Reader, asked: Asked, withTotal: boolean) => {
    const heads = await headsOf(means, db, asked, withTotal)
    const items = await known.resolve(db, heads)
    if (!withTotal) return { items, total: -1 }
    return { items, total: endOf(asked, heads) ?? heads[0]?.total ?? (await countOf(means, db, asked)) }
  }

  /** What may walk the whole shelf: where counters know how far, no farther; where they do not, nobody waits for it. */
  const inSteps = async (asked: Asked, withTotal: boolean) => {
    const { filter, slots } = asked
    const isKnown = isCounted(filter)
    const total = isKnown ? await read(db => countOf(means, db, asked)) : Number.POSITIVE_INFINITY
    const limit = Math.min(slots.limit, total - slots.offset)
    if (limit <= 0) return { items: [], total: withTotal ? total : -1 }
    const reading = (isWide(filter) && !isKnown) || slots.offset > DEEP ? readAside : read
    const page = { ...asked, slots: { ...slots, limit } }
    const heads = await reading(db => headsOf(means, db, page, false))
    const items = await read(db => known.resolve(db, heads))
    if (!withTotal) return { items, total: -1 }
    if (isKnown) return { items, total }
    return { items, total: endOf(asked, heads) ?? (await readAside(db => countOf(means, db, asked))) }
  }

  return (now, filter, page, withTotal) => {
    const asked = { filter, key: JSON.stringify(filter), slots: { now, limit: page.limit, offset: page.offset } }
    const mayWalk = isWide(filter) || page.offset > DEEP || (withTotal && !isCounted(filter))
    return mayWalk ? inSteps(asked, withTotal) : read(db => atOnce(db, asked, withTotal))
  }
}

/** With the total in the same statement, where it is asked for: the counters tell it then. */
function headsOf({ engine, prepared }: Means, db: Reader, { filter, key, slots }: Asked, withTotal: boolean) {
  const build = (): RawBuilder<Head> =>
    shelfHeads(shelfQuery(engine, filter, [ON_SHELF]), withTotal ? countedTotal(engine, filter) : UNKNOWN)
  return prepared.run(db, withTotal ? `page, total ${key}` : `page ${key}`, build, slots)
}

/** The total where the page is the last one. */
function endOf({ slots: { limit, offset } }: Asked, { length }: readonly Head[]): number | undefined {
  return length < limit && (length > 0 || offset === 0) ? offset + length : undefined
}

function countOf({ engine, prepared }: Means, db: Reader, { filter, key, slots }: Asked): Promise<number> {
  const build = () => {
    const total = isCounted(filter) ? countedTotal(engine, filter) : foundTotal(shelfQuery(engine, filter, [ON_SHELF]))
    return sql<{ total: number }>`SELECT ${total} AS total`
  }
  return prepared.run(db, `total ${key}`, build, slots).then(([row]) => row?.total ?? 0)
}
