/** Calls as they come in: whose they are, what they cost, and that each is kept once, as it was told. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Call } from '../../core/ground/model.ts'
import type { NewCall, RecordedCall } from '../../core/verbs.ts'
import { engines } from '../support/engines.ts'
import { ACME, buy, callerOf, holding, market, number, numbers, OTHER, release } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const [ONE, TWO, FREE, EURO] = ['+12127890100', '+12127890101', '+12127890102', '+12126660100'] as const
const NOWHERE = '+19995550100'
const START = Date.parse('2026-06-01T00:00:00Z')
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const UUID = 'ABCDEF01-2345-4789-ABCD-EF0123456789'
const ANY = { limit: 2_000, offset: 0 }

const call = (more: Partial<NewCall> = {}): NewCall => ({
  ...{ e164: ONE, endedAt: START + HOUR, durationSeconds: 60, direction: 'inbound', answered: true },
  ...more,
})

describe.each(engines())('calls that come in on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  beforeEach(async () => {
    w = await worlds.open(market([...numbers(3), number(EURO, { currency: 'EUR' })]), { now: '2026-06-01T00:00:00Z' })
    await w.core.ledger.topUp(null, ACME, 'EUR', 9_000_000)
    await buy(w, ACME, ONE, EURO)
    await buy(w, OTHER, TWO)
  })
  afterAll(() => worlds.drop())

  const tell = (...calls: NewCall[]) => w.core.calls.recordAll(calls)
  const callsOf = (told: readonly RecordedCall[]) => told.map(each => ('call' in each ? each.call : undefined))
  const statuses = (told: readonly RecordedCall[]) => told.map(({ status }) => status)
  const sumOf = (accountId: number) => w.core.calls.summary({ accountId })
  const idOf = async (e164: string) => (await w.core.numbers.find(e164))?.id as number

  it('each side is who it was, and talking begins when it is answered', async () => {
    const [inbound, outbound, rang, missed, odd] = callsOf(
      await tell(
        call({ other: '+4420', via: 'sip:a', ringSeconds: 7, price: 5 }),
        call({ direction: 'outbound', other: '+4420' }),
        call({ ringSeconds: 61 }),
        call({ answered: false, ringSeconds: 7 }),
        call({ answered: true, disposition: 'busy' }),
      ),
    )
    const times = { startedAt: START + HOUR - MINUTE, endedAt: START + HOUR, durationSeconds: 60 }
    const whose = { e164: ONE, accountId: ACME, organizationId: ACME * 10, userId: ACME * 100, currency: 'USD' }
    const talk = { answered: true, disposition: 'answered', talkSeconds: 53, price: 5 }
    expect(inbound).toMatchObject({ ...times, ...whose, ...talk, from: '+4420', to: ONE, via: 'sip:a' })
    expect(outbound).toMatchObject({ from: ONE, to: '+4420', via: '', talkSeconds: 60, price: 0 })
    expect(rang).toMatchObject({ answered: true, talkSeconds: 0, from: '', to: ONE })
    expect(missed).toMatchObject({ answered: false, disposition: 'no_answer', talkSeconds: 0 })
    expect(odd).toMatchObject({ answered: false, disposition: 'busy', talkSeconds: 0 })
    expect(await sumOf(ACME)).toMatchObject({ calls: 5, answered: 3, seconds: 300, talkSeconds: 113, price: 5 })
  })

  it('many at once are answered in their places, and what cannot be kept holds up no other', async () => {
    const many = Array.from({ length: 450 }, (_, n) =>
      call({ e164: [ONE, TWO, EURO, NOWHERE, FREE][n % 5] as string, other: `+44${n}`, price: 1 }),
    )
    const told = await tell(...many)
    expect(
      told.map(each => ('call' in each ? [each.call.e164, each.call.from, each.call.accountId] : each.status)),
    ).toEqual(
      many.map(({ e164, other }) => {
        const owner = e164 === TWO ? OTHER : e164 === FREE ? null : ACME
        return e164 === NOWHERE ? 'unknown' : [e164, other, owner]
      }),
    )
    expect([(await sumOf(ACME)).price, (await sumOf(OTHER)).price]).toEqual([180, 90])
    expect((await w.core.calls.browse({ accountId: ACME }, ANY)).items.every(each => each.accountId === ACME)).toBe(
      true,
    )
    expect(await tell()).toEqual([])
    expect(statuses(await tell(call({ e164: NOWHERE })))).toEqual(['unknown'])
    await expect(w.core.calls.record(call({ e164: NOWHERE }))).rejects.toMatchObject({ code: 'not_found' })
  })

  it('of a call there are a thousand at most, and then none is kept', async () => {
    const limit = { code: 'limit_reached', details: { what: 'calls', limit: 1_000 } }
    const of = async (count: number) => tell(...Array.from({ length: count }, () => call()))
    await expect(of(1_001)).rejects.toMatchObject(limit)
    expect((await sumOf(ACME)).calls).toBe(0)
    expect(await of(1_000)).toHaveLength(1_000)
    expect((await sumOf(ACME)).calls).toBe(1_000)
  })

  it('a key that is a UUID is its name, any other key is not; calls without keys are never the same', async () => {
    const [named, keyed, none, again] = callsOf(
      await tell(call({ key: UUID }), call({ key: 'k' }), call(), call()),
    ) as Call[]
    expect(named?.guid).toBe(UUID.toLowerCase())
    expect(keyed?.guid).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)
    expect(new Set([named, keyed, none, again].map(each => each?.guid)).size).toBe(4)
    for (const key of [`${UUID}0`, `0${UUID}`, `x${UUID.slice(1)}`]) {
      expect((await w.core.calls.record(call({ key }))).guid).not.toContain(UUID.toLowerCase().slice(1))
    }
  })

  it('told again it is the very call, in one batch or later; told otherwise it is refused, and nothing is added', async () => {
    const told = call({ key: 'k', other: '+4420', via: 'a', ringSeconds: 5, price: 7 })
    const [first, twice] = callsOf(await tell(told, told))
    expect(twice).toEqual(first)
    expect(statuses(await tell(told, told))).toEqual(['unchanged', 'unchanged'])
    expect(await w.core.calls.record(told)).toEqual(first)
    const otherwise: Partial<NewCall>[] = [
      ...[{ e164: EURO }, { e164: TWO }, { direction: 'outbound' } as const, { endedAt: told.endedAt + 1 }],
      ...[{ durationSeconds: 61, ringSeconds: 6 }, { disposition: 'busy' } as const, { other: '+4421' }, { via: 'b' }],
      ...[{ ringSeconds: 6 }, { price: 8 }],
    ]
    for (const change of otherwise) {
      expect([change, statuses(await tell({ ...told, ...change }))]).toEqual([change, ['conflict']])
      const wrong = { code: 'name_taken', details: { what: 'call', name: 'k' } }
      await expect(w.core.calls.record({ ...told, ...change })).rejects.toMatchObject(wrong)
      const both = await tell(
        { ...told, key: `${JSON.stringify(change)}` },
        { ...told, key: `${JSON.stringify(change)}`, ...change },
      )
      expect(statuses(both)).toEqual(['recorded', 'conflict'])
    }
    const count = 1 + otherwise.length
    expect(await sumOf(ACME)).toMatchObject({ calls: count, seconds: 60 * count, price: 7 * count })
    expect((await sumOf(OTHER)).calls).toBe(0)
  })

  it('is of whoever held the number in the instant of its end, from the first to the last', async () => {
    const at = async (e164: string, ms: number) =>
      (await w.core.calls.record(call({ e164, endedAt: START + ms }))).accountId
    w.setClockOnly(START + HOUR)
    await release(w, OTHER, TWO)
    w.setClockOnly(START + 2 * HOUR)
    await buy(w, ACME, TWO)
    expect([await at(TWO, -1), await at(TWO, 0), await at(TWO, HOUR - 1)]).toEqual([null, OTHER, OTHER])
    expect([await at(TWO, HOUR), await at(TWO, 2 * HOUR - 1), await at(TWO, 2 * HOUR)]).toEqual([null, null, ACME])
    // a release that is due ends it by the clock, whether or not a job has tidied it
    const { lease } = await holding(w, TWO)
    await w.core.numbers.release(await callerOf(w, ACME), [lease.id], { kind: 'window', ms: HOUR, chargeFee: false })
    expect([await at(TWO, 3 * HOUR - 1), await at(TWO, 3 * HOUR)]).toEqual([ACME, null])
  })

  it('the last call of a number is the latest that ended, in whatever order they are told', async () => {
    const last = async (e164: string) => (await w.core.numbers.find(e164))?.lastCallAt
    await tell(call({ endedAt: START + 2 }), call({ endedAt: START + 5 }), call({ endedAt: START + 3 }))
    expect([await last(ONE), await last(TWO)]).toEqual([START + 5, null])
    await tell(call({ endedAt: START + 4 }), call({ e164: TWO, endedAt: START + 1 }))
    expect([await last(ONE), await last(TWO)]).toEqual([START + 5, START + 1])
    await tell(call({ endedAt: START + 6 }))
    expect([await last(ONE), await last(TWO), await last(EURO)]).toEqual([START + 6, START + 1, null])
  })

  it('of a number its own are listed, and its inbound seconds summed, by when they ended', async () => {
    const own = (n: number, more: Partial<NewCall> = {}) => call({ endedAt: START + n, durationSeconds: n, ...more })
    await tell(
      own(30),
      own(10),
      own(20, { direction: 'outbound' }),
      own(15, { e164: TWO }),
      own(40),
      own(12, { e164: FREE }),
    )
    const [one, two, free, euro] = (await Promise.all([ONE, TWO, FREE, EURO].map(idOf))) as [
      number,
      number,
      number,
      number,
    ]
    const listed = async (from: number, until: number) =>
      (await w.core.calls.list(one, START + from, START + until)).map(each => each.durationSeconds)
    expect([await listed(0, 99), await listed(10, 40), await listed(11, 41)]).toEqual([
      [10, 20, 30, 40],
      [10, 20, 30],
      [20, 30, 40],
    ])
    const seconds = async (ids: number[], from: number, until: number) => {
      const sums = await w.core.calls.inboundSeconds(ids, START + from, START + until)
      return Object.fromEntries([...sums].map(([id, sum]) => [id, Number(sum)]))
    }
    expect(await seconds([one, two, euro], 0, 99)).toEqual({ [one]: 80, [two]: 15 })
    expect(await seconds([free], 0, 99)).toEqual({ [free]: 12 })
    expect([await seconds([one], 10, 40), await seconds([one], 11, 41)]).toEqual([{ [one]: 40 }, { [one]: 70 }])
    expect(await seconds([], 0, 99)).toEqual({})
  })

  it('what an account’s calls are priced in is told once each, in one order, and nothing of others’', async () => {
    await tell(call({ direction: 'outbound' }), call({ e164: TWO }), call({ endedAt: START + 90 * HOUR }))
    expect(await w.core.calls.currencies(ACME)).toEqual(['USD'])
    await tell(call({ e164: EURO }), call({ e164: EURO, direction: 'outbound' }))
    expect(await w.core.calls.currencies(ACME)).toEqual(['EUR', 'USD'])
    expect(await w.core.calls.currencies(OTHER)).toEqual(['USD'])
  })
})
