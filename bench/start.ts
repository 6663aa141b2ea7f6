import { spawnSync } from 'node:child_process'
import { median } from './table.ts'

const FOLLOWING = 20
const FIRSTS = 5

/** One process: how long the first start of an in-process gateway takes, and the ones that follow. Runs in a child. */
const CHILD = `
import { startGateway } from './dist/src/testing/index.js'
const times = []
for (let i = 0; i <= ${FOLLOWING}; i++) {
  const at = performance.now()
  const gateway = await startGateway()
  times.push(performance.now() - at)
  await gateway.close()
}
process.stdout.write(JSON.stringify(times))
`

/** From the call to the first possible request, on the demo world; the first of a process opens the shipped image. */
export function startTimes(): string {
  const runs = Array.from({ length: FIRSTS }, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', CHILD])
    if (status !== 0) throw new Error(`the gateways did not start: ${stderr}`)
    return JSON.parse(String(stdout)) as number[]
  })
  const first = median(runs.map(([each]) => each as number))
  const following = median(runs.flatMap(([, ...rest]) => rest))
  return `Start of an in-process gateway on the demo world: first of a process ${first.toFixed(1)} ms, following ${following.toFixed(1)} ms.`
}
