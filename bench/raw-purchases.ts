/** What an engineer would measure first: better-sqlite3 alone, the rows of a purchase, one durable commit each. No HTTP. */
import { randomUUID } from 'node:crypto'
import Database from 'better-sqlite3'

export interface RawFigures {
  purchases: number
  perSecond: number
  p50: number
  p99: number
}

const MONTH_MS = 30 * 86_400_000

/** Values of an insert, by column. */
function inserter(db: Database.Database, table: string, columns: readonly string[]) {
  const places = columns.map(() => '?').join(', ')
  const statement = db.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`)
  return (...values: unknown[]) => Number(statement.run(...values).lastInsertRowid)
}

interface NumberRow {
  id: number
  stock_id: number
  setup_price: number
  monthly_price: number
  version: number
}

function statements(db: Database.Database) {
  return {
    find: db.prepare<[string], NumberRow>(
      `SELECT id, stock_id, setup_price, monthly_price, version FROM numbers WHERE e164 = ? AND state = 'available'`,
    ),
    take: db.prepare(
      `UPDATE numbers SET state = 'active', owner_id = ?, lease_id = ?, available_from = NULL, version = version + 1,
        updated_at = ? WHERE id = ? AND version = ?`,
    ),
    pay: db.prepare<unknown[], { balance: number }>(
      `UPDATE balances SET balance = balance - ?, updated_at = ? WHERE account_id = ? AND currency = 'USD'
        AND balance - ? >= -credit_limit RETURNING balance`,
    ),
    count: db.prepare('UPDATE stock SET available = available - 1 WHERE id = ?'),
    order: inserter(db, 'orders', [
      ...['guid', 'account_id', 'payer_id', 'kind', 'status', 'criteria', 'quantity', 'range_size'],
      ...['created_at', 'updated_at'],
    ]),
    line: inserter(db, 'order_lines', ['order_id', 'position', 'number_id', 'status']),
    lease: inserter(db, 'leases', [
      ...['guid', 'number_id', 'account_id', 'payer_id', 'organization_id', 'user_id', 'started_at', 'order_line_id'],
      ...['release_fee', 'updated_at'],
    ]),
    subscription: inserter(db, 'subscriptions', [
      ...['lease_id', 'payer_id', 'currency', 'amount', 'anchor_at', 'periods', 'paid_until', 'next_due_at', 'due_at'],
    ]),
    event: inserter(db, 'number_events', [
      ...['number_id', 'version', 'kind', 'state', 'owner_id', 'lease_id', 'actor_account_id', 'at', 'data'],
    ]),
    transaction: inserter(db, 'transactions', [
      ...['guid', 'account_id', 'kind', 'currency', 'amount', 'setup_amount', 'period_amount', 'balance_after'],
      ...['number_id', 'e164', 'lease_id', 'subscription_id', 'period', 'order_line_id', 'note', 'created_at'],
    ]),
    entry: inserter(db, 'ledger_entries', ['transaction_id', 'book', 'account_id', 'currency', 'amount']),
  }
}

function purchaser(db: Database.Database) {
  const s = statements(db)
  return db.transaction((e164: string, account: number) => {
    const now = Date.now()
    const number = s.find.get(e164)
    if (!number) throw new Error(`${e164} is not for sale`)
    const order = s.order(randomUUID(), account, account, 'purchase', 'completed', '{}', 1, 0, now, now)
    const line = s.line(order, 0, number.id, 'sold')
    const lease = s.lease(randomUUID(), number.id, account, account, 31, 501, now, line, 0, now)
    const due = now + MONTH_MS
    const subscription = s.subscription(lease, account, 'USD', number.monthly_price, now, 1, due, due, due)
    if (s.take.run(account, lease, now, number.id, number.version).changes !== 1) throw new Error('conflict')
    s.event(number.id, number.version + 1, 'purchased', 'active', account, lease, account, now, '{}')
    const amount = number.setup_price + number.monthly_price
    const paid = s.pay.get(amount, now, account, amount)
    if (!paid) throw new Error('no money')
    const transaction = s.transaction(
      ...[randomUUID(), account, 'purchase', 'USD', -amount, -number.setup_price, -number.monthly_price, paid.balance],
      ...[number.id, e164, lease, subscription, 0, line, `Number ${e164}`, now],
    )
    s.entry(transaction, 'customer', account, 'USD', -amount)
    s.entry(transaction, 'revenue', null, 'USD', amount)
    s.count.run(number.stock_id)
  })
}

/** One after the other, as one process with one connection must. Bounded in time. */
export function rawPurchases(file: string, seconds: number, e164At: (n: number) => string): RawFigures {
  const db = new Database(file)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = ON')
  const purchase = purchaser(db)
  const times: number[] = []
  const startedAt = performance.now()
  for (let n = 0; performance.now() - startedAt < seconds * 1000; n++) {
    const at = performance.now()
    purchase.immediate(e164At(n), 12)
    times.push(performance.now() - at)
  }
  const elapsed = (performance.now() - startedAt) / 1000
  db.close()
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.floor(times.length * share)] ?? 0
  return { purchases: times.length, perSecond: times.length / elapsed, p50: at(0.5), p99: at(0.99) }
}
