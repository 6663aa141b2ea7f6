/** What the clock does next: to the right number, soonest first, and none left out. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Caller } from '../../core/ground/model.ts'
import { engines } from '../support/engines.ts'
import { ACME, buy, callerOf, DAY, holding, market, numbers, OTHER, release } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const [A, B, C, D, E, F] = numbers(6).map(({ e164 }) => String(e164)) as [
  string,
  string,
  string,
  string,
  string,
  string,
]
const START = '2026-06-01T00:00:00Z'
const NOW = Date.parse(START)
const HOUR = 3_600_000
const MONTH = 30 * DAY

describe.each(engines())('what is to come on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  let acme: Caller
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  beforeEach(async () => {
    w = await worlds.open(market(numbers(6), { quarantine_days: { '*': 3 } }), { now: START })
    acme = await callerOf(w, ACME)
  })
  afterAll(() => worlds.drop())

  const leaseOf = async (e164: string) => (await holding(w, e164)).lease.id
  const give = async (e164: string, ms: number) =>
    w.core.numbers.release(acme, [await leaseOf(e164)], { kind: 'window', ms, chargeFee: false })
  const hold = (e164: string, ms: number) =>
    w.core.holds.take(acme, { e164s: [e164] }, { documents: 'allow', until: NOW + ms })
  const change = async (e164: string, service: string, delayMs: number) => {
    const schedule = [{ dialect: 'd', service, value: {}, outcome: 'done', delayMs } as const]
    return w.core.numbers.configure(acme, await leaseOf(e164), { schedule }, 'd')
  }
  const keep = (e164: string, keepMs: number) =>
    w.core.orders.keep(acme, {
      ...{ dialect: 'd', wish: { e164s: [e164] }, keepMs, settings: {}, schedule: [], callbackUrl: null },
      data: () => ({}),
    })
  const coming = async (limit: number) =>
    (await w.core.oversight.upcoming(limit)).map(({ what, e164, at }) => [what, e164, at - NOW])

  it('releases, rests, holds and months, in the order of their times', async () => {
    expect(await coming(9)).toEqual([])
    await buy(w, ACME, C, A)
    await buy(w, OTHER, D)
    await hold(E, 5 * HOUR)
    await hold(B, 3 * HOUR)
    await give(C, 4 * HOUR)
    await release(w, OTHER, D)
    w.setClockOnly(NOW + HOUR)
    await buy(w, ACME, F)
    const all = [
      ['hold_over', B, 3 * HOUR],
      ['release', C, 4 * HOUR],
      ['hold_over', E, 5 * HOUR],
      ['rest_over', D, 3 * DAY],
      ['renewal', A, MONTH],
      ['renewal', F, MONTH + HOUR],
    ]
    expect(await coming(9)).toEqual(all)
    for (const limit of [1, 2, 5]) expect(await coming(limit)).toEqual(all.slice(0, limit))
  })

  it('changes that were planned, and orders that keep numbers, with the first that each keeps', async () => {
    await buy(w, ACME, A, B)
    await change(B, 'sms', 7 * HOUR)
    await change(A, 'voice', 6 * HOUR)
    await keep(D, 2 * DAY)
    await keep(C, DAY)
    const expected = [
      ['provisioning', A, 6 * HOUR],
      ['provisioning', B, 7 * HOUR],
    ]
    expect(await coming(2)).toEqual(expected)
    expect(await coming(1)).toEqual(expected.slice(0, 1))
    const orders = (await coming(9)).filter(([what]) => what === 'order')
    expect(orders).toEqual([
      ['order', C, DAY],
      ['order', D, 2 * DAY],
    ])
    await w.setClock(NOW + 8 * HOUR)
    expect((await coming(9)).filter(([what]) => what === 'provisioning')).toEqual([])
  })

  it('what is late is due now, and what is done is told no more', async () => {
    await hold(B, HOUR)
    await hold(C, 2 * HOUR)
    w.setClockOnly(NOW + 3 * HOUR)
    expect(await coming(9)).toEqual([
      ['hold_over', B, 3 * HOUR],
      ['hold_over', C, 3 * HOUR],
    ])
    await w.core.jobs.runDue()
    expect(await coming(9)).toEqual([])
  })
})
