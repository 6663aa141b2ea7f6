/** All of it, some rows at a time: each step is a short question of its own, so that no reader holds anything open. */
import { setImmediate } from 'node:timers/promises'
import type { Instant } from '../ground/model.ts'
import { toLease, toNumber, toSubscription, toTransaction } from '../ground/rows.ts'
import type { Context } from '../ground/unit.ts'
import type { Reader, Store } from '../store/store.ts'
import type { Exports, LedgerExport, Ownership, OwnershipExport } from '../verbs.ts'

/** Rows of one step: a few milliseconds of one turn. */
const STEP = 250

/** Reads on behind the last row of each step, whether or not it was shown. */
async function* steps<R extends { id: number }, T>(
  store: Store,
  read: (db: Reader, after: number) => Promise<R[]>,
  view: (db: Reader, rows: R[]) => Promise<T[]> | T[],
): AsyncGenerator<T[], void, undefined> {
  for (let after = 0; ; ) {
    const { rows, shown } = await store.read(async db => {
      const found = await read(db, after)
      return { rows: found, shown: await view(db, found) }
    })
    if (shown.length > 0) yield shown
    const last = rows.at(-1)
    if (rows.length < STEP || !last) return
    after = last.id
    // one engine answers without a pause: whoever else asks has a turn between
    await setImmediate()
  }
}

async function billedWith(db: Reader, leases: Awaited<ReturnType<typeof leasesBehind>>): Promise<Ownership[]> {
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

const leasesBehind = (db: Reader, after: number) =>
  db.selectFrom('leases').selectAll().where('id', '>', after).orderBy('id').limit(STEP).execute()

type LeaseRow = Awaited<ReturnType<typeof leasesBehind>>[number]

/** By the clock, whether or not a job has tidied it. */
function isOpen({ closed_at: closed, ends_at: ends }: LeaseRow, now: Instant): boolean {
  return closed === null && (ends === null || ends > now)
}

function isAsked(lease: LeaseRow, { accountId, isEndedToo }: OwnershipExport, now: Instant): boolean {
  return (accountId === undefined || lease.account_id === accountId) && (isEndedToo === true || isOpen(lease, now))
}

const transactionsBehind = (db: Reader, after: number) =>
  db.selectFrom('transactions').selectAll().where('id', '>', after).orderBy('id').limit(STEP).execute()

type TransactionRow = Awaited<ReturnType<typeof transactionsBehind>>[number]

function isWanted(row: TransactionRow, { accountId, currency, kind, from, until }: LedgerExport): boolean {
  return (
    (accountId === undefined || row.account_id === accountId) &&
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
        (db, after) => db.selectFrom('numbers').selectAll().where('id', '>', after).orderBy('id').limit(STEP).execute(),
        (_, rows) =>
          rows
            .map(toNumber)
            .filter(number => (!states || states.includes(number.state)) && (!country || number.country === country)),
      ),
    ownership: asked =>
      steps(store, leasesBehind, (db, leases) =>
        billedWith(
          db,
          leases.filter(lease => isAsked(lease, asked, clock.now())),
        ),
      ),
    ledger: asked =>
      steps(store, transactionsBehind, (_, rows) => rows.filter(row => isWanted(row, asked)).map(toTransaction)),
  }
}
