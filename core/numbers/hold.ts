import { DAY_MS } from '../ground/clock.ts'
import { Fault } from '../ground/fault.ts'
import type { Caller, Hold, Instant, JsonObject } from '../ground/model.ts'
import { parseObject, type Row, toNumber } from '../ground/rows.ts'
import { catchUp, holdAccount, missing, type Unit } from '../ground/unit.ts'
import { insertReturning } from '../store/statements.ts'
import type { ClaimLine, HoldTerms, HoldWish } from '../verbs.ts'
import { checkTerms, lockMatching, lockNamed, settleForSale, termsFilter } from './buy.ts'
import { isOnShelf, type NumberRow, settle, transition } from './lifecycle.ts'
import { whyNotForSale, whyTooFew } from './why.ts'

/** Longest hold. */
export const MOST_DAYS = 30
/** Numbers one account may hold at a time: a hold costs nothing, and nobody may empty the shelf with it. */
export const MOST_HELD = 5_000
/** Numbers of one call. */
export const MOST_AT_ONCE = 1_000

type HoldRow = Row<'holds'>

export function toHold(hold: HoldRow, number: NumberRow): Hold {
  return {
    id: hold.id,
    guid: hold.guid,
    number: toNumber(number),
    accountId: hold.account_id,
    data: parseObject(hold.data),
    takenAt: hold.taken_at,
    until: hold.held_until,
  }
}

function checkUntil(unit: Unit, until: Instant): void {
  const last = unit.now + MOST_DAYS * DAY_MS
  if (until > unit.now && until <= last) return
  const problem = until > last ? 'too_big' : 'too_small'
  const message = `A number can be held until a moment to come, at most ${MOST_DAYS} days ahead.`
  throw new Fault('invalid_input', { issues: [{ field: 'until', problem, message }] })
}

/** Faults: limit_reached. */
async function checkRoom(unit: Unit, accountId: number, more: number): Promise<void> {
  await holdAccount(unit, accountId)
  const { held } = await unit.db
    .selectFrom('holds')
    .select(e => e.fn.countAll<number>().as('held'))
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null)
    .where('held_until', '>', unit.now)
    .executeTakeFirstOrThrow()
  if (Number(held) + more > MOST_HELD) throw new Fault('limit_reached', { what: 'held numbers', limit: MOST_HELD })
}

async function lockMatches(unit: Unit, caller: Caller, { filter, quantity }: ClaimLine, terms: HoldTerms) {
  const found = await lockMatching(unit, termsFilter(filter, terms, caller.account), quantity, 'wait')
  const rows = await settleForSale(unit, found)
  if (rows.length < quantity) {
    const reason = whyTooFew([{ filter, quantity }], rows.length)
    throw new Fault('number_unavailable', { e164s: [] }, { why: reason })
  }
  return rows
}

async function lockWished(unit: Unit, caller: Caller, wish: HoldWish, terms: HoldTerms): Promise<NumberRow[]> {
  if ('filter' in wish) return lockMatches(unit, caller, wish, terms)
  const wanted = [...new Set(wish.e164s)]
  if (wanted.length === 0) throw new Fault('number_unavailable', { e164s: [] })
  const { found, locked } = await lockNamed(unit, caller.account.id, wanted)
  // one that the account may still take back is bought, not held
  const rows = wanted.map(e164 => found.get(e164)).filter(row => row?.state === 'available') as NumberRow[]
  const gone = wanted.filter(e164 => !rows.some(row => row.e164 === e164))
  if (gone.length > 0) {
    throw new Fault('number_unavailable', { e164s: gone }, { why: whyNotForSale(unit, gone, locked) })
  }
  checkTerms(rows, terms, caller.account)
  return rows
}

/** The number's row first: it is what everybody else looks at. */
async function holdOne(unit: Unit, accountId: number, row: NumberRow, terms: HoldTerms): Promise<Hold> {
  const set = { held_by: accountId, held_until: terms.until }
  const after = await transition(unit, row, { kind: 'held', to: 'available', set })
  const value = {
    guid: unit.random.guid(),
    number_id: row.id,
    account_id: accountId,
    dialect: terms.dialect ?? null,
    data: JSON.stringify(terms.data ?? {}),
    taken_at: unit.now,
    held_until: terms.until,
    ended_at: null,
    ending: null,
  }
  const [hold] = await insertReturning(unit, 'holds', [value])
  return toHold(hold as HoldRow, after)
}

async function move(unit: Unit, hold: HoldRow, row: NumberRow, until: Instant): Promise<Hold> {
  if (hold.held_until === until) return toHold(hold, row)
  const after = await transition(unit, row, { kind: 'hold_moved', to: 'available', set: { held_until: until } })
  await unit.db.updateTable('holds').set({ held_until: until }).where('id', '=', hold.id).execute()
  return toHold({ ...hold, held_until: until }, after)
}

/** The open hold of a number that this account holds already. */
function openHold(unit: Unit, row: NumberRow): Promise<HoldRow> {
  const open = unit.db.selectFrom('holds').selectAll().where('number_id', '=', row.id).where('ended_at', 'is', null)
  return open.executeTakeFirstOrThrow()
}

/** Faults: number_unavailable, documents_required, limit_reached, invalid_input. */
export async function takeHolds(unit: Unit, caller: Caller, wish: HoldWish, terms: HoldTerms): Promise<Hold[]> {
  checkUntil(unit, terms.until)
  const accountId = caller.account.id
  const wanted = 'filter' in wish ? wish.quantity : wish.e164s.length
  if (wanted > MOST_AT_ONCE) throw new Fault('limit_reached', { what: 'numbers held at once', limit: MOST_AT_ONCE })
  const rows = await lockWished(unit, caller, wish, terms)
  await checkRoom(unit, accountId, rows.filter(isOnShelf).length)
  const holds: Hold[] = []
  for (const row of rows) {
    if (isOnShelf(row)) holds.push(await holdOne(unit, accountId, row, terms))
    else holds.push(await move(unit, await openHold(unit, row), row, Math.max(row.held_until ?? 0, terms.until)))
  }
  return holds
}

interface Held {
  hold: HoldRow
  row: NumberRow
}

/** Numbers locked in order of their ids; only holds that have not run out. Faults: not_found. */
async function lockHolds(unit: Unit, accountId: number, ids: readonly number[]): Promise<Held[]> {
  if (ids.length > MOST_AT_ONCE) throw new Fault('limit_reached', { what: 'holds at once', limit: MOST_AT_ONCE })
  const found = await unit.db
    .selectFrom('holds')
    .select(['id', 'number_id'])
    .where('id', 'in', [0, ...ids])
    .execute()
  let query = unit.db.selectFrom('numbers').selectAll().orderBy('id')
  query = query.where('id', 'in', [0, ...found.map(hold => hold.number_id)])
  if (unit.engine.name === 'postgres') query = query.forUpdate()
  const locked = await query.execute()
  catchUp(unit, locked)
  const rows = new Map<number, NumberRow>()
  for (const row of locked) rows.set(row.id, await settle(unit, row))
  const fresh = await unit.db
    .selectFrom('holds')
    .selectAll()
    .where('id', 'in', [0, ...ids])
    .execute()
  return ids.map(id => {
    const hold = fresh.find(each => each.id === id)
    const row = hold && rows.get(hold.number_id)
    if (!hold || !row || hold.account_id !== accountId || hold.ended_at !== null) throw missing('hold', id)
    return { hold, row }
  })
}

/** One that is named twice is moved once. Faults: not_found, invalid_input. */
export async function moveHolds(
  unit: Unit,
  accountId: number,
  ids: readonly number[],
  until: Instant,
): Promise<Hold[]> {
  checkUntil(unit, until)
  const holds: Hold[] = []
  for (const { hold, row } of await lockHolds(unit, accountId, [...new Set(ids)]))
    holds.push(await move(unit, hold, row, until))
  return holds
}

/** Faults: not_found. */
export async function giveUpHolds(unit: Unit, accountId: number, ids: readonly number[]): Promise<void> {
  for (const { row } of await lockHolds(unit, accountId, [...new Set(ids)])) {
    await transition(unit, row, { kind: 'hold_given_up', to: 'available', set: { held_by: null, held_until: null } })
  }
}

/** What this account still holds of these numbers, for what is told of in the data. */
export async function holdsOf(
  unit: Unit,
  accountId: number,
  e164s: readonly string[],
  data: JsonObject,
): Promise<number[]> {
  const rows = await unit.db
    .selectFrom('holds')
    .innerJoin('numbers', 'numbers.id', 'holds.number_id')
    .select('holds.id')
    .where('numbers.e164', 'in', ['', ...e164s])
    .where('holds.account_id', '=', accountId)
    .where('holds.data', '=', JSON.stringify(data))
    .where('holds.ended_at', 'is', null)
    .where('holds.held_until', '>', unit.now)
    .execute()
  return rows.map(({ id }) => id)
}
