import { Fault } from '../ground/fault.ts'
import type { Caller, JsonObject } from '../ground/model.ts'
import type { Row } from '../ground/rows.ts'
import { catchUp, missing, type Unit } from '../ground/unit.ts'
import { setStatus } from './fill.ts'
import { type Criteria, toOrders } from './view.ts'

/** It waits no longer: what it got it keeps. */
export async function closeOrder(unit: Unit, order: Row<'orders'>): Promise<void> {
  const { outcome } = JSON.parse(order.criteria) as Criteria
  if (!outcome?.hasWaited) throw new Fault('wrong_state', { what: 'order', id: order.guid, state: order.status })
  const [found] = await toOrders(unit.db, [order])
  const status = (found?.ranges.length ?? 0) > 0 ? 'partial' : 'failed'
  await setStatus(unit, order, status, 'Closed by the customer')
}

/** Whatever its state. Faults: not_found. */
export async function lockOwn(unit: Unit, accountId: number, id: number): Promise<Row<'orders'>> {
  let query = unit.db.selectFrom('orders').selectAll().where('id', '=', id)
  if (unit.engine.name === 'postgres') query = query.forUpdate()
  const row = await query.executeTakeFirst()
  if (row?.account_id !== accountId) throw missing('order', id)
  catchUp(unit, [row])
  return row
}

/** What the client may change of what it wrote into its order. Faults: not_found. */
export async function amendOrder(unit: Unit, caller: Caller, id: number, data: JsonObject): Promise<void> {
  await writeData(unit, await lockOwn(unit, caller.account.id, id), data)
}

/** Beside what is in it already. */
export async function writeData(unit: Unit, row: Row<'orders'>, data: JsonObject): Promise<void> {
  const criteria = JSON.parse(row.criteria) as Criteria
  const changed = JSON.stringify({ ...criteria, data: { ...criteria.data, ...data } })
  await unit.db
    .updateTable('orders')
    .set({ criteria: changed, updated_at: unit.now })
    .where('id', '=', row.id)
    .execute()
}
