import { createAdmin } from './admin/admin.ts'
import type { Config } from './config/config.ts'
import { dialectModules } from './dialects.ts'
import { JOURNAL_BYTES } from './double/double.ts'
import { createCertificate, followCertificates } from './http/certificates.ts'
import { createFront, type Front } from './http/front.ts'
import type { DataAddresses } from './http/listen.ts'
import { type Listening, listenForAdmin, listenForData } from './http/listeners.ts'
import type { Sharing } from './limits/sharing.ts'
import { shareLimits, watchedLimits } from './limits/start.ts'
import { createLog, type Log } from './logs/log.ts'
import { type Database, openDatabase } from './process/database.ts'
import { createFigures } from './process/figures.ts'
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
/** What falls due is run within a second. */
const ROUND_MS = 500
const DEMO_IN_PRODUCTION =
  'the database holds the demo world, whose passwords are public: production needs a database of its own'

/** What has been opened so far, and so is to be closed. */
interface Opened extends Listening {
  front: Front
  workers?: Workers
  world?: RunningWorld
  sharing?: Sharing | undefined
  spaces?: Spaces
  unfollow?: () => void
}

/** The whole gateway: database, dialects, admin plane, background work. */
export async function startDidgate(config: Config, options: StartOptions = {}): Promise<Didgate> {
  const log = options.log ?? createLog(config.logLevel)
  const metrics = options.metrics ?? createMetrics()
  const opened: Opened = { front: createFront(), listeners: [], certificates: [], log }
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
  const admin = options.isWorker ? { url: '' } : await listenForAdmin(config, opened.front.fetch, opened)
  const open = () => openDatabase(config, sentence => log.warn(sentence))
  // a journal of one process of several would tell a part of the truth
  const journal = workers || options.isWorker ? undefined : { count: config.journal, bytes: JOURNAL_BYTES }
  const limits = watchedLimits(config.limits, metrics)
  const onRows = options.isWorker ? undefined : metrics.rows
  const parts = { config, modules: dialectModules, log, metrics, everyMs: ROUND_MS, journal, onRows, limits }
  const world = await composeWorld(parts, keptPlace(config, log, open))
  opened.world = world
  const isDemo = await holdsDemoWorld(world.core)
  if (isDemo && mode === 'production') throw new Error(DEMO_IN_PRODUCTION)
  if (workers) opened.workers = workers
  const doubles =
    workers || options.isWorker || mode !== 'double' ? undefined : createDoubles(config, world, { log, metrics })
  if (doubles) opened.spaces = doubles.spaces
  const front = createDataFront(world, doubles?.spaces)
  if (workers && config.tls) opened.certificates.push(createCertificate('data', config.tls, [], log)) // only watched
  const reached = workers ? await workers.start() : await listenForData(config, front, opened)
  const addresses = { ...reached, admin: admin.url }
  opened.unfollow = followCertificates(opened.certificates)
  const whyNotReady = createReadiness(() => world.life.store, opened.front.isClosing)
  opened.front.open(
    createAdmin({
      ...{ mode, metrics, log },
      get core() {
        return world.core
      },
      token: config.admin.token,
      ...{ limits, trustProxy: config.trustProxy },
      dialects: dialectModules.map(({ name }) => name),
      dataPlane: config.publicUrl ?? addresses.data,
      whyNotReady,
      figures: createFigures({
        ...{ mode, whyNotReady, engine: world.life.store.engine.name },
        core: () => world.core,
        certificates: () => opened.certificates,
      }),
      double: world.double,
      replay: world.replay,
      ...(doubles && { ask: request => front(request, undefined) }),
      turns: world.turns,
      reset: world.reset,
      ...doubles,
    }),
  )
  world.start()
  const isAlone = world.life.store.engine.name === 'sqlite' && !workers && !options.isWorker
  opened.sharing = shareLimits(limits, world, isAlone, log)
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

/** First everything that uses the database, side by side and bounded; then the database. */
async function closeAll(
  { front, listeners, workers, world, spaces, sharing, unfollow }: Opened,
  log: Log,
): Promise<void> {
  unfollow?.()
  front.beginClosing()
  const background = world ? within(GRACE_MS, world.life.runner.stop()) : undefined
  const ending = [
    ...listeners.map(listener => listener.close(GRACE_MS)),
    background,
    workers?.stop(),
    spaces?.close(),
    sharing?.stop(),
  ]
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
