import { recordAudit } from '../events/index.ts'
import type { Actor, Instant, JsonObject, NumberEvent, NumberState, Owned, PhoneNumber } from '../ground/model.ts'
import { parseObject, type Row, toNumber } from '../ground/rows.ts'
import type { RunTogether } from '../ground/together.ts'
import type { Context, RunUnit, Unit } from '../ground/unit.ts'
import type { Reader } from '../store/store.ts'
import type { Numbers, Operating, Released } from '../verbs.ts'
import { claimNumbers } from './buy.ts'
import { createPurchase } from './buy-together.ts'
import { configureOne, moveOne } from './configure.ts'
import { giveBack, handOver } from './hand-over.ts'
import { createKnownNumbers } from './known.ts'
import { isMine } from './mine.ts'
import { blockNumber, labelNumber, lockNumber, repriceNumber, retireNumber, unblockNumber } from './operator.ts'
import { findLease, listOwned } from './owned-list.ts'
import { startedPlace } from './place.ts'
import { createPrepared } from './prepared.ts'
import { cancelOne, releaseOne } from './release.ts'
import { listResting } from './resting.ts'
import { createSearch } from './search.ts'

export function toNumberEvent(row: Row<'number_events'> & { e164: string }): NumberEvent {
  return {
    id: row.id,
    numberId: row.number_id,
    e164: row.e164,
    version: row.version,
    kind: row.kind,
    state: row.state as NumberState,
    ownerId: row.owner_id,
    leaseId: row.lease_id,
    actorAccountId: row.actor_account_id,
    actorUserId: row.actor_user_id,
    administrator: row.administrator,
    at: row.at,
    data: parseObject(row.data),
  }
}

async function readEvents(db: Reader, filter: Parameters<Numbers['events']>[0]): Promise<NumberEvent[]> {
  let query = db
    .selectFrom('number_events')
    .innerJoin('numbers', 'numbers.id', 'number_events.number_id')
    .selectAll('number_events')
    .select('numbers.e164')
    .orderBy('number_events.id')
    .limit(filter.limit)
  if (filter.e164 !== undefined) query = query.where('numbers.e164', '=', filter.e164)
  if (filter.after !== undefined) query = query.where('number_events.id', '>', filter.after)
  return (await query.execute()).map(toNumberEvent)
}

/** An operator's act on a number, told to the audit in the same unit. */
function operatorVerbs(run: RunUnit): Operating {
  const act = <T>(actor: Actor, action: string, e164: string, data: JsonObject, fn: (unit: Unit) => Promise<T>) =>
    run(actor, async unit => {
      // who has it now, by the clock, and until the unit is done
      const { owner_id: accountId } = await lockNumber(unit, e164)
      const result = await fn(unit)
      await recordAudit(unit, { accountId, action, subject: e164, data })
      return result
    })
  return {
    block: (actor, e164, reason) =>
      act(actor, 'number.block', e164, { reason }, unit => blockNumber(unit, e164, reason)),
    unblock: (actor, e164, reason) =>
      act(actor, 'number.unblock', e164, { reason }, unit => unblockNumber(unit, e164, reason)),
    retire: (actor, e164, reason) =>
      act(actor, 'number.retire', e164, { reason }, unit => retireNumber(unit, e164, reason)),
    reprice: (actor, e164, prices) =>
      act(actor, 'number.reprice', e164, pricesOf(prices), unit => repriceNumber(unit, e164, prices)),
    label: (actor, e164, label) => act(actor, 'number.label', e164, { label }, unit => labelNumber(unit, e164, label)),
    handOver: (actor, e164, terms) => run(actor, unit => handOver(unit, e164, terms)),
    giveBack: (actor, e164, when, reason) => run(actor, unit => giveBack(unit, e164, when, reason)),
  }
}

/** By the names under which audits show money. */
function pricesOf({ setup, monthly, perMinute }: Parameters<Operating['reprice']>[2]): JsonObject {
  const named = Object.entries({ setupPrice: setup, monthlyPrice: monthly, perMinutePrice: perMinute })
  return Object.fromEntries(named.filter(([, value]) => value !== undefined)) as JsonObject
}

/** By the clock, whether or not a job has tidied it. */
function isAvailable({ state, coolUntil, heldUntil }: PhoneNumber, now: Instant): boolean {
  if (state === 'available') return (heldUntil ?? 0) <= now
  return (state === 'quarantined' || state === 'releasing') && coolUntil !== null && coolUntil <= now
}

export function createNumbers(context: Context, run: RunUnit, runTogether: RunTogether): Numbers {
  const { store, clock } = context
  const known = createKnownNumbers()
  const search = createSearch(store, known)
  const held = { engine: store.engine, prepared: createPrepared(), known }
  return {
    ...operatorVerbs(run),
    search: (filter, page, withTotal = false) => search(clock.now(), filter, page, withTotal),
    find: e164 =>
      store.read(async db => {
        const row = await db.selectFrom('numbers').selectAll().where('e164', '=', e164).executeTakeFirst()
        return row && toNumber(row)
      }),
    findAll: e164s =>
      store.read(async db => {
        if (e164s.length === 0) return []
        const rows = await db.selectFrom('numbers').selectAll().where('e164', 'in', e164s).orderBy('e164').execute()
        return rows.map(toNumber)
      }),
    resting: (accountId, page) => store.read(db => listResting(db, clock.now(), accountId, page)),
    isAvailable: (number, accountId) =>
      isAvailable(number, clock.now()) || (accountId !== undefined && isMine(number, accountId, clock.now())),
    claim: (caller, lines, terms) => run(caller, unit => claimNumbers(unit, caller, lines, terms)),
    purchase: createPurchase(context, run, runTogether),
    owned: (filter, page, options) => {
      // settings have no index of their own
      const read = typeof options?.orderBy === 'object' ? store.readAside : store.read
      return read(db => listOwned(held, db, clock.now(), filter, page, options))
    },
    placeOf: (accountId, leaseGuid) => store.read(db => startedPlace(db, accountId, leaseGuid)),
    lease: (leaseId, dialect) => store.read(db => findLease(held, db, clock.now(), { leaseId }, dialect)),
    leaseOf: (e164, dialect) => store.read(db => findLease(held, db, clock.now(), { e164 }, dialect)),
    configure: (caller, leaseId, change, dialect) =>
      run(caller, unit => configureOne(unit, caller, leaseId, dialect, () => change)),
    reconfigure: (caller, leaseId, dialect, decide) =>
      run(caller, unit => configureOne(unit, caller, leaseId, dialect, decide)),
    reconfigureAll: (caller, leaseIds, dialect, decide) =>
      run(caller, async unit => {
        const all: Owned[] = []
        for (const id of leaseIds) all.push(await configureOne(unit, caller, id, dialect, decide))
        return all
      }),
    release: (caller, leaseIds, mode, dialect) =>
      run(caller, async unit => {
        const released: Released[] = []
        for (const id of [...leaseIds].sort((a, b) => a - b)) {
          released.push(await releaseOne(unit, caller, id, mode, dialect))
        }
        return released
      }),
    cancelRelease: (caller, leaseId, dialect) => run(caller, unit => cancelOne(unit, caller, leaseId, dialect)),
    move: (caller, leaseId, toAccountId, options = {}) =>
      run(caller, unit => moveOne(unit, caller, leaseId, toAccountId, options)),
    events: filter => store.read(db => readEvents(db, filter)),
  }
}
