/** Server time of each page of the console: `tsx bench/console.ts [numbers]`, a million by default. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '../src/log.ts'
import { readConfig, startDidgate } from '../src/main.ts'
import { load } from './load.ts'

const ROUNDS = 9
const PAGES = [
  ...['', '/numbers', '/numbers?country=US&type=local&area_code=212', '/numbers?starts=1212', '/numbers?contains=5501'],
  ...['/numbers?ends=7788', '/numbers?state=blocked', '/numbers?state=active', '/map', '/map/212', '/accounts'],
  ...['/orders', '/documents', '/callbacks', '/import', '/events', '/clock', '/requests', '/faults'],
]

const count = Number(process.argv[2] ?? 1_000_000)
const folder = mkdtempSync(join(tmpdir(), 'didgate-console-bench-'))
const DATABASE_URL = `sqlite:${join(folder, 'bench.db')}`
try {
  await load(DATABASE_URL, count)
  const env = { PORT: '0', ADMIN_PORT: '0', DATABASE_URL, DIDGATE_SEED: 'none', DIDGATE_KEY: 'k'.repeat(32) }
  const { config, problems } = readConfig(env, { dialects: [], serving: true })
  if (!config) throw new Error(problems.join('\n'))
  const didgate = await startDidgate(config, { log: createLog('silent') })
  process.stdout.write(`| Page | Status | Median, ms | Slowest of ${ROUNDS}, ms |\n|---|---|---|---|\n`)
  for (const page of PAGES) {
    const times: number[] = []
    let status = 0
    for (let round = 0; round < ROUNDS; round++) {
      const begun = performance.now()
      const answer = await fetch(`${didgate.addresses.admin}/console${page}`)
      await answer.text()
      status = answer.status
      times.push(performance.now() - begun)
    }
    times.sort((a, b) => a - b)
    const shown = [times[Math.floor(ROUNDS / 2)], times.at(-1)].map(ms => (ms ?? 0).toFixed(1))
    process.stdout.write(`| \`/console${page}\` | ${status} | ${shown.join(' | ')} |\n`)
  }
  await didgate.close()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
