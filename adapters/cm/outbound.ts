import type { Order } from '../../core/ground/model.ts'
import type { Core, CoreEvent, Delivery } from '../../core/verbs.ts'
import { DIALECT } from './ids.ts'
import { requestView, sentOf, statusWord } from './views.ts'

/** Mails are kept for an operator to read; nothing sends them. */
function mailFor(address: string, order: Order): Delivery {
  const body = `Number request ${order.guid} is now ${statusWord(order.status)}: ${order.reason}\n`
  return { dialect: DIALECT, url: `mailto:${address}`, method: 'POST', headers: { 'content-type': 'text/plain' }, body }
}

/** The whole request object, as it was when its status changed, to its callback URL; unsigned, as documented. */
export async function orderUpdated(event: CoreEvent, core: Core): Promise<Delivery[]> {
  const order = event.data as unknown as Order
  if (order.dialect !== DIALECT) return []
  const account = await core.accounts.get(event.accountId)
  const view = requestView(order, account?.guid ?? '', { justCreated: false })
  const mails = sentOf(order).emailAddresses.map(address => mailFor(address, order))
  if (order.callbackUrl === null) return mails
  const headers = { 'content-type': 'application/json' }
  const callback: Delivery = {
    dialect: DIALECT,
    url: order.callbackUrl,
    method: 'POST',
    headers,
    body: JSON.stringify(view),
  }
  return [callback, ...mails]
}
