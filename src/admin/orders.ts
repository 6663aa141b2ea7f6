import * as v from 'valibot'
import type { Order } from '../../core/model.ts'
import type { Core } from '../../core/verbs.ts'
import type { AdminModule } from './context.ts'
import { missing } from './faults.ts'
import { pageOf, readBody, readQuery, reason } from './input.ts'
import { present, presentPage } from './present.ts'

const STATUSES = ['pending', 'accepted', 'completed', 'rejected', 'cancelled', 'partial', 'failed'] as const
const filter = v.object({ status: v.optional(v.picklist(STATUSES)) })

/** Requests that may take time, as an operator sees and decides them. */
export const orders: AdminModule = (app, { core }) => {
  app.get('/orders', async c => {
    const { status } = readQuery(c, filter)
    const page = pageOf(c)
    const listed = await core.orders.list(status === undefined ? {} : { status }, page)
    return c.json(presentPage('orders', listed, page, viewOrder))
  })
  for (const verb of ['accept', 'reject', 'complete'] as const) {
    app.post(`/orders/:id/${verb}`, async c => {
      const { reason: why } = await readBody(c, reason)
      const id = await orderId(core, c.req.param('id'))
      return c.json(viewOrder(await core.orders[verb](null, id, why)))
    })
  }
}

/** The order's number, or the guid that its client knows. */
async function orderId(core: Core, text: string): Promise<number> {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  const order = await core.orders.byGuid(text)
  if (!order) throw missing('order', text)
  return order.id
}

function viewOrder({ ranges, ...order }: Order): Record<string, unknown> {
  return { ...present(order), ranges: ranges.map(present) }
}
