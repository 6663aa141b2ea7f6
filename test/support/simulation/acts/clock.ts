/** The clock: steps of seconds to months, and the very instants that something hangs on. */
import type { Simulation } from '../bench.ts'
import { guarantee } from '../checks.ts'
import { DAY, MINUTE, SECOND } from '../model.ts'
import { advance, instants } from '../time.ts'
import type { Acts } from './act.ts'

const STEPS = [SECOND, 30 * SECOND, 5 * MINUTE, 61 * MINUTE, DAY / 2, DAY, 2 * DAY, 10 * DAY, 31 * DAY]

function target({ dice, model, sessions }: Simulation): number {
  const ends = sessions.filter(({ isEnded }) => !isEnded).map(({ most }) => most)
  const moments = [...instants(model), ...ends].filter(at => at > model.now + 1)
  if (moments.length === 0 || dice.chance(0.5)) return model.now + dice.pick(STEPS)
  // the instant itself, the last before it, the first after it
  return dice.pick(moments) + dice.pick([-1, 0, 0, 1])
}

/** The clock goes on and what fell due is done at once. */
async function move(simulation: Simulation) {
  const to = target(simulation)
  advance(simulation.model, to)
  await simulation.core.jobs.runDue()
  return `the clock moves to ${new Date(to).toISOString()}`
}

/** Running what is due once more does nothing. */
async function again({ core, model }: Simulation) {
  // a release that was taken back leaves months that are due at once
  advance(model, model.now)
  await core.jobs.runDue()
  guarantee('what is done is done once', await core.jobs.runDue(), [])
  return 'jobs run again'
}

export const clocks: Acts = { time: { weight: 28, run: move }, timeAgain: { weight: 2, run: again } }
