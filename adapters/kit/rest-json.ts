import { Fault } from '../../core/ground/fault.ts'
import { BODILESS } from './bodiless.ts'
import { isEmpty, readBody } from './body.ts'
import type { Arrival, Inbound, Match, Operation, Reply, Wire } from './dialect.ts'
import { newInbound } from './inbound.ts'
import { objectBody, parseJson } from './json-body.ts'
import { parseMultipart } from './multipart.ts'
import { readForm, readQuery } from './pairs.ts'
import { allowed } from './preflight.ts'
import { createRoutes, type PathHabits, type Routes } from './routes.ts'

type MethodUnknown = 'not_found' | 'method_not_allowed'

export interface RestJsonOptions extends PathHabits {
  /** What a known path answers to a method it does not know. */
  methodUnknown: MethodUnknown | ((pathname: string) => MethodUnknown)
  /** What POST, PUT and PATCH are to write stands in their bodies alone; their query is in `query`, and not in `fields`. */
  writesByBody?: boolean
}

const WITHOUT_BODY = new Set(['GET', 'HEAD'])
const WRITING = new Set(['POST', 'PUT', 'PATCH'])

function matchRoute(routes: Routes, { request, pathname }: Arrival, options: RestJsonOptions): Match {
  // HEAD is answered as GET; the host leaves the body out
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const found = routes.find(method, pathname)
  if (found) return found
  const { methodUnknown } = options
  const answer = typeof methodUnknown === 'function' ? methodUnknown(pathname) : methodUnknown
  const allowed = answer === 'method_not_allowed' ? routes.methods(pathname) : []
  if (allowed.length > 0) return { path: {}, fault: new Fault('method_not_allowed', { allowed }) }
  return { path: {}, fault: new Fault('unknown_operation', { name: `${request.method} ${pathname}` }) }
}

/** HEAD is answered wherever GET is. */
function methodsOf(routes: Routes, pathname: string): string[] {
  return routes.methods(pathname).flatMap(method => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
}

/** Own members, whatever their names; one that was sent more than once is the list of what was sent. */
function valuesOf(pairs: readonly [string, string][]): Record<string, unknown> {
  const values = new Map<string, string | string[]>()
  for (const [name, value] of pairs) {
    const earlier = values.get(name)
    values.set(name, earlier === undefined ? value : [earlier, value].flat())
  }
  return Object.fromEntries(values)
}

const mediaTypeOf = (contentType: string) => contentType.split(';', 1)[0]?.trim().toLowerCase() ?? ''

/** An empty body is never parsed, whatever its content type claims; any other is an object, a form, or refused. */
function parseBody(request: Request, bytes: Uint8Array, rule: Operation['body']): unknown {
  if (isEmpty(bytes)) return undefined
  const contentType = request.headers.get('content-type') ?? ''
  const mediaType = mediaTypeOf(contentType)
  if (rule?.multipart) {
    if (mediaType !== 'multipart/form-data') throw new Fault('unsupported_media_type', { received: mediaType })
    return parseMultipart(bytes, contentType)
  }
  if (rule?.form && mediaType === 'application/x-www-form-urlencoded') return formBody(bytes, contentType)
  if (rule?.form === 'only') throw new Fault('unsupported_media_type', { received: mediaType })
  // clients that set no type, or a library's default for text, still mean JSON
  const isJson = mediaType === '' || mediaType === 'text/plain' || mediaType.endsWith('json')
  if (!isJson) throw new Fault('unsupported_media_type', { received: mediaType })
  return objectBody(parseJson(bytes, contentType))
}

function formBody(bytes: Uint8Array, contentType: string): Record<string, unknown> {
  const { pairs, problem } = readForm(bytes, contentType)
  if (problem) throw new Fault('unreadable_body', { reason: `${problem.name || 'the form'}: ${problem.message}` })
  return valuesOf(pairs)
}

async function readInto(inbound: Inbound, { operation }: Match, { bodies }: Arrival): Promise<void> {
  const { request } = inbound
  const bytes = await readBody(request, operation?.body?.limit, bodies)
  inbound.body = parseBody(request, bytes, operation?.body)
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

async function readRequest(
  arrival: Arrival,
  match: Match,
  { writesByBody = false }: RestJsonOptions,
  opened?: Inbound,
): Promise<Inbound> {
  const inbound = opened ?? inboundOf(arrival, match)
  try {
    if (inbound.lateFault) throw inbound.lateFault
    if (!match.fault && !WITHOUT_BODY.has(inbound.request.method)) await readInto(inbound, match, arrival)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    inbound.fault ??= error
  }
  const isApart = writesByBody && WRITING.has(inbound.request.method)
  // own members, not assignments: a name such as __proto__ is one like any other
  inbound.fields = isApart ? {} : Object.fromEntries(inbound.query)
  if (inbound.body !== undefined) inbound.fields = { ...inbound.fields, ...members(inbound) }
  Object.assign(inbound.fields, inbound.path)
  return inbound
}

function inboundOf(arrival: Arrival, { operation, fault, path }: Match): Inbound {
  const inbound = newInbound(arrival)
  inbound.path = path
  const { pairs, problem } = readQuery(arrival.request.url)
  inbound.query = pairs
  if (operation) inbound.operation = operation
  if (fault) inbound.fault = fault
  else if (problem) {
    const issue = { field: problem.name || 'query', problem: 'format', message: problem.message } as const
    inbound.lateFault = new Fault('invalid_input', { issues: [issue] })
  }
  return inbound
}

/** What a body names: the members of an object, or the parts of a multipart form. */
function members({ body, operation }: Inbound): Record<string, unknown> {
  if (isPlainObject(body)) return body
  return operation?.body?.multipart && Array.isArray(body) ? Object.fromEntries(body) : {}
}

function isRaw(body: unknown): body is Uint8Array<ArrayBuffer> | string {
  return typeof body === 'string' || body instanceof Uint8Array
}

function writeReply({ status = 200, headers = {}, body }: Reply, inbound: Inbound): Response {
  if (BODILESS.has(status)) return new Response(null, { status, headers })
  if (body === undefined) {
    headers['content-length'] = '0'
    return new Response(null, { status, headers })
  }
  headers['content-type'] ??= 'application/json'
  if (body instanceof ReadableStream) return new Response(body, { status, headers })
  const written = isRaw(body) ? body : JSON.stringify(body)
  inbound.written = written
  return new Response(written, { status, headers })
}

/**
 * REST with JSON bodies. `fields` merges the query (unless `writesByBody`), under the members of a body object or the parts
 * of a multipart form, under the path's parameters; the last of a name wins. `query` keeps every pair (`queryValues` in
 * schema.ts reads lists from it), and a multipart `body` is the list of all `[name, value]`.
 */
export function restJson(operations: readonly Operation[], options: RestJsonOptions): Wire {
  const routes = createRoutes(operations, options)
  return {
    match: arrival => matchRoute(routes, arrival, options),
    open: inboundOf,
    read: (arrival, match, opened) => readRequest(arrival, match, options, opened),
    options: ({ pathname }) => allowed(methodsOf(routes, pathname)),
    write: writeReply,
  }
}
