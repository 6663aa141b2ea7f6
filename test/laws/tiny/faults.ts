import type { FaultTable, Reply } from '../../../adapters/kit/dialect.ts'
import type { Fault } from '../../../core/ground/fault.ts'

const said = (status: number, error: string) => (): Reply => ({ status, body: { error } })
const later =
  (status: number, error: string) =>
  ({ details }: Fault<'rate_limited' | 'overloaded'>): Reply => ({
    ...said(status, error)(),
    headers: { 'retry-after': String(details.retrySeconds) },
  })

export const faults = {
  invalid_input: said(400, 'invalid'),
  unreadable_body: said(400, 'unreadable'),
  body_too_large: said(413, 'too large'),
  unsupported_media_type: said(415, 'media type'),
  method_not_allowed: said(405, 'method'),
  unknown_operation: said(404, 'no such thing'),
  unauthenticated: said(401, 'who are you'),
  login_failed: said(401, 'who are you'),
  login_locked: said(401, 'who are you'),
  forbidden: said(403, 'not yours'),
  not_found: said(404, 'not here'),
  name_taken: said(409, 'taken'),
  number_unavailable: said(409, 'sold'),
  documents_required: said(409, 'needs papers'),
  insufficient_funds: said(402, 'money'),
  wrong_state: said(409, 'state'),
  cool_off: said(409, 'state'),
  limit_reached: said(409, 'limit'),
  conflict: said(409, 'again'),
  clock_backwards: said(409, 'clock'),
  not_in_this_mode: said(404, 'no such thing'),
  rate_limited: later(429, 'slower'),
  overloaded: later(503, 'busy'),
  timeout: said(503, 'slow'),
  temporarily_unavailable: said(503, 'later'),
  internal: said(500, 'us'),
} satisfies FaultTable
