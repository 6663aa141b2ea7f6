/** Everybody buys for the same account on PostgreSQL: its balance is the one row that all of them need. */
import { resolve } from 'node:path'
import type { Load, Result } from './client.ts'
import { byTurns } from './compare.ts'
import { type Bed, openBed } from './gateways.ts'
import { loadOf } from './growth.ts'
import { emptyDatabase } from './postgres.ts'
import { slowWire } from './slow-wire.ts'
import { WORKLOADS } from './workloads.ts'

const NUMBERS = 20_000
const EACH_WAY_MS = 1
export const PROGRAM = 'dist/src/cli.js'

export interface OneAccount {
  /** URL of the server without a database. */
  server: string
  seconds: number
  rounds: number
  /** Another build of the program, to compare with. */
  baseline?: string | undefined
}

interface Subject {
  name: string
  /** Folder of the build. */
  root: string
}

/** A gateway each over a database of its own, `url` as the gateway is to reach it. */
async function openBeds(subjects: readonly Subject[], { server }: OneAccount, through?: number): Promise<Bed[]> {
  const beds: Bed[] = []
  for (const [n, { root }] of subjects.entries()) {
    const url = await emptyDatabase(server, `didgate_bench_account_${n}`)
    // by its own hand: it refuses a database of a newer version
    const { load } = (await import(`${root}/bench/load.ts`)) as typeof import('./load.ts')
    await load(url, NUMBERS)
    const wire = new URL(url)
    if (through !== undefined) wire.port = String(through)
    beds.push(await openBed(wire.href, NUMBERS, {}, `${root}/${PROGRAM}`))
  }
  return beds
}

const cells = (values: readonly (string | number)[]) => `| ${values.join(' | ')} |`

function lines(wire: string, subjects: readonly Subject[], results: readonly Result[]): string[] {
  const before = results[1]?.perSecond
  return results.map(({ perSecond, p50, p99, processorMicros = 0 }, n) =>
    cells([
      ...[wire, subjects[n]?.name ?? '', perSecond.toFixed(0), p50.toFixed(1), p99.toFixed(1)],
      ...[processorMicros.toFixed(0), n === 0 && before !== undefined ? (perSecond / before).toFixed(2) : ''],
    ]),
  )
}

async function measured(subjects: readonly Subject[], options: OneAccount, through?: number): Promise<Result[]> {
  const beds = await openBeds(subjects, options, through)
  try {
    const loads = beds.map((bed): Load => {
      const { requests: _, ...each } = loadOf(bed, WORKLOADS.named, options.seconds)
      return { ...each, pid: bed.server.process.pid }
    })
    await byTurns(loads, 1) // until everything is compiled
    return await byTurns(loads, options.rounds)
  } finally {
    for (const bed of beds) await bed.server.stop()
  }
}

export async function oneAccount(options: OneAccount): Promise<string> {
  const { server, baseline } = options
  const subjects: Subject[] = [{ name: 'didgate', root: process.cwd() }]
  if (baseline) subjects.push({ name: 'before', root: resolve(baseline) })
  const table = [
    cells(['wire', 'subject', 'purchases/s', 'p50 ms', 'p99 ms', 'processor µs', 'rate over before']),
    '|---|---|--:|--:|--:|--:|--:|',
  ]
  table.push(...lines('loopback', subjects, await measured(subjects, options)))
  const { hostname: host, port } = new URL(server)
  const wire = await slowWire({ host, port: Number(port || 5432) }, EACH_WAY_MS)
  try {
    const results = await measured(subjects, options, wire.port)
    table.push(...lines(`${EACH_WAY_MS} ms more each way`, subjects, results))
  } finally {
    await wire.close()
  }
  return table.join('\n')
}
