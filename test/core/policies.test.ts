/** Rules for all, and others for one account or country; secrets that callbacks are signed with. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../support/engines.ts'
import { ACME, buy, DAY, market, numbers, OTHER, release, stateOf, USD } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const N = '+12127890100'

describe.each(engines())('rules on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())
  const open = (more: Parameters<typeof market>[1] = {}) => worlds.open(market(numbers(2), more))

  it('a number rests 45 days unless it is said otherwise: of an account before all, of a country before any', async () => {
    const w = await open({ quarantine_days: {} })
    const { policies } = w.core
    const days = () => Promise.all([policies.quarantineDays('US', ACME), policies.quarantineDays('DE', OTHER)])
    const also = () => policies.quarantineDays('US', OTHER)
    expect([...(await days()), await also()]).toEqual([45, 45, 45])
    await policies.setQuarantineDays(9, '*')
    expect([...(await days()), await also()]).toEqual([9, 9, 9])
    await policies.setQuarantineDays(5, 'US')
    expect([...(await days()), await also()]).toEqual([5, 9, 5])
    await policies.setQuarantineDays(3, '*', ACME)
    expect([...(await days()), await also()]).toEqual([3, 9, 5])
    await policies.setQuarantineDays(0, 'US', ACME)
    expect([...(await days()), await also()]).toEqual([0, 9, 5])
    await policies.setQuarantineDays(2, 'US', ACME)
    expect([...(await days()), await also()]).toEqual([2, 9, 5])
  })

  it('what an account may owe, pays for a release and waits for a number is its own', async () => {
    const w = await open()
    const { accounts, ledger, policies } = w.core
    await accounts.update(null, ACME, {
      creditLimit: { currency: 'USD', amount: 9 * USD },
      releaseFee: { currency: 'USD', amount: 3 * USD },
      quarantineDays: { country: 'US', days: 4 },
      reclaimDays: { country: 'US', days: 6 },
    })
    await accounts.update(null, ACME, { name: 'Acme' })
    const terms = async (id: number) => [
      (await ledger.balance(id, 'USD'))?.creditLimit,
      await accounts.releaseFee(id, 'USD'),
      await accounts.releaseFee(id, 'EUR'),
      await policies.quarantineDays('US', id),
      await policies.quarantineDays('DE', id),
    ]
    expect(await terms(ACME)).toEqual([9 * USD, 3 * USD, 0, 4, 0])
    expect(await terms(OTHER)).toEqual([0, 0, 0, 0, 0])
  })

  /** Days from now on: until nobody may have it, and until its last owner may take it back. */
  const restOf = async (w: TestWorld, e164: string) => {
    const columns = ['cool_until', 'reclaim_until'] as const
    const row = await w.store.read(db =>
      db.selectFrom('numbers').select(columns).where('e164', '=', e164).executeTakeFirstOrThrow(),
    )
    return columns.map(each => row[each] && (row[each] - w.core.clock.now()) / DAY)
  }

  it('a number that its last owner may take back rests at least that long, and no longer than is said', async () => {
    const w = await open()
    const { accounts, policies } = w.core
    const rest = async (id: number) => {
      await buy(w, id, N)
      await release(w, id, N)
      const days = await restOf(w, N)
      await w.setClock(w.core.clock.now() + 10 * DAY)
      return days
    }
    const says = (quarantine: number, reclaim: number) => {
      const country = 'US'
      const rules = { quarantineDays: { country, days: quarantine }, reclaimDays: { country, days: reclaim } }
      return accounts.update(null, ACME, rules)
    }
    await policies.setReclaimDays(5, '*')
    await policies.setReclaimDays(3, 'US', OTHER)
    expect(await rest(ACME)).toEqual([5, 5])
    expect(await rest(OTHER)).toEqual([3, 3])
    await says(4, 6)
    expect(await rest(ACME)).toEqual([6, 6])
    await says(4, 2)
    expect(await rest(ACME)).toEqual([4, 2])
    await says(4, 0)
    expect(await rest(ACME)).toEqual([4, null])
  })

  it('a number that is lost for want of money rests as long as one that is given back', async () => {
    const w = await worlds.open(market(numbers(1, '212789', { monthly_price: '600' })))
    await w.core.policies.setQuarantineDays(4, 'US', OTHER)
    await w.core.policies.setReclaimDays(2, 'US', OTHER)
    await buy(w, OTHER, N)
    for (let day = 0; day < 70 && (await stateOf(w, N)) !== 'quarantined'; day++)
      await w.setClock(w.core.clock.now() + DAY)
    expect([await stateOf(w, N), ...(await restOf(w, N))]).toEqual(['quarantined', 4, 2])
  })

  it('a secret of callbacks is one account’s for one surface, the same at each question, and lies sealed', async () => {
    const w = await open()
    const { callbackSecrets: secrets } = w.core
    expect(await secrets.find(ACME, 'sinch')).toBeUndefined()
    const drawn = await secrets.get(ACME, 'sinch')
    expect(drawn).toMatch(/^[a-z0-9]{32}$/)
    expect([await secrets.get(ACME, 'sinch'), await secrets.find(ACME, 'sinch')]).toEqual([drawn, drawn])
    const others = [await secrets.get(OTHER, 'sinch'), await secrets.get(ACME, 'bandwidth')]
    expect(new Set([drawn, ...others]).size).toBe(3)
    await secrets.set(ACME, 'sinch', 'given-by-its-owner')
    const all = [
      await secrets.get(ACME, 'sinch'),
      await secrets.get(OTHER, 'sinch'),
      await secrets.get(ACME, 'bandwidth'),
    ]
    expect(all).toEqual(['given-by-its-owner', ...others])
    const rows = await w.store.read(db => db.selectFrom('callback_secrets').select('secret').execute())
    expect(rows).toHaveLength(3)
    for (const { secret } of rows) for (const clear of all) expect(secret).not.toContain(clear)
  })

  it('all who ask for a secret of callbacks at once, for the first time, are told the same one', async () => {
    const { callbackSecrets } = (await open()).core
    const told = await Promise.all(Array.from({ length: 6 }, () => callbackSecrets.get(ACME, 'sinch')))
    expect(new Set([...told, await callbackSecrets.get(ACME, 'sinch')]).size).toBe(1)
  })
})
