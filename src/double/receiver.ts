import { BODILESS } from '../../adapters/kit/bodiless.ts'
import { enough } from './enough.ts'

/** A place that takes callbacks, so that a test needs no server of its own: `/_callbacks/<anything>`. */
export interface Received {
  id: number
  /** By the clock of the world, epoch milliseconds. */
  at: number
  method: string
  /** Behind `/_callbacks`, with its query. */
  path: string
  headers: Record<string, string>
  body: string
}

export interface Receiver {
  /** Answers 200, or what `?status=` asks for. */
  fetch(request: Request, path: string): Promise<Response>
  /** Newest first; `path`: its beginning. */
  find(path: string | undefined, limit: number): Received[]
  clear(): void
  wait(path: string | undefined, count: number, ms: number): Promise<Received[]>
}

export const RECEIVER = '/_callbacks'
const MOST_KEPT = 1_000
const BODY_LENGTH = 65_536

const statusOf = (path: string) => {
  const status = Number(new URLSearchParams(path.split('?')[1]).get('status'))
  return status >= 200 && status <= 599 ? status : 200
}

export function createReceiver(now: () => number): Receiver {
  let kept: Received[] = []
  let next = 1
  const watchers = new Set<(received: Received) => void>()
  const isAt = (path: string | undefined) => (received: Received) =>
    path === undefined || received.path.startsWith(path)
  return {
    async fetch(request, path) {
      const body = (await request.text()).slice(0, BODY_LENGTH)
      const headers = Object.fromEntries(request.headers)
      const received = { id: next++, at: now(), method: request.method, path, headers, body }
      kept.push(received)
      if (kept.length > MOST_KEPT) kept.shift()
      for (const tell of watchers) tell(received)
      const status = statusOf(path)
      return BODILESS.has(status)
        ? new Response(null, { status })
        : Response.json({ received: received.id }, { status })
    },
    find: (path, limit) => kept.filter(isAt(path)).reverse().slice(0, limit),
    clear() {
      kept = []
    },
    wait(path, count, ms) {
      return enough(kept.filter(isAt(path)).reverse(), count, ms, tell => {
        const look = (received: Received) => {
          if (isAt(path)(received)) tell(received)
        }
        watchers.add(look)
        return () => void watchers.delete(look)
      })
    },
  }
}
