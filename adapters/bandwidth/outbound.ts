/** What subscribers are told of orders, disconnects and moves that are over, or that wait for numbers. */
import type { Order, Resource } from '../../core/ground/model.ts'
import type { Core, CoreEvent, Delivery } from '../../core/verbs.ts'
import { renderElement } from '../kit/xml.ts'
import { DIALECT, timeText, tnOf } from './ids.ts'
import { finalWord, keptOf, soldOf } from './views/orders.ts'
import { SUBSCRIPTION, secretRealm, subscriptionOf } from './ways/subscriptions.ts'
import { doc, each, el, some } from './wire/nodes.ts'

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const TYPES: Readonly<Record<Order['kind'], string>> = { request: 'orders', return: 'disconnects', move: 'moveTns' }
const ALL = { limit: 100, offset: 0 }

function messageOf(order: Order): string {
  const numbers = order.kind === 'request' ? soldOf(order) : order.done
  const done = { request: 'Created a new number order for', return: 'Disconnected', move: 'Moved' }[order.kind]
  return `${done} ${numbers.length} ${numbers.length === 1 ? 'number' : 'numbers'}`
}

function notification(subscription: Resource, order: Order): string {
  const isE164 = subscriptionOf(subscription).callback?.format === 'E164'
  const numbers = order.kind === 'request' ? soldOf(order) : order.done
  const root = doc(
    'Notification',
    el('SubscriptionId', subscription.id),
    el('OrderType', TYPES[order.kind]),
    el('OrderId', order.guid),
    el('CustomerOrderId', keptOf(order).customerOrderId),
    el('Status', finalWord(order)),
    el('Message', messageOf(order)),
    some('CompletedTelephoneNumbers', each('TelephoneNumber', isE164 ? numbers : numbers.map(tnOf))),
    el('LastModifiedDate', timeText(order.updatedAt)),
  )
  return DECLARATION + Buffer.from(renderElement(root, 'xml')).toString()
}

function isFor(found: Resource, order: Order, at: number): boolean {
  const { orderType, orderId, callback } = subscriptionOf(found)
  if (orderType?.toLowerCase() !== TYPES[order.kind].toLowerCase()) return false
  if (orderId !== undefined && orderId.toLowerCase() !== order.guid) return false
  return callback === undefined || found.createdAt + callback.seconds * 1000 > at
}

function deliveryOf(found: Resource, order: Order): Delivery[] {
  const { callback, email } = subscriptionOf(found)
  const body = notification(found, order)
  const url = callback?.url ?? (email && `mailto:${email.address}`)
  if (url === undefined) return []
  return [{ dialect: DIALECT, url, method: 'POST', headers: { 'content-type': 'application/xml' }, body }]
}

export async function orderUpdated(event: CoreEvent, core: Core): Promise<Delivery[]> {
  const order = event.data as unknown as Order
  if (order.dialect !== DIALECT) return []
  const { items } = await core.resources.list({ accountIds: [event.accountId], kind: SUBSCRIPTION }, ALL)
  return items.filter(found => isFor(found, order, event.at)).flatMap(found => deliveryOf(found, order))
}

/** Basic credentials of the subscription, as they are at that moment. */
export async function sign({ accountId, body }: Delivery & { accountId: number }, core: Core) {
  const id = /<SubscriptionId>(\d+)</.exec(body)?.[1] ?? ''
  const found = id === '' ? undefined : await core.resources.find(SUBSCRIPTION, Number(id))
  const user = found && subscriptionOf(found).callback?.user
  const password = user === undefined ? undefined : await core.callbackSecrets.find(accountId, secretRealm(id))
  if (user === undefined || password === undefined) return {} as Record<string, string>
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
}
