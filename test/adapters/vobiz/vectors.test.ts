/** The 36 vectors of the provider's page, by number. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { engines } from '../../support/engines.ts'
import { openWorlds, type TestWorld } from '../../support/world.ts'
import { A, ADMIN, B, DEAR, N1, N2, N3, SUB, TRUNK_A, type VobizClient, vobizClient, vobizWorld } from './client.ts'

const DAY_MS = 86_400_000
const NOW = Date.parse('2026-06-01T00:00:00Z')
const MISMATCH = { error: { code: 403, message: 'Access denied: account ID mismatch' } }

for (const engine of engines()) {
  describe(`vobiz vectors on ${engine}`, () => {
    let worlds: Awaited<ReturnType<typeof openWorlds>>
    let w: TestWorld
    let c: VobizClient
    beforeAll(async () => {
      worlds = await openWorlds(engine)
    })
    beforeEach(async () => {
      w = await worlds.open(vobizWorld)
      c = vobizClient(w)
    })
    afterEach(async () => {
      expect(await w.core.invariants()).toEqual({ ok: true, checked: 10, violations: [] })
    })
    afterAll(() => worlds.drop())

    /** A row that needs an owned number starts with it, the balance still 1000. */
    const own = async (e164: string, as = A) => {
      await w.core.ledger.topUp(null, as === B ? 3 : 1, 'INR', 400_000_000, 'For the number of the row')
      expect((await c.buy(e164, as)).status).toBe(200)
    }
    const ownBySub = async (e164 = N1) => {
      await own(e164)
      expect((await c.handOver(e164)).status).toBe(204)
    }
    const forcedMoves = async () => (await w.core.audit.list({ action: 'number.moved_by_force', limit: 99 })).length

    it('vector 1: no headers', async () => {
      const { status, body } = await c.ask('GET', `/Account/${A}/numbers`, { as: null })
      expect([status, body.error.code]).toEqual([401, 401])
    })

    it('vector 2: right id, wrong token', async () => {
      const { status, body } = await c.ask('GET', `/Account/${A}/numbers`, { token: 'wrong' })
      expect([status, body]).toEqual([401, { error: { code: 401, message: 'Invalid token' } }])
    })

    it('vector 3: a valid pair beside a bearer of anything', async () => {
      const headers = { authorization: 'Bearer junk' }
      expect((await c.ask('GET', `/Account/${A}/numbers`, { headers })).status).toBe(200)
    })

    it("vector 4: another account's path", async () => {
      const { status, body } = await c.ask('GET', `/Account/${B}/numbers`)
      expect([status, body]).toEqual([403, MISMATCH])
    })

    it('vector 5: account in either case', async () => {
      const lower = await c.ask('GET', `/account/${A}/numbers`)
      const upper = await c.ask('GET', `/Account/${A}/numbers`)
      expect([lower.status, lower.text]).toEqual([200, upper.text])
      expect(lower.body).toEqual({ items: [], page: 1, per_page: 25, total: 0 })
    })

    it('vector 6: inventory by country and page', async () => {
      const { body } = await c.inventory('?country=in&per_page=1')
      expect([body.items.length, body.total]).toEqual([1, 4])
      expect(body.items[0]).toMatchObject({ account_id: '', tags: null })
      expect(body.items[0]).not.toHaveProperty('source')
    })

    it('vector 7: exclusion wins over search', async () => {
      expect((await c.inventory('?search=80&exclude=9180')).body).toMatchObject({ items: [], total: 0 })
    })

    it('vector 8: a list of prefixes, and a repeated name', async () => {
      expect((await c.inventory('?exclude=9180,%2B9192')).body.total).toBe(0)
      expect((await c.inventory('?exclude=9180&exclude=9192')).body.total).toBe(0)
    })

    it('vector 9: beyond the last page', async () => {
      expect((await c.inventory('?page=99')).body).toMatchObject({ items: [], total: 4, page: 99 })
    })

    it('vector 10: purchase', async () => {
      const { status, body } = await c.buy(N1, A, { currency: 'INR' })
      expect(status).toBe(200)
      expect(body.number).toMatchObject({ account_id: A, status: 'active', source: 'inventory', e164: N1 })
      expect(await c.balance()).toBe(600)
      const { transactions } = (await c.transactions('?type=debit')).body
      expect(transactions).toHaveLength(1)
      expect(transactions[0]).toMatchObject({ type: 'debit', amount: 400, reference_type: 'did_rental' })
    })

    it('vector 11: the same purchase again', async () => {
      await c.buy(N1)
      const { status, body } = await c.buy(N1)
      expect([status, body.error]).toEqual([404, 'not_found'])
      expect(await c.balance()).toBe(600)
    })

    it('vector 12: a purchase that cannot be paid, three times', async () => {
      for (let attempt = 0; attempt < 3; attempt++) {
        const { status, body } = await c.buy(DEAR)
        expect([status, body]).toEqual([500, { error: 'internal_server_error', message: 'failed to purchase number' }])
      }
      expect((await c.inventory('?search=9200000001')).body.total).toBe(1)
      expect((await c.transactions('?type=debit')).body.total).toBe(0)
    })

    it('vector 13: nothing, nonsense and no JSON', async () => {
      const path = `/Account/${A}/numbers/purchase-from-inventory`
      for (const body of ['{}', '{"e164":"abc"}', '{"e164":']) {
        expect((await c.ask('POST', path, { body })).status).toBe(400)
      }
    })

    it("vector 14: another currency asked for, the number's own charged", async () => {
      const { status, body } = await c.buy(N2, A, { currency: 'USD' })
      expect([status, body.number.currency]).toEqual([200, 'INR'])
      expect(await c.balance()).toBe(600)
    })

    it('vector 15: a sub-account buys, its parent pays', async () => {
      const { status, body } = await c.buy(N3, SUB)
      expect([status, body.number.account_id]).toEqual([200, SUB])
      const parents = await c.ask('GET', `/Account/${A}/balance/INR`)
      const subs = await c.ask('GET', `/Account/${SUB}/balance/INR`, { as: SUB })
      expect(parents.body).toMatchObject({ balance: 600, account_id: A })
      expect(subs.text).toBe(parents.text)
    })

    it('vector 16: who sees the number of a sub-account', async () => {
      await c.buy(N3, SUB)
      await c.buy(N1)
      expect(await c.owners(A)).toEqual({ [N1]: A, [N3]: SUB })
      expect(await c.owners(A, '?include_subaccounts=false')).toEqual({ [N1]: A })
      expect(await c.owners(SUB)).toEqual({ [N3]: SUB })
    })

    it('vector 17: search with a raw, an encoded and no plus', async () => {
      await c.buy(N1)
      await c.buy(N2)
      for (const search of [N1, encodeURIComponent(N1), N1.slice(1)]) {
        const { body } = await c.list(A, `?search=${search}`)
        expect([body.total, body.items[0].e164]).toEqual([1, N1])
      }
    })

    it('vector 18: hand a number to a sub-account', async () => {
      await own(N1)
      const { status, text } = await c.handOver(N1)
      expect([status, text]).toEqual([204, ''])
      expect(await c.owners()).toEqual({ [N1]: SUB })
    })

    it("vector 19: to nobody, another account's number, to nothing", async () => {
      await own(N1)
      await own(N2, B)
      expect((await c.handOver(N1, { sub_account_id: 'SA_NOPE0000' })).status).toBe(404)
      expect((await c.handOver(N2)).status).toBe(404)
      expect((await c.handOver(N1, {})).status).toBe(400)
    })

    it('vector 20: taken back when it never had a call', async () => {
      await ownBySub()
      expect((await c.takeBack(N1)).status).toBe(204)
      expect(await c.owners()).toEqual({ [N1]: A })
    })

    it('vector 21: cool-off after a call', async () => {
      await ownBySub()
      await c.call(N1, '2026-05-31T00:00:00Z')
      const { status, body } = await c.takeBack(N1)
      expect(status).toBe(409)
      expect(body).toEqual({
        error: 'did_cool_off_in_effect',
        cool_off_until: '2026-06-15T00:00:00Z',
        cool_off_remaining_seconds: 1_209_600,
      })
    })

    it('vector 22: exactly 15 days, and a second less', async () => {
      await ownBySub()
      await c.call(N1, '2026-05-17T00:00:00Z')
      expect((await c.takeBack(N1)).status).toBe(204)
      await c.handOver(N1)
      await c.call(N1, '2026-05-17T00:00:01Z')
      const { status, body } = await c.takeBack(N1)
      expect([status, body.cool_off_remaining_seconds]).toEqual([409, 1])
    })

    it.each([false, true])('vector 23: force without the role, in cool-off: %s', async inCoolOff => {
      await ownBySub()
      if (inCoolOff) await c.call(N1, '2026-05-31T00:00:00Z')
      const { status, body } = await c.takeBack(N1, '?force=true')
      expect(status).toBe(403)
      expect(body).toEqual({ error: 'forbidden', message: 'force=true requires an admin-role account' })
      expect(await c.owners()).toEqual({ [N1]: SUB })
      expect(await forcedMoves()).toBe(0)
    })

    it("vector 24: an admin forces it on another account's path", async () => {
      await ownBySub()
      await c.call(N1, '2026-05-31T00:00:00Z')
      expect((await c.takeBack(N1, '?force=true', ADMIN)).status).toBe(204)
      expect(await c.owners()).toEqual({ [N1]: A })
      expect(await forcedMoves()).toBe(1)
      const [row] = await w.core.audit.list({ action: 'number.moved_by_force', limit: 9 })
      expect(row).toMatchObject({
        at: NOW,
        actorAccountId: 4,
        accountId: 1,
        subject: N1,
        data: {
          numberId: expect.any(Number),
          e164: N1,
          fromAccount: SUB,
          toAccount: A,
          actor: ADMIN,
          forced: true,
          lastCallAt: Date.parse('2026-05-31T00:00:00Z'),
          coolOffUntil: Date.parse('2026-06-15T00:00:00Z'),
        },
      })
    })

    it('vector 25: force=false is no force', async () => {
      await ownBySub()
      await c.call(N1, '2026-05-31T00:00:00Z')
      expect((await c.takeBack(N1, '?force=false')).status).toBe(409)
      expect(await forcedMoves()).toBe(0)
    })

    it('vector 26: four spellings of the number in the path', async () => {
      await own(N1)
      for (const spelling of ['%252B918000000001', '%2B918000000001', '+918000000001', '918000000001']) {
        const path = `/Account/${A}/numbers/${spelling}`
        const body = { trunk_group_id: TRUNK_A }
        expect((await c.ask('POST', `${path}/assign`, { body })).status).toBe(204)
        expect((await c.ask('DELETE', `${path}/assign`)).status).toBe(204)
        expect((await c.ask('GET', `${path}/health`)).status).toBe(200)
        expect((await c.ask('POST', `${path}/assign-subaccount`, { body: { sub_account_id: SUB } })).status).toBe(204)
        expect((await c.ask('DELETE', `${path}/assign-subaccount`)).status).toBe(204)
        expect((await c.ask('DELETE', path)).status).toBe(200)
        expect((await c.ask('POST', `${path}/cancel-release`)).status).toBe(200)
      }
    })

    it('vector 27: release of a number on a trunk', async () => {
      await own(N1)
      await c.assign(N1)
      const { status, body } = await c.release(N1)
      expect(status).toBe(200)
      expect(body).toMatchObject({
        cancel_url: `/api/v1/account/${A}/numbers/${N1}/cancel-release`,
        cooldown_ends_at: '2026-06-02T00:00:00Z',
        message: 'number release initiated',
        release_fee: 700,
        status: 'pending_release',
      })
      expect(await c.balance()).toBe(300)
      const { items } = (await c.list()).body
      expect(items[0]).toMatchObject({ e164: N1, status: 'pending_release' })
      expect(items[0]).not.toHaveProperty('trunk_group_id')
    })

    it('vector 28: cancelled within the day, and again', async () => {
      await own(N1)
      await c.assign(N1)
      await c.release(N1)
      await w.setClock(NOW + DAY_MS - 1)
      const { status, body } = await c.cancel(N1)
      expect([status, body.refund_amount, body.status]).toEqual([200, 700, 'active'])
      expect(await c.balance()).toBe(1000)
      expect((await c.list()).body.items[0]).not.toHaveProperty('trunk_group_id')
      expect((await c.cancel(N1)).status).toBe(400)
    })

    it.each(['with jobs', 'by the clock alone'])('vector 29: the day is over, then 45 more, %s', async how => {
      const move = async (at: number) => (how === 'with jobs' ? w.setClock(at) : w.setClockOnly(at))
      await own(N1)
      await c.release(N1)
      await move(NOW + DAY_MS)
      const { status, body } = await c.cancel(N1)
      expect([status, body]).toEqual([400, { error: 'number is not pending release' }])
      expect((await c.list()).body.total).toBe(0)
      expect((await c.inventory(`?search=${N1.slice(1)}`)).body.total).toBe(0)
      await move(NOW + 46 * DAY_MS - 1)
      expect((await c.inventory(`?search=${N1.slice(1)}`)).body.total).toBe(0)
      await move(NOW + 46 * DAY_MS)
      expect((await c.inventory(`?search=${N1.slice(1)}`)).body.total).toBe(1)
    })

    it('vector 30: released at once, then cancelled', async () => {
      await own(N1)
      const { status, body } = await c.release(N1, A, '?immediate=true')
      expect([status, body.status, body.cooldown_ends_at]).toEqual([200, 'released', '2026-06-01T00:00:00Z'])
      expect(body).toMatchObject({ cancel_url: '', release_fee: 700 })
      expect((await c.cancel(N1)).status).toBe(400)
    })

    it("vector 31: somebody else's number", async () => {
      await own(N1)
      const released = await c.release(N1, B)
      expect([released.status, released.body.error]).toEqual([403, 'forbidden'])
      await c.release(N1)
      const cancelled = await c.cancel(N1, B)
      expect([cancelled.status, cancelled.body]).toEqual([403, { error: 'access denied' }])
    })

    it('vector 32: on a trunk, again, off, again', async () => {
      await own(N1)
      const { status, text } = await c.assign(N1)
      expect([status, text]).toEqual([204, ''])
      expect((await c.list()).body.items[0].trunk_group_id).toBe(TRUNK_A)
      expect((await c.assign(N1)).body).toEqual({
        error: 'invalid request',
        message: 'This number is already assigned to a trunk.',
      })
      expect((await c.unassign(N1)).status).toBe(204)
      expect((await c.unassign(N1)).status).toBe(400)
    })

    it('vector 33: new sub-accounts', async () => {
      const path = `/accounts/${A}/sub-accounts/`
      const { status, body } = await c.ask('POST', path, { body: { name: 'Shop' } })
      expect(status).toBe(201)
      const { auth_id, auth_token } = body.auth_credentials
      expect(body.sub_account).toMatchObject({ name: 'Shop', auth_id, auth_token, parent_auth_id: A })
      expect((await c.ask('GET', `/Account/${auth_id}/numbers`, { as: auth_id, token: auth_token })).status).toBe(200)
      const customer = { name: 'Shop', kyc_mode: 'customer_use' }
      expect((await c.ask('POST', path, { body: customer })).status).toBe(400)
      expect((await c.ask('POST', path, { body: {} })).status).toBe(400)
    })

    it('vector 34: a sub-account later', async () => {
      const { status, body } = await c.ask('GET', `/accounts/${A}/sub-accounts/${SUB}`)
      expect([status, body.auth_token]).toEqual([200, '<redacted>'])
    })

    it('vector 35: a deleted sub-account', async () => {
      const { status, body } = await c.ask('DELETE', `/accounts/${A}/sub-accounts/${SUB}`)
      expect([status, body]).toEqual([200, { message: 'Sub-account deleted successfully' }])
      expect((await c.list(SUB)).status).toBe(401)
    })

    it('vector 36: pages of transactions', async () => {
      await c.buy(N1)
      expect((await c.transactions('?per_page=5000')).body.per_page).toBe(50)
      const { body } = await c.transactions('?limit=1&offset=5')
      expect([body.transactions.length, body.page, body.total]).toEqual([2, 1, 2])
    })
  })
}
