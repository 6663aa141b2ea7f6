import type { DialectModule } from '../adapters/kit/dialect.ts'
import type { Core } from '../core/verbs.ts'
import { type Address, createGateway, type FetchOptions, type Gateway, type GatewayConfig } from './gateway.ts'
import { type Log, logRequest } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Answered } from './serve-dialect.ts'

export interface DataPlane {
  gateway: Gateway
  /** By the listener for all dialects, unless the address says another way. */
  fetch(request: Request, address?: Address): Promise<Response>
}

export interface DataPlaneOptions {
  config: GatewayConfig
  core: Core
  modules: readonly DialectModule[]
  log: Log
  /** Undefined: nobody counts. */
  metrics?: Metrics | undefined
}

/** What was learned about a request on its way. */
interface Note {
  answered: Answered | undefined
  dialect: string | undefined
}

export function createDataPlane({ config, core, modules, log, metrics }: DataPlaneOptions): DataPlane {
  const gateway = createGateway({ config, core, modules })
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
  return {
    gateway,
    async fetch(request, address) {
      const startedAt = performance.now()
      const note: Note = { answered: undefined, dialect: undefined }
      const onAnswer = (answered: Answered, dialect: string) => {
        note.answered = answered
        note.dialect = dialect
      }
      const response = await answer(gateway, request, { address, onAnswer }, log)
      tell(note, request, response.status, startedAt)
      return response
    },
  }
}

/** Dialects word their own failures; this is for what goes wrong around them. */
async function answer(gateway: Gateway, request: Request, options: FetchOptions, log: Log) {
  try {
    return await gateway.fetch(request, options)
  } catch (error) {
    log.error({ err: error }, 'request failed outside of its dialect')
    return Response.json({ error: 'internal' }, { status: 500 })
  }
}

/** Which database does not answer, and why, is nothing for a client. */
function causeOf(answered: Answered | undefined): unknown {
  return answered?.fault?.code === 'temporarily_unavailable' ? answered.fault.cause : undefined
}

function operationOf(answered: Answered | undefined): string | undefined {
  const on = answered?.inbound.operation?.on
  return typeof on === 'string' ? on : on?.[0]
}

/** What follows the origin. */
function pathOf({ url }: Request): string {
  return url.slice(url.indexOf('/', url.indexOf('//') + 2))
}
