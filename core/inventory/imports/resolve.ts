import type { Unit } from '../../ground/unit.ts'
import { insertMany } from '../../store/bulk.ts'
import { reserveIds, takeIds } from '../../store/ids.ts'
import { citiesOf, type Ids, loadPlaces, over } from './cities.ts'
import type { ValidRow } from './validate.ts'

export interface Resolved {
  city_id: number | null
  stock_id: number
}

/** What a unit has created or found, to be known once it is committed: one that begins anew does not find it there. */
export interface Found {
  ids: Resolved[]
  places: Map<string, number>
  stock: Map<string, number>
}

/** Places and counters already found, so that a million rows ask the database a few hundred times. */
export interface Resolver {
  /** Ids of each row's city and of its shelf counter, created where they are new: a few statements for all of them. */
  resolve(unit: Unit, rows: readonly ValidRow[]): Promise<Found>
  /** Of a unit that is committed. */
  learn(found: Found): void
}

export function createResolver(): Resolver {
  let known: Map<string, number> | undefined
  const products = new Map<string, number>()
  return {
    async resolve(unit, rows) {
      known ??= await loadPlaces(unit)
      const places = over(known)
      const stock = over(products)
      const cities = await citiesOf(unit, rows, places)
      const wanted = rows.map((row, n) => stockValues(row, cities[n] as number | null))
      const keys = wanted.map(stockKey)
      await findOrCreateStock(unit, wanted, keys, stock)
      const ids = keys.map((key, n) => ({ city_id: cities[n] as number | null, stock_id: stock.get(key) as number }))
      return { ids, places: places.found, stock: stock.found }
    },
    learn({ places, stock }) {
      for (const [key, id] of places) known?.set(key, id)
      for (const [key, id] of stock) products.set(key, id)
    },
  }
}

function stockValues(row: ValidRow, cityId: number | null) {
  return {
    country: row.country,
    type: row.type,
    area_code: row.area_code,
    npa_nxx: row.npa_nxx ?? '',
    npa: row.npa_nxx?.slice(0, 3) ?? '',
    region: row.region,
    city_id: cityId ?? 0,
    rate_center: row.rate_center ?? '',
    currency: row.currency,
    capabilities: row.capabilities,
    needs_documents: row.required_documents === '' ? 0 : 1,
  }
}

type StockValues = ReturnType<typeof stockValues>

/** First what tells most products apart: thousands of them are put in order. */
const STOCK_COLUMNS = [
  ...(['npa_nxx', 'city_id', 'rate_center', 'area_code', 'country', 'type', 'npa', 'region', 'currency'] as const),
  ...(['capabilities', 'needs_documents'] as const),
]

const PRODUCT = STOCK_COLUMNS.filter(column => column !== 'npa').join(', ')

/** No text that a number may have holds what parts them. */
function stockKey(values: StockValues): string {
  let key = ''
  for (const column of STOCK_COLUMNS) key += `${values[column]}\n`
  return key
}

/** Finds or creates what these rows count into. */
async function findOrCreateStock(
  unit: Unit,
  wanted: readonly StockValues[],
  keys: readonly string[],
  ids: Ids,
): Promise<void> {
  const missing = new Map<string, StockValues>()
  wanted.forEach((values, n) => {
    const key = keys[n] as string
    if (ids.get(key) === undefined) missing.set(key, values)
  })
  if (missing.size === 0) return
  // two files may bring the same products: in one order, so that neither waits for the other in a circle
  const inOrder = [...missing].sort(([a], [b]) => (a < b ? -1 : 1))
  await createStock(unit, inOrder, ids)
  const others = inOrder.filter(([key]) => ids.get(key) === undefined)
  if (others.length > 0)
    await findStock(
      unit,
      others.map(([, values]) => values),
      ids,
    )
}

/** Those that nobody else has created. With ids at hand they need not be read back. */
async function createStock(unit: Unit, wanted: readonly [string, StockValues][], ids: Ids): Promise<void> {
  reserveIds(unit, { stock: wanted.length })
  const given = await takeIds(unit, 'stock', wanted.length)
  const tail = ` ON CONFLICT (${PRODUCT}) DO NOTHING`
  if (given) {
    const rows = wanted.map(([, values], n) => ({ id: given[n] as number, available: 0, ...values }))
    const { written } = await insertMany(unit, 'stock', rows, tail)
    if (written === rows.length) for (const [n, [key]] of wanted.entries()) ids.set(key, given[n] as number)
    return
  }
  const rows = wanted.map(([, values]) => ({ available: 0, ...values }))
  const back = ` RETURNING id, ${STOCK_COLUMNS.join(', ')}`
  const { rows: created } = await insertMany<StockValues & { id: number }, 'stock'>(unit, 'stock', rows, tail + back)
  for (const row of created) ids.set(stockKey(row), row.id)
}

/** Those of the same areas and blocks come along; what is theirs is told apart by its key. */
async function findStock(unit: Unit, wanted: readonly StockValues[], ids: Ids): Promise<void> {
  let query = unit.db.selectFrom('stock').select(['id', ...STOCK_COLUMNS])
  for (const column of ['country', 'type', 'area_code', 'npa_nxx'] as const) {
    query = query.where(column, 'in', [...new Set(wanted.map(values => values[column]))])
  }
  for (const row of await query.execute()) ids.set(stockKey(row as StockValues), row.id)
}
