import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createHttps, Server as HttpsServer } from 'node:https'
import { type AddressInfo, Server as NetServer } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { refuseUnreadable } from './unreadable.ts'

/** Origins of the data plane, as a client on this machine reaches them. */
export interface DataAddresses {
  data: string
  dialects: Readonly<Record<string, string>>
}

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

/** What an open connection learns from its next answer. */
interface State {
  isClosing: boolean
}

export interface Listener {
  host: string
  port: number
  /** Origin for a client on this machine. */
  url: string
  /** Connections from now on are made with this certificate; only where there was one. */
  renew(tls: { cert: string; key: string }): void
  /**
   * Stop accepting, let what runs finish for at most `graceMs`, then cut. Connections kept alive are closed with their
   * next answer, and those on which none is asked for after `lingerMs`.
   */
  close(graceMs: number, lingerMs?: number): Promise<void>
}

const HEADER_BYTES = 16_384
const HEADERS_MS = 10_000
const REQUEST_MS = 60_000
const IDLE_MS = 120_000
/** Longer than the usual idle time of proxies, so that it is the proxy that closes. */
const KEEP_ALIVE_MS = 65_000
const CHECK_MS = 2_000
const SWEEP_MS = 50
/** Who uses a connection asks again within this time; to close it before could meet a request half-way. */
const LINGER_MS = 1_000
/** Where clients keep coming without an end, somebody has to be the first that is not let in. */
const MEET_MS = 500

export async function listen(options: ListenOptions): Promise<Listener> {
  const state: State = { isClosing: false }
  const server = createServer(options, state)
  await bound(server, options)
  const { port } = server.address() as AddressInfo
  return {
    host: options.host,
    port,
    url: `${options.tls ? 'https' : 'http'}://${reachable(options.host)}:${port}`,
    renew(tls) {
      if (server instanceof HttpsServer) server.setSecureContext(tls)
    },
    close(graceMs, lingerMs = LINGER_MS) {
      state.isClosing = true
      return close(server, graceMs, Math.min(lingerMs, graceMs))
    },
  }
}

function createServer(options: ListenOptions, state: State): Server {
  const requestTimeout = options.requestMs ?? REQUEST_MS
  const serverOptions = {
    maxHeaderSize: HEADER_BYTES,
    headersTimeout: Math.min(HEADERS_MS, requestTimeout),
    requestTimeout,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: CHECK_MS,
  }
  const { host: hostname, tls } = options
  // whoever starts a gateway in a process of theirs keeps the classes they had
  const adaptor = { fetch: answering(options.fetch, state), hostname, overrideGlobalObjects: false }
  const server = tls
    ? createAdaptorServer({
        ...adaptor,
        createServer: createHttps,
        // until the handshake is over, no other limit is looked at
        serverOptions: {
          ...serverOptions,
          cert: tls.cert,
          key: tls.key,
          handshakeTimeout: serverOptions.headersTimeout,
        },
      })
    : createAdaptorServer({ ...adaptor, createServer: createHttp, serverOptions })
  server.on('clientError', refuseUnreadable)
  return (server as Server).setTimeout(options.idleMs ?? IDLE_MS)
}

function answering(fetch: Fetch, state: State) {
  return async (request: Request, connection: unknown) => {
    const { incoming, outgoing } = connection as Connection & { outgoing: ServerResponse }
    const response = isSentTwice(incoming, 'host') ? twoHosts() : await fetch(request, { incoming })
    if (state.isClosing) outgoing.shouldKeepAlive = false
    return response
  }
}

/** Two parties that read one message differently are how requests are smuggled (RFC 9112, 3.2). */
function twoHosts(): Response {
  return Response.json({ error: 'bad_request', message: 'The Host header was sent twice.' }, { status: 400 })
}

function isSentTwice({ rawHeaders }: IncomingMessage, name: string): boolean {
  let times = 0
  for (let n = 0; n < rawHeaders.length; n += 2) {
    const each = rawHeaders[n] as string
    if (each.length === name.length && each.toLowerCase() === name) times++
  }
  return times > 1
}

function bound(server: Server, { name, host, port }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', error => reject(new Error(whyNotBound(error, `${host}:${port}`, name), { cause: error })))
    server.listen(port, host, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}

/** What to do where a port cannot be had. */
export function whyNotBound(error: NodeJS.ErrnoException, where: string, name: string): string {
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

const turnOfTheLoop = () => new Promise<void>(resolve => setImmediate(resolve))

/**
 * The operating system lets clients in that this process has not met yet, one in a turn of the loop: their requests are on
 * their way, and would be cut with the socket that listens. Resolves when two turns have brought nobody.
 */
async function meetAll(server: Server): Promise<void> {
  const giveUpAt = performance.now() + MEET_MS
  let quiet = 0
  const met = () => {
    quiet = -1
  }
  server.on('connection', met)
  for (; quiet < 2 && performance.now() < giveUpAt; quiet++) await turnOfTheLoop()
  server.off('connection', met)
}

async function close(server: Server, graceMs: number, lingerMs: number): Promise<void> {
  await meetAll(server)
  // the HTTP server's own close would cut idle connections at once
  const closed = new Promise<void>(resolve => NetServer.prototype.close.call(server, () => resolve()))
  let sweep: NodeJS.Timeout | undefined
  let isOver = false
  const sweepAfter = (ms: number) => {
    // what has arrived is read before a connection is taken for idle: timers come before it in a turn of the loop
    sweep = setTimeout(() => setImmediate(sweepAll), ms)
  }
  const sweepAll = () => {
    if (isOver) return
    server.closeIdleConnections()
    // connections kept alive become idle one by one as their last answer goes out
    sweepAfter(SWEEP_MS)
  }
  sweepAfter(lingerMs)
  const cut = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  isOver = true
  clearTimeout(sweep)
  clearTimeout(cut)
  server.close() // ends what it still does by the clock
}
