import type { Row } from '../../ground/rows.ts'
import type { Unit } from '../../ground/unit.ts'
import { reserveIds } from '../../store/ids.ts'
import { insertReturning } from '../../store/statements.ts'
import type { NewPlace } from '../../verbs.ts'
import { createPlace } from '../places.ts'
import type { ValidRow } from './validate.ts'

/** "LOS ANGELES, CA" and "Los Angeles" are one city. */
const cityKey = (parentId: number, code: string, name: string) =>
  `${parentId}|${code}|${(name.split(',', 1)[0] as string).trim().toLowerCase()}`

type PlaceRow = Row<'places'>

/** All of them by what tells them apart. */
export async function loadPlaces(unit: Unit): Promise<Map<string, number>> {
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
  kind: 'city'
  has_regions: 0
  parent_id: number
  country_id: number
  country: string
  code: string
  name: string
}

async function insertCities(unit: Unit, cities: readonly NewCity[], places: Map<string, number>): Promise<void> {
  if (cities.length === 0) return
  reserveIds(unit, { places: cities.length })
  const rows = await insertReturning(unit, 'places', cities)
  // what makes a city another one comes with its id, in whatever order
  for (const row of rows) places.set(cityKey(row.parent_id as number, row.code, row.name), row.id)
}

/** What is known, and what this unit adds to it. */
export function over(known: ReadonlyMap<string, number>) {
  const found = new Map<string, number>()
  return { found, get: (key: string) => known.get(key) ?? found.get(key), set: found.set.bind(found) }
}

export type Ids = ReturnType<typeof over>

async function placeOf(unit: Unit, places: Ids, key: string, input: NewPlace): Promise<number> {
  const known = places.get(key)
  if (known !== undefined) return known
  const { id } = await createPlace(unit, input)
  places.set(key, id)
  return id
}

interface Parent {
  countryId: number
  parentId: number
}

/** A country or a region has thousands of rows: these are looked for one by one. */
async function parentOf(unit: Unit, places: Ids, { country, region }: ValidRow): Promise<Parent> {
  const names = { country, code: country, name: country, hasRegions: region !== '' }
  const countryId = await placeOf(unit, places, `country|${country}`, { kind: 'country', ...names })
  if (region === '') return { countryId, parentId: countryId }
  const input: NewPlace = { kind: 'region', parentId: countryId, country, code: region, name: region }
  return { countryId, parentId: await placeOf(unit, places, `region|${country}|${region.toLowerCase()}`, input) }
}

function cityOf(row: ValidRow, { countryId, parentId }: Parent): NewCity {
  return {
    kind: 'city',
    has_regions: 0,
    parent_id: parentId,
    country_id: countryId,
    country: row.country,
    code: row.npa_nxx ?? row.area_code,
    name: cityName(row),
  }
}

/** The id of each row's city, created where it is new; null where a line names none. */
export async function citiesOf(unit: Unit, rows: readonly ValidRow[], places: Ids): Promise<(number | null)[]> {
  const keys: string[] = []
  const fresh = new Map<string, NewCity>()
  let parent: (Parent & Pick<ValidRow, 'country' | 'region'>) | undefined
  for (const row of rows) {
    const { country, region } = row
    // most lines of a file follow one of the same region
    if (parent?.country !== country || parent.region !== region) {
      parent = { country, region, ...(await parentOf(unit, places, row)) }
    }
    const key = row.city === '' ? '' : cityKey(parent.parentId, row.npa_nxx ?? row.area_code, row.city)
    keys.push(key)
    if (key !== '' && places.get(key) === undefined && !fresh.has(key)) fresh.set(key, cityOf(row, parent))
  }
  await insertCities(unit, [...fresh.values()], places.found)
  return keys.map(key => (key === '' ? null : (places.get(key) as number)))
}
