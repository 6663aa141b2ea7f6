import { DAY_MS } from '../../ground/clock.ts'
import { isE164, nanpParts, reversed } from '../../ground/e164.ts'
import { Fault, isFault } from '../../ground/fault.ts'
import type { Capability, Instant } from '../../ground/model.ts'
import { MAX_PRICE, parseMoney } from '../../ground/money.ts'
import { codeHint, isCountry, isCurrency, planFault } from '../../ground/numbering-plan.ts'
import { CAPABILITY_BITS, capabilityBits } from '../../ground/rows.ts'
import { parseMoment } from '../../ground/time.ts'
import type { ImportRowTable } from '../../store/tables.ts'
import type { Billing, ImportRow } from '../../verbs.ts'
import { paidUntil } from './billing.ts'

/** One CSV line as numbers and words, before places and counters are found for it. */
export type ValidRow = Omit<ImportRowTable, 'import_id' | 'line' | 'stock_id' | 'city_id'>

const TYPES = ['local', 'national', 'mobile', 'toll_free']
const DOCUMENTS = ['id', 'address', 'localaddress']
const DEFAULT_CHANNELS = 2
const MAX_CHANNELS = 100_000
const MAX_TEXT = 100
const MAX_SHOWN = 40

/** Most cells. */
const PLAIN = /^[ -~]*$/
/** NUL and its like, halves of characters, and the sign for what was lost when text was read in a wrong encoding. */
const UNREADABLE = /[\p{Cc}\p{Cs}\uFFFD]/u

function refuse(field: string, message: string): never {
  throw new Fault('invalid_input', { issues: [{ field, problem: 'format', message: `${field}: ${message}` }] })
}

/** A value as a message shows it. */
function shown(value: string): string {
  return value.length > MAX_SHOWN ? `"${value.slice(0, MAX_SHOWN)}…"` : `"${value}"`
}

function unreadable(column: string, value: string): never {
  const bad = UNREADABLE.exec(value)?.[0] ?? ''
  if (bad === '\uFFFD')
    refuse(column, 'has characters that are not UTF-8: save the file as UTF-8, or tell its encoding')
  const code = (bad.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return refuse(column, `has a character that no text may have (U+${code})`)
}

function cell(row: ImportRow, column: string): string {
  const value = (row[column] ?? '').trim()
  if (value.length > MAX_TEXT) refuse(column, `${shown(value)} has more than ${MAX_TEXT} characters`)
  return !PLAIN.test(value) && UNREADABLE.test(value) ? unreadable(column, value) : value
}

/** What must be written, be it a zero. */
function mandatory(row: ImportRow, column: string): string {
  const value = cell(row, column)
  return value === '' ? refuse(column, 'is empty') : value
}

/** Every file has its column and so must every line; only rows made by code may leave it out, for what is free. */
function written(row: ImportRow, column: string): string {
  return row[column] === undefined ? '0' : mandatory(row, column)
}

function oneOf(row: ImportRow, column: string, allowed: readonly string[]): string {
  const value = mandatory(row, column)
  return allowed.includes(value) ? value : refuse(column, `${shown(value)} is none of ${allowed.join(', ')}`)
}

function matching(row: ImportRow, column: string, pattern: RegExp, what: string): string {
  const value = cell(row, column)
  return pattern.test(value) ? value : refuse(column, `${shown(value)} is not ${what}`)
}

function code(row: ImportRow, column: string, isKnown: (code: string) => boolean, what: string): string {
  const value = mandatory(row, column)
  return isKnown(value) ? value : refuse(column, `${shown(value)} is not ${what}${codeHint(value, isKnown)}`)
}

function list(row: ImportRow, column: string, allowed: readonly string[]): string[] {
  const values = cell(row, column)
    .split(';')
    .map(value => value.trim())
    .filter(value => value !== '')
  const unknown = values.find(value => !allowed.includes(value))
  return unknown === undefined ? values : refuse(column, `${shown(unknown)} is none of ${allowed.join(', ')}`)
}

function amountOf(text: string): number | undefined {
  try {
    return parseMoney(text)
  } catch (error) {
    if (!isFault(error, 'invalid_input')) throw error
    return undefined
  }
}

function price(column: string, text: string): number {
  const micros = amountOf(text)
  if (micros === undefined && /^[+-]?\d+\.\d{7,}$/.test(text))
    refuse(column, `${shown(text)} has more than six decimals`)
  if (micros === undefined) refuse(column, `${shown(text)} is not an amount of money`)
  if (micros < 0) refuse(column, `${shown(text)} is negative`)
  return micros <= MAX_PRICE ? micros : refuse(column, `${shown(text)} is more than ${MAX_PRICE / 1_000_000}`)
}

function whole(row: ImportRow, column: string, most: number): number | null {
  const text = cell(row, column)
  if (text === '') return null
  if (!/^\d{1,12}$/.test(text)) refuse(column, `${shown(text)} is not a whole number`)
  return Number(text) <= most ? Number(text) : refuse(column, `${shown(text)} is more than ${most}`)
}

const day = (at: Instant) => new Date(at).toISOString().slice(0, 10)

function instant(row: ImportRow, column: string, first: Instant, last: Instant): Instant {
  const text = mandatory(row, column)
  const at = parseMoment(text)?.at
  if (at === undefined)
    refuse(column, `${shown(text)} is neither a date (2026-06-01, UTC) nor a time with its zone (…T12:00:00Z)`)
  if (at < first) refuse(column, `${shown(text)} is before ${day(first)}`)
  return at <= last ? at : refuse(column, `${shown(text)} is after ${day(last)}`)
}

function coordinate(row: ImportRow, column: string, limit: number): string | null {
  const text = cell(row, column)
  if (text === '') return null
  const fits = /^-?\d{1,3}(\.\d{1,15})?$/.test(text) && Math.abs(Number(text)) <= limit
  return fits ? text : refuse(column, `${shown(text)} is not a coordinate from -${limit} to ${limit}`)
}

/** In the North American plan the NPA is part of the number; elsewhere the area code must be told. */
function plan(e164: string, areaCode: string, type: string) {
  const parts = nanpParts(e164)
  if (!parts) return { area_code: areaCode.replace(/^0/, ''), npa_nxx: null }
  if (areaCode !== '' && areaCode !== parts.npa) refuse('area_code', `"${areaCode}" is not the NPA of ${e164}`)
  return { area_code: parts.npa, npa_nxx: type === 'local' ? parts.npa + parts.nxx : null }
}

/** Nobody had a telephone number before. */
const FIRST_ACTIVATION = Date.UTC(1900, 0)
const HUNDRED_YEARS = 36_525 * DAY_MS

function ownership(row: ImportRow, { isOwned, now, billing }: Terms) {
  if (!isOwned) return { owner_id: null, user_id: null, activated_at: null, paid_until: null }
  const owner_id = whole(row, 'account_id', Number.MAX_SAFE_INTEGER) ?? refuse('account_id', 'is empty')
  const user_id = whole(row, 'user_id', Number.MAX_SAFE_INTEGER)
  // a day more: where the line was written it may be tomorrow
  const activated_at = Math.min(instant(row, 'activated_at', FIRST_ACTIVATION, now + DAY_MS), now)
  const paid = instant(row, 'paid_until', FIRST_ACTIVATION, now + HUNDRED_YEARS)
  if (paid < activated_at) refuse('paid_until', 'is before activated_at')
  const paid_until = paidUntil(paid, billing, now)
  if (paid_until > now + HUNDRED_YEARS) refuse('paid_until', 'would be billed more than a hundred years from now')
  return { owner_id, user_id, activated_at, paid_until }
}

/** What the lines of one file are judged by. */
export interface Terms {
  isOwned: boolean
  now: Instant
  billing: Billing
}

function numbering(row: ImportRow) {
  const e164 = mandatory(row, 'e164')
  if (!isE164(e164)) refuse('e164', `${shown(e164)} is not an E.164 number with +`)
  const country = code(row, 'country', isCountry, 'an ISO 3166 code of a country with telephone numbers')
  const type = oneOf(row, 'type', TYPES)
  const fault = planFault(e164, country, type)
  if (fault) refuse(fault.column, fault.message)
  const areaCode = matching(row, 'area_code', /^\d{0,8}$/, 'an area code')
  return { e164, reversed: reversed(e164), country, type, ...plan(e164, areaCode, type) }
}

const orNull = (text: string) => (text === '' ? null : text)

function geography(row: ImportRow) {
  return {
    region: cell(row, 'region'),
    city: cell(row, 'city'),
    rate_center: orNull(cell(row, 'rate_center')),
    lata: orNull(cell(row, 'lata')),
    latitude: coordinate(row, 'latitude', 90),
    longitude: coordinate(row, 'longitude', 180),
    postal_code: orNull(cell(row, 'postal_code')),
  }
}

/** Faults: invalid_input with one issue whose message names the column. */
export function validateRow(row: ImportRow, terms: Terms): ValidRow {
  const number = numbering(row)
  const place = geography(row)
  const capabilities = list(row, 'capabilities', Object.keys(CAPABILITY_BITS)) as Capability[]
  return {
    // members first: an object that begins with others spread out takes ten times as long to make
    capabilities: capabilityBits(capabilities.length === 0 ? ['voice'] : capabilities),
    currency: code(row, 'currency', isCurrency, 'an ISO 4217 currency code'),
    setup_price: price('setup_price', written(row, 'setup_price')),
    monthly_price: price('monthly_price', written(row, 'monthly_price')),
    per_minute_price: price('per_minute_price', cell(row, 'per_minute_price') || '0'),
    channels: whole(row, 'channels', MAX_CHANNELS) ?? DEFAULT_CHANNELS,
    required_documents: list(row, 'required_documents', DOCUMENTS).join(' '),
    ...number,
    ...place,
    ...ownership(row, terms),
  }
}
