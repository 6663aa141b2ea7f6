import { Fault } from '../ground/fault.ts'
import type { Caller, Instant, Micros, Owned } from '../ground/model.ts'
import type { Row } from '../ground/rows.ts'
import { catchUp, missing, type Unit } from '../ground/unit.ts'
import { post } from '../money/index.ts'
import { type Rest, releaseFee, restOf } from '../people/index.ts'
import { tell } from '../store/statements.ts'
import type { Released, ReleaseMode } from '../verbs.ts'
import { type NumberRow, settle, transition, vacate } from './lifecycle.ts'
import { ownedFromRows, toOwned } from './owned.ts'
import { whyNotHeld, whyState } from './why.ts'

export interface Held {
  row: NumberRow
  lease: Row<'leases'>
  subscription: Row<'subscriptions'>
}

/** Asked in this order and answered together: what is told of the lease is told under the lock of its number. */
function lockLeased({ db, engine }: Unit, caller: Caller, leaseId: number) {
  const own = db.selectFrom('leases').select('number_id').where('id', '=', leaseId)
  const open = own.where('account_id', '=', caller.account.id).where('closed_at', 'is', null)
  const number = db.selectFrom('numbers').selectAll().where('id', '=', open)
  const billing = db.selectFrom('subscriptions').selectAll().where('lease_id', '=', leaseId)
  return Promise.all([
    (engine.name === 'postgres' ? number.forUpdate() : number).executeTakeFirst(),
    db.selectFrom('leases').selectAll().where('id', '=', leaseId).executeTakeFirst(),
    billing.where('closed_at', 'is', null).executeTakeFirst(),
  ])
}

/** The number, its open lease and its billing, locked; only if this account holds it now. Faults: not_found. */
export async function lockHeld(unit: Unit, caller: Caller, leaseId: number): Promise<Held> {
  const [locked, lease, subscription] = await lockLeased(unit, caller, leaseId)
  if (!(locked && lease && subscription) || lease.account_id !== caller.account.id) {
    throw missing('lease', leaseId, whyNotHeld(leaseId, lease, caller.account.id))
  }
  catchUp(unit, [locked, lease])
  const row = await settle(unit, locked)
  if (row.lease_id !== leaseId || row.owner_id !== caller.account.id) {
    throw missing('lease', leaseId, whyState(row, `is no longer held under lease ${leaseId}`))
  }
  return { row, lease, subscription }
}

/** The id of the charge, if there is any. */
async function chargeFee(unit: Unit, { row, lease }: Held, fee: Micros): Promise<number | null> {
  if (fee === 0) return null
  const [charge] = await post(unit, lease.payer_id, row.currency, 'revenue', [
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
  return charge?.id ?? null
}

/** When a release of this kind takes effect. */
function effectiveAt(unit: Unit, mode: ReleaseMode, { subscription }: Held): Instant {
  if (mode.kind === 'window') return unit.now + mode.ms
  return mode.kind === 'periodEnd' ? Math.max(subscription.paid_until, unit.now) : unit.now
}

interface Ending {
  at: Instant
  fee: Micros
  feeId: number | null
  rest: Rest
}

/** Routing ends and billing stops with the request; a pending lease keeps everything else until it ends. */
async function schedule(unit: Unit, held: Held, mode: ReleaseMode, ending: Ending): Promise<Held> {
  const { row, lease, subscription } = held
  const { at, fee, feeId, rest } = ending
  const { db } = unit
  const kept = { release_fee: fee, release_fee_id: feeId, release_mode: mode.kind }
  const changes = { ends_at: at, ...kept, updated_at: unit.now }
  const detached = mode.kind === 'window' ? { ...changes, trunk_id: null, handler_id: null } : changes
  if (mode.kind === 'window') await tell(db, db.deleteFrom('routes').where('lease_id', '=', lease.id))
  await tell(db, db.updateTable('leases').set(detached).where('id', '=', lease.id))
  const unbilled = db.updateTable('subscriptions').set({ next_due_at: null, due_at: null })
  await tell(db, unbilled.where('id', '=', subscription.id))
  const next = await transition(unit, row, {
    kind: 'release_requested',
    to: 'releasing',
    set: { releases_at: at, cool_until: rest.coolUntil, reclaim_until: rest.reclaimUntil },
    data: { mode: mode.kind },
  })
  return { row: next, lease: { ...lease, ...detached }, subscription: { ...subscription, next_due_at: null } }
}

async function releaseNow(unit: Unit, held: Held, { rest }: Ending): Promise<Held> {
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
  const pays = mode.kind !== 'periodEnd' && mode.chargeFee === true && !isPending
  const { country, currency } = held.row
  // asked together, and before a balance is held
  const [[owned], rests, fee] = await Promise.all([
    ownedFromRows(unit.db, [held], dialect),
    restOf(unit.db, country, held.lease.account_id),
    pays ? releaseFee(unit.db, held.lease.account_id, currency) : 0,
  ])
  const feeId = await chargeFee(unit, held, fee)
  const at = effectiveAt(unit, mode, held)
  const ending = { at, fee, feeId, rest: rests(at) }
  const isOver = at <= unit.now
  const after = isOver ? await releaseNow(unit, held, ending) : await schedule(unit, held, mode, ending)
  const { settings, routes } = owned as Owned
  return {
    owned: { ...toOwned(after), settings, routes: isOver || mode.kind === 'window' ? [] : routes },
    releasesAt: at,
    fee: isPending ? held.lease.release_fee : fee,
    currency,
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
  const [owned] = await ownedFromRows(unit.db, [held], dialect)
  if (lease.release_fee > 0) {
    await post(unit, lease.payer_id, row.currency, 'revenue', [
      {
        kind: 'refund',
        setup: 0,
        period: lease.release_fee,
        numberId: row.id,
        e164: row.e164,
        leaseId,
        ...(lease.release_fee_id !== null && { refundsId: lease.release_fee_id }),
        note: `Release of ${row.e164} cancelled`,
      },
    ])
  }
  const kept = { ends_at: null, release_fee: 0, release_fee_id: null, release_mode: null, updated_at: unit.now }
  const { db } = unit
  await tell(db, db.updateTable('leases').set(kept).where('id', '=', leaseId))
  // what fell due meanwhile is due at once, not a month later
  const due = subscription.paid_until
  const billing = { next_due_at: due, due_at: due }
  await tell(db, db.updateTable('subscriptions').set(billing).where('id', '=', subscription.id))
  const next = await transition(unit, row, {
    kind: 'release_cancelled',
    to: 'active',
    set: { releases_at: null, cool_until: null, reclaim_until: null },
  })
  const after = { row: next, lease: { ...lease, ...kept }, subscription: { ...subscription, ...billing } }
  const { settings, routes } = owned as Owned
  return {
    owned: { ...toOwned(after), settings, routes },
    releasesAt: unit.now,
    fee: lease.release_fee,
    currency: row.currency,
  }
}
