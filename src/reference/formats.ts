import {
  MANDATORY,
  MANDATORY_OWNED,
  NUMBER_COLUMNS,
  type NumberColumn,
  OWNED_COLUMNS,
  type OwnedColumn,
} from '../files/csv-header.ts'
import { WorldSchema } from '../worlds/world-file.ts'
import { type JsonSchema, schemaOf } from './json-schema.ts'

/** What a column of a file of numbers means. */
const COLUMNS = {
  e164: 'The number in E.164 form: `+12125550142`.',
  country: 'ISO 3166 code: `US`.',
  type: '`local`, `national`, `mobile` or `toll_free`.',
  area_code: 'Digits, at most 8. In `+1` the NPA of the number, which may be left out.',
  region: 'State or province, as its country writes it: `NY`.',
  city: 'City or exchange.',
  rate_center: 'Rate center.',
  lata: 'LATA.',
  latitude: 'Degrees, -90 to 90.',
  longitude: 'Degrees, -180 to 180.',
  postal_code: 'Postal code.',
  capabilities: 'Of `voice`, `sms`, `mms`, `fax`, `e911`, `cnam`, separated by `;`. Empty: `voice`.',
  currency: 'ISO 4217 code: `USD`.',
  setup_price: 'Amount for the purchase, six decimals at most, be it `0`.',
  monthly_price: 'Amount for each month, be it `0`.',
  per_minute_price: 'Amount for a minute. Empty: `0`.',
  channels: 'Calls at once, at most 100,000. Empty: 2.',
  required_documents: 'Of `id`, `address`, `localaddress`, separated by `;`: needed before it is in service.',
  account_id: 'Who owns it.',
  user_id: 'The user it is for; empty: the account.',
  activated_at: 'Since when: a day of UTC (`2026-06-01`) or a time with its zone.',
  paid_until: 'Until when it is paid: the same form, at most a hundred years ahead.',
} satisfies Record<NumberColumn | OwnedColumn, string>

export interface Column {
  name: string
  required: boolean
  words: string
}

export function columnsOf(isOwned: boolean): Column[] {
  const names = isOwned ? [...NUMBER_COLUMNS, ...OWNED_COLUMNS] : NUMBER_COLUMNS
  const required = isOwned ? MANDATORY_OWNED : MANDATORY
  return names.map(name => ({ name, required: required.includes(name), words: COLUMNS[name] }))
}

/** A line of a file of numbers as an object, for the reference: every cell is text. */
export function csvColumns(isOwned: boolean): JsonSchema {
  const columns = columnsOf(isOwned)
  return {
    type: 'object',
    description: 'A line of a CSV file. The first line of the file names the columns; unknown ones are refused.',
    properties: Object.fromEntries(columns.map(({ name, words }) => [name, { type: 'string', description: words }])),
    required: columns.filter(({ required }) => required).map(({ name }) => name),
    additionalProperties: false,
  }
}

const rowsOr = (name: string): JsonSchema => ({
  anyOf: [
    { type: 'array', items: { $ref: `#/components/schemas/${name}` } },
    { type: 'string', description: 'Name of a CSV file beside the world.' },
  ],
})

/** The form of a world. What is chosen by what was given, and so by code, is told here. */
export function worldFormat(): JsonSchema {
  const { properties, ...rest } = schemaOf(WorldSchema)
  const lines = { numbers: rowsOr('NumbersCsv'), owned: rowsOr('OwnedNumbersCsv') }
  return { ...rest, properties: { ...(properties as JsonSchema), ...lines } }
}
