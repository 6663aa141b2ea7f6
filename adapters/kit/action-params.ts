/**
 * The Action wire: one address, one parameter that names the action, and one envelope around every answer. Parameters
 * come in the query, in a form body, or in both; the body wins. Names are case-sensitive.
 */
import { Fault } from '../../core/fault.ts'
import { byName, collect, merge } from './action-values.ts'
import { isEmpty, parseForm, parseMultipart, readBody } from './body.ts'
import type { Arrival, Inbound, Match, Operation, Reply, Wire } from './dialect.ts'
import { newInbound } from './inbound.ts'
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
const ESCAPES = /(?:%[0-9a-fA-F]{2})+/g

export function actionParams(options: ActionParamsOptions): Wire {
  const paths = new Set(options.paths.flatMap(path => [path, `${path}/`]))
  const actions = new Map(options.operations.flatMap(each => [each.on].flat().map(name => [name, each] as const)))
  return {
    match(arrival) {
      const problem = fault(() => checkTarget(arrival, paths))
      return problem ? { path: {}, fault: problem } : { path: {} }
    },
    read: (arrival, match) => read(arrival, match, actions, options.bodyLimit),
    write: (reply, inbound) => write(reply, inbound, options),
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
  const { url } = arrival.request
  const search = url.includes('?') ? url.slice(url.indexOf('?') + 1) : ''
  inbound.query = [...new URLSearchParams(search)]
  const body = match.fault ?? (await readPairs(arrival, limit))
  if (!(body instanceof Fault)) inbound.body = body
  const received = merge(collect(inbound.query), collect(body instanceof Fault ? [] : body))
  inbound.received = received
  inbound.fields = byName(received)
  const problem = body instanceof Fault ? body : fault(() => checkCall(search, inbound, actions))
  if (problem) inbound.fault = problem
  const operation = actions.get(String(inbound.fields.Action))
  if (operation) inbound.operation = operation
  return inbound
}

/** Nothing of a GET is read but its query, whatever content type it claims. */
async function readPairs({ request, bodies }: Arrival, limit: number | undefined): Promise<[string, string][] | Fault> {
  if (request.method !== 'POST') return []
  try {
    return await parsePairs(await readBody(request, limit, bodies), request.headers.get('content-type') ?? '')
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
}

async function parsePairs(bytes: Uint8Array, contentType: string): Promise<[string, string][]> {
  if (isEmpty(bytes)) return []
  const mediaType = contentType.split(';', 1)[0]?.trim().toLowerCase()
  if (mediaType === 'application/x-www-form-urlencoded') {
    checkEscapes(Buffer.from(bytes).toString('latin1'))
    return parseForm(bytes)
  }
  if (mediaType !== 'multipart/form-data') throw new Fault('unsupported_media_type', { received: contentType })
  const parts = await parseMultipart(bytes, contentType)
  // Files are no parameters.
  return parts.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as [string, string]] : []))
}

/** In this order: readable, a usable callback, a known action. */
function checkCall(search: string, { fields }: Inbound, actions: ReadonlyMap<string, Operation>): void {
  checkEscapes(search)
  if (formatOf(fields) === 'json' && !isAbsent(fields.Callback) && callbackOf(fields) === undefined) {
    const message = 'Use letters, digits, dots, underscores and brackets, 128 at most.'
    throw new Fault('invalid_input', { issues: [{ field: 'Callback', problem: 'format', message }] })
  }
  if (isAbsent(fields.Action)) throw new Fault('unknown_operation', {})
  const name = typeof fields.Action === 'string' ? fields.Action : 'Action[]'
  if (!actions.has(name)) throw new Fault('unknown_operation', { name })
}

/** Percent escapes that are not UTF-8 would otherwise be replaced without a word. */
function checkEscapes(text: string): void {
  for (const [escapes] of text.matchAll(ESCAPES)) {
    try {
      decodeURIComponent(escapes)
    } catch (cause) {
      throw new Fault('unreadable_body', { reason: 'a parameter is not valid UTF-8' }, { cause })
    }
  }
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

function write(reply: Reply, inbound: Inbound, options: ActionParamsOptions): Response {
  const init = { status: reply.status ?? 200, headers: reply.headers ?? {} }
  const { body } = reply
  if (body === undefined) return new Response(null, init)
  if (typeof body === 'string' || body instanceof Uint8Array || body instanceof ReadableStream) {
    return new Response(body as Uint8Array<ArrayBuffer>, init)
  }
  const { type, pieces } = render(options.envelope(reply, inbound), inbound, options.namespace)
  init.headers['content-type'] ??= `${type}; charset=utf-8`
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
