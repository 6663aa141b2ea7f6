import type { DialectModule } from '../../adapters/kit/dialect.ts'
import { createCore } from '../../core/core.ts'
import { seededRandom } from '../../core/random.ts'
import type { Store } from '../../core/store/store.ts'
import type { Core, Random } from '../../core/verbs.ts'
import { dialectModules } from '../../src/dialects.ts'
import { createGateway, type Gateway } from '../../src/gateway.ts'
import { createSender, type Sender } from '../../src/outbound.ts'
import { loadWorld } from '../../src/seed.ts'
import type { Answered } from '../../src/serve-dialect.ts'
import type { World } from '../../src/world.ts'
import { type EngineName, freshStore } from './engines.ts'
import { recordAnswer } from './record.ts'

/** Origin of requests in process: the links in answers show it. */
export const ORIGIN = 'http://didgate.test'

export interface TestWorld {
  core: Core
  store: Store
  gateway: Gateway
  sender: Sender
  /** The data plane in process. */
  send(request: Request): Promise<Response>
  /** Base URL of a dialect. */
  base(dialect: string): string
  /** Move the clock; what falls due on the way is run, as the admin plane would. */
  setClock(at: string | number): Promise<void>
  /** Move the clock and run nothing: answers must be right all the same. */
  setClockOnly(at: string | number): void
  /** Requests that ended as faults, newest last. */
  answered: Answered[]
}

export interface WorldOptions {
  now?: string
  modules?: readonly DialectModule[]
  random?: Random
  connections?: number
}

const DEFAULT_NOW = '2026-06-01T00:00:00Z'

/** Everything between a database and its answers, on a clock that stands still until it is moved. */
async function build(store: Store, world: World | string, options: WorldOptions): Promise<TestWorld> {
  let now = Date.parse(options.now ?? DEFAULT_NOW)
  const core = createCore({
    store,
    clock: { now: () => now },
    random: options.random ?? seededRandom('test'),
    key: 'test',
  })
  const answered: Answered[] = []
  const modules = options.modules ?? dialectModules
  const gateway = createGateway({
    config: { mode: 'double', publicUrl: undefined, trustProxy: false },
    core,
    modules,
    onAnswer(each, dialect) {
      answered.push(each)
      recordAnswer(each, dialect)
    },
  })
  await loadWorld(core, world)
  const at = (time: string | number) => (typeof time === 'number' ? time : Date.parse(time))
  return {
    core,
    store,
    gateway,
    sender: createSender({ core, dialects: gateway.dialects, targets: gateway.callbackTargets }),
    send: request => gateway.fetch(request),
    base: dialect => `${ORIGIN}/${dialect}`,
    async setClock(time) {
      now = at(time)
      await core.jobs.runDue()
    },
    setClockOnly(time) {
      now = at(time)
    },
    answered,
  }
}

/** One database for a whole test file; each world begins with it empty. */
export async function openWorlds(engine: EngineName, options: WorldOptions = {}) {
  const { store, url, drop } = await freshStore(engine, options)
  return {
    url,
    drop,
    async open(world: World | string, more: WorldOptions = {}): Promise<TestWorld> {
      await store.empty()
      return build(store, world, { ...options, ...more })
    },
  }
}

/** A single world in a database of its own. */
export async function openWorld(engine: EngineName, world: World | string, options: WorldOptions = {}) {
  const worlds = await openWorlds(engine, options)
  return { ...(await worlds.open(world)), drop: worlds.drop }
}
