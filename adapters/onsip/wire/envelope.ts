/** The envelope around every answer: what was received, who asked, and what became of it. */
import type { Clock } from '../../../core/verbs.ts'
import { type ActionValue, isActionArray } from '../../kit/action-values.ts'
import type { Inbound, Reply } from '../../kit/dialect.ts'
import { branch, leaf, type XmlNode } from '../../kit/xml.ts'
import { roleName } from '../ids.ts'
import { appliedDefaults } from '../ways/defaults.ts'
import { time } from './text.ts'

/** Bad input or no session; the request counts as invalid, but for a lock-out. */
export interface RequestError {
  parameter: string
  code: string
  message: string
  isValid?: true
}

/** Understood, but not permitted or not possible. */
export interface ActionError {
  code: string
  message: string
}

/** What handlers and the fault table put into `Reply.body`. */
export type Outcome =
  | { result: XmlNode }
  | { requestError: RequestError }
  | { actionError: ActionError }
  | { exception: string }

/** NCName of XML: a parameter with any other name cannot be shown and is left out of the echo. */
const NAME_START =
  'A-Z_a-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u3001-\\ud7ff\\uf900-\\ufdcf'
const NC_NAME = new RegExp(`^[${NAME_START}][${NAME_START}\\-.0-9\\u00b7\\u0300-\\u036f]*$`, 'u')
const MASK = '******'
/** Characters of the echo; a parameter that finds no room is left out. An answer is not to be many times its question. */
const ECHO_ROOM = 200_000

export function envelope(clock: Clock): (reply: Reply, inbound: Inbound) => XmlNode {
  return (reply, inbound) => {
    const outcome = reply.body as Outcome
    if ('exception' in outcome) return { name: 'Exception', text: outcome.exception, cdata: true }
    const context = branch('Context', [action(outcome), request(outcome, inbound, clock.now()), session(inbound)])
    const result = 'result' in outcome ? [branch('Result', [outcome.result])] : []
    return branch('Response', [context, ...result])
  }
}

function action(outcome: Outcome): XmlNode {
  const errors = 'actionError' in outcome ? [error(outcome.actionError)] : []
  return branch('Action', [leaf('IsCompleted', 'result' in outcome), ...errors])
}

function request(outcome: Outcome, inbound: Inbound, now: number): XmlNode {
  const failure = 'requestError' in outcome ? outcome.requestError : undefined
  const parameters = echo(inbound)
  return branch('Request', [
    leaf('IsValid', failure === undefined || failure.isValid === true),
    leaf('DateTime', time(now)),
    leaf('Duration', Math.max(0, Math.round(performance.now() - inbound.startedAt))),
    ...(parameters.length > 0 ? [branch('Parameters', parameters)] : []),
    ...(failure ? [error(failure, failure.parameter)] : []),
  ])
}

/** One error per answer: clients cast Errors/Error to a single object. */
function error({ code, message }: ActionError, parameter?: string): XmlNode {
  const where = parameter === undefined ? [] : [leaf('Parameter', parameter)]
  return branch('Errors', [branch('Error', [...where, leaf('Code', code), leaf('Message', message)])])
}

/** Received parameters in their order, then the defaults that were applied, in failed answers too. */
function echo(inbound: Inbound): XmlNode[] {
  const received = inbound.received as [string, ActionValue][]
  const defaults = Object.entries(inbound.applied ?? appliedDefaults(inbound)).map(
    ([name, value]) => [name, String(value)] as const,
  )
  let room = ECHO_ROOM
  return [...received, ...defaults]
    .filter(([name]) => NC_NAME.test(name))
    .filter(([name, value]) => {
      const needed = roomOf(name, value)
      const fits = needed <= room
      if (fits) room -= needed
      return fits
    })
    .map(([name, value]) => parameter(name, value))
}

/** What the elements around a value take, in characters. */
const AROUND = 50

function roomOf(name: string, value: ActionValue): number {
  const own = name.length + AROUND
  if (!isActionArray(value)) return own + value.length
  return [...value.elements].reduce((sum, [key, each]) => sum + roomOf(key, each), own)
}

function parameter(name: string, value: ActionValue): XmlNode {
  return branch('Parameter', [leaf('Name', name), isSecret(name) ? leaf('Value', MASK) : content(value)])
}

function content(value: ActionValue): XmlNode {
  if (!isActionArray(value)) return leaf('Value', value)
  const elements = [...value.elements].map(([key, each]) =>
    branch('Element', [leaf('Key', key), isSecret(key) ? leaf('Value', MASK) : content(each)]),
  )
  return branch('Array', [branch('Elements', elements)])
}

/** Passwords are never repeated, whatever the case of the name. */
function isSecret(name: string): boolean {
  return /password/i.test(name)
}

function session({ caller, notes }: Inbound): XmlNode {
  const userId = caller?.actor.userId
  if (!caller || !userId) return branch('Session', [leaf('IsEstablished', false)])
  return branch('Session', [
    leaf('IsEstablished', true),
    ...(typeof notes.sessionId === 'string' ? [leaf('SessionId', notes.sessionId)] : []),
    leaf('UserId', userId),
    roles(caller.actor.role),
  ])
}

export function roles(role: Parameters<typeof roleName>[0]): XmlNode {
  return branch('Roles', [branch('Role', [leaf('Name', roleName(role))])])
}
