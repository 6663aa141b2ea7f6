import { Fault } from './fault.ts'
import type { Micros, TransactionKind } from './model.ts'
import type { Row } from './rows.ts'
import { insertReturning, insertRows, run } from './store/statements.ts'
import type { Unit } from './unit.ts'

/** Our side of an entry. 'cash': what customers paid in; 'revenue': what they paid us for. */
type Book = 'revenue' | 'cash'

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
  note: string
}

const amountOf = (line: PostingLine) => line.setup + line.period

/** Opens the account's balance in this currency if it has none. */
export async function ensureBalance(unit: Unit, accountId: number, currency: string): Promise<void> {
  await unit.db
    .insertInto('balances')
    .values({
      guid: unit.random.guid(),
      account_id: accountId,
      currency,
      balance: 0,
      credit_limit: 0,
      created_at: unit.now,
      updated_at: unit.now,
    })
    .onConflict(c => c.columns(['account_id', 'currency']).doNothing())
    .execute()
}

async function shortOfFunds(unit: Unit, accountId: number, currency: string, required: Micros): Promise<Fault> {
  const row = await unit.db
    .selectFrom('balances')
    .select(['balance', 'credit_limit'])
    .where('account_id', '=', accountId)
    .where('currency', '=', currency)
    .executeTakeFirst()
  const available = row ? row.balance + row.credit_limit : 0
  return new Fault('insufficient_funds', { currency, required, available })
}

const END = 'RETURNING balance'
type Moved = Pick<Row<'balances'>, 'balance'>

/** Moves the balance once for all lines; a debit never goes below minus the credit limit. Returns the new balance. */
async function moveBalance(unit: Unit, accountId: number, currency: string, total: Micros): Promise<Micros> {
  const move = 'UPDATE balances SET balance = balance + ?, updated_at = ? WHERE account_id = ? AND currency = ?'
  const parameters = [total, unit.now, accountId, currency]
  const [row] =
    total < 0
      ? await run<Moved>(unit.db, unit.engine, `${move} AND balance + ? >= -credit_limit ${END}`, [
          ...parameters,
          total,
        ])
      : await run<Moved>(unit.db, unit.engine, `${move} ${END}`, parameters)
  if (!row) throw await shortOfFunds(unit, accountId, currency, -total)
  return row.balance
}

function transactionRows(unit: Unit, accountId: number, currency: string, lines: readonly PostingLine[], end: Micros) {
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
      created_at: unit.now,
    }
  })
}

/**
 * Post lines on one account in one currency, double entry. Nothing of it is written when the balance plus the credit
 * limit cannot pay (`insufficient_funds`): an account never makes debts.
 */
export async function post(
  unit: Unit,
  accountId: number,
  currency: string,
  book: Book,
  lines: readonly PostingLine[],
): Promise<Row<'transactions'>[]> {
  const total = lines.reduce((sum, line) => sum + amountOf(line), 0)
  if (total >= 0) await ensureBalance(unit, accountId, currency)
  const end = await moveBalance(unit, accountId, currency, total)
  const rows = transactionRows(unit, accountId, currency, lines, end)
  const posted = await insertReturning(unit.db, unit.engine, 'transactions', rows)
  const entries = posted.flatMap(({ id, amount }) => [
    { transaction_id: id, book: 'customer', account_id: accountId, currency, amount },
    { transaction_id: id, book, account_id: null, currency, amount: amount === 0 ? 0 : -amount },
  ])
  await insertRows(unit.db, unit.engine, 'ledger_entries', entries)
  return posted
}
