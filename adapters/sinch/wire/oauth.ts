/** The token endpoint's own words (RFC 6749, 5.2): its clients read `error`, and nothing else of an answer. */
import { Fault } from '../../../core/ground/fault.ts'
import type { Core } from '../../../core/verbs.ts'
import { basicCredentials } from '../../kit/auth.ts'
import type { FaultTable, Inbound, Reply } from '../../kit/dialect.ts'
import { DIALECT } from '../ids.ts'

export const TOKEN_PATH = '/oauth2/token'

export const isTokenPath = (pathname: string) => pathname.replace(/\/$/, '') === TOKEN_PATH

/** Of every answer of this endpoint (5.1). */
export const NOT_KEPT = { 'cache-control': 'no-store', pragma: 'no-cache' }

export function oauthFailure(
  status: number,
  error: string,
  error_description: string,
  headers?: Record<string, string>,
): Reply {
  return { status, headers: { ...NOT_KEPT, ...headers }, body: { error, error_description } }
}

const invalidRequest = (status: number, text: string, headers?: Record<string, string>) =>
  oauthFailure(status, 'invalid_request', text, headers)

/** A client that tried the header is told the scheme (5.2). */
const invalidClient = () =>
  oauthFailure(401, 'invalid_client', 'Client authentication failed', { 'www-authenticate': 'Basic realm="oauth2"' })

export const wrongMethod = (allowed: readonly string[]) =>
  invalidRequest(405, 'The method is not allowed', { allow: allowed.join(', ') })

export const oauthFaults: Partial<FaultTable> = {
  unauthenticated: invalidClient,
  login_failed: invalidClient,
  login_locked: invalidClient,
  invalid_input: ({ details }) =>
    invalidRequest(400, `${details.issues[0]?.field || 'body'}: ${details.issues[0]?.message ?? 'is not valid'}`),
  unreadable_body: () => invalidRequest(400, 'The body cannot be read'),
  body_too_large: ({ details }) => invalidRequest(413, `The body has more than ${details.limit} bytes`),
  unsupported_media_type: () => invalidRequest(415, 'Send application/x-www-form-urlencoded'),
  limit_reached: () => oauthFailure(429, 'temporarily_unavailable', 'Too many requests'),
  rate_limited: ({ details }) =>
    oauthFailure(429, 'temporarily_unavailable', 'Too many requests', { 'retry-after': String(details.retrySeconds) }),
  overloaded: ({ details }) =>
    oauthFailure(503, 'temporarily_unavailable', 'Busy, try again', { 'retry-after': String(details.retrySeconds) }),
}

/** The key and its secret, and nothing that was issued from them: a token would otherwise live for ever (4.4). */
export async function identifyClient({ request, notes }: Inbound, core: Core) {
  const sent = basicCredentials(request.headers.get('authorization'))
  if (!sent) throw new Fault('unauthenticated', { reason: 'missing' })
  const access = await core.credentials.verifyPair(DIALECT, sent.name, sent.secret)
  if (!access) throw new Fault('unauthenticated', { reason: 'invalid' })
  notes.credential = access.credential
  return access.caller
}
