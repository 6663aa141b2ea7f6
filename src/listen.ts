import { createServer as createHttp, type IncomingMessage, type Server } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { refuseUnreadable } from './unreadable.ts'

/** What a request brings along besides itself. */
export interface Connection {
  incoming: IncomingMessage
}

export type Fetch = (request: Request, connection: Connection) => Response | Promise<Response>

export interface ListenOptions {
  /** For messages: which setting to change. */
  name: string
  host: string
  /** 0: any free one. */
  port: number
  fetch: Fetch
  tls?: { cert: string; key: string } | undefined
  /** Whole request, body included, within this time; longer ones are cut. */
  requestMs?: number
  /** A socket on which nothing moves this long is cut; 0: never. */
  idleMs?: number
}

export interface Listener {
  host: string
  port: number
  /** Origin for a client on this machine. */
  url: string
  /** Stop accepting, let what runs finish for at most `graceMs`, then cut. */
  close(graceMs: number): Promise<void>
}

const HEADER_BYTES = 16_384
const HEADERS_MS = 10_000
const REQUEST_MS = 60_000
const IDLE_MS = 120_000
/** Longer than the usual idle time of proxies, so that it is the proxy that closes. */
const KEEP_ALIVE_MS = 65_000
const CHECK_MS = 2_000
const SWEEP_MS = 50

export async function listen(options: ListenOptions): Promise<Listener> {
  const server = createServer(options)
  await bound(server, options)
  const { port } = server.address() as AddressInfo
  return {
    host: options.host,
    port,
    url: `${options.tls ? 'https' : 'http'}://${reachable(options.host)}:${port}`,
    close: graceMs => close(server, graceMs),
  }
}

function createServer(options: ListenOptions): Server {
  const requestTimeout = options.requestMs ?? REQUEST_MS
  const serverOptions = {
    maxHeaderSize: HEADER_BYTES,
    headersTimeout: Math.min(HEADERS_MS, requestTimeout),
    requestTimeout,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: CHECK_MS,
  }
  const { fetch, host: hostname, tls } = options
  const listener = (request: Request, connection: unknown) => fetch(request, connection as Connection)
  const server = tls
    ? createAdaptorServer({
        fetch: listener,
        hostname,
        createServer: createHttps,
        serverOptions: { ...serverOptions, ...tls },
      })
    : createAdaptorServer({ fetch: listener, hostname, createServer: createHttp, serverOptions })
  server.on('clientError', refuseUnreadable)
  return (server as Server).setTimeout(options.idleMs ?? IDLE_MS)
}

function bound(server: Server, { name, host, port }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', error => reject(new Error(whyNot(error, `${host}:${port}`, name), { cause: error })))
    server.listen(port, host, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}

function whyNot(error: NodeJS.ErrnoException, where: string, name: string): string {
  if (error.code === 'EADDRINUSE') return `${where} is in use by another program: stop it, or set ${name}`
  if (error.code === 'EACCES') return `this user may not listen on ${where}: set ${name} to a port above 1023`
  return `cannot listen on ${where} (${name}): ${error.message}`
}

/** A client cannot connect to "everywhere". */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}

async function close(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>(resolve => server.close(() => resolve()))
  // connections kept alive become idle one by one as their last answer goes out
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS)
  const cut = setTimeout(() => server.closeAllConnections(), graceMs)
  server.closeIdleConnections()
  await closed
  clearInterval(sweep)
  clearTimeout(cut)
}
