import * as v from 'valibot'
import { accountOf } from './accounts.ts'
import { actorOf } from './actor.ts'
import { userOf } from './directory.ts'
import { listOf, SESSION } from './examples.ts'
import { missing } from './faults.ts'
import { idOf, reasonInQuery, why } from './input.ts'
import { presentPage } from './present.ts'
import { type AdminModule, route } from './route.ts'

const LIST = { paged: true, answer: listOf('sessions', SESSION) } as const

export const sessions: AdminModule = [
  route('GET /accounts/:id/sessions', { summary: 'Who is logged in', ...LIST }, async ({ core }, c, given) => {
    const { id } = await accountOf(core, idOf(c, 'account'))
    const page = given.page()
    return c.json(presentPage('sessions', await core.sessions.list({ accountId: id }, page), page))
  }),
  route(
    'DELETE /accounts/:id/sessions',
    {
      summary: 'End all sessions of an account',
      description: 'Of its own users, not of accounts below it.',
      query: v.object({ reason: why }),
      answer: { ended: 2 },
    },
    async ({ core }, c, given) => {
      const { id } = await accountOf(core, idOf(c, 'account'))
      return c.json({ ended: await core.sessions.endAllOf(actorOf(c), id, given.query().reason) })
    },
  ),
  route(
    'DELETE /accounts/:id/sessions/:session',
    { summary: 'End a session', query: reasonInQuery, answer: { ended: 1 } },
    async ({ core }, c, given) => {
      const { id } = await accountOf(core, idOf(c, 'account'))
      const sessionId = idOf(c, 'session', 'session')
      // of this account, or it is not there
      const { total } = await core.sessions.list({ accountId: id, sessionId }, { limit: 1, offset: 0 })
      if (total === 0) throw missing('session', sessionId)
      await core.sessions.end(actorOf(c), sessionId, given.query().reason)
      return c.json({ ended: 1 })
    },
  ),
  route(
    'GET /accounts/:id/users/:user/sessions',
    { summary: 'The sessions of a user', ...LIST },
    async ({ core }, c, given) => {
      const { id } = await userOf(core, c)
      const page = given.page()
      return c.json(presentPage('sessions', await core.sessions.list({ userId: id }, page), page))
    },
  ),
  route(
    'DELETE /accounts/:id/users/:user/sessions',
    { summary: 'End the sessions of a user', query: reasonInQuery, answer: { ended: 2 } },
    async ({ core }, c, given) => {
      const { id } = await userOf(core, c)
      return c.json({ ended: await core.sessions.endAll(actorOf(c), id, given.query().reason) })
    },
  ),
]
