import * as v from 'valibot'
import { Fault } from '../../core/ground/fault.ts'
import { dialectModules } from '../dialects.ts'
import { SPACE_NAME, SPACE_NAME_WORDS } from '../spaces/names.ts'
import type { OpenedSpace, Spaces } from '../spaces/spaces.ts'
import { demoCredentials } from '../testing/credentials.ts'
import type { Moment } from '../worlds/world.ts'
import { actorOf } from './actor.ts'
import type { AdminContext } from './context.ts'
import { missing } from './faults.ts'
import { beginning, seedOf } from './input.ts'
import { iso, presentPage } from './present.ts'
import { type AdminModule, type Incoming, route } from './route.ts'
import { keeping } from './snapshots.ts'

const MOST_SECONDS = 604_800
const names = dialectModules.map(({ name }) => name)
const SECONDS = `must be a whole number of seconds, 1 to ${MOST_SECONDS}`

const newSpace = v.strictObject({
  ...beginning.entries,
  name: v.optional(v.pipe(v.string(), v.regex(SPACE_NAME, SPACE_NAME_WORDS))),
  seed: seedOf({ snapshot: v.string(), space: v.optional(v.string()) }),
  ttl_seconds: v.optional(
    v.pipe(v.number(SECONDS), v.integer(SECONDS), v.minValue(1, SECONDS), v.maxValue(MOST_SECONDS, SECONDS)),
    3_600,
  ),
  ports: v.optional(
    v.union([v.boolean(), v.array(v.picklist(names))], `must be true, or a list of dialects: ${names.join(', ')}`),
    false,
  ),
})

const SPACE = {
  name: 'mine',
  base_urls: { wavix: 'http://127.0.0.1:8080/~mine/wavix' },
  ports: { twilio: 40123 },
  credentials: { wavix: { key: 'demo-wavix-acme' } },
  now: '2026-06-01T00:00:00.000Z',
  expires_at: '2026-06-01T01:00:00.000Z',
}

const NEEDED = 'spaces need one process in double mode: start without --workers'

/** Faults: not_in_this_mode. */
function spacesOf({ spaces }: AdminContext): Spaces {
  if (!spaces) throw new Fault('not_in_this_mode', { needed: NEEDED })
  return spaces
}

/** The space of a path. Faults: not_in_this_mode, not_found. */
export function spaceOf(world: AdminContext, c: Incoming): OpenedSpace {
  const name = c.req.param('space') ?? ''
  const space = spacesOf(world).find(name)
  if (!space) throw missing('space', name)
  return space
}

/** Isolated worlds inside of this gateway, each for one test or one team. */
export const spaces: AdminModule = [
  route(
    'POST /spaces',
    {
      summary: 'Make a space: a world of its own inside of this gateway',
      description:
        'Own numbers, accounts, money, clock and callbacks. It is reached by the path prefix `/~name/<dialect>/…`, by the ' +
        'host `name.localhost`, and by `ports`: one for each dialect, at its root. It ends after `ttl_seconds` of the ' +
        "wall. `seed` is `demo` by default; a snapshot is one of the program's own world, or of the `space` named beside it.",
      only: 'double',
      aside: true,
      body: newSpace,
      status: 201,
      answer: SPACE,
    },
    async (world, c, given) => {
      const { ttl_seconds: ttlSeconds, seed = 'demo', ports, ...rest } = await given.body()
      const asked = { ...rest, ttlSeconds, ports: ports === true ? names : ports === false ? [] : [...new Set(ports)] }
      const space = await spacesOf(world).create({ ...asked, seed: await sourceOf(world, seed) })
      const shown = await view(world, space)
      await world.core.audit.record(actorOf(c), { accountId: null, action: 'space.created', subject: space.name })
      return c.json(shown, 201)
    },
  ),
  route(
    'GET /spaces',
    {
      summary: 'The spaces there are',
      only: 'double',
      aside: true,
      paged: true,
      answer: { spaces: [SPACE], total: 1, limit: 100, offset: 0 },
    },
    async (world, c, given) => {
      const page = given.page()
      const all = spacesOf(world).list()
      const items = all.slice(page.offset, page.offset + page.limit)
      const shown = await Promise.all(items.map(space => view(world, space)))
      return c.json(presentPage('spaces', { items: shown, total: all.length }, page, each => each))
    },
  ),
  route('GET /spaces/:space', { summary: 'One space', only: 'double', aside: true, answer: SPACE }, async (world, c) =>
    c.json(await view(world, spaceOf(world, c))),
  ),
  route(
    'DELETE /spaces/:space',
    {
      summary: 'End a space',
      description: 'Waits for its running requests; its ports and all that it would still do end with it.',
      only: 'double',
      aside: true,
      status: 204,
    },
    async (world, c) => {
      const { name } = spaceOf(world, c)
      await spacesOf(world).delete(name)
      await world.core.audit.record(actorOf(c), { accountId: null, action: 'space.deleted', subject: name })
      return c.body(null, 204)
    },
  ),
]

type AskedSeed = NonNullable<v.InferOutput<typeof newSpace>['seed']>

async function sourceOf(
  world: AdminContext,
  seed: AskedSeed,
): Promise<Exclude<AskedSeed, { snapshot: string }> | Moment> {
  if (typeof seed !== 'object' || !('snapshot' in seed)) return seed
  if (seed.space === undefined) return keeping(world).find(seed.snapshot)
  const space = spacesOf(world).find(seed.space)
  if (!space) throw missing('space', seed.space)
  return (await space.touch()).snapshots.find(seed.snapshot)
}

/** The world of a space as the routes see it. */
export async function contextOf(main: AdminContext, space: OpenedSpace): Promise<AdminContext> {
  const { world, snapshots } = await space.touch()
  const { metrics, log, dialects, dataPlane = '' } = main
  return {
    ...{ mode: 'double', token: undefined, metrics, log, dialects, snapshots },
    get core() {
      return world.core
    },
    turns: world.turns,
    double: world.double,
    replay: world.replay,
    dataPlane: `${dataPlane}/~${space.name}`,
    whyNotReady: async () => undefined,
    reset: world.reset,
  }
}

async function view(main: AdminContext, { name, clock, ports, expiresAt, isDemo }: OpenedSpace) {
  const { dialects, dataPlane = '' } = main
  const { now, isFrozen } = clock()
  return {
    name,
    base_urls: Object.fromEntries(dialects.map(dialect => [dialect, `${dataPlane}/~${name}/${dialect}`])),
    ports,
    credentials: (await isDemo()) ? demoCredentials : {},
    now: iso(now),
    ...(isFrozen && { frozen: true }),
    expires_at: iso(expiresAt),
  }
}
