/** What an operator sets right: charges given back, numbers handed over, secrets that take the place of others, and who did it. */
import type { IncomingMessage } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAdmin } from '../../src/admin/admin.ts'
import { createLog } from '../../src/logs/log.ts'
import { createMetrics } from '../../src/process/metrics.ts'
import { engines } from '../support/engines.ts'
import { ACME, balanceOf, buy, callerOf, holding, market, numbers, OTHER, sound, stateOf } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const N = '+12127890100'
const TOKEN = 'a-token-of-the-settings'
const REASON = 'charged by mistake'

describe.each(engines())('corrections on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  function askOf(w: TestWorld) {
    const app = createAdmin({
      ...{ core: w.core, mode: 'double', token: TOKEN, dialects: ['wavix'], metrics: createMetrics() },
      log: createLog('silent'),
      whyNotReady: async () => undefined,
      reset: async () => {},
    })
    const local = { incoming: { socket: { remoteAddress: '127.0.0.1' } } as IncomingMessage }
    return async (method: string, path: string, body?: object, token = TOKEN) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
      const init = { method, headers, ...(body && { body: JSON.stringify(body) }) }
      const response = await app.request(`http://127.0.0.1/admin/v1${path}`, init, local)
      // biome-ignore lint/suspicious/noExplicitAny: tests read freely
      return { status: response.status, body: (await response.json()) as any }
    }
  }

  async function bought() {
    const w = await worlds.open(market(numbers(3)))
    const before = await balanceOf(w, ACME)
    await buy(w, ACME, N)
    const ask = askOf(w)
    const { body } = await ask('GET', `/accounts/${ACME}/transactions?kind=purchase`)
    return { w, ask, charge: body.transactions[0], before }
  }

  it('a charge is given back once, whole, and the books balance', async () => {
    const { w, ask, charge, before } = await bought()
    const refund = { transaction_id: charge.id, reason: REASON }
    const made = await ask('POST', `/accounts/${ACME}/refunds`, refund)
    expect([made.status, made.body.kind]).toEqual([201, 'refund'])
    expect(await balanceOf(w, ACME)).toBe(before)
    const again = await ask('POST', `/accounts/${ACME}/refunds`, refund)
    expect([again.status, again.body.error.code]).toEqual([409, 'wrong_state'])
    expect(await balanceOf(w, ACME)).toBe(before)
    await sound(w)
  })

  it('of a charge a part may be given back, never more than was charged, and never of another account', async () => {
    const { w, ask, charge, before } = await bought()
    const refund = (amount: string, account = ACME) =>
      ask('POST', `/accounts/${account}/refunds`, { transaction_id: charge.id, amount, reason: REASON })
    expect((await refund('1000.00')).status).toBe(400)
    expect((await refund('0.50', OTHER)).status).toBe(404)
    expect(await balanceOf(w, ACME)).toBeLessThan(before)
    const paid = await balanceOf(w, ACME)
    expect((await refund('0.50')).status).toBe(201)
    expect(await balanceOf(w, ACME)).toBe(paid + 0.5)
    await sound(w)
  })

  it('two who give the same charge back at once give it back once', async () => {
    const { w, ask, charge, before } = await bought()
    const refund = () => ask('POST', `/accounts/${ACME}/refunds`, { transaction_id: charge.id, reason: REASON })
    const answers = await Promise.all(Array.from({ length: 8 }, refund))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(await balanceOf(w, ACME)).toBe(before)
    await sound(w)
  })

  it('nothing is corrected without a reason', async () => {
    const { w, ask, charge } = await bought()
    const digest = await balanceOf(w, ACME)
    expect((await ask('POST', `/accounts/${ACME}/refunds`, { transaction_id: charge.id })).status).toBe(400)
    const bare = { account_id: OTHER, charge: false }
    expect((await ask('POST', `/numbers/${N}/hand-over`, bare)).status).toBe(400)
    expect((await ask('POST', '/admin-tokens', { name: 'ann' })).status).toBe(400)
    expect([await balanceOf(w, ACME), (await holding(w, N)).lease.accountId]).toEqual([digest, ACME])
  })

  it.each([true, false])('a number goes to an account of another tree, charged: %s', async charge => {
    const { w, ask } = await bought()
    const other = await balanceOf(w, OTHER)
    const terms = { account_id: OTHER, charge, reason: 'sold to them' }
    const { status } = await ask('POST', `/numbers/${N}/hand-over`, terms)
    expect(status).toBe(200)
    expect((await holding(w, N)).lease.accountId).toBe(OTHER)
    const paid = other - (await balanceOf(w, OTHER))
    expect(paid > 0).toBe(charge)
    await sound(w)
  })

  it('a number from the shelf is handed over too, and one that is stopped is not', async () => {
    const w = await worlds.open(market(numbers(2)))
    const ask = askOf(w)
    const terms = { account_id: OTHER, charge: true, reason: 'kept for them' }
    expect((await ask('POST', `/numbers/${N}/hand-over`, terms)).status).toBe(200)
    const second = '+12127890101'
    await ask('POST', `/numbers/${second}/block`, { reason: 'stop' })
    expect((await ask('POST', `/numbers/${second}/hand-over`, terms)).status).toBe(409)
    expect(await stateOf(w, second)).toBe('blocked')
    expect((await ask('POST', `/numbers/${N}/release`, { reason: 'they left' })).status).toBe(200)
    expect((await w.core.numbers.find(N))?.ownerId).toBe(null)
    await sound(w)
  })

  it('an old secret holds beside the new one until the moment that was set, and not an instant longer', async () => {
    const w = await worlds.open(market(numbers(1)))
    const ask = askOf(w)
    const { credential, secret: old } = await w.core.credentials.create(null, {
      accountId: ACME,
      realm: 'wavix',
      kind: 'key',
    })
    const path = `/accounts/${ACME}/credentials/${credential.id}/rotate`
    const end = w.core.clock.now() + 3_600_000
    const { status, body } = await ask('POST', path, { overlap_seconds: 3600, reason: 'yearly' })
    expect(status).toBe(200)
    const opens = async (key: string) =>
      w.core.credentials.verifyKey('wavix', key).then(
        found => found?.credential.accountId === ACME,
        () => false,
      )
    expect([await opens(old), await opens(body.secret)]).toEqual([true, true])
    await w.setClock(end - 1)
    expect(await opens(old)).toBe(true)
    await w.setClock(end)
    expect([await opens(old), await opens(body.secret)]).toEqual([false, true])
    const tooLong = await ask('POST', path, { overlap_seconds: 31 * 86_400 })
    expect(tooLong.status).toBe(400)
  })

  it('whoever has a token of their own stands in every event of what they do, until it is revoked', async () => {
    const { w, ask, charge } = await bought()
    const made = await ask('POST', '/admin-tokens', { name: 'ann', reason: 'new colleague' })
    expect(made.status).toBe(201)
    const { token, id } = made.body
    expect((await ask('POST', '/admin-tokens', { name: 'ann', reason: 'twice' })).status).toBe(409)
    const asAnn = (method: string, path: string, body?: object) => ask(method, path, body, token)
    expect(
      (await asAnn('POST', `/accounts/${ACME}/refunds`, { transaction_id: charge.id, reason: REASON })).status,
    ).toBe(201)
    expect(
      (await asAnn('POST', `/numbers/${N}/hand-over`, { account_id: OTHER, charge: false, reason: 'x' })).status,
    ).toBe(200)
    const { body } = await ask('GET', '/events?administrator=ann')
    const seen = body.events.map((each: { action?: string; kind?: string }) => each.action ?? each.kind)
    expect(seen).toContain('charge.refunded')
    expect(seen).toContain('number.move')
    expect(seen).toContain('moved')
    expect(JSON.stringify(body)).not.toContain(token)
    expect((await ask('POST', `/admin-tokens/${id}/revoke`, { reason: 'left' })).status).toBe(200)
    expect((await asAnn('GET', '/accounts')).status).toBe(401)
    const { body: list } = await ask('GET', '/admin-tokens')
    expect(JSON.stringify(list)).not.toContain(token)
    await sound(w)
  })

  it('events are found by number, account, kind and time', async () => {
    const { w, ask } = await bought()
    await buy(w, OTHER, '+12127890101')
    const of = async (query: string) => (await ask('GET', `/events?${query}`)).body
    const number = encodeURIComponent(N)
    const about = await of(`number=${number}&kind=purchased`)
    expect(about.events.map((each: { e164: string }) => each.e164)).toEqual([N])
    const others = await of(`account=${OTHER}`)
    expect(others.events.some((each: { e164?: string }) => each.e164 === '+12127890101')).toBe(true)
    expect(others.events.some((each: { e164?: string }) => each.e164 === N)).toBe(false)
    expect((await of(`number=${number}&from=2999-01-01`)).events).toEqual([])
    const sold = await ask('GET', '/events?kind=purchased')
    expect(sold.body.events.length).toBeGreaterThan(0)
    expect(sold.body.events.every((each: { kind: string }) => each.kind === 'purchased')).toBe(true)
    expect((await callerOf(w, ACME)).account.id).toBe(ACME)
  })
})
