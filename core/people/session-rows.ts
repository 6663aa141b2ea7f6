import { recordAudit } from '../events/index.ts'
import type { Session } from '../ground/model.ts'
import type { Row } from '../ground/rows.ts'
import type { Unit } from '../ground/unit.ts'

export function toSession(row: Row<'sessions'> & { account_id: number; auth_username: string }): Session {
  return {
    id: row.id,
    realm: row.realm,
    accountId: row.account_id,
    userId: row.user_id,
    authUsername: row.auth_username,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }
}

/** In the unit that takes away what they were opened by. Audited where there were any. */
export async function endSessionsOfUser(unit: Unit, userId: number, reason?: string): Promise<number> {
  const { numDeletedRows } = await unit.db.deleteFrom('sessions').where('user_id', '=', userId).executeTakeFirst()
  const sessions = Number(numDeletedRows)
  if (sessions === 0) return 0
  const user = await unit.db
    .selectFrom('users')
    .select(['account_id', 'auth_username'])
    .where('id', '=', userId)
    .executeTakeFirstOrThrow()
  const entry = { accountId: user.account_id, action: 'sessions.ended', subject: user.auth_username }
  await recordAudit(unit, { ...entry, data: { sessions, reason } })
  return sessions
}

/** Of one step. */
const AT_ONCE = 500

/** Of the users of this account, not of accounts below it. */
export async function endSomeOfAccount(unit: Unit, accountId: number, reason: string) {
  const rows = await unit.db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select('sessions.id')
    .where('users.account_id', '=', accountId)
    .limit(AT_ONCE)
    .execute()
  if (rows.length === 0) return { ended: 0, more: false }
  const ids = rows.map(({ id }) => id)
  const { numDeletedRows } = await unit.db.deleteFrom('sessions').where('id', 'in', ids).executeTakeFirst()
  const sessions = Number(numDeletedRows)
  const subject = `account ${accountId}`
  await recordAudit(unit, { accountId, action: 'sessions.ended', subject, data: { sessions, reason } })
  return { ended: sessions, more: rows.length === AT_ONCE }
}

/** Of every user of this account and of those below it, however many. */
export async function endSessionsOfTree(unit: Unit, accountId: number, handle: string): Promise<void> {
  const { numDeletedRows } = await unit.db
    .withRecursive('tree', db =>
      db
        .selectFrom('accounts')
        .select('id')
        .where('id', '=', accountId)
        .unionAll(db.selectFrom('accounts').innerJoin('tree', 'tree.id', 'accounts.parent_id').select('accounts.id')),
    )
    .deleteFrom('sessions')
    .where('user_id', 'in', db =>
      db
        .selectFrom('users')
        .select('users.id')
        .where('account_id', 'in', inner => inner.selectFrom('tree').select('id')),
    )
    .executeTakeFirst()
  const sessions = Number(numDeletedRows)
  if (sessions > 0)
    await recordAudit(unit, { accountId, action: 'sessions.ended', subject: handle, data: { sessions } })
}
