import { LRUCache } from 'lru-cache'
import type { Listed, Page } from '../../core/ground/model.ts'
import { formatMoney } from '../../core/ground/money.ts'

/** Members of the core's nouns that are integer micros. */
const MONEY = new Set([
  'price',
  'setup_price',
  'monthly_price',
  'per_minute_price',
  'amount',
  'setup_amount',
  'period_amount',
  'balance_after',
  'balance',
  'credit_limit',
  'release_fee',
  'due_now',
  'monthly',
  'funds',
])
const FREE = new Set(['profile', 'contact', 'data', 'settings'])
/** Members that are instants are named so throughout the core. */
const INSTANT = /((^|_)(at|until|since)|_from)$/

/** A noun of the core as JSON of the admin plane: snake_case names, money as decimal text, times as ISO text. */
export function present(record: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [memberOf(name).snake, presentValue(name, value)]),
  )
}

/** The same for what an event tells, which may be nested. Free data of clients is left as it came. */
export function presentDeep(value: unknown, name = ''): unknown {
  if (value === null || typeof value !== 'object' || FREE.has(name)) return presentValue(name, value)
  if (Array.isArray(value)) return value.map(item => presentDeep(item))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [memberOf(key).snake, presentDeep(item, key)]))
}

/** `{"accounts": […], "total": …, "limit": …, "offset": …}` */
export function presentPage<T extends object>(
  name: string,
  listed: Listed<T>,
  page: Page,
  view: (item: T) => unknown = present,
): Record<string, unknown> {
  return { [name]: listed.items.map(item => view(item)), total: listed.total, ...page }
}

export function iso(at: number): string {
  return new Date(at).toISOString()
}

interface Member {
  snake: string
  isInstant: boolean
  isMoney: boolean
}

/** Names of members of the core are some hundreds; those that others chose do not heap up. */
const members = new LRUCache<string, Member>({ max: 2_000 })

function memberOf(name: string): Member {
  const known = members.get(name)
  if (known) return known
  const snake = name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
  const member = { snake, isInstant: INSTANT.test(snake), isMoney: MONEY.has(snake) }
  members.set(name, member)
  return member
}

function presentValue(name: string, value: unknown): unknown {
  if (typeof value !== 'number') return value
  const { isInstant, isMoney } = memberOf(name)
  if (isInstant) return iso(value)
  return isMoney ? formatMoney(value, 2) : value
}
