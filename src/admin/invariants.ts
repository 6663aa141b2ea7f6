import type { AdminModule } from './context.ts'

export const invariants: AdminModule = (app, { core }) => {
  app.get('/invariants', async c => {
    const { ok, checked, violations } = await core.invariants()
    return c.json({ ok, checked, violations })
  })
}
