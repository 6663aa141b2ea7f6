/** Calls read back by what they are: of one account, at the edges of hours and days, in every order, and by each word. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Call } from '../../core/ground/model.ts'
import type { CallFilter, NewCall } from '../../core/verbs.ts'
import { engines } from '../support/engines.ts'
import { ACME, buy, CHILD, DAY, market, number, numbers, OTHER } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const [ONE, THEIRS, EURO, CHILDS] = ['+12127890100', '+12127890101', '+12126660100', '+12127890102'] as const
const START = Date.parse('2026-06-01T00:00:00Z')
const HOUR = 3_600_000
const COUNT = 1_400
const ANY = { limit: 2_000, offset: 0 }
type Asked = Omit<CallFilter, 'accountId'>
type Told = NewCall & { startedAt: number; id: number; guid: string }
/** Two begin at each half of an hour, so that many lie on the edge of an hour and some on that of a day. */
const told = (n: number): NewCall & { startedAt: number } => {
  const startedAt = START + (n >> 1) * (HOUR / 2)
  const durationSeconds = 20 + (n % 7)
  const disposition = (['answered', 'busy', 'answered', 'no_answer', 'answered'] as const)[n % 5] as 'busy'
  return {
    ...{ e164: n % 11 === 0 ? EURO : ONE, startedAt, durationSeconds, disposition },
    ...{ endedAt: startedAt + durationSeconds * 1_000, direction: n % 3 === 0 ? 'outbound' : 'inbound' },
    ...{ answered: false, ringSeconds: n % 4, price: (n % 9) * 1_000, via: `trunk-${n % 2}` },
    other: `+4420${String(n).padStart(7, '0')}`,
  }
}

describe.each(engines())('calls looked through on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  const all: Told[] = []
  beforeAll(async () => {
    worlds = await openWorlds(engine)
    w = await worlds.open(market([...numbers(3), number(EURO, { currency: 'EUR' })], {}))
    await w.core.ledger.topUp(null, ACME, 'EUR', 9_000_000)
    await buy(w, ACME, ONE, EURO)
    await buy(w, OTHER, THEIRS)
    await buy(w, CHILD, CHILDS)
    for (let n = 0; n < COUNT; n += 700) {
      const own = Array.from({ length: 700 }, (_, i) => told(n + i))
      const theirs = own.slice(0, 200).map((each, i) => ({ ...each, e164: i % 2 === 0 ? THEIRS : CHILDS }))
      await w.core.calls.recordAll(theirs)
      const answers = await w.core.calls.recordAll(own)
      own.forEach((each, i) => {
        const answer = answers[i]
        if (answer?.status !== 'recorded') throw new Error('not recorded')
        all.push({ ...each, id: answer.call.id, guid: answer.call.guid })
      })
    }
  })
  afterAll(() => worlds.drop())

  const pick = (asked: Asked) =>
    all.filter(
      each =>
        (asked.direction ?? each.direction) === each.direction &&
        (asked.disposition ?? each.disposition) === each.disposition &&
        (asked.currency ?? (each.e164 === EURO ? 'EUR' : 'USD')) === (each.e164 === EURO ? 'EUR' : 'USD') &&
        each.startedAt >= (asked.from ?? 0) &&
        each.startedAt < (asked.until ?? Number.MAX_SAFE_INTEGER),
    )
  const idsOf = (calls: readonly { id: number }[]) => calls.map(({ id }) => id)
  const found = async (asked: Asked) => {
    const { items, total } = await w.core.calls.browse({ accountId: ACME, ...asked }, ANY)
    expect(total).toBe(items.length)
    return idsOf(items)
  }

  const times: Asked[] = [
    {},
    { from: START + 2 * DAY, until: START + 12 * DAY },
    { from: START + 2 * DAY + 1, until: START + 12 * DAY + 1 },
    { from: START + DAY + HOUR, until: START + 13 * DAY + 5 * HOUR },
    { from: START + DAY + HOUR + 1, until: START + 13 * DAY + 5 * HOUR - 1 },
    { from: START + 5 * HOUR, until: START + 6 * HOUR },
    { from: START + 5 * HOUR + 1, until: START + 5 * HOUR + HOUR / 2 + 1 },
    { from: START + 20 * HOUR },
    { until: START + 13 * DAY + 7 * HOUR + 1 },
  ]
  const kinds: Asked[] = [
    {},
    { direction: 'inbound' },
    { direction: 'outbound', currency: 'EUR' },
    { currency: 'USD' },
    { disposition: 'answered', currency: 'USD', direction: 'inbound' },
    { disposition: 'busy' },
  ]

  it.each(kinds)('%o: sums tell the account’s own at every edge of hours and days', async kind => {
    for (const time of times) {
      const asked = { ...kind, ...time }
      const own = pick(asked)
      const sum = (of: (each: Told) => number) => own.reduce((total, each) => total + of(each), 0)
      const isAnswered = ({ disposition }: Told) => disposition === 'answered'
      expect([asked, await w.core.calls.summary({ accountId: ACME, ...asked })]).toEqual([
        asked,
        {
          calls: own.length,
          answered: own.filter(isAnswered).length,
          seconds: sum(each => each.durationSeconds),
          talkSeconds: sum(each => (isAnswered(each) ? each.durationSeconds - (each.ringSeconds ?? 0) : 0)),
          price: sum(each => each.price ?? 0),
          lastAt: own.at(-1)?.startedAt ?? null,
        },
      ])
    }
  })

  it.each(kinds)('%o: every page is the one that was asked for, from either end', async kind => {
    for (const time of times) {
      const asked = { ...kind, ...time }
      const own = idsOf(pick(asked))
      for (const descending of [false, true]) {
        const ordered = descending ? own.toReversed() : own
        const [middle, end] = [own.length >> 1, own.length]
        for (const offset of [0, 499, 500, 501, 547, 548, middle, middle + 1, end - 500].filter(each => each >= 0)) {
          const order = { by: 'time', descending } as const
          const page = await w.core.calls.browse({ accountId: ACME, ...asked }, { limit: 3, offset }, order)
          expect([asked, offset, page.total, idsOf(page.items)]).toEqual([
            asked,
            offset,
            own.length,
            ordered.slice(offset, offset + 3),
          ])
        }
      }
    }
  })

  it('by id and by price, up and down: equal prices in the order of ids, and the total is of all', async () => {
    const byPrice = all.toSorted((a, b) => (a.price ?? 0) - (b.price ?? 0) || a.id - b.id)
    for (const asked of [
      {},
      { direction: 'outbound' },
      { disposition: 'busy' },
      { from: START + DAY + 1 },
    ] as Asked[]) {
      const wanted = new Set(idsOf(pick(asked)))
      for (const by of ['id', 'price'] as const) {
        const up = by === 'id' ? all : byPrice
        for (const descending of [false, true]) {
          const ordered = idsOf(descending ? up.toReversed() : up).filter(id => wanted.has(id))
          const page = { limit: 40, offset: 90 }
          const { items, total } = await w.core.calls.browse({ accountId: ACME, ...asked }, page, { by, descending })
          expect([total, idsOf(items)]).toEqual([wanted.size, ordered.slice(90, 130)])
        }
      }
    }
  })

  it('by numbers inside, of either side; what looks like a wildcard is none', async () => {
    const ofOther = (digits: string) => all.filter(({ other }) => other?.includes(digits))
    const isOut = ({ direction }: Told) => direction === 'outbound'
    expect(await found({ fromText: '000012' })).toEqual(idsOf(ofOther('000012').filter(each => !isOut(each))))
    expect(await found({ toText: '000012' })).toEqual(idsOf(ofOther('000012').filter(isOut)))
    expect(await found({ eitherText: '000012' })).toEqual(idsOf(ofOther('000012')))
    expect(await found({ eitherText: EURO.slice(2) })).toEqual(idsOf(all.filter(({ e164 }) => e164 === EURO)))
    for (const text of ['%', '_', '\\', '0_0']) expect(await found({ eitherText: text })).toEqual([])
  })

  it('by how long, by whom, by trunk and by id: no more and no less', async () => {
    const talk = ({ disposition, durationSeconds, ringSeconds = 0 }: Told) =>
      disposition === 'answered' ? durationSeconds - ringSeconds : 0
    expect(await found({ minSeconds: 26 })).toEqual(idsOf(all.filter(each => each.durationSeconds >= 26)))
    expect(await found({ minTalkSeconds: 25 })).toEqual(idsOf(all.filter(each => talk(each) >= 25)))
    expect(await found({ via: 'trunk-0' })).toEqual(idsOf(all.filter(({ via }) => via === 'trunk-0')))
    expect(await found({ organizationId: ACME * 10 })).toHaveLength(COUNT)
    expect([await found({ organizationId: 30 }), await found({ userId: 300 })]).toEqual([[], []])
    expect(await found({ userId: 100, fromId: all[4]?.id as number, untilId: all[9]?.id as number })).toEqual(
      idsOf(all.slice(4, 9)),
    )
    const { calls, lastAt, talkSeconds } = await w.core.calls.summary({ accountId: ACME, userId: 100, minSeconds: 26 })
    const own = all.filter(each => each.durationSeconds >= 26)
    expect([calls, lastAt]).toEqual([own.length, own.at(-1)?.startedAt])
    expect(talkSeconds).toBe(own.reduce((total, each) => total + talk(each), 0))
  })

  it('a call is found by its name in its account alone; one of before there were names by its id', async () => {
    const [named, old] = [all[3] as Told, all[8] as Told]
    await w.store.write(db => sql`UPDATE calls SET guid = NULL WHERE id = ${old.id}`.execute(db))
    const oldName = `00000000-0000-4000-8000-${String(old.id).padStart(12, '0')}`
    for (const [guid, { id, other }] of [
      [named.guid, named],
      [oldName, old],
    ] as const) {
      const call = (await w.core.calls.find(ACME, guid)) as Call
      expect([call.id, call.guid, [call.from, call.to].includes(other as string)]).toEqual([id, guid, true])
      for (const stranger of [OTHER, CHILD]) expect(await w.core.calls.find(stranger, guid)).toBeUndefined()
      const behind = await w.core.calls.browse({ accountId: ACME, guid }, { limit: 9, offset: 1 })
      expect(behind).toEqual({ items: [], total: 0 })
      expect((await w.core.calls.browse({ accountId: ACME, guid }, ANY)).total).toBe(1)
    }
    const byId = `00000000-0000-4000-8000-${String(named.id).padStart(12, '0')}`
    expect(await w.core.calls.find(ACME, byId)).toBeUndefined()
    await w.store.write(db => sql`UPDATE calls SET guid = ${old.guid} WHERE id = ${old.id}`.execute(db))
  })
})
