/** Renewals as most of them are: of numbers in service, by accounts that can pay. */

import type { Due } from '../ground/due.ts'
import type { Micros } from '../ground/model.ts'
import type { Row } from '../ground/rows.ts'
import { catchUp, type Unit } from '../ground/unit.ts'
import { covers, type PostingLine, post } from '../money/index.ts'
import type { NumberRow } from '../numbers/index.ts'
import { tell } from '../store/statements.ts'
import { written } from '../store/texts.ts'
import { afterPeriod, isBilled, periodLine } from './renewals.ts'

type Subscription = Row<'subscriptions'>
type Balance = Row<'balances'>

interface Renewal {
  subscription: Subscription
  row: NumberRow
  balance: Balance
  line: PostingLine
}

/** What nobody else is changing now: nobody is waited for while so many accounts' balances are held. */
async function lockFree({ db }: Unit, ids: readonly number[]) {
  const due = db.selectFrom('subscriptions').where('id', 'in', ids)
  const leased = db.selectFrom('leases').select('number_id').where('id', 'in', due.select('lease_id'))
  const [subscriptions, rows, balances] = await Promise.all([
    due.selectAll().forUpdate().skipLocked().execute(),
    db.selectFrom('numbers').selectAll().where('id', 'in', leased).forUpdate().skipLocked().execute(),
    db
      .selectFrom('balances')
      .selectAll()
      .where('account_id', 'in', due.select('payer_id'))
      .forUpdate()
      .skipLocked()
      .execute(),
  ])
  return {
    subscriptions: new Map(subscriptions.map(each => [each.id, each])),
    rows: new Map(rows.map(row => [row.lease_id, row])),
    balances: new Map(balances.map(balance => [`${balance.account_id} ${balance.currency}`, balance])),
  }
}

type Locked = Awaited<ReturnType<typeof lockFree>>

const isInService = ({ state, prior_state }: NumberRow) => state === 'active' && prior_state === null

/** In due order, up to the first that is not so simple. */
function simpleOnes(dues: readonly Due[], { subscriptions, rows, balances }: Locked): Renewal[] {
  const renewals: Renewal[] = []
  const spent = new Map<Balance, Micros>()
  for (const { id, at } of dues) {
    const subscription = subscriptions.get(id)
    const row = subscription && rows.get(subscription.lease_id)
    const balance = subscription && balances.get(`${subscription.payer_id} ${subscription.currency}`)
    if (!row || !balance || subscription.due_at !== at || subscription.unpaid_since !== null) break
    const total = (spent.get(balance) ?? 0) + subscription.amount
    if (!isInService(row) || !covers(balance, total)) break
    spent.set(balance, total)
    const happened = Math.max(at, row.updated_at, balance.updated_at)
    renewals.push({ subscription, row, balance, line: { ...periodLine(subscription, row), at: happened } })
  }
  return renewals
}

const PAID = `UPDATE subscriptions SET anchor_at = paid.anchor_at, periods = paid.periods, paid_until = paid.until,
  next_due_at = paid.until, due_at = paid.until, unpaid_since = NULL
  FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[]) AS paid (id, anchor_at, periods, until)
  WHERE subscriptions.id = paid.id`

async function writePaid({ db, engine }: Unit, renewals: readonly Renewal[]): Promise<void> {
  const paid = renewals.map(({ subscription }) => ({ id: subscription.id, ...afterPeriod(subscription) }))
  const columns = (['id', 'anchor_at', 'periods', 'paid_until'] as const).map(column => paid.map(each => each[column]))
  await tell(db, written(engine, PAID, columns))
}

/**
 * Those that can be paid without further ado, from the first to one that cannot, in a few statements for all of them.
 * How many that were; the others are for `renew`.
 */
export async function renewTogether(unit: Unit, dues: readonly Due[]): Promise<number> {
  const locked = await lockFree(
    unit,
    dues.map(({ id }) => id),
  )
  const renewals = simpleOnes(dues, locked)
  if (renewals.length === 0) return 0
  for (const { line } of renewals) catchUp(unit, [{ updated_at: line.at as number }])
  const bills = new Map<Balance, PostingLine[]>()
  for (const { subscription, row, balance, line } of renewals) {
    if (isBilled(subscription, row)) bills.set(balance, [...(bills.get(balance) ?? []), line])
  }
  // no account waits for another's answer
  const posts = [...bills].map(([{ account_id, currency }, lines]) =>
    post(unit, account_id, currency, 'revenue', lines),
  )
  await Promise.all([...posts, writePaid(unit, renewals)])
  return renewals.length
}
