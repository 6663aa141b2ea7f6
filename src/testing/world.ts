import { randomBytes } from 'node:crypto'
import { Fault } from '../../core/fault.ts'
import { createAdmin } from '../admin/admin.ts'
import type { AdminApp } from '../admin/context.ts'
import { dialectModules } from '../dialects.ts'
import { createLog } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { memoryPlace } from '../worlds/memory.ts'
import { composeWorld, type RunningWorld } from '../worlds/world.ts'
import type { Settings } from './options.ts'

/** Deliveries and due jobs need not wait long for their turn in a test. */
const ROUND_MS = 25

/** The world of a gateway in a test: its clock stands still, so what it shows is moved by the test alone. */
export async function openWorld({ seed, now, modules, callbackNetworks }: Settings): Promise<RunningWorld> {
  const config = { mode: 'double', publicUrl: undefined, trustProxy: false, callbackNetworks } as const
  const world = await composeWorld(
    // a failed test that never came to its close() may not keep the process
    { config, modules, log: createLog('silent'), everyMs: ROUND_MS, mayExit: true },
    memoryPlace({ modules: [...dialectModules, ...modules], first: { seed, now, freeze: true } }),
  )
  world.start()
  return world
}

/** Made at the first call: most tests never ask. Its door is this function, so the token is drawn and told to nobody. */
export function openAdmin(world: RunningWorld, { modules }: Settings): (request: Request) => Promise<Response> {
  const token = randomBytes(16).toString('hex')
  let made: { of: unknown; app: AdminApp } | undefined
  return async request => {
    if (made?.of !== world.life) made = { of: world.life, app: createApp(world, token, modules) }
    request.headers.set('authorization', `Bearer ${token}`)
    return made.app.fetch(request)
  }
}

function createApp({ core }: RunningWorld, token: string, modules: Settings['modules']): AdminApp {
  return createAdmin({
    ...{ core, token, mode: 'double', metrics: createMetrics(), log: createLog('silent') },
    dialects: modules.map(({ name }) => name),
    whyNotReady: async () => undefined,
    // this very life would end under the call
    reset: () => Promise.reject(new Fault('not_in_this_mode', { needed: 'standalone' })),
  })
}
