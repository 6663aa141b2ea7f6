import { isMicros } from '../ground/money.ts'
import { count } from '../ground/tally.ts'
import type { Unit } from '../ground/unit.ts'
import { runAgain } from '../store/again.ts'
import { hinted } from '../store/hints.ts'
import { reserveIds, takeIds } from '../store/ids.ts'
import { written } from '../store/texts.ts'
import { amountOf, type Book, type PostingLine, post, transactionRows } from './posting.ts'

/** `balance_after` of a line is what it is less than the last one's; without a time it is posted now. */
const CHARGE = `WITH moved AS (UPDATE balances SET balance = balance + ?, updated_at = greatest(updated_at, ?)
    WHERE account_id = ? AND currency = ? AND balance + ? >= -credit_limit RETURNING balance, updated_at),
  line AS (SELECT line.*, moved.balance, moved.updated_at
    FROM moved, json_populate_recordset(NULL::transactions, ?) AS line),
  posted AS (INSERT INTO transactions (id, guid, account_id, kind, currency, amount, setup_amount, period_amount,
      balance_after, number_id, e164, lease_id, subscription_id, period, order_line_id, note, created_at, refunds_id)
    SELECT id, guid, account_id, kind, currency, amount, setup_amount, period_amount, balance + balance_after, number_id,
      e164, lease_id, subscription_id, period, order_line_id, note, coalesce(created_at, updated_at), refunds_id
    FROM line),
  entries AS (INSERT INTO ledger_entries (transaction_id, book, account_id, currency, amount)
    SELECT id, side.book, side.account_id, currency, side.amount
    FROM line, LATERAL (VALUES ('customer', line.account_id, line.amount), (?, NULL, -line.amount))
      AS side (book, account_id, amount))
  SELECT 1 / count(*) FROM moved`

/**
 * `post`, of debits of which nobody needs to know what they came to. It is probable that the balance covers them: on
 * PostgreSQL nobody waits to hear it, and nobody else waits for the balance meanwhile. Where it does not, the unit is run
 * again and waits. Faults: insufficient_funds.
 */
export async function charge(
  unit: Unit,
  accountId: number,
  currency: string,
  book: Book,
  lines: readonly PostingLine[],
): Promise<void> {
  const total = lines.reduce((sum, line) => sum + amountOf(line), 0)
  const isPlain = total < 0 && [total, ...lines.map(amountOf)].every(isMicros)
  if (unit.engine.name === 'sqlite' || !unit.mayGuess || !isPlain) {
    await post(unit, accountId, currency, book, lines)
    return
  }
  reserveIds(unit, { transactions: lines.length })
  const ids = (await takeIds(unit, 'transactions', lines.length)) as number[]
  const rows = transactionRows(unit, accountId, currency, lines, 0)
  const posted = rows.map((row, n) => ({ ...row, id: ids[n], created_at: lines[n]?.at ?? null }))
  const parameters = [total, unit.now, accountId, currency, total, JSON.stringify(posted), book]
  const query = written(unit.engine, CHARGE, parameters)
  const otherwise = () => runAgain('the balance does not cover it')
  await unit.db.executeQuery(hinted(query, { isLater: true, otherwise }))
  for (const { kind } of lines) count(unit.tally.transactions, kind)
}
