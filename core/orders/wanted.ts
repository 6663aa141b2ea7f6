import { capabilityBits, type Row } from '../ground/rows.ts'
import type { Reader } from '../store/store.ts'
import type { NumberFilter } from '../verbs.ts'

/** Ids in one question, for the engines' limits of parameters. */
const AT_ONCE = 400

/** "LOS ANGELES, CA" and "Los Angeles" are one city. */
const cityWord = (name: string) => (name.split(',', 1)[0] as string).trim().toLowerCase()

/** By what arriving numbers find an order. The same filter is always the same text. */
export function wantedColumns(filter: NumberFilter) {
  const { city, ...rest } = filter
  const same = { ...rest, ...(city !== undefined && { city: city.toLowerCase() }) }
  const sorted = Object.entries(same).sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    country: filter.country ?? '',
    area_code: filter.areaCode ?? '',
    city: city === undefined ? '' : cityWord(city),
    filter: JSON.stringify(Object.fromEntries(sorted)),
  }
}

/** What numbers on the shelf have in common, with the word for their city. */
export type Product = Row<'stock'> & { city: string }

export async function readProducts(db: Reader, stockIds: readonly number[]): Promise<Product[]> {
  const products: Product[] = []
  for (let at = 0; at < stockIds.length; at += AT_ONCE) {
    const rows = await db
      .selectFrom('stock')
      .leftJoin('places', 'places.id', 'stock.city_id')
      .selectAll('stock')
      .select('places.name as city_name')
      .where('stock.id', 'in', stockIds.slice(at, at + AT_ONCE))
      .execute()
    products.push(...rows.map(({ city_name, ...row }) => ({ ...row, city: cityWord(city_name ?? '') })))
  }
  return products
}

const EQUAL = {
  country: 'country',
  areaCode: 'area_code',
  npaNxx: 'npa_nxx',
  region: 'region',
  cityId: 'city_id',
  currency: 'currency',
} as const satisfies Partial<Record<keyof NumberFilter, keyof Product>>

/** False only where no number of this product can match: what products do not tell is left to the search. */
export function mayMatch(filter: NumberFilter, product: Product): boolean {
  for (const [member, column] of Object.entries(EQUAL) as [keyof typeof EQUAL, keyof Product][]) {
    if (filter[member] !== undefined && filter[member] !== product[column]) return false
  }
  const { types, city, rateCenter, capabilities = [], withoutCapabilities = [], documents } = filter
  if (types && types.length > 0 && !types.some(type => type === product.type)) return false
  if (city !== undefined && cityWord(city) !== product.city) return false
  if (rateCenter !== undefined && rateCenter.toLowerCase() !== product.rate_center.toLowerCase()) return false
  const wanted = capabilityBits(capabilities)
  if ((product.capabilities & wanted) !== wanted) return false
  if ((product.capabilities & capabilityBits(withoutCapabilities)) !== 0) return false
  return documents === undefined || (documents === 'some') === (product.needs_documents === 1)
}
