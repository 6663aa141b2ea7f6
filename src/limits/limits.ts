import type { RateLimit } from '../../core/ground/fault.ts'
import type { Core } from '../../core/verbs.ts'
import { type Attempts, createAttempts } from './attempts.ts'
import { type Buckets, createBuckets } from './buckets.ts'
import { guardedCore } from './guarded-core.ts'
import { createRefuse, type Sizes, type Who } from './refuse.ts'

export interface LimitOptions {
  /** 0: that limit is off. */
  sizes: Sizes
  onRefused(per: RateLimit['per'], surface: string): void
  now?: () => number
  pause?: (ms: number) => Promise<unknown>
}

/** What is counted for itself, and told to other processes under this name. */
export type Counts = Readonly<Record<'address' | 'credential' | 'wrong_credentials' | 'names', Buckets>>

/** Limits of one process. */
export interface Limits {
  /** One more request from there; looked at before anything of it is read. Faults: rate_limited. */
  checkAddress(who: Who): void
  /** The core for one request of somebody who is not known yet. */
  coreFor(core: Core, who: Who): Core
  /** One more request with this credential. Faults: rate_limited. */
  spend(key: string, who: Who): void
  attempts: Attempts | undefined
  counts: Counts
  /** Keys kept of each kind. */
  keys(): Record<string, number>
}

/** Who asks after a pause may ask so many seconds' worth at once. */
const BURST_SECONDS = 10
const WRONG_SECONDS = 600
const MOST_ADDRESSES = 50_000
const MOST_CREDENTIALS = 20_000
/** Guesses about one name, from wherever: so many a second are as if they had not been. */
const NAMES_PER_SECOND = 0.1

function bucketsOf({ sizes, now }: LimitOptions): Counts {
  const perSecond = (size: number, keys: number) =>
    createBuckets({ size: size * BURST_SECONDS, perSecond: size, keys }, now)
  const { wrong_credentials: wrong } = sizes
  return {
    address: perSecond(sizes.address, MOST_ADDRESSES),
    credential: perSecond(sizes.credential, MOST_CREDENTIALS),
    wrong_credentials: createBuckets(
      { size: wrong, perSecond: wrong / WRONG_SECONDS, keys: MOST_ADDRESSES, tellAfter: 1 },
      now,
    ),
    names: createBuckets({ size: 0, perSecond: NAMES_PER_SECOND, keys: MOST_CREDENTIALS, tellAfter: 1 }, now),
  }
}

export function createLimits(options: LimitOptions): Limits {
  const { sizes, onRefused, pause } = options
  const refuse = createRefuse(sizes, onRefused)
  const counts = bucketsOf(options)
  const { wrong_credentials: wrong, names } = counts
  const attempts =
    sizes.wrong_credentials > 0 ? createAttempts({ wrong, names, refuse, ...(pause && { pause }) }) : undefined
  const take = (per: 'address' | 'credential', key: string, who: Who) => {
    if (sizes[per] === 0 || key === '') return
    const seconds = counts[per].take(key)
    if (seconds > 0) throw refuse(per, who, seconds, counts[per].level(key))
  }
  const spend = (key: string, who: Who) => take('credential', key, who)
  const guards = { attempts, spend }
  return {
    checkAddress: who => take('address', who.source, who),
    coreFor: (core, who) => guardedCore(core, guards, who),
    spend,
    attempts,
    counts,
    keys: () => ({
      ...Object.fromEntries(Object.entries(counts).map(([name, buckets]) => [name, buckets.count()])),
      known: attempts?.known() ?? 0,
    }),
  }
}
