import { Fault } from '../fault.ts'
import type { Caller, Instant, Micros } from '../model.ts'
import { releaseFee, restFrom } from '../policies.ts'
import { post } from '../posting.ts'
import type { Row } from '../rows.ts'
import { catchUp, missing, type Unit } from '../unit.ts'
import type { Released, ReleaseMode } from '../verbs.ts'
import { type NumberRow, settle, transition, vacate } from './lifecycle.ts'
import { ownedFromRows } from './owned.ts'
import { whyNotHeld, whyState } from './why.ts'

export interface Held {
  row: NumberRow
  lease: Row<'leases'>
  subscription: Row<'subscriptions'>
}

/** The number, its open lease and its billing, locked; only if this account holds it now. Faults: not_found. */
export async function lockHeld(unit: Unit, caller: Caller, leaseId: number): Promise<Held> {
  const lease = await unit.db.selectFrom('leases').selectAll().where('id', '=', leaseId).executeTakeFirst()
  if (!lease || lease.closed_at !== null || lease.account_id !== caller.account.id) {
    throw missing('lease', leaseId, whyNotHeld(leaseId, lease, caller.account.id))
  }
  let query = unit.db.selectFrom('numbers').selectAll().where('id', '=', lease.number_id)
  if (unit.engine.name === 'postgres') query = query.forUpdate()
  const locked = await query.executeTakeFirstOrThrow()
  catchUp(unit, [locked])
  const row = await settle(unit, locked)
  if (row.lease_id !== leaseId || row.owner_id !== caller.account.id) {
    throw missing('lease', leaseId, whyState(row, `is no longer held under lease ${leaseId}`))
  }
  const fresh = await unit.db.selectFrom('leases').selectAll().where('id', '=', leaseId).executeTakeFirstOrThrow()
  catchUp(unit, [fresh])
  const subscription = await unit.db
    .selectFrom('subscriptions')
    .selectAll()
    .where('lease_id', '=', leaseId)
    .where('closed_at', 'is', null)
    .executeTakeFirstOrThrow()
  return { row, lease: fresh, subscription }
}

async function chargeFee(unit: Unit, { row, lease }: Held): Promise<Micros> {
  const fee = await releaseFee(unit.db, lease.account_id, row.currency)
  if (fee === 0) return 0
  await post(unit, lease.payer_id, row.currency, 'revenue', [
    {
      kind: 'release_fee',
      setup: 0,
      period: -fee,
      numberId: row.id,
      e164: row.e164,
      leaseId: lease.id,
      note: `Release of ${row.e164}`,
    },
  ])
  return fee
}

/** When a release of this kind takes effect. */
function effectiveAt(unit: Unit, mode: ReleaseMode, { subscription }: Held): Instant {
  if (mode.kind === 'window') return unit.now + mode.ms
  return mode.kind === 'periodEnd' ? Math.max(subscription.paid_until, unit.now) : unit.now
}

/** Routing ends and billing stops with the request; a pending lease keeps everything else until it ends. */
async function schedule(unit: Unit, held: Held, mode: ReleaseMode, at: Instant, fee: Micros): Promise<Held> {
  const { row, lease, subscription } = held
  const rest = await restFrom(unit.db, row.country, lease.account_id, at)
  const changes = { ends_at: at, release_fee: fee, release_mode: mode.kind, updated_at: unit.now }
  const detached = mode.kind === 'window' ? { ...changes, trunk_id: null } : changes
  if (mode.kind === 'window') await unit.db.deleteFrom('routes').where('lease_id', '=', lease.id).execute()
  await unit.db.updateTable('leases').set(detached).where('id', '=', lease.id).execute()
  await unit.db
    .updateTable('subscriptions')
    .set({ next_due_at: null, due_at: null })
    .where('id', '=', subscription.id)
    .execute()
  const next = await transition(unit, row, {
    kind: 'release_requested',
    to: 'releasing',
    set: { releases_at: at, cool_until: rest.coolUntil, reclaim_until: rest.reclaimUntil },
    data: { mode: mode.kind },
  })
  return { row: next, lease: { ...lease, ...detached }, subscription: { ...subscription, next_due_at: null } }
}

async function releaseNow(unit: Unit, held: Held): Promise<Held> {
  const rest = await restFrom(unit.db, held.row.country, held.lease.account_id, unit.now)
  const row = await vacate(unit, held.row, unit.now, rest)
  return { ...held, row, lease: { ...held.lease, ends_at: unit.now, closed_at: unit.now } }
}

/** `now` may end another dialect's pending release early, at no second fee. Repeating any other mode is a wrong_state. */
export async function releaseOne(
  unit: Unit,
  caller: Caller,
  leaseId: number,
  mode: ReleaseMode,
  dialect: string | undefined,
): Promise<Released> {
  const held = await lockHeld(unit, caller, leaseId)
  const isPending = held.row.state === 'releasing'
  const inService = ['active', 'suspended'].includes(held.row.state)
  if (!(inService || (isPending && mode.kind === 'now'))) {
    const reason = whyState(held.row, 'only a number in service is given back')
    throw new Fault('wrong_state', { what: 'lease', id: String(leaseId), state: held.row.state }, { why: reason })
  }
  const [owned] = await ownedFromRows(unit.db, [held], dialect)
  const pays = mode.kind !== 'periodEnd' && mode.chargeFee === true && !isPending
  const fee = pays ? await chargeFee(unit, held) : 0
  const at = effectiveAt(unit, mode, held)
  const after = at <= unit.now ? await releaseNow(unit, held) : await schedule(unit, held, mode, at, fee)
  const [changed] = await ownedFromRows(unit.db, [after], dialect)
  const settings = (owned as NonNullable<typeof owned>).settings
  return {
    owned: { ...(changed as NonNullable<typeof changed>), settings },
    releasesAt: at,
    fee: isPending ? held.lease.release_fee : fee,
    currency: held.row.currency,
  }
}

/** Only window releases can be taken back, and only before they take effect; the fee comes back with them. */
export async function cancelOne(
  unit: Unit,
  caller: Caller,
  leaseId: number,
  dialect: string | undefined,
): Promise<Released> {
  const held = await lockHeld(unit, caller, leaseId)
  const { row, lease, subscription } = held
  if (row.state !== 'releasing' || lease.release_mode !== 'window') {
    const reason = whyState(row, 'only a release that has not taken effect is taken back')
    throw new Fault('wrong_state', { what: 'lease', id: String(leaseId), state: row.state }, { why: reason })
  }
  if (lease.release_fee > 0) {
    await post(unit, lease.payer_id, row.currency, 'revenue', [
      {
        kind: 'refund',
        setup: 0,
        period: lease.release_fee,
        numberId: row.id,
        e164: row.e164,
        leaseId,
        note: `Release of ${row.e164} cancelled`,
      },
    ])
  }
  const kept = { ends_at: null, release_fee: 0, release_mode: null, updated_at: unit.now }
  await unit.db.updateTable('leases').set(kept).where('id', '=', leaseId).execute()
  // what fell due meanwhile is due at once, not a month later
  const due = subscription.paid_until
  const billing = { next_due_at: due, due_at: due }
  await unit.db.updateTable('subscriptions').set(billing).where('id', '=', subscription.id).execute()
  const next = await transition(unit, row, {
    kind: 'release_cancelled',
    to: 'active',
    set: { releases_at: null, cool_until: null, reclaim_until: null },
  })
  const after = { row: next, lease: { ...lease, ...kept }, subscription: { ...subscription, ...billing } }
  const [owned] = await ownedFromRows(unit.db, [after], dialect)
  return {
    owned: owned as NonNullable<typeof owned>,
    releasesAt: unit.now,
    fee: lease.release_fee,
    currency: row.currency,
  }
}
