import type { DialectModule } from '../../adapters/kit/dialect.ts'
import { holdsDemoWorld } from '../first-world.ts'
import type { Address, GatewayConfig } from '../gateway.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { memoryPlace } from '../worlds/memory.ts'
import type { MemoryBudget } from '../worlds/memory-budget.ts'
import type { Beginning, Seed } from '../worlds/place.ts'
import { createSnapshots, type Snapshots } from '../worlds/snapshots.ts'
import { composeWorld, type Moment, type RunningWorld } from '../worlds/world.ts'

/** An isolated world in memory inside of a gateway. Nothing is shared but the process. */
export interface Space {
  name: string
  world: RunningWorld
  snapshots: Snapshots
  /** Wall time, epoch milliseconds. */
  expiresAt: number
  isClosed(): boolean
  /** It has the public credentials of the demo world. */
  isDemo(): Promise<boolean>
  fetch(request: Request, address?: Address): Promise<Response>
  /** Somebody asks for something. */
  touch(): void
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
  sessionTtlMs?: number | undefined
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

/** Faults: the seed's own. */
export async function openSpace(parts: SpaceParts, start: SpaceStart): Promise<Space> {
  const { config, modules, metrics, memory, sessionTtlMs } = parts
  const { name, expiresAt } = start
  let touchedAt = performance.now()
  let isTouched = false
  let isFresh = true
  let isClosed = false
  const isIdle = () => performance.now() - touchedAt > IDLE_AFTER_MS
  const first = firstOf(start)
  const log = parts.log.child({ space: name })
  // nobody owns anything in these two, so that nothing falls due by itself
  const isAsleep = start.seed === 'demo' || start.seed === 'none'
  const world = await composeWorld(
    { config, modules, log, metrics, everyMs: ROUND_MS, mayExit: true, isIdle, isAsleep },
    memoryPlace({ modules, first, sessionTtlMs }),
  )
  if (isMoment(start.seed)) await world.restore({ ...start.seed, now: first.now, isFrozen: first.freeze })
  world.start()
  const snapshots = createSnapshots(world, memory)
  const touch = () => {
    const wasIdle = isIdle()
    touchedAt = performance.now()
    isTouched = true
    isFresh = false
    if (wasIdle) world.life.runner.wake()
  }
  return {
    ...{ name, world, snapshots, expiresAt, touch },
    isClosed: () => isClosed,
    isDemo: async () => (isAsleep && isFresh ? start.seed === 'demo' : holdsDemoWorld(world.data.core)),
    fetch(request, address) {
      touch()
      return world.fetch(request, address)
    },
    wasTouched() {
      const was = isTouched
      isTouched = false
      return was
    },
    async close() {
      isClosed = true
      snapshots.deleteAll()
      await world.close()
    },
  }
}

function isMoment(seed: Seed | Moment): seed is Moment {
  return typeof seed === 'object' && 'image' in seed
}

function firstOf({ seed, now, freeze }: SpaceStart): Required<Beginning> {
  if (isMoment(seed)) return { seed: 'none', now: now ?? seed.now, freeze: freeze ?? seed.isFrozen }
  return { seed, now: now ?? Date.now(), freeze: freeze ?? false }
}
