import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Dialect } from '../adapters/kit/dialect.ts'
import type { Core, CoreEvent, Delivery, StoredDelivery } from '../core/verbs.ts'
import { checkTarget, guardedLookup, isRefusal } from './outbound-target.ts'

const ATTEMPTS = 6
const FIRST_PAUSE_MS = 2_000
const JITTER = 0.2
const TIMEOUT_MS = 10_000
const AT_ONCE = 16

export interface SenderOptions {
  core: Core
  dialects: readonly Dialect[]
  /** Double mode lets deliveries go to this machine. */
  allowLoopback: boolean
  timeoutMs?: number
  onAttempt?: (delivery: StoredDelivery, outcome: Outcome) => void
  /** A dialect could not word an event: it sends nothing, the others do. */
  onError?: (error: unknown, event: CoreEvent, dialect: string) => void
}

export interface Sender {
  /** Turn new events into deliveries and send what is due. Returns how many were tried. */
  tick(): Promise<number>
}

interface Outcome {
  status: number | null
  error: string | null
  delivered: boolean
  /** Trying again would not help. */
  final: boolean
}

/** One attempt; redirects are not followed. */
function send(delivery: Delivery, allowLoopback: boolean, timeoutMs: number): Promise<Outcome> {
  return new Promise(resolve => {
    const fail = (error: unknown) =>
      resolve({ status: null, error: messageOf(error), delivered: false, final: isRefusal(error) })
    try {
      const url = checkTarget(delivery.url, allowLoopback)
      const start = url.protocol === 'https:' ? httpsRequest : httpRequest
      const { method, body, headers } = delivery
      const length = method === 'GET' ? {} : { 'content-length': String(Buffer.byteLength(body)) }
      const request = start(url, {
        method,
        headers: { ...headers, ...length },
        lookup: guardedLookup(allowLoopback),
        agent: false, // a connection kept alive would pass the look-up by
        signal: AbortSignal.timeout(timeoutMs),
      })
      request.on('error', fail)
      request.on('response', response => {
        response.resume()
        const status = response.statusCode ?? 0
        const delivered = status >= 200 && status < 300
        resolve({ status, error: delivered ? null : `answered ${status}`, delivered, final: false })
      })
      request.end(method === 'GET' ? undefined : body)
    } catch (error) {
      fail(error)
    }
  })
}

function messageOf(error: unknown): string {
  const { name, message } = error as Error
  return name === 'AbortError' || name === 'TimeoutError' ? 'timed out' : message.slice(0, 300)
}

/** 2 s, 4 s, 8 s, … each ±20 %, so that many failures do not come back at once. */
function pauseAfter(attempt: number, core: Core): number {
  const [draw = 0] = core.random.bytes(1)
  return Math.round(FIRST_PAUSE_MS * 2 ** (attempt - 1) * (1 + JITTER * (draw / 127.5 - 1)))
}

async function attemptOne(options: SenderOptions, delivery: StoredDelivery): Promise<void> {
  const { core, allowLoopback, timeoutMs = TIMEOUT_MS } = options
  const startedAt = performance.now()
  const outcome = await send(delivery, allowLoopback, timeoutMs)
  const tried = delivery.attempts.length + 1
  const isLast = outcome.delivered || outcome.final || tried % ATTEMPTS === 0
  const next = isLast ? null : core.clock.now() + pauseAfter(tried % ATTEMPTS, core)
  const durationMs = Math.round(performance.now() - startedAt)
  await core.outbox.attempted(delivery.id, { ...outcome, durationMs }, next)
  options.onAttempt?.(delivery, outcome)
}

async function deliveriesOf({ core, dialects, onError }: SenderOptions, event: CoreEvent): Promise<Delivery[]> {
  const lists = dialects.map(async dialect => {
    try {
      return (await dialect.outbound?.[event.kind]?.(event, core)) ?? []
    } catch (error) {
      // thrown on, it would hold up this event, and all behind it, for ever
      onError?.(error, event, dialect.name)
      return []
    }
  })
  return (await Promise.all(lists)).flat()
}

export function createSender(options: SenderOptions): Sender {
  const { core, timeoutMs = TIMEOUT_MS } = options
  return {
    async tick() {
      while ((await core.outbox.expand(event => deliveriesOf(options, event))) > 0);
      // a process that dies while sending gives its deliveries back after this time
      const due = await core.outbox.take(AT_ONCE, timeoutMs * 2)
      await Promise.all(due.map(delivery => attemptOne(options, delivery)))
      return due.length
    },
  }
}
