import { recordAudit } from '../events/index.ts'
import { Fault } from '../ground/fault.ts'
import type { Account, Caller, Owned } from '../ground/model.ts'
import { toAccount } from '../ground/rows.ts'
import { emit, missing, type Unit } from '../ground/unit.ts'
import { timeOf, why } from '../ground/why.ts'
import { checkResource, checkTrunk, type SettledRoute, schedule, settleRoutes } from '../leases/index.ts'
import { isRemoved } from '../people/index.ts'
import { tell } from '../store/statements.ts'
import type { LeaseChange } from '../verbs.ts'
import { insertRoutes } from './deal.ts'
import { dropTerms, settingsOf, transition } from './lifecycle.ts'
import { ownedFromRows } from './owned.ts'
import { type Held, lockHeld } from './release.ts'
import { resolveTaker } from './taker.ts'
import { whyState } from './why.ts'

async function writeLease(unit: Unit, caller: Caller, { lease }: Held, change: LeaseChange): Promise<Held['lease']> {
  if (typeof change.trunkId === 'number') await checkTrunk(unit, lease.account_id, change.trunkId)
  if (typeof change.handlerId === 'number') await checkResource(unit, lease.account_id, change.handlerId)
  const user = change.userId === undefined ? null : (await resolveTaker(unit, caller.account, change.userId)).user
  const columns = {
    ...(user ? { user_id: user.id, organization_id: user.organizationId } : {}),
    ...(change.label === undefined ? {} : { label: change.label }),
    ...(change.trunkId === undefined ? {} : { trunk_id: change.trunkId }),
    ...(change.handlerId === undefined ? {} : { handler_id: change.handlerId }),
    updated_at: unit.now,
  }
  await tell(unit.db, unit.db.updateTable('leases').set(columns).where('id', '=', lease.id))
  return { ...lease, ...columns }
}

async function writeParts(unit: Unit, leaseId: number, change: LeaseChange, routes: SettledRoute[] | undefined) {
  if (routes) {
    await tell(unit.db, unit.db.deleteFrom('routes').where('lease_id', '=', leaseId))
    if (routes.length > 0) await insertRoutes(unit, [leaseId], routes)
  }
  if (change.settings) {
    const { dialect } = change.settings
    const value = JSON.stringify(change.settings.value)
    const insert = unit.db.insertInto('settings').values({ lease_id: leaseId, dialect, value })
    const kept = insert.onConflict(c => c.columns(['lease_id', 'dialect']).doUpdateSet({ value }))
    await tell(unit.db, kept)
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
  const routes = change.routes && (await settleRoutes(unit, held.lease.account_id, change.routes))
  const lease = await writeLease(unit, caller, held, change)
  await writeParts(unit, leaseId, change, routes)
  for (const each of change.schedule ?? []) await schedule(unit, leaseId, each)
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

/** Same payer, hence same tree, as long as it was not removed. Faults: not_found. */
async function targetInTree(unit: Unit, caller: Caller, accountId: number): Promise<Account> {
  let query = unit.db.selectFrom('accounts').selectAll().where('id', '=', accountId)
  if (unit.engine.name === 'postgres') query = query.forKeyShare()
  const row = await query.executeTakeFirst()
  const target = row && toAccount(row)
  if (target?.payerId !== caller.account.payerId || isRemoved(target)) throw missing('account', accountId)
  return target
}

/** What a forced move is remembered by. */
async function auditForce(unit: Unit, { row, lease }: Held, target: Account, until: number | null): Promise<void> {
  const named = await unit.db
    .selectFrom('accounts')
    .select(['id', 'handle'])
    .where('id', 'in', [lease.account_id, unit.actor.accountId ?? 0])
    .execute()
  const handleOf = (id: number | null) => named.find(account => account.id === id)?.handle ?? null
  await recordAudit(unit, {
    accountId: target.id,
    action: 'number.moved_by_force',
    subject: row.e164,
    data: {
      numberId: row.id,
      e164: row.e164,
      fromAccount: handleOf(lease.account_id),
      toAccount: target.handle,
      actor: handleOf(unit.actor.accountId),
      forced: true,
      lastCallAt: row.last_call_at,
      coolOffUntil: until,
    },
  })
}

export async function moveOne(
  unit: Unit,
  caller: Caller,
  leaseId: number,
  toAccountId: number,
  options: { coolOffMs?: number; force?: boolean },
): Promise<Owned> {
  // numbers are locked before accounts, everywhere
  const held = await lockHeld(unit, caller, leaseId)
  const target = await targetInTree(unit, caller, toAccountId)
  const { row, lease } = held
  if (row.state !== 'active') {
    const reason = whyState(row, 'only an active number moves to another account')
    throw new Fault('wrong_state', { what: 'lease', id: String(leaseId), state: row.state }, { why: reason })
  }
  const until = row.last_call_at === null ? null : row.last_call_at + (options.coolOffMs ?? 0)
  if (options.force) await auditForce(unit, held, target, until)
  else if (until !== null && until > unit.now) {
    const last = timeOf(row.last_call_at as number)
    const sentence = `${row.e164} had its last call at ${last}, and stays where it is until ${timeOf(until)}`
    const reason = why('a number rests after a call before it moves', sentence, {
      e164: row.e164,
      until: timeOf(until),
    })
    throw new Fault('cool_off', { until, remainingMs: until - unit.now }, { why: reason })
  }
  const columns = {
    account_id: target.id,
    organization_id: target.defaultOrganizationId,
    user_id: target.defaultUserId,
    trunk_id: null,
    handler_id: null,
    label: null,
    updated_at: unit.now,
  }
  await tell(unit.db, unit.db.updateTable('leases').set(columns).where('id', '=', leaseId))
  // what the old owner configured points at its own equipment; its papers tell who it is
  await dropTerms(unit, leaseId)
  const next = await transition(unit, row, { kind: 'moved', to: 'active', set: { owner_id: target.id } })
  const [owned] = await ownedFromRows(unit.db, [{ ...held, row: next, lease: { ...lease, ...columns } }], undefined)
  return owned as Owned
}
