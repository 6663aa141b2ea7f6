import * as v from 'valibot'
import { Fault } from '../../core/ground/fault.ts'
import type { Snapshot, Snapshots } from '../worlds/snapshots.ts'
import { actorOf } from './actor.ts'
import type { AdminContext } from './context.ts'
import { iso } from './present.ts'
import { type AdminModule, route } from './route.ts'

const NAME = /^[\w][\w.-]{0,63}$/
const newSnapshot = v.strictObject({
  name: v.pipe(v.string(), v.regex(NAME, 'must be 1 to 64 letters, digits, "_", "-" and "."')),
})

const SNAPSHOT = { name: 'after-login', now: '2026-06-01T00:00:00.000Z', frozen: true, bytes: 1_622_016 }
const NEEDED =
  'snapshots of this world need one process on SQLite: start without --workers and with DATABASE_URL=sqlite:…, or use a space'

/** Faults: not_in_this_mode. */
export function keeping({ snapshots }: AdminContext): Snapshots {
  if (!snapshots) throw new Fault('not_in_this_mode', { needed: NEEDED })
  return snapshots
}

/** The whole world with its clock, kept under a name and taken up again. */
export const snapshots: AdminModule = [
  route(
    'POST /snapshots',
    {
      summary: 'Keep this moment of the world',
      description:
        'All of it, with its clock, in memory, in place of one of the same name. On SQLite, and in every space.',
      only: 'double',
      aside: true,
      body: newSnapshot,
      status: 201,
      answer: SNAPSHOT,
    },
    async (world, c, given) => c.json(view(await keeping(world).create((await given.body()).name)), 201),
  ),
  route(
    'GET /snapshots',
    { summary: 'Kept moments', only: 'double', aside: true, answer: { snapshots: [SNAPSHOT] } },
    (world, c) => c.json({ snapshots: keeping(world).list().map(view) }),
  ),
  route(
    'POST /snapshots/:name/restore',
    {
      summary: 'Go on from a kept moment',
      description:
        'Waits for running requests; those that come meanwhile wait. The clock goes on from where it stood; URLs stay, and ' +
        'tokens made before that moment work again.',
      only: 'double',
      aside: true,
      answer: SNAPSHOT,
    },
    async (world, c) => {
      const restored = await keeping(world).restore(c.req.param('name') ?? '')
      await world.core.audit.record(actorOf(c), { accountId: null, action: 'world.restored', subject: restored.name })
      return c.json(view(restored))
    },
  ),
  route(
    'DELETE /snapshots/:name',
    { summary: 'Forget a kept moment', only: 'double', aside: true, status: 204 },
    (world, c) => {
      keeping(world).delete(c.req.param('name') ?? '')
      return c.body(null, 204)
    },
  ),
]

function view({ name, now, isFrozen, bytes }: Snapshot): Record<string, unknown> {
  return { name, now: iso(now), frozen: isFrozen, bytes }
}
