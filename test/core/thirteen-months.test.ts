/**
 * A year and a month on the test clock over thousands of owned numbers: every renewal once, and the same in every run.
 * `MONTHS_NUMBERS=10000` takes more of them.
 */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import { addMonths } from '../../core/ground/clock.ts'
import { seededRandom } from '../../core/ground/random.ts'
import type { Store } from '../../core/store/store.ts'
import { loadWorld } from '../../src/worlds/seed.ts'
import type { World, WorldRow } from '../../src/worlds/world-file.ts'
import { freshStore } from '../support/engines.ts'

/** Enough that months begin in every hour of the calendar's days, and that a stride is many batches. */
const NUMBERS = Number(process.env.MONTHS_NUMBERS ?? 3_000)
/** Enough that they begin on every day of every month; two runs over them are compared. */
const REPEATED = 500
const MONTHS = 13
const START = Date.parse('2026-06-01T00:00:00Z')
const END = addMonths(START, MONTHS)
const DAY_MS = 86_400_000

const ACCOUNTS = [1, 2, 3]

/** Owned numbers whose months begin on every day of the calendar, the 29th to the 31st among them. */
function ownedNumbers(count: number): WorldRow[] {
  const random = seededRandom('numbers of thirteen months')
  return Array.from({ length: count }, (_, i) => {
    const back = Number.parseInt(random.text(5, '0123456789'), 10) % 365
    const activated = START - back * DAY_MS + (Number.parseInt(random.text(4, '0123456789'), 10) % 1440) * 60_000
    let periods = 1
    while (addMonths(activated, periods) <= START) periods++
    return {
      e164: `+9180${String(10_000_000 + i)}`,
      country: 'IN',
      type: 'local',
      region: 'KA',
      currency: 'INR',
      setup_price: '100',
      monthly_price: String(1 + (i % 7)),
      account_id: ACCOUNTS[i % ACCOUNTS.length] as number,
      activated_at: new Date(activated).toISOString(),
      paid_until: new Date(addMonths(activated, periods)).toISOString(),
    }
  })
}

const worldOf = (count: number): World => ({
  accounts: ACCOUNTS.map(id => ({ id, name: `Account ${id}`, currency: 'INR', balances: { INR: '1000000' } })),
  owned: ownedNumbers(count),
})

interface Run {
  store: Store
  core: ReturnType<typeof createCore>
  ran: { job: string; count: number }[]
  /** Every row of the ledger, in order, as bytes. */
  dump: string
  drop(): Promise<void>
}

/** Through the months in strides of several lengths, as somebody at the admin plane would. */
async function run(world: World): Promise<Run> {
  const { store, drop } = await freshStore('sqlite')
  let now = START
  const core = createCore({ store, clock: { now: () => now }, random: seededRandom('thirteen months'), key: 'test' })
  await loadWorld(core, world)
  const ran: Run['ran'] = []
  for (let stride = 1; now < END; stride = (stride % 90) + 29) {
    now = Math.min(now + stride * DAY_MS, END)
    ran.push(...(await core.jobs.runDue()))
  }
  const rows = await store.read(async db => ({
    transactions: await db.selectFrom('transactions').selectAll().orderBy('id').execute(),
    entries: await db.selectFrom('ledger_entries').selectAll().orderBy('id').execute(),
    balances: await db.selectFrom('balances').selectAll().orderBy('id').execute(),
  }))
  return { store, core, ran, dump: JSON.stringify(rows), drop }
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex')

/** Renewals that fall due in the time, per number, from the calendar alone. */
function expectedRenewals(world: World): number {
  return world.owned === undefined || typeof world.owned === 'string'
    ? 0
    : world.owned.reduce((sum, row) => {
        const [anchor, paid] = [Date.parse(String(row.activated_at)), Date.parse(String(row.paid_until))]
        let due = 0
        for (let k = 1; addMonths(anchor, k) <= END; k++) if (addMonths(anchor, k) >= paid) due++
        return sum + due
      }, 0)
}

describe(`thirteen months over ${NUMBERS} owned numbers`, () => {
  it('renews each of them every month exactly once, the same way in every run, and keeps every invariant', async () => {
    const world = worldOf(NUMBERS)
    const first = await run(world)
    const renewals = first.ran.filter(({ job }) => job === 'renewal').reduce((sum, { count }) => sum + count, 0)
    expect(renewals).toBe(expectedRenewals(world))
    const { posted, periods } = await first.store.read(async db => {
      const count = await db
        .selectFrom('transactions')
        .select(e => [
          e.fn.countAll<number>().as('posted'),
          e.fn
            .count<number>(e.fn('concat', ['subscription_id', e.val('/'), 'period']))
            .distinct()
            .as('periods'),
        ])
        .where('kind', '=', 'renewal')
        .executeTakeFirstOrThrow()
      return count
    })
    expect([posted, periods]).toEqual([renewals, renewals])
    const wrong = await first.store.read(db =>
      db
        .selectFrom('subscriptions')
        .select('id')
        .where(e => e.or([e('paid_until', '<=', END), e('unpaid_since', 'is not', null)]))
        .execute(),
    )
    expect(wrong).toEqual([])
    expect(await first.core.invariants()).toEqual({ ok: true, checked: 10, violations: [] })
    await first.drop()
    const again = [await run(worldOf(REPEATED)), await run(worldOf(REPEATED))] as const
    for (const { drop } of again) await drop()
    const [one, other] = again
    expect(digest(other.dump)).toBe(digest(one.dump))
    expect(other.dump.length).toBe(one.dump.length)
  }, 300_000)
})
