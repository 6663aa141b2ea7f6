import type { Row } from '../ground/rows.ts'
import type { Unit } from '../ground/unit.ts'
import { type SettledRoute, schedule, settleRoutes } from '../leases/index.ts'
import { insertReturning, insertRows } from '../store/statements.ts'
import type { LeaseTerms } from '../verbs.ts'
import type { NumberRow } from './lifecycle.ts'

/** Numbers that are taken with one order, or with none. */
export interface Deal {
  /** Of who takes them, where several units are one: it tells them apart in what is written of whose act it was. */
  unit: Unit
  orderId: number | null
  rows: readonly NumberRow[]
  terms: Pick<LeaseTerms, 'settings' | 'routes' | 'schedule'>
}

/** A number of a deal, once its ownership is written. */
export interface Sold {
  deal: Deal
  before: NumberRow
  lease: Row<'leases'>
  subscription: Row<'subscriptions'>
}

async function insertSettings(unit: Unit, sold: readonly Sold[]): Promise<void> {
  const rows = sold.flatMap(({ lease, deal: { terms } }) =>
    terms.settings
      ? [{ lease_id: lease.id, dialect: terms.settings.dialect, value: JSON.stringify(terms.settings.value) }]
      : [],
  )
  await insertRows(unit, 'settings', rows)
}

/** What was agreed on beside the numbers. Returns the routes. */
export async function insertTerms(unit: Unit, sold: readonly Sold[]): Promise<Row<'routes'>[]> {
  await insertSettings(unit, sold)
  const inserted: Row<'routes'>[] = []
  for (const deal of new Set(sold.map(each => each.deal))) {
    const leases = sold.filter(each => each.deal === deal).map(({ lease }) => lease)
    const { routes = [], schedule: changes = [] } = deal.terms
    for (const change of changes) for (const lease of leases) await schedule(unit, lease.id, change)
    const [first] = leases
    if (routes.length === 0 || !first) continue
    const settled = await settleRoutes(unit, first.account_id, routes)
    const leaseIds = leases.map(({ id }) => id)
    inserted.push(...(await insertRoutes(unit, leaseIds, settled)))
  }
  return inserted
}

export async function insertRoutes(unit: Unit, leaseIds: readonly number[], routes: readonly SettledRoute[]) {
  const values = leaseIds.flatMap(lease_id =>
    routes.map(route => ({
      lease_id,
      priority: route.priority,
      kind: route.kind,
      target: route.target,
      trunk_id: route.trunkId ?? null,
      address_id: route.addressId,
      is_active: (route.isActive ?? true) ? 1 : 0,
    })),
  )
  return insertReturning(unit, 'routes', values)
}
