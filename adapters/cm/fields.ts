import * as v from 'valibot'
import { Fault, type Issue } from '../../core/fault.ts'
import type { Page } from '../../core/model.ts'
import { wholeNumber } from '../kit/paging.ts'
import { caseless } from '../kit/schema.ts'

/** The names are inferred, so other plausible ones are understood too. */
const ALIASES = {
  companyProfileId: 'companyProfileGuid',
  companyProfile: 'companyProfileGuid',
  amount: 'quantity',
  numberOfNumbers: 'quantity',
  size: 'rangeSize',
  type: 'phoneNumberType',
  numberType: 'phoneNumberType',
  state: 'region',
  comments: 'comment',
  remark: 'comment',
  callbackURL: 'callbackUrl',
}

const wrong = (what: string) => `The JSON value could not be converted to ${what}.`
const MAX_TEXT = 2048
const tooLong = `The field must be a string with a maximum length of ${MAX_TEXT}.`
const text = v.nullish(v.pipe(v.string(wrong('System.String')), v.maxLength(MAX_TEXT, tooLong)))
const whole = v.nullish(v.pipe(v.number(wrong('System.Int32')), v.integer(wrong('System.Int32'))))

export const requestEntries = {
  companyProfileGuid: text,
  quantity: whole,
  rangeSize: whole,
  phoneNumberType: text,
  areaCode: text,
  city: text,
  region: text,
  comment: text,
  callbackUrl: text,
}

export const RequestBody = caseless(v.object(requestEntries), ALIASES)
export type RequestInput = v.InferOutput<v.ObjectSchema<typeof requestEntries, undefined>>

/** Availability asks with the same criteria in the query, where every value is text. */
export function criteriaOf(query: readonly [string, string][]): RequestInput {
  const sent = Object.fromEntries(query.map(([name, value]) => [name, value === '' ? undefined : value]))
  const { output } = v.safeParse(
    caseless(v.object({ ...requestEntries, quantity: v.unknown(), rangeSize: v.unknown() }), ALIASES),
    sent,
  )
  const criteria = output as Record<keyof RequestInput, string | undefined>
  const { quantity, rangeSize, ...words } = criteria
  return { ...words, quantity: wholeNumber(quantity) ?? 1, rangeSize: wholeNumber(rangeSize) ?? 0 }
}

export function refuse(issues: readonly Issue[]): void {
  if (issues.length > 0) throw new Fault('invalid_input', { issues })
}

export function issue(field: string, message: string): Issue {
  return { field, problem: 'format', message }
}

/** Values of the query by name, without regard to case. */
export function queryOf(query: readonly [string, string][], name: string): string | undefined {
  return query.findLast(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]
}

const DEFAULT_TAKE = 100
const MAX_TAKE = 1000

/** `Skip` and `Take`; more than 1000 are cut to 1000. Faults: invalid_input. */
export function pageOf(query: readonly [string, string][]): Page {
  const read = (name: string, fallback: number) => {
    const sent = queryOf(query, name)
    const value = sent === undefined || sent === '' ? fallback : wholeNumber(sent)
    if (value === undefined || value < 0) refuse([issue(name, `The value '${sent}' is not valid.`)])
    return value as number
  }
  return { offset: read('skip', 0), limit: Math.min(read('take', DEFAULT_TAKE), MAX_TAKE) }
}

/** Paging facts travel in headers, on every list. */
export function pageHeaders(page: Page, total: number): Record<string, string> {
  return {
    'x-cm-pagination-skip': String(page.offset),
    'x-cm-pagination-take': String(page.limit),
    'x-cm-pagination-total': String(total),
  }
}
