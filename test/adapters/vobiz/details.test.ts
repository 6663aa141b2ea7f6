/** What the vectors of the page leave out: credentials, roles, sub-accounts, money, trunks, health, repeated requests. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { engines } from '../../support/engines.ts'
import { openWorlds, type TestWorld } from '../../support/world.ts'
import {
  A,
  ADMIN,
  B,
  DEAR,
  N1,
  N2,
  N3,
  SUB,
  TRUNK_A,
  TRUNK_B,
  type VobizClient,
  vobizClient,
  vobizWorld,
} from './client.ts'

const DAY_MS = 86_400_000
const NOW = Date.parse('2026-06-01T00:00:00Z')
const basic = (id: string, token: string) => `Basic ${Buffer.from(`${id}:${token}`).toString('base64')}`

for (const engine of engines()) {
  describe(`vobiz on ${engine}`, () => {
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

    const me = (headers: Record<string, string>, as: string | null = null) => c.ask('GET', '/auth/me', { as, headers })
    const newSub = async (body: object = { name: 'Shop' }) =>
      (await c.ask('POST', `/accounts/${A}/sub-accounts/`, { body })).body
    const sub = (method: string, id = SUB, body?: object) =>
      c.ask(method, `/accounts/${A}/sub-accounts/${id}`, body === undefined ? {} : { body })

    describe('credentials', () => {
      it('pair before Basic before bearer', async () => {
        expect((await me({ authorization: basic(A, 'token-a') })).body.auth_id).toBe(A)
        expect((await me({ authorization: basic(A, 'wrong') })).status).toBe(401)
        expect((await me({ authorization: 'Bearer token-a' })).status).toBe(401)
        expect((await me({ authorization: basic(A, 'token-a') }, B)).body.auth_id).toBe(B)
        expect(
          (await c.ask('GET', '/auth/me', { token: 'x', headers: { authorization: basic(A, 'token-a') } })).status,
        ).toBe(401)
        expect((await me({ 'x-auth-id': A })).status).toBe(401)
      })

      it('the bearer token of a new sub-account, for half an hour', async () => {
        const { tokens, auth_credentials } = await newSub()
        const authorization = `Bearer ${tokens.access_token}`
        expect((await me({ authorization })).body).toMatchObject({
          auth_id: auth_credentials.auth_id,
          type: 'SUB_ACCOUNT',
        })
        w.setClockOnly(NOW + tokens.expires_in * 1000)
        expect((await me({ authorization })).status).toBe(401)
      })

      it('a stopped account, and with it its sub-accounts', async () => {
        await sub('PUT', SUB, { enabled: false })
        const stopped = await c.list(SUB)
        expect([stopped.status, stopped.body.error.code]).toEqual([403, 'ACCOUNT_INACTIVE'])
        await sub('PUT', SUB, { enabled: true })
        await w.core.accounts.update(null, 1, { isActive: false })
        expect((await c.list(SUB)).body.error.code).toBe('ACCOUNT_INACTIVE')
        expect((await c.list(A)).body.error.code).toBe('ACCOUNT_INACTIVE')
      })

      it('never shows the token again', async () => {
        const { body, text } = await c.ask('GET', '/auth/me')
        expect(body).toMatchObject({ type: 'MASTER', auth_id: A, role: 'USER', auth_secret: '<redacted>' })
        expect(text).not.toContain('token-a')
        expect((await c.ask('GET', '/auth/me', { as: ADMIN })).body.role).toBe('ADMIN')
      })
    })

    describe('roles', () => {
      it('a parent acts on its sub-account; a sub-account only on itself', async () => {
        expect((await c.ask('GET', `/Account/${SUB}/numbers`)).status).toBe(200)
        expect((await c.ask('GET', `/Account/${A}/numbers`, { as: SUB })).status).toBe(403)
        expect((await c.ask('GET', `/accounts/${A}/sub-accounts/`, { as: SUB })).status).toBe(403)
        expect((await c.ask('GET', `/accounts/${SUB}/sub-accounts/`, { as: SUB })).status).toBe(403)
        const path = `/account/${SUB}/numbers/${N1}/assign-subaccount`
        expect((await c.ask('POST', path, { as: SUB, body: { sub_account_id: SUB } })).status).toBe(403)
      })

      it("another main account's sub-accounts are not found", async () => {
        expect((await c.ask('GET', `/accounts/${A}/sub-accounts/`, { as: B })).status).toBe(404)
        expect((await c.ask('GET', `/accounts/${B}/sub-accounts/${SUB}`, { as: B })).status).toBe(404)
        expect((await c.ask('DELETE', `/accounts/${B}/sub-accounts/${SUB}`, { as: B })).status).toBe(404)
      })

      it('an admin acts on any account, and every such act is in the audit', async () => {
        expect((await c.ask('GET', `/Account/${A}/numbers`, { as: ADMIN })).status).toBe(200)
        expect((await c.ask('GET', `/accounts/${A}/sub-accounts/`, { as: ADMIN })).body.total).toBe(1)
        const acts = await w.core.audit.list({ action: 'account.acted_on', limit: 9 })
        expect(acts).toMatchObject([
          { actorAccountId: 4, accountId: 1 },
          { actorAccountId: 4, accountId: 1 },
        ])
      })

      it('a parent releases what its sub-account holds only on the path of the sub-account', async () => {
        await c.buy(N3, SUB)
        await w.core.ledger.topUp(null, 1, 'INR', 1_000_000_000)
        expect((await c.release(N3)).status).toBe(403)
        expect((await c.ask('DELETE', `/Account/${SUB}/numbers/${N3}`)).status).toBe(200)
      })
    })

    describe('releases', () => {
      it('cannot be paid, is repeated, ends early without a second fee', async () => {
        await c.buy(N1)
        const poor = await c.release(N1)
        expect([poor.status, poor.body.error]).toEqual([402, 'insufficient_balance'])
        expect((await c.list()).body.items[0].status).toBe('active')
        await w.core.ledger.topUp(null, 1, 'INR', 400_000_000)
        expect((await c.release(N1)).status).toBe(200)
        const again = await c.release(N1)
        expect([again.status, again.body]).toEqual([400, { error: 'number is already pending release' }])
        expect((await c.release(N1, A, '?immediate=true')).body).toMatchObject({ status: 'released', release_fee: 700 })
        expect(await c.balance()).toBe(300)
        expect((await c.release(N1)).status).toBe(403)
      })

      it('of numbers that are unknown, on the shelf, and no numbers', async () => {
        expect((await c.release('+919999999999')).body).toEqual({ error: 'number not found' })
        expect((await c.cancel('+919999999999')).body).toEqual({ error: 'number not found' })
        expect((await c.release(N1)).status).toBe(403)
        expect((await c.cancel(N1)).body).toEqual({ error: 'access denied' })
        expect((await c.ask('DELETE', `/Account/${A}/numbers/abc`)).status).toBe(404)
        expect((await c.release(N1, A, '?immediate=maybe')).status).toBe(400)
      })

      it('stop the monthly fee, and start it again when cancelled', async () => {
        await w.core.ledger.topUp(null, 1, 'INR', 2_000_000_000)
        await c.buy(N1)
        await w.setClock('2026-06-30T12:00:00Z')
        await c.release(N1)
        expect((await c.list()).body.items[0]).not.toHaveProperty('next_billing_date')
        await w.setClock('2026-07-01T06:00:00Z')
        expect((await c.transactions('?reference_type=did_rental')).body.total).toBe(1)
        await c.cancel(N1)
        await w.setClock('2026-07-01T06:00:01Z')
        expect((await c.transactions('?reference_type=did_rental')).body.total).toBe(2)
        expect((await c.list()).body.items[0]).toMatchObject({
          last_billing_date: '2026-07-01T00:00:00Z',
          next_billing_date: '2026-08-01T00:00:00Z',
        })
      })

      it('the fee of a sub-account is charged to its parent', async () => {
        await w.core.accounts.update(null, 2, { releaseFee: { currency: 'INR', amount: 50_000_000 } })
        await c.buy(N3, SUB)
        expect((await c.release(N3, SUB)).body.release_fee).toBe(50)
        expect(await c.balance()).toBe(550)
        expect((await c.cancel(N3, SUB)).body.refund_amount).toBe(50)
        expect(await c.balance()).toBe(600)
      })
    })

    describe('states caused elsewhere', () => {
      it('blocked by the operator, and suspended for lack of money', async () => {
        await c.buy(N1)
        await w.core.numbers.block(null, N1, 'abuse')
        expect((await c.list()).body.items[0]).toMatchObject({ status: 'blocked', is_blocked: true })
        expect((await c.buy(N1, B)).status).toBe(404)
        expect((await c.release(N1)).body).toEqual({ error: 'number is blocked' })
        await w.core.numbers.unblock(null, N1, 'fine')
        await c.buy(N2)
        await w.setClock('2026-07-02T00:00:00Z')
        const states = (await c.list()).body.items.map((each: { status: string }) => each.status).sort()
        expect(states).toEqual(['blocked', 'blocked'])
      })

      it('keeps the old price, and shows the new one to the next buyer', async () => {
        await c.buy(N1)
        await w.core.numbers.reprice(null, N1, { monthly: 999_000_000 })
        expect((await c.list()).body.items[0].monthly_fee).toBe(300)
      })
    })

    describe('trunks', () => {
      const trunks = `/Account/${A}/trunks`

      it('are made, shown, changed and deleted', async () => {
        const made = await c.ask('POST', trunks, {
          body: { name: 'Office', trunk_direction: 'outbound', webhook_url: 'https://hooks.example/x' },
        })
        expect([made.status, made.body.name, made.body.trunk_direction]).toEqual([201, 'Office', 'outbound'])
        const path = `${trunks}/${made.body.trunk_id}`
        expect((await c.ask('GET', path)).text).toBe(made.text)
        const changed = await c.ask('PUT', path, { body: { name: 'Home', secure: true } })
        expect(changed.body).toMatchObject({ name: 'Home', secure: true, trunk_direction: 'outbound' })
        const list = (await c.ask('GET', `${trunks}?limit=1&offset=1`)).body
        expect(list.meta).toEqual({ limit: 1, offset: 1, total: 2 })
        expect(list.objects[0]).toMatchObject({ trunk_id: made.body.trunk_id, webhook_url: 'https://hooks.example/x' })
        await c.buy(N1)
        await c.assign(N1, { trunk_group_id: made.body.trunk_id })
        expect((await c.ask('DELETE', path)).status).toBe(204)
        expect((await c.ask('GET', path)).status).toBe(404)
        expect((await c.list()).body.items[0]).not.toHaveProperty('trunk_group_id')
        expect((await c.ask('POST', trunks, { body: {} })).status).toBe(400)
      })

      it('take numbers of their own account only', async () => {
        await c.buy(N1)
        expect((await c.assign(N1, { trunk_group_id: TRUNK_B })).body.error).toBe('trunk not found')
        expect((await c.assign(N1, { trunk_group_id: 'x' })).status).toBe(400)
        expect((await c.assign(N1, {})).status).toBe(400)
        expect((await c.assign(N2)).body.error).toBe('Number not found')
        for (const method of ['GET', 'PUT', 'DELETE']) {
          const body = method === 'PUT' ? { body: { name: 'Mine' } } : {}
          expect((await c.ask(method, `${trunks}/${TRUNK_B}`, body)).status).toBe(404)
        }
        expect((await w.core.trunks.byGuid(TRUNK_B))?.name).toBe('Trunk B')
      })

      it('let go of a number that moves', async () => {
        await c.buy(N1)
        await c.assign(N1)
        await c.handOver(N1)
        expect((await c.list()).body.items[0]).not.toHaveProperty('trunk_group_id')
      })
    })

    describe('sub-accounts', () => {
      it('list newest first, with the active ones alone', async () => {
        const { sub_account } = await newSub({ name: 'Shop', enabled: false })
        const path = `/accounts/${A}/sub-accounts`
        const ids = async (query = '') =>
          (await c.ask('GET', `${path}${query}`)).body.sub_accounts.map((each: { auth_id: string }) => each.auth_id)
        expect(await ids()).toEqual([sub_account.auth_id, SUB])
        expect(await ids('?active_only=true')).toEqual([SUB])
        expect((await c.ask('GET', `${path}?page=2&size=1`)).body).toMatchObject({ total: 2, page: 2, size: 1 })
        expect(await ids('?page=2&size=1')).toEqual([SUB])
      })

      it('change by field, null takes one away', async () => {
        const { sub_account } = await newSub({ name: 'Shop', email: 's@example.com', permissions: { calls: true } })
        expect(sub_account).toMatchObject({ email: 's@example.com', permissions: { calls: true }, rate_limit: 1000 })
        const id = sub_account.auth_id
        expect((await sub('PUT', id, { name: 'Store', email: null })).body).toMatchObject({
          name: 'Store',
          email: null,
        })
        expect((await sub('PUT', id, { kyc_mode: 'customer_use' })).status).toBe(400)
        expect((await sub('PUT', id, { rate_limit: 'much' })).status).toBe(400)
        expect((await sub('GET', id)).body).toMatchObject({ name: 'Store', permissions: { calls: true } })
      })

      it('show identity fields for customers only, and never to strict clients', async () => {
        const body = { name: 'Shop', email: 's@example.com', kyc_mode: 'customer_use', business_type: 'llp' }
        const { sub_account } = await newSub(body)
        expect(sub_account).toMatchObject({ kyc_mode: 'customer_use', business_type: 'llp', kyc_calls_blocked: true })
        const headers = { 'x-fern-language': 'Python' }
        const path = `/accounts/${A}/sub-accounts/${sub_account.auth_id}`
        expect((await c.ask('GET', path, { headers })).body).not.toHaveProperty('kyc_mode')
        expect((await sub('GET')).body).not.toHaveProperty('kyc_mode')
      })

      it('are deleted only empty, and then take no numbers', async () => {
        await c.buy(N3, SUB)
        expect((await sub('DELETE')).status).toBe(409)
        await c.takeBack(N3)
        expect((await sub('DELETE')).status).toBe(200)
        expect((await sub('GET')).status).toBe(404)
        expect((await sub('DELETE')).status).toBe(404)
        expect((await c.handOver(N3)).status).toBe(404)
      })
    })

    describe('hand-over', () => {
      it('is the same twice; between sub-accounts it goes through the parent', async () => {
        const other = (await newSub()).sub_account.auth_id
        await c.buy(N1)
        expect((await c.handOver(N1)).status).toBe(204)
        expect((await c.handOver(N1)).status).toBe(204)
        expect((await c.handOver(N1, { sub_account_id: other })).status).toBe(404)
        expect((await c.takeBack(N1)).status).toBe(204)
        expect((await c.takeBack(N1)).status).toBe(404)
        expect((await c.takeBack(N1, '?force=perhaps')).status).toBe(400)
      })

      it('waits whole seconds, and waiting as long as told is enough', async () => {
        await c.buy(N1)
        await c.handOver(N1)
        await c.call(N1, '2026-05-20T10:00:00.250Z')
        await c.call(N1, '2026-05-10T10:00:00Z') // older: changes nothing
        const { body } = await c.takeBack(N1)
        expect(body.cool_off_until).toBe('2026-06-04T10:00:01Z')
        w.setClockOnly(Date.parse(body.cool_off_until) - 1001)
        expect((await c.takeBack(N1)).body.cool_off_remaining_seconds).toBe(1)
        w.setClockOnly(NOW + 1000 * Math.ceil((Date.parse(body.cool_off_until) - NOW) / 1000))
        expect((await c.takeBack(N1)).status).toBe(204)
      })

      it('an admin forces it on an account with no calls too, and never twice', async () => {
        await c.buy(N1)
        await c.handOver(N1)
        expect((await c.takeBack(N1, '?force=TRUE', ADMIN)).status).toBe(204)
        expect((await c.takeBack(N1, '?force=1', ADMIN)).status).toBe(404)
        const [row, ...rest] = await w.core.audit.list({ action: 'number.moved_by_force', limit: 9 })
        expect(rest).toEqual([])
        expect(row?.data).toMatchObject({ lastCallAt: null, coolOffUntil: null })
      })

      it('starts anew for the next owner of the number', async () => {
        await c.buy(N1, B)
        await c.call(N1, '2026-05-31T00:00:00Z')
        await c.release(N1, B, '?immediate=true')
        await w.setClock(NOW + 45 * DAY_MS)
        await c.buy(N1)
        await c.handOver(N1)
        expect((await c.takeBack(N1)).status).toBe(204)
      })
    })

    it('health adds up the calls of this ownership', async () => {
      await c.call(N1, '2026-05-31T00:00:00Z') // before it was bought
      await c.buy(N1)
      await w.setClock('2026-06-03T12:00:00Z')
      await c.call(N1, '2026-06-01T10:00:00Z', { durationSeconds: 90 })
      await c.call(N1, '2026-06-01T11:00:00Z', { durationSeconds: 0, answered: false })
      await c.call(N1, '2026-06-02T11:00:00Z', { durationSeconds: 150 })
      const health = (query = '', as = A) => c.ask('GET', `/account/${as}/numbers/${N1}/health${query}`, { as })
      const { body } = await health()
      expect(body.summary).toEqual({
        period_days: 30,
        total_calls: 3,
        answered_calls: 2,
        answer_rate: 67,
        total_minutes: 4,
        avg_duration: 120,
      })
      expect(body.snapshots.map((each: { ts: string }) => each.ts)).toEqual([
        '2026-06-01T00:00:00Z',
        '2026-06-02T00:00:00Z',
      ])
      expect((await health('?granularity=hourly')).body.snapshots).toHaveLength(3)
      expect((await health('?days=2')).body.summary.total_calls).toBe(1)
      expect((await health('?granularity=x&days=-1')).body).toMatchObject({
        granularity: 'daily',
        summary: { period_days: 30 },
      })
      expect((await health('', B)).status).toBe(404)
    })

    it('balances by currency in any case; transactions by every filter', async () => {
      expect((await c.ask('GET', `/Account/${A}/balance/inr`)).status).toBe(200)
      expect((await c.ask('GET', `/Account/${A}/balance/EUR`)).status).toBe(404)
      await c.buy(N1)
      await w.core.accounts.update(null, 1, { releaseFee: { currency: 'INR', amount: 10_000_000 } })
      await w.setClock('2026-06-02T10:00:00Z')
      await c.release(N1)
      await c.cancel(N1)
      const { body } = await c.transactions()
      expect(body.summary).toEqual({
        total_transactions: 4,
        total_debit: 410,
        total_credit: 1010,
        net_amount: 600,
        by_reference_type: expect.arrayContaining([
          { reference_type: 'did_rental', total_debit: 400, total_credit: 0, count: 1 },
          { reference_type: 'did_release', total_debit: 10, total_credit: 0, count: 1 },
          { reference_type: 'refund', total_debit: 0, total_credit: 10, count: 1 },
          { reference_type: 'payment', total_debit: 0, total_credit: 1000, count: 1 },
        ]),
      })
      const totals = async (query: string) => (await c.transactions(query)).body.total
      const cases: [string, number][] = [
        ['?type=credit', 2],
        ['?type=debit', 2],
        ['?type=other', 0],
        ['?status=pending', 0],
        ['?status=completed', 4],
        ['?currency=inr', 4],
        ['?currency=USD', 0],
        ['?reference_type=did_release', 1],
        ['?reference_type=cdr', 0],
        [`?reference=DID:%2B918000000001`, 3],
        ['?description=CANCELLED', 1],
        [`?transaction_id=${body.transactions[0].id}`, 1],
        ['?from_date=2026-06-02', 2],
        ['?to_date=2026-06-01', 2],
        ['?from_date=2026-06-02T15:30:00%2B05:30', 2],
        ['?from_date=2026-06-02T15:30:00+05:30', 2],
        ['?from_date=2026-06-02T10:00:01Z', 0],
        ['?to_date=2026-06-02T09:59:59Z', 2],
      ]
      for (const [query, total] of cases) expect([query, await totals(query)]).toEqual([query, total])
      for (const date of [
        'yesterday',
        '2026-02-30',
        '2026-13-01T00:00:00Z',
        '2026-06-02T10:00:00',
        '2026-06-02 10:00',
      ]) {
        const bad = await c.transactions(`?from_date=${date}`)
        expect([bad.status, bad.body]).toEqual([500, { error: 'Failed to retrieve transactions' }])
      }
      expect((await c.transactions('?per_page=3&page=2')).body).toMatchObject({ total: 4, total_pages: 2, page: 2 })
      expect(
        (await c.transactions('', SUB)).body.transactions.map((t: { account_id: string }) => t.account_id),
      ).toContain(A)
      expect((await c.ask('GET', `/Account/${A}/transactions/reference-types`)).body.reference_types).toContain(
        'did_rental',
      )
      expect((await c.ask('GET', `/Account/${A}/concurrency`)).body).toMatchObject({
        account_id: A,
        concurrent_calls: 0,
      })
    })

    describe('bad input', () => {
      it.each([
        ['page=0&per_page=-3', { page: 1, per_page: 25 }],
        ['page=x&per_page=', { page: 1, per_page: 25 }],
        ['per_page=5000', { page: 1, per_page: 100 }],
        ['page=999999999999999&per_page=100', { page: 999999999999999, items: [] }],
        ['search=no-number', { total: 0 }],
        ['search=%25', { total: 0 }],
      ])('lists take %s', async (query, expected) => {
        expect((await c.list(A, `?${query}`)).body).toMatchObject(expected)
        expect((await c.inventory(`?${query}`)).body).toMatchObject(expected)
      })

      it("a NUL is the sender's mistake, on both engines", async () => {
        const nul = { authorization: basic('\0', 'x') }
        expect((await c.ask('GET', '/auth/me', { as: null, headers: nul })).status).toBeLessThan(500)
        const asks: [string, string, object?][] = [
          ['GET', '/Account/%00/numbers'],
          ['GET', `/Account/${A}/balance/%00`],
          ['GET', `/Account/${A}/inventory/numbers?country=%00&region=%00&search=%00`],
          ['DELETE', `/Account/${A}/numbers/%00`],
          ['GET', `/accounts/${A}/sub-accounts/%00`],
          ['POST', `/accounts/${A}/sub-accounts`, { name: 'a\0b' }],
          ['POST', `/Account/${A}/trunks`, { name: 'a\0b', description: '\0' }],
          ['POST', `/account/${A}/numbers/${N1}/assign-subaccount`, { sub_account_id: '\0' }],
        ]
        for (const [method, path, body] of asks) {
          expect([path, (await c.ask(method, path, body ? { body } : {})).status < 500]).toEqual([path, true])
        }
      })

      it('refuses what cannot be searched with, and unknown routes', async () => {
        const many = Array.from({ length: 300 }, (_, i) => 1000 + i).join(',')
        expect((await c.inventory(`?exclude=${many}`)).status).toBe(400)
        expect((await c.inventory('?exclude=abc,,+')).body.total).toBe(4)
        for (const [method, path] of [
          ['GET', `/Account/${A}/numbers/${N1}`],
          ['PATCH', `/Account/${A}/numbers`],
          ['GET', `/accounts/${A}/numbers`],
          ['GET', '/nowhere'],
        ] as const) {
          const { status, body } = await c.ask(method, path)
          expect([status, body.error]).toEqual([404, 'not_found'])
        }
      })

      it('answers to the short prefix, in any case, with a slash', async () => {
        const headers = { 'x-auth-id': A, 'x-auth-token': 'token-a' }
        for (const path of ['/v1/Account/', '/V1/ACCOUNT/', '/api/v1/account/']) {
          const response = await w.send(new Request(`${w.base('vobiz')}${path}${A}/numbers/`, { headers }))
          expect(response.status).toBe(200)
        }
        const host = await w.send(new Request(`https://api.vobiz.ai/api/v1/Account/${A}/numbers`, { headers }))
        expect(host.status).toBe(200)
      })

      it.each([
        '[]',
        '"text"',
        'null',
        '{"e164":5}',
        '{"e164":"+918000000001","currency":"rupees"}',
      ])('purchase refuses %s', async body => {
        const path = `/Account/${A}/numbers/purchase-from-inventory`
        expect((await c.ask('POST', path, { body })).status).toBe(400)
        expect(await c.balance()).toBe(1000)
      })
    })

    describe('Idempotency-Key', () => {
      const keyed = (key: string, method: string, path: string, body?: object) =>
        c.ask(method, path, { headers: { 'Idempotency-Key': key }, ...(body && { body }) })
      const purchase = `/Account/${A}/numbers/purchase-from-inventory`

      it('one purchase and the same bytes, even at the same time', async () => {
        const ask = () => keyed('k1', 'POST', purchase, { e164: N1 })
        const answers = await Promise.all([ask(), ask(), ask()])
        answers.push(await ask())
        expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
        expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
        expect(await c.balance()).toBe(600)
        expect((await keyed('k1', 'POST', purchase, { e164: N2 })).status).toBe(400)
      })

      it('release, its cancellation, and their repeats when the number has long moved on', async () => {
        await w.core.ledger.topUp(null, 1, 'INR', 1_000_000_000)
        await c.buy(N1)
        const path = `/Account/${A}/numbers/${N1}`
        const first = await keyed('r1', 'DELETE', path)
        const cancelled = await keyed('c1', 'POST', `${path}/cancel-release`)
        expect((await keyed('r1', 'DELETE', path)).text).toBe(first.text)
        expect((await keyed('c1', 'POST', `${path}/cancel-release`)).text).toBe(cancelled.text)
        expect((await c.list()).body.items[0].status).toBe('active')
        const gone = await keyed('r2', 'DELETE', `${path}?immediate=true`)
        expect((await keyed('r2', 'DELETE', `${path}?immediate=true`)).text).toBe(gone.text)
        expect(await c.balance()).toBe(900)
      })

      it('one sub-account with its token shown the same, one trunk, one move', async () => {
        const subs = `/accounts/${A}/sub-accounts/`
        const first = await keyed('s1', 'POST', subs, { name: 'Shop' })
        expect((await keyed('s1', 'POST', subs, { name: 'Shop' })).text).toBe(first.text)
        expect((await c.ask('GET', subs)).body.total).toBe(2)
        const id = first.body.sub_account.auth_id
        const changed = await keyed('u1', 'PUT', `${subs}${id}`, { name: 'Store' })
        await sub('PUT', id, { name: 'Market' })
        expect((await keyed('u1', 'PUT', `${subs}${id}`, { name: 'Store' })).text).toBe(changed.text)
        expect((await keyed('d1', 'DELETE', `${subs}${id}`)).status).toBe(200)
        expect((await keyed('d1', 'DELETE', `${subs}${id}`)).status).toBe(200)
        await c.buy(N1)
        const assign = `/Account/${A}/numbers/${N1}/assign`
        for (let i = 0; i < 2; i++) {
          expect((await keyed('a1', 'POST', assign, { trunk_group_id: TRUNK_A })).status).toBe(204)
        }
      })

      it('a refused request leaves its key free', async () => {
        expect((await keyed('k2', 'POST', purchase, { e164: DEAR })).status).toBe(500)
        await w.core.ledger.topUp(null, 1, 'INR', 9_000_000_000)
        expect((await keyed('k2', 'POST', purchase, { e164: DEAR })).status).toBe(200)
        expect((await keyed('x'.repeat(300), 'POST', purchase, { e164: N1 })).status).toBe(400)
      })
    })
  })
}
