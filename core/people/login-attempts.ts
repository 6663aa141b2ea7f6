/** Attempts to log in, counted before they are judged, so that those made at once count as much as those in a row. */
import { sql } from 'kysely'
import type { Instant } from '../ground/model.ts'
import type { Unit } from '../ground/unit.ts'
import type { Reader } from '../store/store.ts'

/** The 6th failure within ten minutes locks the name for ten minutes, for those who ask from where it failed. */
const MOST = 6
export const LOCK_MS = 10 * 60_000
/** Each attempt takes so many rows away that lock nobody any more: there are never many more than of the last minutes. */
const TIDIED = 4

/** Whose attempts these are: a surface, a name as it is counted there, and where they come from. */
export interface Counted {
  realm: string
  name: string
  /** An address or a network; empty: nobody knows. A stranger elsewhere locks nobody here. */
  source: string
}

const select = (db: Reader, { realm, name, source }: Counted) =>
  db
    .selectFrom('login_attempts')
    .selectAll()
    .where('realm', '=', realm)
    .where('name', '=', name)
    .where('source', '=', source)

/** `lockedUntil` 0: not locked. Undefined: nothing is counted. */
export async function readAttempts(db: Reader, counted: Counted, now: Instant) {
  const row = await select(db, counted).executeTakeFirst()
  return row && { lockedUntil: row.locked_until > now ? row.locked_until : 0 }
}

const update = (unit: Unit, { realm, name, source }: Counted) =>
  unit.db.updateTable('login_attempts').where('realm', '=', realm).where('name', '=', name).where('source', '=', source)

/** What lasts no longer goes with what begins: no job of its own, and nobody waits for a row that another holds. */
async function tidy({ db, engine, now }: Unit): Promise<void> {
  const skip = engine.skipLocked ? sql`FOR UPDATE SKIP LOCKED` : sql``
  await sql`DELETE FROM login_attempts WHERE (realm, name, source) IN (SELECT realm, name, source FROM login_attempts
    WHERE window_started_at <= ${now - LOCK_MS} AND locked_until <= ${now}
    ORDER BY window_started_at LIMIT ${TIDIED} ${skip})`.execute(db)
}

/** Which attempt of its window this is; undefined when all of them are taken, be they judged or not. */
export async function countAttempt(unit: Unit, counted: Counted): Promise<number | undefined> {
  // one statement makes the row or finds it, and holds it: others count after this one
  const row = await unit.db
    .insertInto('login_attempts')
    .values({ ...counted, failures: 0, window_started_at: unit.now, locked_until: 0 })
    .onConflict(c => c.columns(['realm', 'name', 'source']).doUpdateSet({ realm: counted.realm }))
    .returningAll()
    .executeTakeFirstOrThrow()
  const isFresh = row.window_started_at + LOCK_MS <= unit.now && row.locked_until <= unit.now
  const nth = (isFresh ? 0 : row.failures) + 1
  if (nth > MOST) return undefined
  const started = isFresh ? unit.now : row.window_started_at
  await update(unit, counted).set({ failures: nth, window_started_at: started, locked_until: 0 }).execute()
  await tidy(unit)
  return nth
}

/** It was wrong. The last one locks the name: until when, if so. */
export async function countFailure(unit: Unit, counted: Counted, nth: number): Promise<Instant | undefined> {
  if (nth < MOST) return undefined
  const until = unit.now + LOCK_MS
  const { numUpdatedRows } = await update(unit, counted).set({ failures: MOST, locked_until: until }).executeTakeFirst()
  return numUpdatedRows > 0n ? until : undefined // somebody else proved to be that user meanwhile
}

/** Somebody proved to be who they say. */
export async function forgetAttempts(unit: Unit, { realm, name, source }: Counted): Promise<void> {
  await unit.db
    .deleteFrom('login_attempts')
    .where('realm', '=', realm)
    .where('name', '=', name)
    .where('source', '=', source)
    .execute()
}

/** Somebody was given another password: whatever was tried before is of no use, wherever it was tried. */
export async function forgetName(unit: Unit, name: string): Promise<void> {
  await unit.db.deleteFrom('login_attempts').where('name', '=', name).execute()
}
