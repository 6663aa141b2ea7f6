import cluster from 'node:cluster'
import { setFlagsFromString } from 'node:v8'
import { getRequestListener } from '@hono/node-server'
import { InvalidArgumentError } from 'commander'
import { dialectModules } from '../dialects.ts'
import { createLineStream } from '../logs/line-stream.ts'
import { createLog, type Log } from '../logs/log.ts'
import { type Config, type Didgate, startDidgate } from '../main.ts'
import { createMetrics } from '../process/metrics.ts'
import { createWorkers, reportToPrimary } from '../process/workers.ts'
import { configOf } from './shared.ts'
import { EXIT, exit, type Shell } from './shell.ts'

export interface ServeFlags {
  workers: number
}

/** `--workers n`: a number of processes for the data plane. */
export function workersOf(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text)
  throw new InvalidArgumentError('must be a number of processes, 1 to 99')
}

/**
 * V8 lets the old generation grow to several times what is alive before it collects it, which a gateway pays for in
 * tens of megabytes for ever after: they are not given back. Half as much again costs no throughput that can be measured.
 */
const HEAP_FLAGS = '--heap-growing-percent=50'

/**
 * The HTTP server's own Request and Response take the place of the global ones, which costs a third less processor time
 * per answer. Only here: this process is the gateway's alone, whoever starts one in theirs keeps the classes they had.
 */
function useLightClasses(): void {
  getRequestListener(() => new Response(null), { overrideGlobalObjects: true })
}

export async function serve(shell: Shell, flags: ServeFlags): Promise<void> {
  useLightClasses()
  setFlagsFromString(HEAP_FLAGS)
  const config = configOf(shell, true)
  const lines = createLineStream()
  const log = createLog(config.logLevel, lines)
  if (cluster.isWorker) return serveAsWorker(config, log, lines.lost)
  const workers = flags.workers > 1 ? createWorkers(flags.workers, log) : undefined
  if (workers && config.databaseUrl === 'sqlite::memory:') {
    shell.err('didgate: a database in memory belongs to one process: serve it without --workers\n')
    throw exit(EXIT.misconfigured)
  }
  const metrics = createMetrics({ ofProcess: true, lostLines: lines.lost, ...(workers && { others: workers.metrics }) })
  const didgate = await startDidgate(config, { log, metrics, ...(workers && { workers }) })
  shell.out(banner(config, didgate))
  await shell.untilStopped()
  log.info('stopping')
  await didgate.close()
}

async function serveAsWorker(config: Config, log: Log, lostLines: () => number): Promise<void> {
  const metrics = createMetrics({ lostLines })
  const didgate = await startDidgate(config, { log, metrics, isWorker: true })
  await reportToPrimary(didgate.addresses, metrics.json)
  await didgate.close()
  cluster.worker?.disconnect()
}

/** Where everything is, and one command per dialect to try it with. */
export function banner(config: Config, { addresses, isDemo }: Pick<Didgate, 'addresses' | 'isDemo'>): string {
  const insecure = config.tls ? 'curl -k' : 'curl'
  const lines = dialectModules.flatMap(({ name, demo }) => {
    const base = `${config.publicUrl ?? addresses.data}/${name}`
    const own = addresses.dialects[name]
    return [
      `  ${name.padEnd(10)} ${base}${own === undefined ? '' : `  and at the root of ${own}`}`,
      ...(isDemo ? [`             ${demo.words}`, `             ${demo.curl(base).replace(/^curl/, insecure)}`] : []),
    ]
  })
  const admin = `  ${'admin'.padEnd(10)} ${addresses.admin}/admin/v1 (${config.admin.token === undefined ? 'this machine only' : 'DIDGATE_ADMIN_TOKEN'})`
  const docs = `  ${'docs'.padEnd(10)} ${addresses.admin}/docs`
  return `didgate is serving (${config.mode} mode)\n\n${[...lines, admin, docs].join('\n')}\n\n`
}
