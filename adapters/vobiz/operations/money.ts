import * as v from 'valibot'
import { Fault } from '../../../core/ground/fault.ts'
import type { Account } from '../../../core/ground/model.ts'
import type { TransactionFilter } from '../../../core/verbs.ts'
import { type Call, type Operation, operation } from '../../kit/dialect.ts'
import { pageCount, pageOf, wholeNumber } from '../../kit/paging.ts'
import { shownAs } from '../../kit/schema.ts'
import { flat } from '../faults.ts'
import { Anything, lenientInt, Path, queryText } from '../fields/common.ts'
import { at } from '../ids.ts'
import { BalanceRow, ReferenceTypes, Transactions } from '../schemas/money.ts'
import { Flat, refusals } from '../schemas/shapes.ts'
import { balanceRow, kindsOf, REFERENCE_TYPES, summary, transaction } from '../views/money.ts'
import { actingOn, isStrict, payerOf } from '../ways/scope.ts'
import { parseInstant } from '../wire/text.ts'

const DAY_MS = 86_400_000
const PER_PAGE = 50
const MAX_PER_PAGE = 1000

/** Above the maximum it falls back to the default, unlike in lists of numbers. */
const PerPage = v.pipe(
  Anything,
  shownAs({ type: 'integer', default: PER_PAGE, minimum: 1, maximum: MAX_PER_PAGE }),
  v.transform(value => {
    const number = wholeNumber(value) ?? 0
    return number >= 1 && number <= MAX_PER_PAGE ? number : PER_PAGE
  }),
)

const Moment = v.pipe(
  queryText,
  v.transform(text => (text === undefined ? undefined : (parseInstant(text) ?? 'unreadable'))),
  v.check(value => value !== 'unreadable', 'must be a date'),
)

const Query = v.object({
  ...Path.entries,
  page: lenientInt(1),
  per_page: PerPage,
  from_date: Moment,
  to_date: Moment,
  type: queryText,
  status: queryText,
  currency: queryText,
  reference_type: queryText,
  description: queryText,
  reference: queryText,
  transaction_id: queryText,
})

type Query = v.InferOutput<typeof Query>

/** All of ours are completed, and there are no types but the two classes. */
function matchesNothing({ type, status, reference_type }: Query): boolean {
  if (type !== undefined && type !== 'debit' && type !== 'credit') return true
  if (status !== undefined && status !== 'completed') return true
  return reference_type !== undefined && kindsOf(reference_type).length === 0
}

/** Both ends are part of the range; a bare date is a whole day. */
function rangeOf({ from_date, to_date }: Query): Pick<TransactionFilter, 'from' | 'until'> {
  const from = typeof from_date === 'object' ? { from: from_date.at } : {}
  const until = typeof to_date === 'object' ? { until: to_date.at + (to_date.isDay ? DAY_MS : 1) } : {}
  return { ...from, ...until }
}

function filterOf(query: Query, accountId: number): TransactionFilter {
  const { type, currency, reference_type, description, reference, transaction_id } = query
  return {
    accountId,
    ...rangeOf(query),
    ...((type === 'debit' || type === 'credit') && { direction: type }),
    ...(currency !== undefined && { currency: currency.toUpperCase() }),
    ...(reference_type !== undefined && { kinds: kindsOf(reference_type) }),
    ...(description !== undefined && { note: description }),
    ...(reference !== undefined && { reference }),
    ...(transaction_id !== undefined && { guid: transaction_id }),
  }
}

async function listTransactions({ core, inbound }: Call<'required'>, account: Account, query: Query) {
  const { page, per_page } = query
  const filter = filterOf(query, account.id)
  const nothing = { items: [], total: 0 }
  const isNothing = matchesNothing(query)
  const { items, total } = isNothing ? nothing : await core.ledger.transactions(filter, pageOf(page, per_page))
  const sums = isNothing ? [] : await core.ledger.summary(filter)
  const balances = new Map((await core.ledger.balances(account.id)).map(({ currency, guid }) => [currency, guid]))
  return {
    transactions: items.map(each => transaction(each, account, balances.get(each.currency) ?? '')),
    summary: summary(sums, account.currency, isStrict(inbound)),
    ...{ total, page, per_page, total_pages: pageCount(total, per_page) },
  }
}

const failed = () => flat(500, 'Failed to retrieve transactions')

export const moneyOperations: readonly Operation[] = [
  operation({
    on: at('GET', '/Account/:account/balance/:currency'),
    scope: 'billing:read',
    caller: 'required',
    evidence: 'E1',
    input: v.object({ ...Path.entries, currency: v.string() }),
    answers: { 200: BalanceRow, 404: Flat, ...refusals },
    handle: async (call, { account, currency }) => {
      const payer = await payerOf(call.core, await actingOn(call, account))
      const row = await call.core.ledger.balance(payer.id, currency.toUpperCase())
      if (!row) throw new Fault('not_found', { what: 'resource', id: currency })
      return { body: balanceRow(payer, row) }
    },
    faults: { not_found: () => flat(404, 'not_found', 'no balance in this currency') },
  }),
  operation({
    on: at('GET', '/Account/:account/transactions'),
    scope: 'billing:read',
    caller: 'required',
    evidence: 'E1',
    input: Query,
    answers: { 200: Transactions, 500: Flat, ...refusals },
    faults: { invalid_input: failed },
    handle: async (call, query) => {
      const payer = await payerOf(call.core, await actingOn(call, query.account))
      return { body: await listTransactions(call, payer, query) }
    },
  }),
  operation({
    on: at('GET', '/Account/:account/transactions/reference-types'),
    scope: 'billing:read',
    caller: 'required',
    evidence: 'E1',
    input: Path,
    answers: { 200: ReferenceTypes, ...refusals },
    handle: async (call, { account }) => {
      await actingOn(call, account)
      return { body: { reference_types: REFERENCE_TYPES } }
    },
  }),
]
