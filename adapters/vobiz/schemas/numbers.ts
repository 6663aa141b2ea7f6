/** Exact shapes of numbers: a strict client of this provider refuses any key it does not know. */
import * as v from 'valibot'
import { AuthId, Timestamp, Uuid, Whole } from './shapes.ts'

const common = {
  id: Uuid,
  account_id: v.string(),
  e164: v.string(),
  country: v.string(),
  capabilities: v.strictObject({ voice: v.boolean(), sms: v.boolean(), mms: v.boolean(), fax: v.boolean() }),
  status: v.picklist(['active', 'pending_purchase', 'pending_release', 'released', 'blocked']),
  provider: v.string(),
  setup_fee: v.number(),
  monthly_fee: v.number(),
  currency: v.string(),
  voice_enabled: v.boolean(),
  is_blocked: v.boolean(),
  created_at: Timestamp,
  updated_at: Timestamp,
  is_trial_number: v.boolean(),
  minimum_commitment_months: Whole,
  aadhaar_verification_required: v.boolean(),
  aadhaar_verified: v.boolean(),
}

const OwnedNumber = v.strictObject({
  ...common,
  account_id: AuthId,
  region: v.string(),
  tags: v.array(v.string()),
  purchased_at: Timestamp,
  last_billing_date: v.optional(Timestamp),
  next_billing_date: v.optional(Timestamp),
  source: v.picklist(['purchased', 'inventory']),
  trunk_group_id: v.optional(Uuid),
  application_id: v.optional(v.pipe(v.string(), v.digits())),
})

const InventoryNumber = v.strictObject({
  ...common,
  account_id: v.literal(''),
  region: v.optional(v.string()),
  status: v.literal('active'),
  tags: v.null(),
})

const pageOf = <S extends v.GenericSchema>(item: S) =>
  v.strictObject({ items: v.array(item), page: Whole, per_page: Whole, total: Whole })

export const NumberList = pageOf(OwnedNumber)
export const InventoryList = pageOf(InventoryNumber)

export const Purchased = v.strictObject({
  message: v.string(),
  number: OwnedNumber,
  items: v.array(
    v.strictObject({
      id: Uuid,
      account_id: AuthId,
      e164: v.string(),
      country: v.string(),
      region: v.string(),
      capabilities: common.capabilities,
      status: v.string(),
      monthly_fee: v.number(),
      currency: v.string(),
    }),
  ),
})

export const Released = v.strictObject({
  cancel_url: v.string(),
  cooldown_ends_at: Timestamp,
  message: v.string(),
  note: v.string(),
  release_fee: v.number(),
  status: v.picklist(['pending_release', 'released']),
})

export const Cancelled = v.strictObject({
  currency: v.string(),
  message: v.string(),
  refund_amount: v.number(),
  status: v.literal('active'),
})

const figures = {
  total_calls: Whole,
  answered_calls: Whole,
  answer_rate: Whole,
  total_minutes: Whole,
  avg_duration: Whole,
}

export const Health = v.strictObject({
  e164: v.string(),
  status: v.string(),
  usage_status: v.literal('unrated'),
  is_spam: v.boolean(),
  granularity: v.picklist(['daily', 'hourly']),
  summary: v.strictObject({ period_days: Whole, ...figures }),
  snapshots: v.array(
    v.strictObject({ id: Uuid, ts: Timestamp, ...figures, failed_calls: Whole, total_duration: Whole }),
  ),
})
