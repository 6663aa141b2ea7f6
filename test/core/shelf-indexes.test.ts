/** Every question about the shelf is answered from an index that has its order: SQLite is told which, as it keeps no figures. */
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isWide, shelfQuery } from '../../core/numbers/shelf.ts'
import { countedTotal } from '../../core/numbers/total.ts'
import type { Store } from '../../core/store/store.ts'
import type { NumberFilter } from '../../core/verbs.ts'
import { freshStore } from '../support/engines.ts'

type Kind = NonNullable<NumberFilter['pattern']>['kind']

const NOW = Date.UTC(2026, 5, 1)
const ON_SHELF = sql<SqlBool>`numbers.available_from <= ${NOW}`

const US: NumberFilter = { country: 'US' }
const LOCAL: NumberFilter = { ...US, types: ['local'] }
const like = (kind: Kind, digits: string, more: NumberFilter = LOCAL) => ({ ...more, pattern: { kind, digits } })

const INDEXES: [filter: NumberFilter, index: string][] = [
  [{}, 'numbers_shelf_e164'],
  [{ types: ['local'] }, 'numbers_shelf_e164'],
  [US, 'numbers_shelf_country (country=?)'],
  [{ ...US, types: ['local', 'toll_free'] }, 'numbers_shelf_country (country=?)'],
  [LOCAL, 'numbers_shelf_type (country=? AND type=?)'],
  [{ ...LOCAL, areaCode: '212' }, 'numbers_shelf_area (country=? AND type=? AND area_code=?)'],
  [{ ...LOCAL, areaCode: '212', npaNxx: '212555' }, 'numbers_shelf_block (npa_nxx=?)'],
  [{ ...LOCAL, cityId: 5 }, 'numbers_shelf_city (city_id=?)'],
  [{ ...LOCAL, region: 'NY' }, 'numbers_shelf_type (country=? AND type=? AND e164>? AND e164<?)'],
  [{ region: 'NY' }, 'numbers_shelf_e164 (e164>? AND e164<?)'],
  [like('starts', '12'), 'numbers_shelf_e164 (e164>? AND e164<?)'],
  [like('starts', '12', { ...LOCAL, areaCode: '212' }), 'numbers_shelf_e164 (e164>? AND e164<?)'],
  [like('starts', '12', { ...LOCAL, npaNxx: '212555' }), 'numbers_shelf_block'],
  [like('starts', '.12'), 'numbers_shelf_type'],
  [like('ends', '35'), 'numbers_shelf_reversed (reversed>? AND reversed<?)'],
  [like('ends', '3.5'), 'numbers_shelf_reversed (reversed>? AND reversed<?)'],
  [like('ends', '35.'), 'numbers_shelf_type (country=? AND type=?)'],
  [like('ends', ''), 'numbers_shelf_type (country=? AND type=?)'],
  [like('contains', '555'), 'numbers_digits VIRTUAL TABLE INDEX'],
  [like('contains', '55'), 'numbers_shelf_type (country=? AND type=?)'],
]

describe('indexes of the shelf', () => {
  let store: Store
  let drop: () => Promise<void>
  beforeAll(async () => {
    const fresh = await freshStore('sqlite')
    store = fresh.store
    drop = fresh.drop
  })
  afterAll(() => drop())

  async function planOf(query: RawBuilder<unknown>): Promise<string> {
    const { rows } = await store.read(db => sql<{ detail: string }>`EXPLAIN QUERY PLAN ${query}`.execute(db))
    return rows.map(({ detail }) => detail).join('; ')
  }

  it.each(INDEXES)('%j is answered from %s, and is not sorted', async (filter, index) => {
    const { from, where, order } = shelfQuery(store.engine, filter, [ON_SHELF])
    const plan = await planOf(sql`SELECT numbers.* FROM ${from} WHERE ${where} ORDER BY ${order} LIMIT 20`)
    expect(plan).toContain(index)
    expect(plan).not.toContain('TEMP B-TREE')
  })

  it('a number that is named is found at once, whatever else is said of it', async () => {
    for (const more of [US, LOCAL, { ...LOCAL, npaNxx: '212555' }, like('starts', '12')]) {
      const { from, where } = shelfQuery(store.engine, { ...more, e164: '+12125550000' }, [ON_SHELF])
      expect(await planOf(sql`SELECT numbers.* FROM ${from} WHERE ${where}`)).toMatch(/^SEARCH numbers .*\(e164=\?\)$/)
    }
  })

  it.each([
    {},
    US,
    { ...LOCAL, areaCode: '212' },
    like('starts', '1212'),
  ])('a total of %j is read from counters, and from rows that are due', async filter => {
    const plan = await planOf(sql`SELECT ${countedTotal(store.engine, filter, NOW)}`)
    expect(plan).toContain('numbers_due (due_at<?)')
    expect(plan.includes('numbers_shelf_outside')).toBe(filter.pattern !== undefined)
    expect(plan).not.toMatch(/numbers_shelf_(?!outside)/)
  })
})

it.each([
  [false, { e164: '+12125550000' }],
  [false, { npaNxx: '212555' }],
  [false, { cityId: 5 }],
  [false, { areaCode: '212' }],
  [false, { areaCode: '212', ...like('contains', '1') }],
  [true, {}],
  [true, { ...LOCAL, region: 'NY' }],
  [true, like('starts', '121')],
  [false, like('starts', '1212')],
  [true, like('starts', '121.2125')],
  [true, like('ends', '35')],
  [false, like('ends', '135')],
  [true, like('ends', '2135.35')],
  [true, like('contains', '12.45')],
  [false, like('contains', '12.456')],
  [false, like('contains', '123.56')],
] as [boolean, NumberFilter][])('whether the whole shelf may be walked: %s for %j', (wide, filter) => {
  expect(isWide(filter)).toBe(wide)
})
