import { recordAudit } from '../events/index.ts'
import { Fault } from '../ground/fault.ts'
import type { Actor, Caller, Listed, Organization, Page, SipAddress, User } from '../ground/model.ts'
import { type Row, toOrganization, toSipAddress, toUser } from '../ground/rows.ts'
import { type Context, missing, type RunUnit, type Unit } from '../ground/unit.ts'
import { followAddress } from '../leases/index.ts'
import { skipPastId } from '../store/ids.ts'
import type { Reader } from '../store/store.ts'
import type { Directory, UserFilter } from '../verbs.ts'
import { addressVerbs, dropAddress } from './addresses.ts'
import { hashedCredential } from './credentials.ts'
import { userAccess, writePassword } from './user-access.ts'
import { userChanges } from './user-changes.ts'
import { selectUsers } from './users.ts'

const SIP_ALPHABET = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

async function findUser(db: Reader, column: 'users.id' | 'users.auth_username', value: string | number) {
  const row = await selectUsers(db)
    .where(column, '=', value as never)
    .executeTakeFirst()
  return row && toUser(row)
}

/** A user's own SIP address decides who `user@domain` is. */
export async function userByAddress(db: Reader, username: string, domain: string): Promise<User | undefined> {
  const row = await selectUsers(db)
    .innerJoin('sip_addresses', 'sip_addresses.user_id', 'users.id')
    .where('sip_addresses.kind', '=', 'user')
    .where('sip_addresses.domain', '=', domain.toLowerCase())
    .where('sip_addresses.username', '=', username)
    .executeTakeFirst()
  return row && toUser(row)
}

/** By auth user name or `user@domain`. */
export async function findByLoginName(db: Reader, name: string): Promise<User | undefined> {
  const at = name.lastIndexOf('@')
  const byAddress = at > 0 ? await userByAddress(db, name.slice(0, at), name.slice(at + 1)) : undefined
  return byAddress ?? findUser(db, 'users.auth_username', name)
}

type NewOrganization = Parameters<Directory['createOrganization']>[1]

async function createOrganization(unit: Unit, input: NewOrganization): Promise<Organization> {
  const domain = input.domain.toLowerCase()
  const taken = await unit.db.selectFrom('organizations').select('id').where('domain', '=', domain).executeTakeFirst()
  if (taken) throw new Fault('name_taken', { what: 'organization', name: domain })
  const row = await unit.db
    .insertInto('organizations')
    .values({
      ...(input.id === undefined ? {} : { id: input.id }),
      account_id: input.accountId,
      domain,
      contact: JSON.stringify(input.contact ?? {}),
      created_at: unit.now,
      updated_at: unit.now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  if (input.id !== undefined) await skipPastId(unit.engine, unit.db, 'organizations', input.id)
  if (input.isDefault !== false) {
    await unit.db
      .updateTable('accounts')
      .set({ default_organization_id: row.id })
      .where('id', '=', input.accountId)
      .where('default_organization_id', 'is', null)
      .execute()
  }
  await recordAudit(unit, { accountId: input.accountId, action: 'organization.created', subject: domain })
  return toOrganization(row)
}

async function insertAddress(
  unit: Unit,
  organization: Row<'organizations'>,
  address: { username: string; kind: SipAddress['kind']; userId: number | null; name: string },
): Promise<SipAddress> {
  const where = `${address.username}@${organization.domain}`
  const taken = await unit.db
    .selectFrom('sip_addresses')
    .select('id')
    .where('domain', '=', organization.domain)
    .where('username', '=', address.username)
    .executeTakeFirst()
  if (taken) throw new Fault('name_taken', { what: 'address', name: where })
  const row = await unit.db
    .insertInto('sip_addresses')
    .values({
      account_id: organization.account_id,
      organization_id: organization.id,
      user_id: address.userId,
      username: address.username,
      domain: organization.domain,
      kind: address.kind,
      name: address.name,
      created_at: unit.now,
      updated_at: unit.now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return toSipAddress(row)
}

type NewUser = Parameters<Directory['createUser']>[1]

async function insertUser(unit: Unit, input: NewUser, organization: Row<'organizations'>, sealed: string) {
  const taken = await unit.db
    .selectFrom('users')
    .select('id')
    .where('auth_username', '=', input.authUsername)
    .executeTakeFirst()
  if (taken) throw new Fault('name_taken', { what: 'user', name: input.authUsername })
  const row = await unit.db
    .insertInto('users')
    .values({
      ...(input.id === undefined ? {} : { id: input.id }),
      account_id: organization.account_id,
      organization_id: organization.id,
      username: input.username,
      auth_username: input.authUsername,
      role: input.role,
      is_enabled: 1,
      sip_password: sealed,
      contact: JSON.stringify(input.contact ?? {}),
      created_at: unit.now,
      updated_at: unit.now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  if (input.id !== undefined) await skipPastId(unit.engine, unit.db, 'users', input.id)
  await unit.db
    .updateTable('accounts')
    .set({ default_user_id: row.id })
    .where('id', '=', organization.account_id)
    .where('default_user_id', 'is', null)
    .execute()
  return row
}

async function readOrganization(unit: Unit, id: number): Promise<Row<'organizations'>> {
  const row = await unit.db.selectFrom('organizations').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw missing('organization', id)
  return row
}

async function createUser(context: Context, run: RunUnit, actor: Actor, input: NewUser): Promise<User> {
  const sealed = context.secrets.seal(input.sipPassword ?? context.random.text(12, SIP_ALPHABET))
  // hashed before the unit, so that nobody waits for it
  const login = input.password === undefined ? undefined : await hashedCredential(context, 'password', input.password)
  return run(actor, async unit => {
    const organization = await readOrganization(unit, input.organizationId)
    const row = await insertUser(unit, input, organization, sealed)
    await insertAddress(unit, organization, { username: input.username, kind: 'user', userId: row.id, name: '' })
    if (login) await writePassword(unit, row, login)
    await recordAudit(unit, { accountId: row.account_id, action: 'user.created', subject: input.authUsername })
    return toUser({ ...row, domain: organization.domain })
  })
}

async function lockTelephone(unit: Unit, caller: Caller, id: number): Promise<Row<'sip_addresses'>> {
  let query = unit.db.selectFrom('sip_addresses').selectAll().where('id', '=', id)
  if (unit.engine.name === 'postgres') query = query.forUpdate()
  const row = await query.executeTakeFirst()
  if (row?.kind !== 'telephone' || row.account_id !== caller.account.id) throw missing('address', id)
  return row
}

async function editTelephone(
  unit: Unit,
  caller: Caller,
  id: number,
  change: { username?: string; name?: string },
): Promise<SipAddress> {
  const row = await lockTelephone(unit, caller, id)
  const username = change.username ?? row.username
  const other = await unit.db
    .selectFrom('sip_addresses')
    .select('id')
    .where('domain', '=', row.domain)
    .where('username', '=', username)
    .where('id', '<>', id)
    .executeTakeFirst()
  if (other) throw new Fault('name_taken', { what: 'address', name: `${username}@${row.domain}` })
  const columns = { username, name: change.name ?? row.name, updated_at: unit.now }
  await unit.db.updateTable('sip_addresses').set(columns).where('id', '=', id).execute()
  if (username !== row.username) await followAddress(unit, id, { username, domain: row.domain })
  return toSipAddress({ ...row, ...columns })
}

async function pageOf<R, T>(
  rows: Promise<R[]>,
  count: Promise<{ total: number }>,
  map: (row: R) => T,
): Promise<Listed<T>> {
  const { total } = await count
  return { items: (await rows).map(map), total }
}

const direction = (order: { descending: boolean } | undefined) => (order?.descending ? 'desc' : 'asc')

function listUsers(db: Reader, filter: UserFilter, page: Page, order: Parameters<Directory['users']>[2]) {
  let query = db.selectFrom('users').innerJoin('organizations', 'organizations.id', 'users.organization_id')
  if (filter.accountId !== undefined) query = query.where('users.account_id', '=', filter.accountId)
  if (filter.organizationId !== undefined) query = query.where('users.organization_id', '=', filter.organizationId)
  if (filter.userId !== undefined) query = query.where('users.id', '=', filter.userId)
  const column = { id: 'users.id', organization: 'users.organization_id', authUsername: 'users.auth_username' } as const
  const rows = query
    .selectAll('users')
    .select('organizations.domain')
    .orderBy(column[order?.by ?? 'id'], direction(order))
    .orderBy('users.id')
    .limit(page.limit)
    .offset(page.offset)
  const count = query.select(e => e.fn.countAll<number>().as('total'))
  return pageOf(rows.execute(), count.executeTakeFirstOrThrow(), toUser)
}

function listAddresses(
  db: Reader,
  filter: UserFilter & { kind: SipAddress['kind'] },
  page: Page,
  order: Parameters<Directory['addresses']>[2],
) {
  let query = db.selectFrom('sip_addresses').where('kind', '=', filter.kind)
  if (filter.accountId !== undefined) query = query.where('account_id', '=', filter.accountId)
  if (filter.organizationId !== undefined) query = query.where('organization_id', '=', filter.organizationId)
  if (filter.userId !== undefined) query = query.where('user_id', '=', filter.userId)
  const rows = query
    .selectAll()
    .orderBy(order?.by ?? 'id', direction(order))
    .orderBy('id')
    .limit(page.limit)
    .offset(page.offset)
  const count = query.select(e => e.fn.countAll<number>().as('total'))
  return pageOf(rows.execute(), count.executeTakeFirstOrThrow(), toSipAddress)
}

function organizationVerbs({ store }: Context, run: RunUnit) {
  const find = (column: 'id' | 'domain', value: string | number) =>
    store.read(async db => {
      const row = await db
        .selectFrom('organizations')
        .selectAll()
        .where(column, '=', value as never)
        .executeTakeFirst()
      return row && toOrganization(row)
    })
  return {
    organization: id => find('id', id),
    organizationByDomain: domain => find('domain', domain.toLowerCase()),
    organizations: (accountId, page, order) =>
      store.read(db => {
        const query = db.selectFrom('organizations').where('account_id', '=', accountId)
        const rows = query
          .selectAll()
          .orderBy(order?.by ?? 'id', direction(order))
          .limit(page.limit)
          .offset(page.offset)
        const count = query.select(e => e.fn.countAll<number>().as('total'))
        return pageOf(rows.execute(), count.executeTakeFirstOrThrow(), toOrganization)
      }),
    createOrganization: (actor, input) => run(actor, unit => createOrganization(unit, input)),
  } satisfies Partial<Directory>
}

export function createDirectory(context: Context, run: RunUnit): Directory {
  const { store, secrets } = context
  return {
    ...organizationVerbs(context, run),
    user: id => store.read(db => findUser(db, 'users.id', id)),
    userByAuthUsername: name => store.read(db => findUser(db, 'users.auth_username', name)),
    userByAddress: (username, domain) => store.read(db => userByAddress(db, username, domain)),
    users: (filter, page, order) => store.read(db => listUsers(db, filter, page, order)),
    createUser: (actor, input) => createUser(context, run, actor, input),
    ...userAccess(context, run),
    ...userChanges(run),
    ...addressVerbs(context, run),
    sipPassword: userId =>
      store.read(async db => {
        const row = await db.selectFrom('users').select('sip_password').where('id', '=', userId).executeTakeFirst()
        if (!row) throw missing('user', userId)
        return secrets.open(row.sip_password)
      }),
    address: (username, domain) =>
      store.read(async db => {
        const row = await db
          .selectFrom('sip_addresses')
          .selectAll()
          .where('domain', '=', domain.toLowerCase())
          .where('username', '=', username)
          .executeTakeFirst()
        return row && toSipAddress(row)
      }),
    addresses: (filter, page, order) => store.read(db => listAddresses(db, filter, page, order)),
    addTelephoneAddress: (caller, input) =>
      run(caller, async unit => {
        const organization = await readOrganization(unit, input.organizationId)
        if (organization.account_id !== caller.account.id) throw missing('organization', input.organizationId)
        return insertAddress(unit, organization, {
          username: input.username,
          kind: 'telephone',
          userId: caller.user?.id ?? caller.account.defaultUserId,
          name: input.name,
        })
      }),
    editTelephoneAddress: (caller, id, change) => run(caller, unit => editTelephone(unit, caller, id, change)),
    removeTelephoneAddress: (caller, id) =>
      run(caller, async unit => {
        await lockTelephone(unit, caller, id)
        await dropAddress(unit, id)
      }),
  }
}
