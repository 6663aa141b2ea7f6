import type { Fault } from '../../core/ground/fault.ts'
import type { FaultTable, Reply } from '../kit/dialect.ts'
import { wrongMethod } from './wire/oauth.ts'

/** Google-style: `code` is the number of the status, `status` its word. */
export function failure(code: number, status: string, message: string, details: unknown[] = []): Reply {
  return { status: code, body: { error: { code, message, status, details } } }
}

interface Violation {
  field: string
  description: string
}

export function invalidArgument(violations: readonly Violation[]): Reply {
  const [first] = violations
  const details = [{ type: 'BadRequest', fieldViolations: violations }]
  return failure(400, 'INVALID_ARGUMENT', first ? `${first.field}: ${first.description}` : 'Invalid argument', details)
}

function resource(code: number, status: string, message: string, resourceType: string, name: string): Reply {
  const details = [{ type: 'ResourceInfo', resourceType, resourceName: name, owner: '', description: message }]
  return failure(code, status, message, details)
}

const RESOURCES: Partial<Record<Fault<'not_found'>['details']['what'], string>> = {
  number: 'AvailableNumber',
  lease: 'ActiveNumber',
  emergency_address: 'EmergencyAddress',
  order: 'NumberOrder',
  document: 'Attachment',
}

function notFound(what: string, id: string): Reply {
  return resource(404, 'NOT_FOUND', `Requested resource not found: ${id}`, what, id)
}

/** The SDK fetches a new token only when the header says that the old one has expired. */
function unauthenticated({ details }: Fault<'unauthenticated'>): Reply {
  const isExpired = details.reason === 'expired'
  const header = isExpired ? 'Bearer error="invalid_token", error_description="Jwt is expired"' : 'Bearer'
  const message = isExpired ? 'Jwt is expired' : 'Request had invalid authentication credentials.'
  return { ...failure(401, 'UNAUTHENTICATED', message), headers: { 'www-authenticate': header } }
}

const precondition = (message: string) => () => failure(409, 'FAILED_PRECONDITION', message)

export const faults = {
  invalid_input: ({ details }) =>
    invalidArgument(details.issues.map(({ field, message }) => ({ field, description: message }))),
  unreadable_body: ({ details }) =>
    invalidArgument([{ field: 'body', description: details.reason.replace(/^the body /, '') }]),
  body_too_large: () => failure(413, 'INVALID_ARGUMENT', 'The request body is too large.'),
  unsupported_media_type: () => failure(415, 'INVALID_ARGUMENT', 'The request body must be JSON.'),
  // of the token endpoint alone: elsewhere a method that is not known is not found
  method_not_allowed: ({ details }) => wrongMethod(details.allowed),
  unknown_operation: ({ details }) => failure(404, 'NOT_FOUND', `Requested resource not found: ${details.name ?? ''}`),
  unauthenticated,
  login_failed: () => failure(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.'),
  login_locked: () => failure(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.'),
  forbidden: () => resource(403, 'PERMISSION_DENIED', 'Permission denied on this project.', 'Project', ''),
  not_found: ({ details }) => notFound(RESOURCES[details.what] ?? details.what, details.id),
  name_taken: precondition('The resource exists already.'),
  number_unavailable: ({ details }) => notFound('AvailableNumber', details.e164s[0] ?? 'no number matches'),
  documents_required: ({ details }) =>
    invalidArgument([{ field: 'phoneNumber', description: `${details.e164s[0]} needs a number order with documents` }]),
  insufficient_funds: () => failure(402, 'FAILED_PRECONDITION', 'The balance of the account is too low.'),
  wrong_state: precondition('The resource is not in a state that allows this.'),
  cool_off: precondition('The resource is not in a state that allows this.'),
  limit_reached: () => failure(429, 'RESOURCE_EXHAUSTED', 'Too many requests.'),
  conflict: precondition('The resource was changed meanwhile.'),
  clock_backwards: precondition('The clock does not go backwards.'),
  not_in_this_mode: () => failure(404, 'NOT_FOUND', 'Requested resource not found.'),
  rate_limited: ({ details }) => ({
    ...failure(429, 'RESOURCE_EXHAUSTED', 'Too many requests.'),
    headers: { 'retry-after': String(details.retrySeconds) },
  }),
  overloaded: ({ details }) => ({
    ...failure(503, 'UNAVAILABLE', 'The service is busy, try again.'),
    headers: { 'retry-after': String(details.retrySeconds) },
  }),
  temporarily_unavailable: () => failure(503, 'UNAVAILABLE', 'The service is currently unavailable.'),
  timeout: () => failure(500, 'INTERNAL', 'The request took too long.'),
  internal: fault => failure(500, 'INTERNAL', `Internal error, reference ${fault.details.reference}`),
} satisfies FaultTable
