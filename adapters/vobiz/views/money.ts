/** Balances and transactions. Amounts are positive; the type tells the direction. */
import type { Account, Balance, Transaction, TransactionKind } from '../../../core/ground/model.ts'
import type { LedgerSum } from '../../../core/verbs.ts'
import { majorUnits } from '../../kit/money-text.ts'
import { timestamp } from '../wire/text.ts'

/** Set-up and first month are one debit, worded as the monthly ones are. */
const REFERENCE_TYPE = {
  purchase: 'did_rental',
  renewal: 'did_rental',
  release_fee: 'did_release',
  refund: 'refund',
  topup: 'payment',
  adjustment: 'manual_adjustment',
} as const satisfies Record<TransactionKind, string>

/** Types the provider names, ours among them. */
export const REFERENCE_TYPES = [
  ...['cdr', 'stream_cdr', 'recording', 'transcription', 'ncc', 'did_purchase'],
  ...['did_rental', 'did_release', 'manual_adjustment', 'payment', 'refund'],
] as const

export function kindsOf(referenceType: string): TransactionKind[] {
  const kinds = Object.keys(REFERENCE_TYPE) as TransactionKind[]
  return kinds.filter(kind => REFERENCE_TYPE[kind] === referenceType)
}

const DEBITS: readonly TransactionKind[] = ['purchase', 'renewal', 'release_fee']

function typeOf({ amount, kind }: Transaction): 'debit' | 'credit' {
  return amount < 0 || (amount === 0 && DEBITS.includes(kind)) ? 'debit' : 'credit'
}

export function balanceRow(account: Account, row: Balance) {
  const creditLimit = Math.trunc(majorUnits(row.creditLimit))
  return {
    id: row.guid,
    account_id: account.handle,
    currency: row.currency,
    balance: majorUnits(row.balance),
    reserved_funds: 0,
    promotional_balance: 0,
    promotional_reserved_balance: 0,
    available_balance: majorUnits(row.balance + row.creditLimit),
    credit_limit: creditLimit,
    is_postpaid: row.creditLimit > 0,
    credit_limit_type: 'hard',
    low_balance_threshold: 0,
    status: 'active',
    created_at: timestamp(row.createdAt),
    updated_at: timestamp(row.updatedAt),
  }
}

export function transaction(row: Transaction, account: Account, balanceId: string) {
  const at = timestamp(row.createdAt)
  return {
    id: row.guid,
    account_id: account.handle,
    balance_id: balanceId,
    type: typeOf(row),
    amount: majorUnits(Math.abs(row.amount)),
    currency: row.currency,
    description: row.note,
    reference: row.reference,
    reference_type: REFERENCE_TYPE[row.kind],
    status: 'completed',
    ...{ processed_at: at, created_at: at, updated_at: at },
  }
}

function byReferenceType(sums: readonly LedgerSum[]) {
  const types = [...new Set(sums.map(sum => REFERENCE_TYPE[sum.kind]))]
  return types.map(reference_type => {
    const own = sums.filter(sum => REFERENCE_TYPE[sum.kind] === reference_type)
    return { reference_type, ...totals(own), count: own.reduce((n, sum) => n + sum.count, 0) }
  })
}

function totals(sums: readonly LedgerSum[]) {
  const total = (side: 'debit' | 'credit') => majorUnits(sums.reduce((sum, row) => sum + row[side], 0))
  return { total_debit: total('debit'), total_credit: total('credit') }
}

const countOf = (sums: readonly LedgerSum[]) => sums.reduce((n, { count }) => n + count, 0)

function ofOne(sums: readonly LedgerSum[]) {
  const net = sums.reduce((sum, { credit, debit }) => sum + credit - debit, 0)
  return {
    total_transactions: countOf(sums),
    ...totals(sums),
    net_amount: majorUnits(net),
    by_reference_type: byReferenceType(sums),
  }
}

/**
 * Amounts of different currencies are never added. Where several occur, the documented members are of the account's own
 * currency, only the count is of all, and `by_currency` tells each, but to clients that take no members beside those.
 */
export function summary(sums: readonly LedgerSum[], own: string, isStrict = false) {
  const currencies = [...new Set(sums.map(({ currency }) => currency))]
  if (currencies.length <= 1) return ofOne(sums)
  const sumsOf = (currency: string) => sums.filter(sum => sum.currency === currency)
  const shown = currencies.includes(own) ? own : (currencies[0] as string)
  const documented = { ...ofOne(sumsOf(shown)), total_transactions: countOf(sums) }
  if (isStrict) return documented
  return {
    ...documented,
    currency: shown,
    by_currency: currencies.map(currency => ({ currency, ...ofOne(sumsOf(currency)) })),
  }
}
