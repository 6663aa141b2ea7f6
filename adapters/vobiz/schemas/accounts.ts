/** Exact shapes of the account, its concurrency, and trunks. */
import * as v from 'valibot'
import { Timestamp, Whole } from './shapes.ts'

const texts = <K extends string>(...names: K[]) =>
  Object.fromEntries(names.map(name => [name, v.string()])) as Record<K, v.StringSchema<undefined>>
const flags = <K extends string>(...names: K[]) =>
  Object.fromEntries(names.map(name => [name, v.boolean()])) as Record<K, v.BooleanSchema<undefined>>
const counts = <K extends string>(...names: K[]) =>
  Object.fromEntries(names.map(name => [name, Whole])) as Record<K, typeof Whole>

const PricingTier = v.strictObject({
  ...texts('id', 'name', 'description', 'currency'),
  rate_per_minute: v.number(),
  ...counts('billing_increment_seconds', 'minimum_duration_seconds'),
  ...flags('is_active', 'is_default'),
})

export const AccountObject = v.strictObject({
  type: v.picklist(['MASTER', 'SUB_ACCOUNT']),
  ...texts('id', 'api_id', 'name', 'email', 'phone', 'description', 'auth_id', 'auth_secret'),
  auth_token_expire_time: v.nullable(v.string()),
  ...texts('country', 'timezone', 'city', 'state', 'address', 'zip_code', 'company'),
  account_type: v.picklist(['PREPAID', 'POSTPAID']),
  ...flags('postpaid', 'auto_recharge', 'enabled'),
  auto_recharge_config: v.null(),
  carrier_type: v.nullable(v.string()),
  customer_type: v.nullable(v.string()),
  ...counts('credit_limit', 'cps_limit', 'concurrent_calls_limit', 'base_cps_limit', 'base_concurrent_calls_limit'),
  ...counts('purchased_cps', 'purchased_concurrent_calls', 'risk_rating'),
  risk_status: v.nullable(v.string()),
  features: v.strictObject({ call_queue: v.boolean() }),
  ...flags('ip_auth_enabled', 'allow_aws_ips', 'is_active', 'is_verified', 'is_trial_account'),
  ip_whitelist_rules: v.strictObject({}),
  role: v.picklist(['ADMIN', 'USER']),
  created_at: Timestamp,
  updated_at: Timestamp,
  last_login: Timestamp,
  pricing_tier_id: v.string(),
  pricing_tier: PricingTier,
})

export const Concurrency = v.strictObject({
  ...texts('account_id', 'request_id'),
  ...counts('concurrent_calls', 'max_concurrent', 'utilization_pct'),
})

const trunkEntries = {
  ...texts('trunk_id', 'account_id', 'name', 'trunk_domain', 'trunk_status', 'description', 'transport'),
  trunk_direction: v.picklist(['inbound', 'outbound']),
  ...counts('concurrent_calls_limit', 'cps_limit'),
  ...flags('secure', 'recording', 'enable_transcription', 'pii_redaction', 'recording_webhook_enabled'),
  webhook_method: v.string(),
  created_at: Timestamp,
  updated_at: Timestamp,
}

export const TrunkObject = v.strictObject(trunkEntries)
export const TrunkList = v.strictObject({
  meta: v.strictObject(counts('limit', 'offset', 'total')),
  objects: v.array(
    v.strictObject({
      ...trunkEntries,
      credential_uuid: v.optional(v.string()),
      primary_uri_uuid: v.optional(v.string()),
      inbound_destination: v.optional(v.string()),
      pii_entity_types: v.optional(v.string()),
      webhook_url: v.optional(v.string()),
    }),
  ),
})
