import type { Instant } from '../ground/model.ts'
import { keptOf } from '../orders/index.ts'
import type { Reader } from '../store/store.ts'
import type { Upcoming } from './verbs.ts'

/** What the clock does to a number in this state when its time has come. */
const NEXT: ReadonlyMap<string, Upcoming['what']> = new Map([
  ['releasing', 'release'],
  ['quarantined', 'rest_over'],
  ['available', 'hold_over'],
] as const)

async function numbersDue(db: Reader, limit: number): Promise<Upcoming[]> {
  const rows = await db
    .selectFrom('numbers')
    .select(['due_at', 'state', 'e164'])
    .where('due_at', 'is not', null)
    .orderBy('due_at')
    .limit(limit)
    .execute()
  return rows.map(({ due_at: at, state, e164 }) => ({ at: Number(at), what: NEXT.get(state) ?? 'release', e164 }))
}

async function renewalsDue(db: Reader, limit: number): Promise<Upcoming[]> {
  const rows = await db
    .selectFrom('subscriptions')
    .innerJoin('leases', 'leases.id', 'subscriptions.lease_id')
    .innerJoin('numbers', 'numbers.id', 'leases.number_id')
    .select(['subscriptions.due_at', 'numbers.e164'])
    .where('subscriptions.due_at', 'is not', null)
    .orderBy('subscriptions.due_at')
    .limit(limit)
    .execute()
  return rows.map(({ due_at: at, e164 }) => ({ at: Number(at), what: 'renewal', e164 }))
}

async function provisioningsDue(db: Reader, limit: number): Promise<Upcoming[]> {
  const rows = await db
    .selectFrom('provisionings')
    .innerJoin('leases', 'leases.id', 'provisionings.lease_id')
    .innerJoin('numbers', 'numbers.id', 'leases.number_id')
    .select(['provisionings.due_at', 'numbers.e164'])
    .where('provisionings.due_at', 'is not', null)
    .orderBy('provisionings.due_at')
    .limit(limit)
    .execute()
  return rows.map(({ due_at: at, e164 }) => ({ at: Number(at), what: 'provisioning', e164 }))
}

async function ordersDue(db: Reader, limit: number): Promise<Upcoming[]> {
  const due = db.selectFrom('orders').select(['due_at', 'criteria']).where('due_at', 'is not', null)
  const rows = await due.orderBy('due_at').limit(limit).execute()
  return rows.map(row => ({ at: Number(row.due_at), what: 'order', e164: keptOf(row)[0] ?? '' }))
}

/** The first of each index of what is due: what lies in the past has not been tidied yet. */
export async function readUpcoming(db: Reader, now: Instant, limit: number): Promise<Upcoming[]> {
  const all: Upcoming[] = []
  for (const read of [numbersDue, renewalsDue, provisioningsDue, ordersDue]) all.push(...(await read(db, limit)))
  return all
    .map(each => ({ ...each, at: Math.max(each.at, now) }))
    .sort((a, b) => a.at - b.at)
    .slice(0, limit)
}
