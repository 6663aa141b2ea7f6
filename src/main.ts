import { setTimeout as sleep } from 'node:timers/promises'
import type { Store } from '../core/store/store.ts'
import { createAdmin } from './admin/admin.ts'
import type { Config } from './config.ts'
import { createDataPlane, type DataPlane } from './data-plane.ts'
import { type Database, openDatabase } from './database.ts'
import { dialectModules } from './dialects.ts'
import { ensureWorld, holdsDemoWorld } from './first-world.ts'
import { createFront, type Front } from './front.ts'
import { type Listener, listen } from './listen.ts'
import { createLog, type Log } from './log.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { createSender } from './outbound.ts'
import { createSenderWatch } from './outbound-watch.ts'
import { createRunner, type Runner } from './runner.ts'
import type { Workers } from './workers.ts'

export type { Config } from './config.ts'
export { readConfig } from './config.ts'

/** Origins of the data plane, as a client on this machine reaches them. */
export interface DataAddresses {
  data: string
  dialects: Readonly<Record<string, string>>
}

export interface Didgate extends Pick<Database, 'core' | 'store'> {
  addresses: DataAddresses & { admin: string }
  /** The world has public passwords. */
  isDemo: boolean
  /** Stop accepting, finish what runs (bounded), close the database. */
  close(): Promise<void>
}

export interface StartOptions {
  log?: Log
  metrics?: Metrics
  /** Other processes answer the data plane: starts them. */
  workers?: Workers
  /** This is one of those: without an admin plane. */
  isWorker?: boolean
}

/** What runs is waited for this long at the end. */
const GRACE_MS = 10_000
/** Whoever asks whether we are ready does not wait long. */
const READY_MS = 3_000
/** A file of a million numbers takes its time. */
const ADMIN_REQUEST_MS = 3_600_000
/** What falls due is run within a second. */
const ROUND_MS = 500
const DEMO_IN_PRODUCTION =
  'the database holds the demo world, whose passwords are public: production needs a database of its own'

/** What has been opened so far, and so is to be closed. */
interface Opened {
  front: Front
  listeners: Listener[]
  runner?: Runner
  workers?: Workers
  store?: Store
}

/** The whole gateway: database, dialects, admin plane, background work. */
export async function startDidgate(config: Config, options: StartOptions = {}): Promise<Didgate> {
  const log = options.log ?? createLog(config.logLevel)
  const metrics = options.metrics ?? createMetrics()
  const opened: Opened = { front: createFront(), listeners: [] }
  try {
    return await start(config, { ...options, log, metrics }, opened)
  } catch (error) {
    await closeAll(opened, log)
    throw error
  }
}

interface Watchers {
  log: Log
  metrics: Metrics
}

async function start(config: Config, options: StartOptions & Watchers, opened: Opened): Promise<Didgate> {
  const { mode, seed } = config
  const { log, metrics, workers } = options
  const admin = options.isWorker ? { url: '' } : await listenForAdmin(config, opened)
  const database = await openDatabase(config, sentence => log.warn(sentence))
  const { core, store } = database
  opened.store = store
  const fill = () => ensureWorld({ ...database, seed, mode, log })
  await fill()
  const isDemo = await holdsDemoWorld(core)
  if (isDemo && mode === 'production') throw new Error(DEMO_IN_PRODUCTION)
  const data = createDataPlane({ config, core, log, metrics })
  const runner = createBackground(database, data, { log, metrics })
  opened.runner = runner
  if (workers) opened.workers = workers
  const reached = workers ? await workers.start() : await listenForData(config, data, opened)
  const addresses = { ...reached, admin: admin.url }
  opened.front.open(
    createAdmin({
      ...{ core, mode, metrics, log },
      token: config.admin.token,
      dialects: dialectModules.map(({ name }) => name),
      dataPlane: config.publicUrl ?? addresses.data,
      whyNotReady: createReadiness(database, opened.front),
      reset: createReset(database, data, runner, fill),
    }),
  )
  runner.start()
  log.info(addresses, 'serving')
  return { core, store, addresses, isDemo, close: () => closeAll(opened, log) }
}

async function listenForAdmin(config: Config, { front, listeners }: Opened): Promise<Listener> {
  const { host, port } = config.admin
  const options = { name: 'ADMIN_PORT', host, port, fetch: front.fetch, requestMs: ADMIN_REQUEST_MS, idleMs: 0 }
  const listener = await listen(options)
  listeners.push(listener)
  return listener
}

async function listenForData(config: Config, data: DataPlane, { listeners }: Opened) {
  const { host, tls, dialectPorts } = config
  const open = async (name: string, port: number, dialect?: string): Promise<string> => {
    const listener = await listen({ name, host, port, tls, fetch: data.fetch(dialect) })
    listeners.push(listener)
    return listener.url
  }
  const main = await open('PORT', config.port)
  const dialects: Record<string, string> = {}
  for (const { dialect, port } of dialectPorts) dialects[dialect] = await open('DIALECT_PORTS', port, dialect)
  return { data: main, dialects }
}

/** First everything that uses the database, side by side and bounded; then the database. */
async function closeAll({ front, listeners, runner, workers, store }: Opened, log: Log): Promise<void> {
  front.beginClosing()
  const background = runner ? within(GRACE_MS, runner.stop()) : undefined
  const ending = [...listeners.map(listener => listener.close(GRACE_MS)), background, workers?.stop()]
  const ends = await Promise.allSettled(ending)
  ends.push(...(await Promise.allSettled([store?.close()])))
  for (const end of ends) if (end.status === 'rejected') log.error({ err: end.reason }, 'could not stop cleanly')
}

function createReadiness({ store }: Database, front: Front) {
  return async () => {
    if (front.isClosing()) return 'stopping'
    try {
      const isMigrated = await Promise.race([store.isMigrated(), sleep(READY_MS, undefined, { ref: false })])
      if (isMigrated === undefined) return `the database does not answer within ${READY_MS} ms`
      return isMigrated ? undefined : 'the database is not of the version of this program'
    } catch {
      return 'the database does not answer'
    }
  }
}

function createBackground({ core }: Database, { gateway }: DataPlane, { log, metrics }: Watchers): Runner {
  const { dialects, callbackTargets: targets } = gateway
  const sender = createSender({ core, dialects, targets, everyMs: ROUND_MS, ...createSenderWatch(log, metrics) })
  const ticking = { tick: sender.round, pauseMs: sender.pauseMs, stop: sender.stop }
  return createRunner({ core, sender: ticking, log, everyMs: ROUND_MS, onRan: metrics.job })
}

/** Nothing runs and nobody is served while the world is made anew. */
function createReset({ store, clock }: Database, data: DataPlane, runner: Runner, fill: () => Promise<void>) {
  return () =>
    data.hold(async () => {
      await runner.stop()
      try {
        await store.empty()
        await clock.refresh()
        await fill()
      } finally {
        runner.start()
      }
    })
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>(resolve => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}
