/** Exact shapes of verifications, and how they are filled. */
import * as v from 'valibot'
import type { Account, Verification } from '../../../core/ground/model.ts'
import type { Verified } from '../../../core/verbs.ts'
import { areCallsBlocked, KINDS } from '../fields/verifications.ts'
import { AuthId } from '../schemas/shapes.ts'

const Kind = v.picklist(KINDS)
const Status = v.picklist(['not_started', 'pending', 'verified', 'failed'])

export const KycStatus = v.strictObject({
  sub_account_id: AuthId,
  kyc_mode: v.picklist(['personal_use', 'customer_use']),
  business_type: v.nullable(v.string()),
  overall_status: Status,
  kyc_calls_blocked: v.boolean(),
  verifications: v.strictObject({ pan: Status, gst: Status, aadhaar: Status, cin: Status }),
})

export const KycResult = v.strictObject({
  verification_type: Kind,
  status: v.picklist(['verified', 'failed', 'pending']),
  kyc_calls_blocked: v.boolean(),
  mock: v.optional(v.literal(true)),
})

export const Matches = v.strictObject({
  matches: v.array(v.strictObject({ cin: v.string(), name: v.string(), state: v.string() })),
})

export const Authorization = v.strictObject({ auth_url: v.string(), access_request_id: v.string() })

/** Clients of one language refuse members that are not in the provider's model: these are all there. */
export function result({ verification: { kind, status, isTest }, account }: Verified) {
  const shown = { verification_type: kind, status, kyc_calls_blocked: areCallsBlocked(account) }
  return isTest ? { ...shown, mock: true } : shown
}

function overall({ identityVerified }: Account, statuses: readonly string[]) {
  if (identityVerified) return 'verified'
  if (statuses.includes('failed')) return 'failed'
  return statuses.length === 0 ? 'not_started' : 'pending'
}

export function kycStatus(account: Account, verifications: readonly Verification[]) {
  const { kyc_mode, business_type } = account.profile
  const known = new Map(verifications.map(({ kind, status }) => [kind, status]))
  return {
    sub_account_id: account.handle,
    kyc_mode: kyc_mode === 'customer_use' ? kyc_mode : 'personal_use',
    business_type: typeof business_type === 'string' ? business_type : null,
    overall_status: overall(account, [...known.values()]),
    kyc_calls_blocked: areCallsBlocked(account),
    verifications: Object.fromEntries(KINDS.map(kind => [kind, known.get(kind) ?? 'not_started'])),
  }
}
