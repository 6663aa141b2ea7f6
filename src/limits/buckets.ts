import { LRUCache } from 'lru-cache'

/** How much of something there may be, for each of many keys. */
export interface Rate {
  /** At once, after a while without any. */
  size: number
  /** That many of them are as if they had not been, each second. */
  perSecond: number
  /** Keys that are kept; what was counted of the one longest unused is forgotten for a new one. */
  keys: number
  /** Counted so often here, others are told of it. Default: a hundredth of the size. */
  tellAfter?: number
}

/** A bucket for each key that fills with what is counted, and leaks. Nothing here waits, or runs by itself. */
export interface Buckets {
  /** Seconds until there is room for one more; 0: there was, and it is counted here. Others are not told of it. */
  hold(key: string): number
  /** What was held has not been one. */
  giveBack(key: string): void
  /** What was counted here is to be told to others. */
  note(key: string, count?: number): void
  /** `hold` and `note`. */
  take(key: string): number
  /** Counted whether there is room or not. */
  add(key: string, count?: number): void
  /** How much of it is there now. */
  level(key: string): number
  /** What others have not been told, of so many keys at most; the rest comes next. */
  untold(most: number): [key: string, count: number][]
  /** Keys that are kept. */
  count(): number
}

interface Bucket {
  level: number
  /** When it had that level, milliseconds. */
  at: number
  untold: number
}

const MS = 1000
const SHARE = 100

/** `now`: milliseconds, of a clock that only goes forward. */
export function createBuckets(rate: Rate, now: () => number = () => performance.now()): Buckets {
  const { size, perSecond, keys } = rate
  const tellAfter = rate.tellAfter ?? Math.ceil(size / SHARE)
  const buckets = new LRUCache<string, Bucket>({ max: keys })
  const toTell = new Set<string>()
  /** As it is now; one that has run dry begins anew. */
  const leaked = (key: string): Bucket => {
    const at = now()
    const known = buckets.get(key)
    if (!known) {
      const fresh = { level: 0, at, untold: 0 }
      buckets.set(key, fresh)
      return fresh
    }
    known.level -= ((at - known.at) * perSecond) / MS
    known.at = at
    if (known.level < 0) known.level = 0
    if (known.level === 0) known.untold = 0
    return known
  }
  const hold = (key: string): number => {
    const bucket = leaked(key)
    const over = bucket.level + 1 - size
    if (over > 0) return over / perSecond
    bucket.level++
    return 0
  }
  const note = (key: string, count = 1): void => {
    const bucket = buckets.peek(key)
    if (!bucket) return
    bucket.untold += count
    if (bucket.untold >= tellAfter) toTell.add(key)
  }
  return {
    hold,
    note,
    take(key) {
      const wait = hold(key)
      if (wait === 0) note(key)
      return wait
    },
    giveBack(key) {
      const bucket = buckets.peek(key)
      if (bucket) bucket.level = Math.max(0, bucket.level - 1)
    },
    add(key, count = 1) {
      leaked(key).level += count
    },
    level: key => (buckets.has(key) ? leaked(key).level : 0),
    untold(most) {
      const told: [string, number][] = []
      for (const key of toTell) {
        if (told.length >= most) break
        toTell.delete(key)
        const bucket = buckets.peek(key)
        if (!bucket || bucket.untold === 0) continue
        told.push([key, bucket.untold])
        bucket.untold = 0
      }
      return told
    },
    count: () => buckets.size,
  }
}
