/** Numbered pages (Wavix, Vobiz from 1; Sinch v1 from 0) over the core's limit and offset. */
import type { Page } from '../../core/ground/model.ts'

/** A whole number as query text or JSON has it; undefined for anything else, empty text included. */
export function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined
}

/** The lenient way: what is no whole number of at least `min` falls back, what is above `max` is cut. */
export function wholeNumberOr(value: unknown, fallback: number, range: { min: number; max: number }): number {
  const number = wholeNumber(value)
  return number === undefined || number < range.min ? fallback : Math.min(number, range.max)
}

/** `first`: what the dialect calls the first page. */
export function pageOf(page: number, perPage: number, first: 0 | 1 = 1): Page {
  // beyond any list there is, but safe arithmetic for the database
  return { limit: perPage, offset: Math.min((page - first) * perPage, Number.MAX_SAFE_INTEGER) }
}

/** Never 0: an empty list is one empty page. */
export function pageCount(total: number, perPage: number): number {
  return Math.max(1, Math.ceil(total / perPage))
}
