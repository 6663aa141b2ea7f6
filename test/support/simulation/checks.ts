/** What holds after every step, whatever was done. */
import type { Simulation } from './bench.ts'
import type { Lease, Model, PhoneNumber } from './model.ts'

export class Broken extends Error {}

/** A guarantee in words, and what was found in its place. */
export function guarantee(name: string, found: unknown, due: unknown): void {
  const [is, must] = [JSON.stringify(found), JSON.stringify(due)]
  if (is !== must) throw new Broken(`${name}: found ${is}, due ${must}`)
}

const billing = (lease: Lease | null) =>
  lease && { periods: lease.periods, paidUntil: lease.paidUntil, unpaidSince: lease.unpaidSince, dueAt: lease.dueAt }

const shape = (number: PhoneNumber) => {
  const { state, owner, releasesAt, coolUntil, reclaimUntil, heldBy, heldUntil, prior } = number
  const timers = state === 'blocked' ? {} : { releasesAt, coolUntil, reclaimUntil }
  return { state, prior, owner, heldBy, heldUntil, ...timers, billing: billing(number.lease) }
}

async function rowsOf({ store }: Simulation) {
  return store.read(async db => {
    const numbers = await db.selectFrom('numbers').selectAll().orderBy('e164').execute()
    const leases = await db.selectFrom('leases').selectAll().where('closed_at', 'is', null).execute()
    const paid = await db.selectFrom('subscriptions').selectAll().where('closed_at', 'is', null).execute()
    const users = await db.selectFrom('users').select(['id', 'account_id']).execute()
    const balances = await db.selectFrom('balances').selectAll().execute()
    const settings = await db.selectFrom('settings').selectAll().execute()
    const routes = await db.selectFrom('routes').selectAll().execute()
    return { numbers, leases, paid, users, balances, settings, routes }
  })
}

type Rows = Awaited<ReturnType<typeof rowsOf>>

function checkNumbers(model: Model, { numbers, paid }: Rows): void {
  guarantee('no number is lost', numbers.length, model.numbers.size)
  for (const row of numbers) {
    const number = model.numbers.get(row.e164) as PhoneNumber
    const open = paid.find(each => each.lease_id === row.lease_id)
    const { periods, paid_until: paidUntil, unpaid_since: unpaidSince, due_at: dueAt } = open ?? {}
    const found = {
      ...{
        state: row.state,
        prior: row.prior_state,
        owner: row.owner_id,
        heldBy: row.held_by,
        heldUntil: row.held_until,
      },
      ...(row.state !== 'blocked' && {
        ...{ releasesAt: row.releases_at, coolUntil: row.cool_until, reclaimUntil: row.reclaim_until },
      }),
      billing: open ? { periods, paidUntil, unpaidSince, dueAt } : null,
    }
    guarantee(`owner, state and dates of ${row.e164}`, found, shape(number))
  }
}

function checkPeople({ leases, users }: Rows): void {
  for (const { id, user_id, account_id } of leases) {
    const user = users.find(each => each.id === user_id)
    if (user) guarantee(`the user of ownership ${id} is its account's own`, user.account_id, account_id)
  }
}

function checkMoney(model: Model, { balances }: Rows): void {
  for (const { id, payer, balance, limit } of model.accounts.values()) {
    if (payer !== id) continue
    const row = balances.find(each => each.account_id === id && each.currency === 'USD')
    const found = { balance: row?.balance, limit: row?.credit_limit }
    guarantee(`money of account ${id}`, found, { balance, limit })
    guarantee(`account ${id} owes no more than it may`, balance + limit >= 0, true)
  }
}

/** Nothing of the former holder goes along with a number. */
function checkBare(model: Model, { numbers, settings, routes }: Rows): void {
  for (const row of numbers) {
    if (!model.numbers.get(row.e164)?.lease?.isBare) continue
    const kept = [...settings, ...routes].filter(each => each.lease_id === row.lease_id)
    guarantee(`what the former holder of ${row.e164} configured is gone`, kept, [])
  }
}

export async function checkAll(simulation: Simulation): Promise<void> {
  const { core, model } = simulation
  const rows = await rowsOf(simulation)
  checkNumbers(model, rows)
  checkPeople(rows)
  checkMoney(model, rows)
  checkBare(model, rows)
  guarantee('the invariants hold', (await core.invariants()).violations, [])
}
