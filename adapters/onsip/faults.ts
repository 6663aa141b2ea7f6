/** Faults → the provider's error codes. One error per answer, HTTP 200 but for transport and failed Basic credentials. */
import type { Fault } from '../../core/ground/fault.ts'
import type { FaultTable, Inbound, Reply } from '../kit/dialect.ts'
import { table } from '../kit/table.ts'
import type { ActionError, Outcome, RequestError } from './wire/envelope.ts'

const MESSAGES = table({
  'Action.Unrecognized': 'There is no such action.',
  'Address.Unavailable': 'This address is taken.',
  'Address.Unrecognized': 'There is no such address.',
  'AuthUsername.Unavailable': 'This name is taken.',
  'Boolean.Invalid': 'Use true or false.',
  'Domain.Unrecognized': 'There is no such domain.',
  'Integer.Invalid': 'Use a whole number.',
  'Integer.TooBig': 'The number is too big.',
  'Integer.TooSmall': 'The number is too small.',
  'Mailbox.Unavailable': 'This mailbox is taken.',
  'OrderBy.Unrecognized': 'The list cannot be ordered by this field.',
  'UserAlias.Unavailable': 'This alias is taken.',
  'UserAlias.Unrecognized': 'There is no such alias.',
  'Value.Conflict': 'This does not agree with another parameter.',
  'Value.Invalid': 'The value is not allowed.',
  'Value.Required': 'A value is required.',
})

const CODE = /^[A-Z][A-Za-z0-9]*\.[A-Z][A-Za-z0-9]*$/

/** What one action words by itself. */
export function requestError(
  parameter: string,
  code: string,
  more: Partial<RequestError> & Pick<Reply, 'status' | 'headers'> = {},
): Reply {
  const { status, headers, ...rest } = more
  const error: RequestError = { parameter, code, message: MESSAGES[code] ?? code, ...rest }
  return { ...(status && { status }), ...(headers && { headers }), body: { requestError: error } satisfies Outcome }
}

function actionError(error: ActionError): Reply {
  return { body: { actionError: error } satisfies Outcome }
}

function exception(text: string): Reply {
  return { body: { exception: text } satisfies Outcome }
}

/** Foreign and unknown answer the same. */
function denied(): Reply {
  return actionError({ code: 'AccountAuthorization.Required', message: 'You are not authorized to do this.' })
}

/** Transport and readability: there is no better parameter to name. */
function refused(code: string, message: string, status?: number, headers?: Record<string, string>): Reply {
  return requestError('Action', code, { message, ...(status && { status }), ...(headers && { headers }) })
}

/** Only Basic credentials are refused with 401: clients of sessions treat any other status than 200 as no answer. */
function challenge({ notes }: Inbound): Pick<Reply, 'status' | 'headers'> {
  return notes.basic ? { status: 401, headers: { 'www-authenticate': 'Basic realm="onsip", charset="UTF-8"' } } : {}
}

function invalidInput({ details }: Fault<'invalid_input'>): Reply {
  const [issue] = details.issues
  const parameter = issue?.field.split('.', 1)[0] || 'Action'
  const code = [issue?.code, issue?.message].find(text => text !== undefined && CODE.test(text))
  if (code) return requestError(parameter, code)
  return requestError(parameter, 'Value.Invalid', issue ? { message: issue.message } : {})
}

function unknownOperation({ details }: Fault<'unknown_operation'>): Reply {
  if (details.name === undefined) return requestError('Action', 'Value.Required')
  // Actions have no slash, so this is an address that is none of ours.
  if (details.name.startsWith('/')) return refused('Action.Unrecognized', 'There is nothing at this address.', 404)
  return requestError('Action', 'Action.Unrecognized')
}

function stateError(message: string): Reply {
  return actionError({ code: 'Resource.Unavailable', message })
}

export const faults: FaultTable = {
  invalid_input: invalidInput,
  unreadable_body: ({ details }) => refused('Value.Invalid', `The request cannot be read: ${details.reason}.`),
  body_too_large: ({ details }) => refused('Request.TooBig', `Send at most ${details.limit} bytes.`, 413),
  unsupported_media_type: () => refused('ContentType.Unsupported', 'Send a form, URL-encoded or multipart.', 415),
  method_not_allowed: ({ details }) =>
    refused('Method.NotAllowed', 'Use GET or POST.', 405, { allow: details.allowed.join(', ') }),
  unknown_operation: unknownOperation,
  unauthenticated: () => requestError('SessionId', 'Session.Authentication', { message: 'Log in first.' }),
  login_failed: (_, inbound) =>
    requestError('Password', 'Accessor.LoginFailed', {
      message: 'The user name or the password is wrong.',
      ...challenge(inbound),
    }),
  // Recorded like this for this code only: a Request error in a request that is called valid.
  login_locked: (_, inbound) =>
    requestError('Action', 'Accessor.LoginLocked', {
      message: 'Too many failed logins. Try again in 10 minutes.',
      isValid: true,
      ...challenge(inbound),
    }),
  forbidden: denied,
  not_found: ({ details }) => (details.what === 'address' ? requestError('Address', 'Address.Unrecognized') : denied()),
  name_taken: ({ details }) => {
    if (details.what === 'user') return requestError('AuthUsername', 'AuthUsername.Unavailable')
    if (details.what === 'resource') return requestError('Mailbox', 'Mailbox.Unavailable')
    return requestError('Username', 'Address.Unavailable')
  },
  number_unavailable: () => stateError('The number is not available.'),
  documents_required: () => stateError('The number needs documents.'),
  insufficient_funds: () =>
    actionError({ code: 'Account.InsufficientFunds', message: 'The balance does not cover this order.' }),
  wrong_state: () => stateError('This cannot be done in its present state.'),
  cool_off: () => stateError('This number rests for a while.'),
  limit_reached: ({ details }) =>
    actionError({ code: 'Resource.LimitReached', message: `The account may have ${details.limit} at most.` }),
  conflict: () => stateError('It was just changed by somebody else. Try again.'),
  clock_backwards: () => stateError('The clock cannot go backwards.'),
  not_in_this_mode: () => stateError('This cannot be done here.'),
  rate_limited: ({ details }) =>
    refused('Request.TooMany', 'Too many requests. Try again later.', 429, {
      'retry-after': String(details.retrySeconds),
    }),
  overloaded: ({ details }) =>
    refused('Request.Busy', 'Too much is being sent at once. Try again.', 503, {
      'retry-after': String(details.retrySeconds),
    }),
  temporarily_unavailable: () => exception('The service is not available just now. Try again in a while.'),
  timeout: () => exception('The request took too long.'),
  internal: ({ details }) => exception(`Internal error, reference ${details.reference}.`),
}
