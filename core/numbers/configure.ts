import { recordAudit } from '../audit.ts'
import { Fault } from '../fault.ts'
import type { Account, Caller, Owned } from '../model.ts'
import { toAccount } from '../rows.ts'
import { emit, missing, type Unit } from '../unit.ts'
import type { LeaseChange } from '../verbs.ts'
import { settingsOf, transition } from './lifecycle.ts'
import { ownedFromRows } from './owned.ts'
import { type Held, lockHeld } from './release.ts'
import { insertRoutes, resolveTaker } from './take.ts'

async function writeLease(unit: Unit, caller: Caller, { lease }: Held, change: LeaseChange): Promise<Held['lease']> {
  const user = change.userId === undefined ? null : (await resolveTaker(unit, caller.account, change.userId)).user
  const columns = {
    ...(user ? { user_id: user.id, organization_id: user.organizationId } : {}),
    ...(change.label === undefined ? {} : { label: change.label }),
    ...(change.trunkId === undefined ? {} : { trunk_id: change.trunkId }),
    updated_at: unit.now,
  }
  await unit.db.updateTable('leases').set(columns).where('id', '=', lease.id).execute()
  return { ...lease, ...columns }
}

async function writeParts(unit: Unit, leaseId: number, change: LeaseChange): Promise<void> {
  if (change.routes) {
    await unit.db.deleteFrom('routes').where('lease_id', '=', leaseId).execute()
    if (change.routes.length > 0) await insertRoutes(unit, [leaseId], change.routes)
  }
  if (change.settings) {
    const { dialect } = change.settings
    const value = JSON.stringify(change.settings.value)
    await unit.db
      .insertInto('settings')
      .values({ lease_id: leaseId, dialect, value })
      .onConflict(c => c.columns(['lease_id', 'dialect']).doUpdateSet({ value }))
      .execute()
  }
}

/** Decide from what is found under the lock, then write it. Faults: not_found. */
export async function configureOne(
  unit: Unit,
  caller: Caller,
  leaseId: number,
  dialect: string | undefined,
  decide: (owned: Owned) => LeaseChange,
): Promise<Owned> {
  const held = await lockHeld(unit, caller, leaseId)
  const [before] = await ownedFromRows(unit.db, [held], dialect)
  const change = decide(before as Owned)
  const lease = await writeLease(unit, caller, held, change)
  await writeParts(unit, leaseId, change)
  if (change.event) {
    const settings = await settingsOf(unit, leaseId)
    await emit(unit, change.event, lease.account_id, {
      e164: held.row.e164,
      leaseId,
      accountId: lease.account_id,
      settings,
    })
  }
  const [after] = await ownedFromRows(unit.db, [{ ...held, lease }], dialect)
  return after as Owned
}

/** Same payer, hence same tree. */
async function targetInTree(unit: Unit, caller: Caller, accountId: number): Promise<Account> {
  const row = await unit.db.selectFrom('accounts').selectAll().where('id', '=', accountId).executeTakeFirst()
  if (row?.payer_id !== caller.account.payerId) throw missing('account', accountId)
  return toAccount(row)
}

export async function moveOne(
  unit: Unit,
  caller: Caller,
  leaseId: number,
  toAccountId: number,
  options: { coolOffMs?: number; force?: boolean },
): Promise<Owned> {
  const target = await targetInTree(unit, caller, toAccountId)
  const held = await lockHeld(unit, caller, leaseId)
  const { row, lease } = held
  if (row.state !== 'active') throw new Fault('wrong_state', { what: 'lease', id: String(leaseId), state: row.state })
  const until = row.last_call_at === null ? 0 : row.last_call_at + (options.coolOffMs ?? 0)
  const isForced = options.force === true
  if (!isForced && until > unit.now) throw new Fault('cool_off', { until, remainingMs: until - unit.now })
  if (isForced) {
    await recordAudit(unit, {
      accountId: target.id,
      action: 'number.moved_by_force',
      subject: row.e164,
      data: {
        numberId: row.id,
        from: lease.account_id,
        to: target.id,
        lastCallAt: row.last_call_at,
        coolOffUntil: until,
      },
    })
  }
  const columns = {
    account_id: target.id,
    organization_id: target.defaultOrganizationId,
    user_id: target.defaultUserId,
    trunk_id: null,
    label: null,
    updated_at: unit.now,
  }
  await unit.db.updateTable('leases').set(columns).where('id', '=', leaseId).execute()
  // what the old owner configured points at its own equipment
  await unit.db.deleteFrom('routes').where('lease_id', '=', leaseId).execute()
  await unit.db.deleteFrom('settings').where('lease_id', '=', leaseId).execute()
  const next = await transition(unit, row, { kind: 'moved', to: 'active', set: { owner_id: target.id } })
  const [owned] = await ownedFromRows(unit.db, [{ ...held, row: next, lease: { ...lease, ...columns } }], undefined)
  return owned as Owned
}
