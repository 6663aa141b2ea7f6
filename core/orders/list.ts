import type { Listed, Order, Page } from '../ground/model.ts'
import { hasMember } from '../leases/index.ts'
import type { Reader } from '../store/store.ts'
import type { OrderFilter } from '../verbs.ts'
import { toOrders } from './view.ts'

function matching(db: Reader, filter: OrderFilter) {
  let query = db.selectFrom('orders').where('kind', '=', filter.kind ?? 'request')
  if (filter.accountId !== undefined) query = query.where('account_id', '=', filter.accountId)
  // none of them: no order is in a status without a name
  if (filter.status !== undefined) query = query.where('status', 'in', ['', ...[filter.status].flat()])
  if (filter.companyProfileId !== undefined) query = query.where('company_profile_id', '=', filter.companyProfileId)
  if (filter.dialect !== undefined) query = query.where('dialect', '=', filter.dialect)
  if (filter.from !== undefined) query = query.where('created_at', '>=', filter.from)
  if (filter.until !== undefined) query = query.where('created_at', '<', filter.until)
  for (const [key, value] of Object.entries(filter.data ?? {}))
    query = query.where(hasMember('orders.criteria', key, value))
  return query
}

/** Newest first. */
export async function listOrders(db: Reader, filter: OrderFilter, page: Page): Promise<Listed<Order>> {
  const counted = matching(db, filter).select(e => e.fn.countAll<number>().as('total'))
  const { total } = await counted.executeTakeFirstOrThrow()
  let query = matching(db, filter).selectAll().orderBy('id', 'desc').limit(page.limit).offset(page.offset)
  if (filter.upTo !== undefined) query = query.where('id', '<=', filter.upTo)
  return { items: await toOrders(db, await query.execute()), total: Number(total) }
}
