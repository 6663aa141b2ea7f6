/** Form and query values → settings, filters and pages. Names are matched exactly; unknown ones are ignored. */
import type { Capability } from '../../core/ground/model.ts'
import type { NumberFilter } from '../../core/verbs.ts'
import { pascalCase } from '../kit/documents.ts'
import { refuse } from './faults.ts'
import { type Field, type Settings, WRITABLE } from './settings.ts'

export type Fields = Readonly<Record<string, unknown>>

export function textOf(fields: Fields, name: string): string | undefined {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined
  return typeof value === 'string' ? value : undefined
}

export function flagOf(fields: Fields, name: string): boolean | undefined {
  const text = textOf(fields, name)
  if (text === undefined || text === '') return undefined
  const word = text.toLowerCase()
  return word === 'true' || word === 'false' ? word === 'true' : refuse(20422, name, `${name} must be true or false`)
}

const MOST_TEXT = 1_000
const MOST_URL = 2_048
const MOST_NAME = 64

/** Of what numbers answer calls with. */
const VERSIONS = ['2010-04-01', '2008-08-01']

const isUrl = (text: string) => text.length <= MOST_URL && /^https?:\/\/[^\s/?#]+/i.test(text) && URL.canParse(text)

/** Faults: invalid_input (20002). */
export function nameOf(text: string, name: string): string {
  return text.length > MOST_NAME ? refuse(20002, name, `${name} must be ${MOST_NAME} characters or less`) : text
}

/** One reader for each kind of field; what each returns is stored. */
const READ: Readonly<Record<(typeof WRITABLE)[Field], (text: string, name: string) => string | boolean>> = {
  name: nameOf,
  text: (text, name) => (text.length > MOST_TEXT ? refuse(20422, name, `${name} is too long`) : text),
  url: (text, name) =>
    text === '' || isUrl(text) ? text : refuse(21402, name, `${name} is not a valid URL: ${text.slice(0, 200)}`),
  method: (text, name) => {
    const word = text.toUpperCase()
    return word === '' || word === 'GET' || word === 'POST' ? word : refuse(21403, name, `${name} must be GET or POST`)
  },
  flag: (text, name) => flagOf({ [name]: text }, name) ?? false,
  version: (text, name) =>
    text === '' || VERSIONS.includes(text) ? text : refuse(20422, name, `${name} must be ${VERSIONS.join(' or ')}`),
  mode: (text, name) =>
    text === 'voice' || text === 'fax' || text === '' ? text : refuse(20422, name, `${name} must be voice or fax`),
  emergency: (text, name) =>
    text === 'Active' || text === 'Inactive' || text === ''
      ? text
      : refuse(20422, name, `${name} must be Active or Inactive`),
}

/** Only what was sent. Faults: invalid_input. */
export function readSettings(fields: Fields): Settings {
  const sent: Settings = {}
  for (const [field, kind] of Object.entries(WRITABLE) as [Field, (typeof WRITABLE)[Field]][]) {
    const name = pascalCase(field)
    const text = textOf(fields, name)
    if (text !== undefined) sent[field] = READ[kind](text, name)
  }
  return sent
}

const PAGE_SIZE = 50
const MOST_ON_PAGE = 1_000
const MOST_PAGES = 1_000_000

const isCount = (text: string | undefined): text is string => text !== undefined && /^\d{1,9}$/.test(text)

/** Pages count from 0. Faults: invalid_input. */
export function readPage(fields: Fields): { page: number; size: number } {
  const [size, page] = [textOf(fields, 'PageSize'), textOf(fields, 'Page')]
  if (size !== undefined && size !== '' && (!isCount(size) || Number(size) < 1)) {
    refuse(20422, 'PageSize', 'PageSize must be a whole number of 1 or more')
  }
  if (isCount(size) && Number(size) > MOST_ON_PAGE)
    refuse(20007, 'PageSize', `Page size must be ${MOST_ON_PAGE} or less`)
  if (page !== undefined && page !== '' && (!isCount(page) || Number(page) > MOST_PAGES)) {
    refuse(20422, 'Page', 'Page must be a whole number of 0 or more')
  }
  return { page: isCount(page) ? Number(page) : 0, size: isCount(size) ? Number(size) : PAGE_SIZE }
}

const CAPABILITY_FLAGS = {
  SmsEnabled: 'sms',
  MmsEnabled: 'mms',
  VoiceEnabled: 'voice',
  FaxEnabled: 'fax',
} as const satisfies Record<string, Capability>

/** `false` asks for numbers without the service. */
function capabilityFilter(fields: Fields): NumberFilter {
  const wanted = Object.entries(CAPABILITY_FLAGS).map(([name, word]) => [flagOf(fields, name), word] as const)
  return {
    capabilities: wanted.filter(([flag]) => flag === true).map(([, word]) => word),
    withoutCapabilities: wanted.filter(([flag]) => flag === false).map(([, word]) => word),
  }
}

function addressFilter(fields: Fields): NumberFilter {
  if (flagOf(fields, 'ExcludeAllAddressRequired')) return { needsNoDocument: ['address', 'localaddress'] }
  return {
    ...(flagOf(fields, 'ExcludeLocalAddressRequired') && { needsNoDocument: ['localaddress'] }),
    ...(flagOf(fields, 'ExcludeForeignAddressRequired') && {}),
  }
}

const PLACES = {
  InRegion: 'region',
  InLocality: 'city',
  InRateCenter: 'rateCenter',
  InLata: 'lata',
  InPostalCode: 'postalCode',
} as const satisfies Record<string, keyof NumberFilter>

function placeFilter(fields: Fields): NumberFilter {
  const filter: NumberFilter = {}
  for (const [name, member] of Object.entries(PLACES)) {
    const text = textOf(fields, name)
    if (text !== undefined && text !== '') filter[member] = member === 'region' ? text.toUpperCase() : text
  }
  if (filter.rateCenter !== undefined && filter.lata === undefined) {
    refuse(20422, 'InRateCenter', 'InRateCenter needs InLata')
  }
  return filter
}

const AREA_COUNTRIES = new Set(['US', 'CA'])

function areaFilter(fields: Fields, country: string): NumberFilter {
  const area = textOf(fields, 'AreaCode')
  if (area === undefined || area === '' || !AREA_COUNTRIES.has(country)) return {}
  return /^\d{3}$/.test(area) ? { areaCode: area } : refuse(20422, 'AreaCode', 'AreaCode must be three digits')
}

/** All ANDed. Faults: invalid_input. */
export function searchFilter(fields: Fields, country: string): NumberFilter {
  flagOf(fields, 'Beta') // no number is one
  return {
    ...capabilityFilter(fields),
    ...addressFilter(fields),
    ...placeFilter(fields),
    ...areaFilter(fields, country),
    ...containsFilter(textOf(fields, 'Contains')),
  }
}

/** Letters as they stand on a telephone's keys. */
const KEYS = ['abc', 'def', 'ghi', 'jkl', 'mno', 'pqrs', 'tuv', 'wxyz']

function keyed(text: string): string {
  return text.toLowerCase().replace(/[a-z]/g, letter => String(KEYS.findIndex(each => each.includes(letter)) + 2))
}

/**
 * Digits, keypad letters, `*` for one digit, `%` for any run; a leading `+` starts at the country code, a trailing `$`
 * ends at the last digit. Without anchors it may stand anywhere. A `+` that was not escaped arrives as a space. Faults:
 * invalid_input.
 */
export function containsFilter(text: string | undefined): NumberFilter {
  if (text === undefined || text === '') return {}
  const [, plus, inner = '', dollar] = /^([+ ]?)([0-9A-Za-z*%]*)(\$?)$/.exec(text) ?? []
  const solid = inner.replace(/[*%]/g, '').length
  if (inner.length < 2 || inner.length > 16 || solid < 2)
    refuse(20422, 'Contains', `Contains is not a pattern: ${text.slice(0, 40)}`)
  const digits = keyed(inner).replaceAll('*', '.')
  if (!digits.includes('%') && !(plus && dollar)) {
    return { pattern: { kind: plus ? 'starts' : dollar ? 'ends' : 'contains', digits } }
  }
  const runs = digits.split('%').filter(run => run !== '')
  const longest = runs.reduce((a, b) => (b.length > a.length ? b : a), '')
  const pattern =
    plus && !digits.startsWith('%')
      ? ({ kind: 'starts', digits: runs[0] as string } as const)
      : dollar && !digits.endsWith('%')
        ? ({ kind: 'ends', digits: runs.at(-1) as string } as const)
        : ({ kind: 'contains', digits: longest } as const)
  return { pattern, like: `${plus ? '' : '%'}${digits}${dollar ? '' : '%'}` }
}
