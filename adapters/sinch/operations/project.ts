import * as v from 'valibot'
import { Fault } from '../../../core/fault.ts'
import type { Credential } from '../../../core/model.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import { DIALECT } from '../ids.ts'
import * as shape from '../schemas.ts'
import { PROJECT } from './available.ts'

const TOKEN_MS = 3_600_000
const EXPIRES_IN = 3599

const oauthFailure = (status: number, error: string, error_description: string) => ({
  status,
  body: { error, error_description },
})

/** Client credentials (RFC 6749, 4.4). The token is JWT-shaped, so that SDKs see when it expires. */
const token = operation({
  on: 'POST /oauth2/token',
  scope: 'open',
  caller: 'optional',
  evidence: 'E2',
  body: { form: true },
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
  },
  faults: { unauthenticated: () => oauthFailure(401, 'invalid_client', 'Client authentication failed') },
  async handle({ core, caller, inbound }, { grant_type }) {
    if (!caller) throw new Fault('unauthenticated', { reason: 'missing' })
    if (grant_type !== 'client_credentials') {
      return oauthFailure(400, 'unsupported_grant_type', 'Only client_credentials is supported')
    }
    const access_token = core.tokens.issue(DIALECT, inbound.notes.credential as Credential, TOKEN_MS)
    return { body: { access_token, expires_in: EXPIRES_IN, scope: '', token_type: 'bearer' } }
  },
})

const common = { caller: 'required', evidence: 'E2' } as const
const CALLBACKS = `${PROJECT}/callbackConfiguration`
const MAX_SECRET = 36

const callbackGet = operation({
  ...common,
  on: `GET ${CALLBACKS}`,
  scope: 'account:read',
  input: v.unknown(),
  answers: { 200: shape.callbackConfiguration, ...shape.errors },
  handle: async ({ core, caller }) => ({
    body: { projectId: caller.account.guid, hmacSecret: await core.callbackSecrets.get(caller.account.id, DIALECT) },
  }),
})

const secret = v.pipe(
  v.string('must be a string'),
  v.nonEmpty('must not be empty'),
  v.maxLength(MAX_SECRET, `must have ${MAX_SECRET} characters at most`),
)

const callbackUpdate = operation({
  ...common,
  on: `PATCH ${CALLBACKS}`,
  scope: 'account:write',
  input: v.object({ hmacSecret: v.optional(secret) }),
  answers: { 200: shape.callbackConfiguration, ...shape.errors },
  async handle({ core, caller }, { hmacSecret }) {
    const { id, guid } = caller.account
    if (hmacSecret !== undefined) await core.callbackSecrets.set(id, DIALECT, hmacSecret)
    return { body: { projectId: guid, hmacSecret: await core.callbackSecrets.get(id, DIALECT) } }
  },
})

export const projectOperations: readonly Operation[] = [token, callbackGet, callbackUpdate]
