import type { Instant } from '../../../core/ground/model.ts'
import { parseMoment } from '../../../core/ground/time.ts'

/** RFC 3339 in UTC: whole seconds without a fraction, else six digits. */
export function timestamp(at: Instant): string {
  const text = new Date(at).toISOString()
  return at % 1000 === 0 ? `${text.slice(0, 19)}Z` : `${text.slice(0, 23)}000Z`
}

/** A date alone (a UTC day) or RFC 3339 with its offset. Undefined: neither. */
export function parseInstant(text: string): { at: Instant; isDay: boolean } | undefined {
  // a raw + of an offset arrives as a space
  return parseMoment(text.trim().replace(/ (\d\d:?\d\d)$/, (all, zone, start) => (start > 10 ? `+${zone}` : all)))
}
