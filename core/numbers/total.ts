import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Engine } from '../store/store.ts'
import type { NumberFilter } from '../verbs.ts'
import { allOf, commonConditions, filterConditions, prefixEnd } from './filter.ts'
import { NOW } from './prepared.ts'
import type { ShelfQuery } from './shelf.ts'

type Condition = RawBuilder<SqlBool>

/** What the counters know of every number they count, in the same columns. */
const COUNTED: ReadonlySet<keyof NumberFilter> = new Set([
  'country',
  'types',
  'areaCode',
  'npaNxx',
  'region',
  'cityId',
  'rateCenter',
  'capabilities',
  'withoutCapabilities',
  'currency',
])

/** American prefixes up to the block: the counters are kept by block. */
const BLOCK_PREFIX = /^1\d{0,6}$/

/** Both columns, because the index begins with the area code. */
function blockConditions(prefix: string): Condition[] {
  const [npa, block] = [prefix.slice(1, 4), prefix.slice(1)]
  if (block === '') return [sql<SqlBool>`stock.npa <> ''`]
  const byNpa =
    npa.length === 3
      ? sql<SqlBool>`stock.npa = ${npa}`
      : sql<SqlBool>`(stock.npa >= ${npa} AND stock.npa < ${prefixEnd(npa)})`
  return [byNpa, sql<SqlBool>`(stock.npa_nxx >= ${block} AND stock.npa_nxx < ${prefixEnd(block)})`]
}

const isNothing = (value: unknown) => Array.isArray(value) && value.length === 0

/** Undefined: the counters cannot tell. */
function counterConditions({ documents, pattern, ...rest }: NumberFilter): Condition[] | undefined {
  const asked = Object.entries(rest).filter(([, value]) => value !== undefined && !isNothing(value))
  if (asked.some(([member]) => !COUNTED.has(member as keyof NumberFilter))) return undefined
  const all = commonConditions(rest, 'stock')
  if (documents) all.push(sql<SqlBool>`stock.needs_documents = ${documents === 'some' ? 1 : 0}`)
  if (!pattern || pattern.digits === '') return all
  if (pattern.kind !== 'starts' || !BLOCK_PREFIX.test(pattern.digits)) return undefined
  return [...all, ...blockConditions(pattern.digits)]
}

/** SQLite is told which index, because it keeps no figures that would tell it. */
function count(engine: Engine, index: string, conditions: readonly Condition[]) {
  const from = engine.name === 'sqlite' ? sql`numbers INDEXED BY ${sql.ref(index)}` : sql`numbers`
  return sql<number>`(SELECT count(*) FROM ${from} WHERE ${allOf(conditions)})`
}

/** Numbers that the clock has put on the shelf and no job has counted yet. */
function overdue(engine: Engine, filter: NumberFilter) {
  const due = sql<SqlBool>`numbers.due_at <= ${NOW} AND numbers.available_from <= ${NOW}`
  return count(engine, 'numbers_due', [due, ...filterConditions(filter)])
}

/** Numbers that lie in no block, such as toll-free ones. */
function outsideBlocks(engine: Engine, filter: NumberFilter) {
  const outside = sql<SqlBool>`numbers.npa_nxx IS NULL AND numbers.available_from = 0`
  return count(engine, 'numbers_shelf_outside', [outside, ...filterConditions(filter)])
}

/** How many can be bought at the moment NOW: read from counters where these can tell, else what `query` finds is counted. */
export function totalOnShelf(engine: Engine, filter: NumberFilter, query: ShelfQuery): RawBuilder<{ total: number }> {
  const counters = counterConditions(filter)
  const parts = counters
    ? [
        sql<number>`(SELECT coalesce(sum(available), 0) FROM stock WHERE ${allOf(counters)})`,
        overdue(engine, filter),
        ...(filter.pattern?.digits ? [outsideBlocks(engine, filter)] : []),
      ]
    : [sql<number>`(SELECT count(*) FROM ${query.from} WHERE ${query.where})`]
  return sql`SELECT ${sql.join(parts, sql` + `)} AS total`
}
