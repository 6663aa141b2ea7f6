import type { AdminModule } from './context.ts'
import { readBody, reason } from './input.ts'
import { present } from './present.ts'

/** Papers that customers handed in: an operator looks at them and says yes or no. */
export const documents: AdminModule = (app, { core }) => {
  for (const [verb, status] of [
    ['approve', 'approved'],
    ['reject', 'rejected'],
  ] as const) {
    app.post(`/documents/:id/${verb}`, async c => {
      const { reason: why } = await readBody(c, reason)
      return c.json(present(await core.documents.review(null, Number(c.req.param('id')) || 0, status, why)))
    })
  }
}
