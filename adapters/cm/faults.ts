import type { Fault, Issue } from '../../core/ground/fault.ts'
import type { FaultTable, Inbound, Reply } from '../kit/dialect.ts'
import { table } from '../kit/table.ts'

// ASP.NET-style problems (RFC 7807).

const TYPES = table({
  400: 'https://tools.ietf.org/html/rfc7231#section-6.5.1',
  401: 'https://tools.ietf.org/html/rfc7235#section-3.1',
  404: 'https://tools.ietf.org/html/rfc7231#section-6.5.4',
  409: 'https://tools.ietf.org/html/rfc7231#section-6.5.8',
  413: 'https://tools.ietf.org/html/rfc7231#section-6.5.11',
  415: 'https://tools.ietf.org/html/rfc7231#section-6.5.13',
  429: 'https://tools.ietf.org/html/rfc6585#section-4',
  500: 'https://tools.ietf.org/html/rfc7231#section-6.6.1',
  503: 'https://tools.ietf.org/html/rfc7231#section-6.6.4',
})

/** W3C trace context of the request's own id. */
function traceId({ requestId }: Inbound): string {
  const hex = Buffer.from(requestId.replaceAll('-', '')).toString('hex').padEnd(32, '0')
  return `00-${hex.slice(0, 32)}-${hex.slice(0, 16)}-00`
}

function problem(
  status: number,
  title: string,
  inbound: Inbound,
  more: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Reply {
  const body = { type: TYPES[status] ?? 'about:blank', title, status, traceId: traceId(inbound), ...more }
  return { status, headers: { 'content-type': 'application/problem+json', ...headers }, body }
}

const said = (status: number, title: string) => (_: Fault, inbound: Inbound) => problem(status, title, inbound)

export const pascal = (name: string) => name.slice(0, 1).toUpperCase() + name.slice(1)

/** Property names as .NET has them: PascalCase; `$` is the body as a whole. */
function propertyOf({ field }: Issue): string {
  const name = field.split('.', 1)[0] ?? ''
  return name === '' ? '$' : pascal(name)
}

function errorsOf(issues: readonly Issue[]): Record<string, string[]> {
  const errors = new Map<string, string[]>()
  for (const issue of issues) {
    const property = propertyOf(issue)
    const told = errors.get(property)
    if (told) told.push(issue.message)
    else errors.set(property, [issue.message])
  }
  return Object.fromEntries(errors)
}

const VALIDATION = 'One or more validation errors occurred.'

function invalid(issues: readonly Issue[], inbound: Inbound): Reply {
  return problem(400, VALIDATION, inbound, { errors: errorsOf(issues) })
}

const about = (field: string, message: string) => (_: Fault, inbound: Inbound) =>
  invalid([{ field, problem: 'format', message }], inbound)

const notFound = said(404, 'Not Found')
const unauthorized = said(401, 'Unauthorized')
const conflict = said(409, 'Conflict')

export const faults = {
  invalid_input: ({ details }, inbound) => invalid(details.issues, inbound),
  unreadable_body: about('', 'The input is not valid JSON.'),
  body_too_large: said(413, 'Payload Too Large'),
  unsupported_media_type: said(415, 'Unsupported Media Type'),
  // unknown method or path: 404, never 405
  method_not_allowed: notFound,
  unknown_operation: notFound,
  unauthenticated: unauthorized,
  login_failed: unauthorized,
  login_locked: unauthorized,
  forbidden: unauthorized,
  not_found: notFound,
  name_taken: conflict,
  number_unavailable: conflict,
  documents_required: about('CompanyProfileGuid', 'The company profile lacks documents.'),
  insufficient_funds: about('Quantity', 'The balance of the account is too low for this request.'),
  wrong_state: conflict,
  cool_off: conflict,
  limit_reached: ({ details }, inbound) =>
    problem(409, 'Conflict', inbound, { detail: `At most ${details.limit} ${details.what} at a time.` }),
  conflict,
  clock_backwards: conflict,
  not_in_this_mode: notFound,
  rate_limited: ({ details }, inbound) =>
    problem(429, 'Too Many Requests', inbound, {}, { 'retry-after': String(details.retrySeconds) }),
  overloaded: ({ details }, inbound) =>
    problem(503, 'Service Unavailable', inbound, {}, { 'retry-after': String(details.retrySeconds) }),
  temporarily_unavailable: said(503, 'Service Unavailable'),
  timeout: said(500, 'The request took too long.'),
  internal: said(500, 'An error occurred while processing your request.'),
} satisfies FaultTable
