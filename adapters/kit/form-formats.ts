/**
 * The wire "form in, format by extension": URL-encoded forms, snake_case members in JSON, PascalCase elements in XML.
 * `/x.json`, `/x.xml`, `/x.csv` and `/x` are one path; without an extension the answer is XML. Accept is not consulted.
 */
import { Fault } from '../../core/ground/fault.ts'
import { BODILESS } from './bodiless.ts'
import { isEmpty, readBody } from './body.ts'
import type { Arrival, Inbound, Match, Operation, Reply, Wire } from './dialect.ts'
import { type Document, type DocumentFormat, renderDocument } from './documents.ts'
import { newInbound } from './inbound.ts'
import { type ReadPairs, readForm, readQuery } from './pairs.ts'
import { allowed } from './preflight.ts'
import { createRoutes, type PathHabits, type Routes } from './routes.ts'

export interface FormFormatsOptions extends PathHabits {
  /** Root element of every XML answer. */
  root: string
  /** Of a path without an extension: XML unless said otherwise. */
  plain?: DocumentFormat
}

const EXTENSION = /\.(json|xml|csv)$/
const FORM = 'application/x-www-form-urlencoded'

/** The format that a path asks for. */
function formatOf(pathname: string, plain: DocumentFormat = 'xml'): DocumentFormat {
  return (EXTENSION.exec(pathname)?.[1] ?? plain) as DocumentFormat
}

/** The path without what names the format. */
export function bare(pathname: string): string {
  return pathname.replace(EXTENSION, '')
}

function matchRoute(routes: Routes, { request, pathname }: Arrival): Match {
  const path = bare(pathname)
  const found = routes.find(request.method, path)
  if (found) return found
  const allowed = routes.methods(path)
  if (allowed.length > 0) return { path: {}, fault: new Fault('method_not_allowed', { allowed }) }
  return { path: {}, fault: new Fault('unknown_operation', { name: `${request.method} ${pathname}` }) }
}

/** A content type is never required: scripts leave it out, and one SDK sends it with every GET. */
async function readPairs({ request, bodies }: Arrival, operation: Operation | undefined): Promise<ReadPairs> {
  if (request.method === 'GET' || request.method === 'DELETE') return { pairs: [] }
  const bytes = await readBody(request, operation?.body?.limit, bodies)
  const contentType = request.headers.get('content-type') ?? ''
  const [type = ''] = contentType.split(';', 1)
  const received = type.trim().toLowerCase()
  if (!isEmpty(bytes) && received !== '' && received !== FORM) throw new Fault('unsupported_media_type', { received })
  return readForm(bytes, contentType)
}

function unread({ name, message }: NonNullable<ReadPairs['problem']>): Fault {
  return new Fault('invalid_input', {
    issues: [{ field: name, problem: 'format', message: `${name} ${message}`.trim() }],
  })
}

function open(arrival: Arrival, { operation, path, fault }: Match): Inbound {
  const inbound = newInbound(arrival)
  inbound.path = path
  if (operation) inbound.operation = operation
  if (fault) inbound.fault = fault
  const { pairs, problem } = readQuery(arrival.request.url)
  inbound.query = pairs
  if (problem) inbound.lateFault = unread(problem)
  return inbound
}

async function readRequest(arrival: Arrival, match: Match, opened?: Inbound): Promise<Inbound> {
  const inbound = opened ?? open(arrival, match)
  try {
    if (inbound.lateFault) throw inbound.lateFault
    const { pairs, problem } = match.fault
      ? { pairs: [], problem: undefined }
      : await readPairs(arrival, match.operation)
    inbound.body = pairs
    if (problem) throw unread(problem)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    inbound.fault ??= error
  }
  const pairs = [...inbound.query, ...((inbound.body ?? []) as [string, string][])]
  inbound.fields = { ...Object.fromEntries(pairs), ...match.path }
  return inbound
}

function write({ status = 200, headers = {}, body }: Reply, inbound: Inbound, options: FormFormatsOptions): Response {
  if (BODILESS.has(status) || body === undefined) return new Response(null, { status, headers })
  const format = formatOf(inbound.pathname, options.plain)
  const { answers } = inbound.operation ?? {}
  const schema = typeof answers === 'function' ? undefined : answers?.[status]
  const { type, text } = renderDocument(body as Document, format, options.root, schema)
  headers['content-type'] = type
  inbound.written = text
  return new Response(text, { status, headers })
}

/** `fields` merges the query, under the form, under the path's parameters; the last of a name wins. */
export function formFormats(operations: readonly Operation[], options: FormFormatsOptions): Wire {
  const routes = createRoutes(operations, options)
  return {
    match: arrival => matchRoute(routes, arrival),
    open,
    read: readRequest,
    options: ({ pathname }) => allowed(routes.methods(bare(pathname))),
    write: (reply, inbound) => write(reply, inbound, options),
  }
}
