/** Faults → the provider's bodies. At least five shapes are in use; the shape is per endpoint, these are the defaults. */
import type { Fault } from '../../core/ground/fault.ts'
import type { Clock } from '../../core/verbs.ts'
import type { FaultTable, Inbound, Reply } from '../kit/dialect.ts'
import { timestamp } from './wire/text.ts'

/** Shape A, or B without a message. */
export function flat(status: number, error: string, message?: string): Reply {
  return { status, body: { error, ...(message !== undefined && { message }) } }
}

/** Shape C: what the provider's gateway says before an endpoint is reached. */
export function nested(status: number, message: string): Reply {
  return { status, body: { error: { code: status, message } } }
}

const INVALID = 'invalid request'

function invalidInput({ details }: Fault<'invalid_input'>): Reply {
  const [issue] = details.issues
  const field = issue?.field ?? ''
  const message = issue?.problem === 'missing' ? `${field} is required` : (issue?.message ?? INVALID)
  const named = field === '' || message.startsWith(field) ? message : `${field}: ${message}`
  return flat(400, INVALID, named)
}

const notFound = (message: string) => flat(404, 'not_found', message)

/** Shape D of the provider's page on errors in general. */
function general(
  clock: Clock,
  status: number,
  code: string,
  message: string,
  { requestId }: Inbound,
  details?: Record<string, unknown>,
): Reply {
  const error = { code, message, ...(details && { details }) }
  return { status, body: { status: 'error', error, timestamp: timestamp(clock.now()), requestId } }
}

const MISMATCH = 'Access denied: account ID mismatch'

/** The one provider that tells whom it knows but does not let in. */
function inactive(clock: Clock, inbound: Inbound): Reply {
  return general(clock, 403, 'ACCOUNT_INACTIVE', 'This account is not active', inbound)
}

function rateLimited(clock: Clock, { details }: Fault<'rate_limited'>, inbound: Inbound): Reply {
  const { per: limitType, limit, current, retrySeconds: retryAfter } = details
  const told = { limitType, limit, current, retryAfter }
  const reply = general(clock, 429, 'RATE_LIMIT_EXCEEDED', 'Rate limit exceeded', inbound, told)
  return { ...reply, headers: { 'retry-after': String(retryAfter) } }
}

function forbidden(clock: Clock, { details }: Fault<'forbidden'>, inbound: Inbound): Reply {
  if (details.reason === 'account') return nested(403, MISMATCH)
  if (details.reason === 'inactive') return inactive(clock, inbound)
  if (details.reason === 'role') return flat(403, 'forbidden', 'force=true requires an admin-role account')
  return flat(403, 'forbidden', 'this is not allowed for the account')
}

/** Shape E. Times are rounded up to the second, so that a client that waits as long as told succeeds. */
function coolOff({ details: { until, remainingMs } }: Fault<'cool_off'>): Reply {
  const body = {
    error: 'did_cool_off_in_effect',
    cool_off_until: timestamp(Math.ceil(until / 1000) * 1000),
    cool_off_remaining_seconds: Math.ceil(remainingMs / 1000),
  }
  return { status: 409, body }
}

const unauthenticated = () => nested(401, 'Invalid token')

export function createFaults(clock: Clock): FaultTable {
  return {
    invalid_input: invalidInput,
    unreadable_body: ({ details }) => flat(400, INVALID, details.reason),
    body_too_large: ({ details }) => flat(413, INVALID, `the body is larger than ${details.limit} bytes`),
    unsupported_media_type: () => flat(415, INVALID, 'send application/json'),
    method_not_allowed: () => notFound('no such endpoint'),
    unknown_operation: () => notFound('no such endpoint'),
    unauthenticated: ({ details }, inbound) =>
      details.reason === 'inactive' ? inactive(clock, inbound) : unauthenticated(),
    login_failed: unauthenticated,
    login_locked: unauthenticated,
    forbidden: (fault, inbound) => forbidden(clock, fault, inbound),
    not_found: ({ details }) => notFound(`${details.what.replace('_', ' ')} not found`),
    name_taken: ({ details }) => flat(409, 'conflict', `${details.name} is taken`),
    number_unavailable: () => notFound('number not found in inventory'),
    documents_required: () => notFound('number not found in inventory'),
    insufficient_funds: () => flat(402, 'insufficient_balance', 'the balance is too low'),
    wrong_state: ({ details }) => flat(409, 'conflict', `not possible while ${details.state}`),
    cool_off: coolOff,
    limit_reached: ({ details }) => flat(429, 'limit_reached', `at most ${details.limit} ${details.what}`),
    conflict: () => flat(409, 'conflict', 'changed by somebody else, try again'),
    clock_backwards: () => flat(409, 'conflict', 'the clock cannot go backwards'),
    not_in_this_mode: () => flat(403, 'forbidden', 'not possible here'),
    rate_limited: (fault, inbound) => rateLimited(clock, fault, inbound),
    overloaded: ({ details }) => ({
      ...flat(503, 'service_unavailable', 'busy, try again'),
      headers: { 'retry-after': String(details.retrySeconds) },
    }),
    temporarily_unavailable: () => flat(503, 'service_unavailable', 'not possible just now, try again'),
    timeout: () => flat(503, 'internal_server_error', 'the request took too long'),
    internal: ({ details }) => flat(500, 'internal_server_error', `reference ${details.reference}`),
  }
}
