import type { JsonObject, Order, OrderKind, OrderRange, OrderStatus } from '../ground/model.ts'
import type { Row } from '../ground/rows.ts'
import type { Reader } from '../store/store.ts'
import type { NumberFilter, ScheduledChange } from '../verbs.ts'

export interface Criteria {
  filter: NumberFilter
  data: JsonObject
  /** Of the dialect, for each lease; default: the data. */
  settings?: JsonObject
  /** It asked for as much as there is, and this much of it is told of numbers by name. */
  outcome?: Pick<Order, 'hasWaited' | 'done' | 'failed'>
  /** Its numbers were kept for it from the start. */
  kept?: { e164s: string[]; schedule: readonly ScheduledChange[]; notes: Order['notes'] }
}

export function keptOf({ criteria }: Pick<Row<'orders'>, 'criteria'>): readonly string[] {
  return (JSON.parse(criteria) as Criteria).kept?.e164s ?? []
}

export const NO_OUTCOME: NonNullable<Criteria['outcome']> = { hasWaited: false, done: [], failed: [] }

interface Sold {
  order_id: number
  lease_id: number
  e164: string
  started_at: number
  ends_at: number | null
  closed_at: number | null
}

async function soldNumbers(db: Reader, orderIds: readonly number[]): Promise<Sold[]> {
  if (orderIds.length === 0) return []
  return db
    .selectFrom('order_lines')
    .innerJoin('leases', 'leases.order_line_id', 'order_lines.id')
    .innerJoin('numbers', 'numbers.id', 'order_lines.number_id')
    .select(['order_lines.order_id', 'leases.id as lease_id', 'numbers.e164', 'leases.started_at'])
    .select(['leases.ends_at', 'leases.closed_at'])
    .where('order_lines.order_id', 'in', orderIds)
    .orderBy('order_lines.id')
    .execute()
}

function rangesOf(sold: readonly Sold[], rangeSize: number): OrderRange[] {
  const size = Math.max(1, rangeSize)
  return sold
    .filter((_, index) => index % size === 0)
    .map(first => ({
      leaseId: first.lease_id,
      start: first.e164,
      size,
      from: first.started_at,
      until: first.closed_at ?? first.ends_at,
    }))
}

/** Orders with what they were filled with. */
export async function toOrders(db: Reader, rows: readonly Row<'orders'>[]): Promise<Order[]> {
  const sold = await soldNumbers(
    db,
    rows.filter(row => row.kind === 'request').map(row => row.id),
  )
  return rows.map(row => {
    const criteria = JSON.parse(row.criteria) as Criteria
    const { filter, data, outcome = NO_OUTCOME, kept } = criteria as Criteria & { filter: JsonObject }
    return {
      id: row.id,
      guid: row.guid,
      accountId: row.account_id,
      status: row.status as OrderStatus,
      reason: row.reason,
      dialect: row.dialect ?? '',
      filter,
      data,
      quantity: row.quantity,
      rangeSize: row.range_size,
      companyProfileId: row.company_profile_id,
      callbackUrl: row.callback_url,
      ranges: rangesOf(
        sold.filter(line => line.order_id === row.id),
        row.range_size,
      ),
      kind: row.kind as OrderKind,
      ...outcome,
      kept: kept?.e164s ?? [],
      notes: kept?.notes ?? [],
      expiresAt: row.status === 'draft' || row.status === 'blocked' ? row.due_at : null,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    }
  })
}
