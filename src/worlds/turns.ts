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
  let held: Promise<void> = Promise.resolve()
  let ended = false
  return {
    async shared(work) {
      // another one alone may have begun while this one woke up
      for (let seen: Promise<void> | undefined; seen !== held; ) {
        seen = held
        await seen
      }
      if (ended) throw new Error('this gateway is closed')
      const done = work()
      running.add(done)
      try {
        return await done
      } finally {
        running.delete(done)
      }
    },
    alone(work, last = false) {
      const done = held.then(async () => {
        if (ended) return
        const all = Promise.allSettled(running)
        if (last) await all
        else await within(PATIENCE_MS, all)
        ended = last
        await work()
      })
      held = done.catch(() => {})
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
