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

/** Text of a body, laid out where it is JSON. */
export function laidOut(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
