import { Fault } from '../../core/ground/fault.ts'
import type { Cursor, NumberType, Page } from '../../core/ground/model.ts'
import { parseMoney } from '../../core/ground/money.ts'
import type { NumberFilter, OwnedFilter } from '../../core/verbs.ts'
import { type BooleanWords, readBoolean } from '../kit/booleans.ts'
import { wholeNumber } from '../kit/paging.ts'
import { table } from '../kit/table.ts'
import { INVALID, PAGE_TOO_BIG } from './faults.ts'
import { numberOf } from './ids.ts'
import { TYPE_WORDS } from './views.ts'
import { BLOCKS, reachabilityTypes } from './ways/capabilities.ts'

/** A parameter as it was sent, so that a refusal can name it so. */
interface Sent {
  name: string
  value: string
}

/** Query parameters by lower-cased name: the API is bound to its model without regard to case. */
export type Query = ReadonlyMap<string, Sent>

export function queryOf(pairs: readonly [string, string][]): Query {
  const sent = pairs.filter(([, value]) => value !== '')
  return new Map(sent.map(([name, value]) => [name.toLowerCase(), { name, value }]))
}

export function refuse(field: string, message = INVALID): never {
  throw new Fault('invalid_input', { issues: [{ field, problem: 'format', message }] })
}

/** A `+` that was not escaped arrives as a space. */
export function plusOf(text: string): string {
  return text.replace(/^ /, '+')
}

const PAGE_SIZE = 50
const MAX_PAGE_SIZE = 1000

export interface Paging {
  /** From zero. */
  page: number
  size: number
  /** Absent: a page by its number. */
  token: Sent | undefined
}

export function pagingOf(query: Query): Paging {
  const read = (fallback: number, least: number, ...names: string[]) => {
    const sent = names.map(name => query.get(name)).find(each => each !== undefined)
    if (sent === undefined) return fallback
    const value = wholeNumber(sent.value)
    return value === undefined || value < least ? refuse(sent.name) : value
  }
  const page = read(0, 0, 'page')
  const size = read(PAGE_SIZE, 1, 'pagesize', 'page_size')
  if (size > MAX_PAGE_SIZE) refuse('PageSize', PAGE_TOO_BIG)
  return { page, size, token: query.get('pagetoken') }
}

/** Where the page begins: behind or before what its token names, else so many items from the start. */
export function pageOf({ page, size, token }: Paging, open: (sealed: string) => Cursor | undefined): Page {
  if (token) return { limit: size, offset: 0, from: open(token.value) ?? refuse(token.name) }
  return { limit: size, offset: Math.min(page * size, Number.MAX_SAFE_INTEGER), from: 'start' }
}

/** A filter that nothing fits. */
const NOTHING: NumberFilter = { types: [] }

function typesOf(word: string): NumberType[] {
  const types = Object.keys(TYPE_WORDS) as NumberType[]
  return types.filter(type => TYPE_WORDS[type] === word.toLowerCase().replace('_', ''))
}

const TRUE_OR_FALSE: BooleanWords = { yes: ['true'], no: ['false'] }

function flagOf(name: string, value: string): boolean {
  return readBoolean(value, TRUE_OR_FALSE) ?? refuse(name)
}

/** `false` means "must not have"; a number without the service counts so. */
function flagFilter(block: string, member: string, wanted: boolean): NumberFilter {
  const service = BLOCKS[block] as 'voice' | 'sms' | 'mms'
  const isE911 = member === 'e911'
  if (wanted) return { capabilities: isE911 ? [service, 'e911'] : [service] }
  return { withoutCapabilities: isE911 ? ['e911'] : [service] }
}

export const FLAGS = table<readonly string[]>({
  voice: [
    'inbound_connectivity',
    'outbound_connectivity',
    'e911',
    'sip_trunking',
    'inbound_called_dtmf',
    'inbound_caller_dtmf',
  ],
  sms: ['inbound_connectivity', 'outbound_connectivity', 'gsm7', 'ucs2', 'gsm7_concatenation', 'ucs2_concatenation'],
  mms: ['inbound_connectivity', 'outbound_connectivity'],
})
export const COUNTS = table<readonly string[]>({
  voice: ['calls_per_second'],
  sms: ['inbound_mps'],
  mms: ['inbound_mps'],
})
export const PRESERVATION = ['inbound_caller_id_preservation', 'inbound_sender_id_preservation']

function capabilityFilter({ name, value }: Sent, block: string, member: string): NumberFilter {
  const service = Object.hasOwn(BLOCKS, block) ? BLOCKS[block] : undefined
  if (!service) return {}
  const has: NumberFilter = { capabilities: [service] }
  if (FLAGS[block]?.includes(member)) return flagFilter(block, member, flagOf(name, value))
  if (member === 'inbound_reachability') return { ...has, types: reachabilityTypes(value) }
  if (PRESERVATION.includes(member)) return value.toLowerCase() === 'international' ? has : NOTHING
  if (member !== 'concurrent_calls_limit' && !COUNTS[block]?.includes(member)) return {}
  const least = wholeNumber(value) ?? refuse(name)
  if (member === 'concurrent_calls_limit') return { ...has, minimumChannels: least }
  return least <= 1 ? has : NOTHING
}

/** As numbers show it: one that needs a local address shows only that. */
const ADDRESS = new Map<string, NumberFilter>([
  ['none', { needsNoDocument: ['address', 'localaddress'] }],
  ['any', { needsDocument: 'address', needsNoDocument: ['localaddress'] }],
  ['local', { needsDocument: 'localaddress' }],
])

function price(name: string, value: string): number {
  return /^\d{1,9}(\.\d{1,6})?$/.test(value) ? parseMoney(value) : refuse(name)
}

const GEOGRAPHY = new Map<string, (value: string) => NumberFilter>([
  ['iso_country', value => ({ country: value.toUpperCase() })],
  ['region', value => ({ region: value.toUpperCase() })],
  ['lata', value => ({ lata: value })],
  ['rate_center', value => ({ rateCenter: value })],
  ['latitude', value => ({ latitude: value })],
  ['longitude', value => ({ longitude: value })],
  ['locality', value => ({ city: value })],
  ['postal_code', value => ({ postalCode: value })],
])

function simpleFilter(key: string, { name, value }: Sent): NumberFilter {
  switch (key) {
    case 'type':
      return { types: typesOf(value) }
    case 'lifecycle':
      return value.toLowerCase() === 'generally-available' ? {} : NOTHING
    case 'regulatory.address_requirements':
      return ADDRESS.get(value.toLowerCase()) ?? NOTHING
    case 'base_setup_price':
      return { setupPrice: price(name, value) }
    case 'base_recurring_price':
      return { monthlyPrice: price(name, value) }
    case 'phone_number':
      return numberFilter(value)
    default:
      return {}
  }
}

/** A full number, or the beginning of one; `*` stands for one digit. */
function numberFilter(value: string): NumberFilter {
  const digits = plusOf(value).replace(/^\+/, '').replaceAll('*', '.')
  return /^[\d.]{1,15}$/.test(digits) ? { pattern: { kind: 'starts', digits } } : NOTHING
}

function filterOf(key: string, sent: Sent): NumberFilter {
  const [group = '', member = '', leaf = ''] = key.split('.')
  if (group === 'geography') return GEOGRAPHY.get(member)?.(sent.value) ?? {}
  if (group === 'capabilities') return capabilityFilter(sent, member, leaf)
  return simpleFilter(key, sent)
}

/** All ANDed: lists of several parameters add up, types narrow each other. */
function both(a: NumberFilter, b: NumberFilter): NumberFilter {
  const types = a.types && b.types ? a.types.filter(type => b.types?.includes(type)) : (a.types ?? b.types)
  // a thousand parameters that ask for the same are one condition
  const union = <T>(x: readonly T[] = [], y: readonly T[] = []) =>
    y.every(each => x.includes(each)) ? [...x] : [...new Set([...x, ...y])]
  return {
    ...a,
    ...b,
    capabilities: union(a.capabilities, b.capabilities),
    withoutCapabilities: union(a.withoutCapabilities, b.withoutCapabilities),
    ...(types && { types }),
  }
}

/** Unknown parameters are ignored. Faults: invalid_input. */
export function searchFilter(query: Query): NumberFilter {
  return [...query].map(([key, sent]) => filterOf(key, sent)).reduce(both, {})
}

/** Filters of owned numbers are exact. */
export function ownedFilter(query: Query, accountId: number): OwnedFilter {
  const geography = [...query]
    .filter(([name]) => name.startsWith('geography.'))
    .map(([key, sent]) => filterOf(key, sent))
  const number = query.get('phone_number')?.value
  const sid = query.get('configuration.voice.application_sid')?.value
  return {
    accountIds: [accountId],
    ...geography.reduce(both, {}),
    ...(number !== undefined && { e164: numberOf(plusOf(number)) ?? number }),
    ...(sid !== undefined && { setting: { key: 'voiceApplicationSid', value: sid } }),
  }
}
