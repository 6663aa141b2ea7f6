import { Fault } from '../ground/fault.ts'
import type { Account, User } from '../ground/model.ts'
import type { Unit } from '../ground/unit.ts'

/** Who takes numbers: the account, and inside it whoever they are shown to belong to. */
export interface Taker {
  account: Account
  user: Pick<User, 'id' | 'organizationId'> | null
}

/** A sub-account may have been removed since its caller was identified. Faults: forbidden. */
async function checkStillOpen(unit: Unit, account: Account): Promise<void> {
  if (account.payerId === account.id) return // no sub-account, and never removed
  let query = unit.db.selectFrom('accounts').select('parent_id').where('id', '=', account.id)
  if (unit.engine.name === 'postgres') query = query.forKeyShare()
  const row = await query.executeTakeFirst()
  if (!row?.parent_id) throw new Fault('forbidden', { reason: 'inactive' })
}

/**
 * The user of this id, if numbers of the account may be shown to belong to it: one of the account, or the one to whom its
 * numbers go where nobody is named (a sub-account's is its parent's).
 */
export async function namedUser(unit: Unit, account: Account, userId: number): Promise<Taker['user'] | undefined> {
  const user = await unit.db
    .selectFrom('users')
    .select(['id', 'organization_id', 'account_id'])
    .where('id', '=', userId)
    .executeTakeFirst()
  if (!user || (user.account_id !== account.id && user.id !== account.defaultUserId)) return undefined
  return { id: user.id, organizationId: user.organization_id }
}

/** Where a user is named it must be one that may be (`namedUser`). Faults: not_found, forbidden. */
export async function resolveTaker(unit: Unit, account: Account, userId: number | undefined): Promise<Taker> {
  await checkStillOpen(unit, account)
  if (userId === undefined) return { account, user: null }
  const user = await namedUser(unit, account, userId)
  if (!user) throw new Fault('not_found', { what: 'user', id: String(userId) })
  return { account, user }
}
