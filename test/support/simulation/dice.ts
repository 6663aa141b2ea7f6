/** Every choice of a simulation: the same seed makes the same run. */
import { createHash } from 'node:crypto'

export interface Dice {
  /** 0 to n - 1. */
  int(n: number): number
  pick<T>(list: readonly T[]): T
  chance(probability: number): boolean
}

const RANGE = 2 ** 32

export function createDice(seed: string): Dice {
  let state = createHash('sha256').update(seed).digest().readUInt32LE()
  // mulberry32: small, and far better than is needed here
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / RANGE
  }
  const int = (n: number) => Math.floor(next() * n)
  return {
    int,
    pick: list => list[int(list.length)] as (typeof list)[number],
    chance: probability => next() < probability,
  }
}
