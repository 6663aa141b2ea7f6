import { Fault } from '../ground/fault.ts'
import type { Instant, Micros, TransactionKind } from '../ground/model.ts'
import { formatMoney, isMicros, MAX_MICROS } from '../ground/money.ts'
import type { Row } from '../ground/rows.ts'
import { count } from '../ground/tally.ts'
import { catchUp, type Unit } from '../ground/unit.ts'
import { moneyOf, why } from '../ground/why.ts'
import { reserveIds } from '../store/ids.ts'
import { insertReturning, insertRows, tell } from '../store/statements.ts'
import { run } from '../store/texts.ts'

/** Our side of an entry. 'cash': what customers paid in; 'revenue': what they paid us for. */
export type Book = 'revenue' | 'cash'

export interface PostingLine {
  kind: TransactionKind
  /** Signed: negative takes from the customer. */
  setup: Micros
  period: Micros
  numberId?: number
  e164?: string
  leaseId?: number
  subscriptionId?: number
  periodIndex?: number
  orderLineId?: number
  /** The charge that this gives back. */
  refundsId?: number
  note: string
  /** When it happened; default: now. */
  at?: Instant
}

export const amountOf = (line: PostingLine) => line.setup + line.period

/** Opens the account's balance in this currency if it has none. */
export async function ensureBalance(unit: Unit, accountId: number, currency: string): Promise<void> {
  const empty = {
    guid: unit.random.guid(),
    account_id: accountId,
    currency,
    balance: 0,
    credit_limit: 0,
    created_at: unit.now,
    updated_at: unit.now,
  }
  const insert = unit.db.insertInto('balances').values(empty)
  await tell(
    unit.db,
    insert.onConflict(c => c.columns(['account_id', 'currency']).doNothing()),
  )
}

async function shortOfFunds(unit: Unit, accountId: number, currency: string, required: Micros): Promise<Fault> {
  const row = await unit.db
    .selectFrom('balances')
    .select(['balance', 'credit_limit'])
    .where('account_id', '=', accountId)
    .where('currency', '=', currency)
    .executeTakeFirst()
  const available = row ? row.balance + row.credit_limit : 0
  const credit = row && row.credit_limit > 0 ? ` and credit ${moneyOf(row.credit_limit, currency)}` : ''
  const sentence = `account ${accountId}: balance ${moneyOf(row?.balance ?? 0, currency)}${credit}, needed ${formatMoney(required, 2)}`
  const data = {
    account: accountId,
    currency,
    balance: row?.balance ?? 0,
    creditLimit: row?.credit_limit ?? 0,
    required,
  }
  const reason = why('a purchase is covered by the balance', sentence, data)
  return new Fault('insufficient_funds', { currency, required, available }, { why: reason })
}

/** A balance cannot hold more. */
function tooMuch(currency: string): Fault {
  return new Fault('limit_reached', { what: `micros of ${currency} on a balance`, limit: MAX_MICROS })
}

type Funds = Pick<Row<'balances'>, 'balance' | 'credit_limit'>

/** Whether a debit of so much would be posted. */
export function covers({ balance, credit_limit }: Funds, amount: Micros): boolean {
  return isMicros(amount) && balance - amount >= -credit_limit
}

const MOVE = `UPDATE balances SET balance = balance + ?, updated_at = CASE WHEN updated_at > ? THEN updated_at ELSE ? END
  WHERE account_id = ? AND currency = ? AND balance + ?`
const DEBIT = `${MOVE} >= -credit_limit RETURNING balance, updated_at`
const CREDIT = `${MOVE} <= ${MAX_MICROS} RETURNING balance, updated_at`
type Moved = Pick<Row<'balances'>, 'balance' | 'updated_at'>

/** Moves the balance once for all lines; a debit never goes below minus the credit limit. Returns the new balance. */
async function moveBalance(unit: Unit, accountId: number, currency: string, total: Micros): Promise<Micros> {
  const parameters = [total, unit.now, unit.now, accountId, currency, total]
  const [row] = await run<Moved>(unit.db, unit.engine, total < 0 ? DEBIT : CREDIT, parameters)
  if (!row) throw total < 0 ? await shortOfFunds(unit, accountId, currency, -total) : tooMuch(currency)
  catchUp(unit, [row])
  return row.balance
}

/**
 * How far an account may go below zero. Never less than it owes already: nobody can pay what was lent by another rule.
 * Faults: wrong_state.
 */
export async function setCreditLimit(unit: Unit, accountId: number, currency: string, limit: Micros): Promise<void> {
  await ensureBalance(unit, accountId, currency)
  const { numUpdatedRows } = await unit.db
    .updateTable('balances')
    .set({ credit_limit: limit, updated_at: unit.now })
    .where('account_id', '=', accountId)
    .where('currency', '=', currency)
    .where('balance', '>=', -limit)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) {
    const { balance } = await unit.db
      .selectFrom('balances')
      .select('balance')
      .where('account_id', '=', accountId)
      .where('currency', '=', currency)
      .executeTakeFirstOrThrow()
    const owed = `${formatMoney(-balance, 2)} ${currency}`
    throw new Fault('wrong_state', {
      what: 'account',
      id: String(accountId),
      state: `owing ${owed}, more than that limit`,
    })
  }
  unit.arrivals.payerIds.add(accountId)
}

/** `end`: the balance after all of them. */
export function transactionRows(
  unit: Unit,
  accountId: number,
  currency: string,
  lines: readonly PostingLine[],
  end: Micros,
) {
  let balance = end - lines.reduce((sum, line) => sum + amountOf(line), 0)
  return lines.map(line => {
    balance += amountOf(line)
    return {
      guid: unit.random.guid(),
      account_id: accountId,
      kind: line.kind,
      currency,
      amount: amountOf(line),
      setup_amount: line.setup,
      period_amount: line.period,
      balance_after: balance,
      number_id: line.numberId ?? null,
      e164: line.e164 ?? null,
      lease_id: line.leaseId ?? null,
      subscription_id: line.subscriptionId ?? null,
      period: line.periodIndex ?? null,
      order_line_id: line.orderLineId ?? null,
      note: line.note,
      created_at: line.at ?? unit.now,
      refunds_id: line.refundsId ?? null,
    }
  })
}

/**
 * Post lines on one account in one currency, double entry. Nothing of it is written when the balance plus the credit
 * limit cannot pay (`insufficient_funds`): an account never makes debts. Nor when the balance could not hold it
 * (`limit_reached`).
 */
export async function post(
  unit: Unit,
  accountId: number,
  currency: string,
  book: Book,
  lines: readonly PostingLine[],
): Promise<Row<'transactions'>[]> {
  const total = lines.reduce((sum, line) => sum + amountOf(line), 0)
  if (![total, ...lines.map(amountOf)].every(isMicros)) {
    throw total < 0 ? await shortOfFunds(unit, accountId, currency, -total) : tooMuch(currency)
  }
  reserveIds(unit, { transactions: lines.length })
  if (total >= 0) await ensureBalance(unit, accountId, currency)
  const end = await moveBalance(unit, accountId, currency, total)
  if (total > 0) unit.arrivals.payerIds.add(accountId)
  const rows = transactionRows(unit, accountId, currency, lines, end)
  const posted = await insertReturning(unit, 'transactions', rows)
  for (const { kind } of lines) count(unit.tally.transactions, kind)
  const entries = posted.flatMap(({ id, amount }) => [
    { transaction_id: id, book: 'customer', account_id: accountId, currency, amount },
    { transaction_id: id, book, account_id: null, currency, amount: amount === 0 ? 0 : -amount },
  ])
  await insertRows(unit, 'ledger_entries', entries)
  return posted
}
