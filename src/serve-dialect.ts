import * as v from 'valibot'
import type { CallbackProblem } from '../adapters/kit/callback-url.ts'
import type { Arrival, Call, Dialect, Inbound, Operation, Reply } from '../adapters/kit/dialect.ts'
import { Fault, type FaultCode, type Issue } from '../core/fault.ts'
import type { Caller } from '../core/model.ts'
import type { Core } from '../core/verbs.ts'

/** What was answered, for logs and metrics. */
export interface Answered {
  inbound: Inbound
  response: Response
  /** What the client was told went wrong. */
  fault?: Fault
  /** Our own failure behind an internal fault: for the log, never for the client. */
  cause?: unknown
}

export interface ServeOptions {
  dialect: Dialect
  core: Core
  callbackProblem: CallbackProblem
}

export type Serve = (arrival: Arrival, onAnswer?: (answered: Answered) => void) => Promise<Response>

const OK = 200

const MISSING = 'undefined'
const CHOICES = new Set(['picklist', 'enum', 'literal', 'variant'])
const TOO_SMALL = new Set(['min_value', 'min_length', 'non_empty', 'gt_value', 'min_size', 'not_empty'])
const TOO_BIG = new Set(['max_value', 'max_length', 'lt_value', 'max_size', 'max_bytes'])

function problemOf(issue: v.BaseIssue<unknown>): Issue['problem'] {
  if (issue.kind === 'schema') {
    if (issue.input === undefined || issue.received === MISSING) return 'missing'
    if (issue.type === 'strict_object' && issue.expected === 'never') return 'unknown'
    return CHOICES.has(issue.type) ? 'not_allowed' : 'type'
  }
  if (TOO_SMALL.has(issue.type)) return 'too_small'
  return TOO_BIG.has(issue.type) ? 'too_big' : 'format'
}

function toIssue(issue: v.BaseIssue<unknown>): Issue {
  return { field: v.getDotPath(issue) ?? '', problem: problemOf(issue), message: issue.message }
}

async function validate(call: Call, operation: Operation, collectIssues: boolean): Promise<unknown> {
  const schema = typeof operation.input === 'function' ? operation.input(call) : operation.input
  const options = { abortEarly: !collectIssues, abortPipeEarly: true }
  const { fields } = call.inbound
  // most rules ask nobody; waiting at every member would cost more than they do
  const result = schema.async ? await v.safeParseAsync(schema, fields, options) : v.safeParse(schema, fields, options)
  if (result.success) return result.output
  throw new Fault('invalid_input', { issues: result.issues.map(toIssue) })
}

const BAD_CREDENTIALS = new Set<FaultCode>(['unauthenticated', 'login_failed', 'login_locked'])

async function identify(dialect: Dialect, core: Core, inbound: Inbound, operation: Operation) {
  try {
    const caller = await dialect.identify(inbound, core)
    if (caller || operation.caller !== 'required') return caller
  } catch (error) {
    if (operation.caller === 'lenient' && error instanceof Fault && BAD_CREDENTIALS.has(error.code)) return undefined
    throw error
  }
  throw new Fault('unauthenticated', { reason: 'missing' })
}

/** A restricted key names what it may do; an unrestricted one names nothing. */
function checkScope(operation: Operation, caller: Caller | undefined): void {
  if (!operation.scope || !caller || caller.scopes.length === 0) return
  if (!caller.scopes.includes(operation.scope)) throw new Fault('forbidden', { reason: 'scope' })
}

async function handle({ dialect, core, callbackProblem }: ServeOptions, inbound: Inbound): Promise<Reply> {
  if (inbound.fault && !inbound.faultAfterCaller) {
    // who asks is still told in the answer, where it can be
    const caller = await dialect.identify(inbound, core).catch(() => undefined)
    if (caller) inbound.caller = caller
    throw inbound.fault
  }
  const { operation } = inbound
  if (!operation) throw new Fault('unknown_operation', {})
  const caller = await identify(dialect, core, inbound, operation)
  if (caller) inbound.caller = caller
  checkScope(operation, caller)
  if (inbound.fault) throw inbound.fault
  const call = { core, inbound, caller, callbackProblem } as Call
  return operation.handle(call, await validate(call, operation, dialect.collectIssues === true))
}

function wordFault(dialect: Dialect, inbound: Inbound, fault: Fault): Reply {
  const own = inbound.operation?.faults?.[fault.code]
  const word = (own ?? dialect.faults[fault.code]) as (fault: Fault<FaultCode>, inbound: Inbound) => Reply
  return word(fault, inbound)
}

/** The headers are a plain object made for this answer: the wire adds its own to it, the host writes it as it is. */
function write(dialect: Dialect, { status, headers, body }: Reply, inbound: Inbound): Response {
  const all: Record<string, string> = { ...headers }
  Object.assign(all, dialect.headers)
  all['x-request-id'] = inbound.requestId
  const response = dialect.wire.write({ status: status ?? OK, headers: all, body }, inbound)
  return inbound.request.method === 'HEAD' ? new Response(null, response) : response
}

async function answer(options: ServeOptions, inbound: Inbound): Promise<Answered> {
  const { dialect } = options
  try {
    return { inbound, response: write(dialect, await handle(options, inbound), inbound) }
  } catch (error) {
    // a reply that cannot be written is our own failure, as much as a handler that breaks
    const isFault = error instanceof Fault
    const fault = isFault ? error : new Fault('internal', { reference: inbound.requestId })
    const response = write(dialect, wordFault(dialect, inbound, fault), inbound)
    return { inbound, response, fault, cause: isFault ? undefined : error }
  }
}

/** The one road of every request: match → read → identify → validate → handle → write; faults are worded on the way. */
export function createServe(options: ServeOptions): Serve {
  const { dialect } = options
  return async (arrival, onAnswer) => {
    const preflight = dialect.preflight?.(arrival.request)
    if (preflight) return preflight
    const inbound = await dialect.wire.read(arrival, dialect.wire.match(arrival))
    const answered = await answer(options, inbound)
    onAnswer?.(answered)
    return answered.response
  }
}
