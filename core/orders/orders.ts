import { recordAudit } from '../events/index.ts'
import { Fault } from '../ground/fault.ts'
import type { Order } from '../ground/model.ts'
import type { Row } from '../ground/rows.ts'
import { type Context, catchUp, missing, type RunUnit, type Unit } from '../ground/unit.ts'
import type { Reader } from '../store/store.ts'
import type { Orders } from '../verbs.ts'
import { fillWaiting, lockPlacing } from './arrivals.ts'
import { amendOrder, closeOrder, writeData } from './close.ts'
import { type FillResult, fill, setStatus, WAITING } from './fill.ts'
import { giveBackParts, moveParts } from './given.ts'
import { blockOrder, endWithout, keepOrder, lockOpen, submitOrder } from './kept.ts'
import { listOrders } from './list.ts'
import { placeParts } from './parts.ts'
import { offered } from './shelf.ts'
import { toOrders } from './view.ts'
import { wait } from './wait.ts'

const KIND = 'request'
/** What clients asked for: purchases that were filled as they were made are not listed. */
const SHOWN: readonly string[] = ['request', 'return', 'move']

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
      due_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Refusing for lack of money, or because the account is stopped, takes the order itself back. */
function refuseUnfillable(result: FillResult, order: Row<'orders'>): void {
  if (result === 'inactive') {
    throw new Fault('wrong_state', { what: 'account', id: String(order.account_id), state: 'inactive' })
  }
  if (typeof result === 'object') throw new Fault('insufficient_funds', result)
}

async function place(unit: Unit, caller: Parameters<Orders['place']>[0], request: OrderRequest): Promise<Order> {
  await lockPlacing(unit)
  const order = await insert(unit, caller, request)
  const result = await fill(unit, order, 'Numbers assigned', true)
  refuseUnfillable(result, order)
  if (result === 'short_of_numbers') await wait(unit, order, request.filter, order.quantity)
  return reread(unit, order.id)
}

async function one(db: Reader, row: Row<'orders'>): Promise<Order> {
  const [order] = await toOrders(db, [row])
  return order as Order
}

async function shown(db: Reader, by: 'id' | 'guid', value: number | string): Promise<Order | undefined> {
  const row = await db
    .selectFrom('orders')
    .selectAll()
    .where(by, '=', value)
    .where('kind', 'in', SHOWN)
    .executeTakeFirst()
  return row && one(db, row)
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
  catchUp(unit, [row])
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
    reject: decide('reject', (unit, order, reason) =>
      endWithout(unit, order, 'rejected', reason || 'Rejected', reason),
    ),
    block: decide('block', blockOrder),
    complete: decide('complete', async (unit, order, reason) => {
      const result = await fill(unit, order, reason || 'Numbers assigned')
      refuseUnfillable(result, order)
      if (result !== 'filled') throw new Fault('number_unavailable', { e164s: [] })
    }),
  } satisfies Partial<Orders>
}

/** Orders that take, or do, as much as they can. */
function partVerbs(run: RunUnit) {
  return {
    placeParts: (caller, request) => run(caller, async unit => reread(unit, await placeParts(unit, caller, request))),
    giveBack: (caller, request) => run(caller, async unit => reread(unit, await giveBackParts(unit, caller, request))),
    move: (caller, request) => run(caller, async unit => reread(unit, await moveParts(unit, caller, request))),
    close: (caller, id) =>
      run(caller, async unit => {
        await closeOrder(unit, await lockWaiting(unit, id, caller.account.id))
        return reread(unit, id)
      }),
    amend: (caller, id, data) =>
      run(caller, async unit => {
        await amendOrder(unit, caller, id, data)
        return reread(unit, id)
      }),
  } satisfies Partial<Orders>
}

/** Orders that keep their numbers from the start. */
function keptVerbs(run: RunUnit) {
  return {
    keep: (caller, request) => run(caller, async unit => reread(unit, await keepOrder(unit, caller, request))),
    revise: (caller, id, data) =>
      run(caller, async unit => {
        await writeData(unit, await lockOpen(unit, caller.account.id, id), data)
        return reread(unit, id)
      }),
    submit: (caller, id) =>
      run(caller, async unit => {
        await submitOrder(unit, caller, id)
        return reread(unit, id)
      }),
  } satisfies Partial<Orders>
}

export function createOrders(context: Context, run: RunUnit): Orders {
  const { store, clock } = context
  context.onArrival.push(fillWaiting)
  return {
    ...operatorVerbs(run),
    place: (caller, request) => run(caller, unit => place(unit, caller, request)),
    isFillable: ({ filter, quantity, rangeSize }) =>
      store.read(async db => {
        const looking = { db, engine: store.engine, now: clock.now(), stock: new Map() }
        return (await offered(looking, filter, rangeSize, quantity)).length === quantity
      }),
    cancel: (caller, id) =>
      run(caller, async unit => {
        const order = await lockWaiting(unit, id, caller.account.id)
        await endWithout(unit, order, 'cancelled', 'Cancelled by the customer')
        return reread(unit, id)
      }),
    find: id => store.read(db => shown(db, 'id', id)),
    byGuid: guid => store.read(db => shown(db, 'guid', guid)),
    list: (filter, page) => store.read(db => listOrders(store.engine, db, filter, page)),
    ...partVerbs(run),
    ...keptVerbs(run),
  }
}
