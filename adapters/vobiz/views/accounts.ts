/** Accounts and sub-accounts. What a client may edit lies in the account's profile, under the provider's names. */
import type { Account, Balance, Json } from '../../../core/ground/model.ts'
import { majorUnits } from '../../kit/money-text.ts'
import { areCallsBlocked } from '../fields/verifications.ts'
import { decimalId, uuidOf } from '../ids.ts'
import { timestamp } from '../wire/text.ts'

export const RATE_LIMIT = 1000
export const MAX_CONCURRENT_CALLS = 10
const CALLS_PER_SECOND = 2
const REDACTED = '<redacted>'

function textOf({ profile }: Account, name: string): string {
  const value = profile[name]
  return typeof value === 'string' ? value : ''
}

const orNull = (value: Json | undefined): Json => (value === '' ? null : (value ?? null))

/** Strict clients of one language know nothing of these, so they are left out for them, and wherever they say nothing. */
function kyc(account: Account, isStrict: boolean) {
  const { kyc_mode, business_type } = account.profile
  if (kyc_mode !== 'customer_use' || isStrict) return {}
  return { kyc_mode, business_type: orNull(business_type), kyc_calls_blocked: areCallsBlocked(account) }
}

export interface SubAccountContext {
  parent: Account
  /** The client refuses members that its models do not have. */
  isStrict: boolean
  /** In clear only when it was drawn just now. */
  token?: string
}

export function subAccount(account: Account, { parent, isStrict, token = REDACTED }: SubAccountContext) {
  const { profile } = account
  const [created, updated] = [timestamp(account.createdAt), timestamp(account.updatedAt)]
  const path = `/v1/Account/${parent.handle}/`
  return {
    name: account.name,
    email: orNull(profile.email),
    phone: orNull(profile.phone),
    description: orNull(profile.description),
    // never null: the models of strict clients want an object
    permissions: profile.permissions ?? {},
    rate_limit: profile.rate_limit ?? RATE_LIMIT,
    id: decimalId(account),
    parent_account_id: decimalId(parent),
    parent_auth_id: parent.handle,
    auth_id: account.handle,
    auth_token: token,
    api_id: account.guid,
    email_verified: false,
    enabled: account.isActive,
    ...{ created, modified: updated },
    is_active: account.isActive,
    ...{ created_at: created, updated_at: updated },
    last_used: null,
    account: path,
    resource_uri: `${path}Subaccount/${account.handle}/`,
    ...kyc(account, isStrict),
  }
}

function place(account: Account) {
  const names = ['phone', 'description', 'country', 'timezone', 'city', 'state', 'address', 'zip_code'] as const
  return Object.fromEntries(names.map(name => [name, textOf(account, name)])) as Record<(typeof names)[number], string>
}

function limits(balance: Balance | undefined) {
  return {
    credit_limit: Math.trunc(majorUnits(balance?.creditLimit ?? 0)),
    cps_limit: CALLS_PER_SECOND,
    concurrent_calls_limit: MAX_CONCURRENT_CALLS,
    base_cps_limit: CALLS_PER_SECOND,
    base_concurrent_calls_limit: MAX_CONCURRENT_CALLS,
    purchased_cps: 0,
    purchased_concurrent_calls: 0,
  }
}

function pricingTier({ currency }: Account) {
  return {
    id: uuidOf('pricing tier', currency),
    name: 'Standard',
    description: '',
    currency,
    rate_per_minute: 0,
    billing_increment_seconds: 60,
    minimum_duration_seconds: 0,
    is_active: true,
    is_default: true,
  }
}

function standing(account: Account, isPostpaid: boolean) {
  return {
    account_type: isPostpaid ? 'POSTPAID' : 'PREPAID',
    postpaid: isPostpaid,
    auto_recharge: false,
    auto_recharge_config: null,
    enabled: account.isActive,
    carrier_type: null,
    customer_type: null,
    risk_rating: 0,
    risk_status: null,
    features: { call_queue: false },
    ip_auth_enabled: false,
    ip_whitelist_rules: {},
    allow_aws_ips: false,
    role: account.role === 'operator' ? 'ADMIN' : 'USER',
    is_active: account.isActive,
    is_verified: account.identityVerified,
    is_trial_account: false,
  }
}

/** `balance`: in the account's primary currency, of who pays for it. */
export function accountObject(account: Account, balance: Balance | undefined) {
  const [created, updated] = [timestamp(account.createdAt), timestamp(account.updatedAt)]
  const tier = pricingTier(account)
  return {
    type: account.parentId === null ? 'MASTER' : 'SUB_ACCOUNT',
    id: decimalId(account),
    api_id: account.guid,
    name: account.name,
    email: textOf(account, 'email'),
    auth_id: account.handle,
    // the token is never shown again
    auth_secret: REDACTED,
    auth_token_expire_time: null,
    company: textOf(account, 'company') || account.name,
    ...place(account),
    ...standing(account, (balance?.creditLimit ?? 0) > 0),
    ...limits(balance),
    ...{ created_at: created, updated_at: updated, last_login: updated },
    pricing_tier_id: tier.id,
    pricing_tier: tier,
  }
}
