import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '../../core/ground/fault.ts'
import type { Store } from '../../core/store/store.ts'

/** Whoever asks whether we are ready does not wait long. */
const READY_MS = 3_000
const DISK_FULL = new Set(['SQLITE_FULL', '53100'])

/** Why nobody should be sent here, for everybody to read: no host, no file. Undefined: there is no reason. */
export function createReadiness(store: () => Store, isClosing: () => boolean): () => Promise<string | undefined> {
  return async () => {
    if (isClosing()) return 'stopping'
    const late = sleep(READY_MS, `the database does not answer within ${READY_MS} ms`, { ref: false })
    return Promise.race([whyNot(store()), late])
  }
}

async function whyNot(store: Store): Promise<string | undefined> {
  try {
    if (!(await store.isMigrated())) return 'the database is not of the version of this program'
  } catch {
    return 'the database does not answer'
  }
  try {
    await store.checkWritable()
    return undefined
  } catch (error) {
    const code = error instanceof Fault ? (error.cause as { code?: unknown } | undefined)?.code : undefined
    return `nothing can be written: ${DISK_FULL.has(String(code)) ? 'the disk is full' : 'the database takes nothing'}`
  }
}
