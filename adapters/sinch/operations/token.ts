import * as v from 'valibot'
import { Fault } from '../../../core/ground/fault.ts'
import type { Credential } from '../../../core/ground/model.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import { DIALECT } from '../ids.ts'
import * as shape from '../schemas.ts'
import { identifyClient, NOT_KEPT, oauthFailure, oauthFaults, TOKEN_PATH } from '../wire/oauth.ts'

const TOKEN_MS = 3_600_000
const EXPIRES_IN = 3599
/** A grant is 29 bytes. */
const BODY_BYTES = 4096

/** Of the body alone, and once (RFC 6749, 3.2). Faults: invalid_input. */
function grantOf(body: unknown): string {
  const sent = (body as { grant_type?: unknown } | undefined)?.grant_type
  const problem = Array.isArray(sent) ? 'is given more than once' : sent ? undefined : 'is missing'
  if (problem === undefined) return String(sent)
  throw new Fault('invalid_input', { issues: [{ field: 'grant_type', problem: 'format', message: problem }] })
}

/** Client credentials (RFC 6749, 4.4). The token is JWT-shaped, so that SDKs see when it expires. */
const token = operation({
  on: `POST ${TOKEN_PATH}`,
  scope: 'open',
  caller: 'required',
  evidence: 'E2',
  body: { form: 'only', limit: BODY_BYTES },
  input: v.object({ grant_type: v.optional(v.unknown()) }),
  answers: {
    200: v.strictObject({
      access_token: v.string(),
      expires_in: v.number(),
      scope: v.string(),
      token_type: v.literal('bearer'),
    }),
    400: shape.oauthError,
    401: shape.oauthError,
    413: shape.oauthError,
    415: shape.oauthError,
  },
  identify: identifyClient,
  faults: oauthFaults,
  async handle({ core, inbound }) {
    if (grantOf(inbound.body) !== 'client_credentials') {
      return oauthFailure(400, 'unsupported_grant_type', 'Only client_credentials is supported')
    }
    const access_token = core.tokens.issue(DIALECT, inbound.notes.credential as Credential, TOKEN_MS)
    return { headers: NOT_KEPT, body: { access_token, expires_in: EXPIRES_IN, scope: '', token_type: 'bearer' } }
  },
})

export const tokenOperations: readonly Operation[] = [token]
