/** Pieces of answers that many operations share, and the shapes of what goes wrong. */
import * as v from 'valibot'
import type { Answers } from '../../kit/dialect.ts'

export const Timestamp = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/))
export const Uuid = v.pipe(v.string(), v.regex(/^[\da-f]{8}-[\da-f]{4}-[45][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/))
export const Whole = v.pipe(v.number(), v.integer())
export const MainId = v.pipe(v.string(), v.regex(/^MA_\w+$/))
export const AuthId = v.pipe(v.string(), v.regex(/^(MA|SA)_\w+$/))
export const Decimal = v.pipe(v.string(), v.regex(/^\d+$/))

/** Shapes A and B. */
export const Flat = v.strictObject({ error: v.string(), message: v.optional(v.string()) })
/** Shape C. */
export const Nested = v.strictObject({ error: v.strictObject({ code: Whole, message: v.string() }) })
/** Shape D. */
const General = v.strictObject({
  status: v.literal('error'),
  error: v.strictObject({ code: v.string(), message: v.string() }),
  timestamp: Timestamp,
  requestId: v.string(),
})
/** Shape D of a limit. */
const Limited = v.strictObject({
  ...General.entries,
  error: v.strictObject({
    code: v.literal('RATE_LIMIT_EXCEEDED'),
    message: v.string(),
    details: v.strictObject({ limitType: v.string(), limit: Whole, current: Whole, retryAfter: Whole }),
  }),
})
export const CoolOff = v.strictObject({
  error: v.literal('did_cool_off_in_effect'),
  cool_off_until: Timestamp,
  cool_off_remaining_seconds: v.pipe(Whole, v.minValue(1)),
})

/** What every operation may answer. */
export const refusals = { 401: Nested, 403: v.union([Nested, General, Flat]) } as const

export const Message = v.strictObject({ message: v.string() })

/** Statuses that any operation may have for reasons of transport. */
export const anywhere: Answers = {
  400: Flat,
  401: Nested,
  404: Flat,
  409: Flat,
  413: Flat,
  415: Flat,
  429: v.union([Limited, Flat]),
}
