import { Fault } from '../ground/fault.ts'
import type { Micros, NumberState, Owned, PhoneNumber } from '../ground/model.ts'
import { toNumber } from '../ground/rows.ts'
import { catchUp, missing, type Unit } from '../ground/unit.ts'
import { closeLease, type NumberRow, settle, transition } from './lifecycle.ts'
import { ownedFromRows } from './owned.ts'

export async function lockNumber(unit: Unit, e164: string): Promise<NumberRow> {
  let query = unit.db.selectFrom('numbers').selectAll().where('e164', '=', e164)
  if (unit.engine.name === 'postgres') query = query.forUpdate()
  const row = await query.executeTakeFirst()
  if (!row) throw missing('number', e164)
  catchUp(unit, [row])
  return settle(unit, row)
}

/** Stop a number. It keeps its owner and its timers. */
export async function blockNumber(unit: Unit, e164: string, reason: string): Promise<PhoneNumber> {
  const row = await lockNumber(unit, e164)
  if (row.state === 'blocked') throw new Fault('wrong_state', { what: 'number', id: e164, state: row.state })
  return toNumber(
    await transition(unit, row, {
      kind: 'blocked',
      to: 'blocked',
      set: { prior_state: row.state },
      data: { reason },
    }),
  )
}

export async function unblockNumber(unit: Unit, e164: string, reason: string): Promise<PhoneNumber> {
  const row = await lockNumber(unit, e164)
  if (row.state !== 'blocked') throw new Fault('wrong_state', { what: 'number', id: e164, state: row.state })
  const back = await transition(unit, row, {
    kind: 'unblocked',
    to: row.prior_state as NumberState,
    set: { prior_state: null },
    data: { reason },
  })
  return toNumber(await settle(unit, back))
}

/** For good. Who still held it loses it. Only stock, resting and blocked numbers can be retired. */
export async function retireNumber(unit: Unit, e164: string, reason: string): Promise<PhoneNumber> {
  const row = await lockNumber(unit, e164)
  if (row.lease_id !== null && row.state === 'blocked') await closeLease(unit, row, unit.now)
  return toNumber(
    await transition(unit, row, {
      kind: 'retired',
      to: 'retired',
      set: {
        prior_state: null,
        owner_id: null,
        lease_id: null,
        last_owner_id: row.owner_id ?? row.last_owner_id,
        releases_at: null,
        cool_until: null,
      },
      data: { reason },
    }),
  )
}

/** New prices count for the next buyer; who holds the number keeps the price of its subscription. */
export async function repriceNumber(
  unit: Unit,
  e164: string,
  prices: { setup?: Micros; monthly?: Micros; perMinute?: Micros },
): Promise<PhoneNumber> {
  const row = await lockNumber(unit, e164)
  if (row.state === 'retired') throw new Fault('wrong_state', { what: 'number', id: e164, state: row.state })
  const set = {
    setup_price: prices.setup ?? row.setup_price,
    monthly_price: prices.monthly ?? row.monthly_price,
    per_minute_price: prices.perMinute ?? row.per_minute_price,
  }
  return toNumber(await transition(unit, row, { kind: 'repriced', to: row.state as NumberState, set, data: set }))
}

export async function labelNumber(unit: Unit, e164: string, label: string | null): Promise<Owned> {
  const row = await lockNumber(unit, e164)
  if (row.lease_id === null) throw new Fault('wrong_state', { what: 'number', id: e164, state: row.state })
  await unit.db.updateTable('leases').set({ label, updated_at: unit.now }).where('id', '=', row.lease_id).execute()
  const lease = await unit.db.selectFrom('leases').selectAll().where('id', '=', row.lease_id).executeTakeFirstOrThrow()
  const subscription = await unit.db
    .selectFrom('subscriptions')
    .selectAll()
    .where('lease_id', '=', lease.id)
    .where('closed_at', 'is', null)
    .executeTakeFirstOrThrow()
  const [owned] = await ownedFromRows(unit.db, [{ row, lease, subscription }], undefined)
  return owned as Owned
}
