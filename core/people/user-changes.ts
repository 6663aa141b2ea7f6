/** What becomes of users: another role, another contact, and their end. */

import { recordAudit } from '../events/index.ts'
import { Fault } from '../ground/fault.ts'
import type { User } from '../ground/model.ts'
import { parseObject, type Row, toUser } from '../ground/rows.ts'
import { missing, type RunUnit, type Unit } from '../ground/unit.ts'
import { leaveUser } from '../leases/index.ts'
import type { Directory } from '../verbs.ts'
import { dropAddress } from './addresses.ts'
import { endSessionsOfUser } from './session-rows.ts'
import { selectUsers } from './users.ts'

/** The account first, so that of two administrators who take each other's role one stays. */
async function lockUser(unit: Unit, id: number) {
  const known = await unit.db.selectFrom('users').select('account_id').where('id', '=', id).executeTakeFirst()
  if (!known) throw missing('user', id)
  if (unit.engine.name === 'postgres') {
    await unit.db.selectFrom('accounts').select('id').where('id', '=', known.account_id).forUpdate().execute()
  }
  let query = selectUsers(unit.db).where('users.id', '=', id)
  if (unit.engine.name === 'postgres') query = query.forUpdate('users')
  const row = await query.executeTakeFirst()
  if (!row) throw missing('user', id)
  return row
}

/** Faults: wrong_state: an account keeps somebody who may administer it, which a disabled user may not. */
async function checkOthers(unit: Unit, user: Row<'users'>): Promise<Row<'users'>> {
  const { id, account_id, role, auth_username } = user
  let query = unit.db
    .selectFrom('users')
    .selectAll()
    .where('account_id', '=', account_id)
    .where('id', '<>', id)
    .where('role', '=', role)
  if (user.is_enabled === 1) query = query.where('is_enabled', '=', 1)
  const other = await query.orderBy('is_enabled', 'desc').orderBy('id').executeTakeFirst()
  if (!other) throw new Fault('wrong_state', { what: 'user', id: auth_username, state: 'the only one of its role' })
  return other
}

const ADMINISTERS = new Set(['account_admin', 'operator'])

type Change = Parameters<Directory['editUser']>[2]

async function edit(unit: Unit, id: number, change: Change): Promise<User> {
  const row = await lockUser(unit, id)
  const role = change.role ?? row.role
  if (role !== row.role && ADMINISTERS.has(row.role)) await checkOthers(unit, row)
  const contact = change.contact ? JSON.stringify({ ...parseObject(row.contact), ...change.contact }) : row.contact
  const columns = { role, contact, updated_at: unit.now }
  await unit.db.updateTable('users').set(columns).where('id', '=', id).execute()
  if (role !== row.role) await unit.db.updateTable('credentials').set({ role }).where('user_id', '=', id).execute()
  const action = role === row.role ? 'user.edited' : 'user.role_changed'
  await recordAudit(unit, { accountId: row.account_id, action, subject: row.auth_username, data: { role } })
  return toUser({ ...row, ...columns })
}

/** What it owned for the account is the account's: its numbers stay, and lead nowhere that was the user's. */
async function remove(unit: Unit, id: number): Promise<void> {
  const row = await lockUser(unit, id)
  const heir = ADMINISTERS.has(row.role) ? await checkOthers(unit, row) : undefined
  await endSessionsOfUser(unit, id)
  const own = await unit.db
    .selectFrom('sip_addresses')
    .select('id')
    .where('user_id', '=', id)
    .where('kind', '=', 'user')
    .orderBy('id')
    .execute()
  for (const address of own) await dropAddress(unit, address.id)
  // those that it made for others stay
  await unit.db.updateTable('sip_addresses').set({ user_id: null }).where('user_id', '=', id).execute()
  await leaveUser(unit, id)
  await unit.db.deleteFrom('credentials').where('user_id', '=', id).execute()
  await unit.db
    .updateTable('accounts')
    .set({ default_user_id: heir?.id ?? (await someUser(unit, row)) })
    // accounts below it may show it too
    .where('default_user_id', '=', id)
    .execute()
  await unit.db.deleteFrom('users').where('id', '=', id).execute()
  await recordAudit(unit, { accountId: row.account_id, action: 'user.removed', subject: row.auth_username })
}

async function someUser(unit: Unit, { id, account_id }: Row<'users'>): Promise<number | null> {
  const query = unit.db.selectFrom('users').select('id').where('account_id', '=', account_id).where('id', '<>', id)
  return (await query.orderBy('id').limit(1).executeTakeFirst())?.id ?? null
}

export function userChanges(run: RunUnit): Pick<Directory, 'editUser' | 'removeUser'> {
  return {
    editUser: (actor, id, change) => run(actor, unit => edit(unit, id, change)),
    removeUser: (actor, id) => run(actor, unit => remove(unit, id)),
  }
}
