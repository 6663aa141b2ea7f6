import { sql } from 'kysely'
import { covers } from '../posting.ts'
import type { Row } from '../rows.ts'
import type { Arrivals, Unit } from '../unit.ts'
import type { NumberFilter } from '../verbs.ts'
import { fill, mayAct, setStatus, WAITING } from './fill.ts'
import { createOffers, type Offers } from './offers.ts'
import { mayMatch, readProducts } from './wanted.ts'

type Waiting = Row<'waiting_orders'>

/** Orders read at once. */
const CHUNK = 500
/** Orders that one unit tells that they lack money; later ones are told by later units. */
const TOLD = 50

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

async function* oldestFirst(unit: Unit, { stockIds, payerIds }: Arrivals, offers: Offers): AsyncGenerator<Waiting> {
  const filters = [...new Set(offers.all().map(({ filter }) => filter))]
  const payers = [...payerIds]
  for (let after = 0; filters.length > 0 && offers.all().length > 0; ) {
    let query = unit.db.selectFrom('waiting_orders').selectAll().where('filter', 'in', filters)
    if (stockIds.size === 0) query = query.where('lacks', '=', 'payer').where('payer_id', 'in', payers)
    const rows = await query.where('order_id', '>', after).orderBy('order_id').limit(CHUNK).execute()
    yield* rows
    if (rows.length < CHUNK) return
    after = (rows.at(-1) as Waiting).order_id
  }
}

/** As it is now: its customer may just have cancelled it. */
async function lockOrder(unit: Unit, id: number): Promise<Row<'orders'> | undefined> {
  let query = unit.db.selectFrom('orders').selectAll().where('id', '=', id).where('status', 'in', WAITING)
  if (unit.engine.name === 'postgres') query = query.forUpdate()
  return query.executeTakeFirst()
}

const NO_FUNDS = 'The balance does not cover the numbers'

/** Noted, so that money finds the order; and told once. */
async function tellShort(unit: Unit, id: number, isStopped: boolean): Promise<void> {
  await unit.db.updateTable('waiting_orders').set({ lacks: 'payer' }).where('order_id', '=', id).execute()
  const order = isStopped ? undefined : await lockOrder(unit, id)
  if (order && order.reason !== NO_FUNDS) await setStatus(unit, order, order.status, NO_FUNDS)
}

/** What payers have, read once until something is sold. */
function createPurses(unit: Unit) {
  const purses = new Map<number, Map<string, Pick<Row<'balances'>, 'balance' | 'credit_limit'>>>()
  const purseOf = async (payerId: number) => {
    const known = purses.get(payerId)
    if (known) return known
    const rows = await unit.db.selectFrom('balances').selectAll().where('account_id', '=', payerId).execute()
    const purse = new Map(rows.map(row => [row.currency, row]))
    purses.set(payerId, purse)
    return purse
  }
  return {
    clear: () => purses.clear(),
    /** False where the order cannot be paid whichever of the numbers it got. */
    async mayPay({ payer_id, quantity }: Waiting, cheapest: ReadonlyMap<string, number>): Promise<boolean> {
      const purse = await purseOf(payer_id)
      const needed = cheapest.size === 1 ? quantity : 1
      return [...cheapest].some(([currency, price]) => {
        const funds = purse.get(currency)
        return price === 0 || (funds !== undefined && covers(funds, price * needed))
      })
    },
  }
}

/** Each completely or skipped. What is known of shelf and payers tells most of those that cannot be filled. */
async function fillInOrder(unit: Unit, orders: AsyncIterable<Waiting>, offers: Offers): Promise<void> {
  const purses = createPurses(unit)
  const stopped = new Map<number, boolean>()
  const isStopped = async (id: number) => {
    if (!stopped.has(id)) stopped.set(id, !(await mayAct(unit.db, id)))
    return stopped.get(id) as boolean
  }
  const attempt = async (waiting: Waiting, cheapest: ReadonlyMap<string, number>) => {
    if (await isStopped(waiting.account_id)) return 'inactive'
    if (!(await purses.mayPay(waiting, cheapest))) return 'short_of_funds'
    const order = await lockOrder(unit, waiting.order_id)
    if (!order) return 'over'
    const result = await fill(unit, order, 'Numbers assigned')
    return typeof result === 'object' ? 'short_of_funds' : result
  }
  let told = 0
  for await (const waiting of orders) {
    const cheapest = await offers.for(waiting)
    if (!cheapest) continue
    const result = await attempt(waiting, cheapest)
    if (result === 'filled') {
      purses.clear()
      offers.sold()
    }
    if (result === 'short_of_numbers') offers.fewerThan(waiting)
    const isNews = waiting.lacks === 'numbers' && (result === 'inactive' || result === 'short_of_funds')
    if (isNews && told++ < TOLD) await tellShort(unit, waiting.order_id, result === 'inactive')
  }
}

/**
 * When something came that orders may have waited for: oldest first, each completely or skipped. Costs one look-up when
 * nobody waits, and what the arrived products can match when somebody does.
 */
export async function fillWaiting(unit: Unit, arrivals: Arrivals): Promise<void> {
  const { stockIds, payerIds } = arrivals
  const wanted = [...(await groupsFor(unit, [...stockIds])), ...(await groupsOf(unit, [...payerIds]))]
  if (wanted.length === 0) return
  if (unit.engine.name === 'postgres') await sql`SELECT pg_advisory_xact_lock(${FILL_LOCK})`.execute(unit.db)
  const offers = await createOffers(unit, wanted)
  await fillInOrder(unit, oldestFirst(unit, arrivals, offers), offers)
}
