import { digitsOf } from '../../../core/ground/e164.ts'
import type { Transaction } from '../../../core/ground/model.ts'
import { majorUnits, shortestText } from '../../kit/money-text.ts'
import type { WireProfile } from '../wire/profile.ts'

/** Wavix's type codes for what our ledger knows. */
const CODES = {
  activation: 2,
  monthly: 3,
  adjustment: 0,
  topup: 25,
  refund: 45,
} as const

/** Types that have a receipt. */
const WITH_INVOICE: readonly number[] = [0, 8, 9, 19, 23, 25]

export interface Posting {
  id: number
  at: number
  type: number
  details: string
  amount: number
  balanceAfter: number
}

const ID_STEP = 2

/** One purchase is one charge of the ledger; Wavix shows its activation and its first month as two rows. */
function purchaseRows(transaction: Transaction): Posting[] {
  const { id, createdAt: at, setupAmount, periodAmount, balanceAfter, e164 } = transaction
  const digits = digitsOf(e164 ?? '')
  const rows = [
    {
      type: CODES.activation,
      details: `Activation fee for ${digits}`,
      amount: setupAmount,
      after: balanceAfter - periodAmount,
    },
    { type: CODES.monthly, details: `Monthly fee for ${digits}`, amount: periodAmount, after: balanceAfter },
  ]
  return rows
    .map(({ after, ...row }, part) => ({ ...row, id: id * ID_STEP + part, at, balanceAfter: after }))
    .filter(row => row.amount !== 0)
    .reverse()
}

function single(transaction: Transaction, type: number, details: string): Posting[] {
  const { id, createdAt: at, amount, balanceAfter } = transaction
  return [{ id: id * ID_STEP, at, type, details, amount, balanceAfter }]
}

/** A ledger transaction as Wavix's rows, newest first. */
export function postingsOf(transaction: Transaction): Posting[] {
  const digits = transaction.e164 === null ? '' : digitsOf(transaction.e164)
  switch (transaction.kind) {
    case 'purchase':
      return purchaseRows(transaction)
    case 'renewal':
      return transaction.amount === 0 ? [] : single(transaction, CODES.monthly, `Monthly fee for ${digits}`)
    case 'topup':
      return single(transaction, CODES.topup, transaction.note)
    case 'refund':
      return single(transaction, CODES.refund, transaction.note)
    case 'release_fee':
    case 'adjustment':
      return single(transaction, CODES.adjustment, transaction.note)
  }
}

export const TOPUP = CODES.topup

export function transactionView(posting: Posting, profile: WireProfile) {
  const money = profile === 'legacy' ? shortestText : majorUnits
  return {
    id: posting.id,
    date: new Date(posting.at).toISOString(),
    amount: money(posting.amount),
    balance_after: money(posting.balanceAfter),
    details: posting.details,
    status: profile === 'legacy' ? 'committed' : 'Committed',
    type: posting.type,
    show_invoice: WITH_INVOICE.includes(posting.type),
  }
}
