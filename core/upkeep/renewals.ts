import { addMonths, DAY_MS } from '../ground/clock.ts'
import { isFault } from '../ground/fault.ts'
import type { Instant } from '../ground/model.ts'
import type { Row } from '../ground/rows.ts'
import { catchUp, type Unit } from '../ground/unit.ts'
import { type PostingLine, post } from '../money/index.ts'
import { type NumberRow, settle, transition, vacate } from '../numbers/index.ts'
import { restFrom } from '../people/index.ts'
import { tell } from '../store/statements.ts'

/** An unpaid number is suspended, tried again daily, and released after this long. */
const PATIENCE_MS = 30 * DAY_MS

type SubscriptionRow = Row<'subscriptions'>

async function lockDue(unit: Unit, id: number): Promise<SubscriptionRow | undefined> {
  let query = unit.db.selectFrom('subscriptions').selectAll().where('id', '=', id).where('due_at', '<=', unit.now)
  if (unit.engine.name === 'postgres') query = query.forUpdate().skipLocked()
  return query.executeTakeFirst()
}

async function lockLeased({ db, engine }: Unit, leaseId: number): Promise<NumberRow | undefined> {
  const leased = db.selectFrom('leases').select('number_id').where('id', '=', leaseId)
  const query = db.selectFrom('numbers').selectAll().where('lease_id', '=', leaseId).where('id', '=', leased)
  return (engine.name === 'postgres' ? query.forUpdate() : query).executeTakeFirst()
}

/** What somebody else bills goes on without a line in the books; a free number's month is a debit of nothing. */
export function isBilled(subscription: SubscriptionRow, row: NumberRow): boolean {
  return subscription.amount !== 0 || row.monthly_price === 0
}

/** Period k of the subscription, once: the unique index on (subscription, period) stands behind it. */
export function periodLine(subscription: SubscriptionRow, row: NumberRow): PostingLine {
  return {
    kind: 'renewal',
    setup: 0,
    period: subscription.amount === 0 ? 0 : -subscription.amount,
    numberId: row.id,
    e164: row.e164,
    leaseId: subscription.lease_id,
    subscriptionId: subscription.id,
    periodIndex: subscription.periods,
    note: `Monthly fee for ${row.e164}`,
  }
}

/** The subscription once its period is paid. */
export function afterPeriod(subscription: SubscriptionRow) {
  const anchor_at = anchorOf(subscription)
  const periods = subscription.periods + 1
  return { anchor_at, periods, paid_until: addMonths(anchor_at, periods) }
}

async function payPeriod(unit: Unit, subscription: SubscriptionRow, row: NumberRow): Promise<void> {
  if (isBilled(subscription, row)) {
    const { payer_id, currency } = subscription
    await post(unit, payer_id, currency, 'revenue', [periodLine(subscription, row)])
  }
  const paid = afterPeriod(subscription)
  const billing = { ...paid, next_due_at: paid.paid_until, due_at: paid.paid_until, unpaid_since: null }
  await tell(unit.db, unit.db.updateTable('subscriptions').set(billing).where('id', '=', subscription.id))
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
  const missed = unit.db.updateTable('subscriptions').set({ unpaid_since: since, due_at: unit.now + DAY_MS })
  await tell(unit.db, missed.where('id', '=', subscription.id))
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
