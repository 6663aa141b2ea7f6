import * as v from 'valibot'
import type { AdminModule } from './context.ts'
import { e164, instant } from './input.ts'
import { present } from './present.ts'
import { route } from './route.ts'

const call = v.strictObject({
  e164,
  ended_at: v.optional(instant),
  duration_seconds: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(31 * 86_400)),
  direction: v.optional(v.picklist(['inbound', 'outbound']), 'inbound'),
  answered: v.optional(v.boolean(), true),
})

const RECORDED = {
  id: 1,
  e164: '+12127890100',
  ended_at: '2026-06-01T00:00:30.000Z',
  duration_seconds: 30,
  direction: 'inbound',
  answered: true,
}

/** Calls are told by the outside (a switch, a test): they decide cool-offs and usage. */
export const calls: AdminModule = [
  route(
    'POST /calls',
    { summary: 'Tell of a call, which decides cool-offs and usage', body: call, status: 201, answer: RECORDED },
    async ({ core }, c, given) => {
      const body = await given.body()
      const recorded = await core.calls.record({
        e164: body.e164,
        endedAt: body.ended_at ?? core.clock.now(),
        durationSeconds: body.duration_seconds,
        direction: body.direction,
        answered: body.answered,
      })
      const data = { direction: body.direction, durationSeconds: body.duration_seconds }
      await core.audit.record(null, { accountId: null, action: 'call.recorded', subject: body.e164, data })
      return c.json(present(recorded), 201)
    },
  ),
]
