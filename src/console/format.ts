import { parsePhoneNumberFromString } from 'libphonenumber-js/core'
import metadata from 'libphonenumber-js/min/metadata'

/** `+1 212 555 0142`, as its country groups it. */
export function groupedNumber(e164: string): string {
  return parsePhoneNumberFromString(e164, metadata)?.formatInternational() ?? e164
}

export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** Decimal text of the admin API, thousands apart. */
export function groupedMoney(amount: string): string {
  const [, sign = '', whole = '', rest = ''] = /^(-?)(\d+)(.*)$/.exec(amount) ?? []
  return `${sign === '-' ? '−' : ''}${grouped(Number(whole))}${rest}`
}

/** `2026-06-01 12:00:00`, of UTC like all times here. */
export function utc(iso: string): string {
  return iso.replace('T', ' ').replace(/(\.\d+)?Z$/, '')
}

/** `toll_free` is "toll free". */
export function words(name: string): string {
  return name.replace(/[_.]/g, ' ')
}

const COUNTRIES = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' })

/** `NL` is "Netherlands". */
export function countryName(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (COUNTRIES.of(code) ?? code) : code
}

/** They turn the rest of a line round, or are not seen at all. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are looked for
const UNSEEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\u061c]/g

/** What strangers wrote, with nothing in it that hides, or makes other text look otherwise. */
export function visible(text: string): string {
  return text.replace(UNSEEN, each => `[U+${each.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}]`)
}

/** Text of a body, laid out where it is JSON. */
export function laidOut(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
