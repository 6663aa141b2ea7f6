import type { Dialect } from '../../adapters/kit/dialect.ts'
import type { Attempt, Core, Taken } from '../../core/verbs.ts'
import type { AttemptOnce, Outcome } from './attempt.ts'
import { messageOf } from './word.ts'

const ATTEMPTS = 6
const FIRST_PAUSE_MS = 2_000
const JITTER = 0.2
/** What we cannot sign is no fault of the receiver's: an hour in which a database or a key can be put right. */
const UNSIGNED_ATTEMPTS = 13
const LONGEST_PAUSE_MS = 900_000
/** An attempt that has ended and is not written down yet; `outcome` undefined: given up by us. */
export interface Ended {
  delivery: Taken
  headers: Record<string, string>
  outcome: Outcome | undefined
  durationMs: number
  /** It never went out. */
  isUnsigned: boolean
}

/** 2 s, 4 s, 8 s, … each ±20 %, so that many failures do not come back at once. */
function pauseAfter(tries: number, core: Core): number {
  const [draw = 0] = core.random.bytes(1)
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS)
  return Math.round(pause * (1 + JITTER * (draw / 127.5 - 1)))
}

/** What is written down of it, and when it is tried again. */
export function attemptOf({ delivery, headers, durationMs, isUnsigned }: Ended, outcome: Outcome, core: Core): Attempt {
  const tries = delivery.tries + 1
  const isLast = outcome.delivered || outcome.final || tries >= (isUnsigned ? UNSIGNED_ATTEMPTS : ATTEMPTS)
  const nextAttemptAt = isLast ? null : core.clock.now() + pauseAfter(tries, core)
  const { status, error, delivered } = outcome
  return { id: delivery.id, status, error, delivered, headers, durationMs, nextAttemptAt }
}

/** Signs when it sends, so that a new secret counts at once, and sends. Never throws. */
export function createTry(core: Core, dialects: readonly Dialect[], attempt: AttemptOnce) {
  const signers = new Map(dialects.map(({ name, sign }) => [name, sign]))
  return async (delivery: Taken, signal: AbortSignal): Promise<Ended> => {
    const startedAt = performance.now()
    const end = (outcome: Outcome, headers: Record<string, string>, isUnsigned = false): Ended => {
      const durationMs = Math.round(performance.now() - startedAt)
      const isGivenUp = signal.aborted && outcome.status === null
      return { delivery, headers, durationMs, isUnsigned, outcome: isGivenUp ? undefined : outcome }
    }
    let headers = delivery.headers
    try {
      headers = { ...headers, ...(await signers.get(delivery.dialect)?.(delivery, core)) }
    } catch (error) {
      const why = `cannot be signed: ${messageOf(error)}`
      return end({ status: null, error: why, delivered: false, final: false }, headers, true)
    }
    return end(await attempt({ ...delivery, headers }, signal), headers)
  }
}
