import { recordAudit } from '../events/index.ts'
import { callerFor } from '../ground/caller.ts'
import { Fault } from '../ground/fault.ts'
import type { Account, Actor, JsonObject } from '../ground/model.ts'
import { parseObject, type Row, toAccount } from '../ground/rows.ts'
import { type Context, missing, type RunUnit, type Unit } from '../ground/unit.ts'
import { why } from '../ground/why.ts'
import { ensureBalance, setCreditLimit } from '../money/index.ts'
import { skipPastId } from '../store/ids.ts'
import type { Reader } from '../store/store.ts'
import type { AccountChange, Accounts, NewAccount } from '../verbs.ts'
import { isOpen, openAccount } from './admission.ts'
import { hashedSecret, insertCredential } from './credentials.ts'
import { releaseFee, setPolicy } from './policies.ts'
import { endSessionsOfTree } from './session-rows.ts'
import { lockAccount, needsText, settleIdentity } from './verifications.ts'

/** What an operator can switch off for an account: a word that nothing asks about would be a switch without effect. */
export const FEATURES = ['numbers'] as const

/** Of what was done in the name of another: callers tell the paths that they were asked by, of any length. */
const MOST_SUBJECT = 200
const HANDLE_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

export async function readAccount(db: Reader, id: number): Promise<Account | undefined> {
  const row = await db.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toAccount(row)
}

/** A sub-account that was removed has left its parent, and remembers who paid for it: it takes nothing any more. */
export function isRemoved({ id, parentId, payerId }: Pick<Account, 'id' | 'parentId' | 'payerId'>): boolean {
  return parentId === null && payerId !== id
}

async function accountValues(unit: Unit, input: NewAccount) {
  const parent = input.parentId ? await readAccount(unit.db, input.parentId) : undefined
  if (input.parentId && (!parent || isRemoved(parent))) throw missing('account', input.parentId)
  const prefix = parent ? 'SA' : 'MA'
  const needs = needsText(input.identityNeeds ?? [])
  return {
    ...(input.id === undefined ? {} : { id: input.id }),
    guid: input.guid ?? unit.random.guid(),
    handle: input.handle ?? `${prefix}_${unit.random.text(8, HANDLE_ALPHABET)}`,
    name: input.name,
    parent_id: parent?.id ?? null,
    payer_id: parent?.payerId ?? input.id ?? 0,
    currency: input.currency ?? parent?.currency ?? 'USD',
    role: input.role ?? 'owner',
    is_active: (input.isActive ?? true) ? 1 : 0,
    identity_verified: (input.identityVerified ?? (!needs && parent?.identityVerified) ?? false) ? 1 : 0,
    identity_needs: needs,
    allow_unauthenticated: input.allowUnauthenticated ? 1 : 0,
    features_off: '',
    default_organization_id: parent?.defaultOrganizationId ?? null,
    default_user_id: parent?.defaultUserId ?? null,
    profile: JSON.stringify(input.profile ?? {}),
    created_at: unit.now,
    updated_at: unit.now,
  }
}

async function createAccount(unit: Unit, input: NewAccount): Promise<Account> {
  const values = await accountValues(unit, input)
  const taken = await unit.db
    .selectFrom('accounts')
    .select('id')
    .where(e => e.or([e('handle', '=', values.handle), e('guid', '=', values.guid), e('id', '=', input.id ?? -1)]))
    .executeTakeFirst()
  if (taken) throw new Fault('name_taken', { what: 'account', name: values.handle })
  const row = await unit.db.insertInto('accounts').values(values).returningAll().executeTakeFirstOrThrow()
  if (input.id !== undefined) await skipPastId(unit.engine, unit.db, 'accounts', input.id)
  const payer = row.payer_id === 0 ? row.id : row.payer_id
  if (payer !== row.payer_id) {
    await unit.db.updateTable('accounts').set({ payer_id: payer }).where('id', '=', row.id).execute()
  }
  if (payer === row.id) await ensureBalance(unit, row.id, row.currency)
  await recordAudit(unit, { accountId: row.id, action: 'account.created', subject: row.handle })
  return toAccount({ ...row, payer_id: payer })
}

async function createWithAccess(
  context: Context,
  run: RunUnit,
  actor: Actor,
  input: NewAccount,
  access: Parameters<Accounts['open']>[2],
): Promise<{ account: Account; secrets: string[] }> {
  const hashed = await Promise.all(access.map(({ kind, secret }) => hashedSecret(context, kind, secret)))
  return run(actor, async unit => {
    const account = await createAccount(unit, input)
    let first: number | undefined
    for (const [i, { isIssued, ...each }] of access.entries()) {
      const issued = isIssued && first !== undefined ? { issuedFrom: first } : {}
      const named = { publicId: account.handle, ...each, ...issued, accountId: account.id }
      const { id } = await insertCredential(unit, named, hashed[i] as (typeof hashed)[number])
      first ??= id
    }
    return { account, secrets: hashed.map(({ secret }) => secret) }
  })
}

const flag = (value: boolean | undefined) => (value === undefined ? undefined : value ? 1 : 0)

function changedColumns(row: Row<'accounts'>, change: AccountChange) {
  const profile: JsonObject = { ...parseObject(row.profile), ...change.profile }
  const kept = Object.fromEntries(Object.entries(profile).filter(([, value]) => value !== null))
  const columns = {
    name: change.name,
    is_active: flag(change.isActive),
    identity_verified: flag(change.identityVerified),
    allow_unauthenticated: flag(change.allowUnauthenticated),
    features_off: change.featuresOff?.join(' '),
    default_organization_id: change.defaultOrganizationId,
    default_user_id: change.defaultUserId,
    profile: change.profile ? JSON.stringify(kept) : undefined,
  }
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined))
}

async function updateAccount(unit: Unit, id: number, change: AccountChange): Promise<Account> {
  const row = await lockAccount(unit, id)
  if (isRemoved(toAccount(row))) throw new Fault('wrong_state', { what: 'account', id: row.handle, state: 'removed' })
  const columns = { ...changedColumns(row, change), updated_at: unit.now }
  await unit.db.updateTable('accounts').set(columns).where('id', '=', id).execute()
  const { creditLimit, releaseFee: fee, quarantineDays, reclaimDays } = change
  if (creditLimit) await setCreditLimit(unit, id, creditLimit.currency, creditLimit.amount)
  if (fee) await setPolicy(unit, 'release_fee', id, fee.currency, fee.amount)
  if (quarantineDays) await setPolicy(unit, 'quarantine_days', id, quarantineDays.country, quarantineDays.days)
  if (reclaimDays) await setPolicy(unit, 'reclaim_days', id, reclaimDays.country, reclaimDays.days)
  // its waiting orders, and its children's, may be filled again
  if (change.isActive) unit.arrivals.payerIds.add(row.payer_id)
  await recordAudit(unit, {
    accountId: id,
    action: 'account.changed',
    subject: row.handle,
    data: JSON.parse(JSON.stringify(change)) as JsonObject,
  })
  if (!change.identityNeeds) return toAccount({ ...row, ...columns })
  return settleIdentity(unit, { ...row, ...columns }, needsText(change.identityNeeds))
}

async function removeAccount(unit: Unit, id: number): Promise<void> {
  let query = unit.db.selectFrom('accounts').selectAll().where('id', '=', id)
  // waits for purchases and moves that refer to the account, so that their leases are seen
  if (unit.engine.name === 'postgres') query = query.forUpdate()
  const account = await query.executeTakeFirst()
  if (!account?.parent_id) throw missing('account', id)
  const lease = await unit.db
    .selectFrom('leases')
    .select('id')
    .where('account_id', '=', id)
    .where('closed_at', 'is', null)
    .where(e => e.or([e('ends_at', 'is', null), e('ends_at', '>', unit.now)]))
    .executeTakeFirst()
  if (lease) throw new Fault('wrong_state', { what: 'account', id: account.handle, state: 'holds numbers' })
  const gone = { is_active: 0, updated_at: unit.now }
  await endSessionsOfTree(unit, id, account.handle)
  // the row stays for the history of its numbers; its handle is never given again
  await unit.db
    .updateTable('accounts')
    .set({ ...gone, parent_id: null })
    .where('id', '=', id)
    .execute()
  await unit.db.updateTable('credentials').set({ is_active: 0 }).where('account_id', '=', id).execute()
  await recordAudit(unit, { accountId: id, action: 'account.removed', subject: account.handle })
}

/** Itself, a child, or any for an operator; an operator's act on another account is audited. */
async function reach(
  context: Context,
  run: RunUnit,
  ...[caller, accountId, action, how]: Parameters<Accounts['reach']>
) {
  if (accountId === caller.account.id) return caller
  const { account, mayAct } = await context.store.read(async db => {
    const found = await readAccount(db, accountId)
    return { account: found, mayAct: found !== undefined && (how?.isReading || (await isOpen(db, found))) }
  })
  const isChild = account?.parentId === caller.account.id && caller.role === 'account_admin'
  const isOperator = caller.actor.role === 'operator'
  if (!account || !(isChild || isOperator)) {
    const whose = account ? `is not of account ${caller.account.id}, nor below it` : 'does not exist'
    const reason = why('own account tree', `account ${accountId} ${whose}`, {
      account: accountId,
      caller: caller.account.id,
    })
    throw new Fault('forbidden', { reason: 'account' }, { why: reason })
  }
  if (!mayAct) {
    const reason = why('open accounts', `account ${accountId}, or one above it, is switched off`, {
      account: accountId,
    })
    throw new Fault('forbidden', { reason: 'inactive' }, { why: reason })
  }
  if (isOperator) {
    const subject = action.slice(0, MOST_SUBJECT)
    await run(caller, unit => recordAudit(unit, { accountId, action: 'account.acted_on', subject }))
  }
  return { ...caller, account }
}

export function createAccounts(context: Context, run: RunUnit): Accounts {
  const { store } = context
  const by = (column: 'id' | 'guid' | 'handle') => (value: string | number) =>
    store.read(async db => {
      const row = await db
        .selectFrom('accounts')
        .selectAll()
        .where(column, '=', value as never)
        .executeTakeFirst()
      return row && toAccount(row)
    })
  return {
    get: by('id'),
    byGuid: by('guid'),
    byHandle: by('handle'),
    list: (filter, page, options) =>
      store.read(async db => {
        let query = db.selectFrom('accounts')
        if (filter.parentId !== undefined) query = query.where('parent_id', '=', filter.parentId)
        if (filter.isActive !== undefined) query = query.where('is_active', '=', filter.isActive ? 1 : 0)
        const { total } = await query.select(e => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
        const ordered = query.selectAll().orderBy('id', options?.descending ? 'desc' : 'asc')
        const rows = await ordered.limit(page.limit).offset(page.offset).execute()
        return { items: rows.map(toAccount), total }
      }),
    create: (actor, input) => run(actor, unit => createAccount(unit, input)),
    open: (actor, input, access) => createWithAccess(context, run, actor, input, access),
    update: (actor, id, change) => run(actor, unit => updateAccount(unit, id, change)),
    remove: (actor, id) => run(actor, unit => removeAccount(unit, id)),
    reach: (...asked) => reach(context, run, ...asked),
    admit: id => store.read(async db => callerFor(await openAccount(db, id))),
    callerFor,
    releaseFee: (accountId, currency) => store.read(db => releaseFee(db, accountId, currency)),
  }
}
