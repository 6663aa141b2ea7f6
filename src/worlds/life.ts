import type { DialectModule } from '../../adapters/kit/dialect.ts'
import { createAttempt } from '../callbacks/attempt.ts'
import { createSender, TIMEOUT_MS } from '../callbacks/sender.ts'
import { createSenderWatch } from '../callbacks/watch.ts'
import type { Double } from '../double/double.ts'
import type { Bounds } from '../double/journal.ts'
import { createDataPlane, type DataPlane } from '../http/data-plane.ts'
import type { GatewayConfig } from '../http/gateway.ts'
import type { Limits } from '../limits/limits.ts'
import type { Log } from '../logs/log.ts'
import type { Database } from '../process/database.ts'
import type { Metrics } from '../process/metrics.ts'
import { createRunner, type Runner } from '../process/runner.ts'

/** What a world is made of besides its data: the same in each of its lives. */
export interface WorldParts {
  config: GatewayConfig
  modules: readonly DialectModule[]
  log: Log
  /** Undefined: nobody counts. */
  metrics?: Metrics | undefined
  /** Told now and then what the tables hold. */
  onRows?: Metrics['rows'] | undefined
  /** Against floods; undefined: none. */
  limits?: Limits | undefined
  /** What falls due, and callbacks, are looked for this often. */
  everyMs: number
  /** What the journal keeps at most, with faults on demand beside it in double mode. Undefined: none of both. */
  journal?: Bounds | undefined
  /** Nothing else to do: the process may end all the same. */
  mayExit?: boolean
  /** Nobody has asked for anything for a while: what falls due is looked for less often. */
  isIdle?: () => boolean
}

/** From the start of a world, or from a reset, to the next reset, restore or end: one core, and all that works on it. */
export interface Life extends Database {
  data: DataPlane
  runner: Runner
}

export function beginLife(parts: WorldParts, database: Database, double?: Double): Life {
  const { config, modules, log, metrics, everyMs, mayExit, isIdle, onRows, limits } = parts
  const { core } = database
  const data = createDataPlane({ config, core, modules, log, metrics, double, limits })
  const { dialects, callbackTargets: targets } = data.gateway
  const attempt = double?.faults?.attempts(createAttempt({ targets, timeoutMs: TIMEOUT_MS }))
  const watch = createSenderWatch(log, metrics)
  if (metrics) core.oversight.onCommitted(metrics.committed)
  const sender = createSender({ core, dialects, targets, everyMs, ...watch, ...(attempt && { attempt }) })
  const ticking = { tick: sender.round, pauseMs: sender.pauseMs, stop: sender.stop }
  const told = metrics ? { onRan: metrics.job, onRemoved: metrics.removed } : {}
  const runner = createRunner({
    core,
    sender: ticking,
    log,
    everyMs,
    isIdle,
    onRows,
    ...told,
    ...(mayExit && { mayExit }),
  })
  return { ...database, data, runner }
}
