/** What a fault on demand may look like, as the admin plane and the header take it. */
import * as v from 'valibot'
import { FAULT_CODES } from './samples.ts'

/** How long an answer may be held back, in milliseconds. */
export const LONGEST_DELAY_MS = 60_000
/** A callback that is late: it keeps its place among those under way so long. */
export const LONGEST_CALLBACK_DELAY_MS = 10_000
const BODY_LENGTH = 65_536
const MOST_HEADERS = 20
const ONE_MILLION = 1_000_000

const name = v.pipe(v.string(), v.nonEmpty('is empty'), v.maxLength(200, 'has more than 200 characters'))
const count = v.pipe(v.number(), v.integer('must be a whole number'), v.minValue(1), v.maxValue(ONE_MILLION))
const ms = v.pipe(
  v.number(),
  v.integer('must be whole milliseconds'),
  v.minValue(0, 'must not be negative'),
  v.maxValue(LONGEST_DELAY_MS, `must be ${LONGEST_DELAY_MS} ms at most`),
)
const pattern = v.pipe(v.string(), v.regex(/^\+?[\d*]{1,20}$/, 'must be digits, with * for any number of them'))

/** Which requests, or which callbacks. */
export const whenSchema = v.strictObject({
  dialect: v.optional(name),
  operation: v.optional(name),
  account: v.optional(v.union([v.pipe(v.number(), v.integer()), name], 'must be an id, a handle or a guid')),
  e164: v.optional(pattern),
  nth: v.optional(count),
  times: v.optional(count),
  probability: v.optional(v.pipe(v.number(), v.minValue(0, 'must be 0 to 1'), v.maxValue(1, 'must be 0 to 1'))),
  seed: v.optional(v.pipe(v.number(), v.integer('must be a whole number'))),
  callback: v.optional(v.union([v.literal(true), name], 'must be true, or a part of the URL that is called')),
})

/** A number, `[from, to]` evenly, or a log-normal distribution about its median. */
export const delaySchema = v.union(
  [
    ms,
    v.pipe(
      v.tuple([ms, ms]),
      v.check(([from, to]) => from <= to, 'must rise'),
    ),
    v.strictObject({ median: ms, sigma: v.pipe(v.number(), v.minValue(0), v.maxValue(5)) }),
  ],
  `must be milliseconds, [from, to] or {"median", "sigma"}, ${LONGEST_DELAY_MS} at most`,
)

export const CALLBACK_EFFECTS = ['twice', 'out_of_order', 'lost', 'wrong_signature'] as const
export const DROPS = ['before', 'mid_body', 'after_commit'] as const
export const BODIES = ['truncated', 'malformed'] as const

const headerName = v.pipe(v.string(), v.regex(/^[\w-]{1,100}$/, 'must be the name of a header'))
const headerValue = v.pipe(v.string(), v.regex(/^[\t\x20-\x7e]{0,2000}$/, 'must be printable'))

const shape = v.strictObject({
  fault: v.optional(v.picklist(FAULT_CODES, 'must be a code of the catalogue')),
  retry_after: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(86_400))),
  status: v.optional(v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599))),
  headers: v.optional(
    v.pipe(v.record(headerName, headerValue), v.maxEntries(MOST_HEADERS, `at most ${MOST_HEADERS} headers`)),
  ),
  body: v.optional(v.unknown()),
  delay_ms: v.optional(delaySchema),
  drop: v.optional(v.picklist(DROPS)),
  callback: v.optional(v.picklist(CALLBACK_EFFECTS)),
})

type Shape = v.InferOutput<typeof shape>

const effectsOf = ({ fault, status, drop, callback, body }: Shape) =>
  [fault, status, drop, callback, status === undefined ? body : undefined].filter(each => each !== undefined).length

const isBody = ({ status, body }: Shape) => status !== undefined || body === undefined || BODIES.includes(body as never)

const lengthOf = (body: unknown) => (typeof body === 'string' ? body : (JSON.stringify(body) ?? '')).length

/** One effect, and a delay beside it if wanted. */
export const thenSchema = v.pipe(
  shape,
  v.check(isBody, 'body: "truncated" or "malformed", or any body beside a status'),
  v.check(({ body }) => lengthOf(body) <= BODY_LENGTH, `body: ${BODY_LENGTH} characters at most`),
  v.check(then => effectsOf(then) <= 1, 'one of fault, status, drop, body and callback'),
  v.check(
    then => effectsOf(then) === 1 || then.delay_ms !== undefined,
    'fault, status, drop, body, callback or delay_ms',
  ),
  v.check(({ headers, status }) => headers === undefined || status !== undefined, 'headers go with a status'),
  v.check(
    ({ retry_after: after, fault }) => after === undefined || fault !== undefined,
    'retry_after goes with a fault',
  ),
)

export const ruleSchema = v.pipe(
  v.strictObject({ when: v.optional(whenSchema, {}), then: thenSchema }),
  v.check(
    ({ when, then }) => then.callback === undefined || when.callback !== undefined,
    'then.callback goes with when.callback',
  ),
  v.check(
    ({ when, then }) => when.callback === undefined || then.callback !== undefined || onlyLate(then),
    'a callback can be late (delay_ms), twice, out_of_order, lost or wrong_signature',
  ),
  v.check(({ when }) => when.callback === undefined || when.operation === undefined, 'a callback has no operation'),
)

const onlyLate = (then: Shape) => effectsOf(then) === 0

export type When = v.InferOutput<typeof whenSchema>
export type Then = v.InferOutput<typeof thenSchema>
export type Delay = v.InferOutput<typeof delaySchema>
export type NewRule = v.InferOutput<typeof ruleSchema>
