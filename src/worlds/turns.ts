import { Fault } from '../../core/ground/fault.ts'

/** Many at once, or one alone: requests while a world lives, and what ends that life or begins a new one. */
export interface Turns {
  shared<T>(work: () => Promise<T>): Promise<T>
  /**
   * Waits for what runs; what comes meanwhile waits for it. `last`: nothing comes afterwards. Faults: timeout, when what
   * runs takes too long; then nothing was done.
   */
  alone(work: () => Promise<void>, last?: boolean): Promise<void>
}

/** Everybody else waits as long: whoever sends a body for a minute is not to hold up a world. */
const PATIENCE_MS = 10_000

export function createTurns(): Turns {
  const running = new Set<Promise<unknown>>()
  /** Ends with whoever is alone, or waits for it. */
  let held: Promise<void> | undefined
  let ended = false
  // nearly every request comes while nobody is alone, and waits for nothing
  const shared = <T>(work: () => Promise<T>): Promise<T> => {
    // another one alone may have begun while this one woke up
    if (held) return held.then(() => shared(work))
    if (ended) return Promise.reject(new Error('this gateway is closed'))
    const done = work()
    const forget = () => void running.delete(done)
    running.add(done)
    done.then(forget, forget)
    return done
  }
  return {
    shared,
    alone(work, last = false) {
      const done = (held ?? Promise.resolve()).then(async () => {
        if (ended) return
        const all = Promise.allSettled(running)
        if (last) await all
        else await within(PATIENCE_MS, all)
        ended = last
        await work()
      })
      const end = done
        .catch(() => {})
        .then(() => {
          if (held === end) held = undefined
        })
      held = end
      return done
    },
  }
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Fault('timeout', { ms })), ms)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
