import * as v from 'valibot'
import type { Core } from '../../core/verbs.ts'
import { actorOf } from './actor.ts'
import { beginning, instant } from './input.ts'
import { iso } from './present.ts'
import { type AdminModule, route } from './route.ts'
import { keeping } from './snapshots.ts'

const YEARS_100 = 100 * 366 * 86_400
const FORMS = 'must be {"set": "2026-06-01T00:00:00Z"}, {"advance_seconds": 86400} or {"freeze": true}'

const move = v.pipe(
  v.strictObject({
    set: v.optional(instant),
    advance_seconds: v.optional(
      v.pipe(v.number(), v.minValue(0, 'must not be negative'), v.maxValue(YEARS_100, `must be ${YEARS_100} or less`)),
    ),
    freeze: v.optional(v.boolean()),
  }),
  v.check(
    ({ set, advance_seconds: by, freeze }) =>
      set === undefined ? by !== undefined || freeze !== undefined : by === undefined,
    FORMS,
  ),
)

/** `frozen` stands there while it is. */
const NOW = { now: '2026-06-01T00:00:00.000Z' }

/** The test clock and the fresh start of a test: never in production. */
export const clock: AdminModule = [
  route(
    'GET /clock',
    {
      summary: 'What time it is',
      description: 'With `"frozen": true` while it stands still.',
      only: 'double',
      answer: NOW,
    },
    ({ core }, c) => c.json(view(core)),
  ),
  route(
    'POST /clock',
    {
      summary: 'Move the clock forward, or let it stand still',
      description:
        'What falls due on the way runs, in due order, before the answer. The clock never goes back (409): a reset, or a ' +
        'space, may begin at any time. `{"freeze": true}` stands it still until it is moved or let go; it may stand ' +
        'beside `set` or `advance_seconds`.',
      only: 'double',
      body: move,
      answer: { ...NOW, ran: [{ job: 'renewal', count: 3 }] },
    },
    async ({ core }, c, given) => {
      const ran = await moved(core, await given.body())
      const shown = view(core)
      await core.audit.record(actorOf(c), { accountId: null, action: 'clock.moved', subject: shown.now })
      return c.json({ ...shown, ran })
    },
  ),
  route(
    'POST /reset',
    {
      summary: 'Begin the world anew',
      description:
        'Waits for running requests; those that come meanwhile wait. Without a body: the seed and the time of the start ' +
        "(of the wall, for the program's own world). `now` may be earlier than before.",
      only: 'double',
      aside: true,
      body: beginning,
      answer: { ok: true },
    },
    async (world, c, given) => {
      const { seed, ...rest } = await given.body()
      if (typeof seed === 'object' && 'snapshot' in seed) await keeping(world).restore(seed.snapshot, rest)
      else await world.reset({ seed, ...rest })
      await world.core.audit.record(actorOf(c), { accountId: null, action: 'world.reset', subject: 'reset' })
      return c.json({ ok: true })
    },
  ),
]

async function moved({ jobs }: Core, { set, advance_seconds: by, freeze }: v.InferOutput<typeof move>) {
  const ran = set !== undefined ? await jobs.advanceTo(set) : await jobs.advanceBy(Math.round((by ?? 0) * 1000))
  if (freeze !== undefined) await jobs.freeze(freeze)
  return ran
}

function view({ clock }: Core) {
  return { now: iso(clock.now()), ...(clock.isFrozen?.() && { frozen: true }) }
}
