/** PostgreSQL's index of trigrams: for digits inside of numbers, and for nothing else. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filterConditions } from '../../core/numbers/filter.ts'
import type { Store } from '../../core/store/store.ts'
import type { NumberFilter } from '../../core/verbs.ts'
import { freshStore, postgresIsHere } from '../support/engines.ts'

const INDEX = 'numbers_inner_digits'

describe.skipIf(!postgresIsHere)('the index of digits inside of numbers, on postgres', () => {
  let store: Store
  let drop: () => Promise<void>
  beforeAll(async () => {
    ;({ store, drop } = await freshStore('postgres'))
  })
  afterAll(() => drop())

  /** Where nothing else is left that knows a number, and a look at all of them seems dear. */
  async function planOf(where: ReturnType<typeof sql>): Promise<string> {
    let plan = ''
    const explained = store.write(async db => {
      await sql`ALTER TABLE numbers DROP CONSTRAINT numbers_e164_key`.execute(db)
      await sql`DROP INDEX numbers_shelf_e164`.execute(db)
      await sql`SET LOCAL enable_seqscan TO off`.execute(db)
      const { rows } = await sql`EXPLAIN SELECT * FROM numbers WHERE ${where}`.execute(db)
      plan = JSON.stringify(rows)
      throw new Error('and all is as it was')
    })
    await expect(explained).rejects.toThrow('as it was')
    return plan
  }

  it.each([
    ['one number', sql`e164 = '+12125550100'`],
    ['a list', sql`e164 IN ('+12125550100', '+12125550101', '+12125550102')`],
    ['an array', sql`e164 = ANY (ARRAY['+12125550100', '+12125550101'])`],
    ['a list that is read', sql`e164 IN (SELECT json_array_elements_text('["+12125550100","+12125550101"]'))`],
    ['a table of values', sql`e164 IN (VALUES ('+12125550100'), ('+12125550101'))`],
    ['a beginning', sql`e164 LIKE '+1212%'`],
  ])('is not asked for %s, however cheap that seems to the planner', async (_, where) => {
    expect(await planOf(where)).not.toContain(INDEX)
  })

  it.each<[string, NumberFilter]>([
    ['digits anywhere', { pattern: { kind: 'contains', digits: '5501' } }],
    ['digits with a gap', { like: '1...%5501%' }],
  ])('is asked for %s', async (_, filter) => {
    expect(await planOf(sql.join(filterConditions(filter), sql` AND `))).toContain(INDEX)
  })
})
