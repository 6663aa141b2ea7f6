import { type SqlBool, sql } from 'kysely'
import { recordAudit } from '../events/index.ts'
import { DAY_MS } from '../ground/clock.ts'
import { Fault } from '../ground/fault.ts'
import type { Instant, Micros, TransactionKind } from '../ground/model.ts'
import { isMicros } from '../ground/money.ts'
import { toBalance, toTransaction } from '../ground/rows.ts'
import type { Context, RunUnit, Unit } from '../ground/unit.ts'
import type { Reader } from '../store/store.ts'
import type { Ledger, LedgerSum, TransactionFilter } from '../verbs.ts'
import { post } from './posting.ts'
import { refund } from './refunds.ts'

/** Kinds that are debits even where the amount is nothing. */
const DEBITS: readonly TransactionKind[] = ['purchase', 'renewal', 'release_fee']

const isDebit = sql<SqlBool>`(amount < 0 OR (amount = 0 AND kind IN (${sql.join(DEBITS)})))`
const REFERENCE = sql<string>`coalesce('did:' || e164, 'tx:' || guid)`

/** Substring without regard to case; what the client sent holds no wildcards. */
function contains(column: ReturnType<typeof sql>, text: string) {
  const needle = `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  return sql<SqlBool>`lower(${column}) LIKE ${needle} ESCAPE '\\'`
}

function matching(db: Reader, filter: TransactionFilter) {
  let query = db.selectFrom('transactions').where('account_id', '=', filter.accountId)
  if (filter.currency !== undefined) query = query.where('currency', '=', filter.currency)
  // `IN ()` is no SQL
  if (filter.kinds?.length === 0) query = query.where(sql<SqlBool>`1 = 0`)
  else if (filter.kinds) query = query.where('kind', 'in', filter.kinds)
  if (filter.direction === 'debit') query = query.where(isDebit)
  if (filter.direction === 'credit') query = query.where(sql<SqlBool>`NOT ${isDebit}`)
  if (filter.from !== undefined) query = query.where('created_at', '>=', filter.from)
  if (filter.until !== undefined) query = query.where('created_at', '<', filter.until)
  if (filter.guid !== undefined) query = query.where('guid', '=', filter.guid)
  if (filter.note !== undefined) query = query.where(contains(sql.ref('note'), filter.note))
  if (filter.reference !== undefined) query = query.where(contains(REFERENCE, filter.reference))
  return query
}

/** Kinds that a customer is billed for, with what was given back of them. */
const BILLED = ['purchase', 'renewal', 'release_fee', 'refund']

/** Days of one row each: the engines' words for months differ, and whole days are cut alike. */
async function billedMonths(db: Reader, accountId: number, currency: string, now: Instant) {
  const day = sql<number>`(created_at / ${sql.lit(DAY_MS)})`
  const days = await db
    .selectFrom('transactions')
    .select([day.as('day'), sql<number>`sum(amount)`.as('total')])
    .where('account_id', '=', accountId)
    .where('currency', '=', currency)
    .where('kind', 'in', BILLED)
    .groupBy(day)
    .orderBy('day', 'desc')
    .execute()
  const months = new Map<Instant, { from: Instant; until: Instant; amount: Micros }>()
  for (const { day: number, total } of days) {
    const date = new Date(number * DAY_MS)
    const from = Date.UTC(date.getUTCFullYear(), date.getUTCMonth())
    const until = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1)
    if (until <= now) months.set(from, { from, until, amount: (months.get(from)?.amount ?? 0) - total })
  }
  return [...months.values()].filter(({ amount }) => amount !== 0)
}

async function summarize(db: Reader, filter: TransactionFilter): Promise<LedgerSum[]> {
  const rows = await matching(db, filter)
    .select(e => ['currency', 'kind', e.fn.countAll<number>().as('count')])
    .select([
      sql<number>`coalesce(sum(CASE WHEN amount < 0 THEN -amount END), 0)`.as('debit'),
      sql<number>`coalesce(sum(CASE WHEN amount > 0 THEN amount END), 0)`.as('credit'),
    ])
    .groupBy(['currency', 'kind'])
    .orderBy('currency')
    .orderBy('kind')
    .execute()
  return rows.map(row => ({ ...row, kind: row.kind as TransactionKind }))
}

/** Faults: invalid_input. */
function checkAmount(isRight: boolean, message: string): void {
  if (!isRight) throw new Fault('invalid_input', { issues: [{ field: 'amount', problem: 'format', message }] })
}

/** What comes from outside an account's own acts. Faults: not_found. */
async function postOne(unit: Unit, accountId: number, currency: string, kind: 'topup' | 'adjustment', line: OneLine) {
  const account = await unit.db.selectFrom('accounts').select('id').where('id', '=', accountId).executeTakeFirst()
  if (!account) throw new Fault('not_found', { what: 'account', id: String(accountId) })
  const { amount: period, note } = line
  const book = kind === 'topup' ? 'cash' : 'revenue'
  const [row] = await post(unit, accountId, currency, book, [{ kind, setup: 0, period, note }])
  return toTransaction(row as NonNullable<typeof row>)
}

interface OneLine {
  amount: Micros
  note: string
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
    summary: filter => store.read(db => summarize(db, filter)),
    topUp: (actor, accountId, currency, amount, note = 'Top-up') =>
      run(actor, async unit => {
        checkAmount(isMicros(amount) && amount > 0, 'must be above zero, and below 2^53 micros')
        const made = await postOne(unit, accountId, currency, 'topup', { amount, note })
        const data = { currency, amount, note }
        if (actor) await recordAudit(unit, { accountId, action: 'account.topped_up', subject: made.guid, data })
        return made
      }),
    refund: (actor, asked) => run(actor, unit => refund(unit, asked)),
    correct: (actor, accountId, currency, amount, note) =>
      run(actor, async unit => {
        checkAmount(isMicros(amount) && amount !== 0, 'must not be zero, and below 2^53 micros')
        const made = await postOne(unit, accountId, currency, 'adjustment', { amount, note })
        const data = { currency, amount, note }
        await recordAudit(unit, { accountId, action: 'account.corrected', subject: made.guid, data })
        return made
      }),
  }
}
