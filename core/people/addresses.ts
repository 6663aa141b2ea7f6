/** SIP addresses of organizations: of users, groups, mailboxes, outside numbers and outside addresses, and other names of these. */
import { sql } from 'kysely'
import { Fault } from '../ground/fault.ts'
import type { Caller, SipAddress } from '../ground/model.ts'
import { type Row, toSipAddress } from '../ground/rows.ts'
import { type Context, holdAccount, missing, type RunUnit, type Unit } from '../ground/unit.ts'
import { followAddress, leaveAddress } from '../leases/index.ts'
import type { AddressChange, Directory, NewAddress } from '../verbs.ts'

/** Of one account. */
const MOST = 10_000

async function checkFree(unit: Unit, domain: string, username: string, but = 0): Promise<void> {
  const taken = await unit.db
    .selectFrom('sip_addresses')
    .select('id')
    .where('domain', '=', domain)
    .where('username', '=', username)
    .where('id', '<>', but)
    .executeTakeFirst()
  if (taken) throw new Fault('name_taken', { what: 'address', name: `${username}@${domain}` })
}

/** Names of this kind that stand for one thing in an organization, such as the number of a mailbox. */
async function checkName(unit: Unit, organizationId: number, kind: string, name: string, but = 0): Promise<void> {
  const taken = await unit.db
    .selectFrom('sip_addresses')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('kind', '=', kind)
    .where('name', '=', name)
    .where('id', '<>', but)
    .executeTakeFirst()
  if (taken) throw new Fault('name_taken', { what: 'resource', name })
}

/** Faults: limit_reached. */
async function checkRoom(unit: Unit, accountId: number): Promise<void> {
  const { kept } = await unit.db
    .selectFrom('sip_addresses')
    .select(e => e.fn.countAll<number>().as('kept'))
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow()
  if (Number(kept) >= MOST) throw new Fault('limit_reached', { what: 'addresses', limit: MOST })
}

/** Faults: not_found (user): a user of the same organization's account. */
async function checkUser(unit: Unit, accountId: number, userId: number): Promise<void> {
  let query = unit.db.selectFrom('users').select('account_id').where('id', '=', userId)
  if (unit.engine.name === 'postgres') query = query.forKeyShare()
  const user = await query.executeTakeFirst()
  if (user?.account_id !== accountId) throw missing('user', userId)
}

async function lockOwn(unit: Unit, caller: Caller, id: number): Promise<Row<'sip_addresses'>> {
  let query = unit.db.selectFrom('sip_addresses').selectAll().where('id', '=', id)
  if (unit.engine.name === 'postgres') query = query.forUpdate()
  const row = await query.executeTakeFirst()
  if (row?.account_id !== caller.account.id) throw missing('address', id)
  return row
}

async function add(unit: Unit, caller: Caller, input: NewAddress): Promise<SipAddress> {
  const { organizationId, username, kind, userId = null, parentId = null, name = '' } = input
  const organization = await unit.db
    .selectFrom('organizations')
    .selectAll()
    .where('id', '=', organizationId)
    .executeTakeFirst()
  if (organization?.account_id !== caller.account.id) throw missing('organization', organizationId)
  await holdAccount(unit, organization.account_id)
  if (userId !== null) await checkUser(unit, organization.account_id, userId)
  if (parentId !== null) await lockOwn(unit, caller, parentId)
  await checkRoom(unit, organization.account_id)
  await checkFree(unit, organization.domain, username)
  if (input.isNameUnique) await checkName(unit, organizationId, kind, name)
  const row = await unit.db
    .insertInto('sip_addresses')
    .values({
      account_id: organization.account_id,
      organization_id: organizationId,
      user_id: userId,
      parent_id: parentId,
      username,
      domain: organization.domain,
      kind,
      name,
      data: JSON.stringify(input.data ?? {}),
      created_at: unit.now,
      updated_at: unit.now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return toSipAddress(row)
}

async function edit(unit: Unit, caller: Caller, id: number, change: AddressChange): Promise<SipAddress> {
  await holdAccount(unit, caller.account.id)
  const row = await lockOwn(unit, caller, id)
  const { username = row.username, name = row.name, userId = row.user_id } = change
  if (username !== row.username) await checkFree(unit, row.domain, username, id)
  if (change.isNameUnique && name !== row.name) await checkName(unit, row.organization_id, row.kind, name, id)
  if (userId !== null && userId !== row.user_id) await checkUser(unit, row.account_id, userId)
  const data = change.data ? JSON.stringify({ ...toSipAddress(row).data, ...change.data }) : row.data
  const columns = { username, name, user_id: userId, data, updated_at: unit.now }
  await unit.db.updateTable('sip_addresses').set(columns).where('id', '=', id).execute()
  if (username !== row.username) await followAddress(unit, id, { username, domain: row.domain })
  return toSipAddress({ ...row, ...columns })
}

/** With its other names. Nothing leads to any of them afterwards. The caller holds its account. */
export async function dropAddress(unit: Unit, id: number): Promise<void> {
  const aliases = await unit.db
    .selectFrom('sip_addresses')
    .select('id')
    .where('parent_id', '=', id)
    .orderBy('id')
    .execute()
  for (const alias of aliases) await dropAddress(unit, alias.id)
  await leaveAddress(unit, id)
  await unit.db.deleteFrom('sip_addresses').where('id', '=', id).execute()
}

type Verbs = 'addAddress' | 'editAddress' | 'removeAddress' | 'addressById' | 'aliases'

export function addressVerbs({ store }: Context, run: RunUnit): Pick<Directory, Verbs> {
  return {
    addAddress: (caller, input) => run(caller, unit => add(unit, caller, input)),
    editAddress: (caller, id, change) => run(caller, unit => edit(unit, caller, id, change)),
    removeAddress: (caller, id) =>
      run(caller, async unit => {
        await holdAccount(unit, caller.account.id)
        await lockOwn(unit, caller, id)
        await dropAddress(unit, id)
      }),
    addressById: id =>
      store.read(async db => {
        const row = await db.selectFrom('sip_addresses').selectAll().where('id', '=', id).executeTakeFirst()
        return row && toSipAddress(row)
      }),
    aliases: ({ userId, ...filter }, page) =>
      store.read(async db => {
        let query = db
          .selectFrom('sip_addresses as alias')
          .innerJoin('sip_addresses as address', 'address.id', 'alias.parent_id')
          .where('alias.account_id', '=', filter.accountId)
        if (filter.organizationId !== undefined)
          query = query.where('alias.organization_id', '=', filter.organizationId)
        if (userId !== undefined) query = query.where('address.user_id', '=', userId)
        const rows = await query.selectAll('alias').orderBy('alias.id').limit(page.limit).offset(page.offset).execute()
        const { total } = await query.select(sql<number>`count(*)`.as('total')).executeTakeFirstOrThrow()
        return { items: rows.map(toSipAddress), total: Number(total) }
      }),
  }
}
