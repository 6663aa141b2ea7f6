import { actorOf } from './actor.ts'
import { DOCUMENT } from './examples.ts'
import { reason } from './input.ts'
import { present } from './present.ts'
import { type AdminModule, route } from './route.ts'

const VERBS = [
  ['approve', 'approved'],
  ['reject', 'rejected'],
] as const

/** Papers that customers handed in: an operator looks at them and says yes or no. */
export const documents: AdminModule = VERBS.map(([verb, status]) =>
  route(
    `POST /documents/:id/${verb}`,
    { summary: `A paper is ${status}`, body: reason, answer: { ...DOCUMENT, status } },
    async ({ core }, c, given) => {
      const { reason: why } = await given.body()
      return c.json(present(await core.documents.review(actorOf(c), Number(c.req.param('id')) || 0, status, why)))
    },
  ),
)
