import { sql } from 'kysely'
import { isFault } from '../ground/fault.ts'
import type { Store } from './store.ts'

/** How old the newest unit may be that shows that the disk takes what is written. */
const FRESH_MS = 10_000

/**
 * Whether anything can be written, without asking the disk for it while others do: every unit is a proof. Where there was
 * none of late, or the last one was refused by the database, one is written that changes nothing.
 */
export function withProof(raw: Store['write']): Pick<Store, 'write' | 'checkWritable'> {
  let provenAt = Number.NEGATIVE_INFINITY
  let asking: Promise<void> | undefined
  const write: Store['write'] = async (fn, options) => {
    try {
      const value = await raw(fn, options)
      provenAt = performance.now()
      return value
    } catch (error) {
      // what a unit refuses by itself says nothing of the disk
      if (isFault(error, 'temporarily_unavailable')) provenAt = Number.NEGATIVE_INFINITY
      throw error
    }
  }
  const ask = async () => {
    const sealed = sql.ref<string>('sealed')
    await write(db => db.updateTable('key_check').set({ sealed }).execute())
  }
  return {
    write,
    async checkWritable() {
      if (performance.now() - provenAt < FRESH_MS) return
      asking ??= ask().finally(() => {
        asking = undefined
      })
      await asking
    },
  }
}
