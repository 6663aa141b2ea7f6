import * as v from 'valibot'
import type { Received } from '../double/receiver.ts'
import { faultsOf, waitingOf } from './double.ts'
import { limit } from './input.ts'
import { type AdminModule, route } from './route.ts'

const path = v.optional(v.pipe(v.string(), v.startsWith('/', 'must begin with /'), v.maxLength(500)))
const waitBody = v.strictObject({
  match: v.optional(v.strictObject({ path }), {}),
  count: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000)), 1),
  timeout_ms: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(60_000)), 5_000),
})

const RECEIVED = {
  id: 1,
  at: '2026-06-01T00:00:00.000Z',
  method: 'POST',
  path: '/orders',
  headers: { 'content-type': 'application/json' },
  body: '{"event":"number.activated"}',
}

const present = ({ at, ...rest }: Received) => ({ ...rest, at: new Date(at).toISOString() })

/** Callbacks that came to the gateway's own receiver: a test needs no server. */
export const received: AdminModule = [
  route(
    'GET /callbacks',
    {
      summary: 'Callbacks that the built-in receiver got, newest first',
      description:
        'It is at `/_callbacks/<anything>` of the data plane (`/~name/_callbacks/…` of a space), answers 200, or what ' +
        '`?status=` of its URL says. `path` is the beginning of what stands behind `/_callbacks`.',
      only: 'double',
      aside: true,
      query: v.object({ path, limit }),
      answer: { callbacks: [RECEIVED] },
    },
    (world, c, given) => {
      const query = given.query()
      const found = faultsOf(world).receiver.find(query.path, Number(query.limit))
      return c.json({ callbacks: found.map(present) })
    },
  ),
  route(
    'POST /callbacks/wait',
    {
      summary: 'Wait until so many callbacks have come',
      description: 'Those that were there before count. 408 when the time is over first, with those that have come.',
      only: 'double',
      aside: true,
      body: waitBody,
      answer: { count: 1, callbacks: [RECEIVED] },
    },
    async (world, c, given) => {
      const { match, count, timeout_ms: ms } = await given.body()
      const { receiver } = faultsOf(world)
      const found = await waitingOf(world)(() => receiver.wait(match.path, count, ms))
      return c.json({ count: found.length, callbacks: found.map(present) }, found.length >= count ? 200 : 408)
    },
  ),
  route(
    'DELETE /callbacks',
    { summary: 'Forget the callbacks that came', only: 'double', aside: true, status: 204 },
    (world, c) => {
      faultsOf(world).receiver.clear()
      return c.body(null, 204)
    },
  ),
]
