import { type SqlBool, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import { shelfQuery } from '../../core/numbers/shelf.ts'
import type { Store } from '../../core/store/store.ts'
import type { Core, NumberFilter } from '../../core/verbs.ts'
import { engines, freshStore } from '../support/engines.ts'

/** More than is walked on PostgreSQL before the index of trigrams is asked (`core/numbers/inside.ts`). */
const SIZE = 40_000
const BLOCKS = 50 * 400

/** From 201 on, without those of services: no line has them. */
const CODES = Array.from({ length: 600 }, (_, n) => 201 + n).filter(code => code % 100 !== 11)

async function* plan() {
  for (let n = 0; n < SIZE; n++) {
    const npa = CODES[n % 50]
    const nxx = CODES[Math.floor(n / 50) % 400]
    const e164 = `+1${npa}${nxx}${String((n * 7919 + Math.floor(n / BLOCKS)) % 10_000).padStart(4, '0')}`
    yield {
      line: n + 2,
      row: { e164, country: 'US', type: 'local', currency: 'USD', setup_price: '1', monthly_price: '2' },
    }
  }
}

type Pattern = NonNullable<NumberFilter['pattern']>

const PATTERNS: [string, Pattern][] = [
  ['a beginning', { kind: 'starts', digits: '1212' }],
  ['an ending', { kind: 'ends', digits: '0135' }],
  ['four digits inside', { kind: 'contains', digits: '3320' }],
  ['three digits inside', { kind: 'contains', digits: '791' }],
]

function matches({ kind, digits }: Pattern, e164: string): boolean {
  const text = e164.slice(1)
  if (kind === 'starts') return text.startsWith(digits)
  return kind === 'ends' ? text.endsWith(digits) : text.includes(digits)
}

describe.each(engines())('searches by pattern on %s', engine => {
  let store: Store
  let core: Core
  let drop: () => Promise<void>
  /** Every number, in the order of pages. */
  let all: Awaited<ReturnType<Core['numbers']['search']>>['items']
  beforeAll(async () => {
    const fresh = await freshStore(engine)
    store = fresh.store
    drop = fresh.drop
    core = createCore({ store, clock: { now: () => Date.UTC(2026, 5, 1) }, key: 'test' })
    await core.imports.run(plan(), { owned: false, keepGood: true })
    if (engine === 'postgres') await store.write(db => sql`ANALYZE numbers`.execute(db))
    all = (await core.numbers.search({}, { limit: SIZE, offset: 0 })).items
  })
  afterAll(() => drop())

  it.each(PATTERNS)('%s uses an index', async (_, pattern) => {
    const onShelf = sql<SqlBool>`numbers.available_from <= ${Date.UTC(2026, 5, 1)}`
    const { from, where, order } = shelfQuery(store.engine, { pattern, country: 'US' }, [onShelf])
    const explain = store.engine.name === 'sqlite' ? sql`EXPLAIN QUERY PLAN` : sql`EXPLAIN`
    const sorted = order ? sql`ORDER BY ${order}` : sql``
    const query = sql`${explain} SELECT numbers.* FROM ${from} WHERE ${where} ${sorted} LIMIT 20`
    const { rows } = await store.read(db => query.execute(db))
    const text = JSON.stringify(rows)
    expect(text).not.toMatch(/Seq Scan|SCAN numbers"/)
    expect(text).toMatch(/INDEX|Index|numbers_digits/)
    if (store.engine.name === 'sqlite') expect(text).not.toContain('TEMP B-TREE') // no page is sorted
  })

  it.each(PATTERNS)('%s finds exactly what a look at every number finds', async (_, pattern) => {
    const expected = all.filter(({ e164 }) => matches(pattern, e164))
    const { items, total } = await core.numbers.search({ pattern }, { limit: SIZE, offset: 0 }, true)
    expect(items.map(({ e164 }) => e164).sort()).toEqual(expected.map(({ e164 }) => e164).sort())
    expect(total).toBe(expected.length)
    expect(total).toBeGreaterThan(0)
  })

  it.each(PATTERNS)('%s: pages leave nothing out and overlap nowhere', async (_, pattern) => {
    const filter = { pattern, country: 'US' }
    const { total } = await core.numbers.search(filter, { limit: 1, offset: 0 }, true)
    const ids = new Set<number>()
    for (let offset = 0; offset < total; offset += 75) {
      const { items } = await core.numbers.search(filter, { limit: 75, offset })
      for (const { id } of items) ids.add(id)
    }
    expect(ids.size).toBe(total)
  })

  it('pages far down are the same numbers in the same order', async () => {
    const far = await core.numbers.search({}, { limit: 30, offset: SIZE - 20 }, true)
    expect(far).toEqual({ items: all.slice(-20), total: SIZE })
    expect(await core.numbers.search({}, { limit: 30, offset: SIZE }, true)).toEqual({ items: [], total: SIZE })
  })

  it('a page is whole, whatever was shown before and is pushed out by it', async () => {
    for (let offset = 0; offset < 10_000; offset += 2_000) await core.numbers.search({}, { limit: 2_000, offset })
    const { items } = await core.numbers.search({}, { limit: 12_000, offset: 0 })
    expect(items.length).toBe(12_000)
    expect(new Set(items.map(({ id }) => id)).size).toBe(12_000)
  })

  it('patterns with wildcards and of less than three digits find the same as well', async () => {
    const find = async (kind: 'starts' | 'contains' | 'ends', digits: string) =>
      (await core.numbers.search({ pattern: { kind, digits } }, { limit: 1, offset: 0 }, true)).total
    const texts = all.map(({ e164 }) => e164.slice(1))
    expect(await find('contains', '7.301')).toBe(texts.filter(text => /7\d301/.test(text)).length)
    expect(await find('contains', '77')).toBe(texts.filter(text => text.includes('77')).length)
    expect(await find('starts', '12.2')).toBe(texts.filter(text => /^12\d2/.test(text)).length)
    expect(await find('ends', '.135')).toBe(texts.filter(text => /\d135$/.test(text)).length)
  })
})
