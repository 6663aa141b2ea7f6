import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const LIFE_MS = 8 * 3_600_000
const MOST_SESSIONS = 1_000
const ID = /^[\w-]{43}$/

/** Who has come in. All of it is in this process, and ends with it. */
export interface Door {
  /** For whoever has shown the token. */
  enter(): string
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

export function createDoor(now: () => number = Date.now): Door {
  const key = randomBytes(32)
  // by digest, so that what is in memory opens nothing
  const sessions = new Map<string, number>()
  const keyOf = (id: string) => digest(id).toString('base64url')
  const csrf = (id: string) => createHmac('sha256', key).update(id).digest('base64url')
  return {
    csrf,
    isCsrf: (id, given) => timingSafeEqual(digest(csrf(id)), digest(given)),
    strangerId: id => (id !== undefined && ID.test(id) ? id : fresh()),
    isOpen: id => id !== undefined && (sessions.get(keyOf(id)) ?? 0) > now(),
    leave(id) {
      sessions.delete(keyOf(id))
    },
    enter() {
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
