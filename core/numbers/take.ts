import type { Owned } from '../ground/model.ts'
import { toLease, toNumber, toRoute, toSubscription } from '../ground/rows.ts'
import type { Unit } from '../ground/unit.ts'
import { charge } from '../money/index.ts'
import { reserveIds } from '../store/ids.ts'
import { insertReturning } from '../store/statements.ts'
import { type Deal, insertTerms, type Sold } from './deal.ts'
import type { NumberRow } from './lifecycle.ts'
import { openLeases, type Start, type StartOf, startNow } from './opening.ts'
import type { Taker } from './taker.ts'
import { type Change, transitionAll } from './transition-all.ts'

/** Of a former release, or of the rest after it. */
const NO_TIMERS = { releases_at: null, cool_until: null, reclaim_until: null }

/** Before the numbers are locked: what is written for so many of them has its ids when they are. */
export function reserveFor(unit: Unit, count: number, orders = 1): void {
  reserveIds(unit, { orders, order_lines: count, leases: count, subscriptions: count, transactions: count })
}

function orderValues(unit: Unit, taker: Taker, quantity: number) {
  return {
    guid: unit.random.guid(),
    account_id: taker.account.id,
    payer_id: taker.account.payerId,
    kind: 'purchase',
    status: 'completed',
    reason: null,
    dialect: null,
    criteria: '{}',
    quantity,
    range_size: 0,
    company_profile_id: null,
    callback_url: null,
    created_at: unit.now,
    updated_at: unit.now,
    due_at: null,
  }
}

/** Orders that are filled in the unit that makes them, each of so many numbers. */
export async function insertOrders(unit: Unit, taker: Taker, quantities: readonly number[]): Promise<number[]> {
  const values = quantities.map(quantity => orderValues(unit, taker, quantity))
  return (await insertReturning(unit, 'orders', values)).map(({ id }) => id)
}

export async function insertOrder(unit: Unit, taker: Taker, quantity: number): Promise<number> {
  const [id] = await insertOrders(unit, taker, [quantity])
  return id as number
}

async function insertLines(unit: Unit, deals: readonly Deal[]): Promise<Map<number, number>> {
  const values = deals.flatMap(({ orderId, rows }) =>
    orderId === null
      ? []
      : rows.map(({ id: number_id }, position) => ({
          order_id: orderId,
          position,
          number_id,
          lease_id: null,
          status: 'sold',
        })),
  )
  if (values.length === 0) return new Map()
  const lines = await insertReturning(unit, 'order_lines', values)
  return new Map(lines.map(line => [line.number_id, line.id]))
}

/** One charge per line, one movement of the balance per currency. Faults: insufficient_funds. */
async function chargeFor(unit: Unit, taker: Taker, sold: readonly Sold[]): Promise<void> {
  for (const [currency, items] of groupByCurrency(sold)) {
    const lines = items.map(({ before, lease, subscription }) => ({
      kind: 'purchase' as const,
      setup: before.setup_price === 0 ? 0 : -before.setup_price,
      period: before.monthly_price === 0 ? 0 : -before.monthly_price,
      numberId: before.id,
      e164: before.e164,
      leaseId: lease.id,
      subscriptionId: subscription.id,
      periodIndex: 0,
      orderLineId: lease.order_line_id ?? undefined,
      note: `Number ${before.e164}`,
    }))
    await charge(unit, taker.account.payerId, currency, 'revenue', lines)
  }
}

function groupByCurrency(sold: readonly Sold[]): Map<string, Sold[]> {
  const groups = new Map<string, Sold[]>()
  for (const item of sold) groups.set(item.before.currency, [...(groups.get(item.before.currency) ?? []), item])
  return groups
}

function changesOf(sold: readonly Sold[], taker: Taker, startOf: StartOf): Change[] {
  return sold.map(({ deal, before, lease }) => ({
    by: deal.unit,
    row: before,
    change: {
      kind: startOf(before).event ?? (startOf(before).isCharged ? 'purchased' : 'imported_as_owned'),
      to: 'active',
      set: { owner_id: taker.account.id, lease_id: lease.id, ...NO_TIMERS },
    },
  }))
}

/**
 * Hand numbers that this unit has locked and found purchasable to their new owner: lease, billing, charge, event, all
 * in this unit. For each deal what it took. Faults: insufficient_funds.
 */
export async function takeAll(
  unit: Unit,
  taker: Taker,
  deals: readonly Deal[],
  start: Start | StartOf = startNow(unit),
): Promise<Owned[][]> {
  const startOf = typeof start === 'function' ? start : () => start
  const lines = await insertLines(unit, deals)
  const sold = await openLeases(unit, deals, taker, startOf, lines)
  const routes = await insertTerms(unit, sold)
  // after the inserts: those next to each other are one statement
  const after = await transitionAll(unit, changesOf(sold, taker, startOf))
  const charged = sold.filter(({ before }) => startOf(before).isCharged)
  if (charged.length > 0) await chargeFor(unit, taker, charged)
  const owned = sold.map(({ deal, lease, subscription }, index) => ({
    number: toNumber(after[index] as NumberRow),
    lease: toLease(lease),
    subscription: toSubscription(subscription),
    settings: deal.terms.settings?.value ?? {},
    routes: routes.filter(route => route.lease_id === lease.id).map(toRoute),
  }))
  return deals.map(deal => owned.filter((_, index) => sold[index]?.deal === deal))
}

/** As `takeAll`, of one deal. */
export async function take(
  unit: Unit,
  taker: Taker,
  orderId: number | null,
  rows: readonly NumberRow[],
  terms: Deal['terms'],
  start?: Start | StartOf,
): Promise<Owned[]> {
  if (rows.length === 0) return []
  reserveFor(unit, rows.length, 0)
  const [owned] = await takeAll(unit, taker, [{ unit, orderId, rows, terms }], start)
  return owned as Owned[]
}
