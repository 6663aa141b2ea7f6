/**
 * How long a turn of the event loop takes: in processor time, because on a loaded machine the wall shows what others do.
 * What a slower processor needs longer is allowed for by a piece of work that is measured in the same run.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'

const usedMs = (since?: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1000
}

/** Processor time of the longest turn while this runs, in milliseconds. */
export async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  let longest = 0
  let isOver = false
  await nextTurn()
  let last = process.cpuUsage()
  const watch = (async () => {
    while (!isOver) {
      await nextTurn()
      longest = Math.max(longest, usedMs(last))
      last = process.cpuUsage()
    }
  })()
  await work()
  isOver = true
  await watch
  return longest
}

/** What `standardWork` takes on the machine that the limit is meant for. */
const STANDARD_MS = 5

function standardWork(): void {
  const rows = Array.from({ length: 4000 }, (_, i) => ({ id: i, name: `number ${i}`, list: [i, i + 1, String(i)] }))
  for (let i = 0; i < 2; i++) JSON.parse(JSON.stringify(rows))
}

function standardMs(): number {
  const runs = Array.from({ length: 7 }, () => {
    const start = process.cpuUsage()
    standardWork()
    return usedMs(start)
  })
  return Math.min(...runs)
}

/** How many times slower than that this machine is now; never less than once. */
export function slowness(): number {
  return Math.max(1, standardMs() / STANDARD_MS)
}
