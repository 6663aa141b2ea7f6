import { createPlace } from '../places.ts'
import type { Row } from '../rows.ts'
import type { Unit } from '../unit.ts'
import type { ValidRow } from './validate.ts'

/** Places and counters already found, so that a million rows ask the database a few hundred times. */
export interface Resolver {
  /** Ids of the row's city and of its shelf counter, created where they are new. */
  resolve(unit: Unit, row: ValidRow): Promise<{ city_id: number | null; stock_id: number }>
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

export function createResolver(): Resolver {
  let places: Map<string, number> | undefined
  const stock = new Map<string, number>()

  const place = async (unit: Unit, key: string, create: () => Promise<{ id: number }>) => {
    places ??= await loadPlaces(unit)
    const known = places.get(key)
    if (known !== undefined) return known
    const { id } = await create()
    places.set(key, id)
    return id
  }

  const parentOf = async (unit: Unit, { country, region }: ValidRow) => {
    const countryId = await place(unit, `country|${country}`, () =>
      createPlace(unit, { kind: 'country', country, code: country, name: country, hasRegions: region !== '' }),
    )
    if (region === '') return countryId
    return place(unit, `region|${country}|${region.toLowerCase()}`, () =>
      createPlace(unit, { kind: 'region', parentId: countryId, country, code: region, name: region }),
    )
  }

  const cityOf = async (unit: Unit, row: ValidRow) => {
    const parentId = await parentOf(unit, row)
    if (row.city === '') return null
    const code = row.npa_nxx ?? row.area_code
    return place(unit, cityKey(parentId, code, row.city), () =>
      createPlace(unit, { kind: 'city', parentId, country: row.country, code, name: cityName(row) }),
    )
  }

  return {
    async resolve(unit, row) {
      const city_id = await cityOf(unit, row)
      const values = stockValues(row, city_id)
      const key = JSON.stringify(values)
      const known = stock.get(key)
      if (known !== undefined) return { city_id, stock_id: known }
      const stock_id = await findOrCreateStock(unit, values)
      stock.set(key, stock_id)
      return { city_id, stock_id }
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

async function findOrCreateStock(unit: Unit, values: ReturnType<typeof stockValues>): Promise<number> {
  await unit.db
    .insertInto('stock')
    .values({ ...values, available: 0 })
    .onConflict(c => c.doNothing())
    .execute()
  let query = unit.db.selectFrom('stock').select('id')
  for (const [column, value] of Object.entries(values)) query = query.where(column as keyof typeof values, '=', value)
  return (await query.executeTakeFirstOrThrow()).id
}
