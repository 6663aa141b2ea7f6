import { type Load, type Result, run } from './client.ts'
import { middle } from './table.ts'

/** All of them by turns, so that a slow moment of the machine hits each. The middle figures of each. */
export async function byTurns(loads: readonly Load[], rounds: number): Promise<Result[]> {
  const results: Result[][] = loads.map(() => [])
  for (let round = 0; round < rounds; round++) {
    for (const [n, load] of loads.entries()) results[n]?.push(await run(load))
  }
  return results.map(middle)
}
