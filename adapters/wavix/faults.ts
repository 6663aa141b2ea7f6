import type { Fault } from '../../core/ground/fault.ts'
import type { FaultTable, Reply } from '../kit/dialect.ts'

/**
 * Every error is an object with `success: false` and a string `message`: the old Go client ignores the status and looks
 * for them, and shows upload errors only with `error: true`.
 */
export function failure(status: number, message: string, more: Record<string, unknown> = {}): Reply {
  return { status, body: { success: false, error: true, message, ...more } }
}

export const said = (status: number, message: string) => (): Reply => failure(status, message)

const unauthorized = said(401, 'Unauthorized')
const notFound = said(404, 'Record not found')
const unavailable = said(404, 'At least one DID with ID specified in the request was not found')

/** The literal prefix and the name of the parameter. */
export function badParameter(name: string): Reply {
  return failure(400, `Missing or invalid parameter ${name}`)
}

function invalidInput({ details }: Fault<'invalid_input'>): Reply {
  const [issue] = details.issues
  return badParameter(issue?.field.split('.', 1)[0] || 'body')
}

/** The vendor's clients try a 503 again by themselves, after the time told. */
function busy(retrySeconds: number): Reply {
  const headers = { 'retry-after': String(retrySeconds) }
  return { ...failure(503, 'The service is busy, please try again'), headers }
}

const NOT_PROVISIONED = 'The service is not provisioned for your account.'

export const faults = {
  invalid_input: invalidInput,
  unreadable_body: () => badParameter('body'),
  body_too_large: () => badParameter('body'),
  unsupported_media_type: () => badParameter('Content-Type'),
  method_not_allowed: notFound,
  unknown_operation: notFound,
  unauthenticated: unauthorized,
  login_failed: unauthorized,
  login_locked: unauthorized,
  forbidden: said(403, NOT_PROVISIONED),
  not_found: notFound,
  name_taken: said(422, 'The name is taken'),
  number_unavailable: unavailable,
  documents_required: said(422, 'Documents are required for this phone number'),
  // 422, never 402 or 5xx: current clients would retry those by themselves
  insufficient_funds: () => failure(422, 'Insufficient funds', { error: 'Insufficient funds' }),
  wrong_state: said(422, 'The phone number is not in a state that allows this'),
  cool_off: said(422, 'The phone number is not in a state that allows this'),
  limit_reached: said(422, 'The limit is reached'),
  conflict: said(422, 'The record was changed by somebody else, please try again'),
  clock_backwards: notFound,
  not_in_this_mode: notFound,
  rate_limited: ({ details }) => ({
    ...failure(429, 'Too many requests, please try again later'),
    headers: { 'retry-after': String(details.retrySeconds) },
  }),
  overloaded: ({ details }) => busy(details.retrySeconds),
  temporarily_unavailable: said(503, 'The service is temporarily unavailable. Please try again later'),
  timeout: said(503, 'The request took too long'),
  internal: fault => failure(500, `Internal error, reference ${fault.details.reference}`),
} satisfies FaultTable

/** Geography under `buy` words a missing object in its own way. */
export const placeFaults = { not_found: said(404, 'An object with the specified ID is not found') }
/** The cart has one answer for whatever is not in it or cannot be bought. */
export const cartFaults = {
  unreadable_body: () => badParameter('ids'),
  not_found: unavailable,
  wrong_state: said(422, 'Cart is empty'),
}
