/** Where help is sent for a number of the US or Canada. */
import * as v from 'valibot'
import { digitsOf } from '../../../core/ground/e164.ts'
import { Fault } from '../../../core/ground/fault.ts'
import type { Json, JsonObject, Owned } from '../../../core/ground/model.ts'
import { objectOnly } from '../../kit/schema.ts'

const STATES = [
  ...['AL', 'AK', 'AZ', 'AR', 'CA', 'CO', 'CT', 'DE', 'DC', 'FL', 'GA', 'HI', 'ID', 'IL', 'IN', 'IA', 'KS', 'KY'],
  ...['LA', 'ME', 'MD', 'MA', 'MI', 'MN', 'MS', 'MO', 'MT', 'NE', 'NV', 'NH', 'NJ', 'NM', 'NY', 'NC', 'ND', 'OH'],
  ...['OK', 'OR', 'PA', 'RI', 'SC', 'SD', 'TN', 'TX', 'UT', 'VT', 'VA', 'WA', 'WV', 'WI', 'WY', 'PR', 'VI', 'GU'],
]
const PROVINCES = ['AB', 'BC', 'MB', 'NB', 'NL', 'NS', 'NT', 'NU', 'ON', 'PE', 'QC', 'SK', 'YT']

const MAX_LENGTH = 100
const text = v.pipe(v.string(), v.trim(), v.maxLength(MAX_LENGTH))
const needed = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(MAX_LENGTH))

const UNITED_STATES = /^\d{5}$/
const CANADA = /^[A-Z]\d[A-Z] ?\d[A-Z]\d$/

/** A state with its ZIP code, or a province with its postal code. */
function isPlace({ state, zip_code }: { state: string; zip_code: string }): boolean {
  if (STATES.includes(state)) return UNITED_STATES.test(zip_code)
  return PROVINCES.includes(state) && CANADA.test(zip_code)
}

export const Address = v.pipe(
  objectOnly({
    location: v.optional(v.nullable(text)),
    street_number: needed,
    street: needed,
    city: needed,
    state: v.pipe(needed, v.toUpperCase()),
    zip_code: v.pipe(needed, v.toUpperCase()),
    zip_plus_four: v.optional(v.nullable(v.pipe(text, v.regex(/^(\d{4})?$/)))),
  }),
  v.check(sent => isPlace(sent)),
)

export const PhoneNumber = v.pipe(
  v.union([v.string(), v.number()]),
  v.transform(String),
  v.regex(/^\s*\+?\s*\d{3,15}$/),
)

export const RecordInput = v.object({ phone_number: PhoneNumber, name: needed, address: Address })

export type EmergencyRecord = v.InferOutput<typeof RecordInput>

/** As it is shown: the parts that were left out are empty text. */
export function addressView(address: EmergencyRecord['address']) {
  return { ...address, location: address.location ?? '', zip_plus_four: address.zip_plus_four ?? '' }
}

/** What is kept with the number. */
export function keptRecord({ name, address }: EmergencyRecord): JsonObject {
  return { name, address: addressView(address) }
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Undefined: the number has none. */
export function recordOf({ number, settings }: Owned) {
  const { emergency } = settings
  if (!isObject(emergency)) return undefined
  return { phone_number: digitsOf(number.e164), name: emergency.name, address: emergency.address }
}

/** Faults: wrong_state (no such service where the number is). */
export function requireEmergency({ number, lease }: Owned): void {
  if (number.country === 'US' || number.country === 'CA') return
  throw new Fault('wrong_state', { what: 'lease', id: String(lease.id), state: 'no emergency service' })
}
