/** An operator's corrections of who owns a number: to any account, and back from its owner. */
import { recordAudit } from '../events/index.ts'
import { callerFor } from '../ground/caller.ts'
import { addMonths } from '../ground/clock.ts'
import { Fault } from '../ground/fault.ts'
import type { Account, NumberState, Owned } from '../ground/model.ts'
import { type Row, toAccount } from '../ground/rows.ts'
import { missing, type Unit } from '../ground/unit.ts'
import { isRemoved } from '../people/index.ts'
import type { HandOver } from '../verbs.ts'
import { moveOne } from './configure.ts'
import { closeLease, type NumberRow } from './lifecycle.ts'
import { type Start, startNow } from './opening.ts'
import { lockNumber } from './operator.ts'
import { releaseOne } from './release.ts'
import { insertOrder, take } from './take.ts'
import { resolveTaker } from './taker.ts'
import { whyState } from './why.ts'

const HANDED_OVER: ReadonlySet<string> = new Set<NumberState>([
  'available',
  'quarantined',
  'active',
  'suspended',
  'releasing',
])

function refuse(row: NumberRow, rule: string, state: string = row.state): Fault {
  return new Fault('wrong_state', { what: 'number', id: row.e164, state }, { why: whyState(row, rule) })
}

/** Faults: not_found, for one that was removed too. */
async function lockAccount(unit: Unit, id: number): Promise<Account> {
  let query = unit.db.selectFrom('accounts').selectAll().where('id', '=', id)
  if (unit.engine.name === 'postgres') query = query.forKeyShare()
  const row = await query.executeTakeFirst()
  const account = row && toAccount(row)
  if (!account || isRemoved(account)) throw missing('account', id)
  return account
}

/** How the present ownership is paid; undefined: nobody owns it. */
function billingOf(unit: Unit, { lease_id: leaseId }: NumberRow): Promise<Row<'subscriptions'> | undefined> {
  const query = unit.db
    .selectFrom('subscriptions')
    .selectAll()
    .where('lease_id', '=', leaseId ?? 0)
  return query.where('closed_at', 'is', null).executeTakeFirst()
}

/** What was paid is the new owner's; what was owed is nobody's. */
function startOf(unit: Unit, billing: Row<'subscriptions'> | undefined, isCharged: boolean): Start {
  if (isCharged) return startNow(unit)
  const free = { startedAt: unit.now, isCharged: false }
  if (!billing) return { ...free, paidUntil: addMonths(unit.now, 1) }
  return { ...free, paidUntil: Math.max(billing.paid_until, unit.now), monthly: billing.amount }
}

/** The ownership ends here and begins there. Faults: wrong_state, insufficient_funds, not_found (user). */
async function reassign(unit: Unit, row: NumberRow, target: Account, terms: HandOver): Promise<Owned> {
  if (!HANDED_OVER.has(row.state)) throw refuse(row, 'a number that is stopped or retired goes to nobody')
  if (row.owner_id === target.id) throw refuse(row, 'its owner has it already', `owned by account ${target.id}`)
  if (row.held_by !== null && row.held_by !== target.id) {
    throw refuse(row, 'it is held for another account', `held by account ${row.held_by}`)
  }
  const taker = await resolveTaker(unit, target, terms.userId)
  const start = startOf(unit, await billingOf(unit, row), terms.isCharged)
  if (row.lease_id !== null) await closeLease(unit, row, unit.now)
  const orderId = terms.isCharged ? await insertOrder(unit, taker, 1) : null
  const [owned] = await take(unit, taker, orderId, [row], {}, { ...start, event: 'moved' })
  return owned as Owned
}

/** Numbers are locked before accounts, everywhere. */
export async function handOver(unit: Unit, e164: string, terms: HandOver): Promise<Owned> {
  const row = await lockNumber(unit, e164)
  const { owner_id: from } = row
  const target = await lockAccount(unit, terms.accountId)
  const owner = from === null ? undefined : await lockAccount(unit, from)
  const isInside = owner !== undefined && owner.payerId === target.payerId && owner.id !== target.id
  if (terms.isInTree && !owner) throw refuse(row, 'nobody owns it')
  if (terms.isInTree && owner?.payerId !== target.payerId) throw missing('account', target.id)
  const force = terms.force ? { force: true } : {}
  const owned =
    isInside && !terms.isCharged && terms.userId === undefined
      ? await moveOne(unit, callerFor(owner), row.lease_id as number, target.id, force)
      : await reassign(unit, row, target, terms)
  const data = { from, to: target.id, charged: terms.isCharged, reason: terms.reason }
  // told to both, each of whom has its own history
  for (const accountId of new Set([from, target.id])) {
    if (accountId !== null) await recordAudit(unit, { accountId, action: 'number.move', subject: e164, data })
  }
  return owned
}

/** Faults: not_found, wrong_state (nobody owns it, or it is given back already). */
export async function giveBack(unit: Unit, e164: string, when: 'now' | 'periodEnd', reason: string): Promise<void> {
  const row = await lockNumber(unit, e164)
  if (row.lease_id === null || row.owner_id === null) throw refuse(row, 'only an owned number is given back')
  const owner = await lockAccount(unit, row.owner_id)
  await releaseOne(unit, callerFor(owner), row.lease_id, { kind: when }, undefined)
  await recordAudit(unit, { accountId: owner.id, action: 'number.release', subject: e164, data: { when, reason } })
}
