import * as v from 'valibot'
import type { Credential } from '../../../core/ground/model.ts'
import { type Operation, operation, type Reply } from '../../kit/dialect.ts'
import { identifyClient } from '../auth.ts'
import { DIALECT } from '../ids.ts'

const TOKEN_MS = 3_600_000
const BODY_BYTES = 4_096
const NOT_KEPT = { 'cache-control': 'no-store', pragma: 'no-cache' }

const json = (status: number, value: object): Reply => ({
  status,
  headers: { ...NOT_KEPT, 'content-type': 'application/json' },
  body: JSON.stringify(value),
})

const invalidRequest = (status: number) => () => json(status, { error: 'invalid_request' })
const invalidClient = (): Reply => ({
  ...json(401, { error: 'invalid_client' }),
  headers: { ...NOT_KEPT, 'content-type': 'application/json', 'www-authenticate': 'Basic realm="oauth2"' },
})

/** Client credentials (RFC 6749, 4.4): the user name and password of an account, for a token that stands for them. */
const token = operation({
  on: 'POST /api/oauth2/token',
  scope: 'open',
  caller: 'required',
  evidence: 'E0',
  body: { form: 'only', limit: BODY_BYTES },
  input: v.unknown(),
  answers: { 200: 'binary', 400: 'binary', 401: 'binary' },
  identify: identifyClient,
  faults: {
    unauthenticated: invalidClient,
    invalid_input: invalidRequest(400),
    unreadable_body: invalidRequest(400),
    unsupported_media_type: invalidRequest(400),
    body_too_large: invalidRequest(413),
  },
  async handle({ core, inbound }) {
    const grant = (inbound.body as Record<string, string> | undefined)?.grant_type
    if (grant !== 'client_credentials') return json(400, { error: 'unsupported_grant_type' })
    const access_token = core.tokens.issue(DIALECT, inbound.notes.credential as Credential, TOKEN_MS)
    return json(200, { access_token, token_type: 'Bearer', expires_in: TOKEN_MS / 1000 })
  },
})

export const tokenOperations: readonly Operation[] = [token]
