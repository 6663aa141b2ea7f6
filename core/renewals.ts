import { addMonths, DAY_MS } from './clock.ts'
import { isFault } from './fault.ts'
import type { Instant } from './model.ts'
import { type NumberRow, settle, transition, vacate } from './numbers/lifecycle.ts'
import { restFrom } from './policies.ts'
import { post } from './posting.ts'
import type { Row } from './rows.ts'
import { catchUp, type Unit } from './unit.ts'

/** An unpaid number is suspended, tried again daily, and released after this long. */
const PATIENCE_MS = 30 * DAY_MS

type SubscriptionRow = Row<'subscriptions'>

async function lockDue(unit: Unit, id: number): Promise<SubscriptionRow | undefined> {
  let query = unit.db.selectFrom('subscriptions').selectAll().where('id', '=', id).where('due_at', '<=', unit.now)
  if (unit.engine.name === 'postgres') query = query.forUpdate().skipLocked()
  return query.executeTakeFirst()
}

async function lockLeased(unit: Unit, leaseId: number): Promise<NumberRow | undefined> {
  let query = unit.db.selectFrom('numbers').selectAll().where('lease_id', '=', leaseId)
  const lease = await unit.db.selectFrom('leases').select('number_id').where('id', '=', leaseId).executeTakeFirst()
  if (!lease) return undefined
  query = query.where('id', '=', lease.number_id)
  if (unit.engine.name === 'postgres') query = query.forUpdate()
  return query.executeTakeFirst()
}

/** Post period k of the subscription, once: the unique index on (subscription, period) stands behind it. */
async function charge(unit: Unit, subscription: SubscriptionRow, row: NumberRow): Promise<void> {
  await post(unit, subscription.payer_id, subscription.currency, 'revenue', [
    {
      kind: 'renewal',
      setup: 0,
      period: subscription.amount === 0 ? 0 : -subscription.amount,
      numberId: row.id,
      e164: row.e164,
      leaseId: subscription.lease_id,
      subscriptionId: subscription.id,
      periodIndex: subscription.periods,
      note: `Monthly fee for ${row.e164}`,
    },
  ])
}

async function payPeriod(unit: Unit, subscription: SubscriptionRow, row: NumberRow): Promise<void> {
  // what somebody else bills goes on without a line in the books; a free number's month is a debit of nothing
  if (subscription.amount !== 0 || row.monthly_price === 0) await charge(unit, subscription, row)
  const anchor = anchorOf(subscription)
  const paidUntil = addMonths(anchor, subscription.periods + 1)
  await unit.db
    .updateTable('subscriptions')
    .set({
      anchor_at: anchor,
      periods: subscription.periods + 1,
      paid_until: paidUntil,
      next_due_at: paidUntil,
      due_at: paidUntil,
      unpaid_since: null,
    })
    .where('id', '=', subscription.id)
    .execute()
  if (row.state === 'suspended') await transition(unit, row, { kind: 'resumed', to: 'active' })
  if (row.prior_state === 'suspended') {
    await transition(unit, row, { kind: 'resumed', to: 'blocked', set: { prior_state: 'active' } })
  }
}

/** Ownerships that earlier versions imported have anchors from which no months lead to what is paid. */
function anchorOf({ anchor_at, periods, paid_until }: SubscriptionRow): Instant {
  return addMonths(anchor_at, periods) === paid_until ? anchor_at : addMonths(paid_until, -periods)
}

/** What was due before its owner brought the number here suspends it, and is no reason to take it away. */
async function isOlderThanImport(unit: Unit, subscription: SubscriptionRow, row: NumberRow): Promise<boolean> {
  const brought = await unit.db
    .selectFrom('number_events')
    .select('at')
    .where('number_id', '=', row.id)
    .where('lease_id', '=', subscription.lease_id)
    .where('kind', '=', 'imported_as_owned')
    .executeTakeFirst()
  return brought !== undefined && (subscription.next_due_at as number) < brought.at
}

/** A blocked number stays blocked: it is only what it will be again that changes, and it is not released. */
async function miss(unit: Unit, subscription: SubscriptionRow, row: NumberRow): Promise<void> {
  const since = subscription.unpaid_since ?? unit.now
  const isOver = unit.now - since >= PATIENCE_MS && row.state === 'suspended'
  if (isOver && !(await isOlderThanImport(unit, subscription, row))) {
    await vacate(unit, row, unit.now, await restFrom(unit.db, row.country, row.owner_id as number, unit.now))
    return
  }
  await unit.db
    .updateTable('subscriptions')
    .set({ unpaid_since: since, due_at: unit.now + DAY_MS })
    .where('id', '=', subscription.id)
    .execute()
  if (row.state === 'active') await transition(unit, row, { kind: 'suspended', to: 'suspended' })
  if (row.prior_state === 'active') {
    await transition(unit, row, { kind: 'suspended', to: 'blocked', set: { prior_state: 'suspended' } })
  }
}

/** Harmless when run twice: the second run finds it paid. Returns whether it did anything. */
export async function renew(unit: Unit, subscriptionId: number): Promise<boolean> {
  const subscription = await lockDue(unit, subscriptionId)
  if (!subscription) return false
  const leased = await lockLeased(unit, subscription.lease_id)
  if (leased) catchUp(unit, [leased])
  const row = leased && (await settle(unit, leased))
  if (row?.lease_id !== subscription.lease_id) return false
  try {
    await payPeriod(unit, subscription, row)
  } catch (error) {
    if (!isFault(error, 'insufficient_funds')) throw error
    await miss(unit, subscription, row)
  }
  return true
}
