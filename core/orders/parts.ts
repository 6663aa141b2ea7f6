import { Fault } from '../ground/fault.ts'
import type { Account, Caller, LineFailure } from '../ground/model.ts'
import type { Row } from '../ground/rows.ts'
import { emit, type Unit } from '../ground/unit.ts'
import { checkResource } from '../leases/index.ts'
import {
  lockEnough,
  lockNamed,
  lockOwnHeld,
  type NumberRow,
  settleForSale,
  take,
  termsFilter,
} from '../numbers/index.ts'
import { readAccount } from '../people/index.ts'
import type { NumberFilter, PartRequest } from '../verbs.ts'
import { lockPlacing } from './arrivals.ts'
import { mayAct, setStatus, settingsFor, shortage } from './fill.ts'
import { type Criteria, toOrders } from './view.ts'
import { wait } from './wait.ts'

type Outcome = NonNullable<Criteria['outcome']>
type Failed = Outcome['failed'][number]

export async function insertParts(
  unit: Unit,
  caller: Caller,
  kind: string,
  request: { dialect: string; quantity: number } & Omit<Criteria, 'outcome'> &
    Partial<Pick<Row<'orders'>, 'guid' | 'status' | 'callback_url' | 'due_at'>>,
): Promise<Row<'orders'>> {
  const { dialect, quantity, filter, data, settings, kept } = request
  const { guid = unit.random.guid(), status = 'pending', callback_url = null, due_at = null } = request
  const criteria: Criteria = { filter, data, ...(settings && { settings }), ...(kept && { kept }) }
  return unit.db
    .insertInto('orders')
    .values({
      guid,
      account_id: caller.account.id,
      payer_id: caller.account.payerId,
      kind,
      status,
      reason: null,
      dialect,
      criteria: JSON.stringify(criteria),
      quantity,
      range_size: 0,
      company_profile_id: null,
      callback_url,
      created_at: unit.now,
      updated_at: unit.now,
      due_at,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function tell(unit: Unit, order: Row<'orders'>, outcome: Partial<Outcome>): Promise<Row<'orders'>> {
  const criteria = JSON.parse(order.criteria) as Criteria
  const all = { hasWaited: false, done: [], failed: [], ...criteria.outcome, ...outcome }
  const changed = { criteria: JSON.stringify({ ...criteria, outcome: all }) }
  await unit.db.updateTable('orders').set(changed).where('id', '=', order.id).execute()
  return { ...order, ...changed }
}

const failure =
  (reason: LineFailure) =>
  (e164: string): Failed => ({ e164, reason })

/** What may be had of the numbers that were named, in the order of the request. */
async function lockNames(unit: Unit, account: Account, e164s: readonly string[]): Promise<NumberRow[]> {
  const { found } = await lockNamed(unit, account.id, e164s)
  return e164s.flatMap(e164 => {
    const row = found.get(e164)
    return row && row.required_documents === '' && row.currency === account.currency ? [row] : []
  })
}

/** What the account holds is its own stock, used when the shelf has no more. */
async function lockAny(unit: Unit, account: Account, filter: NumberFilter, quantity: number): Promise<NumberRow[]> {
  const locked = await lockEnough(unit, { filter, quantity }, false, [])
  const rows = await settleForSale(unit, locked)
  const missing = quantity - rows.length
  if (missing <= 0) return rows
  const ids = rows.map(row => row.id)
  return [...rows, ...(await lockOwnHeld(unit, account.id, filter, missing, ids))]
}

interface Taken {
  rows: NumberRow[]
  failed: Failed[]
}

/** What is to be bought now. Without enough of them, or of money, nothing is where all or nothing was asked for. */
async function choose(unit: Unit, account: Account, request: PartRequest, filter: NumberFilter): Promise<Taken> {
  const { wish, partial } = request
  const named = 'e164s' in wish ? wish.e164s : []
  const found =
    'e164s' in wish ? await lockNames(unit, account, wish.e164s) : await lockAny(unit, account, filter, wish.quantity)
  const has = new Set(found.map(row => row.e164))
  const gone = named.filter(e164 => !has.has(e164))
  const failed = gone.map(failure('unavailable'))
  const wanted = 'e164s' in wish ? named.length : wish.quantity
  if (found.length === 0 || (found.length < wanted && !partial)) return { rows: [], failed }
  if (await shortage(unit, account, found)) {
    return { rows: [], failed: [...failed, ...found.map(row => failure('funds')(row.e164))] }
  }
  return { rows: found, failed }
}

async function startWaiting(unit: Unit, order: Row<'orders'>, filter: NumberFilter, missing: number): Promise<void> {
  const told = await tell(unit, order, { hasWaited: true })
  await wait(unit, told, filter, missing)
  const [snapshot] = await toOrders(unit.db, [told])
  await emit(unit, 'order.updated', order.account_id, JSON.parse(JSON.stringify(snapshot)))
}

/** Takes what there is, in this unit, and remembers what there was not. Its id. Faults: forbidden, not_found, limit_reached. */
export async function placeParts(unit: Unit, caller: Caller, request: PartRequest): Promise<number> {
  const { wish, dialect, data, settings } = request
  await lockPlacing(unit)
  // of this moment: somebody may have stopped it since the caller was identified
  const account = await readAccount(unit.db, caller.account.id)
  if (!account || !(await mayAct(unit.db, account.id))) throw new Fault('forbidden', { reason: 'inactive' })
  if (request.livesAt !== undefined) await checkResource(unit, account.id, request.livesAt)
  const asked = 'e164s' in wish ? {} : wish.filter
  const filter = termsFilter(asked, { documents: 'refuse', currency: account.currency }, account)
  const quantity = 'e164s' in wish ? wish.e164s.length : wish.quantity
  const order = await insertParts(unit, caller, 'request', {
    ...{ dialect, quantity, filter, data },
    ...(settings && { settings }),
  })
  const { rows, failed } = await choose(unit, account, request, filter)
  await take(unit, { account, user: null }, order.id, rows, { settings: settingsFor(order) })
  const told = failed.length > 0 ? await tell(unit, order, { failed }) : order
  const lacksMoney = failed.some(each => each.reason === 'funds')
  if (rows.length === quantity) await setStatus(unit, told, 'completed', 'Numbers assigned')
  else if (request.mayWait && !lacksMoney) await startWaiting(unit, told, filter, quantity - rows.length)
  else if (rows.length > 0) await setStatus(unit, told, 'partial', 'Not all numbers were there')
  else await setStatus(unit, told, 'failed', lacksMoney ? 'Too little money' : 'The numbers were not there')
  return order.id
}
