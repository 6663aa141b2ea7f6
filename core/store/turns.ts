import { unavailable } from './unavailable.ts'

interface Waiting {
  resolve(): void
  reject(error: unknown): void
  timer: NodeJS.Timeout
}

/** So many at once; the others wait in order, and not for ever. */
export interface Turns {
  take(): Promise<void>
  give(): void
  /** Nobody who waits now will get one. */
  refuse(error: unknown): void
}

export function createTurns(most: number, patienceMs: number): Turns {
  const queue = new Set<Waiting>()
  let free = most
  const wait = () =>
    new Promise<void>((resolve, reject) => {
      const late = () => {
        queue.delete(waiting)
        reject(unavailable(new Error(`no connection was free within ${patienceMs} ms`)))
      }
      const waiting = { resolve, reject, timer: setTimeout(late, patienceMs) }
      queue.add(waiting)
    })
  return {
    async take() {
      if (free === 0) return wait()
      free--
    },
    give() {
      const [first] = queue
      if (!first) {
        free++
        return
      }
      queue.delete(first)
      clearTimeout(first.timer)
      first.resolve()
    },
    refuse(error) {
      for (const waiting of queue) {
        clearTimeout(waiting.timer)
        waiting.reject(error)
      }
      queue.clear()
    },
  }
}
