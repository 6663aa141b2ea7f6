import { unavailable } from './unavailable.ts'

interface Waiting {
  resolve(): void
  reject(error: unknown): void
  timer: NodeJS.Timeout
}

/** Those who may wait for each other while they have their turns, as buyers of one account do for its balance. */
export type Lane = number | symbol

interface Line {
  busy: number
  queue: Set<Waiting>
}

/** So many at once; the others wait, and not for ever. */
export interface Turns {
  take(lane: Lane): Promise<void>
  /** What `take` with the same lane has got. */
  give(lane: Lane): void
  /** Nobody who waits now will get one. */
  refuse(error: unknown): void
}

/**
 * A lane gets half of all turns at most, and what is free goes round the lanes, in each in order: so nobody waits for more
 * than one of every other lane.
 */
export function createTurns(most: number, patienceMs: number): Turns {
  const mostOfLane = Math.ceil(most / 2)
  const lines = new Map<Lane, Line>()
  let free = most
  const mayGo = ({ busy }: Line) => free > 0 && busy < mostOfLane
  const go = (line: Line) => {
    free--
    line.busy++
  }
  const forget = (lane: Lane, { busy, queue }: Line) => {
    if (busy === 0 && queue.size === 0) lines.delete(lane)
  }
  const wait = (lane: Lane, line: Line) =>
    new Promise<void>((resolve, reject) => {
      const late = () => {
        line.queue.delete(waiting)
        forget(lane, line)
        reject(unavailable(new Error(`no connection was free within ${patienceMs} ms`)))
      }
      const waiting = { resolve, reject, timer: setTimeout(late, patienceMs) }
      line.queue.add(waiting)
    })
  const next = () => {
    for (const [lane, line] of lines) {
      const [first] = line.queue
      if (!first || !mayGo(line)) continue
      go(line)
      line.queue.delete(first)
      clearTimeout(first.timer)
      lines.delete(lane) // the others come first the next time
      lines.set(lane, line)
      return first.resolve()
    }
  }
  return {
    async take(lane) {
      const line = lines.get(lane) ?? { busy: 0, queue: new Set() }
      lines.set(lane, line)
      if (mayGo(line)) go(line)
      else await wait(lane, line)
    },
    give(lane) {
      const line = lines.get(lane) as Line
      free++
      line.busy--
      next()
      forget(lane, line)
    },
    refuse(error) {
      for (const [lane, line] of lines) {
        for (const { timer, reject } of line.queue) {
          clearTimeout(timer)
          reject(error)
        }
        line.queue.clear()
        forget(lane, line)
      }
    },
  }
}
