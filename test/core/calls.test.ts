/** Calls are read back as they came in: once, in the order of time, page by page, on both engines. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Call } from '../../core/ground/model.ts'
import type { CallFilter, NewCall } from '../../core/verbs.ts'
import { engines } from '../support/engines.ts'
import { ACME, buy, callerOf, market, numbers, OTHER, release } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const [ONE, TWO, THREE] = ['+12127890100', '+12127890101', '+12127890102'] as const
const START = Date.parse('2026-06-01T00:00:00Z')
const MINUTE = 60_000
const HOUR = 3_600_000

const call = (n: number, more: Partial<NewCall> = {}): NewCall => ({
  e164: ONE,
  endedAt: START + n * 7 * MINUTE,
  durationSeconds: 30 + (n % 5),
  direction: n % 3 === 0 ? 'outbound' : 'inbound',
  answered: n % 4 !== 0,
  key: `call-${n}`,
  other: `+4420${String(n).padStart(7, '0')}`,
  price: n * 1000,
  ...(n % 3 === 0 && { via: `trunk-${n % 2}` }),
  ...more,
})

const many = (count: number) => Array.from({ length: count }, (_, n) => call(n + 1))

describe.each(engines())('calls on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  let all: readonly Call[]
  beforeAll(async () => {
    worlds = await openWorlds(engine)
    w = await worlds.open(market(numbers(3)))
    await buy(w, ACME, ONE)
    for (let n = 0; n < 1_500; n += 500) {
      const results = await w.core.calls.recordAll(many(1_500).slice(n, n + 500))
      expect(results.every(({ status }) => status === 'recorded')).toBe(true)
    }
    const { items } = await w.core.calls.browse({ accountId: ACME }, { limit: 5_000, offset: 0 })
    all = items
  })
  afterAll(() => worlds.drop())

  const pick = (filter: Omit<CallFilter, 'accountId'>) =>
    all.filter(
      each =>
        (filter.direction ?? each.direction) === each.direction &&
        (filter.disposition ?? each.disposition) === each.disposition &&
        each.startedAt >= (filter.from ?? 0) &&
        each.startedAt < (filter.until ?? Number.MAX_SAFE_INTEGER),
    )

  it('are all there, in the order in which they began, with what was told of them', () => {
    expect(all).toHaveLength(1_500)
    expect(all.map(({ startedAt }) => startedAt)).toEqual([...all.map(each => each.startedAt)].sort((a, b) => a - b))
    expect(all[0]).toMatchObject({
      ...{ e164: ONE, accountId: ACME, userId: 100, direction: 'inbound', from: '+44200000001', to: ONE },
      ...{ disposition: 'answered', durationSeconds: 31, talkSeconds: 31, price: 1000, currency: 'USD' },
    })
    expect(all[3]).toMatchObject({ disposition: 'no_answer', answered: false, talkSeconds: 0 })
  })

  const ranges: Omit<CallFilter, 'accountId'>[] = [
    {},
    { direction: 'outbound' },
    { from: START + HOUR },
    { from: START + 90 * MINUTE, until: START + 100 * HOUR + 5 * MINUTE },
    { from: START + 20 * HOUR, until: START + 160 * HOUR, direction: 'inbound' },
    { from: START + 61 * MINUTE, until: START + 75 * MINUTE },
    { from: START + 75 * MINUTE, until: START + 61 * MINUTE },
    { disposition: 'answered' },
    { disposition: 'answered', direction: 'inbound', from: START + 20 * HOUR + MINUTE },
    { disposition: 'no_answer', until: START + 20 * HOUR },
  ]

  it.each(ranges)('are paged the same from either end: %o', async range => {
    const expected = pick(range)
    for (const descending of [false, true]) {
      const ordered = descending ? [...expected].reverse() : expected
      for (const offset of [
        0,
        3,
        499,
        500,
        501,
        700,
        760,
        expected.length - 20,
        expected.length - 1,
        expected.length,
      ]) {
        if (offset < 0) continue
        const order = { by: 'time', descending } as const
        const page = await w.core.calls.browse({ accountId: ACME, ...range }, { limit: 20, offset }, order)
        expect(page.total).toBe(expected.length)
        expect(page.items).toEqual(ordered.slice(offset, offset + 20))
      }
    }
  })

  it.each(ranges)('are summed: %o', async range => {
    const expected = pick(range)
    const sum = (of: (each: Call) => number) => expected.reduce((total, each) => total + of(each), 0)
    expect(await w.core.calls.summary({ accountId: ACME, ...range })).toEqual({
      calls: expected.length,
      answered: sum(each => Number(each.answered)),
      seconds: sum(each => each.durationSeconds),
      talkSeconds: sum(each => each.talkSeconds),
      price: sum(each => each.price),
      lastAt: expected.at(-1)?.startedAt ?? null,
    })
  })

  it.each(ranges)('are read one after the other: %o', async range => {
    const found: Call[] = []
    for await (const some of w.core.calls.each({ accountId: ACME, ...range })) found.push(...some)
    expect(found).toEqual(pick(range))
  })

  it('are read one after the other, also those of one moment', async () => {
    const own = (n: number) => call(n, { e164: THREE, endedAt: START + HOUR, durationSeconds: 0, key: `same-${n}` })
    await buy(w, OTHER, THREE)
    for (const first of [0, 900, 1_800]) {
      await w.core.calls.recordAll(Array.from({ length: 900 }, (_, n) => own(first + n)))
    }
    const guids = new Set<string>()
    let count = 0
    for await (const some of w.core.calls.each({ accountId: OTHER })) {
      for (const { guid } of some) guids.add(guid)
      count += some.length
    }
    expect([count, guids.size]).toEqual([2_700, 2_700])
  })

  it('are read in steps, none of them empty, and whoever else asks has a turn between', async () => {
    const begin = (n: number) => START + (n * 7 - 1) * MINUTE
    const steps = async (from: number, until: number) => {
      const lengths: number[] = []
      const turns: number[] = []
      let turn = 0
      const count = () => {
        turn++
        next = setImmediate(count)
      }
      let next = setImmediate(count)
      for await (const some of w.core.calls.each({ accountId: ACME, from: begin(from), until: begin(until) })) {
        lengths.push(some.length)
        turns.push(turn)
      }
      clearImmediate(next)
      expect(new Set(turns).size).toBe(turns.length)
      return lengths
    }
    expect(await steps(100, 300)).toEqual([200])
    expect(await steps(100, 701)).toEqual([200, 200, 200, 1])
    expect(await steps(100, 100)).toEqual([])
  })

  it('are summed apart by what they are priced in', async () => {
    const [all, dollars, euros] = await Promise.all(
      [{}, { currency: 'USD' }, { currency: 'EUR' }].map(each => w.core.calls.summary({ accountId: ACME, ...each })),
    )
    expect(dollars).toEqual(all)
    expect(euros?.calls).toBe(0)
  })

  it('are found by what no counter knows', async () => {
    const find = async (filter: Omit<CallFilter, 'accountId'>) => {
      const page = await w.core.calls.browse({ accountId: ACME, ...filter }, { limit: 2_000, offset: 0 })
      expect(page.total).toBe(page.items.length)
      return page.items
    }
    expect(await find({ fromText: '0000017' })).toEqual(all.filter(({ from }) => from.includes('0000017')))
    expect(await find({ toText: '%' })).toEqual([])
    expect(await find({ minSeconds: 34 })).toEqual(all.filter(({ durationSeconds }) => durationSeconds >= 34))
    expect(await find({ minTalkSeconds: 34 })).toEqual(all.filter(({ talkSeconds }) => talkSeconds >= 34))
    expect(await find({ via: 'trunk-1' })).toEqual(all.filter(({ via }) => via === 'trunk-1'))
    expect(await find({ userId: 999 })).toEqual([])
    expect(await find({ fromId: all[2]?.id ?? 0, untilId: all[5]?.id ?? 0 })).toEqual(all.slice(2, 5))
    expect(await w.core.calls.find(ACME, all[7]?.guid ?? '')).toEqual(all[7])
    expect(await w.core.calls.find(OTHER, all[7]?.guid ?? '')).toBeUndefined()
    const dear = await w.core.calls.browse(
      { accountId: ACME },
      { limit: 1, offset: 0 },
      { by: 'price', descending: true },
    )
    expect(dear.items).toEqual([all.at(-1)])
  })

  it('have one effect, however often they are told', async () => {
    const again = await w.core.calls.recordAll([call(5), call(6), call(6), call(9_000), call(9_000)])
    expect(again.map(({ status }) => status)).toEqual(['unchanged', 'unchanged', 'unchanged', 'recorded', 'unchanged'])
    const other = await w.core.calls.recordAll([
      call(5, { durationSeconds: 1 }),
      call(1, { e164: '+19995550100', key: 'x' }),
    ])
    expect(other.map(({ status }) => status)).toEqual(['conflict', 'unknown'])
    expect((await w.core.calls.summary({ accountId: ACME })).calls).toBe(1_501)
    const one = { accountId: ACME, from: START + 9_000 * 7 * MINUTE - HOUR }
    expect((await w.core.calls.browse(one, { limit: 9, offset: 0 })).total).toBe(1)
    await expect(w.core.calls.record(call(5, { durationSeconds: 1 }))).rejects.toMatchObject({ code: 'name_taken' })
  })

  it('belong to who held the number when they ended, and to nobody without one', async () => {
    const at = (ended: number, key: string) => w.core.calls.record(call(0, { e164: TWO, endedAt: ended, key }))
    expect((await at(START, 'before')).accountId).toBeNull()
    w.setClockOnly(START + 1_000)
    await buy(w, OTHER, TWO)
    w.setClockOnly(START + 2_000)
    await release(w, OTHER, TWO)
    w.setClockOnly(START + 3_000)
    await w.core.jobs.runDue()
    expect((await at(START + 1_500, 'while')).accountId).toBe(OTHER)
    expect((await at(START + 2_500, 'after')).accountId).toBeNull()
    const ofTwo = { accountId: OTHER, fromText: TWO }
    expect((await w.core.calls.browse(ofTwo, { limit: 9, offset: 0 })).total).toBe(1)
    expect(await callerOf(w, OTHER)).toBeDefined()
  })

  it('told twice at once are one', async () => {
    const told = call(0, { key: 'at-once', endedAt: START + 50_000 * MINUTE })
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => w.core.calls.record(told)))
    const guids = results.flatMap(each => (each.status === 'fulfilled' ? [each.value.guid] : []))
    expect(guids).toHaveLength(4)
    expect(new Set(guids).size).toBe(1)
  })
})
