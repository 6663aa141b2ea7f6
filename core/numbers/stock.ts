import { sql } from 'kysely'
import type { Row } from '../ground/rows.ts'
import type { Unit } from '../ground/unit.ts'
import { countOnPostgres } from '../store/shelf-counters.ts'
import { tell } from '../store/statements.ts'
import { run, written } from '../store/texts.ts'

/** Counters changed by one statement at most, for the engines' limits of parameters. */
const AT_ONCE = 400

/** Note that a number came to the shelf (+1) or left it (-1). Written by `flushStock` at the end of the unit. */
export function countShelf(unit: Unit, stockId: number, delta: number): void {
  unit.stock.set(stockId, (unit.stock.get(stockId) ?? 0) + delta)
  if (delta > 0) unit.arrivals.stockIds.add(stockId)
}

/** In these area codes a block flipped between empty and not empty: what was built from them is stale. */
async function bumpNpas(unit: Unit, npas: readonly string[]): Promise<void> {
  if (npas.length === 0) return
  await unit.db
    .insertInto('npa_versions')
    .values(npas.map(npa => ({ npa, version: unit.now }))) // not 1: an emptied database must not repeat the versions of its past
    .onConflict(c => c.column('npa').doUpdateSet({ version: sql<number>`npa_versions.version + 1` }))
    .execute()
}

type Changed = Pick<Row<'stock'>, 'id' | 'available' | 'needs_documents' | 'npa' | 'npa_nxx'>

const CHANGED = 'id, available, needs_documents, npa, npa_nxx'
const ONE = `UPDATE stock SET available = available + ? WHERE id = ? RETURNING ${CHANGED}`

/** One statement for all of them: a file that jumps between blocks changes hundreds in one unit. */
async function applyDeltas(unit: Unit, changes: readonly (readonly [id: number, delta: number])[]): Promise<Changed[]> {
  const [only] = changes
  if (changes.length === 1 && only) return run(unit.db, unit.engine, ONE, [only[1], only[0]])
  const rows = changes.map(([id, delta]) => sql`(CAST(${id} AS BIGINT), CAST(${delta} AS BIGINT))`)
  const { rows: changed } = await sql<Changed>`WITH delta (stock_id, change) AS (VALUES ${sql.join(rows)})
    UPDATE stock SET available = available + delta.change FROM delta WHERE stock.id = delta.stock_id
    RETURNING ${sql.raw(CHANGED)}`.execute(unit.db)
  return changed
}

/** The block's counters by themselves may all be above zero and yet the block was empty before this unit. */
async function blockFlipped(unit: Unit, block: Changed, deltaOfBlock: number): Promise<boolean> {
  const { total } = await unit.db
    .selectFrom('stock')
    .select(e => e.fn.sum<number>('available').as('total'))
    .where('npa', '=', block.npa)
    .where('npa_nxx', '=', block.npa_nxx)
    .where('needs_documents', '=', 0)
    .executeTakeFirstOrThrow()
  return (total === 0) !== (total === deltaOfBlock)
}

/** Area codes in which a block went from empty to not empty, or back. */
async function flippedNpas(unit: Unit, changed: readonly Changed[], deltas: ReadonlyMap<number, number>) {
  const counted = changed.filter(stock => stock.npa !== '' && stock.needs_documents === 0)
  const deltaOf = (stock: Changed) => deltas.get(stock.id) as number
  const npas = new Set<string>()
  const deltaOfBlock = new Map<string, number>()
  for (const stock of counted) {
    deltaOfBlock.set(stock.npa_nxx, (deltaOfBlock.get(stock.npa_nxx) ?? 0) + deltaOf(stock))
  }
  for (const stock of counted) {
    const flipped = (stock.available === 0) !== (stock.available === deltaOf(stock))
    if (!flipped || npas.has(stock.npa)) continue
    if (await blockFlipped(unit, stock, deltaOfBlock.get(stock.npa_nxx) as number)) npas.add(stock.npa)
  }
  return npas
}

/** In order of id, last in the unit: two units can wait for each other's counters, never in a circle. */
export async function flushStock(unit: Unit): Promise<void> {
  const changes = [...unit.stock].filter(([, delta]) => delta !== 0).sort(([a], [b]) => a - b)
  unit.stock.clear()
  if (changes.length === 0) return
  if (unit.engine.name === 'postgres') {
    return tell(unit.db, written(unit.engine, ...countOnPostgres(changes, unit.now)))
  }
  const changed: Changed[] = []
  for (let at = 0; at < changes.length; at += AT_ONCE) {
    changed.push(...(await applyDeltas(unit, changes.slice(at, at + AT_ONCE))))
  }
  await bumpNpas(unit, [...(await flippedNpas(unit, changed, new Map(changes)))].sort())
}
