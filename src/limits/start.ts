import { randomUUID } from 'node:crypto'
import type { Log } from '../logs/log.ts'
import type { Metrics } from '../process/metrics.ts'
import type { RunningWorld } from '../worlds/world.ts'
import { createLimits, type Limits } from './limits.ts'
import type { Sizes } from './refuse.ts'
import { createSharing, type Sharing } from './sharing.ts'

/** Limits of a whole program, with figures for whoever watches it. Undefined: none were asked for. */
export function watchedLimits(sizes: Sizes | undefined, metrics: Metrics): Limits | undefined {
  if (!sizes) return undefined
  const limits = createLimits({ sizes, onRefused: metrics.limited })
  metrics.watchLimits(limits.keys)
  return limits
}

/** `isAlone`: no other process uses the database. Undefined: there is nothing to share, or nobody to share it with. */
export function shareLimits(
  limits: Limits | undefined,
  world: RunningWorld,
  isAlone: boolean,
  log: Log,
): Sharing | undefined {
  if (!limits || isAlone) return undefined
  const sharing = createSharing({ limits, shared: () => world.core.sharedCounts, process: randomUUID(), log })
  sharing.start()
  return sharing
}
