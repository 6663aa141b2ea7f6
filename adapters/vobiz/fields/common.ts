/** The provider's names in, core values out. What the provider is lenient about falls back instead of failing. */
import * as v from 'valibot'
import { isE164 } from '../../../core/ground/e164.ts'
import { Fault } from '../../../core/ground/fault.ts'
import { readBoolean } from '../../kit/booleans.ts'
import type { Inbound } from '../../kit/dialect.ts'
import { MAX_LIST } from '../../kit/limits.ts'
import { wholeNumberOr } from '../../kit/paging.ts'
import { queryValues, shownAs } from '../../kit/schema.ts'

const INT4 = 2_147_483_647
const MAX_TEXT = 1000
const MAX_PREFIXES = 200

function decodedAgain(text: string): string {
  return text.replace(/%2b/gi, '+')
}

/** `+9198…`, `9198…`, and `%2B9198…` from clients that encode twice; '' for what is no number. */
export function e164Of(text: string): string {
  const plain = decodedAgain(text).trim()
  const e164 = /^\d/.test(plain) ? `+${plain}` : plain
  return isE164(e164) ? e164 : ''
}

/** A value of a query that may be absent; the default has it looked at all the same. */
export const Anything = v.optional(v.unknown(), '')

/** A number in the path. What is none is looked up all the same, so that its endpoint words the 404. */
export const NumberInPath = v.pipe(v.string(), v.transform(e164Of))
export const Path = v.object({ account: v.string() })
export const NumberPath = v.object({ account: v.string(), e164: NumberInPath })

/** Whole number, or the default; above `max` it is cut. */
export const lenientInt = (fallback: number, { min = 1, max = Number.MAX_SAFE_INTEGER } = {}) =>
  v.pipe(
    Anything,
    shownAs({
      type: 'integer',
      default: fallback,
      minimum: min,
      ...(max < Number.MAX_SAFE_INTEGER && { maximum: max }),
    }),
    v.transform(value => wholeNumberOr(value, fallback, { min, max })),
  )

/** Text of a query; empty is absent. */
export const queryText = v.pipe(
  Anything,
  shownAs({ type: 'string' }),
  v.transform(value => (typeof value === 'string' && value !== '' ? value : undefined)),
)

/** Faults of a flag are the client's: neither true nor false is what it says. */
export const Flag = v.pipe(
  Anything,
  shownAs({ type: 'boolean' }),
  v.rawTransform<unknown, boolean>(({ dataset, addIssue, NEVER }) => {
    const value = dataset.value === '' ? false : readBoolean(dataset.value)
    if (value !== undefined) return value
    addIssue({ message: 'must be true or false' })
    return NEVER
  }),
)

export const lenientFlag = (fallback: boolean) =>
  v.pipe(
    Anything,
    shownAs({ type: 'boolean', default: fallback }),
    v.transform(value => readBoolean(value) ?? fallback),
  )

/** Part of a number, with or without `+`; a raw + arrives as a space. 'none': it can match nothing. */
export const Search = v.pipe(
  queryText,
  v.transform(text => {
    if (text === undefined || text.trim() === '') return undefined
    const plain = decodedAgain(text.replace(/^ /, '+')).trim()
    const digits = plain.replace(/^\+/, '')
    if (!/^\d{0,15}$/.test(digits)) return 'none' as const
    return { kind: plain.startsWith('+') ? ('starts' as const) : ('contains' as const), digits }
  }),
)

/** Prefixes to leave out: lists, repeated names, or both. Faults: invalid_input (too many to search with). */
export function excludedPrefixes({ query }: Inbound): string[] {
  const all = queryValues(query, 'exclude').flatMap(text => text.split(',', MAX_LIST + 1))
  const digits = all.map(text => decodedAgain(text).trim().replace(/^\+/, '')).filter(text => /^\d{1,15}$/.test(text))
  const prefixes = [...new Set(digits)]
  if (prefixes.length <= MAX_PREFIXES) return prefixes
  const message = `exclude takes at most ${MAX_PREFIXES} prefixes`
  throw new Fault('invalid_input', { issues: [{ field: 'exclude', problem: 'too_big', message }] })
}

export const Currency = v.pipe(
  v.string('currency must be text'),
  v.regex(/^[A-Za-z]{3}$/, 'currency must be a code of three letters'),
  v.toUpperCase(),
)

export const Name = v.pipe(
  v.string('name is required'),
  v.trim(),
  v.nonEmpty('name is required'),
  v.maxLength(255, 'name is too long'),
)
export const Text = v.pipe(v.string(), v.maxLength(MAX_TEXT))
export const Count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(INT4))
