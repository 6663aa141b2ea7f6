/** The runner in several processes over one PostgreSQL: due things are done once, whoever does them, whoever dies. */
import { expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import { addMonths } from '../../core/ground/clock.ts'
import { seededRandom } from '../../core/ground/random.ts'
import { loadWorld } from '../../src/worlds/seed.ts'
import type { World, WorldRow } from '../../src/worlds/world-file.ts'
import { freshStore, postgresIsHere } from '../support/engines.ts'
import { type ServerProcess, startServer } from '../support/process.ts'

const OWNED = 300
const RELEASED = 20
const MONTHS = 3
const DAY_MS = 86_400_000
const KEY = 'a-key-that-all-processes-share-0123456'

const iso = (at: number) => new Date(at).toISOString()

function worldAt(now: number): World {
  const owned: WorldRow[] = Array.from({ length: OWNED }, (_, i) => {
    const activated = now - (i % 28) * DAY_MS
    return {
      e164: `+91801000${String(i).padStart(4, '0')}`,
      ...{ country: 'IN', type: 'local', currency: 'INR', setup_price: '1', monthly_price: '2', account_id: 1 },
      activated_at: iso(activated),
      paid_until: iso(addMonths(activated, 1)),
    }
  })
  return {
    quarantine_days: { '*': 45 },
    accounts: [{ id: 1, name: 'Acme', currency: 'INR', balances: { INR: '100000' } }],
    owned,
  }
}

/** Renewals due by `until` of the numbers that are kept. */
function expectedRenewals({ owned = [] }: World, until: number): number {
  const kept = (owned as WorldRow[]).slice(RELEASED)
  return kept.reduce((sum, row) => {
    const anchor = Date.parse(String(row.activated_at))
    let due = 0
    while (addMonths(anchor, due + 1) <= until) due++
    return sum + due
  }, 0)
}

const renewalsOf = async ({ admin }: ServerProcess) => {
  const text = await (await fetch(`${admin}/metrics`)).text()
  return Number(/didgate_job_items_total\{job="renewal"\} (\d+)/.exec(text)?.[1] ?? 0)
}

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  const giveUpAt = Date.now() + 60_000
  while (!(await condition())) {
    if (Date.now() > giveUpAt) throw new Error(`waited in vain until ${what}`)
    await new Promise(done => setTimeout(done, 20))
  }
}

it.skipIf(!postgresIsHere)(
  'three processes share the due work of three months, one dies amid it, and everything is done once',
  async () => {
    const { store, url, drop } = await freshStore('postgres', { connections: 4 })
    const now = Date.now()
    const core = createCore({ store, clock: { now: () => now }, random: seededRandom('processes'), key: KEY })
    const world = worldAt(now)
    await loadWorld(core, world)
    const caller = core.accounts.callerFor((await core.accounts.get(1)) as never)
    const { items } = await core.numbers.owned({ accountIds: [1] }, { limit: RELEASED, offset: 0 })
    const leases = items.map(({ lease }) => lease.id)
    await core.numbers.release(caller, leases, { kind: 'window', ms: DAY_MS, chargeFee: true })

    const env = { DATABASE_URL: url, DIDGATE_SEED: 'none', DIDGATE_KEY: KEY, LOG_LEVEL: 'error' }
    const start = () => startServer(env)
    const [one, two, three] = await Promise.all([start(), start(), start()])
    const posted = () =>
      store.read(async db => {
        const query = db.selectFrom('transactions').where('kind', '=', 'renewal')
        return (await query.select(e => e.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()).n
      })
    const due = (at: number) =>
      store.read(async db => {
        const subscriptions = await db.selectFrom('subscriptions').select('id').where('due_at', '<=', at).execute()
        return (
          subscriptions.length +
          (await db.selectFrom('numbers').select('id').where('due_at', '<=', at).execute()).length
        )
      })
    try {
      const at = addMonths(now, MONTHS)
      const headers = { 'content-type': 'application/json' }
      const body = JSON.stringify({ set: iso(at) })
      const moved = fetch(`${one.admin}/admin/v1/clock`, { method: 'POST', headers, body })
      await until(async () => (await posted()) > 100, 'the work has begun')
      await three.kill()
      expect((await moved).status).toBe(200)
      const again = await start()
      await until(async () => (await due(at)) === 0, 'nothing is due')
      expect(await posted()).toBe(expectedRenewals(world, at))
      expect(await renewalsOf(two)).toBeGreaterThan(0)
      const states = await store.read(db => db.selectFrom('numbers').select('state').execute())
      expect(states.filter(({ state }) => state === 'available').length).toBe(RELEASED)
      expect(await core.invariants()).toEqual({ ok: true, checked: 10, violations: [] })
      expect(await Promise.all([one.stop(), two.stop(), again.stop()])).toEqual([0, 0, 0])
    } finally {
      for (const server of [one, two, three]) if (server.child.exitCode === null) await server.kill()
      await drop()
    }
  },
)
