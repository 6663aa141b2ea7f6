/** What operators look at: every number, paper, callback and charge once, the right ones, in the order that is told. */
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { NumberState } from '../../core/ground/model.ts'
import { type Bench, openBench } from '../support/callbacks.ts'
import { engines } from '../support/engines.ts'
import { ACME, buy, CHILD, callerOf, holding, market, numbers, OTHER, release } from '../support/market.ts'
import { failure, message, success, tell } from '../support/outbox.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const [A, B, C] = ['+12127890100', '+12127890101', '+12127890102'] as const
const START = '2026-06-01T00:00:00Z'
const NOW = Date.parse(START)
const HOUR = 3_600_000
const ALL = { limit: 99, offset: 0 }

describe.each(engines())('what operators look at on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  beforeEach(async () => {
    const stock = [...numbers(3, '310555', { region: 'CA' }), ...numbers(5)]
    w = await worlds.open(market(stock), { now: START })
  })
  afterAll(() => worlds.drop())

  const leaseOf = async (e164: string) => (await holding(w, e164)).lease.id

  it('numbers in their order, of a state, behind the last that was seen, and whether there are more', async () => {
    await buy(w, ACME, A, C)
    await buy(w, OTHER, '+13105550101')
    const page = async (filter: { starts?: string; states?: NumberState[] }, limit: number, after?: string) => {
      const { items, next } = await w.core.oversight.numbers(filter, { limit, ...(after && { after }) })
      return [...items.map(({ e164 }) => e164.slice(-4)), next]
    }
    expect(await page({}, 9)).toEqual(['0100', '0101', '0102', '0103', '0104', '0100', '0101', '0102', undefined])
    expect(await page({}, 2)).toEqual(['0100', '0101', B])
    expect(await page({}, 2, B)).toEqual(['0102', '0103', '+12127890103'])
    expect((await page({}, 8)).at(-1)).toBeUndefined()
    expect(await page({ starts: '1310' }, 9)).toEqual(['0100', '0101', '0102', undefined])
    expect(await page({ starts: '12127890102' }, 9)).toEqual(['0102', undefined])
    expect(await page({ starts: '1310' }, 1, '+13105550100')).toEqual(['0101', '+13105550101'])
    expect(await page({ states: ['active'] }, 9)).toEqual(['0100', '0102', '0101', undefined])
    expect(await page({ states: ['active'] }, 2)).toEqual(['0100', '0102', C])
    expect(await page({ states: ['active'], starts: '1310' }, 9)).toEqual(['0101', undefined])
    expect(await page({ states: ['active', 'available'] }, 1)).toEqual(['0100', A])
    expect(await page({ states: [] }, 9)).toEqual([undefined])
  })

  it('a rare number in a large stock is come by in steps, none of which misses it', async () => {
    await buy(w, OTHER, '+13105550101')
    await w.store.write(async db => {
      const one = await db.selectFrom('numbers').selectAll().where('e164', '=', A).executeTakeFirstOrThrow()
      const digits = sql`'+1212' || (1000000 + n.i)`
      const fresh = { e164: digits, reversed: digits, state: sql`'retired'`, available_from: sql`NULL` }
      const columns = Object.keys(one).filter(name => name !== 'id')
      const values = columns.map(name => fresh[name as 'e164'] ?? sql`numbers.${sql.ref(name)}`)
      await sql`WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 49999)
        INSERT INTO numbers (${sql.join(columns.map(name => sql.ref(name)))})
        SELECT ${sql.join(values)} FROM n, numbers WHERE numbers.e164 = ${A}`.execute(db)
    })
    const first = await w.core.oversight.numbers({ states: ['active'] }, { limit: 9 })
    expect([first.items, first.next]).toEqual([[], '+12121049999'])
    const second = await w.core.oversight.numbers({ states: ['active'] }, { limit: 9, after: first.next as string })
    expect([second.items.map(({ e164 }) => e164), second.next]).toEqual([['+13105550101'], undefined])
  })

  it('areas with what is for sale in each, and how many numbers accounts hold', async () => {
    await buy(w, ACME, A)
    await buy(w, CHILD, B)
    const areas = await w.core.oversight.areas()
    expect(areas).toEqual([
      { npa: '212', country: 'US', region: 'NY', type: 'local', available: 3 },
      { npa: '310', country: 'US', region: 'CA', type: 'local', available: 3 },
    ])
    expect(await w.core.oversight.held()).toBe(2)
    await release(w, ACME, A)
    expect(await w.core.oversight.held()).toBe(1)
  })

  it('how much happened in each slot of time, of each kind, oldest first', async () => {
    await buy(w, ACME, A, B)
    w.setClockOnly(NOW + HOUR - 1)
    await buy(w, ACME, C)
    w.setClockOnly(NOW + HOUR)
    await buy(w, OTHER, '+12127890103')
    await release(w, ACME, A)
    const happened = await w.core.oversight.activity(HOUR)
    expect(happened.map(({ at }) => at)).toEqual(happened.map(({ at }) => at).toSorted((a, b) => a - b))
    expect(happened.filter(({ kind }) => kind === 'purchased')).toEqual([
      { at: NOW, kind: 'purchased', count: 3 },
      { at: NOW + HOUR, kind: 'purchased', count: 1 },
    ])
    expect(happened.filter(({ kind }) => kind === 'released')).toEqual([{ at: NOW + HOUR, kind: 'released', count: 1 }])
  })

  it('papers of numbers and profiles of companies, newest first, by page and by what was decided', async () => {
    const acme = await callerOf(w, ACME)
    await buy(w, ACME, A, B, C)
    const ids: number[] = []
    for (const e164 of [A, B, C]) {
      const paper = {
        type: 'id',
        fileName: 'a.pdf',
        contentType: 'application/pdf',
        content: new Uint8Array([1]),
      } as const
      ids.push((await w.core.documents.upload(acme, [await leaseOf(e164)], paper))[0]?.id as number)
    }
    await w.core.documents.review(null, ids[1] as number, 'approved', 'fine')
    // a paper of an order is told with the order
    await w.store.write(db => sql`UPDATE documents SET lease_id = 0 WHERE id = ${ids[0]}`.execute(db))
    const papers = async (...[filter, page]: Parameters<typeof w.core.oversight.documents>) => {
      const { items, total } = await w.core.oversight.documents(filter, page)
      return [total, ...items.map(({ e164, status }) => [e164, status])]
    }
    expect(await papers({}, ALL)).toEqual([2, [C, 'pending'], [B, 'approved']])
    expect(await papers({}, { limit: 1, offset: 1 })).toEqual([2, [B, 'approved']])
    expect(await papers({ status: 'approved' }, ALL)).toEqual([1, [B, 'approved']])
    for (const status of ['in_review', 'approved', 'in_review'] as const) {
      const made = { accountId: ACME, country: 'US', types: ['local' as const], data: {}, status }
      await w.core.companyProfiles.create(null, made)
    }
    const profiles = async (...[filter, page]: Parameters<typeof w.core.oversight.companyProfiles>) => {
      const { items, total } = await w.core.oversight.companyProfiles(filter, page)
      return [total, ...items.map(({ id }) => id)]
    }
    expect(await profiles({}, ALL)).toEqual([3, 3, 2, 1])
    expect(await profiles({}, { limit: 1, offset: 1 })).toEqual([3, 2])
    expect(await profiles({ status: 'approved' }, ALL)).toEqual([1, 2])
  })

  it('what was ever charged for a number, whoever paid, newest first, and for no other', async () => {
    await buy(w, ACME, A, B)
    w.setClockOnly(NOW + HOUR)
    await release(w, ACME, A)
    await buy(w, OTHER, A)
    await release(w, OTHER, A)
    w.setClockOnly(NOW + 2 * HOUR)
    await buy(w, CHILD, A)
    const of = async (e164: string, limit: number) =>
      (await w.core.oversight.transactionsOf(e164, limit)).map(each => [
        each.accountId,
        each.e164,
        each.createdAt - NOW,
      ])
    expect(await of(A, 9)).toEqual([
      [ACME, A, 2 * HOUR],
      [OTHER, A, HOUR],
      [ACME, A, 0],
    ])
    expect(await of(A, 2)).toEqual([
      [ACME, A, 2 * HOUR],
      [OTHER, A, HOUR],
    ])
    expect(await of(C, 9)).toEqual([])
  })
})

describe.each(engines())('callbacks that operators look at on %s', engine => {
  let bench: Bench
  afterEach(() => bench.drop())

  it('are found by number and by id, newest first, each with its attempts, and counted by what became of them', async () => {
    bench = await openBench(engine)
    const about = (e164: string) => message('one.test', { body: `{"number":"${e164.slice(1)}"}` })
    const ids = await tell(bench, about(A), about(B), about(A), about(A))
    const [first = 0, , third = 0, last = 0] = ids
    await bench.core.outbox.attempted([success(bench, first), failure(bench, last, { nextAttemptAt: null })])
    const { oversight } = bench.core
    const of = async (limit: number) => (await oversight.deliveriesAbout(A, limit)).map(({ id }) => id)
    expect([await of(9), await of(2)]).toEqual([
      [last, third, first],
      [last, third],
    ])
    expect((await oversight.deliveriesAbout(A, 9)).map(({ attempts }) => attempts.length)).toEqual([1, 0, 1])
    expect(await oversight.delivery(third)).toMatchObject({ id: third, attempts: [], status: 'waiting' })
    expect(await oversight.delivery(last)).toMatchObject({ id: last, attempts: [{ status: 500 }], status: 'failed' })
    expect(await oversight.delivery(999_999)).toBeUndefined()
    expect(await oversight.deliveryCounts()).toEqual({ waiting: 2, failed: 1, atLeast: 4 })
  })
})
