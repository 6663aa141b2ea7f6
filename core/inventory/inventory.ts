import { sql } from 'kysely'
import type { Block, DocumentType, NumberType } from '../ground/model.ts'
import { capabilityBits } from '../ground/rows.ts'
import type { Context } from '../ground/unit.ts'
import { allOf, counterConditions, counterTable } from '../numbers/index.ts'
import type { Reader } from '../store/store.ts'
import type { Inventory, Locality } from '../verbs.ts'

type CountFilter = Parameters<Inventory['count']>[0]

async function countShelf(db: Reader, filter: CountFilter): Promise<number> {
  const table = counterTable(filter)
  const { total } = await db
    .selectFrom(table)
    .select(e => e.fn.sum<number | null>('available').as('total'))
    .where(allOf(counterConditions(table, filter)))
    .executeTakeFirstOrThrow()
  return total ?? 0
}

type BlockFilter = { npas?: readonly string[]; region?: string }

/** By block and by what its files said of where it lies. */
function selectBlockParts(db: Reader, filter: BlockFilter) {
  let query = db
    .selectFrom('stock')
    .select(e => [
      ...(['npa_nxx', 'region', 'rate_center'] as const),
      e.fn.sum<number>('available').as('all'),
      e.fn.countAll<number>().as('products'),
      sql<number>`sum(CASE WHEN needs_documents = 0 THEN available ELSE 0 END)`.as('available'),
    ])
    .where('npa', '<>', '')
    .groupBy(['npa', 'npa_nxx', 'region', 'rate_center'])
    .orderBy('npa_nxx')
    .orderBy('all', 'desc')
    .orderBy('products', 'desc')
  if (filter.npas) query = query.where('npa', 'in', ['', ...filter.npas])
  if (filter.region !== undefined) query = query.where('region', '=', filter.region)
  return query.execute()
}

/** A block lies where most of its numbers are said to lie: one odd line moves nothing. */
async function selectBlocks(db: Reader, filter: BlockFilter): Promise<Block[]> {
  const blocks: Block[] = []
  for (const { npa_nxx: npaNxx, region, rate_center: rateCenter, available } of await selectBlockParts(db, filter)) {
    const last = blocks.at(-1)
    if (last?.npaNxx === npaNxx) last.available += available
    else blocks.push({ npaNxx, region, rateCenter, available })
  }
  return blocks
}

/** Rows of what is on the shelf and lies in a city. */
function stocked(db: Reader, filter: Parameters<Inventory['cityIds']>[0]) {
  const wanted = capabilityBits(filter.capabilities ?? [])
  let query = db.selectFrom('stock').distinct().where('available', '>', 0).where('city_id', '<>', 0)
  if (filter.country !== undefined) query = query.where('country', '=', filter.country)
  if (filter.currency !== undefined) query = query.where('currency', '=', filter.currency)
  if (filter.types) query = query.where('type', 'in', ['', ...filter.types])
  if (wanted !== 0) query = query.where(sql<boolean>`(capabilities & ${wanted}) = ${wanted}`)
  return query
}

/** Each kind of demand is one step of the index, however many numbers make it. */
async function readDocuments(
  db: Reader,
  { country, types }: Parameters<Inventory['documents']>[0],
): Promise<DocumentType[]> {
  const found = new Set<DocumentType>()
  for (const type of types) {
    for (let last = ''; ; ) {
      const { rows } = await sql<{ required_documents: string }>`SELECT required_documents FROM numbers
        WHERE country = ${country} AND type = ${type} AND required_documents <> '' AND required_documents > ${last}
        ORDER BY required_documents LIMIT 1`.execute(db)
      const [row] = rows
      if (!row) break
      last = row.required_documents
      for (const document of last.split(' ')) found.add(document as DocumentType)
    }
  }
  return [...found].sort()
}

async function readLocalities(db: Reader, filter: Parameters<Inventory['localities']>[0]): Promise<Locality[]> {
  const rows = await db
    .selectFrom('stock')
    .innerJoin('places as city', 'city.id', 'stock.city_id')
    .leftJoin('places as parent', 'parent.id', 'city.parent_id')
    .select(['city.id', 'city.name', 'parent.kind', 'parent.code', 'parent.name as parentName', 'stock.area_code'])
    .where('stock.country', '=', filter.country)
    .where('stock.type', 'in', ['', ...filter.types])
    .groupBy(['city.id', 'city.name', 'parent.kind', 'parent.code', 'parent.name', 'stock.area_code'])
    .orderBy('parent.code')
    .orderBy('city.name')
    .orderBy('stock.area_code')
    .execute()
  const found = new Map<string, Locality>()
  for (const row of rows) {
    const isRegion = row.kind === 'region'
    const city = plainCity(row.name)
    const key = `${isRegion ? row.code : ''}|${city}`
    const known = found.get(key)
    if (known && !known.areaCodes.includes(row.area_code)) known.areaCodes.push(row.area_code)
    if (known) continue
    const region = { region: isRegion ? row.code : null, regionName: isRegion ? row.parentName : null }
    found.set(key, { ...region, city, areaCodes: [row.area_code] })
  }
  return [...found.values()]
}

/** "LOS ANGELES, CA" is the city Los Angeles. */
function plainCity(name: string): string {
  const [city = '', region] = name.split(', ')
  if (region === undefined) return name
  return city.toLowerCase().replace(/\b[a-z]/g, letter => letter.toUpperCase())
}

/**
 * Read from counters that every unit keeps. Timers that have run out but are not yet tidied would be missing from
 * them, so `tidy` runs first; it costs one index look-up when there is nothing to do.
 */
export function createInventory({ store }: Context, tidy: () => Promise<unknown>): Inventory {
  const counted = async <T>(fn: (db: Reader) => Promise<T>) => {
    await tidy()
    return store.read(fn)
  }
  return {
    version: () =>
      counted(async db => {
        const { total } = await db
          .selectFrom('npa_versions')
          .select(e => e.fn.sum<number | null>('version').as('total'))
          .executeTakeFirstOrThrow()
        return total ?? 0
      }),
    npaVersions: () =>
      counted(async db => {
        const rows = await db.selectFrom('npa_versions').selectAll().execute()
        return new Map(rows.map(row => [row.npa, row.version]))
      }),
    blocks: (filter = {}) => counted(db => selectBlocks(db, filter)),
    cityIds: filter =>
      counted(async db => {
        const rows = await stocked(db, filter).select('city_id').execute()
        return new Set(rows.map(row => row.city_id))
      }),
    countries: filter =>
      counted(async db => {
        const rows = await stocked(db, filter).select('country').execute()
        return new Set(rows.map(row => row.country))
      }),
    localities: filter => store.read(db => readLocalities(db, filter)),
    kinds: () =>
      counted(async db => {
        const rows = await db
          .selectFrom('stock_areas')
          .select(e => [
            ...(['country', 'type', 'currency'] as const),
            e.fn.sum<number>('available').as('available'),
            sql<number>`sum(CASE WHEN needs_documents = 0 THEN 0 ELSE available END)`.as('needDocuments'),
          ])
          .groupBy(['country', 'type', 'currency'])
          .orderBy('country')
          .orderBy('type')
          .execute()
        return rows.map(({ country, type, currency, available, needDocuments }) => ({
          ...{ country, type: type as NumberType, currency },
          ...{ available: Number(available), needDocuments: Number(needDocuments) },
        }))
      }),
    documents: filter => store.read(db => readDocuments(db, filter)),
    count: filter => counted(db => countShelf(db, filter)),
  }
}
