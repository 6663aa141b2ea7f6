/** What lets a user in, and what ends that: its password, and whether it is enabled. */
import { recordAudit } from '../events/index.ts'
import type { User } from '../ground/model.ts'
import { type Row, toUser } from '../ground/rows.ts'
import { type Context, missing, type RunUnit, type Unit } from '../ground/unit.ts'
import type { Directory } from '../verbs.ts'
import { hashedSecret } from './credentials.ts'
import { forgetName } from './login-attempts.ts'
import { PORTAL_REALM } from './passwords.ts'
import { checkEndless, checkOverlap, holding, rotateBeside } from './rotation.ts'
import { endSessionsOfUser } from './session-rows.ts'
import { selectUsers } from './users.ts'

/** A user has one, whatever became of the one before. */
export async function writePassword(unit: Unit, user: Row<'users'>, hash: string): Promise<void> {
  const own = unit.db
    .updateTable('credentials')
    .where('realm', '=', PORTAL_REALM)
    .where('public_id', '=', user.auth_username)
  // a former one that still held beside it holds no more
  await own.set({ is_active: 0 }).where('ends_at', 'is not', null).execute()
  const changed = await own.set({ secret_hash: hash, is_active: 1 }).where('ends_at', 'is', null).executeTakeFirst()
  if (changed.numUpdatedRows > 0n) return
  await unit.db
    .insertInto('credentials')
    .values({
      ...{ account_id: user.account_id, user_id: user.id, realm: PORTAL_REALM, kind: 'password' },
      ...{ public_id: user.auth_username, secret_hash: hash, role: user.role, scopes: '', name: '' },
      ...{ is_active: 1, created_at: unit.now, issued_from: null },
    })
    .execute()
}

/** Beside the present one for so long; false: there is none. Faults: wrong_state (two hold already). */
async function writeBeside(unit: Unit, user: Row<'users'>, hash: string, overlapMs: number): Promise<boolean> {
  const rows = await holding(unit.db, PORTAL_REALM, user.auth_username, unit.now).execute()
  const old = rows.at(-1)
  if (!old) return false
  for (const row of rows) checkEndless(row)
  await rotateBeside(unit, old, { hash, publicId: old.public_id }, overlapMs)
  return true
}

async function lockUser(unit: Unit, id: number) {
  let query = selectUsers(unit.db).where('users.id', '=', id)
  // two changes of one user's password wait for each other, so that there is one row of it
  if (unit.engine.name === 'postgres') query = query.forUpdate('users')
  const row = await query.executeTakeFirst()
  if (!row) throw missing('user', id)
  return row
}

async function setPassword(
  context: Context,
  run: RunUnit,
  ...[actor, id, given, { overlapMs = 0, reason } = {}]: Parameters<Directory['setPassword']>
) {
  checkOverlap(overlapMs)
  const { secret, hash } = await hashedSecret(context, 'password', given)
  return run(actor, async unit => {
    const row = await lockUser(unit, id)
    const isBeside = overlapMs > 0 && (await writeBeside(unit, row, hash, overlapMs))
    if (!isBeside) {
      await writePassword(unit, row, hash)
      await endSessionsOfUser(unit, id)
    }
    await forgetName(unit, row.auth_username)
    const data = { ...(isBeside && { endsAt: unit.now + overlapMs }), reason }
    const entry = { accountId: row.account_id, action: 'user.password_set', subject: row.auth_username, data }
    await recordAudit(unit, entry)
    return { user: toUser(row), password: secret }
  })
}

async function setEnabled(unit: Unit, id: number, isEnabled: boolean, reason?: string): Promise<User> {
  const row = await lockUser(unit, id)
  const columns = { is_enabled: isEnabled ? 1 : 0, updated_at: unit.now }
  await unit.db.updateTable('users').set(columns).where('id', '=', id).execute()
  if (!isEnabled) await endSessionsOfUser(unit, id)
  const action = isEnabled ? 'user.enabled' : 'user.disabled'
  const entry = { accountId: row.account_id, action, subject: row.auth_username, data: { reason } }
  await recordAudit(unit, entry)
  return toUser({ ...row, ...columns })
}

export function userAccess(context: Context, run: RunUnit): Pick<Directory, 'setUserEnabled' | 'setPassword'> {
  return {
    setUserEnabled: (actor, id, isEnabled, reason) => run(actor, unit => setEnabled(unit, id, isEnabled, reason)),
    setPassword: (...asked) => setPassword(context, run, ...asked),
  }
}
