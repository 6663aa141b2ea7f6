/** Prism's validating proxy as its own command line puts it together, in front of a listener of ours. */
import { clientFile, clientPackage } from './client-package.ts'

/** Undefined: it is not installed. */
export const PRISM = clientFile('@stoplight/prism-cli', 'dist/index.js')

export interface Violation {
  location: string[]
  severity: string
  message: string
}

export interface Proxied {
  status: number
  /** It came to our gateway; Prism answers some requests by itself. */
  isOurs: boolean
  request: Violation[]
  response: Violation[]
  text: string
}

interface Server {
  /** Its origin. */
  listen(port: number, host: string): Promise<string>
  close(): Promise<void>
}

/** What the command `prism proxy` is put together from. */
interface Parts {
  getHttpOperationsFromSpec(document: object): Promise<unknown[]>
  createLogger(name: string, options: object): object
  createServer(operations: unknown[], options: object): Server
}

const partsOf = () =>
  ({
    ...(clientPackage('@stoplight/prism-core') as object),
    ...(clientPackage('@stoplight/prism-http') as object),
    ...(clientPackage('@stoplight/prism-http-server') as object),
  }) as Parts

/** Of `prism proxy`, but for what it writes down. */
const SETTINGS = {
  ...{ isProxy: true, validateRequest: true, validateResponse: true, checkSecurity: true },
  // it passes everything on and tells in a header what was wrong, in requests and answers apart
  errors: false,
  mock: { dynamic: false, ignoreExamples: false },
}

/** In this process: one of its own would load for a second and more, for each dialect again. */
export async function startPrism(document: object, upstream: string) {
  const { createLogger, createServer, getHttpOperationsFromSpec } = partsOf()
  const operations = await getHttpOperationsFromSpec(structuredClone(document))
  if (operations.length === 0) throw new Error('Prism found no operation in the document')
  const server = createServer(operations, {
    cors: true,
    config: { ...SETTINGS, upstream: new URL(upstream) },
    components: { logger: createLogger('Prism', { level: 'silent' }) },
  })
  const origin = await server.listen(0, '127.0.0.1')
  return { send: (request: Request) => send(origin, request), close: () => server.close() }
}

/** It writes JSON bodies anew but keeps their length, so they go out as it would write them. */
function compact(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body))
  } catch {
    return body
  }
}

async function send(origin: string, request: Request): Promise<Proxied> {
  const { pathname, search } = new URL(request.url)
  const body = compact(await request.text())
  const headers = new Headers(request.headers)
  // it ends connections that nobody has used for five seconds, which is when the next request may be on its way
  headers.set('connection', 'close')
  const init = { method: request.method, headers, ...(body !== '' && { body }) }
  const response = await fetch(`${origin}${pathname}${search}`, init)
  const violations = violationsOf(response.headers.get('sl-violations'))
  const isOf = (where: string) => violations.filter(({ location }) => location[0] === where)
  return {
    status: response.status,
    isOurs: response.headers.has('x-request-id'),
    request: isOf('request'),
    response: isOf('response'),
    text: await response.text(),
  }
}

/** A list too long for a header is cut by Prism: then it is told as it came, as a violation of both. */
function violationsOf(header: string | null): Violation[] {
  if (header === null) return []
  if (header.startsWith('[')) return JSON.parse(header) as Violation[]
  return ['request', 'response'].map(where => ({ location: [where], severity: 'Error', message: header }))
}
