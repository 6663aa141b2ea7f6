import { accountOf } from './accounts.ts'
import { actorOf } from './actor.ts'
import { VERIFICATION } from './examples.ts'
import { idOf, reason } from './input.ts'
import { present } from './present.ts'
import { type AdminModule, route } from './route.ts'

const PATH = '/accounts/:id/verifications'

const VERBS = [
  ['approve', 'verified'],
  ['reject', 'failed'],
] as const

/** Who stands behind an account, kind by kind: what was filed, and whether an operator found it so. */
export const verifications: AdminModule = [
  route(
    `GET ${PATH}`,
    { summary: 'What is verified of an account, and what waits', answer: { verifications: [VERIFICATION] } },
    async ({ core }, c) => {
      const { id } = await accountOf(core, idOf(c, 'account'))
      return c.json({ verifications: (await core.verifications.list(id)).map(present) })
    },
  ),
  ...VERBS.map(([verb, status]) =>
    route(
      `POST ${PATH}/:kind/${verb}`,
      { summary: `A verification is ${status}`, body: reason, answer: { ...VERIFICATION, status } },
      async ({ core }, c, given) => {
        const { reason: why } = await given.body()
        const decision = { status, reason: why }
        const kind = c.req.param('kind') ?? ''
        const decided = await core.verifications.decide(actorOf(c), idOf(c, 'account'), kind, decision)
        return c.json(present(decided.verification))
      },
    ),
  ),
]
