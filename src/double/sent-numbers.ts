/** Which numbers a request speaks of, as it was sent: no dialect is asked, so ids of theirs say nothing. */
import type { Inbound } from '../../adapters/kit/dialect.ts'
import { toE164 } from '../../core/ground/e164.ts'

/** Texts looked at; what comes behind them is not. */
const MOST_TEXTS = 1_000
const MOST_NUMBERS = 50
const LOOKS_LIKE = /^\s*(?:\+|%2B)?\(?\d[\d ().-]{6,20}$/i
/** A day looks like one too. */
const IS_DAY = /^\s*\d{4}-\d\d-\d\d(?!\d)/

function* textsIn(value: unknown, depth = 0): Generator<string> {
  if (typeof value === 'string') yield value
  else if (typeof value === 'number') yield String(value)
  else if (depth < 6 && Array.isArray(value)) for (const each of value) yield* textsIn(each, depth + 1)
  else if (depth < 6 && typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    for (const each of Object.values(value)) yield* textsIn(each, depth + 1)
  }
}

/** E.164, ten digits (North American), or eleven and more without a plus. */
function numberIn(text: string): string | undefined {
  if (!LOOKS_LIKE.test(text) || IS_DAY.test(text)) return undefined
  const digits = text.replace(/^\s*%2B/i, '+').replace(/[^\d+]/g, '')
  if (digits.startsWith('+')) return toE164(digits)
  return toE164(digits.length === 10 ? `+1${digits}` : `+${digits}`)
}

export function numbersIn(...values: readonly unknown[]): string[] {
  const found = new Set<string>()
  let looked = 0
  for (const value of values) {
    for (const text of textsIn(value)) {
      if (++looked > MOST_TEXTS || found.size >= MOST_NUMBERS) return [...found]
      const e164 = numberIn(text)
      if (e164 !== undefined) found.add(e164)
    }
  }
  return [...found]
}

export function numbersSent({
  path,
  query,
  body,
  fields,
}: Pick<Inbound, 'path' | 'query' | 'body' | 'fields'>): string[] {
  return numbersIn(path, query, fields, body)
}
