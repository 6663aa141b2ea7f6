/** The provider's test mode: what is sent says how the verification ends. Whoever may use it may verify anybody. */
import { Fault } from '../../../core/ground/fault.ts'
import type { VerificationStatus } from '../../../core/ground/model.ts'
import { type Call, type Operation, operation } from '../../kit/dialect.ts'
import { table } from '../../kit/table.ts'
import { flat } from '../faults.ts'
import { AccessRequest, Finalize, Initiate, SelectedCin, TestGst, TestPan } from '../fields/verifications.ts'
import { at } from '../ids.ts'
import { Flat } from '../schemas/shapes.ts'
import { Authorization, KycResult, result } from '../views/verifications.ts'
import { once } from '../ways/once.ts'
import { verifying } from '../ways/scope.ts'
import { answered, companySearch, filed, writing } from './verification.ts'

type Required = Call<'required'>

const OUTCOMES = table({
  TESTSUCCESS0001: 'verified',
  TESTFAIL0001: 'failed',
  TESTERROR0001: 'error',
  TESTPENDING001: 'pending',
  TESTPENDING_FAIL: 'pending',
} as const)
const WORDS = Object.keys(OUTCOMES)
const REQUESTS = table({ MOCK_AR_SUCCESS: 'verified', MOCK_AR_FAIL: 'failed' } as const)
const CIN = 'U72900KA2024PTC123456'
const MATCHES = [
  { cin: CIN, name: 'ACME PRIVATE LIMITED', state: 'Karnataka' },
  { cin: `${CIN}B`, name: 'ACME VOICE PRIVATE LIMITED', state: 'Karnataka' },
]

const on = (path: string) => at('POST', `/sub-accounts/test/:sub/kyc/${path}`)

function unknownWord(field: string, words: readonly string[]): Fault {
  const message = `${field} must be one of ${words.join(', ')}`
  return new Fault('invalid_input', { issues: [{ field, problem: 'unknown', message }] })
}

/** `sent` begins with the word, whatever a client appends to make it as long as a real one. Faults: invalid_input. */
async function byWord(call: Required, sub: string, kind: 'pan' | 'gst', sent: { pan: string } | { gstin: string }) {
  const [field = '', text = ''] = Object.entries(sent)[0] ?? []
  const word = WORDS.find(each => (kind === 'gst' ? text.startsWith(each) : text === each))
  const outcome = word && OUTCOMES[word]
  if (!outcome) throw unknownWord(field, WORDS)
  if (outcome !== 'error') return filed(call, sub, { kind, status: outcome, isTest: true, data: { ...sent } })
  await verifying(call, sub)
  return flat(500, 'internal_server_error', 'a failure of the verification service, as it was asked for')
}

const test = { ...writing, answers: { 200: KycResult, ...answered } }
const failing = { ...writing, answers: { 200: KycResult, 500: Flat, ...answered } }

const documents: readonly Operation[] = [
  operation({
    on: on('verify-pan'),
    ...failing,
    input: TestPan,
    handle: (call, { sub, pan }) => byWord(call, sub, 'pan', { pan }),
  }),
  operation({
    on: on('verify-gst'),
    ...failing,
    input: TestGst,
    handle: (call, { sub, gstin }) => byWord(call, sub, 'gst', { gstin }),
  }),
  companySearch(on('cin/search'), MATCHES),
  operation({
    on: on('cin/confirm'),
    ...test,
    input: SelectedCin,
    handle: (call, { sub, company_name, selected_cin }) => {
      const status: VerificationStatus = selected_cin.startsWith(CIN) ? 'verified' : 'failed'
      return filed(call, sub, { kind: 'cin', status, isTest: true, data: { company_name, selected_cin } })
    },
  }),
]

/** Straight back to where the portal would send the customer. */
function authorizationUrl(redirectUrl: string, state: string | null | undefined): string {
  const url = new URL(redirectUrl)
  if (state) url.searchParams.set('state', state)
  return url.href
}

export const verificationTestOperations: readonly Operation[] = [
  ...documents,
  operation({
    on: on('digilocker/initiate'),
    ...writing,
    scope: 'account:read',
    input: Initiate,
    answers: { 200: Authorization, ...answered },
    handle: async (call, { sub, redirect_url, oauth_state }) => {
      await verifying(call, sub)
      const auth_url = authorizationUrl(redirect_url, oauth_state)
      return { body: { auth_url, access_request_id: 'MOCK_AR_SUCCESS' } }
    },
  }),
  operation({
    on: on('digilocker/verify'),
    ...test,
    input: AccessRequest,
    handle: (call, { sub, access_request_id }) => {
      const status = REQUESTS[access_request_id]
      if (status === undefined) throw unknownWord('access_request_id', Object.keys(REQUESTS))
      return filed(call, sub, { kind: 'aadhaar', status, isTest: true, data: {} })
    },
  }),
  operation({
    on: on('finalize-pending'),
    ...test,
    input: Finalize,
    faults: { not_found: ({ details }) => flat(404, 'not_found', notFound(details.what)) },
    handle: async (call, { sub, verification_type, outcome }) => {
      const caller = await verifying(call, sub)
      const decision = { status: outcome, reason: 'finalized in test mode', onlyTest: true }
      return once(
        call,
        (key, core) => core.verifications.decide({ ...caller, ...key }, caller.account.id, verification_type, decision),
        verified => ({ body: result(verified) }),
      )
    },
  }),
]

const notFound = (what: string) =>
  what === 'verification' ? 'no verification of this type is pending in test mode' : `${what} not found`
