import * as v from 'valibot'
import type { StoredDelivery } from '../../core/verbs.ts'
import type { AdminModule } from './context.ts'
import { idOf, pageOf, readQuery } from './input.ts'
import { present, presentPage } from './present.ts'

const filter = v.object({ status: v.optional(v.picklist(['waiting', 'delivered', 'failed', 'recorded', 'unworded'])) })

/** What was told to the outside, with every attempt. */
export const deliveries: AdminModule = (app, { core }) => {
  app.get('/deliveries', async c => {
    const { status } = readQuery(c, filter)
    const page = pageOf(c)
    const listed = await core.outbox.deliveries(status === undefined ? {} : { status }, page)
    return c.json(presentPage('deliveries', listed, page, viewDelivery))
  })
  app.post('/deliveries/:id/redeliver', async c =>
    c.json(viewDelivery(await core.outbox.redeliver(null, idOf(c, 'delivery'))), 202),
  )
}

function viewDelivery(delivery: StoredDelivery): Record<string, unknown> {
  return { ...present(delivery), attempts: delivery.attempts.map(present) }
}
