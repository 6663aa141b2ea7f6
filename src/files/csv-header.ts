import { refuse } from './csv-text.ts'

/** Columns of a file of numbers, in the order in which we write them ourselves. */
export const NUMBER_COLUMNS = [
  'e164',
  'country',
  'type',
  'area_code',
  'region',
  'city',
  'rate_center',
  'lata',
  'latitude',
  'longitude',
  'postal_code',
  'capabilities',
  'currency',
  'setup_price',
  'monthly_price',
  'per_minute_price',
  'channels',
  'required_documents',
] as const

/** What a file of numbers that customers already own has besides. */
export const OWNED_COLUMNS = ['account_id', 'user_id', 'activated_at', 'paid_until'] as const

export type NumberColumn = (typeof NUMBER_COLUMNS)[number]
export type OwnedColumn = (typeof OWNED_COLUMNS)[number]

export const MANDATORY: readonly string[] = ['e164', 'country', 'type', 'currency', 'setup_price', 'monthly_price']
export const MANDATORY_OWNED: readonly string[] = [...MANDATORY, 'account_id', 'activated_at', 'paid_until']

const SEPARATORS = [
  [';', 'semicolons'],
  ['\t', 'tabs'],
  ['|', 'bars'],
] as const

/** A header may have thousands of names. */
const NAMED = 10
const NAME_LENGTH = 40

export function columnsOf(owned: boolean): readonly string[] {
  return owned ? [...NUMBER_COLUMNS, ...OWNED_COLUMNS] : NUMBER_COLUMNS
}

function quoted(names: readonly string[]): string {
  const shown = names.slice(0, NAMED).map(name => `"${name.slice(0, NAME_LENGTH).replace(/\p{Cc}/gu, ' ')}"`)
  const rest = names.length - shown.length
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

/** What is most likely meant by a header that is wrong. */
function hintOf(header: readonly string[], known: readonly string[]): string {
  const text = header.join()
  if (text.includes('\0')) {
    return `the file is in UTF-16${text.startsWith('\0') ? 'BE' : 'LE'}, and no mark in it says so: name the encoding`
  }
  if (text.includes('\r')) return 'lines end with a line feed, not with a carriage return alone'
  const isKnown = (name: string) => known.includes(name.trim().toLowerCase())
  const separator = SEPARATORS.find(([sign]) => header.some(cell => cell.split(sign).filter(isKnown).length > 1))
  if (separator) return `columns are separated by commas, not by ${separator[1]}`
  const capitals = header.find(name => !known.includes(name) && isKnown(name))
  return capitals === undefined ? '' : `names are written in small letters: "${capitals.toLowerCase()}"`
}

/** One message for everything that is wrong with the header, so that it can be put right in one go. */
export function checkHeader(header: readonly string[], owned: boolean): void {
  const known = columnsOf(owned)
  const unknown = header.filter(name => !known.includes(name))
  const missing = (owned ? MANDATORY_OWNED : MANDATORY).filter(name => !header.includes(name))
  const twice = known.filter(name => header.indexOf(name) !== header.lastIndexOf(name))
  const problems = [
    hintOf(header, known),
    unknown.length > 0 ? `unknown columns ${quoted(unknown)}` : '',
    missing.length > 0 ? `missing columns ${quoted(missing)}` : '',
    twice.length > 0 ? `columns given twice ${quoted(twice)}` : '',
  ].filter(problem => problem !== '')
  if (problems.length > 0) {
    throw refuse(`${problems.join('; ')} (known columns: ${known.join(',')})`, 'header')
  }
}
