import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import type { Caller } from '../../core/ground/model.ts'
import type { Core } from '../../core/verbs.ts'
import { engines, freshStore } from '../support/engines.ts'
import { file } from '../support/lines.ts'

const MONTH = Date.UTC(2026, 0, 31)

const stock = (n: number, block = '212789') =>
  Array.from({ length: n }, (_, i) => ({
    e164: `+1${block}${String(i + 100).padStart(4, '0')}`,
    country: 'US',
    type: 'local',
    region: 'NY',
    city: 'New York',
    rate_center: 'NYC',
    currency: 'USD',
    setup_price: '1',
    monthly_price: '2',
  }))

for (const engine of engines(['sqlite', 'pglite', 'postgres'])) {
  describe(`numbers on ${engine}`, () => {
    let core: Core
    let caller: Caller
    let drop: () => Promise<void>
    let now = MONTH

    beforeAll(async () => {
      const fresh = await freshStore(engine)
      drop = fresh.drop
      core = createCore({ store: fresh.store, clock: { now: () => now }, key: 'test' })
      await core.policies.setQuarantineDays(1, '*')
      const account = await core.accounts.create(null, { id: 12, name: 'Acme' })
      const organization = await core.directory.createOrganization(null, { accountId: 12, domain: 'example.onsip.com' })
      await core.directory.createUser(null, {
        id: 501,
        organizationId: organization.id,
        username: 'ann',
        authUsername: 'example_ann',
        role: 'account_admin',
      })
      await core.ledger.topUp(null, 12, 'USD', 100_000_000)
      caller = core.accounts.callerFor((await core.accounts.get(account.id)) ?? account)
      const report = await core.imports.run(file(stock(30)), { owned: false, keepGood: false })
      expect(report).toEqual({ imported: 30, unchanged: 0, errors: [] })
    })
    afterAll(() => drop())

    it('claims, charges, releases, cools and resells', async () => {
      const terms = { documents: 'refuse', partial: true } as const
      const bought = await core.numbers.claim(caller, [{ filter: { npaNxx: '212789' }, quantity: 2 }], terms)
      expect(bought.owned.map(({ number }) => number.e164)).toEqual(['+12127890100', '+12127890101'])
      expect(bought.owned[0]?.lease.userId).toBe(501)
      expect((await core.ledger.balance(12, 'USD'))?.balance).toBe(94_000_000)
      expect((await core.inventory.blocks())[0]?.available).toBe(28)
      const lease = bought.owned[0]?.lease.id as number
      await core.numbers.release(caller, [lease], { kind: 'now' })
      expect(await core.numbers.lease(lease)).toBeUndefined()
      await expect(core.numbers.purchase(caller, ['+12127890100'], terms)).rejects.toMatchObject({
        code: 'number_unavailable',
      })
      now += 86_400_000
      expect((await core.numbers.search({ e164: '+12127890100' }, { limit: 1, offset: 0 })).items).toHaveLength(1)
      const again = await core.numbers.purchase(caller, ['+12127890100'], terms)
      expect(again.owned[0]?.lease.id).not.toBe(lease)
      expect(await core.invariants()).toEqual({ ok: true, checked: 10, violations: [] })
    })

    it('renews without drifting from the anchor, suspends, and releases the unpaid', async () => {
      now = Date.UTC(2026, 1, 28)
      expect(await core.jobs.runDue()).toContainEqual({ job: 'renewal', count: 1 })
      expect(await core.jobs.runDue()).toEqual([])
      now = Date.UTC(2026, 2, 31)
      await core.jobs.runDue()
      const [owned] = (await core.numbers.owned({ accountIds: [12] }, { limit: 9, offset: 0 })).items
      expect(new Date(owned?.subscription.paidUntil ?? 0).toISOString()).toBe('2026-04-30T00:00:00.000Z')
      now = Date.UTC(2035, 0, 1)
      await core.jobs.runDue()
      expect((await core.numbers.owned({ accountIds: [12] }, { limit: 9, offset: 0 })).total).toBe(0)
      expect(await core.invariants()).toMatchObject({ ok: true, violations: [] })
    })

    it('never sells more than there is or than can be paid', async () => {
      await core.ledger.topUp(null, 12, 'USD', 15_000_000)
      const balance = (await core.ledger.balance(12, 'USD'))?.balance ?? 0
      const affordable = Math.floor(balance / 3_000_000)
      const attempts = Array.from({ length: 64 }, () =>
        core.numbers
          .claim(caller, [{ filter: { npaNxx: '212789' }, quantity: 1 }], { documents: 'refuse', partial: true })
          .then(result => result.owned.length)
          .catch(() => 0),
      )
      const sold = (await Promise.all(attempts)).reduce((sum, n) => sum + n, 0)
      expect(sold).toBe(Math.min(affordable, 30))
      expect(await core.invariants()).toMatchObject({ ok: true, violations: [] })
    })
  })
}
