/** Numbers that the operator stops and lets go: once, with their timers, and from where the clock has them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../support/engines.ts'
import { ACME, buy, callerOf, DAY, market, numbers, ON_CREDIT, release, sound, stateOf } from '../support/market.ts'
import { find, releaseLater, told, wrongState } from '../support/stopped.ts'
import { openWorlds } from '../support/world.ts'

const NOW = Date.parse('2026-06-01T00:00:00Z')
const [A, B, C] = ['+12127890100', '+12127890101', '+12127890102'] as const
const RESTS = { quarantine_days: { '*': 2 }, reclaim_days: { '*': 1 } }

describe.each(engines())('stopped numbers on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  const open = (more = {}) => worlds.open(market(numbers(3), more))

  it('a stop is made once, and only a stop is let go', async () => {
    const w = await open()
    await expect(w.core.numbers.unblock(null, A, 'x')).rejects.toMatchObject(wrongState(A, 'available'))
    await w.core.numbers.block(null, A, 'x')
    await expect(w.core.numbers.block(null, A, 'again')).rejects.toMatchObject(wrongState(A, 'blocked'))
    await w.core.numbers.unblock(null, A, 'x')
    await expect(w.core.numbers.unblock(null, A, 'again')).rejects.toMatchObject(wrongState(A, 'available'))
    expect((await told(w, A, 2)).map(([kind]) => kind)).toEqual(['blocked', 'unblocked'])
    await sound(w)
  })

  it('a stopped number keeps its timers: let go in time they run on, too late they have run out', async () => {
    const w = await open(RESTS)
    await buy(w, ACME, A, B)
    for (const e164 of [A, B]) await releaseLater(w, ACME, e164, DAY)
    const before = await find(w, A)
    for (const e164 of [A, B]) await w.core.numbers.block(null, e164, 'x')
    w.setClockOnly(NOW + DAY - 1)
    const back = await w.core.numbers.unblock(null, A, 'x')
    expect(back).toEqual({ ...before, version: before.version + 2, updatedAt: NOW + DAY - 1 })
    w.setClockOnly(NOW + DAY)
    expect(await w.core.numbers.unblock(null, B, 'x')).toMatchObject({
      state: 'quarantined',
      ownerId: null,
      lastOwnerId: ACME,
    })
    expect((await told(w, B, 2)).map(([kind]) => kind)).toEqual(['unblocked', 'released'])
    await sound(w)
  })

  it('what the clock has decided comes first: a rest, a release or a hold that is over is none any more', async () => {
    const w = await open(RESTS)
    await buy(w, ACME, A, B)
    await release(w, ACME, A)
    await releaseLater(w, ACME, B, DAY)
    await w.core.holds.take(await callerOf(w, ACME), { e164s: [C] }, { until: NOW + DAY, documents: 'allow' })
    w.setClockOnly(NOW + DAY)
    await expect(w.core.numbers.label(null, B, 'x')).rejects.toMatchObject(wrongState(B, 'quarantined'))
    await w.core.numbers.block(null, B, 'x')
    await w.core.numbers.unblock(null, B, 'x')
    // told to nobody, whoever had it before
    expect((await w.core.audit.list({ action: 'number.block', limit: 9 })).map(each => each.accountId)).toEqual([null])
    await w.core.numbers.block(null, C, 'x')
    expect((await told(w, C, 2)).map(([kind]) => kind)).toEqual(['hold_expired', 'blocked'])
    w.setClockOnly(NOW + 2 * DAY)
    await w.core.numbers.block(null, A, 'x')
    expect((await told(w, A, 2)).map(([kind]) => kind)).toEqual(['cooled', 'blocked'])
    for (const e164 of [A, C]) expect((await w.core.numbers.unblock(null, e164, 'x')).state).toBe('available')
    await sound(w)
  })

  it('where the clock went back, nothing that is done to a number is dated before what was done to it already', async () => {
    const w = await open()
    w.setClockOnly(NOW + 1000)
    await w.core.numbers.block(null, A, 'x')
    w.setClockOnly(NOW)
    expect(await w.core.numbers.unblock(null, A, 'x')).toMatchObject({ updatedAt: NOW + 1000 })
  })

  it('a number whose months are unpaid is stopped as such, and is so when it is let go', async () => {
    const w = await open()
    await buy(w, ON_CREDIT, A)
    await w.setClock('2026-08-01T00:00:00Z')
    expect(await stateOf(w, A)).toBe('suspended')
    await expect(w.core.numbers.retire(null, A, 'x')).rejects.toMatchObject(wrongState(A, 'suspended'))
    await w.core.numbers.block(null, A, 'x')
    expect((await w.core.numbers.unblock(null, A, 'x')).state).toBe('suspended')
    expect((await w.core.numbers.reprice(null, A, { setup: 1 })).state).toBe('suspended')
    await sound(w)
  })
})
