/** What a sub-account's identity is shown by, and what clients send of it. */
import * as v from 'valibot'
import type { Account, JsonObject } from '../../../core/ground/model.ts'
import type { IdentityNeeds } from '../../../core/verbs.ts'
import { Text } from './common.ts'

export const KINDS = ['pan', 'gst', 'aadhaar', 'cin'] as const

const PERSON = [['pan', 'aadhaar']]
const COMPANY = [
  ['pan', 'gst'],
  ['pan', 'cin'],
]
const PERSONS = ['individual', 'proprietorship', 'huf']

/** By what the customer is; where that is not told, as a person or a company. Who need not verify itself needs nothing. */
export function identityNeeds({ kyc_mode, business_type }: JsonObject): IdentityNeeds {
  if (kyc_mode !== 'customer_use') return []
  if (typeof business_type !== 'string') return [...PERSON, ...COMPANY]
  return PERSONS.includes(business_type) ? PERSON : COMPANY
}

/** A sub-account whose customer has to be known may not call until it is. */
export const areCallsBlocked = ({ profile, identityVerified }: Account) =>
  profile.kyc_mode === 'customer_use' && !identityVerified

const Path = { sub: v.string() }

/** Text that must be there. */
const Given = (name: string) =>
  v.pipe(v.string(`${name} is required`), v.trim(), v.nonEmpty(`${name} is required`), v.maxLength(200, 'is too long'))

const Exactly = (name: string, length: number) =>
  v.pipe(
    Given(name),
    v.regex(new RegExp(`^[A-Za-z\\d]{${length}}$`), `${name} must be exactly ${length} letters and digits`),
    v.toUpperCase(),
  )

const isWebUrl = (text: string) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
const RedirectUrl = v.pipe(
  v.string('redirect_url is required'),
  v.maxLength(2000, 'is too long'),
  v.check(isWebUrl, 'redirect_url must be an http or https URL'),
)

export const SubPath = v.object(Path)
export const Pan = v.object({ ...Path, pan: Exactly('pan', 10) })
export const Gst = v.object({ ...Path, gstin: Exactly('gstin', 15) })
export const CompanyName = v.object({ ...Path, company_name: Given('company_name') })
export const SelectedCin = v.object({ ...CompanyName.entries, selected_cin: Given('selected_cin') })
export const TestPan = v.object({ ...Path, pan: Given('pan') })
export const TestGst = v.object({ ...Path, gstin: Given('gstin') })
export const Initiate = v.object({ ...Path, redirect_url: RedirectUrl, oauth_state: v.nullish(Text) })
export const AccessRequest = v.object({ ...Path, access_request_id: Given('access_request_id') })
export const Finalize = v.object({
  ...Path,
  verification_type: v.picklist(KINDS, `verification_type must be one of ${KINDS.join(', ')}`),
  outcome: v.picklist(['verified', 'failed'], 'outcome must be verified or failed'),
})
