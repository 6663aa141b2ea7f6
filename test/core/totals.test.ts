/** Totals read from counters are what counting would find: whatever was bought, given back, stopped or is due. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import { COLUMNS } from '../../core/store/area-counters.ts'
import type { Store } from '../../core/store/store.ts'
import type { Core, NumberFilter } from '../../core/verbs.ts'
import { engines, freshStore } from '../support/engines.ts'

const START = Date.UTC(2026, 5, 1)
const DAY = 86_400_000

const row = (e164: string, rest: Record<string, string> = {}) => ({
  e164,
  country: 'US',
  type: 'local',
  region: 'NY',
  city: 'New York',
  capabilities: 'voice',
  currency: 'USD',
  setup_price: '1',
  monthly_price: '1',
  ...rest,
})

function* rows() {
  for (let n = 0; n < 40; n++)
    yield row(`+1212555${String(n).padStart(4, '0')}`, n % 3 ? {} : { capabilities: 'voice;sms' })
  for (let n = 0; n < 10; n++) yield row(`+1212556000${n}`, { required_documents: 'address' })
  for (let n = 0; n < 10; n++) yield row(`+1213555000${n}`, { region: 'CA', city: 'Los Angeles' })
  for (let n = 0; n < 5; n++) yield row(`+1800555000${n}`, { type: 'toll_free', region: '', city: '' })
  for (let n = 0; n < 3; n++) yield row(`+1888555000${n}`, { type: 'toll_free', region: 'TX', city: '' })
  for (let n = 0; n < 5; n++) {
    yield row(`+3120555000${n}`, { country: 'NL', area_code: '020', region: '', city: 'Amsterdam', currency: 'EUR' })
  }
}

async function* plan() {
  let line = 2
  for (const each of rows()) yield { line: line++, row: each }
}

const FILTERS: NumberFilter[] = [
  {},
  { country: 'US' },
  { country: 'US', types: ['local'] },
  { country: 'US', types: ['local', 'toll_free'] },
  { types: [] },
  { country: 'US', types: ['local'], areaCode: '212' },
  { country: 'US', areaCode: '212', documents: 'none' },
  { areaCode: '212', documents: 'some' },
  { npaNxx: '212555', capabilities: ['voice', 'sms'] },
  { npaNxx: '212555', withoutCapabilities: ['sms'] },
  { region: 'CA', currency: 'USD' },
  { region: 'NY' },
  { country: 'US', region: 'TX' },
  { country: 'US', types: ['toll_free'], region: 'TX' },
  { country: 'NL', region: 'NY' },
  { region: 'ZZ' },
  { region: 'CA', pattern: { kind: 'contains', digits: '55' } },
  { region: 'TX', pattern: { kind: 'contains', digits: '00' } },
  { city: 'new york' },
  { pattern: { kind: 'starts', digits: '1' } },
  { pattern: { kind: 'starts', digits: '12' } },
  { pattern: { kind: 'starts', digits: '1212' } },
  { pattern: { kind: 'starts', digits: '12125' }, capabilities: ['sms'] },
  { pattern: { kind: 'starts', digits: '1212555' } },
  { pattern: { kind: 'starts', digits: '12125550' } },
  { pattern: { kind: 'starts', digits: '1800' } },
  { pattern: { kind: 'starts', digits: '31' } },
  { pattern: { kind: 'starts', digits: '1.12' } },
  { pattern: { kind: 'ends', digits: '0001' } },
  { pattern: { kind: 'contains', digits: '555' } },
  { pattern: { kind: 'contains', digits: '' } },
  { country: 'US', excludePrefixes: ['1213'] },
]

describe.each(engines())('totals on %s', engine => {
  let store: Store
  let core: Core
  let drop: () => Promise<void>
  let now = START
  beforeAll(async () => {
    const fresh = await freshStore(engine)
    store = fresh.store
    drop = fresh.drop
    core = createCore({ store, clock: { now: () => now }, key: 'test' })
    await core.imports.run(plan(), { owned: false, keepGood: false })
  })
  afterAll(() => drop())

  async function expectExact() {
    for (const filter of FILTERS) {
      // no counter knows channels, so that these are found one by one
      const all = await core.numbers.search({ ...filter, minimumChannels: 0 }, { limit: 1000, offset: 0 })
      const page = await core.numbers.search(filter, { limit: 1000, offset: 0 })
      const { total } = await core.numbers.search(filter, { limit: 1, offset: 0 }, true)
      expect({ filter, total }).toEqual({ filter, total: all.items.length })
      const none = await core.numbers.search(filter, { limit: 0, offset: 0 }, true)
      expect({ filter, ...none }).toEqual({ filter, items: [], total })
      expect({ filter, ids: page.items.map(({ id }) => id) }).toEqual({ filter, ids: all.items.map(({ id }) => id) })
    }
  }

  it('are exact after purchases, releases, blocks, and when rests end before any job has seen it', async () => {
    await expectExact()
    const account = await core.accounts.create(null, { name: 'Buyer', handle: 'MA_1', currency: 'USD' })
    await core.ledger.topUp(null, account.id, 'USD', 1_000_000_000)
    await core.policies.setQuarantineDays(2, 'US')
    const caller = core.accounts.callerFor(account)
    const numbers = ['+12125550000', '+12125550003', '+12135550001', '+18005550002', '+18885550001']
    const { owned } = await core.numbers.purchase(caller, numbers, { documents: 'allow' })
    await core.numbers.block(null, '+12125550009', 'test')
    await expectExact()
    const leases = owned.filter(({ number }) => number.e164 !== '+18005550002').map(({ lease }) => lease.id)
    await core.numbers.release(caller, leases, { kind: 'now' }, 'test')
    await expectExact()
    now += 2 * DAY // nothing tidies here: only the clock has moved
    await expectExact()
    const { total } = await core.numbers.search({ npaNxx: '212555' }, { limit: 1, offset: 0 }, true)
    expect(total).toBe(39)
    const texas = { filter: { country: 'US', region: 'TX' }, quantity: 3 }
    const terms = { documents: 'allow', partial: false } as const
    expect((await core.numbers.claim(caller, [texas], terms)).owned).toHaveLength(3)
    await expect(core.numbers.claim(caller, [texas], terms)).rejects.toMatchObject({ code: 'number_unavailable' })
    await core.jobs.runDue()
    await expectExact()
  })

  it('are the same after an upgrade from a database without sums of counters', async () => {
    const drop =
      engine === 'sqlite'
        ? ['DROP TRIGGER stock_insert_area', 'DROP TRIGGER stock_update_area']
        : ['DROP FUNCTION count_new_areas CASCADE', 'DROP FUNCTION count_areas CASCADE']
    const held =
      engine === 'sqlite'
        ? ['DROP TRIGGER leases_insert_held', 'DROP TRIGGER leases_update_held']
        : ['DROP FUNCTION count_held CASCADE']
    const tables = ['DROP INDEX leases_ending', 'DROP TABLE held', 'DROP TABLE stock_areas']
    const undo = [
      ...drop,
      ...held,
      ...tables,
      "DELETE FROM didgate_migrations WHERE name IN ('0004-areas', '0005-held', '0043-counters-in-place')",
    ]
    await store.write(async db => {
      for (const statement of undo) await sql.raw(statement).execute(db)
    })
    expect(await store.isMigrated()).toBe(false)
    await store.migrate()
    await expectExact()
    await core.numbers.block(null, '+12135550005', 'test')
    await expectExact()
    expect(await core.invariants()).toMatchObject({ ok: true })
  })

  it('of what somebody holds are exact when numbers are taken, moved, given back, and when only the clock ends them', async () => {
    const open = (name: string, parentId?: number) =>
      core.accounts.create(null, { name, handle: name, currency: 'USD', ...(parentId !== undefined && { parentId }) })
    const parent = await open('MA_HELD')
    const child = await open('MA_HELD_1', parent.id)
    await core.ledger.topUp(null, parent.id, 'USD', 1_000_000_000)
    const caller = core.accounts.callerFor(parent)
    const expectHeld = async (...counts: number[]) => {
      const totals = [[parent.id], [child.id], [parent.id, child.id]].map(async accountIds => {
        const { items, total } = await core.numbers.owned({ accountIds }, { limit: 100, offset: 0 })
        expect(total).toBe(items.length)
        return total
      })
      expect(await Promise.all(totals)).toEqual(counts)
    }
    await expectHeld(0, 0, 0)
    const numbers = Array.from({ length: 6 }, (_, n) => `+121255500${20 + n}`)
    const { owned } = await core.numbers.purchase(caller, numbers, { documents: 'allow' })
    const [first, second, third] = owned.map(({ lease }) => lease.id) as [number, number, number]
    await expectHeld(6, 0, 6)
    await core.numbers.move(caller, first, child.id)
    await expectHeld(5, 1, 6)
    await core.numbers.release(caller, [second], { kind: 'now' }, 'test')
    await core.numbers.release(caller, [third], { kind: 'window', ms: DAY, chargeFee: false }, 'test')
    await expectHeld(4, 1, 5)
    now += DAY // the clock alone has ended it
    await expectHeld(3, 1, 4)
    await core.jobs.runDue()
    await expectHeld(3, 1, 4)
    expect(await core.invariants()).toMatchObject({ ok: true })
  })

  it('no index holds what the counters count: they change where they stand', async () => {
    const made =
      store.engine.name === 'sqlite'
        ? sql<{ text: string }>`SELECT sql AS text FROM sqlite_master WHERE type = 'index' AND tbl_name LIKE 'stock%'`
        : sql<{ text: string }>`SELECT indexdef AS text FROM pg_indexes
            WHERE schemaname = current_schema() AND tablename LIKE 'stock%'`
    const { rows } = await store.read(db => made.execute(db))
    expect(rows.filter(({ text }) => text?.includes('stock_areas_npa'))).toHaveLength(1)
    expect(rows.filter(({ text }) => text?.includes('available'))).toEqual([])
  })

  it.skipIf(engine === 'sqlite')(
    'pages of counters keep room for what changes, and areas are locked in one order',
    async () => {
      const { rows } = await store.read(db =>
        sql<{ text: string }>`SELECT relname || ' ' || array_to_string(reloptions, ',') AS text FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relname IN ('npa_versions', 'stock', 'stock_areas')
        ORDER BY relname`.execute(db),
      )
      const tables = ['npa_versions', 'stock', 'stock_areas']
      expect(rows.map(({ text }) => text)).toEqual(tables.map(table => `${table} fillfactor=45`))
      const { rows: made } = await store.read(db =>
        sql<{ text: string }>`SELECT prosrc AS text FROM pg_proc
        WHERE pronamespace = current_schema()::regnamespace AND proname IN ('count_areas', 'count_new_areas')`.execute(
          db,
        ),
      )
      const orders = made.map(({ text }) =>
        text
          .match(/ORDER BY\s+([\w, ]+?)\s+ON CONFLICT/)?.[1]
          ?.split(', ')
          .toSorted(),
      )
      expect(orders).toEqual([COLUMNS.toSorted(), COLUMNS.toSorted()])
    },
  )

  it('tell an invariant when sums of counters are off', async () => {
    await store.write(db => sql`UPDATE stock_areas SET available = available + 1 WHERE npa = '212'`.execute(db))
    const { violations } = await core.invariants()
    expect(violations.map(({ invariant }) => invariant)).toEqual([10])
    await store.write(db => sql`UPDATE stock_areas SET available = available - 1 WHERE npa = '212'`.execute(db))
    await store.write(db => sql`UPDATE held SET leases = leases + 1`.execute(db))
    expect((await core.invariants()).violations.map(({ invariant }) => invariant)).toEqual([3])
  })
})
