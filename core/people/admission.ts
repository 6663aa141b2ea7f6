/** Whether somebody may act now: decided here alone, for every surface and every kind of credential. */
import { callerFor } from '../ground/caller.ts'
import { Fault } from '../ground/fault.ts'
import type { Account, Caller, JsonObject, User } from '../ground/model.ts'
import { type Row, toAccount, toCredential } from '../ground/rows.ts'
import { why } from '../ground/why.ts'
import type { Reader } from '../store/store.ts'
import type { Access } from '../verbs.ts'

const closed = (sentence: string, data: JsonObject) =>
  new Fault('unauthenticated', { reason: 'inactive' }, { why: why('whoever asks may act', sentence, data) })

/** An account is open while it and every account above it is active. */
export async function isOpen(db: Reader, account: Pick<Account, 'isActive' | 'parentId'>): Promise<boolean> {
  let { isActive, parentId } = account
  while (isActive && parentId !== null) {
    const above = await db
      .selectFrom('accounts')
      .select(['is_active', 'parent_id'])
      .where('id', '=', parentId)
      .executeTakeFirstOrThrow()
    isActive = above.is_active === 1
    parentId = above.parent_id
  }
  return isActive
}

/** Faults: unauthenticated (inactive). */
export async function openAccount(db: Reader, id: number): Promise<Account> {
  const row = await db.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row || !(await isOpen(db, toAccount(row)))) {
    throw closed(`account ${id}, or one above it, is switched off`, { account: id })
  }
  return toAccount(row)
}

/** A user in its own name. Faults: unauthenticated (inactive): the user, its account, or one above. */
export async function admitUser(db: Reader, user: User): Promise<Caller> {
  if (!user.isEnabled) throw closed(`user ${user.id} of account ${user.accountId} is disabled`, { user: user.id })
  const account = await openAccount(db, user.accountId)
  const actor = { accountId: user.accountId, userId: user.id, role: user.role }
  return { actor, account, user, role: user.role, scopes: [] }
}

/** Whom a credential that was found right lets in. Faults: unauthenticated (inactive). */
export async function admitCredential(db: Reader, row: Row<'credentials'>): Promise<Access> {
  if (row.is_active !== 1) {
    throw closed(`credential ${row.id} of account ${row.account_id} was revoked`, { credential: row.id })
  }
  const account = await openAccount(db, row.account_id)
  if (row.user_id !== null) {
    const user = await db.selectFrom('users').select('is_enabled').where('id', '=', row.user_id).executeTakeFirst()
    if (user?.is_enabled !== 1) throw closed(`user ${row.user_id} is disabled`, { user: row.user_id })
  }
  const credential = toCredential(row)
  return { credential, caller: callerFor(account, credential.role, credential.scopes) }
}
