import type { GenericSchema, GenericSchemaAsync, InferOutput } from 'valibot'
import type { Fault, FaultCode } from '../../core/ground/fault.ts'
import type { Caller, NumberType } from '../../core/ground/model.ts'
import type { Core, CoreEvent, Delivery, EventKind } from '../../core/verbs.ts'
import type { BodyShare } from './body-budget.ts'
import type { CallbackProblem } from './callback-rules.ts'
import type { CredentialRules } from './credentials.ts'
import type { Demo } from './demo.ts'
import type { DriverModule } from './driver.ts'
import type { Reference } from './reference.ts'
import type { RulesModule } from './rules.ts'
import type { Scope } from './scopes.ts'

/** E0 inferred, E1 vendor document, E2 vendor schema or SDK accepts our answer, E3 compared with a recorded answer. */
export type Evidence = 'E0' | 'E1' | 'E2' | 'E3'

/** required: refuse without; optional: bad credentials are refused, none are fine; lenient: bad ones are ignored. */
export type CallerRule = 'required' | 'optional' | 'lenient'

/** What came in. It exists even when reading failed (`fault`), so that every answer can echo it. */
export interface Inbound {
  request: Request
  /** Public origin + mount, without trailing slash: for absolute links. */
  base: string
  /** Path after the mount. */
  pathname: string
  startedAt: number
  requestId: string
  /** The client's address, or its network where one party has many; empty: in process. */
  source: string
  operation?: Operation
  /** Reading or matching failed: answered after the pipeline has made everything an echo needs. */
  fault?: Fault
  /** What was sent is wrong: told only to those who may ask. */
  lateFault?: Fault
  // sources kept apart, in order of arrival
  path: Record<string, string>
  query: [string, string][]
  body: unknown
  /** Action wires: parameters as received, for the echo. */
  received: [string, unknown][]
  /** Convenience view; each wire documents how it merges. */
  fields: Record<string, unknown>
  caller?: Caller
  /** Defaults that were applied, for the echo. */
  applied?: Record<string, unknown>
  /** Room for what a dialect learns on the way (a session id, a wire profile). */
  notes: Record<string, unknown>
  /** The body of the answer as it was written, before any compression. Absent: empty, or a stream. */
  written?: string | Uint8Array | readonly Uint8Array[]
}

/**
 * What goes out. Names of headers are in lower case. `body`: Uint8Array, string or ReadableStream are sent as they are, undefined is empty, else the wire's own form. */
export interface Reply {
  status?: number
  headers?: Record<string, string>
  body?: unknown
}

/** Everything known before the body was read. */
export interface Match {
  operation?: Operation
  path: Record<string, string>
  fault?: Fault
}

/** What the host tells a wire about a request. */
export interface Arrival {
  request: Request
  base: string
  pathname: string
  startedAt: number
  requestId: string
  /** Absent: in process. */
  source?: string | undefined
  /** What its body may take beside those of others; absent: it is not counted. */
  bodies?: BodyShare
}

/** How operations are spoken. A wire never throws: what goes wrong is put into `fault`. */
export interface Wire {
  /** Route before body: limits and error words are the operation's. */
  match(arrival: Arrival): Match
  /**
   * All that is known before the body is read: who asks is judged by it, so that a body is read of those only who may
   * send one. Absent where the body itself may tell who asks.
   */
  open?(arrival: Arrival, match: Match): Inbound
  /** `opened`: what `open` gave. */
  read(arrival: Arrival, match: Match, opened?: Inbound): Promise<Inbound>
  /** The answer to OPTIONS where the dialect has none of its own. */
  options(arrival: Arrival): Response
  write(reply: Reply, inbound: Inbound): Response
}

/** What a handler gets. */
export interface Call<C extends CallerRule = CallerRule> {
  core: Core
  inbound: Inbound
  caller: C extends 'required' ? Caller : Caller | undefined
  /** What is wrong with a URL that is to be called back, by the host's rules for targets. */
  callbackProblem: CallbackProblem
}

/** Status → strict schema of the answer; XML wires name the grammar's define. 'empty': no body; 'binary': bytes. */
export type Answers = Readonly<Record<number, GenericSchema | string>>

export type FaultTable = { [C in FaultCode]: (fault: Fault<C>, inbound: Inbound) => Reply }

/** Asynchronous where a check asks the core. */
export type InputSchema = GenericSchema | GenericSchemaAsync

export interface Operation<S extends InputSchema = InputSchema, C extends CallerRule = CallerRule> {
  /** 'GET /v1/mydids/:id', several of them, or an action name such as 'DidEdit'. */
  on: string | readonly string[]
  caller: C
  evidence: Evidence
  /** Provider's names in, core values out. A function where the rule needs the caller or the core. */
  input: S | ((call: Call<C>) => S)
  answers: Answers | ((inbound: Inbound) => Answers)
  /** `limit` in bytes. `form`: a URL-encoded form beside JSON, or in its place. */
  body?: { limit?: number; multipart?: true; form?: true | 'only' }
  /** Where one endpoint knows its callers by other credentials than the rest. */
  identify?(inbound: Inbound, core: Core): Promise<Caller | undefined>
  /** Where one endpoint words a fault differently. */
  faults?: Partial<FaultTable>
  /** What a restricted credential needs. Without one it is let in nowhere. */
  scope?: Scope
  handle(call: Call<C>, input: InferOutput<S>): Promise<Reply>
}

/** Keeps the types of schema and caller rule inside one operation literal. */
export function operation<S extends InputSchema, C extends CallerRule>(definition: Operation<S, C>): Operation {
  return definition as unknown as Operation
}

export interface Dialect {
  name: string
  wire: Wire
  operations: readonly Operation[]
  /** Who asks. Undefined: no credentials were sent. Throws unauthenticated for bad ones. */
  identify(inbound: Inbound, core: Core): Promise<Caller | undefined>
  faults: FaultTable
  /** Answers that any operation may have for reasons of transport; listed once instead of at each. */
  anywhere?: Answers
  /** Media types of answers beside JSON, where a client may choose: the schemas speak of the JSON. */
  otherTypes?: readonly string[]
  /** OPTIONS, where pages of other origins may call; elsewhere the wire says which methods there are. */
  preflight?(request: Request): Response
  /** Faults of the input carry every issue instead of the first. */
  collectIssues?: true
  /** Headers put on every answer. */
  headers?: Record<string, string>
  /** Neutral snapshot → this provider's callbacks; none: nobody to tell. What is thrown is asked again later. */
  outbound?: Partial<Record<EventKind, (event: CoreEvent, core: Core) => Promise<Delivery[]> | Delivery[]>>
  /** Headers that sign a delivery, made whenever it is sent, so that the secret of that moment counts. */
  sign?(delivery: Delivery & { accountId: number }, core: Core): Promise<Record<string, string>>
}

/** Files of the package that clients of the dialect fetch, such as schemas. */
export interface ShippedFiles {
  /** Below the mount, such as `/rng`. */
  prefix: string
  /** In the package, such as `rng/onsip`. */
  folder: string
  /** Only files that end so. */
  suffix: string
  type: string
}

/** The RELAX NG grammar of a dialect's XML answers. */
export interface AnswerGrammar {
  /** In the package, such as `rng/onsip`. */
  folder: string
  root: string
  /** Of every element; '' for none. */
  namespace: string
  /** Of XML answers; default: text/xml. */
  mediaType?: string
}

/** What the host hands to a dialect when it is made. */
export interface DialectHost {
  core: Core
  /** Double mode: test conveniences may be on. */
  mode: 'double' | 'production'
}

/** Which numbers of the shelf the clients of a dialect are offered; a member that is not there leaves nothing out. */
export interface Offers {
  countries?: readonly string[]
  types?: readonly NumberType[]
  /** Only what is priced in the account's own currency. */
  ownCurrency?: true
  /** Numbers that need documents: sold to anybody, to accounts that are verified or approved, or not here. */
  documents: 'anybody' | 'verified' | 'nobody'
  /** What else is left out, in words. */
  without?: string
}

export interface DialectModule<Name extends string = string, Shown extends Demo = Demo> {
  name: Name
  /** Host names also answered, without prefix. */
  hosts: readonly string[]
  create(host: DialectHost): Dialect
  /** What a credential of its realm is; without it a bare key of the account. */
  credentials?: CredentialRules
  files?: ShippedFiles
  /** What of the shelf its clients are offered; without it nobody tells. */
  offers?: Offers
  /** For its reference page; without it there is none. */
  reference?: Reference
  /** JSON answers are judged by it too: they are the same tree. */
  grammar?: AnswerGrammar
  /** What it is tried with on the demo world. */
  demo: Shown
  /** Its client in domain words, for the contract suites. */
  driver: DriverModule
  /** What any server that speaks the dialect must do, for `didgate verify`. */
  rules: RulesModule
}
