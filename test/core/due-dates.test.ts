/** When a month is due: from what is paid, never from what happened to the number meanwhile. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addMonths } from '../../core/ground/clock.ts'
import { expiry } from '../../core/upkeep/jobs.ts'
import { renew } from '../../core/upkeep/renewals.ts'
import { engines } from '../support/engines.ts'
import {
  ACME,
  balanceOf,
  bring,
  buy,
  CHILD,
  callerOf,
  DAY,
  release as giveUp,
  holding,
  iso,
  market,
  number,
  numbers,
  ON_CREDIT,
  sound,
  stateOf,
  USD,
  within,
} from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const N = '+12127890100'

describe.each(engines())('due dates on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  const owned = (activated_at: string, paid_until: string) =>
    market([], { owned: [{ ...number(N), account_id: ACME, activated_at, paid_until }] })
  const due = async (w: TestWorld) => iso((await holding(w, N)).subscription.paidUntil)
  const nextDue = async (w: TestWorld) => iso((await holding(w, N)).subscription.nextDueAt)

  it.each([
    ['another day of the month', '2023-05-17', '2026-12-05', ['2027-01-05', '2027-02-05']],
    ['the day of the activation', '2023-05-17', '2026-12-17', ['2027-01-17', '2027-02-17']],
    ['the end of a short month, activated on a 31st', '2026-01-31', '2027-02-28', ['2027-03-31', '2027-04-30']],
    ['a 31st, activated on a 30th', '2026-04-30', '2026-12-31', ['2027-01-31', '2027-02-28', '2027-03-31']],
    ['the day of the activation itself', '2026-12-02', '2026-12-02', ['2027-01-02']],
    ['a day before what months would lead to', '2026-01-10', '2026-12-09', ['2027-01-09']],
  ])('A5: an imported ownership that is paid until %s goes on monthly from there', async (_, from, until, dates) => {
    const w = await worlds.open(owned(from, until), { now: '2026-12-01T00:00:00Z' })
    expect(await due(w)).toBe(`${until}T00:00:00.000Z`)
    let before = `${until}T00:00:00Z`
    for (const [n, date] of dates.entries()) {
      await w.setClock(Date.parse(before) - 1)
      expect(await balanceOf(w, ACME)).toBe(1000 - 2 * n)
      await w.setClock(before)
      expect(await balanceOf(w, ACME)).toBe(1000 - 2 * (n + 1))
      expect(await due(w)).toBe(`${date}T00:00:00.000Z`)
      expect(await nextDue(w)).toBe(`${date}T00:00:00.000Z`)
      before = `${date}T00:00:00Z`
    }
    await sound(w)
  })

  it('A5: the hour of the activation does not make a 31st a 30th', async () => {
    const w = await worlds.open(owned('2026-08-31T10:30:00Z', '2026-11-30'), { now: '2026-11-01T00:00:00Z' })
    await w.setClock('2026-11-30T00:00:00Z')
    expect(await due(w)).toBe('2026-12-31T00:00:00.000Z')
  })

  const release = async (w: TestWorld, mode: Parameters<TestWorld['core']['numbers']['release']>[2]) =>
    w.core.numbers.release(await callerOf(w, ACME), [(await holding(w, N)).lease.id], mode)
  const cancel = async (w: TestWorld) =>
    w.core.numbers.cancelRelease(await callerOf(w, ACME), (await holding(w, N)).lease.id)
  const window = { kind: 'window', ms: DAY, chargeFee: false } as const

  it('A5: a release that is taken back before the due date leaves it where it was', async () => {
    const w = await worlds.open(owned('2023-05-17', '2026-12-05'), { now: '2026-12-01T00:00:00Z' })
    await release(w, window)
    expect(await nextDue(w)).toBeNull()
    await cancel(w)
    expect(await nextDue(w)).toBe('2026-12-05T00:00:00.000Z')
    await w.setClock('2026-12-05T00:00:00Z')
    expect([await balanceOf(w, ACME), await due(w)]).toEqual([998, '2027-01-05T00:00:00.000Z'])
  })

  it('A5: a due date that passes while a release waits is paid when the release is taken back', async () => {
    const w = await worlds.open(owned('2023-05-17', '2026-12-05'), { now: '2026-12-04T12:00:00Z' })
    await release(w, window)
    await w.setClock('2026-12-05T06:00:00Z')
    expect(await balanceOf(w, ACME)).toBe(1000)
    await cancel(w)
    await w.setClock('2026-12-05T06:00:00Z')
    expect([await balanceOf(w, ACME), await due(w)]).toEqual([998, '2027-01-05T00:00:00.000Z'])
    await sound(w)
  })

  it('A5: releasing and taking back again and again is no way to go unpaid', async () => {
    const w = await worlds.open(market([number(N)]), { now: '2026-01-31T00:00:00Z' })
    await buy(w, ACME, N)
    for (let at = Date.parse('2026-01-31T00:00:00Z'); at < Date.parse('2026-05-01T00:00:00Z'); at += DAY / 2) {
      await w.setClock(at)
      await release(w, window)
      await w.setClock(at + DAY / 4)
      await cancel(w)
    }
    await w.setClock('2026-05-01T00:00:00Z')
    expect([await balanceOf(w, ACME), await due(w)]).toEqual([1000 - 3 - 3 * 2, '2026-05-31T00:00:00.000Z'])
  })

  it('A5: a release at the end of the period ends with what is paid, and charges nothing more', async () => {
    const w = await worlds.open(owned('2023-05-17', '2026-12-05'), { now: '2026-12-01T00:00:00Z' })
    const [released] = await release(w, { kind: 'periodEnd' })
    expect(iso(released?.releasesAt)).toBe('2026-12-05T00:00:00.000Z')
    await w.setClock(Date.parse('2026-12-05T00:00:00Z') - 1)
    expect(await stateOf(w, N)).toBe('releasing')
    await w.setClock('2026-12-05T00:00:00Z')
    expect([await stateOf(w, N), await balanceOf(w, ACME)]).toEqual(['available', 1000])
    await sound(w)
  })

  it('A5: what was unpaid for days is due again on its old day, not a month after it was paid', async () => {
    const w = await worlds.open(market([number(N)]), { now: '2026-01-31T00:00:00Z' })
    await w.core.accounts.update(null, ON_CREDIT, { creditLimit: { currency: 'USD', amount: 3 * USD } })
    await buy(w, ON_CREDIT, N)
    await w.setClock('2026-03-05T00:00:00Z')
    expect(await stateOf(w, N)).toBe('suspended')
    expect(await nextDue(w)).toBe('2026-02-28T00:00:00.000Z')
    await w.core.ledger.topUp(null, ON_CREDIT, 'USD', 10 * USD)
    await w.setClock('2026-03-06T00:00:00Z')
    expect([await stateOf(w, N), await due(w)]).toEqual(['active', '2026-03-31T00:00:00.000Z'])
    await sound(w)
  })

  it('a month that begins at the very instant the missed one before it is paid is charged with it', async () => {
    const dates = { activated_at: '2026-03-01', paid_until: '2026-04-01' }
    const world = market([], { owned: [{ ...number(N), account_id: ON_CREDIT, ...dates }] })
    const w = await worlds.open(world, { now: '2026-03-15T00:00:00Z' })
    await w.core.accounts.update(null, ON_CREDIT, { creditLimit: { currency: 'USD', amount: 0 } })
    await w.setClock('2026-04-30T12:00:00Z')
    expect(await stateOf(w, N)).toBe('suspended')
    await w.core.ledger.topUp(null, ON_CREDIT, 'USD', 10 * USD)
    // the last of thirty daily retries falls on the first of May
    await w.setClock('2026-05-01T00:00:00Z')
    expect([await due(w), await balanceOf(w, ON_CREDIT)]).toEqual(['2026-06-01T00:00:00.000Z', 6])
    expect(await w.core.jobs.runDue()).toEqual([])
    await sound(w)
  })

  it('A5: moves inside the account tree and stops by the operator leave the due date', async () => {
    const w = await worlds.open(owned('2023-05-17', '2026-12-05'), { now: '2026-12-01T00:00:00Z' })
    await w.core.numbers.move(await callerOf(w, ACME), (await holding(w, N)).lease.id, CHILD)
    expect(await nextDue(w)).toBe('2026-12-05T00:00:00.000Z')
    await w.core.numbers.block(null, N, 'fraud')
    await w.setClock('2026-12-06T00:00:00Z')
    await w.core.numbers.unblock(null, N, 'none')
    expect([await stateOf(w, N), await due(w)]).toEqual(['active', '2027-01-05T00:00:00.000Z'])
    expect([await balanceOf(w, ACME), await balanceOf(w, CHILD)]).toEqual([998, 0])
    await sound(w)
  })

  it('A5: a number that is blocked while it is unpaid comes back as what its money says', async () => {
    const w = await worlds.open(market([number(N)]))
    await w.core.accounts.update(null, ON_CREDIT, { creditLimit: { currency: 'USD', amount: 3 * USD } })
    await buy(w, ON_CREDIT, N)
    const due = addMonths(w.core.clock.now(), 1)
    await w.core.numbers.block(null, N, 'fraud')
    await w.setClock(due)
    await w.core.numbers.unblock(null, N, 'none')
    expect(await stateOf(w, N)).toBe('suspended')
    await w.core.numbers.block(null, N, 'fraud')
    await w.core.ledger.topUp(null, ON_CREDIT, 'USD', 10 * USD)
    await w.setClock(due + DAY)
    expect(await stateOf(w, N)).toBe('blocked')
    await w.core.numbers.unblock(null, N, 'none')
    expect(await stateOf(w, N)).toBe('active')
    await sound(w)
  })

  it('A8: what is many years behind is caught up one month in a unit, and what is paid for ever costs nothing now', async () => {
    const rows = [
      { ...number(N), account_id: ACME, activated_at: '1990-01-31', paid_until: '2016-06-30' },
      { ...number('+12127890101'), account_id: ACME, activated_at: '2000-01-01', paid_until: '2126-05-31' },
    ]
    const w = await worlds.open(market([], { owned: rows }))
    await w.setClock(w.core.clock.now())
    const page = { limit: 200, offset: 0 }
    const { items, total } = await w.core.ledger.transactions({ accountId: ACME, kinds: ['renewal'] }, page)
    expect(total).toBe(120)
    // nothing is dated before the number came
    expect(items.every(({ createdAt }) => createdAt === w.core.clock.now())).toBe(true)
    expect(await due(w)).toBe('2026-06-30T00:00:00.000Z')
    await sound(w)
  })

  it('an ownership whose months do not lead to what is paid goes on monthly from what is paid', async () => {
    const w = await worlds.open(owned('2026-11-05', '2026-12-05'), { now: '2026-12-01T00:00:00Z' })
    // as earlier versions kept it
    const odd = { anchor_at: Date.parse('2023-05-17T00:00:00Z'), periods: 3 }
    await w.store.write(db => db.updateTable('subscriptions').set(odd).execute())
    await w.setClock('2026-12-05T00:00:00Z')
    expect([await due(w), await balanceOf(w, ACME)]).toEqual(['2027-01-05T00:00:00.000Z', 998])
    await w.setClock('2027-01-05T00:00:00Z')
    expect([await due(w), await balanceOf(w, ACME)]).toEqual(['2027-02-05T00:00:00.000Z', 996])
  })

  it('a number that the operator stopped is not taken away for debts while it is stopped', async () => {
    const w = await worlds.open(market([number(N)]))
    await w.core.accounts.update(null, ON_CREDIT, { creditLimit: { currency: 'USD', amount: 3 * USD } })
    await buy(w, ON_CREDIT, N)
    await w.core.numbers.block(null, N, 'fraud')
    await w.setClock(addMonths(w.core.clock.now(), 1) + 40 * DAY)
    expect((await holding(w, N)).lease.accountId).toBe(ON_CREDIT)
    await w.core.numbers.unblock(null, N, 'none')
    expect(await stateOf(w, N)).toBe('suspended')
    await w.setClock(w.core.clock.now() + DAY)
    expect(await stateOf(w, N)).toBe('available')
    await sound(w)
  })

  it('a month that cannot be charged for another reason than money suspends nothing', async () => {
    const w = await worlds.open(market([number(N)]))
    await buy(w, ACME, N)
    const { id } = (await holding(w, N)).subscription
    await w.store.write(async db => {
      const charge = db.selectFrom('transactions').selectAll().where('kind', '=', 'purchase')
      const { id: _, ...row } = await charge.executeTakeFirstOrThrow()
      const taken = { ...row, guid: 'taken', kind: 'renewal', subscription_id: id, period: 1 }
      await db.insertInto('transactions').values(taken).execute()
    })
    await expect(w.setClock(addMonths(w.core.clock.now(), 1))).rejects.toThrow('1 due items failed')
    expect([await stateOf(w, N), await balanceOf(w, ACME)]).toEqual(['active', 997])
    expect(await due(w)).toBe('2026-07-01T00:00:00.000Z')
  })

  it('one month is charged once, whether the job that charges it is repeated, late or run by two at once', async () => {
    const w = await worlds.open(owned('2026-11-05', '2026-12-05'), { now: '2026-12-05T00:00:00Z' })
    await Promise.all([w.core.jobs.runDue(), w.core.jobs.runDue(), w.core.jobs.runDue()])
    await w.core.jobs.runDue()
    expect(await balanceOf(w, ACME)).toBe(998)
    await bring(w, [number('+12127890199')])
    await w.setClock('2026-12-31T00:00:00Z')
    expect(await balanceOf(w, ACME)).toBe(998)
  })

  it('a rest that is not over is ended by nobody, and one that is over ends alone', async () => {
    const e164s = [N, '+12127890101']
    const w = await worlds.open(market(numbers(2), { quarantine_days: { '*': 5 } }))
    await buy(w, ACME, ...e164s)
    for (const e164 of e164s) await giveUp(w, ACME, e164)
    const id = (await w.core.numbers.find('+12127890101'))?.id ?? 0
    const ask = () => within(w, unit => expiry.run(unit, id))
    const states = () => Promise.all(e164s.map(e164 => stateOf(w, e164)))
    w.setClockOnly(w.core.clock.now() + 5 * DAY - 1)
    expect([await ask(), await states()]).toEqual([false, ['quarantined', 'quarantined']])
    w.setClockOnly(w.core.clock.now() + 1)
    expect([await ask(), await ask(), await states()]).toEqual([true, false, ['quarantined', 'available']])
  })

  it('a month that is not due is not charged, whoever asks for it, and one that is due is charged alone', async () => {
    const rows = ['+12127890100', '+12127890101'].map(e164 => ({
      ...{ ...number(e164), account_id: ACME, activated_at: '2026-11-05', paid_until: '2026-12-05' },
    }))
    const w = await worlds.open(market([], { owned: rows }), { now: '2026-12-04T00:00:00Z' })
    const [, second] = await w.store.read(db => db.selectFrom('subscriptions').select('id').orderBy('id').execute())
    const ask = () => within(w, unit => renew(unit, second?.id ?? 0))
    expect([await ask(), await balanceOf(w, ACME)]).toEqual([false, 1000])
    w.setClockOnly('2026-12-05T00:00:00Z')
    expect([await ask(), await ask(), await balanceOf(w, ACME)]).toEqual([true, false, 998])
    const months = async (e164: string) => iso((await holding(w, e164)).subscription.paidUntil)?.slice(0, 7)
    expect([await months('+12127890100'), await months('+12127890101')]).toEqual(['2026-12', '2027-01'])
  })
})
