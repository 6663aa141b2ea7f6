import { type CallbackTargets, callbackTargets } from '../../adapters/kit/callback-url.ts'
import type { Dialect } from '../../adapters/kit/dialect.ts'
import type { Core, Taken, WordingFailure } from '../../core/verbs.ts'
import { type AttemptOnce, createAttempt, type Outcome } from './attempt.ts'
import { createSlots } from './slots.ts'
import { attemptOf, createTry, type Ended } from './try.ts'
import { word } from './word.ts'

/** Of one attempt. */
export const TIMEOUT_MS = 10_000
/** While something is under way, what has ended makes room so soon. */
const BUSY_MS = 20
/** Batches of events worded before deliveries have their turn. */
const BATCHES = 5

export interface SenderOptions {
  core: Core
  dialects: readonly Dialect[]
  targets?: CallbackTargets
  timeoutMs?: number
  /** How an attempt is made; over the network by default. */
  attempt?: AttemptOnce
  /** What is due is looked for so often while nothing happens. */
  everyMs?: number
  onAttempt?: (delivery: Taken, outcome: Outcome, isLast: boolean) => void
  /** A dialect could not word an event: the others do, and it is asked again. */
  onUnworded?: (failure: WordingFailure) => void
}

export interface Sender {
  /** Turn new events into deliveries and begin to send what is due, as far as there is room. Waits for no receiver. */
  round(): Promise<void>
  /** When the next round is worth it, in milliseconds. */
  pauseMs(): number
  /** Rounds until nothing is due any more and every attempt has ended. Returns how many were tried. */
  tick(): Promise<number>
  /** Gives up what is under way, which then waits again as if it had not been tried. Waits for no receiver. */
  stop(): Promise<void>
}

export function createSender(options: SenderOptions): Sender {
  const { core, dialects, targets = callbackTargets(false), timeoutMs = TIMEOUT_MS, everyMs = 0 } = options
  const tryOne = createTry(core, dialects, options.attempt ?? createAttempt({ targets, timeoutMs }))
  const slots = createSlots()
  const underWay = new Map<number, { end: Promise<void>; cut: AbortController }>()
  let ended: Ended[] = []
  let behind = ''
  let hasMore = false
  let lookedAt = Number.NEGATIVE_INFINITY
  let hasFailed = false
  let isStopping = false
  let tried = 0
  let running: Promise<unknown> = Promise.resolve()

  const begin = (delivery: Taken) => {
    const cut = new AbortController()
    const end = tryOne(delivery, cut.signal).then(each => {
      underWay.delete(delivery.id)
      ended.push(each)
    })
    underWay.set(delivery.id, { end, cut })
    tried++
  }
  const release = ({ delivery, outcome, isUnsigned }: Ended) => {
    const answered = outcome === undefined || outcome.final || isUnsigned ? undefined : outcome.status !== null
    slots.free(delivery.id, answered)
  }
  /** What cannot be written down keeps its slot and is written by a later round. */
  const record = async () => {
    const batch = ended
    const attempts = batch.flatMap(each => (each.outcome ? [attemptOf(each, each.outcome, core)] : []))
    await core.outbox.attempted(attempts)
    await core.outbox.giveBack(batch.filter(({ outcome }) => !outcome).map(({ delivery }) => delivery.id))
    ended = ended.slice(batch.length)
    for (const each of batch) release(each)
    const lasts = new Set(attempts.filter(({ nextAttemptAt }) => nextAttemptAt === null).map(({ id }) => id))
    for (const { delivery, outcome } of batch) {
      if (outcome) options.onAttempt?.(delivery, outcome, lasts.has(delivery.id))
    }
  }
  const expand = async () => {
    let isMore = true
    for (let batch = 0; isMore && batch < BATCHES; batch++) {
      const { more, failures } = await core.outbox.expand((event, told) => word(dialects, core, event, told))
      isMore = more
      for (const failure of failures) options.onUnworded?.(failure)
    }
    hasMore = isMore
  }
  const fill = async () => {
    const depth = slots.depth()
    if (depth === 0) return
    const { items, next } = await core.outbox.due(behind, depth)
    behind = next ?? ''
    if (next !== undefined) hasMore = true
    const chosen = slots.choose(items)
    const taken = new Set<number>()
    try {
      for (const delivery of await core.outbox.take(
        chosen.map(({ id }) => id),
        timeoutMs * 2,
      )) {
        taken.add(delivery.id)
        if (isStopping)
          ended.push({ delivery, headers: delivery.headers, outcome: undefined, durationMs: 0, isUnsigned: false })
        else begin(delivery)
      }
    } finally {
      // another process was faster
      for (const { id } of chosen) if (!taken.has(id)) slots.free(id)
    }
  }
  const once = async () => {
    const isEarly = performance.now() - lookedAt < everyMs
    if (isStopping || (isEarly && ended.length === 0 && !hasMore)) return
    lookedAt = performance.now()
    hasMore = false
    await record()
    await expand()
    await fill()
  }
  const round = () => {
    const next = running.then(once)
    running = next.then(
      () => {
        hasFailed = false
      },
      () => {
        hasFailed = true
      },
    )
    return next
  }
  const allEnded = () => Promise.all([...underWay.values()].map(({ end }) => end))
  return {
    round,
    pauseMs() {
      if (hasFailed || (!hasMore && underWay.size + ended.length === 0)) return everyMs
      return hasMore ? 0 : Math.min(BUSY_MS, everyMs)
    },
    async tick() {
      const before = tried
      for (let seen = -1; seen !== tried || ended.length > 0 || hasMore; ) {
        seen = tried
        await round()
        await allEnded()
      }
      return tried - before
    },
    async stop() {
      isStopping = true
      try {
        for (const { cut } of underWay.values()) cut.abort()
        await running
        for (const { cut } of underWay.values()) cut.abort()
        await allEnded()
        await record()
      } finally {
        // what could not be written down comes back when its lease ends
        for (const each of ended.splice(0)) release(each)
        isStopping = false
      }
    },
  }
}
