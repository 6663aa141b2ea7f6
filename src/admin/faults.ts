import { Fault, type FaultCode, type FaultDetails, type Issue } from '../../core/ground/fault.ts'
import { formatMoney } from '../../core/ground/money.ts'

interface Wording<C extends FaultCode> {
  status: number
  message: (details: FaultDetails[C]) => string
}

type Words = { [C in FaultCode]: Wording<C> }

const words = {
  invalid_input: { status: 400, message: d => d.issues.map(issue => `${issue.field}: ${issue.message}`).join('; ') },
  unreadable_body: { status: 400, message: d => `the body cannot be read: ${d.reason}` },
  body_too_large: { status: 413, message: d => `the body has more than ${d.limit} bytes` },
  unsupported_media_type: {
    status: 415,
    message: d => `content type ${d.received || '(none)'} is not taken here: send application/json, or text/csv`,
  },
  method_not_allowed: { status: 405, message: d => `only ${d.allowed.join(', ')}` },
  unknown_operation: { status: 404, message: d => `no such route${d.name === undefined ? '' : `: ${d.name}`}` },
  unauthenticated: {
    status: 401,
    message: d =>
      `the admin token is ${d.reason}: send "Authorization: Bearer" with the value of DIDGATE_ADMIN_TOKEN, or a named token that is not revoked`,
  },
  login_failed: { status: 401, message: () => 'wrong name or password' },
  login_locked: { status: 429, message: d => `locked until ${new Date(d.until).toISOString()}` },
  forbidden: {
    status: 403,
    message: d =>
      d.reason === 'role'
        ? 'without DIDGATE_ADMIN_TOKEN only programs on this machine are answered, at 127.0.0.1, [::1] or localhost: no proxies, and no pages of other origins'
        : `not permitted: ${d.reason}`,
  },
  not_found: { status: 404, message: d => `no ${d.what.replace('_', ' ')} ${d.id}` },
  name_taken: { status: 409, message: d => `there is already a ${d.what.replace('_', ' ')} named ${d.name}` },
  number_unavailable: { status: 409, message: d => `not available: ${d.e164s.join(', ')}` },
  documents_required: { status: 409, message: d => `documents are needed for ${d.e164s.join(', ')}` },
  insufficient_funds: {
    status: 402,
    message: d => `needs ${formatMoney(d.required, 2)} ${d.currency}, has ${formatMoney(d.available, 2)}`,
  },
  wrong_state: { status: 409, message: d => `${d.what.replace('_', ' ')} ${d.id} is ${d.state}` },
  cool_off: { status: 409, message: d => `cools off until ${new Date(d.until).toISOString()}` },
  limit_reached: { status: 409, message: d => `limit reached: ${d.limit} ${d.what}` },
  conflict: { status: 409, message: d => `${d.what.replace('_', ' ')} ${d.id} was changed meanwhile: try again` },
  clock_backwards: {
    status: 409,
    message: d =>
      `the clock never goes back: now ${new Date(d.now).toISOString()}, asked ${new Date(d.asked).toISOString()}`,
  },
  not_in_this_mode: { status: 403, message: d => neededWords(d.needed) },
  rate_limited: { status: 429, message: d => `too many requests: try again in ${d.retrySeconds} s` },
  overloaded: { status: 503, message: d => `busy: try again in ${d.retrySeconds} s` },
  temporarily_unavailable: { status: 503, message: () => 'the database does not answer just now: try again' },
  timeout: { status: 503, message: d => `not done within ${d.ms} ms` },
  internal: { status: 500, message: d => `failed here; the log has the reason under ${d.reference}` },
} satisfies Words

/** A word names a mode; a sentence says what to do. */
function neededWords(needed: string): string {
  return /\s/.test(needed) ? needed : `only in ${needed} mode (DIDGATE_MODE)`
}

export interface AdminError {
  error: { code: FaultCode; message: string; issues?: readonly Issue[] }
}

export function wordFault<C extends FaultCode>(fault: Fault<C>): { status: number; body: AdminError } {
  const { status, message } = words[fault.code] as unknown as Wording<C>
  const issues = 'issues' in fault.details ? { issues: fault.details.issues } : {}
  return { status, body: { error: { code: fault.code, message: message(fault.details), ...issues } } }
}

export function answerFault(fault: Fault): Response {
  const { status, body } = wordFault(fault)
  const headers: Record<string, string> = {}
  if (status === 401) headers['www-authenticate'] = 'Bearer realm="didgate admin"'
  if ('retrySeconds' in fault.details) headers['retry-after'] = String(fault.details.retrySeconds)
  return Response.json(body, { status, headers })
}

export function missing(what: FaultDetails['not_found']['what'], id: string | number): Fault {
  return new Fault('not_found', { what, id: String(id) })
}
