/** What is being looked at, by where it comes from; others from there wait for what becomes of it. */
export interface Pending {
  begin(source: string): void
  /** `isRoomBack`: one who waits may begin in its place. */
  end(source: string, isRoomBack: boolean): void
  /** Undefined: nothing is looked at, or too many wait already. */
  wait(source: string): Promise<void> | undefined
}

/** From one source at a time. */
const MOST_WAITING = 500

interface Looked {
  count: number
  waiting: (() => void)[]
}

export function createPending(): Pending {
  const looked = new Map<string, Looked>()
  return {
    begin(source) {
      const own = looked.get(source)
      if (own) own.count++
      else looked.set(source, { count: 1, waiting: [] })
    },
    end(source, isRoomBack) {
      const own = looked.get(source)
      if (!own) return
      own.count--
      const isLast = own.count === 0
      if (isLast) looked.delete(source)
      // one place that is free is one's; the last of all leaves nobody behind
      const woken = isLast ? own.waiting : own.waiting.splice(0, isRoomBack ? 1 : 0)
      for (const wake of woken) wake()
    },
    wait(source) {
      const own = looked.get(source)
      if (!own || own.waiting.length >= MOST_WAITING) return undefined
      return new Promise(resolve => own.waiting.push(resolve))
    },
  }
}
