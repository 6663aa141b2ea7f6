import { sql } from 'kysely'
import type { Row } from '../ground/rows.ts'
import type { Arrivals, Unit } from '../ground/unit.ts'
import type { NumberFilter } from '../verbs.ts'
import { fill } from './fill.ts'
import { createOffers, type Offers } from './offers.ts'
import { type Cheapest, createPayers, lockOrder, notePayers } from './payers.ts'
import { mayMatch, readProducts } from './wanted.ts'

type Waiting = Row<'waiting_orders'>

/** Orders read at once. */
const CHUNK = 500

/** Arrivals hold one lock together, so that an order that is just being placed sees their stock or is seen by them. */
const PLACE_LOCK = 7_261_006
/** Units that fill wait for each other on PostgreSQL, so that each sees the stock that the other brought. */
const FILL_LOCK = 7_261_005

/** Before an order is tried that may have to wait. */
export async function lockPlacing(unit: Unit): Promise<void> {
  if (unit.engine.name === 'postgres') await sql`SELECT pg_advisory_xact_lock(${PLACE_LOCK})`.execute(unit.db)
}

async function anybodyWaits(unit: Unit): Promise<boolean> {
  const found = await unit.db.selectFrom('waiting_orders').select('order_id').limit(1).executeTakeFirst()
  return found !== undefined
}

/** Orders that ask for the same: what the smallest and the largest of them want. */
interface Group {
  filter: string
  range_size: number
  least: number
  most: number
}

const groups = (unit: Unit) =>
  unit.db
    .selectFrom('waiting_orders')
    .select(e => ['filter', 'range_size', e.fn.min('quantity').as('least'), e.fn.max('quantity').as('most')])
    .groupBy(['filter', 'range_size'])

/** Orders for what came to the shelf, whatever else lies there. */
async function groupsFor(unit: Unit, stockIds: readonly number[]): Promise<Group[]> {
  if (stockIds.length === 0) return []
  if (unit.engine.name === 'postgres') await sql`SELECT pg_advisory_xact_lock_shared(${PLACE_LOCK})`.execute(unit.db)
  if (!(await anybodyWaits(unit))) return []
  const products = await readProducts(unit.db, stockIds)
  const anyOr = (words: readonly string[]) => [...new Set(['', ...words])]
  const countries = products.map(product => product.country)
  const areas = products.map(product => product.area_code)
  const cities = products.map(product => product.city)
  const found = await groups(unit)
    .where('country', 'in', anyOr(countries))
    .where('area_code', 'in', anyOr(areas))
    .where('city', 'in', anyOr(cities))
    .execute()
  return found.filter(({ filter }) => {
    const wanted = JSON.parse(filter) as NumberFilter
    return products.some(product => mayMatch(wanted, product))
  })
}

/** Orders that numbers were there for before, and nobody who could take them. */
async function groupsOf(unit: Unit, payerIds: readonly number[]): Promise<Group[]> {
  if (payerIds.length === 0) return []
  return groups(unit).where('lacks', '=', 'payer').where('payer_id', 'in', payerIds).execute()
}

type Asking = Pick<Waiting, 'filter' | 'range_size' | 'payer_id' | 'quantity'>

/** Of the lowest numbers, or of others nearby. */
async function isPayable(asking: Asking, cheapest: Cheapest, { offers, payers }: Known): Promise<boolean> {
  const { payer_id, quantity } = asking
  if (await payers.mayPay(payer_id, quantity, cheapest)) return true
  return payers.mayPayAmong(payer_id, quantity, await offers.nearby(asking))
}

/** Payers who lacked money and could not pay the smallest of their orders now either. */
async function stillShort(unit: Unit, filters: readonly string[], known: Known): Promise<number[]> {
  const least = await unit.db
    .selectFrom('waiting_orders')
    .select(e => ['filter', 'range_size', 'payer_id', e.fn.min('quantity').as('quantity')])
    .where('filter', 'in', filters)
    .where('lacks', '=', 'payer')
    .groupBy(['filter', 'range_size', 'payer_id'])
    .execute()
  const found = new Map<number, boolean>()
  for (const { payer_id, quantity, ...asked } of least) {
    const cheapest = await known.offers.for({ ...asked, quantity })
    const mayPay = cheapest !== undefined && (await isPayable({ ...asked, payer_id, quantity }, cheapest, known))
    found.set(payer_id, (found.get(payer_id) ?? false) || mayPay)
  }
  return [...found].filter(([, mayPay]) => !mayPay).map(([id]) => id)
}

async function* oldestFirst(unit: Unit, { stockIds, payerIds }: Arrivals, known: Known): AsyncGenerator<Waiting> {
  const open = () => known.offers.all().map(({ filter }) => filter)
  const filters = [...new Set(open())]
  if (filters.length === 0) return
  const short = await stillShort(unit, filters, known)
  for (let after = 0; open().length > 0; ) {
    let query = unit.db.selectFrom('waiting_orders').selectAll().where('filter', 'in', filters)
    if (stockIds.size === 0) query = query.where('lacks', '=', 'payer').where('payer_id', 'in', [...payerIds])
    if (short.length > 0) query = query.where(e => e.or([e('lacks', '=', 'numbers'), e('payer_id', 'not in', short)]))
    const rows = await query.where('order_id', '>', after).orderBy('order_id').limit(CHUNK).execute()
    yield* rows
    if (rows.length < CHUNK) return
    after = (rows.at(-1) as Waiting).order_id
  }
}

/** What is known of the shelf and of those who pay tells most of the orders that cannot be filled. */
interface Known {
  offers: Offers
  payers: ReturnType<typeof createPayers>
}

async function attempt(unit: Unit, waiting: Waiting, known: Known) {
  const { offers, payers } = known
  const cheapest = await offers.for(waiting)
  if (!cheapest) return 'short_of_numbers'
  if (await payers.isStopped(waiting.account_id)) return 'inactive'
  if (!(await isPayable(waiting, cheapest, known))) return 'short_of_funds'
  const order = await lockOrder(unit, waiting.order_id)
  if (!order) return 'over'
  const result = await fill(unit, order, 'Numbers assigned')
  if (result === 'short_of_numbers') offers.fewerThan(waiting)
  return typeof result === 'object' ? 'short_of_funds' : result
}

/** Each completely or skipped. */
async function fillInOrder(unit: Unit, orders: AsyncIterable<Waiting>, known: Known): Promise<void> {
  const unpaid: Waiting[] = []
  const short = new Set<number>()
  for await (const waiting of orders) {
    const result = await attempt(unit, waiting, known)
    if (result === 'filled') {
      known.payers.forget()
      known.offers.sold()
    }
    if (result === 'short_of_funds') short.add(waiting.order_id)
    if (result === 'short_of_funds' || result === 'inactive') unpaid.push(waiting)
  }
  await notePayers(unit, unpaid, short)
}

/**
 * When something came that orders may have waited for: oldest first, each completely or skipped. Costs one look-up when
 * nobody waits, and what the arrived products can match when somebody does.
 */
export async function fillWaiting(unit: Unit, arrivals: Arrivals): Promise<void> {
  const { stockIds, payerIds } = arrivals
  const wanted = (await Promise.all([groupsFor(unit, [...stockIds]), groupsOf(unit, [...payerIds])])).flat()
  if (wanted.length === 0) return
  if (unit.engine.name === 'postgres') await sql`SELECT pg_advisory_xact_lock(${FILL_LOCK})`.execute(unit.db)
  const known = { offers: await createOffers(unit, wanted), payers: createPayers(unit) }
  await fillInOrder(unit, oldestFirst(unit, arrivals, known), known)
}
