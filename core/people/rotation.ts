/** Secrets that take the place of others: at once, or beside them until a moment. */
import { DAY_MS } from '../ground/clock.ts'
import { Fault } from '../ground/fault.ts'
import type { Instant } from '../ground/model.ts'
import type { Row } from '../ground/rows.ts'
import type { Unit } from '../ground/unit.ts'
import type { Reader } from '../store/store.ts'

type CredentialRow = Row<'credentials'>

/** Secrets that one public id may have at once: each is tried when somebody asks. */
export const MOST_SECRETS = 10
/** Longest time that an old secret holds beside the new one. */
const MOST_OVERLAP_MS = 30 * DAY_MS

/** By the clock, at the moment of the question. */
export function holds({ endsAt }: { endsAt: Instant | null }, now: Instant): boolean {
  return endsAt === null || endsAt > now
}

/** The rows of this name whose secrets hold now. */
export function holding(db: Reader, realm: string, publicId: string, now: Instant) {
  return db
    .selectFrom('credentials')
    .selectAll()
    .where('realm', '=', realm)
    .where('public_id', '=', publicId)
    .where('is_active', '=', 1)
    .where(e => e.or([e('ends_at', 'is', null), e('ends_at', '>', now)]))
    .orderBy('id')
}

/** Faults: limit_reached. */
export function checkRoom(publicId: string, count: number): void {
  if (count >= MOST_SECRETS) {
    throw new Fault('limit_reached', { what: `secrets of ${publicId}`, limit: MOST_SECRETS })
  }
}

/** Faults: invalid_input. */
export function checkOverlap(overlapMs: number): void {
  if (Number.isInteger(overlapMs) && overlapMs >= 0 && overlapMs <= MOST_OVERLAP_MS) return
  const message = `must be 0 or more, and ${MOST_OVERLAP_MS / 1000} at most, which is ${MOST_OVERLAP_MS / DAY_MS} days`
  throw new Fault('invalid_input', { issues: [{ field: 'overlap', problem: 'too_big', message }] })
}

/** Only one that has no end yet: a second successor would leave nobody sure of which one stays. Faults: wrong_state. */
export function checkEndless({ id, ends_at: endsAt }: CredentialRow): void {
  if (endsAt === null) return
  const state = `replaced already, and ends at ${new Date(endsAt).toISOString()}`
  throw new Fault('wrong_state', { what: 'credential', id: String(id), state })
}

/**
 * A further row with the new secret; the old one, and what was issued from it, ends after so long. Faults: name_taken,
 * limit_reached.
 */
export async function rotateBeside(
  unit: Unit,
  old: CredentialRow,
  secret: { hash: string; publicId: string },
  overlapMs: number,
): Promise<CredentialRow> {
  const { id: _, ...copied } = old
  checkRoom(old.public_id, (await holding(unit.db, old.realm, secret.publicId, unit.now).execute()).length)
  const row = await unit.db
    .insertInto('credentials')
    .values({ ...copied, public_id: secret.publicId, secret_hash: secret.hash, created_at: unit.now })
    .onConflict(c => c.doNothing())
    .returningAll()
    .executeTakeFirst()
  if (!row) throw new Fault('name_taken', { what: 'credential', name: 'secret' })
  const endsAt = unit.now + overlapMs
  await unit.db.updateTable('credentials').set({ ends_at: endsAt }).where('id', '=', old.id).execute()
  await unit.db
    .updateTable('credentials')
    .set({ ends_at: endsAt })
    .where('issued_from', '=', old.id)
    .where(e => e.or([e('ends_at', 'is', null), e('ends_at', '>', endsAt)]))
    .execute()
  return row
}
