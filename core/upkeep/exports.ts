/** All of it, some rows at a time: each step is a short question of its own, so that no reader holds anything open. */
import { setImmediate } from 'node:timers/promises'
import { type SqlBool, sql } from 'kysely'
import type { Instant } from '../ground/model.ts'
import { type Row, toLease, toNumber, toSubscription, toTransaction } from '../ground/rows.ts'
import type { Context } from '../ground/unit.ts'
import type { Reader, Store } from '../store/store.ts'
import type { Exports, LedgerExport, Ownership, OwnershipExport } from '../verbs.ts'

/** Rows of one step: a few milliseconds of one turn. */
const STEP = 250

/** Reads on behind the last row of each step, whether or not it was shown. `last`: undefined for the first one. */
async function* steps<R, T>(
  store: Store,
  read: (db: Reader, last: R | undefined) => Promise<R[]>,
  view: (db: Reader, rows: R[]) => Promise<T[]> | T[],
): AsyncGenerator<T[], void, undefined> {
  for (let last: R | undefined; ; ) {
    const { rows, shown } = await store.read(async db => {
      const found = await read(db, last)
      return { rows: found, shown: await view(db, found) }
    })
    if (shown.length > 0) yield shown
    if (rows.length < STEP) return
    last = rows.at(-1)
    // one engine answers without a pause: whoever else asks has a turn between
    await setImmediate()
  }
}

async function billedWith(db: Reader, leases: readonly LeaseRow[]): Promise<Ownership[]> {
  if (leases.length === 0) return []
  const numberIds = leases.map(lease => lease.number_id)
  const leaseIds = leases.map(({ id }) => id)
  const numbers = await db.selectFrom('numbers').selectAll().where('id', 'in', numberIds).execute()
  const billings = await db.selectFrom('subscriptions').selectAll().where('lease_id', 'in', leaseIds).execute()
  const byId = new Map(numbers.map(row => [row.id, row]))
  const byLease = new Map(billings.map(row => [row.lease_id, row]))
  return leases.flatMap(lease => {
    const [row, billing] = [byId.get(lease.number_id), byLease.get(lease.id)]
    if (!row || !billing) return []
    return [
      { number: toNumber(row), lease: toLease(lease), subscription: toSubscription(billing), endedAt: lease.closed_at },
    ]
  })
}

/** Those of an account that are open have an index; of all others each step reads some, whoever's they are. */
export function leasesBehind(db: Reader, { accountId, isEndedToo }: OwnershipExport, last: { id: number } | undefined) {
  const query = db
    .selectFrom('leases')
    .selectAll()
    .where('id', '>', last?.id ?? 0)
    .orderBy('id')
    .limit(STEP)
  if (accountId === undefined || isEndedToo) return query
  return query.where('account_id', '=', accountId).where('closed_at', 'is', null)
}

type LeaseRow = Row<'leases'>

/** By the clock, whether or not a job has tidied it. */
function isOpen({ closed_at: closed, ends_at: ends }: LeaseRow, now: Instant): boolean {
  return closed === null && (ends === null || ends > now)
}

function isAsked(lease: LeaseRow, { accountId, isEndedToo }: OwnershipExport, now: Instant): boolean {
  return (accountId === undefined || lease.account_id === accountId) && (isEndedToo === true || isOpen(lease, now))
}

/** An account's by their time, as its index has them; all of them by their ids, in which order they were posted. */
export function transactionsBehind(db: Reader, asked: LedgerExport, last: Row<'transactions'> | undefined) {
  const { accountId, from = 0, until } = asked
  const query = db.selectFrom('transactions').selectAll().limit(STEP)
  if (accountId === undefined) return query.where('id', '>', last?.id ?? 0).orderBy('id')
  const [at, id] = [last?.created_at ?? from, last?.id ?? 0]
  return query
    .where('account_id', '=', accountId)
    .where(sql<SqlBool>`(created_at, id) > (${at}, ${id})`)
    .$if(until !== undefined, q => q.where('created_at', '<', until as Instant))
    .orderBy('created_at')
    .orderBy('id')
}

function isWanted(row: Row<'transactions'>, { currency, kind, from, until }: LedgerExport): boolean {
  return (
    (currency === undefined || row.currency === currency) &&
    (kind === undefined || row.kind === kind) &&
    (from === undefined || row.created_at >= from) &&
    (until === undefined || row.created_at < until)
  )
}

export function createExports({ store, clock }: Context): Exports {
  return {
    inventory: ({ states, country }) =>
      steps(
        store,
        (db, last: Row<'numbers'> | undefined) => {
          const query = db.selectFrom('numbers').selectAll().orderBy('id').limit(STEP)
          return query.where('id', '>', last?.id ?? 0).execute()
        },
        (_, rows) =>
          rows
            .map(toNumber)
            .filter(number => (!states || states.includes(number.state)) && (!country || number.country === country)),
      ),
    ownership: asked =>
      steps(
        store,
        (db, last: LeaseRow | undefined) => leasesBehind(db, asked, last).execute(),
        (db, leases) =>
          billedWith(
            db,
            leases.filter(lease => isAsked(lease, asked, clock.now())),
          ),
      ),
    ledger: asked =>
      steps(
        store,
        (db, last: Row<'transactions'> | undefined) => transactionsBehind(db, asked, last).execute(),
        (_, rows) => rows.filter(row => isWanted(row, asked)).map(toTransaction),
      ),
  }
}
