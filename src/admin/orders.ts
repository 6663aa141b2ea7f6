import * as v from 'valibot'
import type { Order } from '../../core/ground/model.ts'
import type { Core } from '../../core/verbs.ts'
import { actorOf } from './actor.ts'
import { listOf, ORDER } from './examples.ts'
import { missing } from './faults.ts'
import { reason } from './input.ts'
import { iso, present, presentPage } from './present.ts'
import { type AdminModule, route } from './route.ts'

const STATUSES = [
  ...(['pending', 'accepted', 'completed', 'rejected', 'cancelled', 'partial', 'failed'] as const),
  ...(['draft', 'blocked', 'expired'] as const),
] as const
const filter = v.object({ status: v.optional(v.picklist(STATUSES)) })

const VERBS = [
  ['accept', 'An order is taken on'],
  ['reject', 'An order is refused'],
  ['complete', 'An order is filled from what is for sale, or with what is kept for it'],
  ['block', 'The customer of an order that keeps its numbers has to say more'],
] as const

/** Requests that may take time, as an operator sees and decides them. */
export const orders: AdminModule = [
  route(
    'GET /orders',
    { summary: 'Orders that may take time', query: filter, paged: true, answer: listOf('orders', ORDER) },
    async ({ core }, c, given) => {
      const { status } = given.query()
      const page = given.page()
      const listed = await core.orders.list(status === undefined ? {} : { status }, page)
      return c.json(presentPage('orders', listed, page, viewOrder))
    },
  ),
  route(
    'GET /orders/:id',
    { summary: 'An order with the papers that came with it', answer: { ...ORDER, documents: [] } },
    async ({ core }, c) => {
      const id = await orderId(core, c.req.param('id') ?? '')
      const order = await core.orders.find(id)
      if (!order) throw missing('order', String(id))
      const documents = await core.documents.ofOrder(id)
      return c.json({ ...viewOrder(order), documents: documents.map(present) })
    },
  ),
  ...VERBS.map(([verb, summary]) =>
    route(`POST /orders/:id/${verb}`, { summary, body: reason, answer: ORDER }, async ({ core }, c, given) => {
      const { reason: why } = await given.body()
      const id = await orderId(core, c.req.param('id') ?? '')
      return c.json(viewOrder(await core.orders[verb](actorOf(c), id, why)))
    }),
  ),
]

/** The order's number, or the guid that its client knows. */
async function orderId(core: Core, text: string): Promise<number> {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  const order = await core.orders.byGuid(text)
  if (!order) throw missing('order', text)
  return order.id
}

function viewOrder({ ranges, notes, ...order }: Order): Record<string, unknown> {
  const told = notes.map(({ at, message }) => ({ at: iso(at), message }))
  return {
    ...present(order),
    notes: told,
    ranges: ranges.map(({ from, ...range }) => ({ ...present(range), from: iso(from) })),
  }
}
