/** Who stands behind a sub-account: its parent files what shows it, an operator says whether that is so. */
import type * as v from 'valibot'
import type { JsonObject, VerificationStatus } from '../../../core/ground/model.ts'
import { type Call, type Operation, operation } from '../../kit/dialect.ts'
import { CompanyName, Gst, identityNeeds, type KINDS, Pan, SelectedCin, SubPath } from '../fields/verifications.ts'
import { at } from '../ids.ts'
import { Flat, refusals } from '../schemas/shapes.ts'
import { KycResult, KycStatus, kycStatus, Matches, result } from '../views/verifications.ts'
import { once } from '../ways/once.ts'
import { verifying } from '../ways/scope.ts'

type Kind = (typeof KINDS)[number]

export interface Filing {
  kind: Kind
  status: VerificationStatus
  isTest?: true
  data: JsonObject
}

/** Faults: forbidden, not_found. */
export async function filed(call: Call<'required'>, sub: string, filing: Filing) {
  const caller = await verifying(call, sub)
  const needs = identityNeeds(caller.account.profile)
  return once(
    call,
    (key, core) => core.verifications.file({ ...caller, ...key }, { ...filing, needs }),
    verified => ({ body: result(verified) }),
  )
}

export const writing = { scope: 'account:write', caller: 'required', evidence: 'E1' } as const
export const answered = { 400: Flat, 404: Flat, ...refusals } as const

/** Filed, and so waiting for an operator. */
const filing = <S extends typeof Pan | typeof Gst | typeof SelectedCin>(
  path: string,
  input: S,
  kind: Kind,
  dataOf: (input: v.InferOutput<S>) => JsonObject,
) =>
  operation({
    on: at('POST', `/sub-accounts/:sub/kyc/${path}`),
    ...writing,
    input,
    answers: { 200: KycResult, ...answered },
    handle: (call, sent) =>
      filed(call, (sent as { sub: string }).sub, {
        ...{ kind, status: 'pending' as const },
        data: dataOf(sent as v.InferOutput<S>),
      }),
  })

/** Whose name is asked for does not matter: what there is to find is told beforehand. */
export const companySearch = (on: Operation['on'], matches: v.InferInput<typeof Matches>['matches']) =>
  operation({
    on,
    ...writing,
    scope: 'account:read',
    input: CompanyName,
    answers: { 200: Matches, ...answered },
    handle: async (call, { sub }) => {
      await verifying(call, sub)
      return { body: { matches } }
    },
  })

export const verificationOperations: readonly Operation[] = [
  operation({
    on: at('GET', '/sub-accounts/:sub/kyc/status'),
    scope: 'account:read',
    caller: 'required',
    evidence: 'E1',
    input: SubPath,
    answers: { 200: KycStatus, 404: Flat, ...refusals },
    handle: async (call, { sub }) => {
      const { account } = await verifying(call, sub)
      return { body: kycStatus(account, await call.core.verifications.list(account.id)) }
    },
  }),
  filing('verify-pan', Pan, 'pan', ({ pan }) => ({ pan })),
  filing('verify-gst', Gst, 'gst', ({ gstin }) => ({ gstin })),
  filing('cin/confirm', SelectedCin, 'cin', ({ company_name, selected_cin }) => ({ company_name, selected_cin })),
  // there is no register of companies behind this gateway
  companySearch(at('POST', '/sub-accounts/:sub/kyc/cin/search'), []),
]
