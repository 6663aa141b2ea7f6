import { setTimeout as sleep } from 'node:timers/promises'
import { createCore } from '../../core/core.ts'
import { openClock, type StoredClock } from '../../core/ground/clock.ts'
import { isFault } from '../../core/ground/fault.ts'
import type { Keys } from '../../core/ground/secrets.ts'
import { openStore } from '../../core/store/open.ts'
import type { Store } from '../../core/store/store.ts'
import type { Core, RetentionDays } from '../../core/verbs.ts'
import type { Config } from '../config/config.ts'
import { keysFor } from '../config/key.ts'
import { dialectModules } from '../dialects.ts'
import { realmsOf } from '../realms.ts'
import { withHelp } from './database-words.ts'

export interface Database {
  store: Store
  clock: StoredClock
  core: Core
  /** Seal what must be shown again. */
  keys: Keys
}

/** Told while the database is waited for. */
export type OnWaiting = (sentence: string) => void

const RETRY_MS = 500
/** Between two words on what is waited for. */
const TELL_MS = 5_000

/** Connect, migrate, and put the core on it. The caller closes the store. */
export async function openDatabase(config: Config, onWaiting: OnWaiting = () => {}): Promise<Database> {
  try {
    return await open(config, onWaiting)
  } catch (error) {
    throw withHelp(error, config.databaseUrl)
  }
}

async function open(config: Config, onWaiting: OnWaiting): Promise<Database> {
  const store = await openStore(config.databaseUrl, { statementMs: config.databaseTimeoutMs, replica: config.replica })
  try {
    await untilThere(() => store.migrate(), config.databaseWaitMs, onWaiting)
    return await openCore(store, await keysFor(config, store), config)
  } catch (error) {
    await store.close()
    throw error
  }
}

/** What the core is told by the configuration. Undefined: as usual. */
export interface CoreTerms {
  sessionTtlMs?: number | undefined
  retention?: RetentionDays | undefined
}

/** A core that knows nothing yet of what another one over this store has learned. */
export async function openCore(
  store: Store,
  keys: Keys,
  { sessionTtlMs, retention }: CoreTerms,
  modules = dialectModules,
): Promise<Database> {
  const clock = await openClock(store)
  const core = createCore({
    store,
    clock,
    ...keys,
    ...(sessionTtlMs && { sessionTtlMs }),
    ...(retention && { retention }),
  })
  core.credentials.describe(realmsOf(modules))
  return { store, clock, core, keys }
}

/** Where everything starts at once, the database is often the last. What it refuses is refused at once. */
async function untilThere(work: () => Promise<void>, limitMs: number, onWaiting: OnWaiting): Promise<void> {
  const limit = `${limitMs / 1000} s (DATABASE_WAIT)`
  const giveUpAt = performance.now() + limitMs
  for (let tellAt = 0; ; await sleep(RETRY_MS)) {
    try {
      return await work()
    } catch (error) {
      if (!isFault(error, 'temporarily_unavailable')) throw error
      const now = performance.now()
      if (now + RETRY_MS > giveUpAt) throw new Error(`${error.message}; waited ${limit}`, { cause: error })
      if (now >= tellAt) {
        onWaiting(`${error.message}; waiting for it, at most ${limit}`)
        tellAt = now + TELL_MS
      }
    }
  }
}
