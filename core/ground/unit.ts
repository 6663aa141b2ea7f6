import { noIds } from '../store/ids.ts'
import { tell } from '../store/statements.ts'
import type { Store, WriteOptions, Writer, Writing } from '../store/store.ts'
import type { Clock, EventKind, Random } from '../verbs.ts'
import type { AccessCache } from './access-cache.ts'
import { Fault, type Why } from './fault.ts'
import type { Actor, Caller, Instant, JsonObject, Trace } from './model.ts'
import type { SecretBox } from './secrets.ts'
import { noTally, type Tally } from './tally.ts'

/** Around the body of a unit; see idempotency.ts. */
export type Once = <T>(unit: Unit, actor: Caller, fn: (unit: Unit) => Promise<T | Failed>) => Promise<T | Failed>

/** What every noun of the core is made from. */
export interface Context {
  store: Store
  clock: Clock
  random: Random
  secrets: SecretBox
  /** Callers that need not be looked up again. */
  access: AccessCache
  /** The first one signs what this gateway issues; each of them verifies it. */
  signingKeys: readonly string[]
  /** Kinds of events somebody listens to. */
  listening: Set<EventKind>
  /** Run in the unit in which something came that waiting orders lacked: they go first. */
  onArrival: ((unit: Unit, arrivals: Arrivals) => Promise<void>)[]
  /** Told what a unit did, once it is committed. */
  onCommitted: ((tally: Tally) => void)[]
  sessionTtlMs: number
}

/** What came in a unit that waiting orders may have lacked. */
export interface Arrivals {
  /** Products (`stock`) of which numbers came to the shelf. */
  stockIds: Set<number>
  /** Accounts that got money or credit, or may act again. */
  payerIds: Set<number>
}

/** One write unit in progress. */
export interface Unit extends Writing {
  /** Never before what is written in the rows that the unit has touched: see `catchUp`. */
  now: Instant
  random: Random
  actor: { accountId: number | null; userId: number | null; administrator: string | null }
  listening: ReadonlySet<EventKind>
  /** It has found that what it was to do is done: nobody is told so before that is as durable as an own change. */
  isRepeat: boolean
  /** What it has changed, where somebody wants to know. */
  trace: Trace | undefined
  tally: Tally
  /** What is probable need not be waited for. False when it runs again: a guess of it was wrong. */
  mayGuess: boolean
  /** Changes of the shelf counters, by stock id: written last and in order, so that their locks are short and cannot cross. */
  stock: Map<number, number>
  /** What waiting orders have not yet been tried with. */
  arrivals: Arrivals
  settleArrivals(): Promise<void>
}

const FAILED = Symbol('failed')

/** A unit's way to say no and still commit (the lock-out counter of a bad login). */
export interface Failed {
  [FAILED]: Fault
}

export function failed(fault: Fault): Failed {
  return { [FAILED]: fault }
}

/** The fault that a unit returned instead of a value. */
export function failureOf(value: unknown): Fault | undefined {
  return typeof value === 'object' && value !== null && FAILED in value ? (value as Failed)[FAILED] : undefined
}

export interface UnitOptions extends WriteOptions {
  at?: Instant
}

export type RunUnit = <T>(actor: Actor, fn: (unit: Unit) => Promise<T | Failed>, options?: UnitOptions) => Promise<T>

const noArrivals = (): Arrivals => ({ stockIds: new Set(), payerIds: new Set() })

/**
 * Wall clocks go back, and those of two gateways differ: the unit's time is raised to what is written in rows that it has
 * locked, so that nothing of theirs ends before it began.
 */
export function catchUp(unit: Unit, rows: readonly { updated_at: Instant }[]): void {
  for (const { updated_at } of rows) if (updated_at > unit.now) unit.now = updated_at
}

/** Of those who call through a surface; the others have neither a key nor a trace. */
function callerOf(actor: Actor): Caller | undefined {
  return actor && 'actor' in actor ? actor : undefined
}

function actorOf(actor: Actor): Unit['actor'] {
  if (actor && 'administrator' in actor) return { accountId: null, userId: null, administrator: actor.administrator }
  const { accountId = null, userId = null } = callerOf(actor)?.actor ?? {}
  return { accountId, userId, administrator: null }
}

export function openUnit(context: Context, db: Writer, actor: Actor, now: Instant, mayGuess: boolean): Unit {
  let isSettling = false
  const unit: Unit = {
    db,
    engine: context.store.engine,
    ids: noIds(),
    now,
    random: context.random,
    actor: actorOf(actor),
    listening: context.listening,
    isRepeat: false,
    trace: callerOf(actor)?.trace && { changes: [], eventIds: [] },
    tally: noTally(),
    mayGuess,
    stock: new Map(),
    arrivals: noArrivals(),
    async settleArrivals() {
      if (isSettling) return // a hook that itself brings numbers to the shelf: the loop below comes round again
      isSettling = true
      while (unit.arrivals.stockIds.size + unit.arrivals.payerIds.size > 0) {
        const { arrivals } = unit
        unit.arrivals = noArrivals()
        for (const hook of context.onArrival) await hook(unit, arrivals)
      }
      isSettling = false
    },
  }
  return unit
}

/** Only what was committed has happened, and is told to those who want to know. */
export function committed(context: Context, caller: Caller | undefined, { trace, tally }: Unit): void {
  if (trace) {
    caller?.trace?.changes.push(...trace.changes)
    caller?.trace?.eventIds.push(...trace.eventIds)
  }
  for (const listener of context.onCommitted) listener(tally)
}

/** Every change goes through here: one transaction, its clock read once, its counters written last. */
export function createRunUnit(context: Context, flush: (unit: Unit) => Promise<void>, once: Once): RunUnit {
  return async <T>(actor: Actor, fn: (unit: Unit) => Promise<T | Failed>, options?: UnitOptions) => {
    const caller = callerOf(actor)
    let unit: Unit | undefined
    const value = await context.store.write(
      async db => {
        const current = openUnit(context, db, actor, options?.at ?? context.clock.now(), unit === undefined)
        unit = current
        const result = await (caller ? once(current, caller, fn) : fn(current))
        await current.settleArrivals()
        await flush(current)
        return result
      },
      { ...options, lane: caller?.account.payerId },
    ) // whose balance they wait for
    if (unit?.isRepeat) await context.store.settled()
    if (unit) committed(context, caller, unit)
    const fault = failureOf(value)
    if (fault) throw fault
    return value as T
  }
}

/** Write an event for the outside world, if anybody listens. */
export async function emit(unit: Unit, kind: EventKind, accountId: number, data: JsonObject): Promise<void> {
  if (!unit.listening.has(kind)) return
  const insert = unit.db
    .insertInto('outbox')
    .values({ kind, account_id: accountId, at: unit.now, data: JSON.stringify(data), is_done: 0 })
  if (!unit.trace) await tell(unit.db, insert)
  else unit.trace.eventIds.push((await insert.returning('id').executeTakeFirstOrThrow()).id)
}

/** The account's row is held until the unit ends, so that two cannot both take the last place of it, or one name. */
export async function holdAccount(unit: Unit, id: number): Promise<void> {
  if (unit.engine.name !== 'postgres') return
  await unit.db.selectFrom('accounts').select('id').where('id', '=', id).forNoKeyUpdate().execute()
}

/** A row the caller was told about is gone or not theirs. */
export function missing(what: Fault<'not_found'>['details']['what'], id: string | number, reason?: Why): Fault {
  return new Fault('not_found', { what, id: String(id) }, reason && { why: reason })
}
