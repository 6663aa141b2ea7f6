/** Orders and disconnects as lists, with what their numbers have in common. */
import { setImmediate } from 'node:timers/promises'
import type { Order, PhoneNumber } from '../../../core/ground/model.ts'
import type { OrderFilter } from '../../../core/verbs.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import type { XmlNode } from '../../kit/xml.ts'
import { notFound, refuse, statusFaults } from '../faults.ts'
import { periodOf } from '../fields/period.ts'
import { DIALECT, isGuid, timeText } from '../ids.ts'
import { isOn } from '../settings.ts'
import { keptOf, soldOf, statusesFor, TIER, VENDOR } from '../views/orders.ts'
import { doc, el } from '../wire/nodes.ts'
import { linksNode, pageOf, queryText } from '../wire/paging.ts'
import { ACCOUNT, type Acting, common, errors } from './common.ts'
import { numbersNamed, statusNow } from './orders.ts'

const MOST = 1_000
function filterFor(call: Acting, kind: Order['kind']): OrderFilter {
  const { caller, inbound } = call
  const [customerOrderId, user] = [queryText(inbound, 'customerOrderId'), queryText(inbound, 'userid')]
  const status = queryText(inbound, 'status')
  const statuses = status === undefined ? undefined : statusesFor(status)
  return {
    ...{ accountId: caller.account.id, dialect: DIALECT, kind, ...periodOf(inbound) },
    ...(statuses && { status: statuses }),
    data: { ...(customerOrderId && { customerOrderId }), ...(user && { user }) },
  }
}

/** A page of them, and the id that the next one begins with. Faults: invalid_input. */
export async function pageOfOrders(call: Acting, kind: Order['kind'], more: OrderFilter & { usual?: number } = {}) {
  const { core, inbound } = call
  const { usual, ...narrower } = more
  const { start, size } = pageOf(inbound, { most: MOST, ...(usual !== undefined && { usual }) })
  const first = start === undefined || !isGuid(start) ? undefined : await core.orders.byGuid(start.toLowerCase())
  if (start !== undefined && first?.accountId !== call.caller.account.id) refuse(5061, 'Order ID is invalid.')
  const filter = { ...filterFor(call, kind), ...narrower, ...(first && { upTo: first.id }) }
  const { items, total } = await core.orders.list(filter, { limit: size + 1, offset: 0 })
  return { orders: items.slice(0, size), total, size, next: items[size]?.guid }
}

function counted(list: string, item: string, name: string, values: readonly string[]): XmlNode | undefined {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  const rows = [...counts].filter(([value]) => value !== '')
  if (rows.length === 0) return undefined
  return doc(list, ...rows.map(([value, count]) => doc(item, el('Count', count), el(name, value))))
}

function detailsNode(numbers: readonly PhoneNumber[]): XmlNode {
  const of = (member: (number: PhoneNumber) => string) => numbers.map(member)
  return doc(
    'TelephoneNumberDetails',
    counted(
      'States',
      'StateWithCount',
      'State',
      of(number => number.region),
    ),
    counted(
      'RateCenters',
      'RateCenterWithCount',
      'RateCenter',
      of(number => number.rateCenter ?? ''),
    ),
    counted(
      'Cities',
      'CityWithCount',
      'City',
      of(number => number.city.toUpperCase()),
    ),
    counted(
      'Tiers',
      'TierWithCount',
      'Tier',
      of(() => String(TIER)),
    ),
    counted(
      'Vendors',
      'VendorWithCount',
      'VendorName',
      of(() => VENDOR.name),
    ),
  )
}

interface Naming {
  type: string
  /** `orderId`, or `OrderId` in lists of disconnects. */
  id: string
  numbers(order: Order): readonly string[]
}

/** What is looked at in one turn: a page may hold a million of them, and others are served meanwhile. */
const NUMBERS_A_TURN = 1_000

/** Orders one after the other, together with at most so many numbers or a single order's. */
function turnsOf(orders: readonly Order[], { numbers }: Naming): Order[][] {
  const turns: Order[][] = []
  let left = 0
  for (const order of orders) {
    const count = numbers(order).length
    if (turns.length === 0 || count > left) {
      turns.push([])
      left = NUMBERS_A_TURN
    }
    left -= count
    turns.at(-1)?.push(order)
  }
  return turns
}

function rowNode(call: Acting, order: Order, naming: Naming, known: ReadonlyMap<string, PhoneNumber>): XmlNode {
  const own = naming.numbers(order)
  const numbers = own.flatMap(e164 => known.get(e164) ?? [])
  return doc(
    'OrderIdUserIdDate',
    el('CountOfTNs', own.length),
    el('CustomerOrderId', keptOf(order).customerOrderId),
    el('userId', keptOf(order).user),
    el('lastModifiedDate', timeText(order.updatedAt)),
    el('OrderDate', timeText(order.createdAt)),
    el('OrderType', naming.type),
    el(naming.id, order.guid),
    el('OrderStatus', statusNow(call, order)),
    numbers.length === 0 ? undefined : detailsNode(numbers),
  )
}

async function listNode(call: Acting, page: Awaited<ReturnType<typeof pageOfOrders>>, naming: Naming) {
  const { orders, total, size, next } = page
  const rows: XmlNode[] = []
  for (const turn of turnsOf(orders, naming)) {
    const all = await numbersNamed(call.core, [...new Set(turn.flatMap(order => naming.numbers(order)))])
    const known = new Map(all.map(number => [number.e164, number]))
    for (const order of turn) rows.push(rowNode(call, order, naming, known))
    await setImmediate()
  }
  const links = linksNode(call.inbound, size, next)
  const list = doc('ListOrderIdUserIdDate', el('TotalCount', total), links, ...rows)
  return doc('ResponseSelectWrapper', list)
}

const faults = statusFaults('ErrorResponse')

const list = operation({
  ...common,
  on: `GET ${ACCOUNT}/orders`,
  scope: 'numbers:read',
  answers: { 200: 'ResponseSelectWrapper', ...errors('ErrorResponse', 400) },
  faults,
  async handle(call) {
    const page = await pageOfOrders(call, 'request')
    return { body: await listNode(call, page, { type: 'new_number', id: 'orderId', numbers: soldOf }) }
  },
})

const totals = operation({
  ...common,
  on: `GET ${ACCOUNT}/orders/totals`,
  scope: 'numbers:read',
  answers: { 200: 'ResponseSelectWrapper', ...errors('ErrorResponse', 400) },
  faults,
  async handle(call) {
    const { total } = await call.core.orders.list(filterFor(call, 'request'), { limit: 1, offset: 0 })
    return { body: doc('ResponseSelectWrapper', doc('ListOrderIdUserIdDate', el('TotalCount', total))) }
  },
})

const disconnects = operation({
  ...common,
  on: `GET ${ACCOUNT}/disconnects`,
  scope: 'numbers:read',
  answers: { 200: 'ResponseSelectWrapper', ...errors('ErrorResponse', 400, 404) },
  faults,
  async handle(call) {
    const page = await pageOfOrders(call, 'return', { usual: 500 })
    // as the provider's paper has it: an account without any is told that there is nothing
    if (page.total === 0 && !isOn(call.caller.account, 'emptyDisconnectsAreListed')) throw notFound('order', '')
    return { body: await listNode(call, page, { type: 'disconnect', id: 'OrderId', numbers: order => order.done }) }
  },
})

export const orderListOperations: readonly Operation[] = [totals, list, disconnects]
