import { randomBytes } from 'node:crypto'
import { createAdmin } from '../admin/admin.ts'
import type { AdminApp } from '../admin/context.ts'
import { dialectModules } from '../dialects.ts'
import { JOURNAL_BYTES } from '../double/double.ts'
import { createLog } from '../logs/log.ts'
import { createMetrics } from '../process/metrics.ts'
import { memoryPlace } from '../worlds/memory.ts'
import { createMemoryBudget } from '../worlds/memory-budget.ts'
import { createSnapshots, type Snapshots } from '../worlds/snapshots.ts'
import { composeWorld, type RunningWorld } from '../worlds/world.ts'
import type { Settings } from './options.ts'

/** Deliveries and due jobs need not wait long for their turn in a test. */
const ROUND_MS = 25
/** Exchanges kept. */
const JOURNAL = { count: 1_000, bytes: JOURNAL_BYTES }

/** The world of a gateway in a test: its clock stands still, so what it shows is moved by the test alone. */
export async function openWorld({ seed, now, modules, callbackNetworks }: Settings): Promise<RunningWorld> {
  const config = { mode: 'double', publicUrl: undefined, trustProxy: false, callbackNetworks } as const
  const world = await composeWorld(
    // a failed test that never came to its close() may not keep the process
    { config, modules, log: createLog('silent'), everyMs: ROUND_MS, mayExit: true, journal: JOURNAL },
    memoryPlace({ modules: [...dialectModules, ...modules], first: { seed, now, freeze: true } }),
  )
  world.start()
  return world
}

/** What snapshots of a gateway in a test may take, in megabytes. */
const SNAPSHOT_MEGABYTES = 1_024

export function openSnapshots(world: RunningWorld): Snapshots {
  return createSnapshots(world, createMemoryBudget(SNAPSHOT_MEGABYTES))
}

/** Made at the first call: most tests never ask. Its door is this function, so the token is drawn and told to nobody. */
export function openAdmin(
  world: RunningWorld,
  snapshots: Snapshots,
  { modules }: Settings,
): (request: Request) => Promise<Response> {
  const token = randomBytes(16).toString('hex')
  let app: AdminApp | undefined
  return async request => {
    app ??= createAdmin({
      ...{ token, mode: 'double', metrics: createMetrics(), log: createLog('silent'), snapshots },
      get core() {
        return world.core
      },
      turns: world.turns,
      double: world.double,
      replay: world.replay,
      dialects: modules.map(({ name }) => name),
      whyNotReady: async () => undefined,
      reset: world.reset,
    })
    request.headers.set('authorization', `Bearer ${token}`)
    return app.fetch(request)
  }
}
