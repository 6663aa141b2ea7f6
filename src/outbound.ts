import { type CallbackTargets, callbackTargets, callbackUrl, receiverOf } from '../adapters/kit/callback-url.ts'
import type { Dialect } from '../adapters/kit/dialect.ts'
import type { Attempt, Core, CoreEvent, Taken, Worded, WordingFailure } from '../core/verbs.ts'
import { type AttemptOnce, createAttempt, type Outcome } from './outbound-attempt.ts'
import { createSlots } from './outbound-slots.ts'

const TIMEOUT_MS = 10_000
const ATTEMPTS = 6
const FIRST_PAUSE_MS = 2_000
const JITTER = 0.2
/** What we cannot sign is no fault of the receiver's: an hour in which a database or a key can be put right. */
const UNSIGNED_ATTEMPTS = 13
const LONGEST_PAUSE_MS = 900_000
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

/** An attempt that has ended and is not written down yet; `outcome` undefined: given up by us. */
interface Ended {
  delivery: Taken
  headers: Record<string, string>
  outcome: Outcome | undefined
  durationMs: number
  /** It never went out. */
  isUnsigned: boolean
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error)).slice(0, 300)

/** What every dialect that has not spoken yet says of an event. */
async function word(dialects: readonly Dialect[], core: Core, event: CoreEvent, told: readonly string[]) {
  const worded = {
    deliveries: [] as Worded['deliveries'][number][],
    told: [] as string[],
    failed: [] as { dialect: string; error: string }[],
  }
  for (const { name, outbound } of dialects) {
    const say = outbound?.[event.kind]
    if (!say || told.includes(name)) continue
    try {
      const deliveries = await say(event, core)
      worded.deliveries.push(...deliveries.map(delivery => ({ ...delivery, receiver: receiverFor(delivery.url) })))
      worded.told.push(name)
    } catch (error) {
      worded.failed.push({ dialect: name, error: messageOf(error) })
    }
  }
  return worded
}

/** A mail is kept for an operator to read; everything else is sent, or refused when it is to be sent. */
function receiverFor(url: string): string | undefined {
  if (/^mailto:/i.test(url)) return undefined
  const target = callbackUrl(url)
  return target ? receiverOf(target) : '?'
}

/** 2 s, 4 s, 8 s, … each ±20 %, so that many failures do not come back at once. */
function pauseAfter(tries: number, core: Core): number {
  const [draw = 0] = core.random.bytes(1)
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS)
  return Math.round(pause * (1 + JITTER * (draw / 127.5 - 1)))
}

function attemptOf({ delivery, headers, durationMs, isUnsigned }: Ended, outcome: Outcome, core: Core): Attempt {
  const tries = delivery.tries + 1
  const isLast = outcome.delivered || outcome.final || tries >= (isUnsigned ? UNSIGNED_ATTEMPTS : ATTEMPTS)
  const nextAttemptAt = isLast ? null : core.clock.now() + pauseAfter(tries, core)
  const { status, error, delivered } = outcome
  return { id: delivery.id, status, error, delivered, headers, durationMs, nextAttemptAt }
}

/** Signs when it sends, so that a new secret counts at once, and sends. Never throws. */
function createTry({ core, dialects }: SenderOptions, attempt: AttemptOnce) {
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

export function createSender(options: SenderOptions): Sender {
  const { core, dialects, targets = callbackTargets(false), timeoutMs = TIMEOUT_MS, everyMs = 0 } = options
  const tryOne = createTry(options, options.attempt ?? createAttempt({ targets, timeoutMs }))
  const slots = createSlots()
  const underWay = new Map<number, { end: Promise<void>; cut: AbortController }>()
  let ended: Ended[] = []
  let behind = ''
  let hasMore = false
  let lookedAt = Number.NEGATIVE_INFINITY
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
    running = next.catch(() => {})
    return next
  }
  const allEnded = () => Promise.all([...underWay.values()].map(({ end }) => end))
  return {
    round,
    pauseMs: () => (hasMore ? 0 : underWay.size + ended.length > 0 ? Math.min(BUSY_MS, everyMs) : everyMs),
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
