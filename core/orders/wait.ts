import { Fault } from '../ground/fault.ts'
import type { Row } from '../ground/rows.ts'
import type { Unit } from '../ground/unit.ts'
import type { NumberFilter } from '../verbs.ts'
import { wantedColumns } from './wanted.ts'

/** Orders of one account that may wait at a time. */
const MOST_WAITING = 500

/** From now on arrivals are tried with it, for so many numbers. Faults: limit_reached. */
export async function wait(unit: Unit, order: Row<'orders'>, filter: NumberFilter, quantity: number): Promise<void> {
  const { account_id, payer_id, range_size } = order
  const query = unit.db.selectFrom('waiting_orders').where('account_id', '=', account_id)
  const { waiting } = await query.select(e => e.fn.countAll<number>().as('waiting')).executeTakeFirstOrThrow()
  if (waiting >= MOST_WAITING) throw new Fault('limit_reached', { what: 'open requests', limit: MOST_WAITING })
  const wanted = { ...wantedColumns(filter), range_size, quantity, lacks: 'numbers' }
  await unit.db
    .insertInto('waiting_orders')
    .values({ order_id: order.id, account_id, payer_id, ...wanted })
    .execute()
}
