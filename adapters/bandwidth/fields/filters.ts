/** Searches and what an order asks for → filters of the core. */
import type { NumberFilter } from '../../../core/verbs.ts'
import { refuse } from '../faults.ts'

/** Criteria by their names in lower case. */
export type Criteria = Readonly<Record<string, string | undefined>>

const PROVINCES = new Set(['AB', 'BC', 'MB', 'NB', 'NL', 'NS', 'NT', 'NU', 'ON', 'PE', 'QC', 'SK', 'YT'])
const KEYS: Readonly<Record<string, string>> = Object.fromEntries(
  ['ABC', 'DEF', 'GHI', 'JKL', 'MNO', 'PQRS', 'TUV', 'WXYZ'].flatMap((letters, index) =>
    [...letters].map(letter => [letter, String(index + 2)]),
  ),
)

const LOCAL = ['local', 'national', 'mobile'] as const
export const please = (what: string) => `Please verify that your ${what} search input parameters are correct.`

function checked(text: string, pattern: RegExp, code: number, what: string): string {
  return pattern.test(text) ? text : refuse(code, please(what))
}

/** Letters stand for the digits of their keys. */
function keyed(word: string, code: number, what: string, lengths: RegExp): string {
  const digits = [...word.toUpperCase()].map(each => KEYS[each] ?? each).join('')
  return lengths.test(digits) ? digits : refuse(code, please(what))
}

const ANY = '.......'

type Part = (criteria: Criteria, value: string) => NumberFilter

/** What each criterion, by itself, asks for. */
const PARTS: Readonly<Record<string, Part>> = {
  areacode: (_, value) => ({
    pattern: { kind: 'starts', digits: `1${checked(value, /^[2-9]\d\d$/, 4000, 'Area Code')}` },
  }),
  npanxx: (_, value) => ({ npaNxx: checked(value, /^[2-9]\d\d[2-9]\d\d$/, 4002, 'NPA/NXX') }),
  npanxxx: (_, value) => ({
    pattern: { kind: 'starts', digits: `1${checked(value, /^[2-9]\d\d[2-9]\d{3}$/, 4002, 'NPA/NXX')}` },
  }),
  ratecenter: ({ state }, value) =>
    state === undefined
      ? refuse(4001, please('Rate Center'))
      : { rateCenter: checked(value, /^.{1,40}$/, 4001, 'Rate Center') },
  city: ({ state }, value) =>
    state === undefined ? refuse(4005, please('City')) : { city: checked(value, /^.{1,80}$/, 4005, 'City') },
  state: (_, value) => {
    const region = checked(value, /^[A-Za-z]{2}$/, 4006, 'State').toUpperCase()
    return { region, country: PROVINCES.has(region) ? 'CA' : 'US' }
  },
  zip: (_, value) => ({ postalCode: checked(value, /^\d{5}(-\d{4})?$/, 4007, 'Zip Code').slice(0, 5), country: 'US' }),
  lata: (_, value) => ({ lata: checked(value, /^\d{3,5}$/, 4008, 'LATA'), country: 'US' }),
  localvanity: ({ endsin }, value) => {
    const digits = keyed(value, 4010, 'Local Vanity', /^\d{4,7}$/)
    return { types: LOCAL, like: endsin?.toLowerCase() === 'true' ? `1%${digits}` : `1...%${digits}%` }
  },
  tollfreevanity: (_, value) => ({
    types: ['toll_free'],
    like: `1...${keyed(value, 4003, 'Toll Free Vanity', /^\d{7,12}$/).slice(0, ANY.length)}`,
  }),
  tollfreewildcardpattern: (_, value) => {
    const pattern = checked(value, /^8[\d*][\d*]$/, 4004, 'Toll Free Wild Card')
    return { types: ['toll_free'], pattern: { kind: 'starts', digits: `1${pattern.replaceAll('*', '.')}` } }
  },
}

/** Two criteria of the same member are both meant: the narrower pattern is taken only where it lies in the other. */
function merged(filters: readonly NumberFilter[]): NumberFilter {
  const patterns = filters.flatMap(({ pattern }) => (pattern ? [pattern.digits] : []))
  const [longest] = [...patterns].sort((a, b) => b.length - a.length)
  if (patterns.some(each => !(longest ?? '').startsWith(each))) refuse(4010, UNSUPPORTED)
  const all: NumberFilter = Object.assign({}, ...filters)
  return longest === undefined ? all : { ...all, pattern: { kind: 'starts', digits: longest } }
}

export const UNSUPPORTED = 'Provided search criteria are unsupported or are not valid'

/** Faults: invalid_input (4000–4010). Numbers of the North American plan only. */
export function filterOf(criteria: Criteria): NumberFilter {
  const parts = Object.entries(PARTS).flatMap(([name, part]) => {
    const value = criteria[name]
    return value === undefined ? [] : [part(criteria, value)]
  })
  if (parts.length === 0) refuse(4010, UNSUPPORTED)
  const filter = merged(parts)
  const isPlaced = filter.country !== undefined || filter.pattern !== undefined || filter.npaNxx !== undefined
  return isPlaced || filter.like !== undefined ? filter : { ...filter, country: 'US' }
}

/** Faults: invalid_input. Any wrong number is told by the code that the endpoint has for it. */
export function quantityOf(text: string | undefined, usual: number, most: number, code: number): number {
  if (text === undefined) return usual
  const number = /^\d{1,6}$/.test(text) ? Number(text) : 0
  if (number >= 1 && number <= most) return number
  return code === 5009
    ? refuse(5009, `The quantity specified ${text.slice(0, 20)} is invalid.`)
    : refuse(code, `quantity must be between 1 and ${most} (bounds are included)`)
}
