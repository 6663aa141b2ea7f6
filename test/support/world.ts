import type { DialectModule } from '../../adapters/kit/dialect.ts'
import { createCore } from '../../core/core.ts'
import type { Store } from '../../core/store/store.ts'
import type { Core, Random } from '../../core/verbs.ts'
import { createSender, type Sender } from '../../src/callbacks/sender.ts'
import { dialectModules } from '../../src/dialects.ts'
import { createGateway, type Gateway } from '../../src/http/gateway.ts'
import type { Answered } from '../../src/http/serve-dialect.ts'
import { loadWorld } from '../../src/worlds/seed.ts'
import type { World } from '../../src/worlds/world-file.ts'
import { type EngineName, freshStore } from './engines.ts'
import { emptyRows, keep, type PutBack, type ReplayedRandom, replayedRandom } from './kept-world.ts'
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
const SEED = 'test'

/** Everything between a database and its answers, on a clock that stands still until it is moved. */
function build(store: Store, random: Random, options: WorldOptions): TestWorld {
  let now = Date.parse(options.now ?? DEFAULT_NOW)
  const core = createCore({ store, clock: { now: () => now }, random, key: 'test' })
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

interface Kept {
  putBack: PutBack
  drawn: ReplayedRandom['drawn']
}

/** Of SQLite every database of this file can be made from the same bytes. */
const images = new Map<string, Kept>()

/** One database for a whole test file; each world begins with it empty. */
export async function openWorlds(engine: EngineName, options: WorldOptions = {}) {
  const { store, url, drop } = await freshStore(engine, options)
  const kept = store.engine.name === 'sqlite' ? images : new Map<string, Kept>()
  let current = store
  const use = async (next: Store) => {
    if (current !== next && current !== store) await current.close()
    current = next
    return next
  }
  const load = async (world: World | string, random: Random, all: WorldOptions) => {
    await use(store)
    await emptyRows(store)
    const loaded = build(store, random, all)
    await loadWorld(loaded.core, world)
    return loaded
  }
  return {
    url,
    drop: async () => {
      await use(store)
      await drop()
    },
    async open(world: World | string, more: WorldOptions = {}): Promise<TestWorld> {
      const all = { ...options, ...more }
      if (all.random) return load(world, all.random, all)
      const name = JSON.stringify([world, all.now])
      const known = kept.get(name)
      if (known) return build(await use(await known.putBack()), replayedRandom(SEED, known.drawn), all)
      const random = replayedRandom(SEED)
      const loaded = await load(world, random, all)
      kept.set(name, { putBack: await keep(store), drawn: [...random.drawn] })
      return loaded
    },
  }
}

/** A single world in a database of its own. */
export async function openWorld(engine: EngineName, world: World | string, options: WorldOptions = {}) {
  const worlds = await openWorlds(engine, options)
  return { ...(await worlds.open(world)), drop: worlds.drop }
}
