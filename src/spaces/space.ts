import type { DialectModule } from '../../adapters/kit/dialect.ts'
import { Fault } from '../../core/ground/fault.ts'
import type { Address } from '../http/address.ts'
import type { GatewayConfig } from '../http/gateway.ts'
import type { Connection } from '../http/listen.ts'
import { type Log, logWith } from '../logs/log.ts'
import type { CoreTerms } from '../process/database.ts'
import type { Metrics } from '../process/metrics.ts'
import { imageOfTemplate } from '../testing/template.ts'
import { holdsDemoWorld } from '../worlds/first-world.ts'
import { memoryPlace } from '../worlds/memory.ts'
import type { MemoryBudget } from '../worlds/memory-budget.ts'
import type { Beginning, Seed } from '../worlds/place.ts'
import { createSnapshots, type Snapshots } from '../worlds/snapshots.ts'
import { composeWorld, type Moment, type RunningWorld } from '../worlds/world.ts'

/** What a space is once somebody has asked for something. */
export interface Awake {
  world: RunningWorld
  snapshots: Snapshots
}

/** An isolated world in memory inside of a gateway. Nothing is shared but the process. */
export interface Space {
  name: string
  /** Wall time, epoch milliseconds. */
  expiresAt: number
  isClosed(): boolean
  /** It has the public credentials of the demo world. */
  isDemo(): Promise<boolean>
  /** What its clock shows, without waking it. */
  clock(): { now: number; isFrozen: boolean }
  /** What its data and its journal take, or will take. */
  bytes(): Promise<number>
  fetch(request: Request, address?: Address, connection?: Connection): Promise<Response>
  /** Somebody asks for something. */
  touch(): Promise<Awake>
  /** Since the last time it was looked at. */
  wasTouched(): boolean
  close(): Promise<void>
}

export interface SpaceParts {
  config: GatewayConfig
  modules: readonly DialectModule[]
  log: Log
  metrics?: Metrics | undefined
  memory: MemoryBudget
  terms?: CoreTerms | undefined
}

export interface SpaceStart {
  name: string
  seed: Seed | Moment
  /** Undefined: the time of the wall, or where the clock of the moment stood. */
  now: number | undefined
  freeze: boolean | undefined
  expiresAt: number
}

/** What falls due is run within a second while somebody asks. */
const ROUND_MS = 500
const IDLE_AFTER_MS = 10_000
/** There may be thousands of spaces: each keeps less than the program's own world. */
const JOURNAL = { count: 1_000, bytes: 8 * 1024 * 1024 }

/** Faults: the seed's own. */
export async function openSpace(parts: SpaceParts, start: SpaceStart): Promise<Space> {
  const first = firstOf(start)
  const madeAt = performance.now()
  let touchedAt = madeAt
  let isTouched = false
  let isClosed = false
  let opening: Promise<Awake> | undefined
  let awake: Awake | undefined
  const isIdle = () => performance.now() - touchedAt > IDLE_AFTER_MS
  const clock = () => {
    if (awake) return { now: awake.world.life.clock.now(), isFrozen: awake.world.life.clock.isFrozen() }
    const passed = first.freeze ? 0 : Math.round(performance.now() - madeAt)
    return { now: first.now + passed, isFrozen: first.freeze }
  }
  const open = async () => {
    const { now, isFrozen: freeze } = clock()
    awake = await wake(parts, start, { ...first, now, freeze }, isIdle)
    return awake
  }
  const touch = async () => {
    if (isClosed) throw new Fault('not_found', { what: 'space', id: start.name })
    const wasIdle = isIdle()
    touchedAt = performance.now()
    isTouched = true
    opening ??= open().catch(error => {
      // whoever asks next tries again
      opening = undefined
      throw error
    })
    const { world, snapshots } = await opening
    if (wasIdle) world.life.runner.wake()
    return { world, snapshots }
  }
  // nobody owns anything in these two, so that nothing falls due by itself
  if (!isAsleep(start.seed)) await touch()
  return {
    ...{ name: start.name, expiresAt: start.expiresAt, clock, touch },
    isClosed: () => isClosed,
    isDemo: async () => (awake ? holdsDemoWorld(awake.world.life.core) : start.seed === 'demo'),
    async bytes() {
      if (!awake) return (await imageOfTemplate('demo')).byteLength
      return (await awake.world.bytes()) + (awake.world.double?.journal.bytes() ?? 0)
    },
    async fetch(request, address, connection) {
      const { world } = await touch()
      return world.fetch(request, address, connection)
    },
    wasTouched() {
      const was = isTouched
      isTouched = false
      return was
    },
    async close() {
      isClosed = true
      const opened = await opening?.catch(() => undefined)
      opened?.snapshots.deleteAll()
      await opened?.world.close()
    },
  }
}

async function wake(parts: SpaceParts, { name, seed }: SpaceStart, first: Required<Beginning>, isIdle: () => boolean) {
  const { config, modules, metrics, memory, terms } = parts
  const log = logWith(parts.log, { space: name })
  const world = await composeWorld(
    { config, modules, log, metrics, everyMs: ROUND_MS, mayExit: true, isIdle, journal: JOURNAL },
    memoryPlace({ modules, first, terms }),
  )
  if (isMoment(seed)) await world.restore({ ...seed, now: first.now, isFrozen: first.freeze })
  world.start()
  return { world, snapshots: createSnapshots(world, memory) }
}

const isAsleep = (seed: Seed | Moment) => seed === 'demo' || seed === 'none'

function isMoment(seed: Seed | Moment): seed is Moment {
  return typeof seed === 'object' && 'image' in seed
}

function firstOf({ seed, now, freeze }: SpaceStart): Required<Beginning> {
  if (isMoment(seed)) return { seed: 'none', now: now ?? seed.now, freeze: freeze ?? seed.isFrozen }
  return { seed, now: now ?? Date.now(), freeze: freeze ?? false }
}
