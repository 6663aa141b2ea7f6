import type { Row } from '../ground/rows.ts'
import type { Unit } from '../ground/unit.ts'
import { mayAct, setStatus, WAITING } from './fill.ts'
import { canPay, type Purse, payable, readPurse } from './purse.ts'
import type { Candidate } from './shelf.ts'

type Waiting = Row<'waiting_orders'>

/** Prices of the cheapest numbers, by currency. */
export type Cheapest = ReadonlyMap<string, number>

/** Who pays and who may act, read once for all their orders. */
export function createPayers(unit: Unit) {
  const purses = new Map<number, Purse>()
  const stopped = new Map<number, boolean>()
  const purseOf = async (payerId: number): Promise<Purse> => {
    const known = purses.get(payerId)
    if (known) return known
    const purse = await readPurse(unit.db, payerId)
    purses.set(payerId, purse)
    return purse
  }
  return {
    /** Something was sold. */
    forget: () => purses.clear(),
    async isStopped(accountId: number): Promise<boolean> {
      if (!stopped.has(accountId)) stopped.set(accountId, !(await mayAct(unit.db, accountId)))
      return stopped.get(accountId) as boolean
    },
    /** False where so many cannot be paid, whichever of the numbers they are. */
    async mayPay(payerId: number, quantity: number, cheapest: Cheapest): Promise<boolean> {
      const purse = await purseOf(payerId)
      const needed = cheapest.size === 1 ? quantity : 1
      return [...cheapest].some(([currency, price]) => canPay(purse, currency, price * needed))
    },
    /** True where so many of these can be paid. */
    async mayPayAmong(payerId: number, quantity: number, found: readonly Candidate[]): Promise<boolean> {
      return payable(await purseOf(payerId), quantity, found).length >= quantity
    },
  }
}

/** Orders changed by one statement at most. */
const AT_ONCE = 400
/** Orders of which one unit tells the outside that they lack money; with the others it is only noted. */
const TOLD = 10
const NO_FUNDS = 'The balance does not cover the numbers'

/** As it is now: its customer may just have cancelled it. */
export async function lockOrder(unit: Unit, id: number): Promise<Row<'orders'> | undefined> {
  let query = unit.db.selectFrom('orders').selectAll().where('id', '=', id).where('status', 'in', WAITING)
  if (unit.engine.name === 'postgres') query = query.forUpdate()
  return query.executeTakeFirst()
}

async function noteReason(unit: Unit, ids: readonly number[]): Promise<void> {
  await unit.db
    .updateTable('orders')
    .set({ reason: NO_FUNDS, updated_at: unit.now })
    .where('id', 'in', ids)
    .where('status', 'in', WAITING)
    .execute()
}

/** Numbers were there and nobody to take them: from now on it is the payer with whom such an order is tried again. */
export async function notePayers(unit: Unit, orders: readonly Waiting[], isShort: ReadonlySet<number>): Promise<void> {
  const ids = orders.filter(({ lacks }) => lacks === 'numbers').map(({ order_id }) => order_id)
  const told = new Set(ids.filter(id => isShort.has(id)).slice(0, TOLD))
  for (const id of told) {
    const order = await lockOrder(unit, id)
    if (order && order.reason !== NO_FUNDS) await setStatus(unit, order, order.status, NO_FUNDS)
  }
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some = ids.slice(at, at + AT_ONCE)
    await unit.db.updateTable('waiting_orders').set({ lacks: 'payer' }).where('order_id', 'in', some).execute()
    const quiet = some.filter(id => isShort.has(id) && !told.has(id))
    if (quiet.length > 0) await noteReason(unit, quiet)
  }
}
