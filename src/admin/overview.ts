import * as v from 'valibot'
import { packageVersion } from '../config/package-files.ts'
import { offersOf } from '../offers.ts'
import type { AdminContext } from './context.ts'
import { limit } from './input.ts'
import { iso, present } from './present.ts'
import { type AdminModule, route } from './route.ts'

const AT = '2026-06-01T00:00:00.000Z'
const HOUR_MS = 3_600_000
const areaCode = v.object({ npa: v.pipe(v.string(), v.regex(/^\d{3}$/, 'must be three digits')) })
const slots = v.object({
  hours: v.optional(
    v.pipe(v.string(), v.regex(/^\d{1,4}$/, 'must be a whole number'), v.transform(Number), v.minValue(1)),
    '1',
  ),
})

/** The gateway at a glance. */
export const overview: AdminModule = [
  route(
    'GET /status',
    {
      summary: 'Version, mode, stock, requests and callbacks at a glance',
      description: 'Requests and faults are counted since the start. Callbacks: among the newest 10,000.',
      answer: {
        version: '1.0.0',
        mode: 'double',
        now: AT,
        data_plane: 'http://127.0.0.1:8080',
        held: 3,
        stock: [{ country: 'US', type: 'local', currency: 'USD', available: 1000, need_documents: 0 }],
        requests: [{ dialect: 'wavix', requests: 12, faults: 1 }],
        callbacks: { waiting: 0, failed: 0, at_least: 12 },
      },
    },
    async (world, c) => c.json(await statusOf(world)),
  ),
  route(
    'GET /offers',
    {
      summary: 'What of the shelf the clients of each dialect are offered',
      description:
        'Stock by the rules of each dialect: its countries and types, whether only what is priced in the own currency ' +
        'of an account, and to whom numbers that need documents are sold. `without`: what is left out besides, and is ' +
        'counted here all the same.',
      answer: {
        offers: [
          {
            ...{ dialect: 'onsip', countries: ['US', 'CA'], types: ['local'], own_currency: true },
            ...{ documents: 'nobody', without: null, available: [{ currency: 'USD', available: 1000 }] },
          },
        ],
      },
    },
    async ({ core }, c) => c.json({ offers: offersOf(await core.inventory.kinds()) }),
  ),
  route(
    'GET /activity',
    {
      summary: 'What happened to numbers over time',
      description: 'Events among the newest 20,000, by kind and slots of so many `hours`, oldest first.',
      query: slots,
      answer: { slots: [{ at: AT, kind: 'purchased', count: 4 }] },
    },
    async ({ core }, c, given) => {
      const found = await core.oversight.activity(given.query().hours * HOUR_MS)
      return c.json({ slots: found.map(present) })
    },
  ),
  route(
    'GET /areas',
    {
      summary: 'Stock of the North American plan by area code',
      answer: { areas: [{ npa: '212', country: 'US', region: 'NY', type: 'local', available: 40 }] },
    },
    async ({ core }, c) => c.json({ areas: await core.oversight.areas() }),
  ),
  route(
    'GET /blocks',
    {
      summary: 'Stock of one area code by exchange',
      description: 'Numbers that need no papers.',
      query: areaCode,
      answer: { blocks: [{ npa_nxx: '212789', region: 'NY', rate_center: 'NWYRCYZN01', available: 10 }] },
    },
    async ({ core }, c, given) => {
      const blocks = await core.inventory.blocks({ npas: [given.query().npa] })
      return c.json({ blocks: blocks.map(present) })
    },
  ),
  route(
    'GET /upcoming',
    {
      summary: 'What falls due next, soonest first',
      query: v.object({ limit }),
      answer: { upcoming: [{ at: AT, what: 'renewal', e164: '+12125550142' }] },
    },
    async ({ core }, c, given) => {
      const found = await core.oversight.upcoming(given.query().limit)
      return c.json({ upcoming: found.map(present) })
    },
  ),
]

async function statusOf({ core, mode, metrics, dataPlane = '' }: AdminContext): Promise<Record<string, unknown>> {
  const { oversight, inventory } = core
  const [stock, held, callbacks, requests] = await Promise.all([
    inventory.kinds(),
    oversight.held(),
    oversight.deliveryCounts(),
    metrics.answered(),
  ])
  return {
    ...{ version: packageVersion(), mode, now: iso(core.clock.now()), data_plane: dataPlane, held },
    stock: stock.map(present),
    requests,
    callbacks: present(callbacks),
  }
}
