import { sql } from 'kysely'
import type { Row } from '../rows.ts'
import type { Unit } from '../unit.ts'

/** Note that a number came to the shelf (+1) or left it (-1). Written by `flushStock` at the end of the unit. */
export function countShelf(unit: Unit, stockId: number, delta: number): void {
  unit.stock.set(stockId, (unit.stock.get(stockId) ?? 0) + delta)
  if (delta > 0) unit.hasArrivals = true
}

/** A block flipped between empty and not empty: what was built from it is stale. */
async function bumpNpa(unit: Unit, npa: string): Promise<void> {
  await unit.db
    .insertInto('npa_versions')
    .values({ npa, version: unit.now }) // not 1: an emptied database must not repeat the versions of its past
    .onConflict(c => c.column('npa').doUpdateSet({ version: sql<number>`npa_versions.version + 1` }))
    .execute()
}

/** Other products of the same block that still have numbers keep it from flipping. */
async function blockHasOthers(unit: Unit, stock: Pick<Row<'stock'>, 'id' | 'npa' | 'npa_nxx'>): Promise<boolean> {
  if (unit.engine.name === 'postgres') return false // another process may be emptying them now: move on, safely
  const other = await unit.db
    .selectFrom('stock')
    .select('id')
    .where('npa', '=', stock.npa)
    .where('npa_nxx', '=', stock.npa_nxx)
    .where('needs_documents', '=', 0)
    .where('available', '>', 0)
    .where('id', '<>', stock.id)
    .executeTakeFirst()
  return other !== undefined
}

async function applyDelta(unit: Unit, id: number, delta: number): Promise<void> {
  const stock = await unit.db
    .updateTable('stock')
    .set({ available: sql<number>`available + ${delta}` })
    .where('id', '=', id)
    .returning(['id', 'available', 'needs_documents', 'npa', 'npa_nxx'])
    .executeTakeFirstOrThrow()
  const flipped = (stock.available === 0) !== (stock.available === delta)
  if (!flipped || stock.npa === '' || stock.needs_documents === 1) return
  if (!(await blockHasOthers(unit, stock))) await bumpNpa(unit, stock.npa)
}

/** In order of id, last in the unit: two units can wait for each other's counters, never in a circle. */
export async function flushStock(unit: Unit): Promise<void> {
  const changes = [...unit.stock].filter(([, delta]) => delta !== 0).sort(([a], [b]) => a - b)
  for (const [id, delta] of changes) await applyDelta(unit, id, delta)
  unit.stock.clear()
}
