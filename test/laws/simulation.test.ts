/**
 * Random but lawful clients of every dialect, operators, clocks, receivers and crashes: after every step the world is
 * what a small model of its own says. `npm run simulate` goes on for longer.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines, freshStore } from '../support/engines.ts'
import { acts } from '../support/simulation/acts/acts.ts'
import { simulate } from '../support/simulation/run.ts'

const seed = Number(process.env.SIM_SEED ?? 2026)
const STEPS = { sqlite: 2_000, postgres: 250, pglite: 60 }

describe.each(engines())('simulation on %s', engine => {
  let fresh: Awaited<ReturnType<typeof freshStore>>
  beforeAll(async () => {
    fresh = await freshStore(engine)
  })
  afterAll(() => fresh.drop())

  const steps = Number(process.env.SIM_STEPS ?? STEPS[engine])
  it(`every guarantee holds after each of ${steps} random steps`, { timeout: 600_000 + steps * 1_000 }, async () => {
    const counts = await simulate(fresh.store, { seed, steps })
    // it would hold of a world in which nothing happens, too
    if (steps >= STEPS.sqlite) expect(Object.keys(acts).filter(name => !counts.has(name))).toEqual([])
  })
})
