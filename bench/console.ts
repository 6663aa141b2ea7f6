/**
 * Server time of each page of the console, and what other clients feel of people who read them:
 * `npm run build && tsx bench/console.ts [numbers] [folder]`, a million by default. A folder keeps the database.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Load, type Result, run } from './client.ts'
import { type Bed, openBed, prepared } from './gateways.ts'
import { freePort, processorMs, startPeer } from './processes.ts'
import { middle } from './table.ts'
import { WORKLOADS, type Workload } from './workloads.ts'

const ROUNDS = 9
/** Of a first paint. */
const BOUND_MS = 150
const PAGES = [
  ...['', '/numbers', '/numbers?country=US&type=local&area_code=212', '/numbers?starts=1212', '/numbers?contains=5501'],
  ...[
    '/numbers?ends=7788',
    '/numbers?state=blocked',
    '/numbers?state=active',
    '/numbers?account=12',
    '/map',
    '/map/212',
  ],
  ...['/accounts', '/accounts/12', '/accounts/12/ledger', '/orders', '/documents', '/callbacks', '/import', '/events'],
  ...['/requests', '/faults', '/clock', '/spaces', '/snapshots'],
]
/** People who click, each twice a second, beside clients that ask without a pause. */
const READERS = 2
const PAUSE_MS = 500
/** Until their process runs. */
const STARTING_MS = 1_500
const SECONDS = 4
const TURNS = 7

const count = Number(process.argv[2] ?? 1_000_000)
const kept = process.argv[3]
const folder = kept ?? mkdtempSync(join(tmpdir(), 'didgate-console-bench-'))
mkdirSync('.tmp/bench', { recursive: true })

async function timesOf(url: string): Promise<{ status: number; first: number; times: number[] }> {
  const times: number[] = []
  let status = 0
  for (let round = 0; round <= ROUNDS; round++) {
    const begun = performance.now()
    const answer = await fetch(url)
    await answer.text()
    status = answer.status
    times.push(performance.now() - begun)
  }
  const [first = 0, ...others] = times
  return { status, first, times: others.sort((a, b) => a - b) }
}

/**
 * The first time of all is told apart: nothing of the page was in memory. The processor's time tells what a page takes
 * where others use the machine too.
 */
async function pages(console: string, all: readonly string[], pid: number): Promise<string> {
  const rows: string[] = []
  for (const page of all) {
    const before = processorMs(pid)
    const { status, first, times } = await timesOf(`${console}${page}`)
    const spent = ((processorMs(pid) - before) / (ROUNDS + 1)).toFixed(0)
    const shown = [first, times[Math.floor(ROUNDS / 2)], times.at(-1)].map(ms => (ms ?? 0).toFixed(1))
    const mark = (times[Math.floor(ROUNDS / 2)] ?? 0) > BOUND_MS ? ' over' : ''
    rows.push(`| \`/console${page}\` | ${status} | ${shown.join(' | ')} | ${spent} |${mark}`)
  }
  return `| Page | Status | First, ms | Median, ms | Slowest of ${ROUNDS}, ms | Processor, ms |\n|---|---|--:|--:|--:|--:|\n${rows.join('\n')}`
}

/** People with a process of their own: what they do with a page must not hold up the clients that are measured. */
function reading(console: string): () => Promise<void> {
  const options = [console, String(READERS), String(PAUSE_MS), ...PAGES]
  const child = fork('bench/console-readers.ts', options, { execArgv: ['--import', 'tsx'] })
  const ended = once(child, 'exit')
  return async () => {
    child.kill('SIGTERM')
    await ended
  }
}

/** By turns, so that a slow moment of the machine hits all. */
async function beside(readers: readonly (string | undefined)[], load: Load): Promise<string> {
  const results: Result[][] = readers.map(() => [])
  await run({ ...load, seconds: SECONDS / 2 }) // until everything is compiled
  for (let turn = 0; turn < TURNS; turn++) {
    for (const [n, pages] of readers.entries()) {
      const stop = pages === undefined ? async () => {} : reading(pages)
      await sleep(STARTING_MS)
      results[n]?.push(await run(load))
      await stop()
    }
  }
  const cells = results
    .map(middle)
    .flatMap(({ p50, p99, perSecond }) => [...[p50.toFixed(2), p99.toFixed(2), perSecond.toFixed(0)]])
  return cells.join(' | ')
}

/** `elsewhere`: the same people read as much of a server that has nothing to do with the gateway, on the same machine. */
async function clients(console: string, elsewhere: string, { server, target }: Bed): Promise<string> {
  const rows: string[] = []
  const asked: readonly Workload[] = [WORKLOADS.area, WORKLOADS.owned]
  for (const workload of asked) {
    const shot = workload.shotAt(target)
    const load = { port: server.port, connections: 4, seconds: SECONDS, check: workload.check, shot }
    rows.push(`| ${workload.name} | ${await beside([undefined, elsewhere, console], load)} |`)
  }
  const columns = ['alone', 'beside readers of another server', 'beside readers of the console'].flatMap(who => [
    ...[`p50 ${who}`, 'p99', 'per second'],
  ])
  return `| Other clients, ms | ${columns.join(' | ')} |\n|---|${'--:|'.repeat(columns.length)}\n${rows.join('\n')}`
}

try {
  const adminPort = String(await freePort())
  const bed = await openBed(await prepared(folder, count), 1, { ADMIN_PORT: adminPort })
  try {
    const console = `http://127.0.0.1:${adminPort}/console`
    const [e164 = ''] = bed.target.named
    const all = [...PAGES, `/numbers/${encodeURIComponent(e164)}`]
    process.stdout.write(`${await pages(console, all, bed.server.process.pid as number)}\n\n`)
    const page = join(folder, 'page.html')
    writeFileSync(page, await (await fetch(`${console}/numbers`)).text())
    const other = await startPeer('bare', page, 'text/html')
    try {
      process.stdout.write(`${await clients(console, `http://127.0.0.1:${other.port}`, bed)}\n`)
    } finally {
      await other.stop()
    }
  } finally {
    await bed.server.stop()
  }
} finally {
  if (kept === undefined) rmSync(folder, { recursive: true, force: true })
}
