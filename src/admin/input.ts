import type { Context } from 'hono'
import * as v from 'valibot'
import { readBoolean } from '../../adapters/kit/booleans.ts'
import { isStorable } from '../../adapters/kit/charset.ts'
import { issueWords } from '../../adapters/kit/issue-words.ts'
import { objectBody, parseJson } from '../../adapters/kit/json-body.ts'
import { cutIssues } from '../../adapters/kit/limits.ts'
import { shownAs } from '../../adapters/kit/schema.ts'
import { isE164, toE164 } from '../../core/ground/e164.ts'
import { Fault, type Issue } from '../../core/ground/fault.ts'
import type { JsonObject, Page } from '../../core/ground/model.ts'
import { parseMoney } from '../../core/ground/money.ts'
import { isCountry, isCurrency } from '../../core/ground/numbering-plan.ts'
import { LAST_CLOCK, parseMoment, parseTime } from '../../core/ground/time.ts'
import type { World } from '../worlds/world-file.ts'
import type { AdminEnv } from './context.ts'
import { missing } from './faults.ts'

type Incoming = Context<AdminEnv>

/** A JSON body that fits the schema; an absent one is an empty object. */
export async function readBody<S extends v.GenericSchema>(c: Incoming, schema: S): Promise<v.InferOutput<S>> {
  const bytes = new Uint8Array(await c.req.arrayBuffer())
  const body = isBlank(bytes) ? undefined : parseJson(bytes, c.req.header('content-type'))
  return check(schema, objectBody(body) ?? {})
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every(byte => byte === 32 || (byte >= 9 && byte <= 13))
}

/** Faults: invalid_input, for a text that cannot be kept too, on whichever engine. */
export function readQuery<S extends v.GenericSchema>(c: Incoming, schema: S): v.InferOutput<S> {
  const query = c.req.query()
  const issues = Object.entries(query).flatMap(([field, value]) => wrongWord(c, schema, field, value) ?? [])
  if (issues.length > 0) throw new Fault('invalid_input', { issues: cutIssues(issues) })
  return check(schema, query)
}

function wrongWord({ req }: Incoming, schema: v.GenericSchema, field: string, value: string): Issue | undefined {
  if (!isStorable(field) || !isStorable(value))
    return { field, problem: 'format', message: 'has a character that no text may have' }
  // a misspelt dry_run must not become an import: what changes something takes no word that it does not know
  const isKnown = req.method === 'GET' || !('entries' in schema) || Object.hasOwn(schema.entries as object, field)
  return isKnown ? undefined : { field, problem: 'unknown', message: 'is not known here' }
}

/** Faults: invalid_input. */
export function check<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, value, { message: issueWords })
  if (result.success) return result.output
  throw new Fault('invalid_input', { issues: cutIssues(result.issues).map(issueOf) })
}

function issueOf(issue: v.BaseIssue<unknown>): Issue {
  const isUnknown = issue.type === 'strict_object' && issue.expected === 'never'
  // what was sent and could not be read is undefined by now, too
  const isMissing = issue.received === 'undefined' && issue.path?.at(-1)?.value === undefined
  return {
    field: v.getDotPath(issue) ?? 'body',
    problem: isUnknown ? 'unknown' : isMissing ? 'missing' : issue.kind === 'schema' ? 'type' : 'format',
    message: isUnknown ? 'is not known here' : isMissing ? 'is missing' : issue.message,
  }
}

/** `{e164}` of the path, with or without `+`. */
export function e164Of(c: Incoming): string {
  const text = c.req.param('e164') ?? ''
  const e164 = toE164(text)
  if (e164 === undefined) throw missing('number', text)
  return e164
}

/** `{id}` of the path. */
export function idOf(c: Incoming, noun: Parameters<typeof missing>[0], name = 'id'): number {
  const text = c.req.param(name) ?? ''
  if (!/^\d{1,15}$/.test(text)) throw missing(noun, text)
  return Number(text)
}

/** Decimal text to micros, not negative. */
export const money = v.pipe(
  v.string('must be decimal text such as "25.00"'),
  v.regex(/^\d{1,9}(\.\d{1,6})?$/, 'must be decimal text such as "25.00", not negative'),
  v.transform(text => parseMoney(text)),
)

export const positiveMoney = v.pipe(money, v.minValue(1, 'must be above zero'))

export const currency = v.pipe(v.string(), v.check(isCurrency, 'must be an ISO 4217 currency code such as "USD"'))

export const country = v.pipe(v.string(), v.check(isCountry, 'must be an ISO 3166 country code such as "NL"'))

/** ISO 8601 with zone to epoch milliseconds. */
export const instant = v.pipe(
  v.string(),
  v.transform(parseTime),
  v.number('must be a time with zone that the calendar has, such as "2026-06-01T00:00:00Z"'),
  v.maxValue(LAST_CLOCK, `must not be after ${new Date(LAST_CLOCK).toISOString()}`),
)

/** Of a world's first moment. */
const start = v.pipe(instant, v.minValue(0, 'must not be before 1970-01-01T00:00:00Z'))

const SEEDS = 'must be "demo", "none", a world, or {"snapshot": "name"}'

/** A path of this machine is no value to be sent. */
function isWorld(value: unknown): boolean {
  return isObject(value) && !Object.hasOwn(value as object, 'path') && !Object.hasOwn(value as object, 'image')
}

/** What a world begins from, with the members that name a snapshot. A world itself is judged when it is loaded. */
export function seedOf<E extends v.ObjectEntries>(snapshot: E) {
  const names = Object.keys(snapshot).map(name => [name, { type: 'string' }])
  const named = { type: 'object', properties: Object.fromEntries(names), required: ['snapshot'] }
  const world = { $ref: '#/components/schemas/World' }
  return v.optional(
    v.pipe(
      v.union([v.picklist(['demo', 'none']), v.strictObject(snapshot), v.custom<World>(isWorld, SEEDS)], SEEDS),
      shownAs({ anyOf: [{ enum: ['demo', 'none'] }, named, world] }),
    ),
  )
}

/** How a life of a world begins. */
export const beginning = v.strictObject({
  seed: seedOf({ snapshot: v.string() }),
  now: v.optional(start),
  freeze: v.optional(v.boolean()),
})

export const e164 = v.pipe(v.string(), v.check(isE164, 'must be an E.164 number such as "+12025550100"'))

export const text = (most: number) => v.pipe(v.string(), v.trim(), v.nonEmpty('is empty'), v.maxLength(most))

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export const jsonObject = v.pipe(v.custom<JsonObject>(isObject, 'must be an object'), shownAs({ type: 'object' }))

/** A date begins at its midnight in UTC. */
export const moment = v.pipe(
  v.string(),
  v.transform(value => parseMoment(value)?.at),
  v.number('must be a date (2026-06-01, UTC) or a time with its zone'),
)

/** Why something is done that nobody but an operator does: it stands in the event. */
export const why = v.pipe(v.string('says why'), v.trim(), v.nonEmpty('must say why'), v.maxLength(500))

/** For how long a former secret holds beside the new one. */
export const overlap = v.optional(
  v.pipe(v.number(), v.integer('must be whole seconds'), v.minValue(0), v.maxValue(30 * 86_400)),
  0,
)

export const whyIfAny = v.optional(v.pipe(v.string(), v.trim(), v.maxLength(500)), '')

/** Of a call without a body. */
export const reasonInQuery = v.object({ reason: v.optional(why) })

export const reason = v.strictObject({ reason: whyIfAny })

export const yesOrNo = v.optional(
  v.pipe(
    v.string(),
    v.transform(value => readBoolean(value)),
    v.boolean('must be true or false'),
  ),
  'false',
)

const count = (most: number) =>
  v.pipe(
    v.string(),
    v.regex(/^\d{1,9}$/, 'must be a whole number'),
    v.transform(Number),
    v.maxValue(most, `must be ${most} or less`),
  )

/** An id in a query. */
export const wholeNumber = count(999_999_999)

export const limit = v.optional(v.pipe(count(1000), v.minValue(1, 'must be 1 or more')), '100')

export const pageSchema = v.object({ limit, offset: v.optional(count(999_999_999), '0') })

export function pageOf(c: Incoming): Page {
  return readQuery(c, pageSchema)
}
