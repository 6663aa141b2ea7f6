/** Many at once, or one alone: requests while a gateway lives, and what ends that life or begins a new one. */
export interface Turns {
  shared<T>(work: () => Promise<T>): Promise<T>
  /** Waits for what runs; what comes meanwhile waits for it. `last`: nothing comes afterwards. */
  alone(work: () => Promise<void>, last?: boolean): Promise<void>
}

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
        await Promise.allSettled(running)
        ended = last
        await work()
      })
      held = done.catch(() => {})
      return done
    },
  }
}
