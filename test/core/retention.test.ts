/** What grows with use is removed in small units once it is over and its days have passed; the rest stays. */
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import type { Store } from '../../core/store/store.ts'
import type { Tables } from '../../core/store/tables.ts'
import { DEFAULT_RETENTION, heads, removal, rowsOf } from '../../core/upkeep/retention.ts'
import { KEPT, RULES, type Rule } from '../../core/upkeep/retention-rules.ts'
import type { Core } from '../../core/verbs.ts'
import { createLog } from '../../src/logs/log.ts'
import { readConfig, startDidgate } from '../../src/main.ts'
import { engines, freshStore } from '../support/engines.ts'
import { countOf, delivery, event, insert, many, record } from '../support/leftovers.ts'
import { ACME, buy, callerOf, DAY, market, numbers, release, sound } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const TIDIED: readonly (keyof Tables)[] = RULES.flatMap((rule: Rule) => [
  rule.table,
  ...(rule.parts ? [rule.parts.table] : []),
])
const ALL = Number.POSITIVE_INFINITY
const NOW = Date.UTC(2026, 5, 1)

/** Tables of the database itself, but for those that the engine keeps for itself. */
async function tablesOf(store: Store): Promise<string[]> {
  const query =
    store.engine.name === 'sqlite'
      ? sql<{ name: string }>`SELECT name FROM sqlite_master WHERE type = 'table'`
      : sql<{ name: string }>`SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()`
  const { rows } = await store.read(db => query.execute(db))
  return rows.map(({ name }) => name).filter(name => !/^(sqlite_|numbers_digits|didgate_migrations$)/.test(name))
}

describe.each(engines())('retention on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  beforeEach(async () => {
    w = await worlds.open(market(numbers(6)))
    w.core.outbox.subscribe(['number.released'])
  })
  afterAll(() => worlds.drop())

  const keyed = async (key: string) => ({
    ...(await callerOf(w, ACME)),
    idempotency: { key, fingerprint: 'buy', field: 'Key' },
  })
  const left = async () => {
    const counts = await Promise.all(TIDIED.map(async table => [table, await countOf(w.store, table)] as const))
    return Object.fromEntries(counts.filter(([, rows]) => rows > 0))
  }
  /** An event of which others are told. */
  const giveBack = async () => {
    await buy(w, ACME, '+12127890105')
    await release(w, ACME, '+12127890105')
  }
  /** Two deliveries of each event: one goes to a receiver, one is kept for people to read. */
  const tellAll = () =>
    w.core.outbox.expand(() => {
      const one = { dialect: 'sinch', url: 'http://one.test/', method: 'POST', headers: {}, body: '{}' } as const
      return {
        deliveries: [
          { ...one, receiver: 'one.test:80' },
          { ...one, receiver: undefined },
        ],
        told: [],
        failed: [],
      }
    })
  const send = async (isGood: boolean) => {
    const { items } = await w.core.outbox.due('', 10)
    const taken = await w.core.outbox.take(
      items.map(({ id }) => id),
      20_000,
    )
    const nextAttemptAt = null
    await w.core.outbox.attempted(
      taken.map(({ id }) => ({
        id,
        status: 200,
        error: null,
        durationMs: 1,
        delivered: isGood,
        headers: {},
        nextAttemptAt,
      })),
    )
    return taken
  }
  /** A day on which every table that grows has grown. */
  const useAll = async () => {
    await w.core.sessions.login('onsip', 'ann_1', `password-${ACME}`)
    await expect(w.core.sessions.login('onsip', 'nobody', 'guess')).rejects.toMatchObject({ code: 'login_failed' })
    const caller = await callerOf(w, ACME)
    await w.core.numbers.purchase(await keyed('one'), ['+12127890100'], { documents: 'allow' })
    await w.core.carts.add(caller, ['+12127890101'], 'USD')
    const terms = { until: w.core.clock.now() + DAY / 2, documents: 'allow' } as const
    await w.core.holds.take(caller, { e164s: ['+12127890102'] }, terms)
    await giveBack()
    await tellAll()
    await send(true)
    const failed = { status: 'failed', is_owned: 0, published_line: 0, imported: 0, created_at: w.core.clock.now() }
    await insert(w.store, 'imports', [{ id: 900, ...failed, billed_elsewhere: 0, reason: 'a broken disk' }])
    const [{ id: stock_id } = { id: 0 }] = await w.store.read(db => db.selectFrom('stock').select('id').execute())
    const product = {
      stock_id,
      country: 'US',
      type: 'local',
      area_code: '212',
      region: 'NY',
      city: '',
      capabilities: 1,
    }
    const prices = { currency: 'USD', setup_price: 0, monthly_price: 0, per_minute_price: 0, channels: 1 }
    const line = { import_id: 900, line: 2, e164: '+12127899999', reversed: '99999872121', ...product, ...prices }
    await insert(w.store, 'import_rows', [{ ...line, required_documents: '' } as never])
  }

  it('every table of the database is one of those that are kept or one of those that are tidied', async () => {
    const listed = [...Object.keys(KEPT), ...TIDIED]
    expect(new Set(listed).size).toBe(listed.length)
    expect(listed.sort()).toEqual((await tablesOf(w.store)).sort())
  })

  it('a month after a day of use nothing of it is left but what was bought, and the books agree', async () => {
    await useAll()
    const before = await left()
    expect(Object.keys(before).sort()).toEqual([...TIDIED].sort())
    const kept = await Promise.all(
      (['transactions', 'leases', 'orders', 'number_events'] as const).map(t => countOf(w.store, t)),
    )
    await w.setClock(w.core.clock.now() + 30 * DAY)
    const { removed, isEnd } = await w.core.retention.tidy(ALL)
    expect(isEnd).toBe(true)
    expect(Object.fromEntries(removed)).toEqual(before)
    expect(await left()).toEqual({})
    for (const [n, table] of (['transactions', 'leases', 'orders', 'number_events'] as const).entries()) {
      expect(await countOf(w.store, table)).toBeGreaterThanOrEqual(kept[n] as number)
    }
    await sound(w)
  })

  it('what has its days still to go stays, to the millisecond', async () => {
    await useAll()
    const from = w.core.clock.now()
    const days: [keyof Tables, number][] = [
      ['idempotency_records', DEFAULT_RETENTION.idempotency],
      ['deliveries', DEFAULT_RETENTION.callbacks],
      ['carts', DEFAULT_RETENTION.carts],
    ]
    for (const [table, kept] of days) {
      w.setClockOnly(from + kept * DAY - 1)
      await w.core.retention.tidy(ALL)
      expect(await countOf(w.store, table), table).toBeGreaterThan(0)
      // another core: none that has looked a moment ago looks again
      const later = createCore({ store: w.store, clock: { now: () => from + kept * DAY }, key: 'test' })
      await later.retention.tidy(ALL)
      expect(await countOf(w.store, table), table).toBe(0)
    }
  })

  it('a log-in in use, a hold and a callback that waits outlive any number of days', async () => {
    const { token } = await w.core.sessions.login('onsip', 'ann_1', `password-${ACME}`)
    await giveBack()
    await tellAll()
    for (let day = 0; day < 40; day++) {
      w.setClockOnly(w.core.clock.now() + DAY - 60_000)
      expect(await w.core.sessions.resolve('onsip', token)).toBeDefined()
      await w.core.retention.tidy(ALL)
    }
    const caller = await callerOf(w, ACME)
    const terms = { until: w.core.clock.now() + 29 * DAY, documents: 'allow' } as const
    const [hold] = await w.core.holds.take(caller, { e164s: ['+12127890102'] }, terms)
    w.setClockOnly(w.core.clock.now() + 28 * DAY)
    await w.core.retention.tidy(ALL)
    expect(await w.core.holds.find(ACME, hold?.guid ?? '')).toBeDefined()
    expect(await countOf(w.store, 'outbox')).toBe(1)
    const { items } = await w.core.outbox.deliveries({}, { limit: 10, offset: 0 })
    expect(items.map(({ status }) => status)).toEqual(['waiting'])
    expect(await send(true)).toHaveLength(1)
    w.setClockOnly(w.core.clock.now() + 61_000)
    await w.core.retention.tidy(ALL)
    expect(await left()).toMatchObject({ holds: 1 })
    expect(await countOf(w.store, 'outbox')).toBe(0)
    await sound(w)
  })

  it('a callback that is shown can be sent again, one without words too; what is removed is not found', async () => {
    await giveBack()
    const fail = () => ({ deliveries: [], told: [], failed: [{ dialect: 'sinch', error: 'no words' }] })
    while ((await w.core.outbox.expand(fail)).events > 0) w.setClockOnly(w.core.clock.now() + 900_000)
    const shown = async () => (await w.core.outbox.deliveries({}, { limit: 10, offset: 0 })).items
    const [unworded] = await shown()
    expect(unworded?.status).toBe('unworded')
    w.setClockOnly((unworded?.createdAt ?? 0) + DEFAULT_RETENTION.callbacks * DAY - 1)
    await w.core.retention.tidy(ALL)
    await w.core.outbox.redeliver(null, unworded?.id ?? 0)
    await tellAll()
    expect((await shown()).map(({ status }) => status).sort()).toEqual(['recorded', 'waiting'])
    const [first] = await send(false)
    w.setClockOnly(w.core.clock.now() + DEFAULT_RETENTION.callbacks * DAY)
    await w.core.retention.tidy(ALL)
    expect(await shown()).toEqual([])
    await expect(w.core.outbox.redeliver(null, first?.id ?? 0)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('a repeated request gets its first answer for the days of the records, and is another one after them', async () => {
    const purchase = async () => w.core.numbers.purchase(await keyed('k'), ['+12127890100'], { documents: 'allow' })
    const first = await purchase()
    w.setClockOnly(w.core.clock.now() + DEFAULT_RETENTION.idempotency * DAY - 1)
    await w.core.retention.tidy(ALL)
    expect(await purchase()).toEqual(first)
    await release(w, ACME, '+12127890100')
    w.setClockOnly(w.core.clock.now() + 60_000)
    await w.core.retention.tidy(ALL)
    expect((await purchase()).orderId).not.toBe(first.orderId)
  })

  it('settings say for how long', async () => {
    await useAll()
    const clock = { now: () => w.core.clock.now() + 30 * DAY }
    const long = { ended: 36_500, idempotency: 36_500, callbacks: 36_500, carts: 36_500, imports: 36_500 }
    const before = await left()
    await createCore({ store: w.store, clock, key: 'test', retention: long }).retention.tidy(ALL)
    expect(await left()).toEqual(before)
    await createCore({ store: w.store, clock, key: 'test', retention: { ...long, carts: 1 } }).retention.tidy(ALL)
    expect(Object.keys(before).filter(table => table !== 'carts')).toEqual(Object.keys(await left()))
  })
})

/** A store that tells how many rows each of its units has removed. */
function watched(store: Store, tables: readonly (keyof Tables)[]) {
  const sizes: number[] = []
  const total = async () => (await Promise.all(tables.map(table => countOf(store, table)))).reduce((a, b) => a + b)
  const write: Store['write'] = async (fn, options) => {
    const before = await total()
    const value = await store.write(fn, options)
    sizes.push(before - (await total()))
    return value
  }
  return { store: { ...store, write }, sizes }
}

describe.each(engines())('many rows on %s', engine => {
  const COUNT = 1_300
  const BUSY = ['idempotency_records', 'outbox', 'deliveries', 'delivery_attempts'] as const
  let store: Store
  const core = (of = store): Core => createCore({ store: of, clock: { now: () => NOW }, key: 'test' })
  const fill = async () => {
    const at = NOW - 20 * DAY
    await insert(store, 'idempotency_records', many(COUNT, record(at))) // all of one millisecond
    await insert(store, 'outbox', many(COUNT, event(at)))
    await insert(store, 'deliveries', many(COUNT, delivery(at)))
    const attempt = (n: number) => ({
      delivery_id: n < COUNT ? 1 : n - COUNT + 1,
      at,
      status: 503,
      error: null,
      duration_ms: 1,
    })
    await insert(store, 'delivery_attempts', many(2 * COUNT, attempt))
  }
  const leftOf = (table: keyof Tables) => countOf(store, table)
  beforeEach(async () => {
    const fresh = await freshStore(engine)
    store = fresh.store
    return fresh.drop
  })

  it('go in units of some hundred, between which others write; another process finishes what one began', async () => {
    await fill()
    const { store: seen, sizes } = watched(store, BUSY)
    const first = await core(seen).retention.tidy(RULES.length)
    expect(first.isEnd).toBe(false)
    expect(first.removed.get('idempotency_records')).toBe(rowsOf(store.engine))
    const other: string[] = []
    const tidying = core(seen)
      .retention.tidy(ALL)
      .then(({ isEnd }) => other.push(`tidy ${isEnd}`))
    await store.write(db => db.selectFrom('clock').selectAll().execute())
    other.push('written')
    await tidying
    expect(other).toEqual(['written', 'tidy true'])
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2 * rowsOf(store.engine))
    expect(await Promise.all(BUSY.map(leftOf))).toEqual([0, 0, 0, 0])
  })

  it('are each removed once by two at a time', async () => {
    await fill()
    const both = await Promise.all([core().retention.tidy(ALL), core().retention.tidy(ALL)])
    const sum = (table: string) => both.reduce((all, { removed }) => all + (removed.get(table) ?? 0), 0)
    expect(BUSY.slice(0, 3).map(sum)).toEqual([COUNT, COUNT, COUNT])
  })

  it('of one table stay where it cannot be tidied, and hold up no other', async () => {
    await insert(store, 'idempotency_records', many(10, record(NOW - 20 * DAY)))
    const failed = { status: 'failed', is_owned: 0, published_line: 0, imported: 0, created_at: NOW - 90 * DAY }
    await insert(store, 'imports', [{ ...failed, billed_elsewhere: 0, reason: '' }])
    await store.write(db => sql`ALTER TABLE import_rows RENAME TO import_rows_elsewhere`.execute(db))
    const { retention } = core()
    await expect(retention.tidy(ALL)).rejects.toThrow('1 tables could not be tidied')
    expect(await leftOf('idempotency_records')).toBe(0)
    await store.write(db => sql`ALTER TABLE import_rows_elsewhere RENAME TO import_rows`.execute(db))
    expect((await core().retention.tidy(ALL)).removed).toEqual(new Map([['imports', 1]]))
  })

  it('are told about without being counted', async () => {
    await fill()
    if (engine !== 'sqlite') await store.write(db => sql`ANALYZE idempotency_records`.execute(db))
    expect((await core().retention.rows()).get('idempotency_records')).toBe(COUNT)
  })

  it.each(
    RULES.map((rule: Rule) => [rule.table, rule] as const),
  )('of %s are found by an index', async (table, rule) => {
    const explained = async (query: ReturnType<typeof removal>) => {
      const explain = store.engine.name === 'sqlite' ? sql`EXPLAIN QUERY PLAN` : sql`EXPLAIN`
      const rows = await store.write(async db => {
        // empty tables are read whole, as they should be
        if (store.engine.name === 'postgres')
          for (const way of ['seqscan', 'bitmapscan', 'sort'])
            await sql`SET LOCAL ${sql.raw(`enable_${way}`)} = off`.execute(db)
        return (await sql`${explain} ${query}`.execute(db)).rows
      })
      return JSON.stringify(rows)
    }
    const found = heads(rule, NOW, 100, store.engine)
    const head = await explained(found)
    expect(head).toMatch(/Index (Only )?Scan using \w+|SEARCH \w+ USING (COVERING )?INDEX/)
    expect(head).not.toMatch(/Seq Scan|SCAN|TEMP B-TREE|"Sort| Sort/)
    const whole = await explained(removal(table, rule.keys, found, rule.unless))
    expect(whole).not.toMatch(/Seq Scan|TEMP B-TREE FOR ORDER/)
    if (store.engine.name === 'sqlite') expect(whole).not.toMatch(new RegExp(`SCAN ${table}`))
  })
})

it('on SQLite the pages of removed rows are used again', async () => {
  const { store, drop } = await freshStore('sqlite')
  const pages = async (name: string) => {
    const { rows } = await store.read(db => sql<Record<string, number>>`PRAGMA ${sql.raw(name)}`.execute(db))
    return rows[0]?.[name] as number
  }
  const core = createCore({ store, clock: { now: () => NOW }, key: 'test' })
  await insert(store, 'idempotency_records', many(3_000, record(NOW - 20 * DAY)))
  const full = await pages('page_count')
  await core.retention.tidy(ALL)
  expect(await pages('freelist_count')).toBeGreaterThan(50)
  await insert(store, 'idempotency_records', many(3_000, record(NOW - 10 * DAY)))
  expect(await pages('page_count')).toBe(full)
  await drop()
})

it('a gateway has tidied before a call of its clock answers, and counts what it removed', async () => {
  const base = { PORT: '0', ADMIN_PORT: '0', DATABASE_URL: 'sqlite::memory:', DIDGATE_KEY: 'a key of this test alone' }
  const { config } = readConfig(base, { dialects: [], serving: true })
  if (!config) throw new Error('the configuration is wrong')
  const didgate = await startDidgate(config, { log: createLog('silent') })
  try {
    const { data, admin } = didgate.addresses
    const login = 'Action=SessionCreate&Username=example_ann&Password=demo-ann-password'
    expect(await (await fetch(`${data}/onsip/api?${login}`)).text()).toContain('<SessionId>')
    expect(await countOf(didgate.store, 'sessions')).toBe(1)
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ advance_seconds: 30 * 86_400 })
    const moved = await fetch(`${admin}/admin/v1/clock`, { method: 'POST', headers, body })
    expect(((await moved.json()) as { ran: unknown }).ran).toEqual([])
    expect(await countOf(didgate.store, 'sessions')).toBe(0)
    const metrics = async () => (await fetch(`${admin}/metrics`)).text()
    await expect.poll(metrics).toContain('didgate_rows_removed_total{table="sessions"} 1')
    expect(await metrics()).toMatch(/didgate_table_rows\{table="numbers"\} 1\d\d\d/)
  } finally {
    await didgate.close()
  }
})
