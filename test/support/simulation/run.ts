/** Runs a simulation step by step; every failure tells the seed, the step and what went before. */
import type { Store } from '../../../core/store/store.ts'
import type { Act } from './acts/act.ts'
import { acts } from './acts/acts.ts'
import { openSimulation, type Simulation } from './bench.ts'
import { checkAll } from './checks.ts'

/** A world grows old with what happened in it, and its invariants slow: then another one begins. */
const EPISODE = 400
/** Steps told before the one that failed. */
const TOLD = 15

export interface SimulationOptions {
  seed: number
  steps: number
  /** Told after each episode. */
  onProgress?: (steps: number) => void
}

const all: readonly (readonly [string, Act])[] = Object.entries(acts)
const TOTAL = all.reduce((sum, [, { weight }]) => sum + weight, 0)

function draw({ dice }: Simulation): readonly [string, Act] {
  let left = dice.int(TOTAL)
  const index = all.findIndex(([, { weight }]) => {
    left -= weight
    return left < 0
  })
  return all[index] as (typeof all)[number]
}

async function episode(store: Store, seed: string, from: number, steps: number, counts: Map<string, number>) {
  const simulation = await openSimulation(store, seed)
  const trail: string[] = []
  for (let i = 0; i < steps; i++) {
    simulation.step = from + i
    const [name, act] = draw(simulation)
    try {
      const done = await act.run(simulation)
      trail.push(`${from + i} ${new Date(simulation.model.now).toISOString()} ${done ?? `${name}: nothing to do`}`)
      if (done !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1)
      await checkAll(simulation)
    } catch (error) {
      const before = trail.slice(-TOLD).join('\n  ')
      const message = `step ${from + i} (${name}): ${(error as Error).message}\nbefore:\n  ${before}`
      throw new Error(message, { cause: error })
    }
  }
}

/** How often each act did something. */
export async function simulate(
  store: Store,
  { seed, steps, onProgress }: SimulationOptions,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  try {
    for (let from = 0; from < steps; from += EPISODE) {
      await episode(store, `${seed} ${from}`, from, Math.min(EPISODE, steps - from), counts)
      onProgress?.(Math.min(from + EPISODE, steps))
    }
  } catch (error) {
    const replay = `replay: npm run simulate -- --seed ${seed} --steps ${steps} (engine ${store.engine.name})`
    throw new Error(`${(error as Error).message}\n${replay}`, { cause: error })
  }
  return counts
}
