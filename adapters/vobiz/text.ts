import type { Instant } from '../../core/model.ts'

/** RFC 3339 in UTC: whole seconds without a fraction, else six digits. */
export function timestamp(at: Instant): string {
  const text = new Date(at).toISOString()
  return at % 1000 === 0 ? `${text.slice(0, 19)}Z` : `${text.slice(0, 23)}000Z`
}

/** A date alone (a UTC day) or RFC 3339, with or without offset (then UTC). Undefined: neither. */
export function parseInstant(text: string): { at: Instant; isDay: boolean } | undefined {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[ +-]\d\d:?\d\d)?)?$/i.exec(text.trim())
  if (!match) return undefined
  const [, date = '', time, offset = 'Z'] = match
  // a raw + of an offset arrives as a space
  const zone = /^z$/i.test(offset) ? 'Z' : offset.replace(' ', '+').replace(/^(.\d\d):?(\d\d)$/, '$1:$2')
  const at = Date.parse(time === undefined ? `${date}T00:00:00Z` : `${date}T${time}${zone}`)
  const isReal = new Date(`${date}T00:00:00Z`).toJSON()?.startsWith(date) === true
  return Number.isNaN(at) || !isReal ? undefined : { at, isDay: time === undefined }
}
