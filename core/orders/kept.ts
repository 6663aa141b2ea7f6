/**
 * Orders that keep their numbers from the start. Their customer says what the law asks for and hands them in; then they are
 * looked through, and end with the numbers or without. Accounts whose identity is verified are looked through by the clock.
 */

import { DAY_MS } from '../ground/clock.ts'
import { dueColumn, type JobSource } from '../ground/due.ts'
import { Fault } from '../ground/fault.ts'
import type { Caller, Instant } from '../ground/model.ts'
import type { Row } from '../ground/rows.ts'
import { catchUp, type Unit } from '../ground/unit.ts'
import { giveUpHolds, holdsOf, MOST_DAYS, moveHolds, takeHolds } from '../numbers/index.ts'
import { readAccount } from '../people/index.ts'
import type { KeepRequest } from '../verbs.ts'
import { lockOwn } from './close.ts'
import { fill, setStatus, WAITING } from './fill.ts'
import { insertParts, tell } from './parts.ts'
import { type Criteria, keptOf } from './view.ts'

type OrderRow = Row<'orders'>

/** Its customer may still say something. */
const OPEN: readonly string[] = ['draft', 'blocked']

/** How long a customer has who was asked for more. */
const ANSWER_MS = 2 * DAY_MS
const REVIEW_MS = MOST_DAYS * DAY_MS

async function setDue(unit: Unit, order: OrderRow, due_at: Instant | null): Promise<OrderRow> {
  await unit.db.updateTable('orders').set({ due_at }).where('id', '=', order.id).execute()
  return { ...order, due_at }
}

/** Not what its account has taken since for something else. */
const holdsFor = (unit: Unit, order: OrderRow) => holdsOf(unit, order.account_id, keptOf(order), { order: order.guid })

/** All or nothing; what the account keeps for something else is not to be had. Faults: number_unavailable, limit_reached. */
export async function keepOrder(unit: Unit, caller: Caller, request: KeepRequest): Promise<number> {
  const { dialect, wish, keepMs, settings, schedule, callbackUrl } = request
  const until = unit.now + keepMs
  const guid = unit.random.guid()
  const holds = await takeHolds(unit, caller, wish, { until, dialect, documents: 'allow', data: { order: guid } })
  const foreign = holds.filter(hold => hold.data.order !== guid).map(({ number }) => number.e164)
  if (foreign.length > 0) throw new Fault('number_unavailable', { e164s: foreign })
  const numbers = holds.map(({ number }) => number)
  const kept = { e164s: numbers.map(({ e164 }) => e164), schedule, notes: [] }
  const order = await insertParts(unit, caller, 'request', {
    ...{ guid, dialect, quantity: numbers.length, status: 'draft', filter: {}, data: request.data(numbers) },
    ...{ settings, kept, callback_url: callbackUrl, due_at: until },
  })
  return order.id
}

/** Faults: not_found, wrong_state (handed in, or over). */
export async function lockOpen(unit: Unit, accountId: number, id: number): Promise<OrderRow> {
  const row = await lockOwn(unit, accountId, id)
  const state = OPEN.includes(row.status) && (row.due_at ?? 0) <= unit.now ? 'expired' : row.status
  if (!OPEN.includes(state)) throw new Fault('wrong_state', { what: 'order', id: row.guid, state })
  return row
}

/** Faults: not_found, wrong_state. */
export async function submitOrder(unit: Unit, caller: Caller, id: number): Promise<void> {
  const order = await lockOpen(unit, caller.account.id, id)
  const until = unit.now + REVIEW_MS
  await moveHolds(unit, order.account_id, await holdsFor(unit, order), until)
  const account = await readAccount(unit.db, order.account_id)
  const due = await setDue(unit, order, account?.identityVerified ? unit.now : until)
  await setStatus(unit, due, 'pending', 'Handed in for review')
}

async function note(unit: Unit, order: OrderRow, message: string): Promise<OrderRow> {
  const criteria = JSON.parse(order.criteria) as Criteria
  if (!criteria.kept || message === '') return order
  const kept = { ...criteria.kept, notes: [...criteria.kept.notes, { at: unit.now, message }] }
  const changed = { criteria: JSON.stringify({ ...criteria, kept }) }
  await unit.db.updateTable('orders').set(changed).where('id', '=', order.id).execute()
  return { ...order, ...changed }
}

/** Its customer has to say more. Faults: wrong_state. */
export async function blockOrder(unit: Unit, order: OrderRow, reason: string): Promise<void> {
  if (keptOf(order).length === 0) throw new Fault('wrong_state', { what: 'order', id: order.guid, state: order.status })
  const due = await setDue(unit, await note(unit, order, reason), unit.now + ANSWER_MS)
  await setStatus(unit, due, 'blocked', reason || 'Blocked')
}

/** It ends without the numbers, which are on the shelf again. */
export async function endWithout(
  unit: Unit,
  order: OrderRow,
  status: string,
  reason: string,
  told = '',
): Promise<void> {
  const due = order.due_at === null ? order : await setDue(unit, await note(unit, order, told), null)
  if (keptOf(order).length > 0) await giveUpHolds(unit, order.account_id, await holdsFor(unit, order))
  await setStatus(unit, due, status, reason)
}

const REFUSED = { inactive: 'The account is not active', short_of_numbers: 'The numbers are gone' } as const
const NO_FUNDS = 'The balance does not cover the numbers'

/** Whatever is in its way ends the order: nobody is there to be told. */
async function review(unit: Unit, order: OrderRow): Promise<void> {
  const result = await fill(unit, order, 'Numbers assigned')
  if (result === 'filled') return
  if (typeof result === 'string') return endWithout(unit, order, 'rejected', REFUSED[result])
  const failed = keptOf(order).map(e164 => ({ e164, reason: 'funds' as const }))
  await endWithout(unit, await tell(unit, order, { failed }), 'rejected', NO_FUNDS)
}

async function settleOrder(unit: Unit, id: number): Promise<boolean> {
  let query = unit.db.selectFrom('orders').selectAll().where('id', '=', id).where('due_at', '<=', unit.now)
  if (unit.engine.name === 'postgres') query = query.forUpdate().skipLocked()
  const order = await query.executeTakeFirst()
  if (!order) return false
  catchUp(unit, [order])
  const account = await readAccount(unit.db, order.account_id)
  if (WAITING.includes(order.status) && account?.identityVerified) await review(unit, order)
  else await endWithout(unit, order, 'expired', 'Not completed in time')
  return true
}

/** Orders whose customers said nothing in time, and those that are looked through. */
export const orderReview: JobSource = { name: 'order', due: dueColumn('orders'), run: settleOrder }
