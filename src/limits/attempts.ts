import { setTimeout as sleep } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import { isFault } from '../../core/ground/fault.ts'
import { keyDigest } from '../../core/ground/secrets.ts'
import type { Buckets } from './buckets.ts'
import { createPending } from './pending.ts'
import type { Refuse, Who } from './refuse.ts'

/** What somebody shows to be let in. */
export interface Shown extends Who {
  /** Whom it is about: guesses from everywhere add up for it. Empty: a key or a session, which has no other name. */
  name: string
  secret: string
}

export interface Attempts {
  /**
   * Lets `verify` look whether it is right, unless too much that came from there was wrong. What was right from there
   * before is always looked at. Wrong is what gives undefined or `invalid`, or fails as a log-in. Faults: rate_limited;
   * the same to whatever is shown, so that nothing is learned by it.
   */
  judge<T>(shown: Shown, verify: () => Promise<T>): Promise<T>
  /** Credentials that were right, and where from, that are kept. */
  known(): number
}

export interface AttemptParts {
  /** Wrong ones by where they come from. */
  wrong: Buckets
  /** Wrong ones by whom they are about. */
  names: Buckets
  refuse: Refuse
  /** Milliseconds. */
  pause?: (ms: number) => Promise<unknown>
}

/** Some three hundred bytes each. */
const MOST_KNOWN = 50_000
/** So many wrong ones about one name, and whoever is not known waits: a step for each further one. */
const SUSPICIOUS = 20
const STEP_MS = 100
/** Guesses from many places are slowed down, and nobody is locked out: the wait ends. */
const LONGEST_MS = 5_000
const MOST_OVER = LONGEST_MS / STEP_MS
/** Pairs of a name and a place. */
const MOST_WAITING = 1_000
/** What has no name is everybody's, so that one wrong key says little; and it cannot be guessed as a password can. */
const WEIGHT_WITHOUT_NAME = 0.02

type Verdict = 'right' | 'wrong' | 'neither'

function verdictOf(result: unknown): Verdict {
  if (result === undefined || result === 'invalid') return 'wrong'
  return result === 'expired' ? 'neither' : 'right'
}

const verdictOfError = (error: unknown): Verdict =>
  isFault(error, 'login_failed') || isFault(error, 'login_locked') ? 'wrong' : 'neither'

/** Names are strangers' texts of any length: their digests are kept. */
const nameOf = ({ surface, name }: Shown) => keyDigest(`${surface}\n${name}`)

export function createAttempts({ wrong, names, refuse, pause = sleep }: AttemptParts): Attempts {
  const known = new LRUCache<string, true>({ max: MOST_KNOWN })
  const pending = createPending()
  /** Counted before it is looked at: of many at once no more are looked at than of many in a row. */
  const hold = async (shown: Shown, key: string): Promise<boolean> => {
    for (;;) {
      if (known.get(key)) return false
      const seconds = wrong.hold(shown.source)
      if (seconds === 0) break
      const others = pending.wait(shown.source)
      if (!others) throw refuse('wrong_credentials', shown, seconds, wrong.level(shown.source))
      await others
    }
    pending.begin(shown.source)
    return true
  }
  const slowDown = createSlowDown(names, refuse, pause)
  const count = (shown: Shown, name: string) => {
    wrong.note(shown.source)
    if (names.level(name) > SUSPICIOUS + MOST_OVER) return
    const weight = shown.name === '' ? WEIGHT_WITHOUT_NAME : 1
    names.add(name, weight)
    names.note(name, weight)
  }
  return {
    async judge(shown, verify) {
      const key = keyDigest(`${shown.source}\n${shown.surface}\n${shown.name}\n${shown.secret}`)
      const isHeld = await hold(shown, key)
      let verdict: Verdict = 'neither'
      try {
        if (isHeld) await slowDown(shown, nameOf(shown))
        const result = await verify()
        verdict = verdictOf(result)
        return result
      } catch (error) {
        verdict = verdictOfError(error)
        throw error
      } finally {
        if (isHeld && verdict !== 'wrong') wrong.giveBack(shown.source)
        if (verdict === 'wrong') {
          if (!isHeld) wrong.add(shown.source)
          known.delete(key)
          count(shown, nameOf(shown))
        } else if (verdict === 'right') known.set(key, true)
        if (isHeld) pending.end(shown.source, verdict !== 'wrong')
      }
    },
    known: () => known.size,
  }
}

/** Those of one place that ask about one name wait together. */
function createSlowDown(names: Buckets, refuse: Refuse, pause: (ms: number) => Promise<unknown>) {
  const waiting = new Map<string, Promise<unknown>>()
  return async (shown: Shown, name: string): Promise<void> => {
    const over = names.level(name) - SUSPICIOUS
    if (over <= 0) return
    const place = `${shown.source} ${name}`
    let wait = waiting.get(place)
    if (!wait) {
      // some have waited to the end a moment later
      if (waiting.size >= MOST_WAITING) throw refuse('wrong_credentials', shown, 1, names.level(name))
      wait = pause(Math.min(LONGEST_MS, Math.ceil(over) * STEP_MS)).finally(() => waiting.delete(place))
      waiting.set(place, wait)
    }
    await wait
  }
}
