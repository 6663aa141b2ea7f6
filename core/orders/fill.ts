import { sql } from 'kysely'
import type { FaultDetails } from '../ground/fault.ts'
import type { Account, JsonObject, Micros, Owned } from '../ground/model.ts'
import type { Row } from '../ground/rows.ts'
import { emit, type Unit } from '../ground/unit.ts'
import { covers } from '../money/index.ts'
import { lockEnough, lockNamed, lockOwnHeld, type NumberRow, onShelf, settleForSale, take } from '../numbers/index.ts'
import { readAccount } from '../people/index.ts'
import { insertRows } from '../store/statements.ts'
import type { Reader } from '../store/store.ts'
import { payable, readPurse } from './purse.ts'
import { type Candidate, nearby, offered } from './shelf.ts'
import { type Criteria, toOrders } from './view.ts'

/** What the payer would have to pay, and can. */
export type Shortage = FaultDetails['insufficient_funds']

export type FillResult = 'filled' | 'short_of_numbers' | 'inactive' | Shortage

export const WAITING: readonly string[] = ['pending', 'accepted']

/** All of these, locked and on the shelf; fewer where somebody was faster. */
async function lockOffered(unit: Unit, wanted: readonly Candidate[], quantity: number): Promise<NumberRow[]> {
  if (wanted.length < quantity) return []
  const e164s = wanted.map(({ e164 }) => e164)
  const query = unit.db
    .selectFrom('numbers')
    .selectAll()
    .where('e164', 'in', e164s)
    .where(onShelf(unit.now))
    .orderBy('e164')
  return (unit.engine.name === 'postgres' ? query.forUpdate() : query).execute()
}

/** All numbers of the order, locked and for sale; fewer when it cannot be filled completely. */
async function lockNumbers(unit: Unit, order: Row<'orders'>, quantity: number, isNew: boolean): Promise<NumberRow[]> {
  const { filter } = JSON.parse(order.criteria) as Criteria
  const { range_size } = order
  const locked =
    range_size > 1
      ? await lockOffered(unit, await offered(unit, filter, range_size, quantity), quantity)
      : await lockEnough(unit, { filter, quantity }, false, [])
  const missing = quantity - locked.length
  if (isNew && range_size <= 1 && missing > 0) {
    // what the account holds is its own stock; an order that waits leaves it to whoever took the hold
    const ids = locked.map(row => row.id)
    const held = await lockOwnHeld(unit, order.account_id, filter, missing, ids)
    return held.length < missing ? [] : [...(await settleForSale(unit, locked)), ...held]
  }
  return locked.length < quantity ? [] : settleForSale(unit, locked)
}

/** Where the lowest are too dear: the lowest of those nearby of which so many can be paid. Ranges are the lowest or none. */
async function lockPayable(unit: Unit, order: Row<'orders'>, payerId: number, quantity: number): Promise<NumberRow[]> {
  if (order.range_size > 1) return []
  const { filter } = JSON.parse(order.criteria) as Criteria
  const found = payable(await readPurse(unit.db, payerId), quantity, await nearby(unit, filter))
  return settleForSale(unit, await lockOffered(unit, found.slice(0, quantity), quantity))
}

/** The account and all above it. */
export async function mayAct(db: Reader, accountId: number): Promise<boolean> {
  const { rows } = await sql<{ stopped: number }>`WITH RECURSIVE line (id, parent_id, is_active) AS (
      SELECT id, parent_id, is_active FROM accounts WHERE id = ${accountId}
      UNION SELECT a.id, a.parent_id, a.is_active FROM accounts a JOIN line ON a.id = line.parent_id)
    SELECT count(*) AS stopped FROM line WHERE is_active = 0`.execute(db)
  return rows[0]?.stopped === 0
}

/** Asked before anything is written, so that a waiting order without money does not undo the unit that brought stock. */
export async function shortage(
  unit: Unit,
  account: Account,
  rows: readonly NumberRow[],
): Promise<Shortage | undefined> {
  const needed = new Map<string, Micros>()
  for (const row of rows) {
    needed.set(row.currency, (needed.get(row.currency) ?? 0) + row.setup_price + row.monthly_price)
  }
  for (const [currency, amount] of needed) {
    let query = unit.db
      .selectFrom('balances')
      .select(['balance', 'credit_limit'])
      .where('account_id', '=', account.payerId)
      .where('currency', '=', currency)
    if (unit.engine.name === 'postgres') query = query.forUpdate()
    const row = await query.executeTakeFirst()
    const funds = row ?? { balance: 0, credit_limit: 0 }
    const available = funds.balance + funds.credit_limit
    if (!covers(funds, amount)) return { currency, required: amount, available }
  }
  return undefined
}

export async function setStatus(unit: Unit, order: Row<'orders'>, status: string, reason: string): Promise<void> {
  const changed = { status, reason, updated_at: unit.now }
  await unit.db.updateTable('orders').set(changed).where('id', '=', order.id).execute()
  if (!WAITING.includes(status)) {
    await unit.db.deleteFrom('waiting_orders').where('order_id', '=', order.id).execute()
  }
  const [snapshot] = await toOrders(unit.db, [{ ...order, ...changed }])
  await emit(unit, 'order.updated', order.account_id, JSON.parse(JSON.stringify(snapshot)))
}

export function settingsFor(order: Row<'orders'>): { dialect: string; value: JsonObject } {
  const { data, settings = data } = JSON.parse(order.criteria) as Criteria
  return { dialect: order.dialect ?? '', value: { ...settings, orderGuid: order.guid } }
}

/** The papers of the order are those of its numbers from now on, and were looked through. */
async function handOver(unit: Unit, order: Row<'orders'>, owned: readonly Owned[]): Promise<void> {
  await unit.db.updateTable('orders').set({ due_at: null }).where('id', '=', order.id).execute()
  const papers = await unit.db
    .updateTable('documents')
    .set({ status: 'approved', updated_at: unit.now })
    .where('order_id', '=', order.id)
    .returning(['id', 'account_id', 'type', 'file_name', 'content_type', 'reason', 'created_at'])
    .execute()
  const copies = owned.flatMap(({ lease }) =>
    papers.map(({ id, ...paper }) => ({
      ...{ ...paper, lease_id: lease.id, content: Buffer.alloc(0), content_id: id, order_id: null },
      ...{ status: 'approved', updated_at: unit.now },
    })),
  )
  await insertRows(unit, 'documents', copies)
}

async function lineCount(unit: Unit, orderId: number): Promise<number> {
  const lines = unit.db.selectFrom('order_lines').where('order_id', '=', orderId)
  const { sold } = await lines.select(e => e.fn.countAll<number>().as('sold')).executeTakeFirstOrThrow()
  return Number(sold)
}

/** All of the numbers that were kept for it, locked; fewer when it has lost one. */
async function lockKept(unit: Unit, order: Row<'orders'>, e164s: readonly string[]): Promise<NumberRow[]> {
  const { found } = await lockNamed(unit, order.account_id, e164s)
  return e164s.flatMap(e164 => found.get(e164) ?? [])
}

/** What it gets, or what it lacks. */
async function choose(unit: Unit, order: Row<'orders'>, account: Account, isNew: boolean) {
  // one that took what there was waits for the rest
  const missing = order.quantity - (isNew ? 0 : await lineCount(unit, order.id))
  const { kept } = JSON.parse(order.criteria) as Criteria
  const rows = kept ? await lockKept(unit, order, kept.e164s) : await lockNumbers(unit, order, missing, isNew)
  if (rows.length < missing) return 'short_of_numbers'
  const short = await shortage(unit, account, rows)
  if (!short || kept || isNew) return short ?? { rows, kept }
  const others = await lockPayable(unit, order, account.payerId, missing)
  const isFilled = others.length === missing && !(await shortage(unit, account, others))
  return isFilled ? { rows: others, kept } : short
}

/**
 * Completely or not at all: assigned, charged, completed and told, in this unit. Nothing is filled for an account that is
 * stopped, or whose parent is. `isNew`: not one that has waited.
 */
export async function fill(unit: Unit, order: Row<'orders'>, reason: string, isNew = false): Promise<FillResult> {
  const account = await readAccount(unit.db, order.account_id)
  if (!account || !(await mayAct(unit.db, account.id))) return 'inactive'
  const chosen = await choose(unit, order, account, isNew)
  if (typeof chosen === 'string' || 'required' in chosen) return chosen
  const { rows, kept } = chosen
  const terms = { settings: settingsFor(order), ...(kept && { schedule: kept.schedule }) }
  const owned = await take(unit, { account, user: null }, order.id, rows, terms)
  if (kept) await handOver(unit, order, owned)
  await setStatus(unit, { ...order, due_at: null }, 'completed', reason)
  return 'filled'
}
