import { randomBytes } from 'node:crypto'
import { openClock } from '../../core/clock.ts'
import { createCore } from '../../core/core.ts'
import { Fault } from '../../core/fault.ts'
import { openSqliteImage } from '../../core/store/sqlite.ts'
import type { Core } from '../../core/verbs.ts'
import { createAdmin } from '../admin/admin.ts'
import type { AdminApp, AdminContext } from '../admin/context.ts'
import { dialectModules } from '../dialects.ts'
import { createGateway, type Gateway } from '../gateway.ts'
import { createLog } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { createSender } from '../outbound.ts'
import { realmsOf } from '../realms.ts'
import { createRunner } from '../runner.ts'
import { loadWorld } from '../seed.ts'
import type { Settings } from './options.ts'
import { imageOfTemplate, TEST_KEY } from './template.ts'

/** One life of a gateway, from its start or reset to its end or the next reset. */
export interface Life {
  core: Core
  gateway: Gateway
  /** Below `/admin/v1`. */
  admin(request: Request): Promise<Response>
  close(): Promise<void>
}

/** Deliveries and due jobs need not wait long for their turn in a test. */
const ROUND_MS = 25

export async function openLife({ seed, now, modules, callbackNetworks }: Settings): Promise<Life> {
  const store = await openSqliteImage(await imageOfTemplate(seed === 'demo' ? 'demo' : 'none'))
  try {
    // the wall stands still, so what the clock shows is moved by the test alone
    const core = createCore({ store, clock: await openClock(store, () => now), key: TEST_KEY })
    core.credentials.describe(realmsOf([...dialectModules, ...modules]))
    if (typeof seed === 'object') await loadWorld(core, 'path' in seed ? seed.path : seed)
    const gateway = createGateway({
      config: { mode: 'double', publicUrl: undefined, trustProxy: false, callbackNetworks },
      core,
      modules,
    })
    const log = createLog('silent')
    const { dialects, callbackTargets: targets } = gateway
    const sender = createSender({ core, dialects, targets, everyMs: ROUND_MS })
    const ticking = { tick: sender.round, pauseMs: sender.pauseMs, stop: sender.stop }
    // a failed test that never came to its close() may not keep the process
    const runner = createRunner({ core, sender: ticking, log, everyMs: ROUND_MS, mayExit: true })
    const admin = openAdmin({ core, log, dialects: modules.map(({ name }) => name) })
    runner.start()
    const close = async () => {
      await runner.stop()
      await store.close()
    }
    return { core, gateway, admin, close }
  } catch (error) {
    await store.close()
    throw error
  }
}

/** Made at the first call: most tests never ask. Its door is this function, so the token is drawn and told to nobody. */
function openAdmin(context: Pick<AdminContext, 'core' | 'log' | 'dialects'>): Life['admin'] {
  const token = randomBytes(16).toString('hex')
  let app: AdminApp | undefined
  return async request => {
    app ??= createAdmin({
      ...{ ...context, token, mode: 'double', metrics: createMetrics() },
      whyNotReady: async () => undefined,
      // this very life would end under the call
      reset: () => Promise.reject(new Fault('not_in_this_mode', { needed: 'standalone' })),
    })
    request.headers.set('authorization', `Bearer ${token}`)
    return app.fetch(request)
  }
}
