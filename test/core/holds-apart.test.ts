/** Many holds beside each other: each keeps its own number, moment and holder, and there is an end to them. */
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Caller, Hold } from '../../core/ground/model.ts'
import type { HoldTerms } from '../../core/verbs.ts'
import { engines } from '../support/engines.ts'
import { ACME, bring, callerOf, market, number, numbers, OTHER, sound, stateOf } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const HOUR = 3_600_000
const DAYS = 24 * HOUR
const START = '2026-06-01T00:00:00Z'
const NOW = Date.parse(START)
const [A, B, C, D] = ['+12127890100', '+12127890101', '+12127890102', '+12127890103'] as const
const ALL = { limit: 9, offset: 0 }
const PAPERS = '+12126660100'

describe.each(engines())('holds beside each other on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  let acme: Caller
  let other: Caller
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  beforeEach(async () => {
    const stock = [...numbers(4), ...numbers(1, '212666', { required_documents: 'id' })]
    w = await worlds.open(market(stock), { now: START })
    acme = await callerOf(w, ACME)
    other = await callerOf(w, OTHER)
  })
  afterAll(() => worlds.drop())

  const hold = (caller: Caller, e164s: string[], more: Partial<HoldTerms> = {}) =>
    w.core.holds.take(caller, { e164s }, { documents: 'allow', until: NOW + HOUR, ...more })
  const idOf = ({ id }: Hold) => id
  /** Who holds what until when, as the account sees it and as the number's row has it. */
  const held = async (id: number) => {
    const { items } = await w.core.holds.of(id, ALL)
    for (const each of items) {
      expect(each.until).toBe(each.number.heldUntil)
      expect(each.accountId).toBe(id)
    }
    return items.map(each => [each.number.e164, each.until - NOW])
  }
  const moves = async (e164: string) =>
    (await w.core.numbers.events({ e164, limit: 9 })).filter(({ kind }) => kind === 'hold_moved').length

  it('one that is extended leaves all others where they are, of its account and of others', async () => {
    await hold(acme, [A])
    const [b] = await hold(acme, [B])
    await hold(other, [C])
    await w.core.holds.extend(acme, [(b as Hold).id], NOW + 2 * HOUR)
    expect(await held(ACME)).toEqual([
      [A, HOUR],
      [B, 2 * HOUR],
    ])
    expect(await held(OTHER)).toEqual([[C, HOUR]])
    await sound(w)
  })

  it('several are extended in one call: each is answered in its place, one that is named twice is moved once', async () => {
    const [a, b] = (await hold(acme, [A, B])).map(idOf) as [number, number]
    const moved = await w.core.holds.extend(acme, [b, a, b], NOW + 3 * HOUR)
    expect(moved.map(each => [each.id, each.number.e164, each.until])).toEqual([
      [b, B, NOW + 3 * HOUR],
      [a, A, NOW + 3 * HOUR],
    ])
    expect([await moves(A), await moves(B)]).toEqual([1, 1])
    // to where it is already is no move
    await w.core.holds.extend(acme, [a], NOW + 3 * HOUR)
    expect(await moves(A)).toBe(1)
    await sound(w)
  })

  it('several are extended or given up all or none: one of another account, or that was given up, stops all', async () => {
    const [a, b] = (await hold(acme, [A, B])).map(idOf) as [number, number]
    const [c] = (await hold(other, [C])).map(idOf) as [number]
    await w.core.holds.giveUp(acme, [b])
    for (const wrong of [b, c, 999_999]) {
      await expect(w.core.holds.extend(acme, [a, wrong], NOW + 2 * HOUR)).rejects.toMatchObject({ code: 'not_found' })
      await expect(w.core.holds.giveUp(acme, [a, wrong])).rejects.toMatchObject({ code: 'not_found' })
    }
    expect([await held(ACME), await held(OTHER)]).toEqual([[[A, HOUR]], [[C, HOUR]]])
    await sound(w)
  })

  it('who holds again some of many gets the very holds it has, and new ones for the rest', async () => {
    // an ended hold of the same number is none of them
    await w.core.holds.giveUp(other, (await hold(other, [B])).map(idOf))
    const [a, b] = (await hold(acme, [A, B])).map(idOf)
    const [d, again, c] = await hold(acme, [D, B, C, B], { until: NOW + 2 * HOUR })
    expect(again?.id).toBe(b)
    expect([d, c].map(each => each?.number.e164)).toEqual([D, C])
    expect(new Set([a, b, c?.id, d?.id]).size).toBe(4)
    expect(await held(ACME)).toEqual([
      [A, HOUR],
      [B, 2 * HOUR],
      [D, 2 * HOUR],
      [C, 2 * HOUR],
    ])
    await sound(w)
  })

  it('a hold keeps what the surface that took it wrote down, and nothing is nothing', async () => {
    await hold(acme, [A], { data: { basket: 'x' }, dialect: 'some' })
    await hold(acme, [B])
    expect((await w.core.holds.of(ACME, ALL)).items.map(({ data }) => data)).toEqual([{ basket: 'x' }, {}])
    const rows = await w.store.read(db => db.selectFrom('holds').select('dialect').orderBy('id').execute())
    expect(rows).toEqual([{ dialect: 'some' }, { dialect: null }])
  })

  it('nothing is held that could not be bought: for want of papers, or in another currency', async () => {
    const none = { code: 'number_unavailable', details: { e164s: [PAPERS] } }
    await expect(hold(acme, [PAPERS, A], { documents: 'refuse' })).rejects.toMatchObject(none)
    const unverified = { code: 'documents_required', details: { e164s: [PAPERS] } }
    await expect(hold(acme, [PAPERS, A], { documents: 'verified' })).rejects.toMatchObject(unverified)
    await expect(hold(acme, [A], { currency: 'EUR' })).rejects.toMatchObject({ code: 'number_unavailable' })
    const wish = { filter: { areaCode: '212', pattern: { kind: 'starts', digits: '1212666' } }, quantity: 1 } as const
    const terms = { until: NOW + HOUR, documents: 'refuse' } as const
    await expect(w.core.holds.take(acme, wish, terms)).rejects.toMatchObject({ code: 'number_unavailable' })
    expect([await held(ACME), await stateOf(w, PAPERS)]).toEqual([[], 'available'])
    expect(await w.core.holds.take(acme, wish, { ...terms, documents: 'allow' })).toHaveLength(1)
  })

  it('until a moment to come, thirty days ahead at most, to the instant; what is wrong is told', async () => {
    const [a] = (await hold(acme, [A], { until: NOW + 30 * DAYS })).map(idOf) as [number]
    const why = (problem: string) => ({ code: 'invalid_input', details: { issues: [{ field: 'until', problem }] } })
    for (const [until, problem] of [
      [NOW + 30 * DAYS + 1, 'too_big'],
      [NOW, 'too_small'],
    ] as const) {
      await expect(hold(acme, [B], { until })).rejects.toMatchObject(why(problem))
      await expect(w.core.holds.extend(acme, [a], until)).rejects.toMatchObject(why(problem))
    }
    expect(await hold(acme, [B], { until: NOW + 1 })).toHaveLength(1)
    expect(await held(ACME)).toEqual([
      [A, 30 * DAYS],
      [B, 1],
    ])
  })

  it('of a call there are a thousand at most', async () => {
    const named = (count: number) => Array.from({ length: count }, (_, n) => `+1213${5_550_000 + n}`)
    const tooMany = { code: 'limit_reached', details: { what: 'numbers held at once', limit: 1_000 } }
    await expect(hold(acme, named(1_001))).rejects.toMatchObject(tooMany)
    await expect(hold(acme, named(1_000))).rejects.toMatchObject({ code: 'number_unavailable' })
    const ids = (count: number) => Array.from({ length: count }, (_, n) => 1_000_000 + n)
    const atOnce = { code: 'limit_reached', details: { what: 'holds at once', limit: 1_000 } }
    await expect(w.core.holds.giveUp(acme, ids(1_001))).rejects.toMatchObject(atOnce)
    await expect(w.core.holds.giveUp(acme, ids(1_000))).rejects.toMatchObject({ code: 'not_found' })
  })

  it('of an account there are five thousand at most that have not ended', async () => {
    const most = 5_000
    await bring(
      w,
      Array.from({ length: most }, (_, n) => number(`+1213${5_550_000 + n}`)),
    )
    await hold(acme, [A], { until: NOW + 1 })
    w.setClockOnly(NOW + 1)
    const [b] = (await hold(acme, [B])).map(idOf) as [number]
    // as if they had been taken one after the other: all of the block but one
    await w.store.write(db =>
      sql`INSERT INTO holds (guid, number_id, account_id, dialect, data, taken_at, held_until, ended_at, ending)
          SELECT 'hold ' || id, id, ${ACME}, NULL, '{}', ${NOW}, ${NOW + HOUR}, NULL, NULL FROM numbers
          WHERE e164 LIKE '+1213%' AND e164 <> '+12135550000'`.execute(db),
    )
    const full = { code: 'limit_reached', details: { what: 'held numbers', limit: most } }
    await expect(hold(acme, [C])).rejects.toMatchObject(full)
    // what it holds already takes no more room, and another has its own
    expect(await hold(acme, [B], { until: NOW + 2 * HOUR })).toHaveLength(1)
    expect(await hold(other, [D])).toHaveLength(1)
    await w.core.holds.giveUp(acme, [b])
    expect(await hold(acme, [C])).toHaveLength(1)
    await expect(hold(acme, [B])).rejects.toMatchObject(full)
  })
})
