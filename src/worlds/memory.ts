import type { DialectModule } from '../../adapters/kit/dialect.ts'
import { openSqliteImage } from '../../core/store/sqlite.ts'
import { demoWorldFolder } from '../config/package-files.ts'
import { type CoreTerms, openCore } from '../process/database.ts'
import { FOUNDED, imageOfTemplate, TEST_KEY } from '../testing/template.ts'
import type { Beginning, Place, Seed } from './place.ts'
import { loadWorld } from './seed.ts'

export interface MemoryOptions {
  modules: readonly DialectModule[]
  /** Of the first life, and of each that does not say another. */
  first: Required<Beginning>
  terms?: CoreTerms | undefined
}

/** A database in memory, opened from an image: each life has one of its own. */
export function memoryPlace({ modules, first, terms = {} }: MemoryOptions): Place {
  return {
    async begin(old, { seed = first.seed, now = first.now, freeze = first.freeze }) {
      const { image, load } = await sourceOf(seed, now)
      const store = await openSqliteImage(image)
      try {
        const data = await openCore(store, { key: TEST_KEY }, terms, modules)
        // all of the loading happens at that one moment
        await data.clock.startAt(now, freeze || load !== undefined)
        if (load !== undefined) await loadWorld(data.core, load)
        if (load !== undefined && !freeze) await data.clock.startAt(now, false)
        await old?.store.close()
        return data
      } catch (error) {
        await store.close()
        throw error
      }
    },
    reopen: store => openCore(store, { key: TEST_KEY }, terms, modules),
  }
}

/** The image of the demo world was founded at some time: a clock that stands before it needs a world of its own time. */
async function sourceOf(seed: Seed, now: number) {
  if (typeof seed === 'object') return { image: await imageOfTemplate('none'), load: 'path' in seed ? seed.path : seed }
  if (seed === 'demo' && now < FOUNDED) return { image: await imageOfTemplate('none'), load: demoWorldFolder() }
  return { image: await imageOfTemplate(seed), load: undefined }
}
