import { Fault, type Issue } from '../../core/ground/fault.ts'
import type { FaultTable, Inbound, Reply } from '../kit/dialect.ts'
import type { XmlNode } from '../kit/xml.ts'
import { doc, el } from './wire/nodes.ts'

/** One mistake in the provider's words. */
export interface Mistake {
  code?: number
  description: string
  /** The telephone number that it is about. */
  tn?: string
}

/** How a family of endpoints says what is wrong. */
type Shape = (mistakes: readonly Mistake[], inbound: Inbound) => XmlNode

const LIST = 'TelephoneNumberList.'

export function mistake(code: number, message: string, tn?: string): Issue {
  return { field: tn === undefined ? '' : `${LIST}${tn}`, problem: 'format', message, code: String(code) }
}

export function refuseAll(issues: readonly Issue[]): never {
  throw new Fault('invalid_input', { issues })
}

/** The provider's own code for what is wrong with a request. */
export function refuse(code: number, message: string, tn?: string): never {
  return refuseAll([mistake(code, message, tn)])
}

export function mistakesOf(issues: readonly Issue[]): Mistake[] {
  return issues.map(({ field, message, code }) => ({
    code: Number(code ?? 5002),
    description: code === undefined ? `Validation error: ${message}` : message,
    ...(field.startsWith(LIST) && { tn: field.slice(LIST.length) }),
  }))
}

const VALIDATION = 5002

function unknown({ details }: Fault<'not_found'>): Mistake {
  const { what, id } = details
  if (what === 'number') return { code: 4017, description: `The telephone number '${id}' does not exist` }
  if (what === 'hold') return { code: 5043, description: 'The reservation was not found' }
  if (what === 'resource' && id.startsWith('site ')) {
    return { code: 12016, description: `Site '${id.slice(5)}' does not exist` }
  }
  return { description: 'The resource does not exist' }
}

function wrongState({ details }: Fault<'wrong_state'>): Mistake {
  if (details.what === 'order') return { code: 5060, description: 'Only Backordered order can be closed.' }
  return { code: 1004, description: 'The state of the resource does not allow this' }
}

const busy = 'The service is busy, please try again'

/** Every fault of the core, in one of the provider's shapes. */
export function tableOf(shape: Shape): FaultTable {
  const reply = (
    to: Inbound,
    status: number,
    mistakes: readonly Mistake[],
    headers?: Record<string, string>,
  ): Reply => ({
    status,
    body: shape(mistakes, to),
    ...(headers && { headers }),
  })
  const said = (status: number, code: number | undefined, description: string) => (_: unknown, to: Inbound) =>
    reply(to, status, [{ ...(code !== undefined && { code }), description }])
  const later = (to: Inbound, status: number, description: string, seconds: number) =>
    reply(to, status, [{ description }], { 'retry-after': String(seconds) })
  const gone = said(404, undefined, 'The resource does not exist')
  const stranger = () => ({ status: 401, headers: { 'www-authenticate': 'Basic realm="Bandwidth"' } })
  return {
    invalid_input: ({ details }, to) => reply(to, 400, mistakesOf(details.issues)),
    unreadable_body: ({ details }, to) =>
      reply(to, 400, [{ code: VALIDATION, description: `Validation error: ${details.reason}` }]),
    body_too_large: said(413, VALIDATION, 'Validation error: the document is too large'),
    unsupported_media_type: said(415, VALIDATION, 'Validation error: send application/xml in UTF-8'),
    method_not_allowed: ({ details }, to) =>
      reply(to, 405, [{ description: 'The method is not allowed' }], { allow: details.allowed.join(', ') }),
    unknown_operation: gone,
    unauthenticated: stranger,
    login_failed: stranger,
    login_locked: stranger,
    // an account of the caller's that is locked is told as such, any other not at all
    forbidden: ({ details }, to) =>
      details.reason === 'inactive'
        ? reply(to, 400, [{ code: 5012, description: 'The account is locked and the operation is not permissible' }])
        : { status: 403 },
    not_found: (fault, to) => reply(to, 404, [unknown(fault)]),
    name_taken: said(409, VALIDATION, 'Validation error: the name is taken'),
    number_unavailable: said(400, 5041, 'Reservation failed: telephone number not available'),
    documents_required: said(400, 5041, 'Reservation failed: telephone number not available'),
    insufficient_funds: said(400, 5003, 'Provisioning Failure'),
    wrong_state: (fault, to) => reply(to, 400, [wrongState(fault)]),
    cool_off: said(400, 1004, 'The state of the resource does not allow this'),
    limit_reached: said(400, 5007, 'Exceeded Maximum Ordering Capacity'),
    rate_limited: ({ details }, to) =>
      later(to, 429, 'Too many requests, please try again later', details.retrySeconds),
    overloaded: ({ details }, to) => later(to, 503, busy, details.retrySeconds),
    temporarily_unavailable: said(503, undefined, busy),
    conflict: said(409, undefined, 'The resource was changed meanwhile'),
    clock_backwards: said(409, undefined, 'The clock goes forward only'),
    not_in_this_mode: gone,
    timeout: said(503, undefined, busy),
    internal: ({ details }, to) => reply(to, 500, [{ description: `Internal error, reference ${details.reference}` }]),
  } satisfies FaultTable
}

export const errorNode = ({ code, description, tn }: Mistake): XmlNode =>
  doc('Error', el('Code', code), el('Description', description), el('TelephoneNumber', tn))

/** Shape 1: of searches. */
export const searchFaults = (root: string) =>
  tableOf(([first]) => doc(root, errorNode(first ?? { description: 'Unknown error' })))

/** Shape 2: of orders. `echo`: what the refused document said. */
export const orderFaults = (root: string, echo?: (inbound: Inbound) => XmlNode | undefined) =>
  tableOf((mistakes, inbound) => doc(root, doc('ErrorList', ...mistakes.map(errorNode)), echo?.(inbound)))

export const statusNode = (root: string, { code, description, tn }: Mistake): XmlNode =>
  doc(root, doc('ResponseStatus', el('ErrorCode', code), el('Description', tn ? `${description}: ${tn}` : description)))

/** Shape 3: of single resources. */
export const statusFaults = (root: string) =>
  tableOf(([first]) => statusNode(root, first ?? { description: 'Unknown error' }))

/** Of moves: an element for each mistake. */
export const moveFaults = tableOf(mistakes =>
  doc(
    'MoveTnsOrderResponse',
    el('ProcessingStatus', 'FAILED'),
    ...mistakes.map(({ code, description }) => doc('Errors', el('Code', code), el('Description', description))),
  ),
)

export const faults = statusFaults('ErrorResponse')

export function notFound(what: Fault<'not_found'>['details']['what'], id: string): Fault<'not_found'> {
  return new Fault('not_found', { what, id })
}

/** Of one inbound request nothing else is known than that it may not be. */
export function forbidden(_?: Inbound): Fault<'forbidden'> {
  return new Fault('forbidden', { reason: 'account' })
}
