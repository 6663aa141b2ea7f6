import type { JsonObject } from './model.ts'

/** One thing wrong with one input field. `code` is the dialect's own word where its schema already chose one. */
export interface Issue {
  /** The provider's name of the field, dotted where nested. */
  field: string
  problem: 'missing' | 'type' | 'format' | 'too_small' | 'too_big' | 'not_allowed' | 'unknown' | 'conflict'
  message: string
  code?: string
}

/** What can be looked up and not be there. */
export type Noun =
  | 'account'
  | 'organization'
  | 'user'
  | 'address'
  | 'number'
  | 'lease'
  | 'hold'
  | 'place'
  | 'trunk'
  | 'cart_entry'
  | 'order'
  | 'document'
  | 'company_profile'
  | 'verification'
  | 'invoice'
  | 'delivery'
  | 'credential'
  | 'session'
  | 'emergency_address'
  | 'resource'
  | 'fault'
  | 'request'
  | 'space'
  | 'snapshot'
  | 'call'
  | 'transaction'
  | 'admin_token'

/** Which limit was met, how much it is, and how much was counted. */
export interface RateLimit {
  per: 'address' | 'credential' | 'wrong_credentials'
  limit: number
  current: number
}

/** The closed catalogue of faults: every code with the details that go with it. */
export interface FaultDetails {
  // what was sent
  invalid_input: { issues: readonly Issue[] }
  unreadable_body: { reason: string }
  body_too_large: { limit: number }
  unsupported_media_type: { received: string }
  method_not_allowed: { allowed: readonly string[] }
  /** `name` undefined: the client named no operation at all. */
  unknown_operation: { name?: string }
  // who sent it
  /** `inactive`: the credentials are right, but their user or account, or an account above it, may not act now. */
  unauthenticated: { reason: 'missing' | 'invalid' | 'expired' | 'inactive' }
  login_failed: Record<never, never>
  login_locked: { until: number }
  forbidden: { reason: 'role' | 'scope' | 'account' | 'feature' | 'inactive' | 'owner' }
  // what it asked for
  not_found: { what: Noun; id: string }
  name_taken: { what: Noun; name: string }
  /** One of the numbers asked for cannot be bought by this caller now. */
  number_unavailable: { e164s: readonly string[] }
  documents_required: { e164s: readonly string[] }
  /** Micros of `currency`. */
  insufficient_funds: { currency: string; required: number; available: number }
  /** The thing exists, but its state does not allow the verb. */
  wrong_state: { what: Noun; id: string; state: string }
  /** `until`: epoch milliseconds. */
  cool_off: { until: number; remainingMs: number }
  limit_reached: { what: string; limit: number }
  /** Somebody else changed it first; the same request may succeed when sent again. */
  conflict: { what: Noun; id: string }
  clock_backwards: { now: number; asked: number }
  not_in_this_mode: { needed: string }
  // us
  /** More requests in a short time than this caller may send. */
  rate_limited: { retrySeconds: number } & RateLimit
  /** More is asked of this process at once than it takes; the same request may succeed a little later. */
  overloaded: { retrySeconds: number }
  timeout: { ms: number }
  /** The database does not answer, or cannot take anything. The same request may succeed in a while. */
  temporarily_unavailable: Record<never, never>
  internal: { reference: string }
}

export type FaultCode = keyof FaultDetails

/** Why something was refused, for the people who run the gateway. Nothing of it ever reaches a client. */
export interface Why {
  /** The rule that refused, in few words that stay the same. */
  rule: string
  /** One sentence that names the row which decided. */
  sentence: string
  data: JsonObject
}

/** A function where the answer has to be looked up, which is done only if somebody asks. */
export type Reason = Why | (() => Promise<Why>)

/** The only error the core throws. The message is for logs; what a client reads is worded by its dialect. */
export class Fault<C extends FaultCode = FaultCode> extends Error {
  readonly code: C
  readonly details: FaultDetails[C]
  /** Which rule refused, and which row decided: for those who run the gateway, never for the client. */
  readonly why: Reason | undefined

  constructor(code: C, details: FaultDetails[C], options?: { cause?: unknown; message?: string; why?: Reason }) {
    super(options?.message ?? `${code} ${JSON.stringify(details)}`, { cause: options?.cause })
    this.name = 'Fault'
    this.code = code
    this.details = details
    this.why = options?.why
  }
}

/** Narrow a fault to one code, so that its details are typed. */
export function isFault<C extends FaultCode>(error: unknown, code: C): error is Fault<C> {
  return error instanceof Fault && error.code === code
}
