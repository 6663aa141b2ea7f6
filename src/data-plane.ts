import type { Core } from '../core/verbs.ts'
import type { Config } from './config.ts'
import { dialectModules } from './dialects.ts'
import { createGateway, type FetchOptions, type Gateway } from './gateway.ts'
import type { Fetch } from './listen.ts'
import { type Log, logRequest } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Answered } from './serve-dialect.ts'

export interface DataPlane {
  gateway: Gateway
  /** Of the listener for all dialects, or of one dialect's own. */
  fetch(dialectAtRoot?: string): Fetch
  /** Requests that arrive meanwhile wait: nobody sees a world half made. */
  hold<T>(work: () => Promise<T>): Promise<T>
}

export interface DataPlaneOptions {
  config: Config
  core: Core
  log: Log
  metrics: Metrics
}

/** What was learned about a request on its way. */
interface Note {
  answered: Answered | undefined
  dialect: string | undefined
}

export function createDataPlane({ config, core, log, metrics }: DataPlaneOptions): DataPlane {
  const gateway = createGateway({ config, core, modules: dialectModules })
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
    metrics.request(entry)
    logRequest(log, entry)
    const cause = answered?.cause ?? causeOf(answered)
    if (cause !== undefined) log.error({ err: cause, requestId: entry.requestId }, 'request failed')
  }
  let held: Promise<unknown> = Promise.resolve()
  return {
    gateway,
    fetch: dialectAtRoot => async request => {
      const startedAt = performance.now()
      await held
      const note: Note = { answered: undefined, dialect: undefined }
      const onAnswer = (answered: Answered, dialect: string) => {
        note.answered = answered
        note.dialect = dialect
      }
      const response = await answer(gateway, request, { dialectAtRoot, onAnswer }, log)
      tell(note, request, response.status, startedAt)
      return response
    },
    hold(work) {
      const done = held.then(work)
      held = done.catch(() => {})
      return done
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
