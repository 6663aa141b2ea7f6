/** What requests say: the root of a document, lists of numbers, an order. */
import type { Issue } from '../../../core/ground/fault.ts'
import type { Inbound } from '../../kit/dialect.ts'
import { table } from '../../kit/table.ts'
import { childOf, type Element, listOf, textOf } from '../../kit/xml-read.ts'
import { mistake, refuse, refuseAll } from '../faults.ts'
import { e164Of } from '../ids.ts'
import { type Criteria, filterOf, quantityOf } from './filters.ts'

/** Numbers of one order, disconnect or move. */
export const MOST_NUMBERS = 1_000

/** The document, whose root must be this element. Faults: invalid_input (5002). */
export function rootOf({ body }: Inbound, name: string): Element {
  const root = body as Element | undefined
  if (root?.name === name.toLowerCase()) return root
  return refuse(5002, `Validation error: the document must be ${name}`)
}

export function flagOf(element: Element, name: string, usual: boolean): boolean {
  const text = textOf(element, name.toLowerCase())?.toLowerCase()
  if (text === undefined) return usual
  return text === 'true' || text === 'false'
    ? text === 'true'
    : refuse(5002, `Validation error: ${name} is not true or false`)
}

/** Text of at most so many characters. Faults: invalid_input (5002). */
export function shortText(element: Element | undefined, name: string, most = 255): string | undefined {
  const text = textOf(element, name.toLowerCase())
  if (text !== undefined && text.length > most) refuse(5002, `Validation error: ${name} is too long`)
  return text
}

/** Faults: invalid_input (5052). */
export function customerOrderIdOf(element: Element): string | undefined {
  const text = textOf(element, 'customerorderid')
  if (text === undefined || /^[A-Za-z0-9 -]{1,40}$/.test(text)) return text
  return refuse(
    5052,
    'The customer order id has more than 40 characters, or others than letters, digits, spaces and dashes.',
  )
}

/** In E.164, in the order of the request. Faults: invalid_input (5001, 5008, 5070, 5093, 5095). */
export function numbersOf(texts: readonly string[]): string[] {
  const { e164s, issues } = lookedUp(texts)
  if (issues.length > 0) refuseAll(issues)
  return once(e164s)
}

/** Faults: invalid_input (5093). */
export function once(e164s: string[]): string[] {
  const twice = e164s.find((e164, index) => e164s.indexOf(e164) !== index)
  return twice === undefined ? e164s : refuse(5093, 'Order cannot contain duplicate telephone numbers')
}

/** The numbers among them, and what is wrong with the others. Faults: invalid_input (5001, 5008, 5095). */
export function lookedUp(texts: readonly string[]): { e164s: string[]; issues: Issue[] } {
  if (texts.length === 0) refuse(5001, 'Invalid input telephone number list')
  if (texts.length > MOST_NUMBERS) refuse(5095, `The telephone number count exceeds the maximum of ${MOST_NUMBERS}.`)
  const wrong = texts.filter(text => e164Of(text) === undefined)
  const issues = wrong.map(text => mistake(5070, 'The telephone number is invalid.', text.slice(0, 40)))
  if (wrong.length === texts.length)
    refuseAll([mistake(5008, 'All telephone numbers specified are invalid'), ...issues])
  const e164s = texts.flatMap(text => e164Of(text) ?? [])
  return { e164s, issues }
}

/** Type elements as answers spell them, with what may stand in them. */
const TYPES = table<readonly string[]>({
  ExistingTelephoneNumberOrderType: [],
  AreaCodeSearchAndOrderType: ['AreaCode'],
  NPANXXSearchAndOrderType: ['NpaNxx', 'EnableLCA'],
  RateCenterSearchAndOrderType: ['RateCenter', 'State', 'EnableLCA'],
  CitySearchAndOrderType: ['City', 'State'],
  StateSearchAndOrderType: ['State'],
  ZIPSearchAndOrderType: ['Zip'],
  LATASearchAndOrderType: ['Lata'],
  TollFreeVanitySearchAndOrderType: ['TollFreeVanity'],
  TollFreeWildCharSearchAndOrderType: ['TollFreeWildCardPattern'],
  CombinedSearchAndOrderType: [
    ...['AreaCode', 'RateCenter', 'State', 'NpaNxx', 'NpaNxxX', 'Lata', 'City', 'Zip', 'LocalVanity', 'EndsIn'],
    'EnableLCA',
  ],
})
export const EXISTING = 'ExistingTelephoneNumberOrderType'
const NAMES = new Map(Object.keys(TYPES).map(name => [name.toLowerCase(), name]))

/** What may stand in a type element beside its quantity. */
export const criteriaNames = (type: string): readonly string[] => TYPES[type] ?? []

/** The type elements of an order, by their names as answers spell them. */
export function typesOf(order: Element): { type: string; element: Element }[] {
  return order.children.flatMap(element => {
    const type = NAMES.get(element.name)
    return type === undefined ? [] : [{ type, element }]
  })
}

/** Numbers that stand in no type. */
export const isBareList = (order: Element): boolean =>
  typesOf(order).length === 0 && childOf(order, 'telephonenumberlist') !== undefined

/** What an order asks for, as its echo repeats it. */
export type Wish =
  | { type: typeof EXISTING; tns: string[]; reservations: string[] }
  | { type: string; criteria: [name: string, value: string][]; quantity: number }

function searchOf(type: string, element: Element): Wish {
  const criteria = criteriaNames(type).flatMap((name): [string, string][] => {
    const text = shortText(element, name)
    return text === undefined ? [] : [[name, text]]
  })
  const quantity = quantityOf(textOf(element, 'quantity'), 0, MOST_NUMBERS, 5009)
  if (quantity === 0) refuse(5009, 'The quantity specified  is invalid.')
  filterOf(criteriaOf(criteria))
  return { type, criteria, quantity }
}

/** As searches name them. */
export function criteriaOf(criteria: readonly (readonly [string, string])[]): Criteria {
  return Object.fromEntries(criteria.map(([name, value]) => [name.toLowerCase(), value]))
}

/** Exactly one type element. Faults: invalid_input. */
export function wishOf(order: Element): Wish {
  const [first, second] = typesOf(order)
  if (second) refuse(5002, 'Validation error: an order has one type')
  if (!first) {
    return isBareList(order)
      ? refuse(5001, 'Invalid input telephone number list')
      : refuse(5002, 'Validation error: an order needs a type')
  }
  const { type, element } = first
  if (type !== EXISTING) return searchOf(type, element)
  const texts = listOf(element, 'telephonenumberlist', 'telephonenumber')
  const reservations = listOf(element, 'reservationidlist', 'reservationid')
  if (reservations.length > MOST_NUMBERS)
    refuse(5095, `The telephone number count exceeds the maximum of ${MOST_NUMBERS}.`)
  const tns = texts.length === 0 && reservations.length > 0 ? [] : numbersOf(texts)
  return { type: EXISTING, tns, reservations }
}
