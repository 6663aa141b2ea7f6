import * as v from 'valibot'
import type { StoredDelivery } from '../../core/verbs.ts'
import { actorOf } from './actor.ts'
import { DELIVERY, listOf } from './examples.ts'
import { missing } from './faults.ts'
import { idOf } from './input.ts'
import { present, presentPage } from './present.ts'
import { type AdminModule, route } from './route.ts'

const filter = v.object({ status: v.optional(v.picklist(['waiting', 'delivered', 'failed', 'recorded', 'unworded'])) })

/** What was told to the outside, with every attempt. */
export const deliveries: AdminModule = [
  route(
    'GET /deliveries',
    { summary: 'Callbacks with every attempt', query: filter, paged: true, answer: listOf('deliveries', DELIVERY) },
    async ({ core }, c, given) => {
      const { status } = given.query()
      const page = given.page()
      const listed = await core.outbox.deliveries(status === undefined ? {} : { status }, page)
      return c.json(presentPage('deliveries', listed, page, viewDelivery))
    },
  ),
  route(
    'GET /deliveries/:id',
    { summary: 'One callback with every attempt', answer: DELIVERY },
    async ({ core }, c) => {
      const id = idOf(c, 'delivery')
      const delivery = await core.oversight.delivery(id)
      if (!delivery) throw missing('delivery', id)
      return c.json(viewDelivery(delivery))
    },
  ),
  route(
    'POST /deliveries/:id/redeliver',
    { summary: 'Send a callback again', status: 202, answer: DELIVERY },
    async ({ core }, c) => c.json(viewDelivery(await core.outbox.redeliver(actorOf(c), idOf(c, 'delivery'))), 202),
  ),
]

export function viewDelivery(delivery: StoredDelivery): Record<string, unknown> {
  return { ...present(delivery), attempts: delivery.attempts.map(present) }
}
