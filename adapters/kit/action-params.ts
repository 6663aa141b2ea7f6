/**
 * The Action wire: one address, one parameter that names the action, and one envelope around every answer. Parameters
 * come in the query, in a form body, or in both; the body wins. Names are case-sensitive.
 */
import { setImmediate } from 'node:timers/promises'
import { Fault } from '../../core/ground/fault.ts'
import { byName, collect, merge } from './action-values.ts'
import { askedIn, MAX_ASK } from './asked.ts'
import { isEmpty, readBody, readStart } from './body.ts'
import type { Arrival, Inbound, Match, Operation, Reply, Wire } from './dialect.ts'
import { acceptsGzip, createGzip } from './gzip.ts'
import { newInbound } from './inbound.ts'
import { parseMultipart } from './multipart.ts'
import { type Pair, type ReadPairs, readForm, readQuery } from './pairs.ts'
import { allowed } from './preflight.ts'
import { type Format, renderJson, renderXml, type XmlNode } from './xml.ts'

export interface ActionParamsOptions {
  /** Each answers with and without a trailing slash. */
  paths: readonly string[]
  operations: readonly Operation[]
  /** Default namespace of the XML answers. */
  namespace: string
  /** The whole answer of the dialect: what the handler or the fault table replied, in its envelope. */
  envelope(reply: Reply, inbound: Inbound): XmlNode
  /** Bytes of a body. */
  bodyLimit?: number
}

const METHODS = ['GET', 'POST', 'OPTIONS'] as const
/** Dots and brackets let a client name a member of an object. */
const CALLBACK = /^[A-Za-z0-9._[\]]{1,128}$/

export function actionParams(options: ActionParamsOptions): Wire {
  const paths = new Set(options.paths.flatMap(path => [path, `${path}/`]))
  const gzip = createGzip()
  const actions = new Map(options.operations.flatMap(each => [each.on].flat().map(name => [name, each] as const)))
  return {
    match(arrival) {
      const problem = fault(() => checkTarget(arrival, paths))
      return problem ? { path: {}, fault: problem } : { path: {} }
    },
    read: (arrival, match) => read(arrival, match, actions, options.bodyLimit),
    options: () => allowed(METHODS),
    write: (reply, inbound) => write(reply, inbound, options, gzip),
  }
}

function checkTarget({ request, pathname }: Arrival, paths: ReadonlySet<string>): void {
  if (!paths.has(pathname)) throw new Fault('unknown_operation', { name: pathname })
  if (request.method !== 'GET' && request.method !== 'POST') {
    throw new Fault('method_not_allowed', { allowed: METHODS })
  }
}

/** What a check throws. */
function fault(check: () => void): Fault | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
}

async function read(
  arrival: Arrival,
  match: Match,
  actions: ReadonlyMap<string, Operation>,
  limit: number | undefined,
): Promise<Inbound> {
  const inbound = newInbound(arrival)
  const query = readQuery(arrival.request.url)
  inbound.query = query.pairs
  const body = match.fault ? await unread(arrival.request, match.fault) : await readParameters(arrival, limit)
  if (body.pairs) inbound.body = body.pairs
  const received = merge(collect(inbound.query), collect(body.pairs ?? []))
  inbound.received = received
  inbound.fields = Object.assign(byName(received), body.asked)
  const problem = body.fault ?? faultOf(query) ?? fault(() => checkCall(inbound, actions))
  if (problem) inbound.fault = problem
  const operation = actions.get(String(inbound.fields.Action))
  if (operation) inbound.operation = operation
  return inbound
}

/** What became of a body. `asked`: the form of the answer that it names, where the rest of it cannot be read. */
interface Parameters {
  pairs?: Pair[]
  fault?: Fault
  asked?: Readonly<Record<string, string>>
}

async function unread(request: Request, fault: Fault): Promise<Parameters> {
  return { fault, asked: askedIn(await readStart(request, MAX_ASK)) }
}

/** In bytes. */
const LARGE_FORM = 65_536

/** Nothing of a GET is read but its query, whatever content type it claims. */
async function readParameters({ request, bodies }: Arrival, limit: number | undefined): Promise<Parameters> {
  if (request.method !== 'POST') return { pairs: [] }
  let bytes: Uint8Array | undefined
  try {
    bytes = await readBody(request, limit, bodies, start => {
      bytes = start
    })
    const read = parseParameters(bytes, request.headers.get('content-type') ?? '')
    // thousands of parameters take as long to echo as to read: others have a turn between
    if (bytes.byteLength > LARGE_FORM) await setImmediate()
    const problem = faultOf(read)
    return problem ? { pairs: read.pairs, fault: problem, asked: askedIn(bytes) } : { pairs: read.pairs }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return bytes ? { fault: error, asked: askedIn(bytes) } : unread(request, error)
  }
}

/** Old clients send their forms without a type, or as text. */
const FORM_TYPES = new Set(['application/x-www-form-urlencoded', 'text/plain', ''])

function parseParameters(bytes: Uint8Array, contentType: string): ReadPairs {
  if (isEmpty(bytes)) return { pairs: [] }
  const mediaType = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (FORM_TYPES.has(mediaType)) return readForm(bytes, contentType)
  if (mediaType !== 'multipart/form-data') throw new Fault('unsupported_media_type', { received: contentType })
  const parts = parseMultipart(bytes, contentType)
  // Files are no parameters.
  return { pairs: parts.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as Pair] : [])) }
}

function faultOf({ problem }: ReadPairs): Fault | undefined {
  if (!problem) return undefined
  const reason = problem.name === '' ? problem.message : `a parameter ${problem.message}`
  return new Fault('unreadable_body', { reason })
}

/** In this order: a usable callback, a known action. */
function checkCall({ fields }: Inbound, actions: ReadonlyMap<string, Operation>): void {
  if (formatOf(fields) === 'json' && !isAbsent(fields.Callback) && callbackOf(fields) === undefined) {
    const message = 'Use letters, digits, dots, underscores and brackets, 128 at most.'
    throw new Fault('invalid_input', { issues: [{ field: 'Callback', problem: 'format', message }] })
  }
  if (isAbsent(fields.Action)) throw new Fault('unknown_operation', {})
  const name = typeof fields.Action === 'string' ? fields.Action : 'Action[]'
  if (!actions.has(name)) throw new Fault('unknown_operation', { name })
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === ''
}

/** Only the parameter selects the format, never the Accept header. */
export function formatOf({ Output }: Record<string, unknown>): Format {
  return typeof Output === 'string' && Output.toLowerCase() === 'json' ? 'json' : 'xml'
}

function callbackOf(fields: Record<string, unknown>): string | undefined {
  return typeof fields.Callback === 'string' && CALLBACK.test(fields.Callback) ? fields.Callback : undefined
}

type Gzip = ReturnType<typeof createGzip>

function write(reply: Reply, inbound: Inbound, options: ActionParamsOptions, gzip: Gzip): Response {
  const init = { status: reply.status ?? 200, headers: reply.headers ?? {} }
  const { body } = reply
  if (body === undefined) return new Response(null, init)
  if (typeof body === 'string' || body instanceof Uint8Array || body instanceof ReadableStream) {
    if (!(body instanceof ReadableStream)) inbound.written = body
    return new Response(body as Uint8Array<ArrayBuffer>, init)
  }
  const { type, pieces } = render(options.envelope(reply, inbound), inbound, options.namespace)
  init.headers['content-type'] ??= `${type}; charset=utf-8`
  inbound.written = pieces
  if (pieces.length > 1) {
    // only what was prepared is kept compressed, and worth the work
    init.headers.vary = 'Accept-Encoding'
    if (acceptsGzip(inbound.request.headers.get('accept-encoding'))) {
      init.headers['content-encoding'] = 'gzip'
      return new Response(ReadableStream.from(gzip(pieces)) as ReadableStream, init)
    }
  }
  const length = pieces.reduce((sum, piece) => sum + piece.byteLength, 0)
  if (length < LARGE) return new Response(Buffer.concat(pieces), init)
  init.headers['content-length'] = String(length)
  return new Response(streamOf(pieces), init)
}

/** From here on an answer is not copied together; in bytes. */
const LARGE = 262_144

function streamOf(pieces: readonly Uint8Array[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  let next = 0
  return new ReadableStream({
    pull(controller) {
      const piece = pieces[next++]
      if (piece) controller.enqueue(piece as Uint8Array<ArrayBuffer>)
      else controller.close()
    },
  })
}

function render(root: XmlNode, { fields }: Inbound, namespace: string): { type: string; pieces: Uint8Array[] } {
  if (formatOf(fields) === 'xml') return { type: 'text/xml', pieces: renderXml(root, namespace) }
  const json = renderJson(root)
  const callback = callbackOf(fields)
  if (callback === undefined) return { type: 'application/json', pieces: json }
  // Older script engines end a string at these two separators.
  const text = Buffer.concat(json).toString()
  const script = text.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
  return { type: 'application/javascript', pieces: [Buffer.from(`${callback}( ${script} );`)] }
}
