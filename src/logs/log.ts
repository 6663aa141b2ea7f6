import { type DestinationStream, type Logger, pino } from 'pino'
import { createLineStream } from './line-stream.ts'
import { redact, redactText, redactUrl } from './redact.ts'

/** Where lines go that are made without the logger. */
const LINES = Symbol('lines')

/** Members of every line of a log, as JSON that begins with a comma. */
const OWN = Symbol('own')

export type Log = Logger & { [LINES]: DestinationStream; [OWN]?: string }

/** One served request, as the log and the metrics see it. Never a body, never a header. */
export interface RequestEntry {
  requestId: string
  /** Undefined: the request reached no dialect. */
  dialect: string | undefined
  operation: string | undefined
  method: string
  /** Path and query, secrets and all: they are taken out here. */
  url: string
  status: number
  ms: number
  /** Code of the fault that was answered. */
  fault: string | undefined
}

/** The same log, with these members in each of its lines. */
export function logWith(log: Log, fields: Record<string, string>): Log {
  const own = (log[OWN] ?? '') + JSON.stringify(fields).replace(/^\{(.*)\}$/, ',$1')
  return Object.assign(log.child(fields), { [LINES]: log[LINES], [OWN]: own })
}

/** Many lines are of one millisecond, whose text costs more than all else in them. */
let [latest, latestText] = [0, '']

function now(): string {
  const at = Date.now()
  if (at !== latest) [latest, latestText] = [at, new Date(at).toISOString()]
  return latestText
}

/** Logs go to stderr: stdout belongs to what a command answers. Every line passes the redaction. */
export function createLog(level: string, stream: DestinationStream = createLineStream()): Log {
  const log = pino(
    {
      level,
      base: undefined,
      timestamp: () => `,"time":"${now()}"`,
      formatters: {
        level: label => ({ level: label }),
        log: fields => redact(fields) as Record<string, unknown>,
      },
      serializers: { err: error => error },
      hooks: {
        logMethod(parameters, method) {
          const [first, ...rest] = parameters as unknown[]
          // an error alone would become the line's message without passing the redaction of texts
          const parts =
            first instanceof Error ? [{ err: first }, ...(rest.length > 0 ? rest : [first.message])] : [first, ...rest]
          const safe = parts.map(part => (typeof part === 'string' ? redactText(part) : part))
          method.apply(this, safe as typeof parameters)
        },
      },
    },
    stream,
  )
  return Object.assign(log, { [LINES]: stream })
}

/** Failures of ours. Some providers document a 5xx for what a client may do any time: that is news like any other. */
const OURS = new Set<string | undefined>(['internal', 'timeout', 'temporarily_unavailable', undefined])

/**
 * One line per request; a server's own failure is an error, everything else is news. The most frequent line by far is put
 * together here: of its texts the URL alone can hold a secret, the others are ours or have passed a check of their own.
 */
export function logRequest(log: Log, entry: RequestEntry): void {
  const { status, ms, fault } = entry
  const level = (status >= 500 ? OURS.has(fault) : fault === 'internal') ? 'error' : 'info'
  if (!log.isLevelEnabled(level)) return
  const line = JSON.stringify({
    level,
    time: now(),
    requestId: entry.requestId,
    dialect: entry.dialect,
    operation: entry.operation,
    method: entry.method,
    url: redactUrl(entry.url),
    status,
    ms: Math.round(ms * 10) / 10,
    fault,
    msg: 'request',
  })
  log[LINES].write(`${line.slice(0, -1)}${log[OWN] ?? ''}}\n`)
}
