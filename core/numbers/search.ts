import { type QueryResult, type SqlBool, sql } from 'kysely'
import type { Instant, Listed, Page, PhoneNumber } from '../ground/model.ts'
import type { Engine, Reader, Replica, Store } from '../store/store.ts'
import type { NumberFilter } from '../verbs.ts'
import { areUnchanged, type Head, type KnownNumbers } from './known.ts'
import { cutPage, rowsOf } from './pages.ts'
import { createPrepared, EDGE, NOW, type Prepared, type Slots } from './prepared.ts'
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
  from?: Page['from'] | undefined
}

type Reads = Pick<Store, 'read' | 'readAside'>

interface Means {
  engine: Engine
  prepared: Prepared
}

/** Which way a page lies from the number it begins at, in the name of its statement. */
function sideOf({ from }: Pick<Asked, 'from'>): '' | 'after' | 'before' {
  return typeof from === 'object' ? from.side : ''
}

/** So many numbers are read in milliseconds; what reads more is asked aside. */
const FAR = 10_000

/**
 * What can be bought at this moment, by the clock and not by what jobs have tidied. In order of the numbers; endings by
 * their digits from the end, and digits inside in whatever order their index gives: a page of them then costs the same
 * in any inventory.
 */
export function createSearch(store: Store, known: KnownNumbers): Search {
  const means = { engine: store.engine, prepared: createPrepared() }

  const atOnce = async (db: Reader, asked: Asked, withTotal: boolean) => {
    const { heads: text, total } = rowOf(await headsOf(means, db, asked, withTotal))
    const heads = known.heads(text)
    const page = cutOf(asked, heads)
    const items = known.shown(page.rows) ?? (await known.resolve(db, page.rows))
    return listed(items, withTotal ? (endOf(asked, heads) ?? total) : -1, page)
  }

  /** Whether a page may be so far away that nobody should wait for it. Numbers that match are taken to lie evenly. */
  const isFar = async ({ read, readAside }: Reads, { filter, slots }: Asked, total: number | undefined) => {
    if (readAside === read) return false // nobody waits anyway
    const last = slots.offset + slots.limit
    if (!isWide(filter)) return last > FAR
    if (total === undefined) return true
    const shelf = await read(db => countOf(means, db, { filter: {}, key: '{}', slots }))
    return (last * shelf) / total > FAR
  }

  /** What may walk the whole shelf: where counters know how far, no farther. */
  const inSteps = async (reads: Reads, asked: Asked, withTotal: boolean) => {
    const { filter, slots } = asked
    const { read, readAside } = reads
    const total = isCounted(filter) ? await read(db => countOf(means, db, asked)) : undefined
    const limit = Math.min(slots.limit, (total ?? Number.POSITIVE_INFINITY) - slots.offset)
    if (total !== undefined && limit <= 0) return { items: [], total: withTotal ? total : -1 }
    const page = asked.from === undefined ? { ...asked, slots: { ...slots, limit } } : asked
    const reading = (await isFar(reads, page, total)) ? readAside : read
    const heads = known.heads(rowOf(await reading(db => headsOf(means, db, page, false))).heads)
    const cut = cutOf(page, heads)
    const items = await read(db => known.resolve(db, cut.rows))
    if (!withTotal) return listed(items, -1, cut)
    const all = total ?? endOf(asked, heads) ?? (await readAside(db => countOf(means, db, asked)))
    return listed(items, all, cut)
  }

  return (now, filter, page, withTotal) => {
    const { from, offset } = page
    const edge = typeof from === 'object' ? { edge: String(from.key[0]) } : {}
    const asked = { filter, key: JSON.stringify(filter), slots: { now, limit: rowsOf(page), offset, ...edge }, from }
    const mayWalk = isWide(filter) || page.offset > FAR || (withTotal && !isCounted(filter))
    const answer = (reads: Reads) =>
      mayWalk ? inSteps(reads, asked, withTotal) : reads.read(db => atOnce(db, asked, withTotal))
    // one number is found at once, and who names it wants to know how it is now
    const replica = filter.e164 === undefined ? store.replica?.() : undefined
    return replica ? answerOf(store, replica, answer) : answer(store)
  }
}

/**
 * What a replica finds is shown if the database itself says that nothing of it has changed: so nobody is shown what has been
 * sold, by himself or by others, however late the replica is. Otherwise, and when the replica fails, the database is asked.
 */
async function answerOf(
  store: Store,
  replica: Replica,
  answer: (reads: Reads) => Promise<Listed<PhoneNumber>>,
): Promise<Listed<PhoneNumber>> {
  const found = await answer(replica).catch(() => undefined)
  const isTrue = found && (await store.read(db => areUnchanged(db, found.items)))
  return isTrue ? found : answer(store)
}

/** With the total in the same statement, where it is asked for: the counters tell it then. */
function headsOf({ engine, prepared }: Means, db: Reader, asked: Asked, withTotal: boolean) {
  const { filter, key, slots } = asked
  const side = sideOf(asked)
  const build = () =>
    shelfHeads(engine, shelfPage(engine, filter, side), withTotal ? countedTotal(engine, filter) : UNKNOWN)
  return prepared.run(db, `page ${side}${withTotal ? ', total' : ''} ${key}`, build, slots)
}

/** Of an aggregate there is always one. */
const rowOf = <T>({ rows }: QueryResult<T>): T => rows[0] as T

type Cut = ReturnType<typeof cutPage<Head>>

/** What the page shows of the heads that were read for it. */
function cutOf({ slots, from }: Asked, heads: readonly Head[]): Cut {
  if (from === undefined) return { rows: heads }
  return cutPage({ limit: slots.limit - 1, offset: slots.offset, from }, heads, ({ e164 }) => [e164])
}

function listed(items: readonly PhoneNumber[], total: number, { before, after }: Cut): Listed<PhoneNumber> {
  return { items, total, ...(before && { before }), ...(after && { after }) }
}

const E164 = sql.ref('numbers.e164')

/** Pages that begin at a number are in the order of the numbers, whatever is sought. */
function shelfPage(engine: Engine, filter: NumberFilter, side: ReturnType<typeof sideOf>) {
  if (side === '') return shelfQuery(engine, filter, [ON_SHELF])
  const [edge, order] =
    side === 'after' ? [sql<SqlBool>`${E164} > ${EDGE}`, E164] : [sql<SqlBool>`${E164} < ${EDGE}`, sql`${E164} DESC`]
  return { ...shelfQuery(engine, filter, [ON_SHELF, edge]), order }
}

/** The total where the page is the last one. */
function endOf({ slots: { limit, offset }, from }: Asked, { length }: readonly Head[]): number | undefined {
  if (typeof from === 'object') return undefined
  return length < limit && (length > 0 || offset === 0) ? offset + length : undefined
}

function countOf({ engine, prepared }: Means, db: Reader, { filter, key, slots }: Asked): Promise<number> {
  const build = () => {
    const total = isCounted(filter) ? countedTotal(engine, filter) : foundTotal(shelfQuery(engine, filter, [ON_SHELF]))
    return sql<{ total: number }>`SELECT ${total} AS total`
  }
  return prepared.run(db, `total ${key}`, build, slots).then(result => rowOf(result).total)
}
