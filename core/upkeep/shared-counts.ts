/** What the processes of one database tell each other, of no worth a minute later. */

import type { Context, RunUnit } from '../ground/unit.ts'
import type { Reader } from '../store/store.ts'
import type { SharedCounts } from '../verbs.ts'

/** Whoever reads at least this seldom misses nothing. */
const KEPT_TURNS = 10
/** What a process left that has ended is taken away by the others. */
const OLD_MS = 600_000
/** What was told before this process began counts, if it is not older. */
const FRESH_MS = 60_000

function others(db: Reader, process: string, seen: ReadonlyMap<string, number>, since: number) {
  return db
    .selectFrom('shared_counts')
    .select(['process', 'turn', 'counts'])
    .where('process', '<>', process)
    .where(where => {
      const later = [...seen].map(([each, turn]) => where.and([where('process', '=', each), where('turn', '>', turn)]))
      const known = [...seen.keys()]
      const isNew = where('at', '>', since)
      return where.or([...later, known.length > 0 ? where.and([where('process', 'not in', known), isNew]) : isNew])
    })
    .orderBy('process')
    .orderBy('turn')
    .execute()
}

export function createSharedCounts({ store, clock }: Context, run: RunUnit): SharedCounts {
  return {
    tell: (process, turn, counts) =>
      run(
        null,
        async ({ db, now }) => {
          await db.insertInto('shared_counts').values({ process, turn, at: now, counts }).execute()
          await db
            .deleteFrom('shared_counts')
            .where('process', '=', process)
            .where('turn', '<=', turn - KEPT_TURNS)
            .execute()
          await db
            .deleteFrom('shared_counts')
            .where('at', '<', now - OLD_MS)
            .execute()
        },
        { isStep: true },
      ),
    hear: (process, seen) => store.read(db => others(db, process, seen, clock.now() - FRESH_MS)),
  }
}
