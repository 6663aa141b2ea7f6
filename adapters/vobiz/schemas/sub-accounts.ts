/** Exact shapes of sub-accounts. */
import * as v from 'valibot'
import { AuthId, Decimal, MainId, Timestamp, Uuid, Whole } from './shapes.ts'

const subAccountEntries = {
  name: v.string(),
  email: v.nullable(v.string()),
  phone: v.nullable(v.string()),
  description: v.nullable(v.string()),
  permissions: v.strictObject({ calls: v.optional(v.boolean()), cdr: v.optional(v.boolean()) }),
  rate_limit: Whole,
  id: Decimal,
  parent_account_id: Decimal,
  parent_auth_id: MainId,
  auth_id: AuthId,
  auth_token: v.string(),
  api_id: Uuid,
  email_verified: v.boolean(),
  enabled: v.boolean(),
  created: Timestamp,
  modified: Timestamp,
  is_active: v.boolean(),
  created_at: Timestamp,
  updated_at: Timestamp,
  last_used: v.null(),
  account: v.string(),
  resource_uri: v.string(),
}

/** With the fields about identity for sub-accounts that its customers use, without them for all others. */
export const SubAccount = v.union([
  v.strictObject(subAccountEntries),
  v.strictObject({
    ...subAccountEntries,
    kyc_mode: v.literal('customer_use'),
    business_type: v.nullable(v.string()),
    kyc_calls_blocked: v.boolean(),
  }),
])

export const SubAccountList = v.strictObject({
  sub_accounts: v.array(SubAccount),
  total: Whole,
  page: Whole,
  size: Whole,
})

export const SubAccountCreated = v.strictObject({
  message: v.string(),
  sub_account: SubAccount,
  auth_credentials: v.strictObject({ auth_id: AuthId, auth_token: v.string() }),
  tokens: v.strictObject({
    access_token: v.string(),
    refresh_token: v.string(),
    token_type: v.literal('bearer'),
    expires_in: Whole,
  }),
})
