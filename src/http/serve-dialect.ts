import * as v from 'valibot'
import { type BodyBudget, createBodyBudget } from '../../adapters/kit/body-budget.ts'
import type { CallbackProblem } from '../../adapters/kit/callback-rules.ts'
import type { Arrival, Call, Dialect, Inbound, Match, Operation, Reply } from '../../adapters/kit/dialect.ts'
import { issueWords } from '../../adapters/kit/issue-words.ts'
import { cutIssues, MAX_ISSUES } from '../../adapters/kit/limits.ts'
import { isReading } from '../../adapters/kit/scopes.ts'
import { Fault, type FaultCode, type Issue, isFault } from '../../core/ground/fault.ts'
import type { Caller } from '../../core/ground/model.ts'
import type { Core } from '../../core/verbs.ts'
import type { Limits } from '../limits/limits.ts'

/** What was answered, for logs and metrics. */
export interface Answered {
  dialect: Dialect
  inbound: Inbound
  response: Response
  /** As they were written. */
  headers: Readonly<Record<string, string>>
  /** The body of the request, if it was read to its end. */
  sent?: Uint8Array | undefined
  /** What the client was told went wrong. */
  fault?: Fault
  /** Our own failure behind an internal fault: for the log, never for the client. */
  cause?: unknown
}

/** By the first of its names. */
export function operationOf(answered: Answered | undefined): string | undefined {
  const on = answered?.inbound.operation?.on
  return typeof on === 'string' ? on : on?.[0]
}

export interface ServeOptions {
  dialect: Dialect
  core: Core
  /** Shared by all dialects of a process. */
  bodies?: BodyBudget
  callbackProblem: CallbackProblem
  /**
   * A look at each request once all is known of it and before anything is done: what it throws is answered in place of
   * all else, refusals too, and so is the answer that it gives. Undefined: it goes its way.
   */
  intercept?: ((dialect: Dialect, inbound: Inbound) => Promise<Response | undefined> | undefined) | undefined
  /** Against floods; undefined: none. */
  limits?: Limits | undefined
  /** What callers change is written down with them. */
  isTracing?: boolean | undefined
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

type Parsed = v.SafeParseResult<v.GenericSchema>

/** Most rules ask nobody; waiting at every member would cost more than they do. */
function validate(call: Call, operation: Operation, collectIssues: boolean): unknown {
  const schema = typeof operation.input === 'function' ? operation.input(call) : operation.input
  const options = { abortEarly: !collectIssues, abortPipeEarly: true, message: issueWords }
  const { fields } = call.inbound
  if (schema.async) return v.safeParseAsync(schema, fields, options).then(outputOf)
  return outputOf(v.safeParse(schema, fields, options))
}

function outputOf(result: Parsed): unknown {
  if (result.success) return result.output
  throw new Fault('invalid_input', { issues: cutIssues(result.issues).map(toIssue) })
}

const BAD_CREDENTIALS = new Set<FaultCode>(['unauthenticated', 'login_failed', 'login_locked'])

/** Whoever need not say who he is may be wrong about it. */
function forgive({ caller }: Operation, error: unknown): void {
  if (caller !== 'lenient' || !(error instanceof Fault) || !BAD_CREDENTIALS.has(error.code)) throw error
}

/** A restricted credential names what it may do; an unrestricted one names nothing. */
function checkScope({ scope }: Operation, caller: Caller | undefined): void {
  if (!caller || caller.scopes.length === 0 || scope === 'open') return
  if (scope === undefined || !caller.scopes.includes(scope)) throw new Fault('forbidden', { reason: 'scope' })
}

/** Who asks, and may it ask this? */
async function admit({ dialect, core, isTracing }: ServeOptions, inbound: Inbound, operation: Operation) {
  let caller: Caller | undefined
  try {
    caller = await (operation.identify ?? dialect.identify)(inbound, core)
  } catch (error) {
    forgive(operation, error)
  }
  if (!caller && operation.caller === 'required') throw new Fault('unauthenticated', { reason: 'missing' })
  // callers are kept and shared: what one request changes is written down with its own
  const mayChange = isTracing && !isReading(operation.scope)
  if (caller) inbound.caller = mayChange ? { ...caller, trace: { changes: [], eventIds: [] } } : caller
  checkScope(operation, caller)
}

function unlessLimited(error: unknown): undefined {
  if (isFault(error, 'rate_limited')) throw error
}

/** Of a request for nothing that is known, who asks is told in the answer, where it can be. */
async function refuse(dialect: Dialect, core: Core, inbound: Inbound): Promise<never> {
  if (isFault(inbound.fault, 'rate_limited')) throw inbound.fault
  const caller = await dialect.identify(inbound, core).catch(unlessLimited)
  if (caller) inbound.caller = caller
  throw inbound.fault ?? new Fault('unknown_operation', {})
}

/** Whoever was let in before a body that took this long is looked at again after it. */
const SLOW_BODY_MS = 1_000

type ReadBody = (() => Promise<unknown>) | undefined

/** Faults: whatever is wrong with who asks, and with what could not be read. */
async function prepare(options: ServeOptions, inbound: Inbound, read: ReadBody): Promise<Operation> {
  const { operation } = inbound
  if (inbound.fault || !operation) return refuse(options.dialect, options.core, inbound)
  await admit(options, inbound, operation)
  if (read) {
    const startedAt = performance.now()
    await read()
    if (performance.now() - startedAt > SLOW_BODY_MS) await admit(options, inbound, operation)
    if (inbound.fault) throw inbound.fault
  }
  return operation
}

/** Whoever is refused may be answered on demand as well. */
async function prepareOrLook(options: ServeOptions, inbound: Inbound, read: ReadBody): Promise<Operation | Response> {
  const { dialect, intercept } = options
  let refusal: unknown
  let operation: Operation | undefined
  try {
    operation = await prepare(options, inbound, read)
  } catch (error) {
    refusal = error
  }
  const looking = intercept?.(dialect, inbound)
  const instead = looking && (await looking)
  if (instead) return instead
  if (operation) return operation
  throw refusal
}

async function handle(options: ServeOptions, inbound: Inbound, read: ReadBody): Promise<Reply | Response> {
  const { dialect, core, callbackProblem } = options
  const prepared = options.intercept
    ? await prepareOrLook(options, inbound, read)
    : await prepare(options, inbound, read)
  if (prepared instanceof Response) return prepared
  const operation = prepared
  const call = { core, inbound, caller: inbound.caller, callbackProblem } as Call
  const input = validate(call, operation, dialect.collectIssues === true)
  return await operation.handle(call, input instanceof Promise ? await input : input)
}

/** However many mistakes a handler found, an answer tells the first. */
function told(fault: Fault): Fault {
  if (!isFault(fault, 'invalid_input') || fault.details.issues.length <= MAX_ISSUES) return fault
  return new Fault('invalid_input', { issues: cutIssues(fault.details.issues) })
}

function wordFault(dialect: Dialect, inbound: Inbound, fault: Fault): Reply {
  const own = inbound.operation?.faults?.[fault.code]
  const word = (own ?? dialect.faults[fault.code]) as (fault: Fault<FaultCode>, inbound: Inbound) => Reply
  return word(fault, inbound)
}

/** The headers are a plain object made for this answer: the wire adds its own to it, the host writes it as it is. */
function write(dialect: Dialect, { status, headers, body }: Reply, inbound: Inbound) {
  const all: Record<string, string> = { ...headers }
  Object.assign(all, dialect.headers)
  // answers hold secrets, and what somebody owns: kept by nobody on the way, and read as nothing else than they say
  all['cache-control'] ??= 'no-store'
  all['x-content-type-options'] = 'nosniff'
  all['x-request-id'] = inbound.requestId
  const response = dialect.wire.write({ status: status ?? OK, headers: all, body }, inbound)
  return { headers: all, response: inbound.request.method === 'HEAD' ? new Response(null, response) : response }
}

async function answer(options: ServeOptions, inbound: Inbound, read?: ReadBody): Promise<Answered> {
  const { dialect } = options
  try {
    const reply = await handle(options, inbound, read)
    // made on demand, and sent as it is
    if (reply instanceof Response)
      return { dialect, inbound, response: reply, headers: Object.fromEntries(reply.headers) }
    const { response, headers } = write(dialect, reply, inbound)
    return { dialect, inbound, response, headers }
  } catch (error) {
    // a reply that cannot be written is our own failure, as much as a handler that breaks
    const isOurs = error instanceof Fault
    const fault = isOurs ? told(error) : new Fault('internal', { reference: inbound.requestId })
    const { response, headers } = write(dialect, wordFault(dialect, inbound, fault), inbound)
    return { dialect, inbound, response, headers, fault, cause: isOurs ? undefined : error }
  }
}

/** Looked at before anything else, so that a flood costs as little as it can. */
function matched({ dialect, limits }: ServeOptions, arrival: Arrival): Match {
  const match = dialect.wire.match(arrival)
  if (!limits) return match
  try {
    limits.checkAddress({ source: arrival.source ?? '', surface: dialect.name })
    return match
  } catch (error) {
    return { ...match, fault: error as Fault }
  }
}

function serve(all: ServeOptions, arrival: Arrival): Promise<Answered> {
  const { dialect, limits, core } = all
  const { wire } = dialect
  const match = matched(all, arrival)
  const who = { source: arrival.source ?? '', surface: dialect.name }
  const options = limits ? { ...all, core: limits.coreFor(core, who) } : all
  const opened = wire.open?.(arrival, match)
  if (!opened) return wire.read(arrival, match).then(inbound => answer(options, inbound))
  return answer(options, opened, () => wire.read(arrival, match, opened))
}

/**
 * The one road of every request but OPTIONS: match → identify → read → validate → handle → write, or read before
 * identify where the body may tell who asks; faults are worded on the way.
 */
export function createServe(options: ServeOptions): Serve {
  const { dialect, bodies = createBodyBudget() } = options
  return async (arrival, onAnswer) => {
    if (arrival.request.method === 'OPTIONS') {
      return dialect.preflight?.(arrival.request) ?? dialect.wire.options(arrival)
    }
    arrival.bodies = bodies.open()
    try {
      const answered = await serve(options, arrival)
      answered.sent = arrival.bodies.read
      onAnswer?.(answered)
      return answered.response
    } finally {
      arrival.bodies.release()
    }
  }
}
