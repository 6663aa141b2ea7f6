import { type SqlBool, sql } from 'kysely'
import { readAccount } from '../accounts.ts'
import { digitsOf } from '../e164.ts'
import type { Account, Instant, Micros } from '../model.ts'
import { lockMatching, lockOwnHeld, settleForSale } from '../numbers/buy.ts'
import { allOf, filterConditions } from '../numbers/filter.ts'
import type { NumberRow } from '../numbers/lifecycle.ts'
import { take } from '../numbers/take.ts'
import type { Row } from '../rows.ts'
import type { Reader } from '../store/store.ts'
import { emit, type Unit } from '../unit.ts'
import type { NumberFilter } from '../verbs.ts'
import { type Criteria, toOrders } from './view.ts'

export type FillResult = 'filled' | 'short_of_numbers' | 'short_of_funds'

/** Numbers looked through for ranges; more than any order may ask for. */
const CANDIDATES = 50_000

/** First numbers of `count` runs of `size` consecutive numbers, each aligned to a multiple of its size, lowest first. */
export function alignedRuns(e164s: readonly string[], size: number, count: number): string[][] {
  const known = new Set(e164s)
  const runs: string[][] = []
  for (const e164 of e164s) {
    if (runs.length === count) break
    const start = Number(digitsOf(e164))
    if (start % size !== 0) continue
    const run = Array.from({ length: size }, (_, i) => `+${start + i}`)
    if (run.every(each => known.has(each))) runs.push(run)
  }
  return runs
}

/** Numbers on the shelf that match, lowest first, without locking any. */
async function candidates(db: Reader, now: Instant, filter: NumberFilter, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('numbers')
    .select('e164')
    .where(sql<SqlBool>`numbers.available_from <= ${now}`)
    .where(allOf(filterConditions(filter)))
    .orderBy('e164')
    .limit(limit)
    .execute()
  return rows.map(row => row.e164)
}

export async function isFillable(
  db: Reader,
  now: Instant,
  { filter, quantity, rangeSize }: { filter: NumberFilter; quantity: number; rangeSize: number },
): Promise<boolean> {
  if (rangeSize <= 1) return (await candidates(db, now, filter, quantity)).length === quantity
  const e164s = await candidates(db, now, filter, CANDIDATES)
  return alignedRuns(e164s, rangeSize, quantity / rangeSize).length === quantity / rangeSize
}

async function lockRanges(unit: Unit, filter: NumberFilter, size: number, count: number): Promise<NumberRow[]> {
  const e164s = await candidates(unit.db, unit.now, filter, CANDIDATES)
  const wanted = alignedRuns(e164s, size, count).flat()
  if (wanted.length < size * count) return []
  let query = unit.db
    .selectFrom('numbers')
    .selectAll()
    .where('e164', 'in', wanted)
    .where(sql<SqlBool>`numbers.available_from <= ${unit.now}`)
    .orderBy('e164')
  if (unit.engine.name === 'postgres') query = query.forUpdate().skipLocked()
  return query.execute()
}

/** All numbers of the order, locked and for sale; fewer when it cannot be filled completely. */
async function lockNumbers(unit: Unit, order: Row<'orders'>, isNew: boolean): Promise<NumberRow[]> {
  const { filter } = JSON.parse(order.criteria) as Criteria
  const size = order.range_size
  const locked =
    size > 1
      ? await lockRanges(unit, filter, size, order.quantity / size)
      : await lockMatching(unit, filter, order.quantity, 'skip')
  const missing = order.quantity - locked.length
  if (isNew && size <= 1 && missing > 0) {
    // what the account holds is its own stock; an order that waits leaves it to whoever took the hold
    const ids = locked.map(row => row.id)
    const held = await lockOwnHeld(unit, order.account_id, filter, missing, ids)
    return held.length < missing ? [] : [...(await settleForSale(unit, locked)), ...held]
  }
  return locked.length < order.quantity ? [] : settleForSale(unit, locked)
}

/** Asked before anything is written, so that a waiting order without money does not undo the unit that brought stock. */
async function canPay(unit: Unit, account: Account, rows: readonly NumberRow[]): Promise<boolean> {
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
    if (!row || row.balance + row.credit_limit < amount) return false
  }
  return true
}

export async function setStatus(
  unit: Unit,
  order: Row<'orders'>,
  status: string,
  reason: string,
): Promise<Row<'orders'>> {
  const changed = { status, reason, updated_at: unit.now }
  await unit.db.updateTable('orders').set(changed).where('id', '=', order.id).execute()
  const [snapshot] = await toOrders(unit.db, [{ ...order, ...changed }])
  await emit(unit, 'order.updated', order.account_id, JSON.parse(JSON.stringify(snapshot)))
  return { ...order, ...changed }
}

/** Completely or not at all: assigned, charged, completed and told, in this unit. */
export async function fill(unit: Unit, order: Row<'orders'>, reason: string, isNew = false): Promise<FillResult> {
  const rows = await lockNumbers(unit, order, isNew)
  if (rows.length < order.quantity) return 'short_of_numbers'
  const account = await readAccount(unit.db, order.account_id)
  if (!account || !(await canPay(unit, account, rows))) return 'short_of_funds'
  const { data } = JSON.parse(order.criteria) as Criteria
  const settings = { dialect: order.dialect ?? '', value: { ...data, orderGuid: order.guid } }
  await take(unit, { account, user: null }, order.id, rows, { settings })
  await setStatus(unit, order, 'completed', reason)
  return 'filled'
}

/** Units that fill wait for each other on PostgreSQL, so that each sees the stock that the other brought. */
const FILL_LOCK = 7_261_005

/** On every arrival of stock: oldest first, each completely or skipped. Costs one index look-up when nobody waits. */
export async function fillWaiting(unit: Unit): Promise<void> {
  const waiting = () =>
    unit.db.selectFrom('orders').selectAll().where('status', 'in', ['pending', 'accepted']).orderBy('id').execute()
  if ((await waiting()).length === 0) return
  if (unit.engine.name === 'postgres') await sql`SELECT pg_advisory_xact_lock(${FILL_LOCK})`.execute(unit.db)
  for (const order of await waiting()) {
    const result = await fill(unit, order, 'Numbers assigned')
    if (result === 'short_of_funds' && order.reason !== NO_FUNDS) await setStatus(unit, order, order.status, NO_FUNDS)
  }
}

const NO_FUNDS = 'The balance does not cover the numbers'
