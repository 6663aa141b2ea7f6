import type { Fault, FaultCode, FaultDetails, Issue, Why } from './fault.ts'
import type { Instant, JsonObject, Micros } from './model.ts'
import { formatMoney } from './money.ts'

export const why = (rule: string, sentence: string, data: JsonObject = {}): Why => ({ rule, sentence, data })

export const timeOf = (at: Instant) => new Date(at).toISOString()

export const moneyOf = (amount: Micros, currency: string) => `${formatMoney(amount, 2)} ${currency}`

/** The first few; of thousands the count tells enough. */
const MOST_NAMED = 5

export function listOf(all: readonly string[]): string {
  const more = all.length - MOST_NAMED
  return all.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

const issueOf = ({ field, message, problem }: Issue) => `${field || 'the request'}: ${message || problem}`

type Told = { [C in FaultCode]: (details: FaultDetails[C]) => string }

const UNAUTHENTICATED: Record<FaultDetails['unauthenticated']['reason'], string> = {
  missing: 'no credentials were sent, and this operation needs them',
  invalid: 'the credentials that were sent open nothing here',
  expired: 'the token or session that was sent has run out',
  inactive: 'the credentials are right, but their user, their account or an account above it may not act',
}

const FORBIDDEN: Record<FaultDetails['forbidden']['reason'], string> = {
  role: "the caller's role does not allow this",
  scope: 'the credential is restricted, and this operation is not among its scopes',
  account: 'what was asked for belongs to another account',
  feature: 'this feature is off for the account, or for these credentials',
  inactive: 'the account that was to be acted on may not act',
  owner: 'the user may act on what is its own alone',
}

/** What can be said of a fault by its details alone, where nobody said more. */
const told: Told = {
  invalid_input: ({ issues }) => listOf(issues.map(issueOf)),
  unreadable_body: ({ reason }) => `the body cannot be read: ${reason}`,
  body_too_large: ({ limit }) => `the body has more than ${limit} bytes`,
  unsupported_media_type: ({ received }) => `the body came as ${received || 'no media type'}, which is not taken here`,
  method_not_allowed: ({ allowed }) => `the path is known, but only for ${allowed.join(', ')}`,
  unknown_operation: ({ name }) => (name ? `there is no operation ${name}` : 'the request names no operation'),
  unauthenticated: ({ reason }) => UNAUTHENTICATED[reason],
  login_failed: () => 'no user has this name and this password',
  login_locked: ({ until }) => `too many wrong passwords: the name is locked until ${timeOf(until)}`,
  forbidden: ({ reason }) => FORBIDDEN[reason],
  not_found: ({ what, id }) => `there is no ${what.replace('_', ' ')} ${id} that this caller may see`,
  name_taken: ({ what, name }) => `there is a ${what.replace('_', ' ')} named ${name} already`,
  number_unavailable: ({ e164s }) =>
    e164s.length === 0 ? 'no number on the shelf matches' : `${listOf(e164s)} cannot be bought by this caller now`,
  documents_required: ({ e164s }) => `${listOf(e164s)} needs documents, and the account's identity is not verified`,
  insufficient_funds: ({ currency, required, available }) =>
    `balance ${moneyOf(available, currency)}, needed ${formatMoney(required, 2)}`,
  wrong_state: ({ what, id, state }) => `${what.replace('_', ' ')} ${id} is ${state}`,
  cool_off: ({ until }) => `cools off until ${timeOf(until)}`,
  limit_reached: ({ what, limit }) => `the limit of ${limit} ${what} is reached`,
  conflict: ({ what, id }) => `${what.replace('_', ' ')} ${id} was changed by somebody else in the same instant`,
  clock_backwards: ({ now, asked }) => `the clock shows ${timeOf(now)} and was asked to go back to ${timeOf(asked)}`,
  not_in_this_mode: ({ needed }) => `possible in ${needed} mode only`,
  rate_limited: ({ retrySeconds }) => `too many requests in a short time: again in ${retrySeconds} s`,
  overloaded: ({ retrySeconds }) => `this process is asked for more at once than it takes: again in ${retrySeconds} s`,
  timeout: ({ ms }) => `not done within ${ms} ms`,
  temporarily_unavailable: () => 'the database did not answer, or could take nothing',
  internal: ({ reference }) => `a failure of the gateway itself; the log has it under ${reference}`,
}

/** What the thrower knew, else what the details tell. */
export async function whyOf(fault: Fault): Promise<Why> {
  const given = typeof fault.why === 'function' ? await fault.why() : fault.why
  if (given) return given
  const tell = told[fault.code] as (details: FaultDetails[FaultCode]) => string
  return why(fault.code, tell(fault.details), { ...fault.details } as unknown as JsonObject)
}
