/** Numbers that were read before: they are shown again only while they are what the database tells. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PhoneNumber } from '../../core/ground/model.ts'
import { areUnchanged, createKnownNumbers, type Head } from '../../core/numbers/known.ts'
import { engines } from '../support/engines.ts'
import { ACME, buy, market, numbers, sound } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const headOf = ({ id, version, e164, updatedAt, lastCallAt }: PhoneNumber): Head => ({
  ...{ id, version, e164, updated_at: updatedAt, last_call_at: lastCallAt },
})
const [FIRST, SECOND] = numbers(2).map(({ e164 }) => String(e164)) as [string, string]

describe.each(engines())('known numbers on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  const read = async (w: TestWorld) => (await w.core.numbers.search({}, { limit: 9, offset: 0 })).items
  const isTrue = (w: TestWorld, list: readonly PhoneNumber[]) => w.store.read(db => areUnchanged(db, list))

  it('are unchanged while every one of them is as it was read', async () => {
    const w = await worlds.open(market(numbers(3)))
    const [first, second, third] = (await read(w)) as [PhoneNumber, PhoneNumber, PhoneNumber]
    expect(await Promise.all([[], [first], [first, second]].map(list => isTrue(w, list)))).toEqual([true, true, true])
    expect(await isTrue(w, [first, { ...third, id: 999_999 }])).toBe(false)
    await buy(w, ACME, SECOND)
    expect(await isTrue(w, [first, second])).toBe(false)
    expect(await isTrue(w, [first, third])).toBe(true)
    const call = { e164: FIRST, durationSeconds: 1, direction: 'inbound' as const, answered: true }
    await w.core.calls.recordAll([{ ...call, endedAt: w.core.clock.now() }])
    expect(await isTrue(w, [first])).toBe(false)
    await sound(w)
  })

  it('of what has changed since its head was read, a search tells nothing, and its holder the latest', async () => {
    const w = await worlds.open(market(numbers(2)))
    const heads = (await read(w)).map(headOf)
    await buy(w, ACME, SECOND)
    const known = createKnownNumbers()
    const told = (list: readonly PhoneNumber[]) => list.map(({ e164, state }) => [e164, state])
    const gone = { ...(heads[0] as Head), id: 999_999 }
    await w.store.read(async db => {
      expect(told(await known.resolve(db, [...heads, gone]))).toEqual([[FIRST, 'available']])
      expect(told(await known.latest(db, [...heads, gone]))).toEqual([
        [FIRST, 'available'],
        [SECOND, 'active'],
      ])
    })
  })

  it('one that was written at another time is another number, whatever else it shares', async () => {
    const w = await worlds.open(market(numbers(1)))
    const [before] = (await read(w)) as [PhoneNumber]
    const known = createKnownNumbers()
    await w.store.read(db => known.resolve(db, [headOf(before)]))
    const later = { ...headOf(before), updated_at: before.updatedAt + 1 }
    expect([known.shown([headOf(before)]), known.shown([later])]).toEqual([[before], undefined])
  })
})
