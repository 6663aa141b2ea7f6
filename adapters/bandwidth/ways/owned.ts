/** Numbers of an account, walked by number. */
import type { Caller, Listed, Page } from '../../../core/ground/model.ts'
import type { Core, OwnedFilter } from '../../../core/verbs.ts'
import type { Inbound } from '../../kit/dialect.ts'
import type { XmlNode } from '../../kit/xml.ts'
import { refuse } from '../faults.ts'
import { filterOf } from '../fields/filters.ts'
import { periodOf } from '../fields/period.ts'
import { DIALECT, e164Of, tnOf } from '../ids.ts'
import { doc, each, el } from '../wire/nodes.ts'
import { linksNode, type PageAsked, queryText } from '../wire/paging.ts'

const CRITERIA = ['areaCode', 'npaNxx', 'npaNxxx', 'lata', 'state', 'rateCenter', 'city']

/** What a list of numbers is narrowed by. A filter is honoured or refused. */
export function narrowing(inbound: Inbound): Omit<OwnedFilter, 'accountIds'> {
  const given = CRITERIA.flatMap(name => {
    const value = queryText(inbound, name)
    return value === undefined ? [] : [[name.toLowerCase(), value] as const]
  })
  // of one's own numbers those of a city are told by its name alone
  const { city, ...rest } = Object.fromEntries(given)
  const isAlone = city !== undefined && rest.state === undefined
  const criteria = isAlone || city === undefined ? rest : { ...rest, city }
  const place = Object.keys(criteria).length === 0 ? {} : filterOf(criteria)
  const { from, until } = periodOf(inbound)
  const time = {
    ...(from !== undefined && { startedFrom: from }),
    ...(until !== undefined && { startedBefore: until }),
  }
  return { ...place, ...(isAlone && { city }), ...time }
}

/** So that a list read behind this number begins with the one that was asked for. */
function before(e164: string): string {
  const digits = e164.slice(1)
  return `+${String(BigInt(digits) - 1n).padStart(digits.length, '0')}`
}

/** One more than asked for tells what the next page begins with. Faults: invalid_input. */
export function corePage({ start, size }: PageAsked): Page {
  if (start === undefined) return { limit: size + 1, offset: 0 }
  const e164 = e164Of(start)
  if (e164 === undefined) return refuse(5070, 'The telephone number is invalid.', start.slice(0, 40))
  return { limit: size + 1, offset: 0, from: { side: 'after', key: [before(e164)] } }
}

export interface Paged<T> {
  items: T[]
  total: number
  next: string | undefined
}

export function cut<T>({ items, total }: Listed<T>, size: number, e164: (item: T) => string): Paged<T> {
  const next = items[size]
  return { items: items.slice(0, size), total, next: next === undefined ? undefined : tnOf(e164(next)) }
}

export async function ownedPage(core: Core, caller: Caller, asked: PageAsked, more: Omit<OwnedFilter, 'accountIds'>) {
  const filter = { ...more, accountIds: [caller.account.id] }
  const listed = await core.numbers.owned(filter, corePage(asked), { dialect: DIALECT, orderBy: 'number' })
  return cut(listed, asked.size, ({ number }) => number.e164)
}

export async function ownedTotal(
  core: Core,
  caller: Caller,
  more: Omit<OwnedFilter, 'accountIds'> = {},
): Promise<number> {
  const filter = { ...more, accountIds: [caller.account.id] }
  return (await core.numbers.owned(filter, { limit: 1, offset: 0 }, { dialect: DIALECT })).total
}

/** The `<TNs>` shape. */
export function tnsNode(
  inbound: Inbound,
  { start: _, size }: PageAsked,
  paged: Paged<unknown>,
  e164s: string[],
): XmlNode {
  return doc(
    'TNs',
    el('TotalCount', paged.total),
    linksNode(inbound, size, paged.next),
    doc('TelephoneNumbers', el('Count', e164s.length), ...each('TelephoneNumber', e164s.map(tnOf))),
  )
}
