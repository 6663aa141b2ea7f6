import * as v from 'valibot'
import { Fault } from '../../../core/ground/fault.ts'
import type { Capability, NumberType, Page } from '../../../core/ground/model.ts'
import { parseDate } from '../../../core/ground/time.ts'
import type { NumberFilter } from '../../../core/verbs.ts'
import { readBoolean } from '../../kit/booleans.ts'
import type { Inbound } from '../../kit/dialect.ts'
import { checkList, MAX_LIST } from '../../kit/limits.ts'
import { pageOf, wholeNumber } from '../../kit/paging.ts'
import { queryValues, shownAs } from '../../kit/schema.ts'
import { table } from '../../kit/table.ts'
import { sellsSms } from '../settings.ts'

/** One SDK writes parameters it was not given as the words `undefined` and `null`. */
function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === 'undefined' || value === 'null'
}

export function invalid(field: string): Fault<'invalid_input'> {
  return new Fault('invalid_input', { issues: [{ field, problem: 'format', message: 'invalid' }] })
}

export function optionalBy<T>(shown: Readonly<Record<string, unknown>>, read: (value: unknown) => T | undefined) {
  return v.optional(
    v.pipe(
      v.unknown(),
      shownAs(shown),
      v.rawTransform<unknown, T | undefined>(({ dataset, addIssue, NEVER }) => {
        if (isAbsent(dataset.value)) return undefined
        const value = read(dataset.value)
        if (value !== undefined) return value
        addIssue({ message: 'invalid' })
        return NEVER
      }),
    ),
  )
}

export function requiredBy<T>(shown: Readonly<Record<string, unknown>>, read: (value: unknown) => T | undefined) {
  return v.pipe(
    v.unknown(),
    shownAs(shown),
    v.rawTransform<unknown, T>(({ dataset, addIssue, NEVER }) => {
      const value = read(dataset.value)
      if (value !== undefined) return value
      addIssue({ message: 'invalid' })
      return NEVER
    }),
  )
}

export const optionalFlag = optionalBy({ type: 'boolean' }, value => readBoolean(value))
export const optionalWhole = optionalBy({ type: 'integer' }, wholeNumber)
export const optionalText = optionalBy({ type: 'string' }, value => (typeof value === 'string' ? value : undefined))

/** `YYYY-MM-DD`, UTC; the old Go client sends the year 1 for "not set". */
export const optionalDate = optionalBy({ type: 'string', format: 'date' }, value => {
  return typeof value === 'string' ? parseDate(value) : undefined
})

const positive = optionalBy({ type: 'integer', minimum: 1 }, value => {
  const number = wholeNumber(value)
  return number !== undefined && number >= 1 ? number : undefined
})

export const paging = { page: positive, per_page: positive }

const DEFAULT_PER_PAGE = 25
const MAX_PER_PAGE = 100

export interface Paging {
  page: number
  perPage: number
  core: Page
}

/** More than 100 rows are cut to 100. */
export function pagingOf(
  input: { page?: number | undefined; per_page?: number | undefined },
  standard?: number,
): Paging {
  const page = input.page ?? 1
  const perPage = Math.min(input.per_page ?? standard ?? DEFAULT_PER_PAGE, MAX_PER_PAGE)
  return { page, perPage, core: pageOf(page, perPage) }
}

export const shelf = {
  type_filter: v.optional(v.pipe(v.unknown(), shownAs({ type: 'string', examples: ['all', 'geo', 'tollfree'] }))),
  text_enabled_only: optionalFlag,
}

const GEOGRAPHIC: NumberType[] = ['local', 'national', 'mobile']
const TYPE_FILTERS = table<NumberType[]>({
  geo: GEOGRAPHIC,
  tollfree: ['toll_free'],
  'toll-free': ['toll_free'],
  toll_free: ['toll_free'],
})

export type ShelfInput = { type_filter?: unknown; text_enabled_only?: boolean | undefined }

/** Whether anything of this country can be on the shelf that is asked for. */
export function isSoldIn(country: string, { text_enabled_only }: ShelfInput): boolean {
  return text_enabled_only !== true || sellsSms(country)
}

/** What is asked for in a country where `isSoldIn`. Only `all` is attested; a value nobody knows means all. */
export function shelfFilter(input: ShelfInput): NumberFilter {
  const types = TYPE_FILTERS[String(input.type_filter).toLowerCase()]
  const capabilities: Capability[] = ['sms']
  return { ...(types && { types }), ...(input.text_enabled_only && { capabilities }) }
}

/**
 * A list, or text with commas. One bare number is neither: the documents know no such form. One more than anybody may
 * name is enough to see that there are too many.
 */
function flatten(value: unknown): string[] {
  if (typeof value === 'string') return value.split(',', MAX_LIST + 1)
  if (!Array.isArray(value)) return []
  return value.flatMap(each => (typeof each === 'number' ? [String(each)] : flatten(each)))
}

/**
 * Ids in every form clients use: JSON array or comma text in the body, `ids[]=`, `ids[0]=`, `ids=` in the query. Faults:
 * invalid_input (more than anybody may name at once).
 */
export function idsOf({ body, query }: Inbound, ...names: string[]): string[] {
  const members = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  const sent = names.flatMap(name => [...flatten(members[name]), ...queryValues(query, name).flatMap(flatten)])
  checkList(names[0] ?? '', sent)
  const clean = sent.map(text => text.replace(/[\s+]/g, '')).filter(text => !isAbsent(text))
  return [...new Set(clean)]
}

/** Faults: invalid_input naming `ids`. */
export function requiredIds(inbound: Inbound): string[] {
  const ids = idsOf(inbound, 'ids')
  if (ids.length === 0) throw invalid('ids')
  return ids
}

/** A path or body id; what is no id names nothing. */
export function idOr0(text: unknown): number {
  return wholeNumber(text) ?? 0
}
