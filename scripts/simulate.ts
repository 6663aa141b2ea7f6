/** `npm run simulate -- --steps 20000 --seed 7 --engine sqlite`: the seeded simulation of test/laws/simulation.test.ts for longer. */
import { parseArgs } from 'node:util'
import { type EngineName, freshStore } from '../test/support/engines.ts'
import { simulate } from '../test/support/simulation/run.ts'

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: process.env.SIM_STEPS ?? '20000' },
    seed: { type: 'string', default: process.env.SIM_SEED ?? '2026' },
    engine: { type: 'string', default: 'sqlite' },
  },
})
const { store, drop } = await freshStore(values.engine as EngineName)
const say = (text: string) => process.stderr.write(`${text}\n`)
say(`seed ${values.seed}, ${values.steps} steps on ${values.engine}`)
try {
  const counts = await simulate(store, {
    seed: Number(values.seed),
    steps: Number(values.steps),
    onProgress: done => say(`${done} steps`),
  })
  process.stdout.write(`${JSON.stringify(Object.fromEntries(counts), null, 1)}\n`)
} catch (error) {
  say((error as Error).stack ?? String(error))
  process.exitCode = 1
} finally {
  await drop()
}
