/** The wire "XML in, XML out": a document each way, or none; answers without one are empty. */
import { Fault } from '../../core/ground/fault.ts'
import { BODILESS } from './bodiless.ts'
import { isEmpty, readBody } from './body.ts'
import { charsetOf, decodeText, isStorable, parameterOf } from './charset.ts'
import type { Arrival, Inbound, Match, Operation, Reply, Wire } from './dialect.ts'
import { newInbound } from './inbound.ts'
import { readForm, readQuery } from './pairs.ts'
import { allowed } from './preflight.ts'
import { createRoutes, type PathHabits, type Routes } from './routes.ts'
import { renderElement, type XmlNode } from './xml.ts'
import { readXml } from './xml-read.ts'

export interface XmlDocumentsOptions extends PathHabits {
  /** Where else the operations' paths begin: this start of a path → the one that operations are listed with. */
  starts: Readonly<Record<string, string>>
}

/** Where a declaration ends at the latest. */
const HEAD_BYTES = 200

const WITHOUT_BODY = new Set(['GET', 'HEAD', 'DELETE'])
const DECLARATION = Buffer.from('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>')

/** The path as the operations name it. */
function listed(pathname: string, { starts }: XmlDocumentsOptions): string {
  for (const [start, listedStart] of Object.entries(starts)) {
    if (pathname === start || pathname.startsWith(`${start}/`)) return listedStart + pathname.slice(start.length)
  }
  return pathname
}

function matchRoute(routes: Routes, { request, pathname }: Arrival, options: XmlDocumentsOptions): Match {
  const path = listed(pathname, options)
  const found = routes.find(request.method === 'HEAD' ? 'GET' : request.method, path)
  if (found) return found
  const methods = routes.methods(path)
  if (methods.length > 0) return { path: {}, fault: new Fault('method_not_allowed', { allowed: methods }) }
  return { path: {}, fault: new Fault('unknown_operation', { name: `${request.method} ${pathname}` }) }
}

/** Clients send many media types, and one sends its own with every GET: what is no XML is found out by reading. */
async function readDocument({ request, bodies }: Arrival, operation: Operation | undefined): Promise<unknown> {
  if (WITHOUT_BODY.has(request.method)) return undefined
  const bytes = await readBody(request, operation?.body?.limit, bodies)
  if (isEmpty(bytes)) return undefined
  const contentType = request.headers.get('content-type') ?? ''
  return operation?.body?.form ? formOf(bytes, contentType) : readXml(textOf(bytes, contentType))
}

function formOf(bytes: Uint8Array, contentType: string): Record<string, string> {
  const { pairs, problem } = readForm(bytes, contentType)
  if (problem) throw new Fault('unreadable_body', { reason: `${problem.name || 'the form'}: ${problem.message}` })
  return Object.fromEntries(pairs)
}

/** The charset of the content type; without one, that of the declaration (RFC 7303, 3.2). */
function textOf(bytes: Uint8Array, contentType: string): string {
  const said = parameterOf(contentType, 'charset')
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString('latin1')
  const declared = /^<\?xml[^>]*\sencoding\s*=\s*["']([\w.-]+)["']/.exec(head)?.[1]
  const charset = charsetOf(said || declared === undefined ? contentType : `text/xml; charset=${declared}`)
  const text = decodeText(bytes, charset)
  if (text === undefined || !isStorable(text)) {
    throw new Fault('unreadable_body', { reason: `the body is not valid ${charset.toUpperCase()}` })
  }
  return text
}

function open(arrival: Arrival, { operation, path, fault }: Match): Inbound {
  const inbound = newInbound(arrival)
  inbound.path = path
  if (operation) inbound.operation = operation
  if (fault) inbound.fault = fault
  const { pairs, problem } = readQuery(arrival.request.url)
  inbound.query = pairs
  inbound.fields = { ...Object.fromEntries(pairs), ...path }
  if (problem) {
    const message = `${problem.name} ${problem.message}`.trim()
    const issue = { field: problem.name, problem: 'format', message } as const
    inbound.lateFault = new Fault('invalid_input', { issues: [issue] })
  }
  return inbound
}

async function read(arrival: Arrival, match: Match, opened?: Inbound): Promise<Inbound> {
  const inbound = opened ?? open(arrival, match)
  try {
    if (inbound.lateFault) throw inbound.lateFault
    if (!match.fault) inbound.body = await readDocument(arrival, match.operation)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    inbound.fault ??= error
  }
  return inbound
}

function write({ status = 200, headers = {}, body }: Reply, inbound: Inbound): Response {
  if (BODILESS.has(status)) return new Response(null, { status, headers })
  if (body === undefined) {
    headers['content-length'] = '0'
    return new Response(null, { status, headers })
  }
  headers['content-type'] ??= 'application/xml'
  const written = typeof body === 'string' ? body : Buffer.concat([DECLARATION, renderElement(body as XmlNode, 'xml')])
  inbound.written = written
  return new Response(written, { status, headers })
}

/** `fields` merges the query under the path's parameters; `body` is the root `Element` of the document, if any. */
export function xmlDocuments(operations: readonly Operation[], options: XmlDocumentsOptions): Wire {
  const routes = createRoutes(operations, options)
  return {
    match: arrival => matchRoute(routes, arrival, options),
    open,
    read,
    options: ({ pathname }) => allowed(routes.methods(listed(pathname, options))),
    write,
  }
}
