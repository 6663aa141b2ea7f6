import { Fault, type FaultDetails } from '../../core/ground/fault.ts'
import type { FaultTable, Reply } from '../kit/dialect.ts'

const DOCS = 'https://www.twilio.com/docs/errors'

/** JSON and XML tell the same; `more_info` ends in the code. */
export function exception(status: number, code: number, message: string, headers?: Record<string, string>): Reply {
  const value = { code, message, more_info: `${DOCS}/${code}`, status }
  return { status, body: { kind: 'fault', value }, ...(headers && { headers }) }
}

/** The provider's own code for one field that is wrong. */
export function refuse(code: number, field: string, message: string): never {
  throw new Fault('invalid_input', { issues: [{ field, problem: 'format', message, code: String(code) }] })
}

const said = (status: number, code: number, message: string) => (): Reply => exception(status, code, message)

function unauthenticated({ details }: Fault<'unauthenticated'>): Reply {
  const message = details.reason === 'missing' ? 'Authentication Error - No credentials provided' : 'Authenticate'
  const value = { code: 20003, detail: '', message, more_info: `${DOCS}/20003`, status: 401 }
  return { status: 401, body: { kind: 'fault', value }, headers: { 'www-authenticate': 'Basic realm="Twilio API"' } }
}

const wrongCredentials = () => unauthenticated(new Fault('unauthenticated', { reason: 'invalid' }))
const notActive = said(403, 20005, 'Account not active')
const conflict = said(409, 20409, 'The resource is not in a state that allows this')
const temporary = said(503, 20503, 'Service is unavailable, please try again')

function forbidden({ details }: Fault<'forbidden'>): Reply {
  if (details.reason === 'inactive') return notActive()
  // what a test token may not do
  if (details.reason === 'feature')
    return exception(403, 20008, 'Resource not accessible with Test Account Credentials')
  return exception(403, 20403, 'The credentials do not permit this')
}

function invalidInput({ details }: { details: FaultDetails['invalid_input'] }): Reply {
  const [issue] = details.issues
  return exception(400, Number(issue?.code ?? 20422), issue?.message ?? 'Invalid parameter')
}

/** The catalogue of the provider's codes is closed: every fault of the core has one of them. */
export const faults = {
  invalid_input: invalidInput,
  unreadable_body: said(400, 20001, 'The request could not be read'),
  body_too_large: said(413, 20001, 'The request is too large'),
  unsupported_media_type: said(415, 20001, 'The request body must be a URL-encoded form'),
  method_not_allowed: ({ details }) =>
    exception(405, 20004, 'Method not allowed', { allow: details.allowed.join(', ') }),
  unknown_operation: (_, { pathname }) => notFound(pathname),
  unauthenticated,
  login_failed: wrongCredentials,
  login_locked: wrongCredentials,
  forbidden,
  not_found: (_, { pathname }) => notFound(pathname),
  name_taken: conflict,
  number_unavailable: ({ details }) =>
    details.e164s[0] === undefined
      ? exception(400, 21452, 'No phone numbers found')
      : exception(400, 21422, `${details.e164s[0]} is not available`),
  documents_required: said(400, 21650, 'Identity required and not provided'),
  // no source names a code for it
  insufficient_funds: said(403, 20005, 'Insufficient funds'),
  wrong_state: conflict,
  cool_off: conflict,
  limit_reached: said(429, 20429, 'Too many requests'),
  rate_limited: ({ details }) =>
    exception(429, 20429, 'Too many requests', { 'retry-after': String(details.retrySeconds) }),
  overloaded: ({ details }) =>
    exception(503, 20503, 'Service is unavailable, please try again', { 'retry-after': String(details.retrySeconds) }),
  temporarily_unavailable: said(503, 20503, 'Service is unavailable, please try again'),
  conflict,
  clock_backwards: conflict,
  not_in_this_mode: (_, { pathname }) => notFound(pathname),
  timeout: temporary,
  internal: ({ details }) => exception(500, 20500, `Internal error, reference ${details.reference}`),
} satisfies FaultTable

function notFound(pathname: string): Reply {
  return exception(404, 20404, `The requested resource ${pathname} was not found`)
}
