/** Orders, disconnects and moves → documents. */
import type { JsonObject, LineFailure, Order, PhoneNumber } from '../../../core/ground/model.ts'
import type { XmlNode } from '../../kit/xml.ts'
import { errorNode, type Mistake } from '../faults.ts'
import { EXISTING } from '../fields/documents.ts'
import { timeText, tnOf } from '../ids.ts'
import { doc, each, el, some } from '../wire/nodes.ts'

/** What an order keeps of its request; shared by its echo and its lists. */
export interface Kept {
  name?: string
  customerOrderId?: string
  siteId: string
  /** As it was sent. */
  peerId?: string
  partialAllowed: boolean
  backOrder: boolean
  type: string
  tns?: string[]
  reservations?: string[]
  criteria?: [string, string][]
  quantity?: number
  attributes?: string[]
  user: string
}

export const keptOf = ({ data }: Order): Kept => data as unknown as Kept
export const toData = (kept: Kept): JsonObject => JSON.parse(JSON.stringify(kept))

function typeNode({ type, tns = [], reservations = [], criteria = [], quantity }: Kept): XmlNode {
  if (type !== EXISTING) {
    return doc(type, ...criteria.map(([name, value]) => el(name, value)), el('Quantity', quantity))
  }
  const list = some('TelephoneNumberList', each('TelephoneNumber', tns.map(tnOf)))
  return doc(type, list, some('ReservationIdList', each('ReservationId', reservations)))
}

export function echoNode(order: Order): XmlNode {
  const kept = keptOf(order)
  return doc(
    'Order',
    el('CustomerOrderId', kept.customerOrderId),
    el('Name', kept.name),
    el('OrderCreateDate', timeText(order.createdAt)),
    el('PeerId', kept.peerId),
    el('BackOrderRequested', kept.backOrder),
    el('id', order.guid),
    typeNode(kept),
    el('PartialAllowed', kept.partialAllowed),
    el('SiteId', kept.siteId),
    some('TnAttributes', each('TnAttribute', kept.attributes ?? [])),
  )
}

const WORDS: Readonly<Record<Order['status'], string>> = {
  pending: 'BACKORDERED',
  accepted: 'BACKORDERED',
  completed: 'COMPLETE',
  partial: 'PARTIAL',
  failed: 'FAILED',
  rejected: 'FAILED',
  cancelled: 'FAILED',
  // of orders that keep their numbers first, which are other surfaces'
  draft: 'BACKORDERED',
  blocked: 'BACKORDERED',
  expired: 'FAILED',
}

export const FINAL: ReadonlySet<string> = new Set(['COMPLETE', 'PARTIAL', 'FAILED'])

/** Statuses of the core that a word of the provider stands for; none: it is no word of the provider. */
export function statusesFor(word: string): Order['status'][] {
  return (Object.keys(WORDS) as Order['status'][]).filter(status => WORDS[status] === word.toUpperCase())
}

/** Numbers are taken when an order is placed; what is seen of it waits for `settle` milliseconds. */
export function statusWord(order: Order, now: number, settle: number): string {
  const age = now - order.createdAt
  if (age < settle / 2) return 'RECEIVED'
  return age < settle ? 'PROCESSING' : WORDS[order.status]
}

export const finalWord = ({ status }: Order) => WORDS[status]

/** Numbers that it was filled with, in E.164. */
export const soldOf = ({ ranges }: Order): string[] => ranges.map(({ start }) => start)

const UNAVAILABLE = 'The telephone number is unavailable for ordering'
const REASONS: Readonly<Record<LineFailure, [number, string]>> = {
  unavailable: [5005, UNAVAILABLE],
  funds: [5003, 'Provisioning Failure'],
  not_owned: [5005, UNAVAILABLE],
  not_allowed: [5005, UNAVAILABLE],
}

function mistakesOf(order: Order): Mistake[] {
  const named = order.failed.map(({ e164, reason }): Mistake => {
    const [code, description] = REASONS[reason]
    return { code, description, tn: tnOf(e164) }
  })
  const isMoney = order.failed.some(({ reason }) => reason === 'funds')
  // of one number the number's own error tells it all, and a client that reads one error reads this one
  if (order.status !== 'failed' || isMoney || named.length === 1) return named
  return [...named, { code: 5018, description: 'The entire quantity of telephone numbers ordered is unavailable' }]
}

function summaryOf(order: Order): string {
  const sold = soldOf(order)
  const areas = [...new Set(sold.filter(e164 => e164.startsWith('+1')).map(e164 => e164.slice(2, 5)))].sort()
  const some = sold.length === order.quantity ? String(sold.length) : `${sold.length} out of ${order.quantity}`
  const noun = order.quantity === 1 ? 'number' : 'numbers'
  return `${some} ${noun} ordered${areas.length > 0 ? ` in (${areas.join(', ')})` : ''}`
}

/** The provider's only tier and vendor here: prices are not told. */
export const TIER = 0
export const VENDOR = { id: 49, name: 'Bandwidth CLEC' }

export function detailNodes(number: PhoneNumber): (XmlNode | undefined)[] {
  return [
    el('City', number.city.toUpperCase()),
    el('LATA', number.lata),
    el('RateCenter', number.rateCenter),
    el('State', number.region),
    el('FullNumber', tnOf(number.e164)),
    el('Tier', TIER),
    el('VendorId', VENDOR.id),
    el('VendorName', VENDOR.name),
  ]
}

export interface OrderShown {
  status: string
  /** Details of the numbers, where they were asked for. */
  details?: readonly PhoneNumber[]
}

/** While it is not seen to be over, neither is what it got. */
export function orderNode(order: Order, { status, details }: OrderShown): XmlNode {
  const isOver = FINAL.has(status)
  const sold = status === 'RECEIVED' || status === 'PROCESSING' ? [] : soldOf(order)
  const mistakes = isOver ? mistakesOf(order) : []
  const numbers = sold.map(e164 => {
    const number = details?.find(one => one.e164 === e164)
    return doc('TelephoneNumber', ...(number ? detailNodes(number) : [el('FullNumber', tnOf(e164))]))
  })
  return doc(
    'OrderResponse',
    el('CompletedQuantity', sold.length),
    el('CreatedByUser', keptOf(order).user),
    some('ErrorList', mistakes.map(errorNode)),
    some(
      'FailedNumbers',
      isOver
        ? each(
            'FullNumber',
            order.failed.map(({ e164 }) => tnOf(e164)),
          )
        : [],
    ),
    el('LastModifiedDate', timeText(order.updatedAt)),
    isOver ? el('OrderCompleteDate', timeText(order.updatedAt)) : undefined,
    echoNode(order),
    el('OrderStatus', status),
    some('CompletedNumbers', numbers),
    el('Summary', isOver ? summaryOf(order) : undefined),
    el('FailedQuantity', isOver ? order.quantity - sold.length : 0),
  )
}

/** What became of it, oldest first. */
export function historyNode(order: Order, status: string): XmlNode {
  const { user } = keptOf(order)
  const entry = (at: number, word: string, note: string) =>
    doc('OrderHistory', el('OrderDate', timeText(at)), el('Note', note), el('Author', user), el('Status', word))
  const entries = [entry(order.createdAt, 'RECEIVED', 'Your order has been received.')]
  if (order.hasWaited && status !== 'RECEIVED' && status !== 'PROCESSING') {
    entries.push(entry(order.createdAt, 'BACKORDERED', 'Your order waits for numbers.'))
  }
  if (FINAL.has(status)) entries.push(entry(order.updatedAt, status, order.reason ?? ''))
  return doc('OrderHistoryWrapper', ...entries)
}
