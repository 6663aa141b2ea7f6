import type { Caller, Order } from '../../../core/ground/model.ts'
import type { OrderFilter } from '../../../core/verbs.ts'
import { type Inbound, type Operation, operation } from '../../kit/dialect.ts'
import { listOf, textOf } from '../../kit/xml-read.ts'
import { reached, userOf } from '../auth.ts'
import { faults, moveFaults, refuse } from '../faults.ts'
import { customerOrderIdOf, numbersOf, rootOf } from '../fields/documents.ts'
import { between } from '../fields/period.ts'
import { accountIdOf, DIALECT, e164Of, timeText, tnOf } from '../ids.ts'
import { homeFor, livingAt, MOVE_HOME } from '../settings.ts'
import { FINAL, historyNode, keptOf } from '../views/orders.ts'
import { doc, each, el } from '../wire/nodes.ts'
import { linksNode, queryText } from '../wire/paging.ts'
import { ACCOUNT, type Acting, common, created, errors, ownOrder } from './common.ts'
import { pageOfOrders } from './order-lists.ts'
import { statusNow } from './orders.ts'

const ROOT = 'MoveTnsOrderResponse'
const ORDER = 'MoveTnsOrder'
const LIST = 'MoveTnsOrders'

const sourceIdOf = ({ data }: Order) => data.source as string | undefined

const notActiveNode = (tns: readonly string[]) =>
  doc(
    'Error',
    el('Code', 7518),
    el('Description', 'Telephone Number Not Active'),
    doc('TelephoneNumbers', ...each('TelephoneNumber', tns)),
  )

function orderNode(call: Acting, order: Order, status: string) {
  const { customerOrderId, siteId, tns = [], user } = keptOf(order)
  const failed = FINAL.has(status) ? order.failed.map(({ e164 }) => tnOf(e164)) : []
  return doc(
    ORDER,
    el('OrderCreateDate', timeText(order.createdAt)),
    el('AccountId', accountIdOf(call.caller.account)),
    el('SourceAccountId', sourceIdOf(order)),
    el('CreatedByUser', user),
    el('CustomerOrderId', customerOrderId),
    el('OrderId', order.guid),
    el('LastModifiedDate', timeText(order.updatedAt)),
    el('SiteId', siteId),
    doc('TelephoneNumbers', ...each('TelephoneNumber', tns.map(tnOf))),
    el('ProcessingStatus', status),
    el('SipPeerId', String(order.data.peer)),
    failed.length === 0 ? undefined : doc('Errors', notActiveNode(failed)),
  )
}

/** In a list, where names begin as they like. */
function summaryNode(call: Acting, order: Order) {
  const { customerOrderId, user, tns = [] } = keptOf(order)
  return doc(
    'MoveTnsOrderSummary',
    el('accountId', accountIdOf(call.caller.account)),
    el('SourceAccountId', sourceIdOf(order)),
    el('CountOfTNs', tns.length),
    el('CustomerOrderId', customerOrderId),
    el('userId', user),
    el('lastModifiedDate', timeText(order.updatedAt)),
    el('OrderDate', timeText(order.createdAt)),
    el('OrderType', 'move_tn_orders'),
    el('OrderStatus', statusNow(call, order)),
    el('OrderId', order.guid),
  )
}

/** The account that numbers come from, when it is another one. The user must reach both. Faults: forbidden. */
async function sourceOf(call: Acting, text: string | undefined): Promise<Caller | undefined> {
  const { core, caller, inbound } = call
  if (text === undefined || text === accountIdOf(caller.account)) return undefined
  return reached(inbound, core, inbound.notes.self as Caller, text)
}

async function move(call: Acting): Promise<Order> {
  const { core, caller, inbound } = call
  const sent = rootOf(inbound, ORDER)
  const asked = { site: textOf(sent, 'siteid'), peer: textOf(sent, 'sippeerid') }
  const home = await homeFor(core, caller, asked, MOVE_HOME)
  const e164s = numbersOf(listOf(sent, 'telephonenumbers', 'telephonenumber'))
  const service = textOf(sent, 'e911serviceaction')?.toLowerCase()
  if (service !== undefined && !['move', 'delete'].includes(service))
    refuse(5002, 'Validation error: E911ServiceAction')
  const sourceId = textOf(sent, 'sourceaccountid')
  const source = await sourceOf(call, sourceId)
  const customerOrderId = customerOrderIdOf(sent)
  const words = { ...(customerOrderId && { customerOrderId }), ...(source && sourceId && { source: sourceId }) }
  const data = { ...words, siteId: home.siteId, peer: home.peerId, tns: e164s, user: userOf(inbound) }
  const request = { dialect: DIALECT, e164s, data, settings: { ...home }, ...(source && { from: source }) }
  return livingAt(home, MOVE_HOME, living => core.orders.move(caller, { ...request, ...living }))
}

const create = operation({
  ...common,
  on: `POST ${ACCOUNT}/moveTns`,
  scope: 'numbers:write',
  answers: { 201: ROOT, ...errors(ROOT, 400) },
  faults: moveFaults,
  async handle(call) {
    const order = await move(call)
    return created(call, order.guid, doc(ROOT, orderNode(call, order, 'RECEIVED')))
  },
})

/** What the list is narrowed by beside what lists of other orders are. Faults: invalid_input. */
function narrowing(inbound: Inbound): OrderFilter {
  const { from: changedFrom, until: changedUntil } = between(inbound, 'modified')
  const tn = queryText(inbound, 'tn')
  const e164 = tn === undefined ? undefined : e164Of(tn)
  if (tn !== undefined && e164 === undefined) refuse(5070, 'The telephone number is invalid.', tn.slice(0, 40))
  return {
    ...between(inbound, 'created'),
    ...(changedFrom !== undefined && { changedFrom }),
    ...(changedUntil !== undefined && { changedUntil }),
    ...(e164 !== undefined && { e164 }),
  }
}

const list = operation({
  ...common,
  on: `GET ${ACCOUNT}/moveTns`,
  scope: 'numbers:read',
  answers: { 200: LIST, ...errors('ErrorResponse', 400) },
  faults,
  async handle(call) {
    const { inbound } = call
    const { orders, total, size, next } = await pageOfOrders(call, 'move', { usual: 1_000, ...narrowing(inbound) })
    const rows = orders.map(order => summaryNode(call, order))
    return { body: doc(LIST, el('TotalCount', total), linksNode(inbound, size, next), ...rows) }
  },
})

const read = operation({
  ...common,
  on: `GET ${ACCOUNT}/moveTns/:order`,
  scope: 'numbers:read',
  answers: { 200: ORDER, ...errors('ErrorResponse', 404) },
  faults,
  async handle(call) {
    const order = await ownOrder(call, 'move')
    return { body: orderNode(call, order, statusNow(call, order)) }
  },
})

const history = operation({
  ...common,
  on: `GET ${ACCOUNT}/moveTns/:order/history`,
  scope: 'numbers:read',
  answers: { 200: 'OrderHistoryWrapper', ...errors('ErrorResponse', 404) },
  faults,
  async handle(call) {
    const order = await ownOrder(call, 'move')
    return { body: historyNode(order, statusNow(call, order)) }
  },
})

export const moveOperations: readonly Operation[] = [create, list, read, history]
