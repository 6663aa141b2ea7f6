import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const LIFE_MS = 8 * 3_600_000
const MOST_SESSIONS = 1_000
const WINDOW_MS = 5 * 60_000
const TRIES = 10
const MOST_PEERS = 10_000
const ID = /^[\w-]{43}$/

/** Who has come in, and how often somebody failed to. All of it is in this process, and ends with it. */
export interface Door {
  /** Seconds for which this peer is not listened to; 0: it may try. */
  locked(peer: string): number
  /** Undefined: that is not the token. */
  enter(peer: string, token: string): string | undefined
  leave(id: string): void
  isOpen(id: string | undefined): boolean
  /** An id for a browser that needs no token. */
  strangerId(id: string | undefined): string
  /** What a form of this browser's pages carries; of no use to any other. */
  csrf(id: string): string
  isCsrf(id: string, given: string): boolean
}

const digest = (text: string) => createHash('sha256').update(text).digest()
const fresh = () => randomBytes(32).toString('base64url')

export const SESSION_SECONDS = LIFE_MS / 1000

export function createDoor(token: string | undefined, now: () => number = Date.now): Door {
  const key = randomBytes(32)
  // by digest, so that what is in memory opens nothing
  const sessions = new Map<string, number>()
  const failures = new Map<string, { count: number; since: number }>()
  const keyOf = (id: string) => digest(id).toString('base64url')
  const csrf = (id: string) => createHmac('sha256', key).update(id).digest('base64url')
  const failed = (peer: string) => {
    const entry = failures.get(peer)
    if (entry && now() - entry.since < WINDOW_MS) entry.count++
    else keep(failures, peer, { count: 1, since: now() }, MOST_PEERS)
  }
  return {
    csrf,
    isCsrf: (id, given) => timingSafeEqual(digest(csrf(id)), digest(given)),
    strangerId: id => (id !== undefined && ID.test(id) ? id : fresh()),
    isOpen: id => id !== undefined && (sessions.get(keyOf(id)) ?? 0) > now(),
    leave(id) {
      sessions.delete(keyOf(id))
    },
    locked(peer) {
      const entry = failures.get(peer)
      if (!entry || entry.count < TRIES) return 0
      return Math.max(0, Math.ceil((entry.since + WINDOW_MS - now()) / 1000))
    },
    enter(peer, given) {
      if (token === undefined || !timingSafeEqual(digest(given), digest(token))) {
        failed(peer)
        return undefined
      }
      failures.delete(peer)
      const id = fresh()
      keep(sessions, keyOf(id), now() + LIFE_MS, MOST_SESSIONS)
      return id
    },
  }
}

/** The oldest gives way. */
export function keep<T>(map: Map<string, T>, key: string, value: T, most: number): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > most && oldest !== undefined) map.delete(oldest)
}
