/** Every code of the catalogue of faults, with details a real one could have: for faults on demand. */
import type { FaultCode, FaultDetails } from '../../core/ground/fault.ts'

/** What is known of the request that is to fail. */
export interface Sampled {
  e164s: readonly string[]
  now: number
  retrySeconds: number
  reference: string
}

type Samples = { [C in FaultCode]: (sampled: Sampled) => FaultDetails[C] }

const MINUTE_MS = 60_000
const NUMBER = '+12125550100'
const first = ({ e164s }: Sampled) => e164s[0] ?? NUMBER
const issue = { field: 'body', problem: 'format', message: 'is not acceptable' } as const

const samples: Samples = {
  invalid_input: () => ({ issues: [issue] }),
  unreadable_body: () => ({ reason: 'the body ended early' }),
  body_too_large: () => ({ limit: 1_048_576 }),
  unsupported_media_type: () => ({ received: 'text/x-unknown' }),
  method_not_allowed: () => ({ allowed: ['GET'] }),
  unknown_operation: () => ({ name: '/unknown' }),
  unauthenticated: () => ({ reason: 'invalid' }),
  login_failed: () => ({}),
  login_locked: ({ now }) => ({ until: now + 10 * MINUTE_MS }),
  forbidden: () => ({ reason: 'account' }),
  not_found: sampled => ({ what: 'number', id: first(sampled) }),
  name_taken: () => ({ what: 'user', name: 'taken' }),
  number_unavailable: sampled => ({ e164s: [first(sampled)] }),
  documents_required: sampled => ({ e164s: [first(sampled)] }),
  insufficient_funds: () => ({ currency: 'USD', required: 3_000_000, available: 500_000 }),
  wrong_state: sampled => ({ what: 'number', id: first(sampled), state: 'releasing' }),
  cool_off: ({ now }) => ({ until: now + MINUTE_MS, remainingMs: MINUTE_MS }),
  limit_reached: () => ({ what: 'numbers', limit: 1 }),
  conflict: sampled => ({ what: 'number', id: first(sampled) }),
  clock_backwards: ({ now }) => ({ now, asked: now - MINUTE_MS }),
  not_in_this_mode: () => ({ needed: 'production' }),
  rate_limited: ({ retrySeconds }) => ({ retrySeconds, per: 'credential', limit: 500, current: 500 }),
  overloaded: ({ retrySeconds }) => ({ retrySeconds }),
  timeout: () => ({ ms: 10_000 }),
  temporarily_unavailable: () => ({}),
  internal: ({ reference }) => ({ reference }),
}

export const FAULT_CODES = Object.keys(samples) as [FaultCode, ...FaultCode[]]

export function sampleOf<C extends FaultCode>(code: C, sampled: Sampled): FaultDetails[C] {
  return samples[code](sampled)
}
