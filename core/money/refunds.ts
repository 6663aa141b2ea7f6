/** Charges that are given back, whole or in part, once each. */
import { recordAudit } from '../events/index.ts'
import { Fault } from '../ground/fault.ts'
import type { Micros, Transaction, TransactionKind } from '../ground/model.ts'
import { formatMoney, isMicros } from '../ground/money.ts'
import { type Row, toTransaction } from '../ground/rows.ts'
import { missing, type Unit } from '../ground/unit.ts'
import type { Refund } from '../verbs.ts'
import { post } from './posting.ts'

type Charge = Row<'transactions'>

const CHARGES: ReadonlySet<string> = new Set<TransactionKind>(['purchase', 'renewal', 'release_fee'])

/** Whoever would give the same one back waits here. Faults: not_found. */
async function lockCharge(unit: Unit, { accountId, transaction }: Refund): Promise<Charge> {
  let query = unit.db.selectFrom('transactions').selectAll().where('account_id', '=', accountId)
  query = typeof transaction === 'number' ? query.where('id', '=', transaction) : query.where('guid', '=', transaction)
  if (unit.engine.name === 'postgres') query = query.forUpdate()
  const row = await query.executeTakeFirst()
  if (!row) throw missing('transaction', transaction)
  return row
}

function refuse({ guid }: Charge, state: string): Fault {
  return new Fault('wrong_state', { what: 'transaction', id: guid, state })
}

/** Of one charge, by the charge itself, or by the release that was taken back. */
async function refundOf({ db }: Unit, { id }: Charge): Promise<Charge | undefined> {
  return db.selectFrom('transactions').selectAll().where('refunds_id', '=', id).executeTakeFirst()
}

/** Faults: wrong_state, invalid_input. */
async function amountFor(unit: Unit, charge: Charge, asked: Micros | undefined): Promise<Micros> {
  if (!CHARGES.has(charge.kind) || charge.amount >= 0) {
    throw refuse(charge, `a ${charge.kind} of ${formatMoney(charge.amount, 2)}, which is no charge`)
  }
  const former = await refundOf(unit, charge)
  if (former) throw refuse(charge, `refunded already, by ${former.guid}`)
  const amount = asked ?? -charge.amount
  if (isMicros(amount) && amount > 0 && amount <= -charge.amount) return amount
  const message = `must be above zero, and ${formatMoney(-charge.amount, 2)} at most, which is what was charged`
  throw new Fault('invalid_input', { issues: [{ field: 'amount', problem: 'too_big', message }] })
}

/** A fee that was given back does not come back once more when its release is cancelled. */
async function lessenFee({ db }: Unit, { id, lease_id: leaseId }: Charge, amount: Micros): Promise<void> {
  const lease = db
    .updateTable('leases')
    .where('id', '=', leaseId ?? 0)
    .where('release_fee_id', '=', id)
  await lease.set(e => ({ release_fee: e('release_fee', '-', amount), release_fee_id: null })).execute()
}

/** Faults: not_found, wrong_state (no charge, refunded already), invalid_input (more than was charged). */
export async function refund(unit: Unit, asked: Refund): Promise<Transaction> {
  const charge = await lockCharge(unit, asked)
  const amount = await amountFor(unit, charge, asked.amount)
  // the period first: what was paid for setting up is given back last
  const period = Math.min(amount, -charge.period_amount)
  const [row] = await post(unit, charge.account_id, charge.currency, 'revenue', [
    {
      kind: 'refund',
      setup: amount - period,
      period,
      refundsId: charge.id,
      note: asked.note ?? `Refund: ${charge.note}`,
      ...(charge.number_id !== null && { numberId: charge.number_id }),
      ...(charge.e164 !== null && { e164: charge.e164 }),
      ...(charge.lease_id !== null && { leaseId: charge.lease_id }),
    },
  ])
  await lessenFee(unit, charge, amount)
  const made = toTransaction(row as Charge)
  const data = { currency: charge.currency, amount, charge: charge.guid, reason: asked.reason }
  await recordAudit(unit, {
    accountId: charge.account_id,
    action: 'charge.refunded',
    subject: charge.e164 ?? made.guid,
    data,
  })
  return made
}
