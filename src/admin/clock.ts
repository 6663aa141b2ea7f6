import * as v from 'valibot'
import { Fault } from '../../core/fault.ts'
import type { AdminContext, AdminModule } from './context.ts'
import { instant, readBody } from './input.ts'
import { iso } from './present.ts'

const YEARS_100 = 100 * 366 * 86_400

const move = v.union(
  [
    v.strictObject({ set: instant }),
    v.strictObject({
      advance_seconds: v.pipe(v.number(), v.minValue(0, 'must not be negative'), v.maxValue(YEARS_100)),
    }),
  ],
  'must be {"set": "2026-06-01T00:00:00Z"} or {"advance_seconds": 86400}',
)

/** The test clock and the fresh start of a test: never in production. */
export const clock: AdminModule = (app, context) => {
  const { core } = context
  app.get('/clock', c => {
    onlyDouble(context)
    return c.json({ now: iso(core.clock.now()) })
  })
  app.post('/clock', async c => {
    onlyDouble(context)
    const body = await readBody(c, move)
    const { jobs } = core
    const ran = await ('set' in body
      ? jobs.advanceTo(body.set)
      : jobs.advanceBy(Math.round(body.advance_seconds * 1000)))
    const now = iso(core.clock.now())
    await core.audit.record(null, { accountId: null, action: 'clock.moved', subject: now })
    return c.json({ now, ran })
  })
  app.post('/reset', async c => {
    onlyDouble(context)
    await context.reset()
    await core.audit.record(null, { accountId: null, action: 'world.reset', subject: 'reset' })
    return c.json({ ok: true })
  })
}

function onlyDouble({ mode }: AdminContext): void {
  if (mode !== 'double') throw new Fault('not_in_this_mode', { needed: 'double' })
}
