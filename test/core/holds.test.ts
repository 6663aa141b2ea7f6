import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Caller, Hold } from '../../core/ground/model.ts'
import { dialectModules } from '../../src/dialects.ts'
import { account, CONTRACT_NUMBERS, contractWorld, credentialsOf, POOR, RICH } from '../contract/world.ts'
import { engines } from '../support/engines.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const HOUR = 3_600_000
const NOW = Date.parse('2026-06-01T00:00:00Z')
const TERMS = { documents: 'refuse' } as const
const LONG = { timeout: 60_000 }
const [FIRST, SECOND, THIRD] = CONTRACT_NUMBERS as [string, string, string]
const SOUND = { ok: true, checked: 10, violations: [] }

for (const engine of engines()) {
  describe(`holds on ${engine}`, () => {
    let worlds: Awaited<ReturnType<typeof openWorlds>>
    let world: TestWorld
    let rich: Caller
    let poor: Caller
    beforeAll(async () => {
      worlds = await openWorlds(engine, { connections: 12 })
    })
    beforeEach(async () => {
      world = await worlds.open({ ...contractWorld, accounts: [account(RICH, '1000.00'), account(POOR, '500.00')] })
      const callerOf = async (id: number) =>
        world.core.accounts.callerFor((await world.core.accounts.get(id)) as Caller['account'])
      rich = await callerOf(RICH)
      poor = await callerOf(POOR)
    })
    afterAll(() => worlds.drop())

    const hold = (caller: Caller, e164s: string[], until = NOW + HOUR): Promise<Hold[]> =>
      world.core.holds.take(caller, { e164s }, { ...TERMS, until })
    const buy = (caller: Caller, e164: string) =>
      world.core.numbers.purchase(caller, [e164], TERMS).then(
        () => 'bought',
        error => error.code as string,
      )
    const offered = async (e164: string) => {
      const found = await world.core.numbers.search({ e164 }, { limit: 1, offset: 0 }, true)
      return [found.items.length, found.total]
    }

    it('a held number is on nobody’s shelf, counted by nobody, and only its holder can buy it', async () => {
      const { core } = world
      const before = await core.inventory.count({ country: 'US', types: ['local'] })
      const [held] = await hold(rich, [FIRST])
      expect(held).toMatchObject({ accountId: RICH, takenAt: NOW, until: NOW + HOUR, number: { e164: FIRST } })
      expect(await offered(FIRST)).toEqual([0, 0])
      expect(await core.inventory.count({ country: 'US', types: ['local'] })).toBe(before - 1)
      expect(await buy(poor, FIRST)).toBe('number_unavailable')
      expect((await core.holds.of(RICH, { limit: 9, offset: 0 })).items.map(each => each.number.e164)).toEqual([FIRST])
      expect((await core.holds.of(POOR, { limit: 9, offset: 0 })).total).toBe(0)
      expect(await core.holds.find(RICH, held?.guid as string)).toMatchObject({ number: { e164: FIRST } })
      expect(await core.holds.find(POOR, held?.guid as string)).toBeUndefined()
      expect(await core.invariants()).toEqual(SOUND)
      expect(await buy(rich, FIRST)).toBe('bought')
      expect((await core.holds.of(RICH, { limit: 9, offset: 0 })).total).toBe(0)
      expect(await core.invariants()).toEqual(SOUND)
    })

    it('a hold ends by the clock alone at the very instant, whether or not a job has run', async () => {
      await hold(rich, [FIRST])
      world.setClockOnly(NOW + HOUR - 1)
      expect(await offered(FIRST)).toEqual([0, 0])
      expect(await buy(poor, FIRST)).toBe('number_unavailable')
      world.setClockOnly(NOW + HOUR)
      expect(await offered(FIRST)).toEqual([1, 1])
      expect((await world.core.holds.of(RICH, { limit: 9, offset: 0 })).total).toBe(0)
      expect(await buy(poor, FIRST)).toBe('bought')
      expect(await world.core.invariants()).toEqual(SOUND)
    })

    it('a hold that has run out is tidied by a job, dated when it ran out', async () => {
      await hold(rich, [FIRST])
      await world.setClock(NOW + 5 * HOUR)
      const events = await world.core.numbers.events({ e164: FIRST, limit: 9 })
      expect(events.map(({ kind, at }) => [kind, at])).toEqual([
        ['imported', NOW],
        ['held', NOW],
        ['hold_expired', NOW + HOUR],
      ])
      expect(await world.core.invariants()).toEqual(SOUND)
    })

    it('several numbers are held together or not at all, and none that another holds or owns or that needs papers', async () => {
      await hold(poor, [SECOND])
      await expect(hold(rich, [FIRST, SECOND])).rejects.toMatchObject({ details: { e164s: [SECOND] } })
      expect(await offered(FIRST)).toEqual([1, 1])
      expect(await buy(poor, THIRD)).toBe('bought')
      await expect(hold(rich, [THIRD])).rejects.toMatchObject({ code: 'number_unavailable' })
      await expect(hold(rich, [])).rejects.toMatchObject({ code: 'number_unavailable' })
      for (const until of [NOW, NOW - 1, NOW + 400 * 24 * HOUR]) {
        await expect(hold(rich, [FIRST], until)).rejects.toMatchObject({ code: 'invalid_input' })
      }
      expect(await world.core.invariants()).toEqual(SOUND)
    })

    it('holding again keeps the later moment; extending and giving up are the holder’s alone', async () => {
      const { core } = world
      const [held] = await hold(rich, [FIRST])
      const id = held?.id as number
      const [again] = await hold(rich, [FIRST], NOW + HOUR / 2)
      expect(again).toMatchObject({ id, until: NOW + HOUR })
      await expect(core.holds.extend(poor, [id], NOW + 9 * HOUR)).rejects.toMatchObject({ code: 'not_found' })
      await expect(core.holds.giveUp(poor, [id])).rejects.toMatchObject({ code: 'not_found' })
      expect((await core.holds.extend(rich, [id], NOW + 2 * HOUR))[0]?.until).toBe(NOW + 2 * HOUR)
      world.setClockOnly(NOW + HOUR)
      expect(await offered(FIRST)).toEqual([0, 0])
      await core.holds.giveUp(rich, [id])
      expect(await offered(FIRST)).toEqual([1, 1])
      await expect(core.holds.giveUp(rich, [id])).rejects.toMatchObject({ code: 'not_found' })
      const [late] = await hold(rich, [SECOND], NOW + 2 * HOUR)
      world.setClockOnly(NOW + 2 * HOUR)
      await expect(core.holds.extend(rich, [late?.id as number], NOW + 3 * HOUR)).rejects.toMatchObject({
        code: 'not_found',
      })
      expect(await core.invariants()).toEqual(SOUND)
    })

    it('any numbers that match are held together, and claimed by the holder when the shelf has no more', async () => {
      const { core } = world
      const filter = { areaCode: '201' }
      const wish = { filter, quantity: 1 }
      const until = NOW + HOUR
      expect(await core.holds.take(rich, wish, { ...TERMS, until })).toHaveLength(1)
      await expect(core.holds.take(poor, wish, { ...TERMS, until })).rejects.toMatchObject({
        code: 'number_unavailable',
      })
      const claim = (caller: Caller) => core.numbers.claim(caller, [wish], { ...TERMS, partial: true })
      expect((await claim(poor)).owned).toEqual([])
      expect((await claim(rich)).owned.map(owned => owned.number.e164)).toEqual([FIRST])
      expect(await core.invariants()).toEqual(SOUND)
    })

    it('each hold keeps when and how it ended', async () => {
      const { core } = world
      const given = (await hold(rich, [FIRST]))[0]?.id as number
      world.setClockOnly(NOW + 1)
      await core.holds.giveUp(rich, [given])
      await hold(poor, [FIRST], NOW + 2)
      await world.setClock(NOW + 2)
      world.setClockOnly(NOW + 3)
      await hold(rich, [FIRST])
      world.setClockOnly(NOW + 4)
      await buy(rich, FIRST)
      const rows = await world.store.read(db => db.selectFrom('holds').selectAll().orderBy('id').execute())
      expect(rows.map(row => [row.account_id, row.ended_at, row.ending])).toEqual([
        [RICH, NOW + 1, 'hold_given_up'],
        [POOR, NOW + 2, 'hold_expired'],
        [RICH, NOW + 4, 'purchased'],
      ])
    })

    it('a claim takes from its holder’s holds what the shelf lacks: no more, the lowest that match, and none of another', async () => {
      const { core } = world
      const filter = { country: 'US', types: ['local' as const] }
      const all = await core.inventory.count(filter)
      const claim = async (caller: Caller, quantity: number, wish: object = filter) => {
        const lines = [{ filter: wish, quantity }]
        return (await core.numbers.claim(caller, lines, { ...TERMS, partial: true })).owned.map(
          ({ number: { e164 } }) => e164,
        )
      }
      const given = (await hold(rich, [SECOND]))[0]?.id as number
      await core.holds.giveUp(rich, [given])
      await hold(poor, [SECOND])
      await hold(rich, [THIRD, FIRST])
      // all but one of the shelf
      const before = await claim(poor, all - 4)
      expect(before).toHaveLength(all - 4)
      const [last] = (await core.numbers.search(filter, { limit: 2, offset: 0 })).items.map(({ e164 }) => e164)
      expect(await claim(rich, 1, { areaCode: '999' })).toEqual([])
      expect(await claim(rich, 2)).toEqual([last, [FIRST, THIRD].sort()[0]])
      // what is left of its own is claimed once, and what it gave up and another holds is not
      const lines = [1, 2].map(quantity => ({ filter, quantity }))
      const { owned } = await core.numbers.claim(rich, lines, { ...TERMS, partial: true })
      expect(owned.map(({ number: { e164 } }) => e164)).toEqual([[FIRST, THIRD].sort()[1]])
      expect(await claim(poor, 1)).toEqual([SECOND])
      expect(await core.invariants()).toEqual(SOUND)
    })

    it('an operator’s stop ends a hold; a new price does not', async () => {
      const { core } = world
      await hold(rich, [FIRST, SECOND])
      await core.numbers.reprice(null, FIRST, { monthly: 5_000_000 })
      await core.numbers.block(null, SECOND, 'fraud')
      expect((await core.holds.of(RICH, { limit: 9, offset: 0 })).items.map(each => each.number.e164)).toEqual([FIRST])
      await core.numbers.unblock(null, SECOND, 'cleared')
      expect(await offered(SECOND)).toEqual([1, 1])
      expect(await offered(FIRST)).toEqual([0, 0])
      expect(await core.invariants()).toEqual(SOUND)
    })

    it('of 64 buyers who race for a number as its hold runs out, one gets it', async () => {
      await hold(rich, [FIRST])
      const early = await Promise.all(Array.from({ length: 8 }, () => buy(poor, FIRST)))
      expect(new Set(early)).toEqual(new Set(['number_unavailable']))
      world.setClockOnly(NOW + HOUR)
      const outcomes = await Promise.all(Array.from({ length: 64 }, (_, i) => buy(i % 2 ? rich : poor, FIRST)))
      expect(outcomes.filter(outcome => outcome === 'bought')).toHaveLength(1)
      expect(outcomes.filter(outcome => outcome === 'number_unavailable')).toHaveLength(63)
      expect(await world.core.invariants()).toEqual(SOUND)
    })

    it('the last owner alone takes a released number back while it may; then it rests for everybody', async () => {
      const { core } = world
      const DAY = 24 * HOUR
      await core.policies.setQuarantineDays(60, '*')
      await core.policies.setReclaimDays(10, '*')
      const release = async (e164: string) =>
        core.numbers.release(rich, [(await core.numbers.leaseOf(e164))?.lease.id as number], { kind: 'now' })
      for (const e164 of [FIRST, SECOND]) {
        expect(await buy(rich, e164)).toBe('bought')
        await release(e164)
        expect(await buy(poor, e164)).toBe('number_unavailable')
        expect(await offered(e164)).toEqual([0, 0])
      }
      world.setClockOnly(NOW + 10 * DAY - 1)
      expect(await buy(poor, FIRST)).toBe('number_unavailable')
      await expect(hold(rich, [FIRST], NOW + 11 * DAY)).rejects.toMatchObject({ code: 'number_unavailable' })
      expect(await buy(rich, FIRST)).toBe('bought')
      world.setClockOnly(NOW + 10 * DAY)
      expect(await buy(rich, SECOND)).toBe('number_unavailable')
      await world.setClock(NOW + 60 * DAY - 1)
      expect(await offered(SECOND)).toEqual([0, 0])
      await world.setClock(NOW + 60 * DAY)
      expect(await buy(poor, SECOND)).toBe('bought')
      expect(await core.invariants()).toEqual(SOUND)
    })

    it(
      'a held number is neither offered nor sold by any dialect, and is sold to its holder by each',
      LONG,
      async () => {
        for (const { name, driver } of dialectModules) {
          const fresh = await worlds.open({
            ...contractWorld,
            accounts: [account(RICH, '1000.00'), account(POOR, '500.00')],
          })
          const clientOf = (id: number) =>
            driver.create({ send: fresh.send, base: fresh.base(name), credentials: credentialsOf(id)[name] ?? {} })
          const holder = fresh.core.accounts.callerFor((await fresh.core.accounts.get(RICH)) as Caller['account'])
          await fresh.core.holds.take(holder, { e164s: [FIRST] }, { ...TERMS, until: NOW + HOUR })
          expect(await clientOf(POOR).isAvailable(FIRST), `${name} offers it`).toBe(false)
          expect(await clientOf(POOR).buy(FIRST), `${name} sells it to another`).toBe('unavailable')
          expect(await clientOf(RICH).buy(FIRST), `${name} sells it to its holder`).toBe('bought')
          expect(await clientOf(RICH).owned()).toEqual([FIRST])
          expect(await fresh.core.invariants()).toEqual(SOUND)
        }
      },
    )
  })
}
