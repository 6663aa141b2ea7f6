import * as v from 'valibot'
import { Fault, type Issue, isFault } from '../../../core/ground/fault.ts'
import type { Page } from '../../../core/ground/model.ts'
import { wholeNumber } from '../../kit/paging.ts'
import { caseless } from '../../kit/schema.ts'
import { pascal } from '../faults.ts'

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

const Query = caseless(v.object({ ...requestEntries, quantity: v.unknown(), rangeSize: v.unknown() }), ALIASES)

/** Availability asks with the same criteria in the query, where every value is text. Faults: invalid_input. */
export function criteriaOf(query: readonly [string, string][]): RequestInput {
  const sent = Object.fromEntries(query.filter(([, value]) => value !== ''))
  const { output } = v.safeParse(Query, sent)
  const { quantity, rangeSize, ...words } = output as Record<keyof RequestInput, string | undefined>
  const issues: Issue[] = []
  const whole = (name: string, value: string | undefined, absent: number) => {
    const number = value === undefined ? absent : wholeNumber(value)
    if (number === undefined) issues.push(issue(name, `The value '${value}' is not valid.`))
    return number ?? absent
  }
  const amounts = { quantity: whole('quantity', quantity, 1), rangeSize: whole('rangeSize', rangeSize, 0) }
  refuse(issues)
  return { ...words, ...amounts }
}

/** What is refused under our name for it is named as the client sent it. */
export async function namedAsSent<T>(sent: readonly string[], read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!isFault(error, 'invalid_input')) throw error
    const issues = error.details.issues.map(each => ({ ...each, field: sentName(sent, each.field) }))
    throw new Fault('invalid_input', { issues })
  }
}

function sentName(sent: readonly string[], field: string): string {
  const is = (name: string, other: string) => name.toLowerCase() === other.toLowerCase()
  if (sent.some(name => is(name, field))) return field
  const others = Object.entries(ALIASES).flatMap(([other, name]) => (name === field ? [other] : []))
  return others.find(other => sent.some(name => is(name, other))) ?? field
}

export function refuse(issues: readonly Issue[]): void {
  if (issues.length > 0) throw new Fault('invalid_input', { issues })
}

export function issue(field: string, message: string): Issue {
  return { field, problem: 'format', message }
}

/** As ASP.NET says it, where a schema has no words of its own. */
function wordsOf({ path, received }: v.BaseIssue<unknown>): string {
  const name = String(path?.at(-1)?.key ?? '')
  if (received !== 'undefined') return wrong('the type of the field')
  return name === '' ? 'A non-empty request body is required.' : `The ${pascal(name)} field is required.`
}

/** Faults: invalid_input with every mistake. */
export function parse<S extends v.GenericSchema>(schema: S, body: unknown): v.InferOutput<S> {
  const parsed = v.safeParse(schema, body, { message: wordsOf })
  if (!parsed.success) refuse(parsed.issues.map(each => issue(v.getDotPath(each) ?? '', each.message)))
  return parsed.output as v.InferOutput<S>
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
