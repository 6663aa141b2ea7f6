import { recordAudit } from './audit.ts'
import { Fault } from './fault.ts'
import type { Order } from './model.ts'
import { type FillResult, fill, fillWaiting, isFillable, setStatus } from './orders/fill.ts'
import { toOrders } from './orders/view.ts'
import type { Row } from './rows.ts'
import type { Reader } from './store/store.ts'
import { type Context, missing, type RunUnit, type Unit } from './unit.ts'
import type { Orders } from './verbs.ts'

const KIND = 'request'
const WAITING = ['pending', 'accepted']

type OrderRequest = Parameters<Orders['place']>[1]

async function insert(
  unit: Unit,
  caller: Parameters<Orders['place']>[0],
  request: OrderRequest,
): Promise<Row<'orders'>> {
  return unit.db
    .insertInto('orders')
    .values({
      guid: unit.random.guid(),
      account_id: caller.account.id,
      payer_id: caller.account.payerId,
      kind: KIND,
      status: 'pending',
      reason: null,
      dialect: request.dialect,
      criteria: JSON.stringify({ filter: request.filter, data: request.data }),
      quantity: request.quantity,
      range_size: request.rangeSize,
      company_profile_id: request.companyProfileId ?? null,
      callback_url: request.callbackUrl ?? null,
      created_at: unit.now,
      updated_at: unit.now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Refusing for lack of money takes the order itself back. */
function refuseUnpaid(result: FillResult, order: Row<'orders'>): void {
  if (result === 'short_of_funds') {
    throw new Fault('insufficient_funds', { currency: '', required: order.quantity, available: 0 })
  }
}

async function one(db: Reader, row: Row<'orders'>): Promise<Order> {
  const [order] = await toOrders(db, [row])
  return order as Order
}

async function reread(unit: Unit, id: number): Promise<Order> {
  return one(unit.db, await unit.db.selectFrom('orders').selectAll().where('id', '=', id).executeTakeFirstOrThrow())
}

/** Faults: not_found, wrong_state when it is over already. */
async function lockWaiting(unit: Unit, id: number, accountId?: number): Promise<Row<'orders'>> {
  let query = unit.db.selectFrom('orders').selectAll().where('id', '=', id).where('kind', '=', KIND)
  if (unit.engine.name === 'postgres') query = query.forUpdate()
  const row = await query.executeTakeFirst()
  if (!row || (accountId !== undefined && row.account_id !== accountId)) throw missing('order', id)
  if (!WAITING.includes(row.status)) throw new Fault('wrong_state', { what: 'order', id: row.guid, state: row.status })
  return row
}

function operatorVerbs(run: RunUnit) {
  const decide = (action: string, act: (unit: Unit, order: Row<'orders'>, reason: string) => Promise<unknown>) =>
    ((actor, id, reason) =>
      run(actor, async unit => {
        const order = await lockWaiting(unit, id)
        await act(unit, order, reason)
        const entry = { accountId: order.account_id, action: `order.${action}`, subject: order.guid, data: { reason } }
        await recordAudit(unit, entry)
        return reread(unit, id)
      })) satisfies Orders['accept']
  return {
    accept: decide('accept', (unit, order, reason) => setStatus(unit, order, 'accepted', reason || 'Accepted')),
    reject: decide('reject', (unit, order, reason) => setStatus(unit, order, 'rejected', reason || 'Rejected')),
    complete: decide('complete', async (unit, order, reason) => {
      const result = await fill(unit, order, reason || 'Numbers assigned')
      refuseUnpaid(result, order)
      if (result !== 'filled') throw new Fault('number_unavailable', { e164s: [] })
    }),
  } satisfies Partial<Orders>
}

export function createOrders(context: Context, run: RunUnit): Orders {
  const { store, clock } = context
  context.onArrival.push(fillWaiting)
  return {
    ...operatorVerbs(run),
    place: (caller, request) =>
      run(caller, async unit => {
        const order = await insert(unit, caller, request)
        refuseUnpaid(await fill(unit, order, 'Numbers assigned', true), order)
        return reread(unit, order.id)
      }),
    isFillable: request => store.read(db => isFillable(db, clock.now(), request)),
    cancel: (caller, id) =>
      run(caller, async unit => {
        const order = await lockWaiting(unit, id, caller.account.id)
        await setStatus(unit, order, 'cancelled', 'Cancelled by the customer')
        return reread(unit, id)
      }),
    byGuid: guid =>
      store.read(async db => {
        const row = await db
          .selectFrom('orders')
          .selectAll()
          .where('guid', '=', guid)
          .where('kind', '=', KIND)
          .executeTakeFirst()
        return row && one(db, row)
      }),
    list: (filter, page) =>
      store.read(async db => {
        let query = db.selectFrom('orders').where('kind', '=', KIND)
        if (filter.accountId !== undefined) query = query.where('account_id', '=', filter.accountId)
        if (filter.status !== undefined) query = query.where('status', '=', filter.status)
        if (filter.companyProfileId !== undefined)
          query = query.where('company_profile_id', '=', filter.companyProfileId)
        const { total } = await query.select(e => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
        const rows = await query.selectAll().orderBy('id', 'desc').limit(page.limit).offset(page.offset).execute()
        return { items: await toOrders(db, rows), total }
      }),
  }
}
