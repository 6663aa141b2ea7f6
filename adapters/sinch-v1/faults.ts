import type { Fault } from '../../core/ground/fault.ts'
import type { FaultTable, Reply } from '../kit/dialect.ts'

/** Twilio's classic exception: the status in the body agrees with the answer's, `more_info` ends in the code. */
export function exception(status: number, code: number, message: string, headers?: Record<string, string>): Reply {
  const body = { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }
  return { status, body, ...(headers && { headers }) }
}

const said = (status: number, code: number, message: string) => (): Reply => exception(status, code, message)

const unauthorized = () =>
  exception(401, 20003, 'Authentication failed', { 'www-authenticate': 'Basic realm="Numbers API"' })
const notFound = said(404, 20404, 'The requested resource was not found')
const nothingToBuy = said(400, 21452, 'No phone number matches the request')
const malformed = said(400, 20001, 'The request is malformed')
const conflict = said(409, 20409, 'The resource is not in a state that allows this')

export const PAGE_TOO_BIG = 'page size is too big'
/** Nothing more is known than the parameter's name. */
export const INVALID = 'invalid'

function invalidInput({ details }: Fault<'invalid_input'>): Reply {
  const [issue] = details.issues
  if (issue?.message === PAGE_TOO_BIG) return exception(400, 20007, 'Page size must be 1000 or less')
  const fields = new Set(details.issues.map(({ field }) => field || 'body'))
  const named = `Invalid parameter: ${[...fields].join(', ')}`
  if (issue?.problem === 'conflict') return exception(400, 20001, `${named} contradict each other`)
  const why = issue === undefined || issue.message === INVALID ? '' : ` ${issue.message}`
  return exception(400, 20001, `${named}${why}`)
}

export const faults = {
  invalid_input: invalidInput,
  unreadable_body: malformed,
  body_too_large: said(413, 20001, 'The request body is too large'),
  unsupported_media_type: said(415, 20001, 'The request body must be JSON'),
  method_not_allowed: ({ details }) =>
    exception(405, 20004, 'Method not allowed', { allow: details.allowed.join(', ') }),
  unknown_operation: notFound,
  unauthenticated: unauthorized,
  login_failed: unauthorized,
  login_locked: unauthorized,
  forbidden: unauthorized,
  not_found: notFound,
  name_taken: conflict,
  number_unavailable: nothingToBuy,
  documents_required: said(400, 21650, 'An identity document is required to buy this phone number'),
  insufficient_funds: said(402, 20402, 'The balance of the account is too low'),
  wrong_state: conflict,
  cool_off: conflict,
  limit_reached: said(429, 20429, 'Too many requests'),
  conflict,
  clock_backwards: conflict,
  not_in_this_mode: notFound,
  rate_limited: ({ details }) =>
    exception(429, 20429, 'Too many requests', { 'retry-after': String(details.retrySeconds) }),
  overloaded: ({ details }) =>
    exception(503, 20503, 'The service is busy, try again', { 'retry-after': String(details.retrySeconds) }),
  temporarily_unavailable: said(503, 20503, 'Service is unavailable, please try again'),
  timeout: said(500, 20500, 'The request took too long'),
  internal: fault => exception(500, 20500, `Internal error, reference ${fault.details.reference}`),
} satisfies FaultTable
