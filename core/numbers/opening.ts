import { addMonths, anchorOf } from '../ground/clock.ts'
import type { Instant, Micros } from '../ground/model.ts'
import type { Row } from '../ground/rows.ts'
import type { Unit } from '../ground/unit.ts'
import { insertReturning, insertRows } from '../store/statements.ts'
import type { Deal, Sold } from './deal.ts'
import type { NumberRow } from './lifecycle.ts'
import type { Taker } from './taker.ts'

/** How an ownership begins. Imported customers' numbers come with dates of their own and without a charge. */
export interface Start {
  startedAt: Instant
  paidUntil: Instant
  isCharged: boolean
  /** Of each month; default: the number's price. */
  monthly?: Micros
  /** Word of the number's event; default: of a purchase, or of an import. */
  event?: string
}

/** For each number its own. */
export type StartOf = (row: NumberRow) => Start

export function startNow(unit: Unit): Start {
  return { startedAt: unit.now, paidUntil: addMonths(unit.now, 1), isCharged: true }
}

type Priced = Pick<NumberRow, 'currency' | 'monthly_price'>

function leaseValues(unit: Unit, row: Pick<NumberRow, 'id'>, taker: Taker, start: Start, lineId?: number) {
  return {
    guid: unit.random.guid(),
    number_id: row.id,
    account_id: taker.account.id,
    payer_id: taker.account.payerId,
    organization_id: taker.user?.organizationId ?? taker.account.defaultOrganizationId,
    user_id: taker.user?.id ?? taker.account.defaultUserId,
    label: null,
    trunk_id: null,
    handler_id: null,
    started_at: start.startedAt,
    ends_at: null,
    closed_at: null,
    order_line_id: lineId ?? null,
    release_fee: 0,
    release_fee_id: null,
    release_mode: null,
    updated_at: unit.now,
  }
}

function subscriptionValues(row: Priced, lease: Pick<Row<'leases'>, 'id' | 'payer_id'>, start: Start) {
  const { anchor, months } = anchorOf(start.startedAt, start.paidUntil)
  return {
    lease_id: lease.id,
    payer_id: lease.payer_id,
    currency: row.currency,
    amount: start.monthly ?? row.monthly_price,
    anchor_at: anchor,
    periods: months,
    paid_until: start.paidUntil,
    next_due_at: start.paidUntil,
    due_at: start.paidUntil,
    unpaid_since: null,
    closed_at: null,
  }
}

/** Leases and their billing, in the order of the numbers. `lines`: of orders, by number. */
export async function openLeases(
  unit: Unit,
  deals: readonly Deal[],
  taker: Taker,
  startOf: StartOf,
  lines: Map<number, number>,
): Promise<Sold[]> {
  const rows = deals.flatMap(deal => deal.rows)
  const values = rows.map(row => leaseValues(unit, row, taker, startOf(row), lines.get(row.id)))
  const leases = await insertReturning(unit, 'leases', values)
  const byNumber = new Map(leases.map(lease => [lease.number_id, lease]))
  const billed = rows.map(row => subscriptionValues(row, byNumber.get(row.id) as Row<'leases'>, startOf(row)))
  const subscriptions = await insertReturning(unit, 'subscriptions', billed)
  const byLease = new Map(subscriptions.map(subscription => [subscription.lease_id, subscription]))
  const soldOf = (deal: Deal, before: NumberRow) => {
    const lease = byNumber.get(before.id) as Row<'leases'>
    return { deal, before, lease, subscription: byLease.get(lease.id) as Row<'subscriptions'> }
  }
  return deals.flatMap(deal => deal.rows.map(row => soldOf(deal, row)))
}

/** A number whose row has its owner and the id of its lease already. */
export interface WrittenOwned extends Priced {
  id: number
  leaseId: number
  taker: Taker
  start: Start
}

/** The leases and bills of numbers of which this unit has written everything else. */
export async function insertOwnerships(unit: Unit, owned: readonly WrittenOwned[]): Promise<void> {
  const leases = owned.map(each => ({ id: each.leaseId, ...leaseValues(unit, each, each.taker, each.start) }))
  await insertRows(unit, 'leases', leases)
  const bills = owned.map((each, n) => subscriptionValues(each, leases[n] as (typeof leases)[number], each.start))
  await insertRows(unit, 'subscriptions', bills)
}
