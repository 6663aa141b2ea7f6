import { type SqlBool, sql } from 'kysely'
import { Fault } from '../ground/fault.ts'
import type { Account, Caller } from '../ground/model.ts'
import { toNumber } from '../ground/rows.ts'
import { catchUp, type Unit } from '../ground/unit.ts'
import type { Reader } from '../store/store.ts'
import { run } from '../store/texts.ts'
import type { ClaimLine, LeaseTerms, NumberFilter, Purchase } from '../verbs.ts'
import { allOf, filterConditions } from './filter.ts'
import { isOnShelf, type NumberRow, settle } from './lifecycle.ts'
import { isMine } from './mine.ts'
import { isWide, shelfQuery, shelfRows } from './shelf.ts'
import { insertOrder, reserveFor, take } from './take.ts'
import { resolveTaker } from './taker.ts'
import { countedTotal, isCounted } from './total.ts'
import { whyForeign, whyNotForSale, whyPapers, whyTooFew } from './why.ts'

type Lock = 'wait' | 'skip'
/** Which numbers an account may have at all. */
export type SaleTerms = Pick<LeaseTerms, 'currency' | 'documents'>

/** Rows that the clock puts on the shelf at this moment, whether or not a job has tidied them. */
export function onShelf(now: number) {
  return sql<SqlBool>`numbers.available_from <= ${now}`
}

/** No more than counters know of, where the search for one more might walk the whole shelf while every buyer waits. */
export async function atMost(
  { db, engine, now, stock }: Pick<Unit, 'engine' | 'now'> & { db: Reader; stock: ReadonlyMap<number, number> },
  filter: NumberFilter,
  quantity: number,
): Promise<number> {
  if (!isWide(filter) || !isCounted(filter)) return quantity
  const { rows } = await sql<{ total: number }>`SELECT ${countedTotal(engine, filter, now)} AS total`.execute(db)
  // counters are written last: they do not yet tell what came to the shelf in this unit
  const arrived = [...stock.values()].reduce((sum, delta) => sum + Math.max(delta, 0), 0)
  return Math.min(quantity, (rows[0]?.total ?? 0) + arrived)
}

/** Lowest purchasable numbers first, locked. */
export async function lockMatching(
  unit: Unit,
  filter: NumberFilter,
  quantity: number,
  lock: Lock,
  except: readonly number[] = [],
): Promise<NumberRow[]> {
  const conditions = [onShelf(unit.now)]
  if (except.length > 0) conditions.push(sql<SqlBool>`numbers.id NOT IN (${sql.join(except)})`)
  const limit = await atMost(unit, filter, quantity)
  if (limit === 0) return []
  const locking = lock === 'skip' ? sql`FOR UPDATE OF numbers SKIP LOCKED` : sql`FOR UPDATE OF numbers`
  const query = shelfQuery(unit.engine, filter, conditions, 'lock')
  const lockNow = unit.engine.name === 'postgres' ? locking : sql``
  const rows = await shelfRows(unit.db, query, { limit, offset: 0 }, lockNow)
  catchUp(unit, rows)
  return rows
}

/** Numbers whose rest has just ended belong first to those who wait: only what remains is for this caller. */
export async function settleForSale(unit: Unit, rows: readonly NumberRow[]): Promise<NumberRow[]> {
  if (rows.every(isOnShelf)) return [...rows]
  for (const row of rows) await settle(unit, row)
  await unit.settleArrivals()
  const ids = rows.map(row => row.id)
  return unit.db
    .selectFrom('numbers')
    .selectAll()
    .where('id', 'in', ids)
    .where('state', '=', 'available')
    .where('held_until', 'is', null)
    .orderBy('e164')
    .execute()
}

/** What the account holds of the numbers that match, locked. */
export async function lockOwnHeld(
  unit: Unit,
  accountId: number,
  filter: NumberFilter,
  quantity: number,
  except: readonly number[],
): Promise<NumberRow[]> {
  const held = unit.db
    .selectFrom('holds')
    .select('number_id')
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null)
    .where('held_until', '>', unit.now)
  let query = unit.db
    .selectFrom('numbers')
    .selectAll()
    .where('id', 'in', held)
    .where(allOf(filterConditions(filter)))
  query = query
    .where('held_until', '>', unit.now)
    .where('id', 'not in', [0, ...except])
    .orderBy('e164')
    .limit(quantity)
  if (unit.engine.name === 'postgres') query = query.forUpdate().skipLocked()
  return query.execute()
}

/** Rows that could be locked without waiting, topped up by waiting when all are needed. */
export async function lockEnough(unit: Unit, line: ClaimLine, partial: boolean, taken: readonly number[]) {
  const first = await lockMatching(unit, line.filter, line.quantity, 'skip', taken)
  const missing = line.quantity - first.length
  if (missing === 0 || partial || !unit.engine.skipLocked) return first
  const held = [...taken, ...first.map(row => row.id)]
  return [...first, ...(await lockMatching(unit, line.filter, missing, 'wait', held))]
}

export function termsFilter(filter: NumberFilter, terms: SaleTerms, account: Account): NumberFilter {
  const currency = terms.currency === undefined ? {} : { currency: terms.currency }
  const sells = terms.documents === 'allow' || (terms.documents === 'verified' && account.identityVerified)
  return { ...filter, ...currency, ...(sells ? {} : { documents: 'none' as const }) }
}

/** "Any n numbers that match", in one unit. Faults: number_unavailable (unless partial), insufficient_funds. */
export async function claimNumbers(
  unit: Unit,
  caller: Caller,
  lines: readonly ClaimLine[],
  terms: LeaseTerms & { partial: boolean },
): Promise<Purchase> {
  const wanted = lines.reduce((sum, line) => sum + line.quantity, 0)
  reserveFor(unit, wanted)
  const taker = await resolveTaker(unit, caller.account, terms.userId)
  const rows: NumberRow[] = []
  for (const line of lines) {
    const filter = termsFilter(line.filter, terms, caller.account)
    const taken = rows.map(row => row.id)
    const locked = await lockEnough(unit, { ...line, filter }, terms.partial, taken)
    const sellable = await settleForSale(unit, locked)
    const missing = line.quantity - sellable.length
    // what the account holds is its own stock, used when the shelf has no more
    const held = missing > 0 ? await lockOwnHeld(unit, caller.account.id, filter, missing, taken) : []
    rows.push(...sellable, ...held)
  }
  if (!terms.partial && rows.length < wanted) {
    throw new Fault('number_unavailable', { e164s: [] }, { why: whyTooFew(lines, rows.length) })
  }
  const orderId = await insertOrder(unit, taker, wanted)
  return { orderId, owned: await take(unit, taker, orderId, rows, terms) }
}

function rowsOf(unit: Unit, e164s: readonly string[]): Promise<NumberRow[]> {
  const lock = unit.engine.name === 'postgres' ? 'FOR UPDATE' : ''
  const [only] = e164s
  if (e164s.length === 1) return run(unit.db, unit.engine, `SELECT * FROM numbers WHERE e164 = ? ${lock}`, [only])
  const query = unit.db.selectFrom('numbers').selectAll().where('e164', 'in', e164s).orderBy('id')
  return (lock === '' ? query : query.forUpdate()).execute()
}

/** `found`: what this account may buy of them, which is what is on the shelf and what is kept for it. */
export async function lockNamed(
  unit: Unit,
  accountId: number,
  e164s: readonly string[],
): Promise<{ found: Map<string, NumberRow>; locked: readonly NumberRow[] }> {
  const locked = await rowsOf(unit, e164s)
  catchUp(unit, locked)
  const mine = locked.filter(row => isMine(toNumber(row), accountId, unit.now))
  const onSale = locked.filter(row => row.available_from !== null && row.available_from <= unit.now)
  const rows = await settleForSale(unit, onSale)
  return { found: new Map([...mine, ...rows].map(row => [row.e164, row])), locked }
}

/** Faults: number_unavailable, documents_required. */
export function checkTerms(rows: readonly NumberRow[], terms: SaleTerms, account: Account): void {
  const named = (list: readonly NumberRow[]) => ({ e164s: list.map(row => row.e164) })
  const foreign = rows.filter(row => terms.currency !== undefined && row.currency !== terms.currency)
  if (foreign.length > 0)
    throw new Fault('number_unavailable', named(foreign), { why: whyForeign(foreign, terms.currency) })
  const demanding = rows.filter(row => row.required_documents !== '')
  if (demanding.length === 0 || terms.documents === 'allow') return
  if (terms.documents === 'refuse') {
    const reason = whyPapers(demanding, 'and is not offered here')
    throw new Fault('number_unavailable', named(demanding), { why: reason })
  }
  if (!account.identityVerified) {
    const reason = whyPapers(demanding, `and the identity of account ${account.id} is not verified`)
    throw new Fault('documents_required', named(demanding), { why: reason })
  }
}

/** Exactly these numbers, all or nothing. Faults: number_unavailable, documents_required, insufficient_funds. */
export async function purchaseNumbers(
  unit: Unit,
  caller: Caller,
  e164s: readonly string[],
  terms: LeaseTerms,
): Promise<Purchase> {
  const wanted = [...new Set(e164s)]
  if (wanted.length === 0) throw new Fault('number_unavailable', { e164s: [] })
  reserveFor(unit, wanted.length)
  const { found, locked } = await lockNamed(unit, caller.account.id, wanted)
  const gone = wanted.filter(e164 => !found.has(e164))
  if (gone.length > 0) {
    throw new Fault('number_unavailable', { e164s: gone }, { why: whyNotForSale(unit, gone, locked) })
  }
  const rows = wanted.map(e164 => found.get(e164) as NumberRow)
  checkTerms(rows, terms, caller.account)
  const taker = await resolveTaker(unit, caller.account, terms.userId)
  const orderId = await insertOrder(unit, taker, rows.length)
  return { orderId, owned: await take(unit, taker, orderId, rows, terms) }
}
