import { accountOf } from './accounts.ts'
import type { AdminModule } from './context.ts'
import { userOf } from './directory.ts'
import { missing } from './faults.ts'
import { idOf, pageOf } from './input.ts'
import { presentPage } from './present.ts'

export const sessions: AdminModule = (app, { core }) => {
  app.get('/accounts/:id/sessions', async c => {
    const { id } = await accountOf(core, idOf(c, 'account'))
    const page = pageOf(c)
    return c.json(presentPage('sessions', await core.sessions.list({ accountId: id }, page), page))
  })
  app.delete('/accounts/:id/sessions/:session', async c => {
    const { id } = await accountOf(core, idOf(c, 'account'))
    const sessionId = idOf(c, 'session', 'session')
    // of this account, or it is not there
    const { total } = await core.sessions.list({ accountId: id, sessionId }, { limit: 1, offset: 0 })
    if (total === 0) throw missing('session', sessionId)
    await core.sessions.end(null, sessionId)
    return c.json({ ended: 1 })
  })
  app.get('/accounts/:id/users/:user/sessions', async c => {
    const { id } = await userOf(core, c)
    const page = pageOf(c)
    return c.json(presentPage('sessions', await core.sessions.list({ userId: id }, page), page))
  })
  app.delete('/accounts/:id/users/:user/sessions', async c => {
    const { id } = await userOf(core, c)
    return c.json({ ended: await core.sessions.endAll(null, id) })
  })
}
