import { named } from '../store/hints.ts'
import type { Reader } from '../store/store.ts'

/**
 * Entries kept at most; then all are forgotten, which costs each caller one look-up. A plain map: every change of who may
 * act makes a new one, and one with a limit of its own is dear to make.
 */
const MOST = 20_000

/** What is known of callers, for as long as nothing about accounts, users and credentials changes anywhere. */
export interface AccessCache {
  /**
   * `load`'s result, kept under `key`. The version is read first and by every call: what is loaded later than that can
   * only be newer, and a revocation, made by any process, is seen by the next request. Undefined is not kept.
   */
  remember<T extends object>(db: Reader, key: string, load: () => Promise<T | undefined>): Promise<T | undefined>
}

/** Asked with every request: compiled once. */
const VERSION = named<{ version: number }>('didgate_access', 'SELECT version FROM access_version')

export function createAccessCache(): AccessCache {
  let known = -1
  let entries = new Map<string, object>()
  return {
    async remember<T extends object>(db: Reader, key: string, load: () => Promise<T | undefined>) {
      const { rows } = await db.executeQuery(VERSION)
      const version = rows[0]?.version ?? 0
      if (version !== known || entries.size >= MOST) {
        known = version
        entries = new Map()
      }
      const kept = entries
      const hit = kept.get(key)
      if (hit) return hit as T
      const found = await load()
      if (found) kept.set(key, Object.freeze(found)) // into the map of the version that was read
      return found
    },
  }
}
