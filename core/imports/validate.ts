import { isE164, nanpParts, reversed } from '../e164.ts'
import { Fault, isFault } from '../fault.ts'
import type { Capability, Instant } from '../model.ts'
import { parseMoney } from '../money.ts'
import { CAPABILITY_BITS, capabilityBits } from '../rows.ts'
import type { ImportRowTable } from '../store/tables.ts'
import type { ImportRow } from '../verbs.ts'

/** One CSV line as numbers and words, before places and counters are found for it. */
export type ValidRow = Omit<ImportRowTable, 'import_id' | 'line' | 'stock_id' | 'city_id'>

const TYPES = ['local', 'national', 'mobile', 'toll_free']
const DOCUMENTS = ['id', 'address', 'localaddress']
const DEFAULT_CHANNELS = 2

function refuse(field: string, message: string): never {
  throw new Fault('invalid_input', { issues: [{ field, problem: 'format', message: `${field}: ${message}` }] })
}

function cell(row: ImportRow, column: string): string {
  return (row[column] ?? '').trim()
}

function oneOf(row: ImportRow, column: string, allowed: readonly string[]): string {
  const value = cell(row, column)
  return allowed.includes(value) ? value : refuse(column, `"${value}" is none of ${allowed.join(', ')}`)
}

function matching(row: ImportRow, column: string, pattern: RegExp, what: string): string {
  const value = cell(row, column)
  return pattern.test(value) ? value : refuse(column, `"${value}" is not ${what}`)
}

function list(row: ImportRow, column: string, allowed: readonly string[]): string[] {
  const values = cell(row, column)
    .split(';')
    .map(value => value.trim())
    .filter(value => value !== '')
  const unknown = values.find(value => !allowed.includes(value))
  return unknown === undefined ? values : refuse(column, `"${unknown}" is none of ${allowed.join(', ')}`)
}

function price(row: ImportRow, column: string): number {
  const text = cell(row, column)
  if (text === '') return 0
  try {
    const micros = parseMoney(text, column)
    return micros >= 0 ? micros : refuse(column, 'is negative')
  } catch (error) {
    if (!isFault(error, 'invalid_input')) throw error
    return refuse(column, `"${text}" is not an amount of money`)
  }
}

function whole(row: ImportRow, column: string): number | null {
  const text = cell(row, column)
  if (text === '') return null
  return /^\d{1,12}$/.test(text) ? Number(text) : refuse(column, `"${text}" is not a whole number`)
}

function instant(row: ImportRow, column: string): Instant | null {
  const text = cell(row, column)
  if (text === '') return null
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? refuse(column, `"${text}" is not an ISO 8601 date or time`) : at
}

function coordinate(row: ImportRow, column: string, limit: number): string | null {
  const text = cell(row, column)
  if (text === '') return null
  const fits = /^-?\d{1,3}(\.\d+)?$/.test(text) && Math.abs(Number(text)) <= limit
  return fits ? text : refuse(column, `"${text}" is not a coordinate`)
}

/** In the North American plan the NPA is part of the number; elsewhere the area code must be told. */
function plan(e164: string, areaCode: string, type: string) {
  const parts = nanpParts(e164)
  if (!parts) return { area_code: areaCode.replace(/^0/, ''), npa_nxx: null }
  if (areaCode !== '' && areaCode !== parts.npa) refuse('area_code', `"${areaCode}" is not the NPA of ${e164}`)
  return { area_code: parts.npa, npa_nxx: type === 'local' ? parts.npa + parts.nxx : null }
}

function ownership(row: ImportRow, owned: boolean) {
  if (!owned) return { owner_id: null, user_id: null, activated_at: null, paid_until: null }
  const owner = whole(row, 'account_id') ?? refuse('account_id', 'is missing')
  const activated = instant(row, 'activated_at') ?? refuse('activated_at', 'is missing')
  const paid = instant(row, 'paid_until') ?? refuse('paid_until', 'is missing')
  if (paid < activated) refuse('paid_until', 'is before activated_at')
  return { owner_id: owner, user_id: whole(row, 'user_id'), activated_at: activated, paid_until: paid }
}

const orNull = (text: string) => (text === '' ? null : text)

/** Faults: invalid_input with one issue whose message names the column. */
export function validateRow(row: ImportRow, owned: boolean): ValidRow {
  const e164 = cell(row, 'e164')
  if (!isE164(e164)) refuse('e164', `"${e164}" is not an E.164 number with +`)
  const type = oneOf(row, 'type', TYPES)
  const capabilities = list(row, 'capabilities', Object.keys(CAPABILITY_BITS)) as Capability[]
  return {
    e164,
    reversed: reversed(e164),
    country: matching(row, 'country', /^[A-Z]{2}$/, 'an ISO 3166 country code'),
    type,
    ...plan(e164, matching(row, 'area_code', /^\d{0,8}$/, 'an area code'), type),
    region: cell(row, 'region'),
    city: cell(row, 'city'),
    rate_center: orNull(cell(row, 'rate_center')),
    lata: orNull(cell(row, 'lata')),
    latitude: coordinate(row, 'latitude', 90),
    longitude: coordinate(row, 'longitude', 180),
    postal_code: orNull(cell(row, 'postal_code')),
    capabilities: capabilityBits(capabilities.length === 0 ? ['voice'] : capabilities),
    currency: matching(row, 'currency', /^[A-Z]{3}$/, 'an ISO 4217 currency code'),
    setup_price: price(row, 'setup_price'),
    monthly_price: price(row, 'monthly_price'),
    per_minute_price: price(row, 'per_minute_price'),
    channels: whole(row, 'channels') ?? DEFAULT_CHANNELS,
    required_documents: list(row, 'required_documents', DOCUMENTS).join(' '),
    ...ownership(row, owned),
  }
}
