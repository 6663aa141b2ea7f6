import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { DocumentType } from '../ground/model.ts'
import { capabilityBits } from '../ground/rows.ts'
import { DIGITS } from '../store/inner-digits.ts'
import type { NumberFilter } from '../verbs.ts'

export type Condition = RawBuilder<SqlBool>

/** The smallest text above everything that starts with `prefix`; digits and `+` only. */
export function prefixEnd(prefix: string): string {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)
}

/** A prefix is a range of the index. */
function startsWith(column: 'e164' | 'reversed', prefix: string): Condition {
  const ref = sql.ref(`numbers.${column}`)
  return sql<SqlBool>`(${ref} >= ${prefix} AND ${ref} < ${prefixEnd(prefix)})`
}

/** `.` stands for one digit. */
export function like(operand: RawBuilder<unknown>, pattern: string): Condition {
  return sql<SqlBool>`${operand} LIKE ${pattern.replaceAll('.', '_')}`
}

/** Range on what comes before the first wildcard, comparison for the rest. */
function anchored(column: 'e164' | 'reversed', pattern: string): Condition[] {
  const fixed = pattern.split('.', 1)[0] as string
  const conditions = fixed === '' ? [] : [startsWith(column, fixed)]
  return fixed === pattern ? conditions : [...conditions, like(sql.ref(`numbers.${column}`), `${pattern}%`)]
}

/** Digits that the engines' indexes of inner digits find. */
export const TRIGRAM = 3

/** Anywhere in a number: what PostgreSQL's index of trigrams is over. */
export const inside = (digits: string): Condition => like(sql.raw(DIGITS), `%${digits}%`)

/** What to ask SQLite's index for; undefined: nothing in the pattern is long enough. */
export function trigramMatch(digits: string): string | undefined {
  const runs = digits.split('.').filter(run => run.length >= TRIGRAM)
  const trigrams = runs.flatMap(run => Array.from({ length: run.length - 2 }, (_, i) => run.slice(i, i + TRIGRAM)))
  return trigrams.length === 0 ? undefined : [...new Set(trigrams)].map(each => `"${each}"`).join(' AND ')
}

function patternConditions({ kind, digits }: NonNullable<NumberFilter['pattern']>): Condition[] {
  if (digits === '') return []
  if (kind === 'starts') return anchored('e164', `+${digits}`)
  if (kind === 'ends') return anchored('reversed', [...digits].reverse().join(''))
  return [inside(digits)]
}

const EQUAL = {
  e164: 'e164',
  country: 'country',
  areaCode: 'area_code',
  npaNxx: 'npa_nxx',
  region: 'region',
  cityId: 'city_id',
  lata: 'lata',
  latitude: 'latitude',
  longitude: 'longitude',
  currency: 'currency',
  setupPrice: 'setup_price',
  monthlyPrice: 'monthly_price',
} as const satisfies Partial<Record<keyof NumberFilter, string>>

/** Compared without regard to case. */
const FOLDED = { city: 'city', rateCenter: 'rate_center', postalCode: 'postal_code' } as const

/** The column is a list of words. */
function needs(document: DocumentType): Condition {
  return sql<SqlBool>`(' ' || numbers.required_documents || ' ') LIKE ${`% ${document} %`}`
}

/** What numbers and their counters have alike. */
export function commonConditions(filter: NumberFilter, table: 'numbers' | 'stock' | 'stock_areas'): Condition[] {
  const all: Condition[] = []
  const column = (name: string) => sql.ref(`${table}.${name}`)
  for (const [member, name] of Object.entries(EQUAL) as [keyof typeof EQUAL, string][]) {
    const value = filter[member]
    if (value !== undefined) all.push(sql<SqlBool>`${column(name)} = ${value}`)
  }
  if (filter.types?.length === 0) all.push(sql<SqlBool>`1 = 0`)
  else if (filter.types) all.push(sql<SqlBool>`${column('type')} IN (${sql.join(filter.types)})`)
  for (const [member, name] of Object.entries(FOLDED) as [keyof typeof FOLDED, string][]) {
    const value = filter[member]
    // the engine folds both sides: SQLite knows only ASCII, and a name must equal itself
    if (value !== undefined) all.push(sql<SqlBool>`lower(${column(name)}) = lower(${value})`)
  }
  const wanted = capabilityBits(filter.capabilities ?? [])
  if (wanted !== 0) all.push(sql<SqlBool>`(${column('capabilities')} & ${wanted}) = ${wanted}`)
  const unwanted = capabilityBits(filter.withoutCapabilities ?? [])
  if (unwanted !== 0) all.push(sql<SqlBool>`(${column('capabilities')} & ${unwanted}) = 0`)
  return all
}

const MILES_PER_DEGREE = 69.055

/** On the flat map round the place: exact enough for some hundred miles, and a plain comparison for both engines. */
function within({ latitude, longitude, miles }: NonNullable<NumberFilter['near']>): Condition {
  const number = (column: string) => sql<number>`CAST(${sql.ref(`numbers.${column}`)} AS DOUBLE PRECISION)`
  const perDegreeEast = MILES_PER_DEGREE * Math.cos((latitude * Math.PI) / 180)
  const real = (value: number) => sql`CAST(${value} AS DOUBLE PRECISION)`
  const north = sql`(${number('latitude')} - ${real(latitude)}) * ${real(MILES_PER_DEGREE)}`
  const east = sql`(${number('longitude')} - ${real(longitude)}) * ${real(perDegreeEast)}`
  return sql<SqlBool>`(numbers.latitude IS NOT NULL AND numbers.longitude IS NOT NULL
    AND (${north}) * (${north}) + (${east}) * (${east}) <= ${real(miles * miles)})`
}

/** The filter as conditions on the table `numbers`, to be ANDed. */
export function filterConditions(filter: NumberFilter): Condition[] {
  const all = commonConditions(filter, 'numbers')
  if (filter.documents === 'none') all.push(sql<SqlBool>`numbers.required_documents = ''`)
  if (filter.documents === 'some') all.push(sql<SqlBool>`numbers.required_documents <> ''`)
  if (filter.needsDocument) all.push(needs(filter.needsDocument))
  for (const document of filter.needsNoDocument ?? []) all.push(sql<SqlBool>`NOT ${needs(document)}`)
  if (filter.minimumChannels !== undefined) all.push(sql<SqlBool>`numbers.channels >= ${filter.minimumChannels}`)
  if (filter.pattern) all.push(...patternConditions(filter.pattern))
  if (filter.like !== undefined) all.push(like(sql.raw(DIGITS), filter.like))
  if (filter.near) all.push(within(filter.near))
  for (const prefix of filter.excludePrefixes ?? []) all.push(sql<SqlBool>`NOT ${startsWith('e164', `+${prefix}`)}`)
  return all
}

export function allOf(conditions: readonly Condition[]): Condition {
  return conditions.length === 0 ? sql<SqlBool>`1 = 1` : sql<SqlBool>`${sql.join(conditions, sql` AND `)}`
}

/** Tables and conditions of a search of the shelf, and the order in which a page of it costs no sorting. */
export interface ShelfQuery {
  from: RawBuilder<unknown>
  where: Condition
  /** Undefined: as the index gives them. */
  order: RawBuilder<unknown> | undefined
}
