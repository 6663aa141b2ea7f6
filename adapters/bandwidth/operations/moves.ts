import type { Caller, Order } from '../../../core/model.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import { listOf, textOf } from '../../kit/xml-read.ts'
import { reached, userOf } from '../auth.ts'
import { customerOrderIdOf, numbersOf, rootOf } from '../documents.ts'
import { faults, moveFaults, refuse } from '../faults.ts'
import { accountIdOf, DIALECT, timeText, tnOf } from '../ids.ts'
import { doc, each, el } from '../nodes.ts'
import { historyNode, keptOf } from '../order-views.ts'
import { homeFor, MOVE_HOME } from '../settings.ts'
import { ACCOUNT, type Acting, common, created, errors, ownOrder } from './common.ts'
import { listNode, pageOfOrders } from './order-lists.ts'
import { statusNow } from './orders.ts'

const ROOT = 'MoveTnsOrderResponse'
const ORDER = 'MoveTnsOrder'

function orderNode(call: Acting, order: Order, status: string) {
  const { customerOrderId, siteId, tns = [], user } = keptOf(order)
  const { source, peer } = order.data as { source?: string; peer: string }
  const failed = status === 'RECEIVED' || status === 'PROCESSING' ? [] : order.failed
  const text = 'Telephone Number Not Active'
  return doc(
    ORDER,
    el('OrderCreateDate', timeText(order.createdAt)),
    el('AccountId', accountIdOf(call.caller.account)),
    el('SourceAccountId', source),
    el('CreatedByUser', user),
    el('CustomerOrderId', customerOrderId),
    el('OrderId', order.guid),
    el('LastModifiedDate', timeText(order.updatedAt)),
    el('SiteId', siteId),
    doc('TelephoneNumbers', ...each('TelephoneNumber', tns.map(tnOf))),
    el('ProcessingStatus', status),
    el('SipPeerId', peer),
    ...failed.map(({ e164 }) =>
      doc(
        'Errors',
        el('Code', 7518),
        el('Description', text),
        doc('TelephoneNumbers', ...each('TelephoneNumber', [tnOf(e164)])),
      ),
    ),
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
  return core.orders.move(caller, {
    dialect: DIALECT,
    e164s,
    data,
    settings: { ...home },
    ...(source && { from: source }),
  })
}

const create = operation({
  ...common,
  on: `POST ${ACCOUNT}/moveTns`,
  scope: 'numbers:write',
  answers: { 201: ROOT, ...errors(ROOT) },
  faults: moveFaults,
  async handle(call) {
    const order = await move(call)
    return created(call, order.guid, doc(ROOT, orderNode(call, order, 'RECEIVED')))
  },
})

const list = operation({
  ...common,
  on: `GET ${ACCOUNT}/moveTns`,
  scope: 'numbers:read',
  answers: { 200: 'ResponseSelectWrapper', ...errors('ErrorResponse') },
  faults,
  async handle(call) {
    const page = await pageOfOrders(call, 'move', 500)
    return { body: await listNode(call, page, { type: 'move_tns', id: 'OrderId', numbers: order => order.done }) }
  },
})

const read = operation({
  ...common,
  on: `GET ${ACCOUNT}/moveTns/:order`,
  scope: 'numbers:read',
  answers: { 200: ORDER, ...errors('ErrorResponse') },
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
  answers: { 200: 'OrderHistoryWrapper', ...errors('ErrorResponse') },
  faults,
  async handle(call) {
    const order = await ownOrder(call, 'move')
    return { body: historyNode(order, statusNow(call, order)) }
  },
})

export const moveOperations: readonly Operation[] = [create, list, read, history]
