import { type Kysely, sql } from 'kysely'
import { createPools, type PoolOptions } from './postgres-pool.ts'
import { kyselyOver } from './postgres-session.ts'
import type { Replica } from './store.ts'
import type { Tables } from './tables.ts'
import { blamedOnDatabase } from './unavailable.ts'

export interface ReplicaOptions extends PoolOptions {
  url: string
  /** It is of use while what the primary had so long ago is there. */
  lagMs: number
}

/** Between two looks at how far it is. Nobody looks while nobody asks. */
const LOOK_MS = 1_000

const POSITION = sql<{ position: number }>`SELECT pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery()
  THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, '0/0') AS position`

const positionIn = async (db: Kysely<Tables>) => (await POSITION.execute(db)).rows[0]?.position ?? Number.NaN

/** How far the primary was at a time of this process, in milliseconds. */
interface Mark {
  at: number
  position: number
}

/**
 * How far behind another server is, by positions of its log and by no clock but this process's: at the time of the newest
 * mark of the primary that the other has reached, nothing was missing.
 */
function createProgress(primary: Kysely<Tables>, other: Kysely<Tables>, lagMs: number) {
  const AWAY = Number.NEGATIVE_INFINITY
  let marks: readonly Mark[] = []
  let reachedAt = AWAY
  let lookedAt = AWAY
  let isLooking = false
  const look = async () => {
    const at = performance.now()
    const position = await positionIn(primary)
    marks = [...marks.filter(mark => mark.at >= at - lagMs), { at, position }]
    const reached = await positionIn(other)
    reachedAt = marks.findLast(mark => mark.position <= reached)?.at ?? AWAY
  }
  return {
    isClose() {
      const now = performance.now()
      if (!isLooking && now - lookedAt >= LOOK_MS) {
        isLooking = true
        lookedAt = now
        look()
          .catch(() => {
            reachedAt = AWAY
          })
          .finally(() => {
            isLooking = false
          })
      }
      return now - reachedAt <= lagMs
    },
    isAway() {
      reachedAt = AWAY
    },
  }
}

/** A server that follows the primary, and may be away or late. */
export function createReplica(primary: Kysely<Tables>, { url, lagMs, ...options }: ReplicaOptions) {
  const pools = createPools(url, options)
  const [ordinary, patient] = [kyselyOver(pools.ordinary), kyselyOver(pools.patient)]
  const progress = createProgress(primary, ordinary, lagMs)
  const over =
    (db: Kysely<Tables>): Replica['read'] =>
    async fn => {
      try {
        return await fn(db)
      } catch (error) {
        if (blamedOnDatabase(error) !== error) progress.isAway() // until it has been looked at again
        throw error
      }
    }
  const replica: Replica = { read: over(ordinary), readAside: over(patient) }
  return {
    ifClose: () => (progress.isClose() ? replica : undefined),
    close: () => pools.ordinary.end(),
  }
}
