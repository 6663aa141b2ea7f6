import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Instant } from '../ground/model.ts'
import type { Engine } from '../store/store.ts'
import type { NumberFilter } from '../verbs.ts'
import { allOf, type Condition, commonConditions, filterConditions, prefixEnd, type ShelfQuery } from './filter.ts'
import { NOW } from './prepared.ts'

export type CounterTable = 'stock' | 'stock_areas'

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

/** What only the counters of single products know. */
const IN_DETAIL = ['npaNxx', 'cityId', 'rateCenter'] as const
const NPA_DIGITS = 3

/** The smaller of the two tables of counters that can tell. */
export function counterTable(filter: NumberFilter): CounterTable {
  const isBlock = (filter.pattern?.digits.length ?? 0) > 1 + NPA_DIGITS
  return isBlock || IN_DETAIL.some(member => filter[member] !== undefined) ? 'stock' : 'stock_areas'
}

/** American prefixes up to the block: the counters are kept by block. */
const BLOCK_PREFIX = /^1\d{0,6}$/

/** `prefix` of an area code, all of it, or none. */
function areaCondition(table: CounterTable, prefix: string): Condition {
  const npa = sql.ref(`${table}.npa`)
  if (prefix === '') return sql<SqlBool>`${npa} <> ''`
  if (prefix.length === NPA_DIGITS) return sql<SqlBool>`${npa} = ${prefix}`
  return sql<SqlBool>`(${npa} >= ${prefix} AND ${npa} < ${prefixEnd(prefix)})`
}

/** Both columns, because the index begins with the area code. */
function blockConditions(table: CounterTable, block: string): Condition[] {
  const byNpa = areaCondition(table, block.slice(0, NPA_DIGITS))
  if (block.length <= NPA_DIGITS) return [byNpa]
  return [byNpa, sql<SqlBool>`(stock.npa_nxx >= ${block} AND stock.npa_nxx < ${prefixEnd(block)})`]
}

const isNothing = (value: unknown) => Array.isArray(value) && value.length === 0

/** Whether the counters tell how many there are. */
export function isCounted({ documents, pattern, ...rest }: NumberFilter): boolean {
  for (const member of Object.keys(rest) as (keyof typeof rest)[]) {
    const value = rest[member]
    if (value !== undefined && !isNothing(value) && !COUNTED.has(member)) return false
  }
  if (!pattern || pattern.digits === '') return true
  return pattern.kind === 'starts' && BLOCK_PREFIX.test(pattern.digits)
}

/** The filter as conditions on a table of counters that can tell. */
export function counterConditions(table: CounterTable, { documents, pattern, ...rest }: NumberFilter): Condition[] {
  const all = commonConditions(rest, table)
  if (documents) all.push(sql<SqlBool>`${sql.ref(`${table}.needs_documents`)} = ${documents === 'some' ? 1 : 0}`)
  return pattern?.digits ? [...all, ...blockConditions(table, pattern.digits.slice(1))] : all
}

/** SQLite is told which index, because it keeps no figures that would tell it. */
function count(engine: Engine, index: string, conditions: readonly Condition[]) {
  const from = engine.name === 'sqlite' ? sql`numbers INDEXED BY ${sql.ref(index)}` : sql`numbers`
  return sql<number>`(SELECT count(*) FROM ${from} WHERE ${allOf(conditions)})`
}

/** Numbers that the clock has put on the shelf and no job has counted yet. */
function overdue(engine: Engine, filter: NumberFilter, now: typeof NOW | Instant) {
  const due = sql<SqlBool>`numbers.due_at <= ${now} AND numbers.available_from <= ${now}`
  return count(engine, 'numbers_due', [due, ...filterConditions(filter)])
}

/** Numbers that lie in no block, such as toll-free ones. */
function outsideBlocks(engine: Engine, filter: NumberFilter) {
  const outside = sql<SqlBool>`numbers.npa_nxx IS NULL AND numbers.available_from = 0`
  return count(engine, 'numbers_shelf_outside', [outside, ...filterConditions(filter)])
}

/** How many can be bought at that moment, read from counters, which must be able to tell. */
export function countedTotal(
  engine: Engine,
  filter: NumberFilter,
  now: typeof NOW | Instant = NOW,
): RawBuilder<number> {
  const table = counterTable(filter)
  const counters = allOf(counterConditions(table, filter))
  const parts = [
    sql<number>`(SELECT coalesce(sum(available), 0) FROM ${sql.table(table)} WHERE ${counters})`,
    overdue(engine, filter, now),
    ...(filter.pattern?.digits ? [outsideBlocks(engine, filter)] : []),
  ]
  return sql`(${sql.join(parts, sql` + `)})`
}

/** The same by counting what is found. */
export function foundTotal({ from, where }: ShelfQuery): RawBuilder<number> {
  return sql`(SELECT count(*) FROM ${from} WHERE ${where})`
}
