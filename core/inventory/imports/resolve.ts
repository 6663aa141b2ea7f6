import type { Row } from '../../ground/rows.ts'
import type { Unit } from '../../ground/unit.ts'
import { insertMany } from '../../store/bulk.ts'
import type { NewPlace } from '../../verbs.ts'
import { createPlace } from '../places.ts'
import type { ValidRow } from './validate.ts'

export interface Resolved {
  city_id: number | null
  stock_id: number
}

/** Places and counters already found, so that a million rows ask the database a few hundred times. */
export interface Resolver {
  /** Ids of each row's city and of its shelf counter, created where they are new: a few statements for all of them. */
  resolve(unit: Unit, rows: readonly ValidRow[]): Promise<Resolved[]>
}

/** "LOS ANGELES, CA" and "Los Angeles" are one city. */
const cityKey = (parentId: number, code: string, name: string) =>
  `${parentId}|${code}|${(name.split(',', 1)[0] as string).trim().toLowerCase()}`

type PlaceRow = Row<'places'>

async function loadPlaces(unit: Unit): Promise<Map<string, number>> {
  const rows = await unit.db.selectFrom('places').selectAll().execute()
  const key = (row: PlaceRow) => {
    if (row.kind === 'country') return `country|${row.country}`
    if (row.kind === 'region') return `region|${row.country}|${row.code.toLowerCase()}`
    return cityKey(row.parent_id as number, row.code, row.name)
  }
  return new Map(rows.map(row => [key(row), row.id]))
}

/** The North American style names a city with its region. */
function cityName(row: ValidRow): string {
  return row.npa_nxx === null ? row.city : `${row.city.toUpperCase()}, ${row.region}`
}

interface NewCity {
  key: string
  parent_id: number
  country_id: number
  country: string
  code: string
  name: string
}

/** Without reading each back: what makes a city another one comes with its id. */
async function insertCities(unit: Unit, cities: readonly NewCity[], places: Map<string, number>): Promise<void> {
  if (cities.length === 0) return
  const values = cities.map(({ key: _, ...city }) => ({ ...city, kind: 'city', has_regions: 0 }))
  const { rows } = await insertMany<PlaceRow, 'places'>(unit, 'places', values, ' RETURNING id, parent_id, code, name')
  for (const row of rows) places.set(cityKey(row.parent_id as number, row.code, row.name), row.id)
}

export function createResolver(): Resolver {
  let known: Map<string, number> | undefined
  const stock = new Map<string, number>()

  const place = async (unit: Unit, places: Map<string, number>, key: string, input: NewPlace) => {
    const found = places.get(key)
    if (found !== undefined) return found
    const { id } = await createPlace(unit, input)
    places.set(key, id)
    return id
  }

  /** A country or a region has thousands of rows: these are looked for one by one. */
  const parentOf = async (unit: Unit, places: Map<string, number>, { country, region }: ValidRow) => {
    const names = { country, code: country, name: country, hasRegions: region !== '' }
    const countryId = await place(unit, places, `country|${country}`, { kind: 'country', ...names })
    if (region === '') return { countryId, parentId: countryId }
    const input: NewPlace = { kind: 'region', parentId: countryId, country, code: region, name: region }
    return { countryId, parentId: await place(unit, places, `region|${country}|${region.toLowerCase()}`, input) }
  }

  const citiesOf = async (unit: Unit, rows: readonly ValidRow[]): Promise<(number | null)[]> => {
    known ??= await loadPlaces(unit)
    const places = known
    const keys: string[] = []
    const fresh = new Map<string, NewCity>()
    for (const row of rows) {
      const { countryId, parentId } = await parentOf(unit, places, row)
      const code = row.npa_nxx ?? row.area_code
      const key = row.city === '' ? '' : cityKey(parentId, code, row.city)
      keys.push(key)
      if (key === '' || places.has(key) || fresh.has(key)) continue
      const city = { parent_id: parentId, country_id: countryId, country: row.country, code, name: cityName(row) }
      fresh.set(key, { key, ...city })
    }
    await insertCities(unit, [...fresh.values()], places)
    return keys.map(key => (key === '' ? null : (places.get(key) as number)))
  }

  return {
    async resolve(unit, rows) {
      const cities = await citiesOf(unit, rows)
      const wanted = rows.map((row, n) => stockValues(row, cities[n] as number | null))
      await findOrCreateStock(unit, wanted, stock)
      return wanted.map((values, n) => ({
        city_id: cities[n] as number | null,
        stock_id: stock.get(stockKey(values)) as number,
      }))
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

const STOCK_COLUMNS = [
  ...(['country', 'type', 'area_code', 'npa_nxx', 'npa', 'region', 'city_id', 'rate_center', 'currency'] as const),
  ...(['capabilities', 'needs_documents'] as const),
]

const stockKey = (values: StockValues) => JSON.stringify(STOCK_COLUMNS.map(column => values[column]))

/** Fills `ids` with what these rows count into. */
async function findOrCreateStock(unit: Unit, wanted: readonly StockValues[], ids: Map<string, number>): Promise<void> {
  const missing = new Map<string, StockValues>()
  for (const values of wanted) {
    const key = stockKey(values)
    if (!ids.has(key)) missing.set(key, values)
  }
  if (missing.size === 0) return
  // two files may bring the same products: in one order, so that neither waits for the other in a circle
  const inOrder = [...missing].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, values]) => values)
  const empty = inOrder.map(values => ({ ...values, available: 0 }))
  const product = STOCK_COLUMNS.filter(column => column !== 'npa').join(', ')
  const tail = ` ON CONFLICT (${product}) DO NOTHING RETURNING id, ${STOCK_COLUMNS.join(', ')}`
  const { rows: created } = await insertMany<StockValues & { id: number }, 'stock'>(unit, 'stock', empty, tail)
  for (const row of created) ids.set(stockKey(row), row.id)
  const others = inOrder.filter(values => !ids.has(stockKey(values)))
  if (others.length > 0) await findStock(unit, others, ids)
}

/** Those of the same areas and blocks come along; what is theirs is told apart by its key. */
async function findStock(unit: Unit, wanted: readonly StockValues[], ids: Map<string, number>): Promise<void> {
  let query = unit.db.selectFrom('stock').select(['id', ...STOCK_COLUMNS])
  for (const column of ['country', 'type', 'area_code', 'npa_nxx'] as const) {
    query = query.where(column, 'in', [...new Set(wanted.map(values => values[column]))])
  }
  for (const row of await query.execute()) ids.set(stockKey(row as StockValues), row.id)
}
