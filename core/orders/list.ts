import { type SqlBool, sql } from 'kysely'
import type { Listed, Order, Page } from '../ground/model.ts'
import { hasMember } from '../leases/index.ts'
import type { Engine, Reader } from '../store/store.ts'
import type { OrderFilter } from '../verbs.ts'
import { toOrders } from './view.ts'

/** In the outcome, as it is kept. */
function tellsOf({ name }: Engine, e164: string) {
  const outcome = (path: string) =>
    name === 'postgres' ? sql.raw(`(orders.criteria::jsonb #> '{outcome,${path}}')`) : sql.lit(`$.outcome.${path}`)
  if (name === 'postgres') {
    const [done, failed] = [JSON.stringify([e164]), JSON.stringify([{ e164 }])]
    return sql<SqlBool>`(${outcome('done')} @> CAST(${done} AS JSONB) OR ${outcome('failed')} @> CAST(${failed} AS JSONB))`
  }
  return sql<SqlBool>`(EXISTS (SELECT 1 FROM json_each(orders.criteria, ${outcome('done')}) WHERE value = ${e164})
    OR EXISTS (SELECT 1 FROM json_each(orders.criteria, ${outcome('failed')})
      WHERE json_extract(value, '$.e164') = ${e164}))`
}

function matching(engine: Engine, db: Reader, filter: OrderFilter) {
  let query = db.selectFrom('orders').where('kind', '=', filter.kind ?? 'request')
  if (filter.accountId !== undefined) query = query.where('account_id', '=', filter.accountId)
  // none of them: no order is in a status without a name
  if (filter.status !== undefined) query = query.where('status', 'in', ['', ...[filter.status].flat()])
  if (filter.companyProfileId !== undefined) query = query.where('company_profile_id', '=', filter.companyProfileId)
  if (filter.dialect !== undefined) query = query.where('dialect', '=', filter.dialect)
  if (filter.from !== undefined) query = query.where('created_at', '>=', filter.from)
  if (filter.until !== undefined) query = query.where('created_at', '<', filter.until)
  if (filter.changedFrom !== undefined) query = query.where('updated_at', '>=', filter.changedFrom)
  if (filter.changedUntil !== undefined) query = query.where('updated_at', '<', filter.changedUntil)
  if (filter.e164 !== undefined) query = query.where(tellsOf(engine, filter.e164))
  for (const [key, value] of Object.entries(filter.data ?? {}))
    query = query.where(hasMember('orders.criteria', key, value))
  return query
}

/** Newest first. */
export async function listOrders(engine: Engine, db: Reader, filter: OrderFilter, page: Page): Promise<Listed<Order>> {
  const counted = matching(engine, db, filter).select(e => e.fn.countAll<number>().as('total'))
  const { total } = await counted.executeTakeFirstOrThrow()
  let query = matching(engine, db, filter).selectAll().orderBy('id', 'desc').limit(page.limit).offset(page.offset)
  if (filter.upTo !== undefined) query = query.where('id', '<=', filter.upTo)
  return { items: await toOrders(db, await query.execute()), total: Number(total) }
}
