/** What makes a gateway a double: faults on demand, a journal that explains, and a place for callbacks. One per world. */
import type { Dialect, Inbound } from '../../adapters/kit/dialect.ts'
import { Fault } from '../../core/ground/fault.ts'
import type { Core } from '../../core/verbs.ts'
import type { AttemptOnce } from '../callbacks/attempt.ts'
import type { Connection } from '../http/listen.ts'
import { faultyAttempts } from './callbacks.ts'
import { cutOff, spoilt } from './cut.ts'
import { createIntercept, type Fates } from './intercept.ts'
import { type Bounds, createJournal, type Journal } from './journal.ts'
import { createPauses } from './pauses.ts'
import { createReceiver, type Receiver } from './receiver.ts'
import { type Recorded, toldOf } from './record.ts'
import { type DROPS, LONGEST_CALLBACK_DELAY_MS, LONGEST_DELAY_MS } from './rule-schema.ts'
import { createRules, type Rules } from './rules.ts'
import { createStreams, type Streams } from './stream.ts'

export interface Double {
  journal: Journal
  /** Undefined in production: no fault is brought about there. */
  faults: DoubleFaults | undefined
  streams: Streams
  /** Runs what waits for something to happen. Faults: limit_reached, where too many wait already. */
  waiting<T>(wait: () => Promise<T>): Promise<T>
  /** Callers get a trace of what they change. */
  isTracing: boolean
  record(recorded: Recorded, core: Core): void
  /** Everything is forgotten, and nobody is kept waiting any more. */
  reset(): void
}

export interface DoubleFaults {
  rules: Rules
  receiver: Receiver
  /** Before a request is handled; see intercept.ts. */
  intercept(dialect: Dialect, inbound: Inbound): Promise<Response | undefined> | undefined
  /** What the client gets in place of the answer, if a rule says so. May throw, in process, what `fetch` would. */
  finish(inbound: Inbound, response: Response): Finished
  attempts(attempt: AttemptOnce): AttemptOnce
  /** Those who are kept waiting on demand go on. */
  release(): void
}

export interface Finished {
  dropped: (typeof DROPS)[number] | undefined
  send(connection: Connection | undefined): Response
}

/** Who wait for requests or callbacks at once. */
const MOST_WAITING = 200
/** What the journal of a world takes at most. */
export const JOURNAL_BYTES = 64 * 1024 * 1024

export interface DoubleOptions {
  /** What is kept of exchanges at most. */
  journal: Bounds
  mode: 'double' | 'production'
  now(): number
}

function createFaults(now: () => number): DoubleFaults {
  const rules = createRules(({ callback }) => (callback === undefined ? LONGEST_DELAY_MS : LONGEST_CALLBACK_DELAY_MS))
  const pauses = createPauses()
  const fates: Fates = new WeakMap()
  return {
    rules,
    receiver: createReceiver(now),
    intercept: createIntercept({ rules, pauses, fates, now }),
    finish(inbound, response) {
      const fate = fates.get(inbound)
      const { drop, body } = fate ?? {}
      return {
        dropped: drop,
        send(connection) {
          if (drop !== undefined) return cutOff(response, inbound.written, drop, connection)
          if (body === 'truncated' || body === 'malformed') return spoilt(response, inbound.written, body)
          return response
        },
      }
    },
    attempts: faultyAttempts(rules, pauses),
    release: pauses.release,
  }
}

export function createDouble({ journal: bounds, mode, now }: DoubleOptions): Double {
  const journal = createJournal(bounds)
  const faults = mode === 'double' ? createFaults(now) : undefined
  let waiting = 0
  return {
    journal,
    faults,
    streams: createStreams(journal),
    async waiting(wait) {
      if (waiting >= MOST_WAITING) throw new Fault('limit_reached', { what: 'waiting at once', limit: MOST_WAITING })
      waiting++
      try {
        return await wait()
      } finally {
        waiting--
      }
    },
    isTracing: journal.isOn,
    record(recorded, core) {
      if (journal.isOn) journal.record(toldOf(recorded, now(), core))
    },
    reset() {
      journal.clear()
      faults?.rules.clear()
      faults?.receiver.clear()
      faults?.release()
    },
  }
}
