import { LRUCache } from 'lru-cache'
import type { SharedCounts } from '../../core/verbs.ts'
import type { Log } from '../logs/log.ts'
import type { Counts, Limits } from './limits.ts'

/** How the processes of one database count together. */
export interface Sharing {
  start(): void
  /** One exchange: what was counted here goes, what was counted elsewhere comes. */
  round(): Promise<void>
  stop(): Promise<void>
}

export interface SharingOptions {
  limits: Pick<Limits, 'counts'>
  /** Of the present life of the world. */
  shared: () => SharedCounts
  /** Unlike that of any other process. */
  process: string
  log: Log
  everyMs?: number
}

const EVERY_MS = 1_000
/** Of each kind, in one exchange; the rest goes with the next ones. */
const MOST_TOLD = 500
/** Of processes that have ended nothing is left to hear. */
const MOST_PROCESSES = 1_000

type Told = Partial<Record<keyof Counts, [key: string, count: number][]>>

function gather(counts: Counts): string | undefined {
  const told: Told = {}
  for (const [kind, buckets] of Object.entries(counts)) {
    const untold = buckets.untold(MOST_TOLD)
    if (untold.length > 0) told[kind as keyof Counts] = untold
  }
  return Object.keys(told).length > 0 ? JSON.stringify(told) : undefined
}

function apply(counts: Counts, text: string): void {
  const told = JSON.parse(text) as Told
  for (const [kind, buckets] of Object.entries(counts)) {
    for (const [key, count] of told[kind as keyof Counts] ?? []) buckets.add(key, count)
  }
}

/**
 * No request waits for it, and none asks the database because of it. What others count is known here about a second
 * later: together n processes let through at most n times what one may at once, and in the long run what one may.
 */
export function createSharing({ limits, shared, process, log, everyMs = EVERY_MS }: SharingOptions): Sharing {
  const { counts } = limits
  const seen = new LRUCache<string, number>({ max: MOST_PROCESSES })
  let turn = 0
  let isTold = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  const exchange = async () => {
    const own = gather(counts)
    if (own !== undefined) await shared().tell(process, ++turn, own)
    for (const each of await shared().hear(process, new Map(seen.entries()))) {
      seen.set(each.process, each.turn)
      apply(counts, each.counts)
    }
  }
  const round = async () => {
    try {
      await exchange()
      isTold = false
    } catch (error) {
      // each process goes on by itself; said once until it works again
      if (!isTold) log.warn({ err: error }, 'limits are not shared with other processes for now')
      isTold = true
    }
  }
  const schedule = () => {
    timer = setTimeout(() => {
      running = round().then(() => {
        if (timer) schedule()
      })
    }, everyMs)
    timer.unref()
  }
  return {
    start: schedule,
    round,
    async stop() {
      clearTimeout(timer)
      timer = undefined
      await running
    },
  }
}
