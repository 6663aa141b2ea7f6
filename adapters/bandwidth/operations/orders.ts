import { Fault } from '../../../core/ground/fault.ts'
import type { Order, PhoneNumber } from '../../../core/ground/model.ts'
import type { Core } from '../../../core/verbs.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import { type Element, listOf, textOf } from '../../kit/xml-read.ts'
import { userOf } from '../auth.ts'
import { orderFaults, refuse } from '../faults.ts'
import {
  criteriaOf,
  customerOrderIdOf,
  EXISTING,
  flagOf,
  isBareList,
  MOST_NUMBERS,
  numbersOf,
  rootOf,
  shortText,
  type Wish,
  wishOf,
} from '../fields/documents.ts'
import { filterOf } from '../fields/filters.ts'
import { DIALECT, isGuid, tnOf } from '../ids.ts'
import { homeFor, isOn, livingAt, ORDER_HOME, settleOf } from '../settings.ts'
import { orderEcho } from '../views/echo.ts'
import { echoNode, type Kept, orderNode, soldOf, statusWord, toData } from '../views/orders.ts'
import { doc, el } from '../wire/nodes.ts'
import { queryText } from '../wire/paging.ts'
import { ACCOUNT, type Acting, common, created, errors, ownOrder } from './common.ts'

const ROOT = 'OrderResponse'
const faults = orderFaults(ROOT)

/** What a hold of the account is for. Faults: invalid_input (5043). */
async function reservedNumber({ core, caller }: Acting, id: string): Promise<string> {
  const hold = isGuid(id) ? await core.holds.find(caller.account.id, id.toLowerCase()) : undefined
  return hold ? tnOf(hold.number.e164) : refuse(5043, 'The reservation was not found')
}

interface Asked {
  kept: Omit<Kept, 'siteId' | 'user'>
  wish: { e164s: string[] } | { filter: ReturnType<typeof filterOf>; quantity: number }
}

async function asked(call: Acting, order: Element, wish: Wish): Promise<Asked> {
  const name = shortText(order, 'Name')
  const customerOrderId = customerOrderIdOf(order)
  const peerId = shortText(order, 'PeerId', 20)
  const attributes = listOf(order, 'tnattributes', 'tnattribute').slice(0, 20)
  const words = {
    ...(name && { name }),
    ...(customerOrderId && { customerOrderId }),
    ...(peerId && { peerId }),
    ...(attributes.length > 0 && { attributes: attributes.map(each => each.slice(0, 40)) }),
    partialAllowed: flagOf(order, 'PartialAllowed', true),
    backOrder: flagOf(order, 'BackOrderRequested', false),
    type: wish.type,
  }
  if ('criteria' in wish) {
    const { criteria, quantity } = wish
    return { kept: { ...words, criteria, quantity }, wish: { filter: filterOf(criteriaOf(criteria)), quantity } }
  }
  const reserved: string[] = []
  for (const id of wish.reservations) reserved.push(await reservedNumber(call, id))
  const e164s = numbersOf([...new Set([...wish.tns.map(tnOf), ...reserved])])
  const reservations = wish.reservations.length > 0 ? { reservations: wish.reservations } : {}
  return { kept: { ...words, tns: wish.tns, ...reservations }, wish: { e164s } }
}

async function place(call: Acting): Promise<Order> {
  const { core, caller, inbound } = call
  const order = rootOf(inbound, 'Order')
  const wish = wishOf(order)
  const { kept, wish: wanted } = await asked(call, order, wish)
  const site = textOf(order, 'siteid')
  const home = await homeFor(core, caller, { site, peer: kept.peerId }, ORDER_HOME)
  const request = {
    dialect: DIALECT,
    wish: wanted,
    partial: kept.partialAllowed,
    mayWait: kept.backOrder && kept.type !== EXISTING,
    data: toData({ ...kept, siteId: home.siteId, user: userOf(inbound) }),
    settings: { ...home },
  }
  return livingAt(home, ORDER_HOME, living => core.orders.placeParts(caller, { ...request, ...living }))
}

/** Faults: internal, where the account wants what the live API did. */
function checkBareList({ caller, inbound }: Acting): void {
  const isWanted = isOn(caller.account, 'bareListsFail')
  if (isWanted && isBareList(rootOf(inbound, 'Order'))) throw new Fault('internal', { reference: inbound.requestId })
}

const create = operation({
  ...common,
  on: `POST ${ACCOUNT}/orders`,
  scope: 'numbers:write',
  answers: { 201: ROOT, ...errors(ROOT, 400) },
  faults: orderFaults(ROOT, orderEcho),
  async handle(call) {
    checkBareList(call)
    const order = await place(call)
    return created(call, order.guid, doc(ROOT, echoNode(order), el('OrderStatus', 'RECEIVED')))
  },
})

/** Numbers of orders, a thousand at a time. */
export async function numbersNamed(core: Core, e164s: readonly string[]): Promise<PhoneNumber[]> {
  const found: PhoneNumber[] = []
  for (let at = 0; at < e164s.length; at += MOST_NUMBERS) {
    found.push(...(await core.numbers.findAll(e164s.slice(at, at + MOST_NUMBERS))))
  }
  return found
}

export const statusNow = ({ core, caller }: Acting, order: Order): string =>
  statusWord(order, core.clock.now(), settleOf(caller.account))

async function shown(call: Acting, order: Order) {
  const isDetailed = queryText(call.inbound, 'tndetail')?.toLowerCase() === 'true'
  const details = isDetailed ? { details: await numbersNamed(call.core, soldOf(order)) } : {}
  return orderNode(order, { status: statusNow(call, order), ...details })
}

const read = operation({
  ...common,
  on: `GET ${ACCOUNT}/orders/:order`,
  scope: 'numbers:read',
  answers: { 200: ROOT, ...errors('ErrorResponse', 404) },
  handle: async call => ({ body: await shown(call, await ownOrder(call, 'request')) }),
})

const change = operation({
  ...common,
  on: `PUT ${ACCOUNT}/orders/:order`,
  scope: 'numbers:write',
  answers: { 200: ROOT, ...errors(ROOT, 400, 404) },
  faults,
  async handle(call) {
    const { core, caller, inbound } = call
    const element = rootOf(inbound, 'Order')
    const order = await ownOrder(call, 'request')
    const [name, customerOrderId] = [shortText(element, 'Name'), customerOrderIdOf(element)]
    const isClosed = flagOf(element, 'CloseOrder', false)
    if (isClosed && order.status !== 'pending') refuse(5060, 'Only Backordered order can be closed.')
    const words = { ...(name && { name }), ...(customerOrderId && { customerOrderId }) }
    if (isClosed) await core.orders.close(caller, order.id)
    if (Object.keys(words).length > 0) await core.orders.amend(caller, order.id, words)
    return { body: doc(ROOT) }
  },
})

export const orderOperations: readonly Operation[] = [create, read, change]
