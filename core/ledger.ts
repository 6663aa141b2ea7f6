import { Fault } from './fault.ts'
import type { Instant, Micros } from './model.ts'
import { post } from './posting.ts'
import { toBalance, toTransaction } from './rows.ts'
import type { Reader } from './store/store.ts'
import type { Context, RunUnit } from './unit.ts'
import type { Ledger, TransactionFilter } from './verbs.ts'

function matching(db: Reader, filter: TransactionFilter) {
  let query = db.selectFrom('transactions').where('account_id', '=', filter.accountId)
  if (filter.currency !== undefined) query = query.where('currency', '=', filter.currency)
  if (filter.kinds) query = query.where('kind', 'in', filter.kinds)
  if (filter.direction === 'debit') query = query.where('amount', '<', 0)
  if (filter.direction === 'credit') query = query.where('amount', '>=', 0)
  if (filter.from !== undefined) query = query.where('created_at', '>=', filter.from)
  if (filter.until !== undefined) query = query.where('created_at', '<', filter.until)
  return query
}

/** Kinds that a customer is billed for, with what was given back of them. */
const BILLED = ['purchase', 'renewal', 'release_fee', 'refund']

async function billedMonths(db: Reader, accountId: number, currency: string, now: Instant) {
  const billed = db
    .selectFrom('transactions')
    .where('account_id', '=', accountId)
    .where('currency', '=', currency)
    .where('kind', 'in', BILLED)
  const first = await billed.select(e => e.fn.min('created_at').as('at')).executeTakeFirst()
  const months: { from: Instant; until: Instant; amount: Micros }[] = []
  if (!first?.at) return months
  const start = new Date(first.at)
  for (let month = 0; ; month++) {
    const from = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + month)
    const until = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + month + 1)
    if (until > now) return months.reverse()
    const { total } = await billed
      .select(e => e.fn.sum<number | null>('amount').as('total'))
      .where('created_at', '>=', from)
      .where('created_at', '<', until)
      .executeTakeFirstOrThrow()
    if (total) months.push({ from, until, amount: -total })
  }
}

export function createLedger({ store, clock }: Context, run: RunUnit): Ledger {
  return {
    balances: accountId =>
      store.read(async db => {
        const rows = await db
          .selectFrom('balances')
          .selectAll()
          .where('account_id', '=', accountId)
          .orderBy('currency')
          .execute()
        return rows.map(toBalance)
      }),
    balance: (accountId, currency) =>
      store.read(async db => {
        const row = await db
          .selectFrom('balances')
          .selectAll()
          .where('account_id', '=', accountId)
          .where('currency', '=', currency)
          .executeTakeFirst()
        return row && toBalance(row)
      }),
    transactions: (filter, page) =>
      store.read(async db => {
        const query = matching(db, filter)
        const { total } = await query.select(e => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
        const rows = await query
          .selectAll()
          .orderBy('created_at', 'desc')
          .orderBy('id', 'desc')
          .limit(page.limit)
          .offset(page.offset)
          .execute()
        return { items: rows.map(toTransaction), total }
      }),
    months: (accountId, currency) => store.read(db => billedMonths(db, accountId, currency, clock.now())),
    topUp: (actor, accountId, currency, amount, note = 'Top-up') =>
      run(actor, async unit => {
        const account = await unit.db.selectFrom('accounts').select('id').where('id', '=', accountId).executeTakeFirst()
        if (!account) throw new Fault('not_found', { what: 'account', id: String(accountId) })
        const [row] = await post(unit, accountId, currency, 'cash', [{ kind: 'topup', setup: 0, period: amount, note }])
        return toTransaction(row as NonNullable<typeof row>)
      }),
  }
}
