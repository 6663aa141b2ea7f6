/** Rows as use leaves them behind, many at a time: what no test has the time to make one by one. */
import type { Insertable } from 'kysely'
import type { Store } from '../../core/store/store.ts'
import type { Tables } from '../../core/store/tables.ts'

const AT_ONCE = 500

export async function insert<T extends keyof Tables>(store: Store, table: T, rows: readonly Insertable<Tables[T]>[]) {
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    await store.write(db =>
      db
        .insertInto(table)
        .values(rows.slice(at, at + AT_ONCE) as never)
        .execute(),
    )
  }
}

export const many = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n))

export const record = (at: number) => (n: number) => ({
  ...{ account_id: 1, key: `key ${at} ${n}`, fingerprint: 'x', result: 'x', created_at: at },
})

/** An event that is done, and a delivery of it that is over. */
export const event = (at: number) => (n: number) => ({
  ...{ id: n + 1, kind: 'number.purchased', account_id: 1, at, data: '{}', is_done: 1 },
})
export const delivery = (at: number) => (n: number) => ({
  ...{ id: n + 1, event_id: n + 1, account_id: 1, dialect: 'any', url: 'http://one.test/', method: 'POST' },
  ...{ headers: '{}', body: '{}', status: 'delivered', next_attempt_at: null, created_at: at, lane: 'one.test:80 1' },
})

export async function countOf(store: Store, table: keyof Tables): Promise<number> {
  const { rows } = await store.read(db =>
    db
      .selectFrom(table)
      .select(e => e.fn.countAll<number>().as('rows'))
      .executeTakeFirstOrThrow(),
  )
  return Number(rows)
}
