/** Exports step by step: each line once, with its own billing, and of what is asked for nothing missing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../support/engines.ts'
import { ACME, buy, callerOf, holding, market, numbers, OTHER, release } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const NOW = Date.parse('2026-06-01T00:00:00Z')
const HOUR = 3_600_000
const US = numbers(500)
const CANADA = numbers(60, '416555', { country: 'CA', region: 'ON', city: 'Toronto' })
const E164S = US.map(({ e164 }) => String(e164))

async function all<T>(batches: AsyncGenerator<T[]>): Promise<T[]> {
  const rows: T[] = []
  for await (const batch of batches) {
    expect(batch.length).toBeGreaterThan(0)
    rows.push(...batch)
  }
  return rows
}

describe.each(engines())('whole exports on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  const mine = E164S.filter((_, n) => n < 270)
  const theirs = E164S.filter((_, n) => n >= 270 && n < 280)
  beforeAll(async () => {
    worlds = await openWorlds(engine)
    w = await worlds.open(market([...US, ...CANADA]), { now: '2026-06-01T00:00:00Z' })
    await buy(w, ACME, ...mine.slice(0, 100))
    await buy(w, OTHER, ...theirs)
    w.setClockOnly(NOW + HOUR)
    await buy(w, ACME, ...mine.slice(100))
    await release(w, ACME, mine[3] as string)
    const { lease } = await holding(w, mine[4] as string)
    const terms = { kind: 'window', ms: HOUR, chargeFee: false } as const
    await w.core.numbers.release(await callerOf(w, ACME), [lease.id], terms)
  })
  afterAll(() => worlds.drop())

  it('every number is told once in the order of its coming, by country and by state', async () => {
    const of = async (asked: Parameters<typeof w.core.exports.inventory>[0]) =>
      (await all(w.core.exports.inventory(asked))).map(({ e164 }) => e164)
    const canada = CANADA.map(({ e164 }) => String(e164))
    expect(await of({})).toEqual([...E164S, ...canada])
    expect(await of({ country: 'CA' })).toEqual(canada)
    const active = [...mine, ...theirs].filter(e164 => e164 !== mine[3] && e164 !== mine[4])
    expect(await of({ states: ['active'] })).toEqual(active)
    expect(await of({ states: ['active', 'releasing'], country: 'US' })).toHaveLength(active.length + 1)
    expect(await of({ states: ['active'], country: 'CA' })).toEqual([])
    expect(await of({ states: [] })).toEqual([])
  })

  it('ownership by account, with those that ended where they are asked for, each with its own billing', async () => {
    const of = async (asked: Parameters<typeof w.core.exports.ownership>[0]) => {
      const rows = await all(w.core.exports.ownership(asked))
      for (const { number, lease, subscription } of rows) {
        expect([lease.numberId, subscription.leaseId]).toEqual([number.id, lease.id])
      }
      return rows.map(({ number }) => number.e164)
    }
    const inOrder = [...mine.slice(0, 100), ...theirs, ...mine.slice(100)]
    const open = (e164s: readonly string[]) => e164s.filter(e164 => e164 !== mine[3])
    expect(await of({ isEndedToo: true })).toEqual(inOrder)
    expect(await of({})).toEqual(open(inOrder))
    expect(await of({ accountId: ACME })).toEqual(open(mine))
    expect(await of({ accountId: ACME, isEndedToo: true })).toEqual(mine)
    expect(await of({ accountId: OTHER, isEndedToo: true })).toEqual(theirs)
    expect(await of({ accountId: 999 })).toEqual([])
    const ended = (await all(w.core.exports.ownership({ isEndedToo: true }))).filter(each => each.endedAt !== null)
    expect(ended.map(({ number, endedAt }) => [number.e164, endedAt])).toEqual([[mine[3], NOW + HOUR]])
    // what is due has ended by the clock, whether or not a job has tidied it
    w.setClockOnly(NOW + 2 * HOUR - 1)
    expect(await of({ accountId: ACME })).toContain(mine[4])
    w.setClockOnly(NOW + 2 * HOUR)
    expect(await of({ accountId: ACME })).toEqual(open(mine).filter(e164 => e164 !== mine[4]))
    expect(await of({})).not.toContain(mine[4])
  })

  it('the ledger of all and of one: by kind, currency and time, both ends as they are told', async () => {
    await w.core.ledger.topUp(null, OTHER, 'EUR', 5)
    const of = async (asked: Parameters<typeof w.core.exports.ledger>[0]) =>
      (await all(w.core.exports.ledger(asked))).map(({ id }) => id)
    const every = await all(w.core.exports.ledger({}))
    expect(every.length).toBeGreaterThan(280)
    expect(new Set(every.map(({ id }) => id)).size).toBe(every.length)
    const ids = (is: (each: (typeof every)[number]) => boolean) => every.filter(is).map(({ id }) => id)
    for (const accountId of [undefined, ACME, OTHER]) {
      const own = (each: (typeof every)[number]) => accountId === undefined || each.accountId === accountId
      const asked = accountId === undefined ? {} : { accountId }
      expect(await of(asked)).toEqual(ids(own))
      expect(await of({ ...asked, currency: 'EUR' })).toEqual(ids(each => own(each) && each.currency === 'EUR'))
      expect(await of({ ...asked, kind: 'topup' })).toEqual(ids(each => own(each) && each.kind === 'topup'))
      const [from, until] = [NOW + HOUR, NOW + HOUR]
      expect(await of({ ...asked, from })).toEqual(ids(each => own(each) && each.createdAt >= from))
      expect(await of({ ...asked, until })).toEqual(ids(each => own(each) && each.createdAt < until))
      expect(await of({ ...asked, from: NOW, until: NOW + 1 })).toEqual(
        ids(each => own(each) && each.createdAt === NOW),
      )
    }
  })

  it('what is as long as whole steps ends there', async () => {
    const even = await worlds.open(market(numbers(500)))
    expect(await all(even.core.exports.inventory({}))).toHaveLength(500)
    const none = await worlds.open(market([]))
    expect(await all(none.core.exports.inventory({}))).toEqual([])
  })
})
