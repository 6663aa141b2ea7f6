import type { Updateable } from 'kysely'
import { Fault } from '../ground/fault.ts'
import type { Instant, JsonObject, NumberState } from '../ground/model.ts'
import type { Row } from '../ground/rows.ts'
import { count } from '../ground/tally.ts'
import { emit, type Unit } from '../ground/unit.ts'
import type { Rest } from '../people/index.ts'
import { insertRows, tell, updateNumber } from '../store/statements.ts'
import type { NumberTable } from '../store/tables.ts'
import { countShelf } from './stock.ts'
import { whyState } from './why.ts'

export type NumberRow = Row<'numbers'>

/** DESIGN 4.2: which state may follow which. */
const NEXT: Record<NumberState, readonly NumberState[]> = {
  available: ['active', 'blocked', 'retired', 'available'],
  active: ['releasing', 'quarantined', 'available', 'suspended', 'blocked', 'active'],
  suspended: ['active', 'releasing', 'quarantined', 'available', 'blocked', 'suspended'],
  releasing: ['active', 'quarantined', 'available', 'blocked', 'releasing'],
  quarantined: ['active', 'available', 'blocked', 'retired', 'quarantined'],
  blocked: ['available', 'active', 'suspended', 'releasing', 'quarantined', 'retired', 'blocked'],
  retired: [],
}

export interface Transition {
  /** Word of the event: 'purchased', 'released', … */
  kind: string
  to: NumberState
  /** When it took effect; default: now. A timer that ran out took effect when it was due. */
  at?: Instant
  set?: Updateable<NumberTable>
  data?: JsonObject
}

/** On the shelf by its row alone, which is what the counters count: whose time has run out is still to be settled. */
export function isOnShelf({ state, held_until }: Pick<NumberRow, 'state' | 'held_until'>): boolean {
  return state === 'available' && held_until === null
}

/** Columns that follow from the others. A held number is on the shelf again when its hold ends, by the clock alone. */
function derived(row: NumberRow): Pick<NumberRow, 'available_from' | 'due_at'> {
  if (row.state === 'available') return { available_from: row.held_until ?? 0, due_at: row.held_until }
  if (row.state === 'quarantined') return { available_from: row.cool_until, due_at: row.cool_until }
  if (row.state === 'releasing') return { available_from: row.cool_until, due_at: row.releases_at }
  return { available_from: null, due_at: null }
}

/** A change to a number row that is ready to be written. Faults: wrong_state. */
export function planned(unit: Unit, row: NumberRow, transition: Transition): NumberRow {
  if (!NEXT[row.state as NumberState].includes(transition.to)) {
    const reason = whyState(row, `cannot become ${transition.to}`)
    throw new Fault('wrong_state', { what: 'number', id: row.e164, state: row.state }, { why: reason })
  }
  const changed = {
    ...row,
    ...transition.set,
    state: transition.to,
    version: row.version + 1,
    updated_at: transition.at ?? unit.now,
  } as NumberRow
  // only what nobody owns is held: every step away from the shelf ends it
  const held = changed.state === 'available' ? {} : { held_by: null, held_until: null }
  const next = { ...changed, ...held }
  return { ...next, ...derived(next) }
}

export function eventOf(unit: Unit, row: NumberRow, transition: Transition) {
  return {
    number_id: row.id,
    version: row.version,
    kind: transition.kind,
    state: row.state,
    owner_id: row.owner_id,
    lease_id: row.lease_id,
    releases_at: row.releases_at,
    cool_until: row.cool_until,
    held_by: row.held_by,
    held_until: row.held_until,
    actor_account_id: unit.actor.accountId,
    actor_user_id: unit.actor.userId,
    administrator: unit.actor.administrator,
    at: transition.at ?? unit.now,
    data: JSON.stringify(transition.data ?? {}),
  }
}

export function trace(unit: Unit, { e164, version, state }: NumberRow, { kind }: Transition): void {
  unit.trace?.changes.push({ e164, version, kind, state })
  count(unit.tally.numberEvents, kind)
}

export async function recordEvent(unit: Unit, row: NumberRow, transition: Transition): Promise<void> {
  trace(unit, row, transition)
  await insertRows(unit, 'number_events', [eventOf(unit, row, transition)])
}

/** The only way a number row changes: guarded by version, one event per version, shelf counted. Faults: wrong_state, conflict. */
export async function transition(unit: Unit, row: NumberRow, change: Transition): Promise<NumberRow> {
  const next = planned(unit, row, change)
  const { id, e164, ...columns } = next
  const where = { id, version: row.version }
  const changed = changedColumns(row, columns)
  await updateNumber(unit, where, changed, () => new Fault('conflict', { what: 'number', id: e164 }))
  await recordEvent(unit, next, change)
  if (row.held_until !== null && next.held_until === null) await endHold(unit, next, change)
  const delta = Number(isOnShelf(next)) - Number(isOnShelf(row))
  if (delta !== 0) countShelf(unit, row.stock_id, delta)
  return next
}

async function endHold(unit: Unit, { id }: NumberRow, { kind, at }: Transition): Promise<void> {
  const ended = unit.db.updateTable('holds').set({ ended_at: at ?? unit.now, ending: kind })
  await tell(unit.db, ended.where('number_id', '=', id).where('ended_at', 'is', null))
}

/** Fewer columns written, fewer indexes touched. */
export function changedColumns(before: NumberRow, after: Omit<NumberRow, 'id' | 'e164'>): Updateable<NumberTable> {
  return Object.fromEntries(Object.entries(after).filter(([key, value]) => before[key as keyof NumberRow] !== value))
}

/** All dialects' settings of a lease, for the snapshot of an event. */
export async function settingsOf(unit: Unit, leaseId: number): Promise<JsonObject> {
  const rows = await unit.db.selectFrom('settings').selectAll().where('lease_id', '=', leaseId).execute()
  return Object.fromEntries(rows.map(row => [row.dialect, JSON.parse(row.value) as JsonObject]))
}

/** What was configured for one owner's equipment is nothing to the next. */
export async function dropTerms({ db }: Unit, leaseId: number): Promise<void> {
  for (const table of ['settings', 'routes', 'provisionings', 'documents'] as const) {
    await tell(db, db.deleteFrom(table).where('lease_id', '=', leaseId))
  }
}

/** End of an ownership: the lease and its billing close, what was configured goes. */
export async function closeLease(unit: Unit, row: NumberRow, at: Instant): Promise<void> {
  const leaseId = row.lease_id as number
  const { db } = unit
  if (unit.listening.has('number.released')) {
    const settings = await settingsOf(unit, leaseId)
    const data = { e164: row.e164, leaseId, accountId: row.owner_id, settings }
    await emit(unit, 'number.released', row.owner_id as number, data)
  }
  const closed = { closed_at: at, ends_at: at, updated_at: at }
  await tell(db, db.updateTable('leases').set(closed).where('id', '=', leaseId))
  const billed = db.updateTable('subscriptions').set({ closed_at: at, next_due_at: null, due_at: null })
  await tell(db, billed.where('lease_id', '=', leaseId).where('closed_at', 'is', null))
  await dropTerms(unit, leaseId)
}

/** Nobody owns it any more: to quarantine when it must rest, else to the shelf. */
export async function vacate(unit: Unit, row: NumberRow, at: Instant, rest: Rest): Promise<NumberRow> {
  await closeLease(unit, row, at)
  const rests = rest.coolUntil > at
  return transition(unit, row, {
    kind: 'released',
    to: rests ? 'quarantined' : 'available',
    at,
    set: {
      owner_id: null,
      lease_id: null,
      last_owner_id: row.owner_id,
      releases_at: null,
      cool_until: rests ? rest.coolUntil : null,
      reclaim_until: rests ? rest.reclaimUntil : null,
      ...(rests ? {} : { last_call_at: null }),
    },
  })
}

/** When it was due, or when the number was last changed: it may have been blocked until after that. */
const dueOrLater = (row: NumberRow, due: Instant) => Math.max(due, row.updated_at)

/** Do now what the clock alone has already decided, dated when it was due. */
export async function settle(unit: Unit, row: NumberRow): Promise<NumberRow> {
  let current = row
  if (current.state === 'releasing' && (current.releases_at as number) <= unit.now) {
    const at = dueOrLater(current, current.releases_at as number)
    const rest = { coolUntil: current.cool_until as number, reclaimUntil: current.reclaim_until }
    current = await vacate(unit, current, at, rest)
  }
  if (current.state === 'quarantined' && (current.cool_until as number) <= unit.now) {
    current = await transition(unit, current, {
      kind: 'cooled',
      to: 'available',
      at: dueOrLater(current, current.cool_until as number),
      set: { cool_until: null, reclaim_until: null, last_call_at: null },
    })
  }
  if (current.state === 'available' && current.held_until !== null && current.held_until <= unit.now) {
    current = await transition(unit, current, {
      kind: 'hold_expired',
      to: 'available',
      at: dueOrLater(current, current.held_until),
      set: { held_by: null, held_until: null },
    })
  }
  return current
}
