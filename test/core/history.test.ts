/** What happened to numbers and accounts, as operators ask for it: all of it once, in one order, and nothing else. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HistoryFilter, HistoryPoint } from '../../core/verbs.ts'
import { engines } from '../support/engines.ts'
import { ACME, buy, CHILD, callerOf, holding, market, numbers, OTHER, release } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const [A, B, C] = ['+12127890100', '+12127890101', '+12127890102'] as const
const NOW = Date.parse('2026-06-01T00:00:00Z')
const HOUR = 3_600_000
const BEGINNING: HistoryPoint = { number: 0, audit: 0 }
const ANN = { administrator: 'ann' }

describe.each(engines())('history on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  beforeAll(async () => {
    worlds = await openWorlds(engine)
    w = await worlds.open(market(numbers(3)), { now: '2026-06-01T00:00:00Z' })
    await buy(w, ACME, A)
    w.setClockOnly(NOW + HOUR)
    await w.core.numbers.block(ANN, A, 'fraud')
    await w.core.numbers.unblock(ANN, A, 'none')
    await w.core.ledger.topUp(ANN, OTHER, 'USD', 1_000_000)
    w.setClockOnly(NOW + 2 * HOUR)
    await buy(w, OTHER, B)
    await w.core.accounts.update({ administrator: 'bea' }, ACME, { name: 'Acme Ltd' })
    w.setClockOnly(NOW + 3 * HOUR)
    const { lease } = await holding(w, A)
    await w.core.numbers.move(await callerOf(w, ACME), lease.id, CHILD)
    await release(w, OTHER, B)
    await buy(w, CHILD, C)
  })
  afterAll(() => worlds.drop())

  type Told = { at: number; word: string; about: string; id: number; actor: number | null; by: string | null }
  const toldOf = ({ event }: { event: Awaited<ReturnType<typeof read>>['items'][number]['event'] }): Told => ({
    ...{ at: event.at, id: event.id, actor: event.actorAccountId, by: event.administrator },
    ...('kind' in event ? { word: event.kind, about: event.e164 } : { word: event.action, about: event.subject }),
  })
  const read = (filter: HistoryFilter, after = BEGINNING, limit = 500) =>
    w.core.oversight.history(filter, { after, limit })
  const all = async (filter: HistoryFilter) => {
    const { items, more } = await read(filter)
    expect(more).toBe(false)
    return items.map(toldOf)
  }
  /** From page to page, by the end of each or by the last event that it showed. */
  const walk = async (filter: HistoryFilter, limit: number, by: 'next' | 'point') => {
    const seen: Told[] = []
    for (let [after, more] = [BEGINNING, true]; more; ) {
      const page = await read(filter, after, limit)
      expect(page.items.length).toBeLessThanOrEqual(limit)
      seen.push(...page.items.map(toldOf))
      const last = page.items.at(-1)?.point
      after = by === 'point' && last ? last : page.next
      more = page.more
    }
    return seen
  }
  const words = async (filter: HistoryFilter) => (await all(filter)).map(each => `${each.word} ${each.about}`)

  it('all of it, oldest first; of one instant what happened to numbers comes before acts', async () => {
    const told = await all({})
    expect(told.map(({ at }) => at)).toEqual(told.map(({ at }) => at).toSorted((a, b) => a - b))
    const counted = await w.store.read(async db => {
      const of = (log: 'number_events' | 'audit_events') => db.selectFrom(log).select('id').orderBy('id').execute()
      return [(await of('number_events')).length, (await of('audit_events')).length]
    })
    const isNumber = ({ about }: Told) => /^\+/.test(about)
    expect(told.length).toBe((counted[0] as number) + (counted[1] as number))
    const hour = told.filter(({ at }) => at === NOW + 2 * HOUR)
    expect([isNumber(hour[0] as Told), isNumber(hour.at(-1) as Told)]).toEqual([true, false])
  })

  it.each<[string, HistoryFilter, (each: Told) => boolean]>([
    ['a kind', { kind: 'purchased' }, ({ word }) => word === 'purchased'],
    ['a time', { from: NOW + HOUR, until: NOW + 2 * HOUR }, ({ at }) => at >= NOW + HOUR && at < NOW + 2 * HOUR],
    ['who did it', { actorAccount: OTHER }, ({ actor }) => actor === OTHER],
    ['whose token did it', { administrator: 'ann' }, ({ by }) => by === 'ann'],
    ['a number', { number: A }, ({ about }) => about === A],
    ['a number and a time', { number: A, from: NOW + HOUR }, ({ about, at }) => about === A && at >= NOW + HOUR],
    [
      'a token and a kind',
      { administrator: 'ann', kind: 'blocked' },
      ({ by, word }) => by === 'ann' && word === 'blocked',
    ],
  ])('by %s: all that is of it, and no more', async (_, filter, isOf) => {
    const wanted = (await all({})).filter(isOf)
    expect(wanted.length).toBeGreaterThan(0)
    expect(await all(filter)).toEqual(wanted)
  })

  it('of an account: its numbers and its acts, what took a number away from it, and nothing of others', async () => {
    const other = await words({ account: OTHER })
    expect(other).toEqual(expect.arrayContaining([`purchased ${B}`, `released ${B}`]))
    expect(other.filter(each => each.endsWith(A) || each.endsWith(C))).toEqual([])
    const acme = await words({ account: ACME })
    expect(acme).toEqual(
      expect.arrayContaining([
        `purchased ${A}`,
        `blocked ${A}`,
        `moved ${A}`,
        expect.stringMatching(/^account.changed /),
      ]),
    )
    expect(acme.filter(each => each.endsWith(B) || each.endsWith(C))).toEqual([])
    const child = await words({ account: CHILD })
    expect(child).toEqual(expect.arrayContaining([`moved ${A}`, `purchased ${C}`]))
    expect(child).not.toContain(`purchased ${A}`)
    expect(await words({ number: '+12127890199' })).toEqual([])
    expect(await words({ account: 999 })).toEqual([])
  })

  it('pages of any size tell each event once and in the same order, read on by page or by event', async () => {
    const filters: HistoryFilter[] = [{}, { account: ACME }, { number: A }, { administrator: 'ann' }]
    for (const filter of [...filters, { kind: 'purchased' }, { from: NOW + HOUR }, { until: NOW + 3 * HOUR }]) {
      const whole = await all(filter)
      for (const limit of [1, 2, 3, 7, whole.length]) {
        for (const by of ['next', 'point'] as const) expect(await walk(filter, limit, by)).toEqual(whole)
      }
    }
  })

  it('what is rare among many is come by in steps, and a late time is found without reading what was before', async () => {
    const [many, later] = [21_000, NOW + 9 * HOUR]
    await w.store.write(db =>
      sql`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${sql.lit(many)})
          INSERT INTO audit_events (at, action, subject, data) SELECT ${sql.lit(NOW + 4 * HOUR)} + i, 'many', '', '{}' FROM n`.execute(
        db,
      ),
    )
    w.setClockOnly(later)
    await w.core.accounts.update(null, OTHER, { name: 'Other Ltd' })
    const rare = await walk({ kind: 'account.changed' }, 50, 'next')
    expect(rare.map(({ at }) => at)).toEqual([NOW, NOW + 2 * HOUR, later])
    expect((await walk({ from: later }, 50, 'next')).map(({ word }) => word)).toEqual(['account.changed'])
    const some = await walk({ from: NOW + 4 * HOUR + 20_990, kind: 'many' }, 50, 'next')
    expect(some.map(({ at }) => at - NOW - 4 * HOUR)).toEqual(Array.from({ length: 11 }, (_, n) => 20_990 + n))
    expect((await walk({ until: NOW + HOUR }, 500, 'next')).every(({ at }) => at < NOW + HOUR)).toBe(true)
  })
})
