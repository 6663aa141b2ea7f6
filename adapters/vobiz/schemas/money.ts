/** Exact shapes of balances and transactions. */
import * as v from 'valibot'
import { MainId, Timestamp, Uuid, Whole } from './shapes.ts'

export const BalanceRow = v.strictObject({
  id: Uuid,
  account_id: MainId,
  currency: v.string(),
  balance: v.number(),
  reserved_funds: Whole,
  promotional_balance: Whole,
  promotional_reserved_balance: Whole,
  available_balance: v.number(),
  credit_limit: Whole,
  is_postpaid: v.boolean(),
  credit_limit_type: v.picklist(['soft', 'hard']),
  low_balance_threshold: Whole,
  status: v.literal('active'),
  created_at: Timestamp,
  updated_at: Timestamp,
})

const sums = { total_debit: v.number(), total_credit: v.number() }

/** Of one currency: amounts of several cannot be added. */
const ofOne = {
  total_transactions: Whole,
  ...sums,
  net_amount: v.number(),
  by_reference_type: v.array(v.strictObject({ reference_type: v.string(), ...sums, count: Whole })),
}

export const Transactions = v.strictObject({
  transactions: v.array(
    v.strictObject({
      id: Uuid,
      account_id: MainId,
      balance_id: Uuid,
      type: v.picklist(['debit', 'credit']),
      amount: v.pipe(v.number(), v.minValue(0)),
      currency: v.string(),
      description: v.string(),
      reference: v.string(),
      reference_type: v.string(),
      status: v.literal('completed'),
      processed_at: Timestamp,
      created_at: Timestamp,
      updated_at: Timestamp,
    }),
  ),
  summary: v.strictObject({
    ...ofOne,
    // where several currencies occur
    currency: v.optional(v.string()),
    by_currency: v.optional(v.array(v.strictObject({ currency: v.string(), ...ofOne }))),
  }),
  total: Whole,
  page: Whole,
  per_page: Whole,
  total_pages: Whole,
})

export const ReferenceTypes = v.strictObject({ reference_types: v.array(v.string()) })
