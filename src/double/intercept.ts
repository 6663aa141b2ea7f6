/** Between the reading and the handling of a request: is it to fail on demand, and how? */
import * as v from 'valibot'
import { BODILESS } from '../../adapters/kit/bodiless.ts'
import type { Dialect, Inbound } from '../../adapters/kit/dialect.ts'
import { issueWords } from '../../adapters/kit/issue-words.ts'
import { Fault, type FaultCode, type Issue } from '../../core/ground/fault.ts'
import { why } from '../../core/ground/why.ts'
import type { Pauses } from './pauses.ts'
import { LONGEST_DELAY_MS, type Then, thenSchema } from './rule-schema.ts'
import { delayOf, draws, type Rules } from './rules.ts'
import { sampleOf } from './samples.ts'
import { numbersSent } from './sent-numbers.ts'

/** Of one request alone: a code of the catalogue, or the JSON of `then`. */
export const FAULT_HEADER = 'x-didgate-fault'
const RETRY_SECONDS = 1
const ON_DEMAND = 'a fault on demand'

/** What is left to be done to the answer, by request. */
export type Fates = WeakMap<Inbound, Then>

export interface Intercepting {
  rules: Rules
  pauses: Pauses
  fates: Fates
  now(): number
}

const draw = draws(1)

function refused(message: string): Fault {
  const issue: Issue = { field: FAULT_HEADER, problem: 'format', message }
  return new Fault('invalid_input', { issues: [issue] })
}

/** Faults: invalid_input. */
function thenOf(header: string): Then {
  let value: unknown = { fault: header.trim() }
  if (header.trimStart().startsWith('{')) {
    try {
      value = JSON.parse(header)
    } catch {
      throw refused('is neither a code of the catalogue nor JSON')
    }
  }
  const result = v.safeParse(thenSchema, value, { message: issueWords })
  if (!result.success) throw refused(result.issues[0].message)
  if (result.output.callback !== undefined) throw refused('speaks of callbacks, which have no request')
  return result.output
}

const operationsOf = ({ operation }: Inbound) => (operation ? [operation.on].flat() : [])

export function accountNames({ caller }: Inbound): (string | number)[] {
  if (!caller) return []
  const { id, handle, guid } = caller.account
  return [id, handle, guid]
}

function planOf(dialect: Dialect, inbound: Inbound, rules: Rules): { effect: Then; delayMs: number } | undefined {
  const header = inbound.request.headers.get(FAULT_HEADER)
  if (header !== null) {
    const effect = thenOf(header)
    return { effect, delayMs: delayOf(effect.delay_ms, LONGEST_DELAY_MS, draw) }
  }
  if (rules.isEmpty()) return undefined
  let numbers: string[] | undefined
  return rules.decide({
    dialect: dialect.name,
    operations: operationsOf(inbound),
    account: accountNames(inbound),
    numbers: () => (numbers ??= numbersSent(inbound)),
  })
}

function faultOf(code: FaultCode, then: Then, inbound: Inbound, now: number): Fault {
  const sampled = {
    e164s: numbersSent(inbound),
    now,
    retrySeconds: then.retry_after ?? RETRY_SECONDS,
    reference: inbound.requestId,
  }
  const reason = why(ON_DEMAND, `${code} was asked for by a rule, or by the header ${FAULT_HEADER}`, { fault: code })
  return new Fault(code, sampleOf(code, sampled), { why: reason })
}

/** An answer that ends with its head must not announce more (RFC 9110, 8.6). */
const OF_BODIES = new Set(['content-length', 'transfer-encoding'])

function answerOf({ status = 200, headers, body }: Then): Response {
  const isText = typeof body === 'string'
  const isEmpty = BODILESS.has(status)
  const content = body === undefined || isEmpty ? null : isText ? body : JSON.stringify(body)
  const type: Record<string, string> =
    content === null ? {} : { 'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json' }
  const own = Object.entries(headers ?? {}).map(([name, value]): [string, string] => [name.toLowerCase(), value])
  const sent = isEmpty ? own.filter(([name]) => !OF_BODIES.has(name)) : own
  return new Response(content, { status, headers: { ...type, ...Object.fromEntries(sent) } })
}

async function bring(then: Then, delayMs: number, inbound: Inbound, { pauses, fates, now }: Intercepting) {
  if (delayMs > 0) await pauses.pause(delayMs)
  // whoever is not let in is nobody: an answer that shows a session as well would contradict itself
  if (then.fault === 'unauthenticated') delete inbound.caller
  if (then.fault !== undefined) throw faultOf(then.fault, then, inbound, now())
  if (then.status !== undefined) {
    const response = answerOf(then)
    if (typeof then.body === 'string') inbound.written = then.body
    else if (then.body !== undefined) inbound.written = JSON.stringify(then.body)
    return response
  }
  fates.set(inbound, then)
  // never sent: the connection ends before it
  return then.drop === 'before' ? new Response(null, { status: 503 }) : undefined
}

/** Undefined: nothing is to happen, which costs nothing to find out. Throws the fault to be worded by the dialect. */
export function createIntercept(options: Intercepting) {
  return (dialect: Dialect, inbound: Inbound): Promise<Response | undefined> | undefined => {
    const plan = planOf(dialect, inbound, options.rules)
    return plan && bring(plan.effect, plan.delayMs, inbound, options)
  }
}
