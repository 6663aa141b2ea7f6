import type { Order } from '../../../core/ground/model.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import { childOf, type Element, listOf, textOf } from '../../kit/xml-read.ts'
import { userOf } from '../auth.ts'
import { errorNode, orderFaults, refuse } from '../faults.ts'
import { customerOrderIdOf, numbersOf, rootOf, shortText } from '../fields/documents.ts'
import { DIALECT, timeText, tnOf } from '../ids.ts'
import { returnEcho } from '../views/echo.ts'
import { FINAL, keptOf } from '../views/orders.ts'
import { doc, each, el, some } from '../wire/nodes.ts'
import { ACCOUNT, type Acting, common, created, errors, ownOrder } from './common.ts'
import { statusNow } from './orders.ts'

const ROOT = 'DisconnectTelephoneNumberOrderResponse'
const TYPE = 'DisconnectTelephoneNumberOrderType'
const MODES = ['normal', 'soft-remove', 'purge']
const PROTECTED = ['TRUE', 'FALSE', 'UNCHANGED']

/** Faults: invalid_input (5084). All modes give the number back. */
function modeOf(type: Element): string {
  const sent = textOf(type, 'disconnectmode') ?? 'normal'
  const mode = sent.toLowerCase().replace('_', '-')
  if (MODES.includes(mode)) return mode
  return refuse(5084, `DisconnectMode '${sent.slice(0, 40)}' is invalid. Valid values are: normal, soft-remove, purge`)
}

function typeOf(order: Element): Element {
  const type = childOf(order, TYPE.toLowerCase())
  if (!type) return refuse(5001, 'Invalid input telephone number list')
  const kept = textOf(type, 'protected')
  if (kept !== undefined && !PROTECTED.includes(kept.toUpperCase()))
    refuse(5002, 'Validation error: Protected is invalid')
  return type
}

async function disconnect(call: Acting): Promise<Order> {
  const { core, caller, inbound } = call
  const sent = rootOf(inbound, 'DisconnectTelephoneNumberOrder')
  const type = typeOf(sent)
  const e164s = numbersOf(listOf(type, 'telephonenumberlist', 'telephonenumber'))
  const [name, customerOrderId, mode] = [shortText(sent, 'Name'), customerOrderIdOf(sent), modeOf(type)]
  const kept = textOf(type, 'protected')?.toUpperCase()
  const words = { ...(name && { name }), ...(customerOrderId && { customerOrderId }), ...(kept && { kept }) }
  const data = { ...words, mode, user: userOf(inbound), tns: e164s }
  return core.orders.giveBack(caller, { dialect: DIALECT, e164s, data })
}

function requestNode(order: Order) {
  const { name, customerOrderId, tns = [] } = keptOf(order)
  const { mode, kept } = order.data
  const list = doc('TelephoneNumberList', ...each('TelephoneNumber', tns.map(tnOf)))
  return doc(
    'orderRequest',
    el('CustomerOrderId', customerOrderId),
    el('Name', name),
    el('OrderCreateDate', timeText(order.createdAt)),
    el('id', order.guid),
    doc(TYPE, list, el('Protected', kept as string | undefined), el('DisconnectMode', String(mode))),
  )
}

function errorsOf(order: Order) {
  return order.failed.map(({ e164 }) => {
    const tn = tnOf(e164)
    const text = `The telephone number ${tn} could not be disconnected since it is not associated with your account.`
    return errorNode({ code: 5006, description: text, tn })
  })
}

const create = operation({
  ...common,
  on: `POST ${ACCOUNT}/disconnects`,
  scope: 'numbers:write',
  answers: { 201: ROOT, ...errors(ROOT, 400) },
  faults: orderFaults(ROOT, returnEcho),
  async handle(call) {
    const order = await disconnect(call)
    return created(call, order.guid, doc(ROOT, requestNode(order), el('OrderStatus', 'RECEIVED')))
  },
})

const read = operation({
  ...common,
  on: `GET ${ACCOUNT}/disconnects/:order`,
  scope: 'numbers:read',
  answers: { 200: ROOT, ...errors('ErrorResponse', 404) },
  async handle(call) {
    const order = await ownOrder(call, 'return')
    const status = statusNow(call, order)
    const isOver = FINAL.has(status)
    const done = isOver ? order.done.map(tnOf) : []
    return {
      body: doc(
        ROOT,
        some('ErrorList', isOver ? errorsOf(order) : []),
        requestNode(order),
        el('OrderStatus', status),
        el('LastModifiedDate', timeText(order.updatedAt)),
        some('DisconnectedTelephoneNumberList', each('TelephoneNumber', done)),
      ),
    }
  },
})

export const disconnectOperations: readonly Operation[] = [create, read]
