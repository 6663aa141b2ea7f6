import type { Owned } from '../ground/model.ts'
import { parseObject, type Row, toLease, toNumber, toRoute, toSubscription } from '../ground/rows.ts'
import type { Reader } from '../store/store.ts'

interface Held {
  row: Row<'numbers'>
  lease: Row<'leases'>
  subscription: Row<'subscriptions'>
}

/** But for what is configured. */
export function toOwned({ row, lease, subscription }: Held): Omit<Owned, 'settings' | 'routes'> {
  return { number: toNumber(row), lease: toLease(lease), subscription: toSubscription(subscription) }
}

async function settingsByLease(db: Reader, leaseIds: readonly number[], dialect: string | undefined) {
  if (dialect === undefined) return new Map<number, string>()
  const rows = await db
    .selectFrom('settings')
    .select(['lease_id', 'value'])
    .where('lease_id', 'in', leaseIds)
    .where('dialect', '=', dialect)
    .execute()
  return new Map(rows.map(row => [row.lease_id, row.value]))
}

/** Rows → what dialects show, with the settings of the dialect that asks. */
export async function ownedFromRows(db: Reader, held: readonly Held[], dialect: string | undefined): Promise<Owned[]> {
  if (held.length === 0) return []
  const leaseIds = held.map(({ lease }) => lease.id)
  const ofLeases = db.selectFrom('routes').selectAll().where('lease_id', 'in', leaseIds)
  const [settings, routes] = await Promise.all([
    settingsByLease(db, leaseIds, dialect),
    ofLeases.orderBy('priority').orderBy('id').execute(),
  ])
  return held.map(each => ({
    ...toOwned(each),
    settings: parseObject(settings.get(each.lease.id) ?? '{}'),
    routes: routes.filter(route => route.lease_id === each.lease.id).map(toRoute),
  }))
}
