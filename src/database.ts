import { openClock, type StoredClock } from '../core/clock.ts'
import { createCore } from '../core/core.ts'
import { openStore } from '../core/store/open.ts'
import type { Store } from '../core/store/store.ts'
import type { Core } from '../core/verbs.ts'
import type { Config } from './config.ts'
import { dialectModules } from './dialects.ts'
import { openKey } from './key.ts'
import { realmsOf } from './realms.ts'

export interface Database {
  store: Store
  clock: StoredClock
  core: Core
}

/** Connect, migrate, and put the core on it. The caller closes the store. */
export async function openDatabase(config: Config): Promise<Database> {
  const store = await openStore(config.databaseUrl)
  try {
    await store.migrate()
    const clock = await openClock(store)
    const { sessionTtlMs } = config
    const core = createCore({
      store,
      clock,
      key: openKey(config),
      ...(sessionTtlMs === undefined ? {} : { sessionTtlMs }),
    })
    core.credentials.describe(realmsOf(dialectModules))
    return { store, clock, core }
  } catch (error) {
    await store.close()
    throw error
  }
}
