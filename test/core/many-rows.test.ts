/** Rows by the hundred, in one statement: the same as when each is written alone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noIds } from '../../core/store/ids.ts'
import { asJson } from '../../core/store/json-rows.ts'
import { insertRows } from '../../core/store/statements.ts'
import type { Store } from '../../core/store/store.ts'
import { engines, freshStore } from '../support/engines.ts'

it('what all rows have alike is told once, and what one lacks is null', () => {
  const rows = [
    { a: 1, b: 'x', c: null, d: undefined },
    { a: 1, b: 'y', c: null, d: 2 },
  ]
  expect(asJson(rows)?.map(text => JSON.parse(text))).toEqual([
    { a: 1, c: null },
    [
      { b: 'x', d: null },
      { b: 'y', d: 2 },
    ],
  ])
})

it('what JSON cannot tell PostgreSQL is told in another way', () => {
  for (const odd of ['a\0b', 'half \ud83d', Buffer.from('bytes')]) expect(asJson([{ odd }, { odd }])).toBeUndefined()
  const late = [
    { n: 1, odd: null },
    { n: 2, odd: Buffer.from('bytes') },
  ]
  expect(asJson(late)).toBeUndefined()
  for (const odd of ['a\0b', 'half \udfff']) expect(asJson([{ odd: 'plain' }, { odd }])).toBeUndefined()
  expect(asJson([{ whole: '\u{1f600}' }, { whole: 'é' }])).toBeDefined()
})

describe.each(engines())('many rows on %s', engine => {
  let store: Store
  let drop: () => Promise<void>
  beforeAll(async () => {
    const fresh = await freshStore(engine)
    store = fresh.store
    drop = fresh.drop
  })
  afterAll(() => drop())

  const row = (n: number, more: object) => ({
    ...{ number_id: n, version: 1, kind: 'imported', state: 'available', owner_id: null, lease_id: null },
    ...{
      releases_at: null,
      cool_until: null,
      held_by: null,
      held_until: null,
      actor_account_id: null,
      administrator: null,
    },
    ...{ actor_user_id: null, at: 2 ** 52 + n, data: '{}', ...more },
  })
  const told = [{ data: 'é "quoted" \\ and\nlines' }, { owner_id: 7 }, {}]
  /** Looks like what JSON cannot tell PostgreSQL. */
  const odd = { data: '{"a":"\\u0000 \\ud83d"}' }

  it.each([
    [1, 'one by one', told],
    [2, 'as JSON', told],
    [8, 'as JSON', told],
    [9, 'as JSON', told],
    [300, 'as JSON', told],
    [2, 'one by one', [odd, ...told]],
    [301, 'one by one', [odd, ...told]],
  ])('%i of them, told %s, keep every value', async (count, _, kinds) => {
    const rows = Array.from({ length: count }, (__, n) => row(count * 1000 + n, kinds[n % kinds.length] as object))
    await store.write(db => db.deleteFrom('number_events').execute())
    await store.write(db => insertRows({ db, engine: store.engine, ids: noIds() }, 'number_events', rows))
    const kept = await store.read(db =>
      db
        .selectFrom('number_events')
        .selectAll()
        .where('number_id', '>=', count * 1000)
        .where('number_id', '<', (count + 1) * 1000)
        .orderBy('number_id')
        .execute(),
    )
    expect(kept.map(({ id: _, ...values }) => values)).toEqual(rows)
  })
})
