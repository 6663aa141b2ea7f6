import { createAdmin } from './admin/admin.ts'
import type { Config } from './config/config.ts'
import { dialectModules } from './dialects.ts'
import { JOURNAL_BYTES } from './double/double.ts'
import { createFront, type Front } from './http/front.ts'
import { type DataAddresses, type Fetch, type Listener, listen } from './http/listen.ts'
import { createLog, type Log } from './logs/log.ts'
import { type Database, openDatabase } from './process/database.ts'
import { createMetrics, type Metrics } from './process/metrics.ts'
import { createReadiness } from './process/readiness.ts'
import type { Workers } from './process/workers.ts'
import { createDataFront } from './spaces/front.ts'
import { createSpaces, type Spaces } from './spaces/spaces.ts'
import { holdsDemoWorld } from './worlds/first-world.ts'
import { keptPlace } from './worlds/kept.ts'
import { createMemoryBudget } from './worlds/memory-budget.ts'
import { createSnapshots } from './worlds/snapshots.ts'
import { composeWorld, type RunningWorld } from './worlds/world.ts'

export type { Config } from './config/config.ts'
export { readConfig } from './config/config.ts'

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
  workers?: Workers
  world?: RunningWorld
  spaces?: Spaces
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
  const { mode } = config
  const { log, metrics, workers } = options
  const admin = options.isWorker ? { url: '' } : await listenForAdmin(config, opened)
  const open = () => openDatabase(config, sentence => log.warn(sentence))
  // a journal of one process of several would tell a part of the truth
  const journal = workers || options.isWorker ? undefined : { count: config.journal, bytes: JOURNAL_BYTES }
  const onRows = options.isWorker ? undefined : metrics.rows
  const parts = { config, modules: dialectModules, log, metrics, everyMs: ROUND_MS, journal, onRows }
  const world = await composeWorld(parts, keptPlace(config, log, open))
  opened.world = world
  const isDemo = await holdsDemoWorld(world.core)
  if (isDemo && mode === 'production') throw new Error(DEMO_IN_PRODUCTION)
  if (workers) opened.workers = workers
  const doubles =
    workers || options.isWorker || mode !== 'double' ? undefined : createDoubles(config, world, { log, metrics })
  if (doubles) opened.spaces = doubles.spaces
  const front = createDataFront(world, doubles?.spaces)
  const reached = workers ? await workers.start() : await listenForData(config, front, opened)
  const addresses = { ...reached, admin: admin.url }
  opened.front.open(
    createAdmin({
      ...{ mode, metrics, log },
      get core() {
        return world.core
      },
      token: config.admin.token,
      dialects: dialectModules.map(({ name }) => name),
      dataPlane: config.publicUrl ?? addresses.data,
      whyNotReady: createReadiness(() => world.life.store, opened.front.isClosing),
      double: world.double,
      replay: world.replay,
      ...(doubles && { ask: request => front(request, undefined) }),
      turns: world.turns,
      reset: world.reset,
      ...doubles,
    }),
  )
  world.start()
  log.info(addresses, 'serving')
  return {
    addresses,
    isDemo,
    get core() {
      return world.core
    },
    get store() {
      return world.life.store
    },
    close: () => closeAll(opened, log),
  }
}

/** Spaces, and the snapshots of the program's own world, share what memory there is for them. */
function createDoubles(config: Config, world: RunningWorld, watchers: Watchers) {
  const memory = createMemoryBudget(config.spaces.megabytes)
  const parts = { ...watchers, config, modules: dialectModules, memory, terms: config }
  const spaces = createSpaces({ ...parts, limit: config.spaces.limit, host: config.host, tls: config.tls })
  // a server's database is kept and restored by its own tools
  const isKept = world.life.store.engine.name === 'sqlite'
  return { spaces, ...(isKept && { snapshots: createSnapshots(world, memory) }) }
}

async function listenForAdmin(config: Config, { front, listeners }: Opened): Promise<Listener> {
  const { host, port } = config.admin
  const options = { name: 'ADMIN_PORT', host, port, fetch: front.fetch, requestMs: ADMIN_REQUEST_MS, idleMs: 0 }
  const listener = await listen(options)
  listeners.push(listener)
  return listener
}

type DataFront = ReturnType<typeof createDataFront>

async function listenForData(config: Config, front: DataFront, { listeners }: Opened) {
  const { host, tls, dialectPorts } = config
  const open = async (name: string, port: number, dialect?: string): Promise<string> => {
    const fetch: Fetch = (request, connection) => front(request, dialect, connection)
    const listener = await listen({ name, host, port, tls, fetch })
    listeners.push(listener)
    return listener.url
  }
  const main = await open('PORT', config.port)
  const dialects: Record<string, string> = {}
  for (const { dialect, port } of dialectPorts) dialects[dialect] = await open('DIALECT_PORTS', port, dialect)
  return { data: main, dialects }
}

/** First everything that uses the database, side by side and bounded; then the database. */
async function closeAll({ front, listeners, workers, world, spaces }: Opened, log: Log): Promise<void> {
  front.beginClosing()
  const background = world ? within(GRACE_MS, world.life.runner.stop()) : undefined
  const ending = [...listeners.map(listener => listener.close(GRACE_MS)), background, workers?.stop(), spaces?.close()]
  const ends = await Promise.allSettled(ending)
  ends.push(...(await Promise.allSettled([world && within(GRACE_MS, world.close())])))
  for (const end of ends) if (end.status === 'rejected') log.error({ err: end.reason }, 'could not stop cleanly')
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>(resolve => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}
