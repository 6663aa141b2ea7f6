import type { DialectModule } from '../../adapters/kit/dialect.ts'
import type { Core } from '../../core/verbs.ts'
import type { Double } from '../double/double.ts'
import { RECEIVER } from '../double/receiver.ts'
import type { Limits } from '../limits/limits.ts'
import { isThroughProxy, sourceOf } from '../limits/source.ts'
import { type Log, logRequest } from '../logs/log.ts'
import type { Metrics } from '../process/metrics.ts'
import type { Address } from './address.ts'
import { createGateway, type Gateway, type GatewayConfig } from './gateway.ts'
import type { Connection } from './listen.ts'
import { type Answered, operationOf } from './serve-dialect.ts'
import { pathAt } from './url.ts'

export interface DataPlane {
  gateway: Gateway
  /** By the listener for all dialects, unless the address says another way. */
  fetch(request: Request, address?: Address, connection?: Connection): Promise<Response>
  /** Sent again, and journalled as a repetition of that exchange. */
  replay(request: Request, address: Address | undefined, of: number): Promise<void>
}

export interface DataPlaneOptions {
  config: GatewayConfig
  core: Core
  modules: readonly DialectModule[]
  log: Log
  /** Against floods; undefined: none. */
  limits?: Limits | undefined
  /** Undefined: nobody counts. */
  metrics?: Metrics | undefined
  /** Undefined: neither faults on demand nor a journal. */
  double?: Double | undefined
}

/** What was learned about a request on its way. */
interface Note {
  answered: Answered | undefined
  dialect: string | undefined
}

export function createDataPlane({ config, core, modules, log, metrics, double, limits }: DataPlaneOptions): DataPlane {
  const intercept = double?.faults?.intercept
  const gateway = createGateway({ config, core, modules, intercept, isTracing: double?.isTracing, limits })
  const tell = ({ answered, dialect }: Note, request: Request, status: number, startedAt: number) => {
    const entry = {
      requestId: answered?.inbound.requestId ?? '',
      dialect,
      operation: operationOf(answered),
      method: request.method,
      url: pathOf(request),
      status,
      ms: performance.now() - startedAt,
      fault: answered?.fault?.code,
    }
    metrics?.request(entry)
    logRequest(log, entry)
    const cause = answered?.cause ?? causeOf(answered)
    if (cause !== undefined) log.error({ err: cause, requestId: entry.requestId }, 'request failed')
  }
  const warn = limits && !config.trustProxy ? createProxyWarning(log) : undefined
  const serve = async (request: Request, address?: Address, connection?: Connection, replayOf?: number) => {
    const startedAt = performance.now()
    const note: Note = { answered: undefined, dialect: undefined }
    const onAnswer = (answered: Answered, dialect: string) => {
      note.answered = answered
      note.dialect = dialect
    }
    warn?.(connection)
    const source = sourceOf(connection, config.trustProxy)
    const response = await gateway.fetch(request, { address, onAnswer, source }).catch(error => internal(error, log))
    tell(note, request, response.status, startedAt)
    if (!double) return response
    const { answered } = note
    const finished = answered && double.faults?.finish(answered.inbound, response)
    const ms = performance.now() - startedAt
    double.record({ request, answered, response, ms, connection, dropped: finished?.dropped, replayOf, address }, core)
    return finished ? finished.send(connection) : response
  }
  return {
    gateway,
    fetch(request, address, connection) {
      const path = double?.faults && receiverPath(request, address)
      if (path !== undefined && double?.faults) return double.faults.receiver.fetch(request, path)
      return serve(request, address, connection)
    },
    async replay(request, address, of) {
      // what a rule does to the connection is written down; there is none here
      await serve(request, address, undefined, of).catch(() => undefined)
    },
  }
}

/** Limits that take a proxy for a client are everybody's: said once. */
function createProxyWarning(log: Log): (connection: Connection | undefined) => void {
  let isTold = false
  return connection => {
    if (isTold || !connection || !isThroughProxy(connection)) return
    isTold = true
    log.warn('requests come through a proxy: without TRUST_PROXY limits count all its clients as one address')
  }
}

/** Behind the receiver's own mount, with its query; undefined: the request is for somebody else. */
function receiverPath(request: Request, address: Address | undefined): string | undefined {
  if (!request.url.includes(RECEIVER)) return undefined
  const mount = (address?.prefix ?? '') + RECEIVER
  const path = pathOf(request)
  if (!path.startsWith(mount) || !/^(?:[/?]|$)/.test(path.slice(mount.length))) return undefined
  return path.slice(mount.length)
}

/** Dialects word their own failures; this is for what goes wrong around them. */
function internal(error: unknown, log: Log): Response {
  log.error({ err: error }, 'request failed outside of its dialect')
  return Response.json({ error: 'internal' }, { status: 500 })
}

/** Which database does not answer, and why, is nothing for a client. */
function causeOf(answered: Answered | undefined): unknown {
  return answered?.fault?.code === 'temporarily_unavailable' ? answered.fault.cause : undefined
}

/** What follows the origin. */
function pathOf({ url }: Request): string {
  return url.slice(pathAt(url))
}
