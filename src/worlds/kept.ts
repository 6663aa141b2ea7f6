import type { Config } from '../config/config.ts'
import { demoWorldFolder } from '../config/package-files.ts'
import { dialectModules } from '../dialects.ts'
import type { Log } from '../logs/log.ts'
import { type Database, openCore } from '../process/database.ts'
import { beginWith, ensureWorld } from './first-world.ts'
import { memoryPlace } from './memory.ts'
import type { Beginning, Place, Seed } from './place.ts'

/** The database that the program was started with: it stays, and each life fills it anew. */
export function keptPlace(config: Config, log: Log, open: () => Promise<Database>): Place {
  const { mode } = config
  return {
    async begin(old, beginning) {
      if (old) return renewed(old, config.seed, beginning)
      const data = await open()
      try {
        await ensureWorld({ ...data, seed: config.seed, mode, log })
        return data
      } catch (error) {
        await data.store.close()
        throw error
      }
    },
    reopen: (store, { keys }) => openCore(store, keys, config),
  }
}

async function renewed(data: Database, first: string | undefined, { seed, now, freeze = false }: Beginning) {
  const { store, clock } = data
  if (typeof seed === 'object') await tried(seed, now ?? Date.now())
  await store.empty()
  await clock.refresh()
  if (now !== undefined || freeze) await clock.startAt(now ?? clock.now(), freeze)
  await beginWith(data, seed === undefined ? first : sourceOf(seed))
  return data
}

function sourceOf(seed: Seed) {
  if (seed === 'demo') return demoWorldFolder()
  if (seed === 'none') return undefined
  return 'path' in seed ? seed.path : seed
}

/** What is wrong with a world is told before anything is lost for it. */
async function tried(seed: Seed, now: number): Promise<void> {
  const place = memoryPlace({ modules: dialectModules, first: { seed, now, freeze: false } })
  const { store } = await place.begin(undefined, {})
  await store.close()
}
