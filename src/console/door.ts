import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Shown } from '../admin/actor.ts'

const LIFE_MS = 8 * 3_600_000
const MOST_SESSIONS = 1_000
const ID = /^[\w-]{43}$/

/** Who has come in. All of it is in this process, and ends with it. */
export interface Door {
  /** For whoever has shown a token. */
  enter(who: Shown): string
  leave(id: string): void
  /** Undefined: nobody has come in with it, or it is too long ago. */
  whoIs(id: string | undefined): Shown | undefined
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
  const sessions = new Map<string, { until: number; who: Shown }>()
  const keyOf = (id: string) => digest(id).toString('base64url')
  const csrf = (id: string) => createHmac('sha256', key).update(id).digest('base64url')
  return {
    csrf,
    isCsrf: (id, given) => timingSafeEqual(digest(csrf(id)), digest(given)),
    strangerId: id => (id !== undefined && ID.test(id) ? id : fresh()),
    whoIs(id) {
      const session = id === undefined ? undefined : sessions.get(keyOf(id))
      return session && session.until > now() ? session.who : undefined
    },
    leave(id) {
      sessions.delete(keyOf(id))
    },
    enter(who) {
      const id = fresh()
      keep(sessions, keyOf(id), { until: now() + LIFE_MS, who }, MOST_SESSIONS)
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
