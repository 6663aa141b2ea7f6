/** What an operator sets right: charges given back, numbers handed over, secrets that take the place of others, and who did it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adminOf, LOCAL } from '../support/admin.ts'
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

  const openAdmin = ({ core }: TestWorld) => adminOf(core, { token: TOKEN, dialects: ['wavix'] })

  function askOf(w: TestWorld) {
    const app = openAdmin(w)
    return async (method: string, path: string, body?: object, token = TOKEN) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
      const init = { method, headers, ...(body && { body: JSON.stringify(body) }) }
      const response = await app.request(`http://127.0.0.1/admin/v1${path}`, init, LOCAL)
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
    const { events } = await of('kind=purchased')
    expect(events.length).toBeGreaterThan(0)
    expect(events.every((each: { kind: string }) => each.kind === 'purchased')).toBe(true)
    expect((await callerOf(w, ACME)).account.id).toBe(ACME)
  })

  it('pages of any size tell each event once, in one order, whatever narrows them', async () => {
    const { w, ask } = await bought()
    await buy(w, OTHER, '+12127890101')
    for (const reason of ['one', 'two', 'three']) {
      await ask('POST', `/numbers/${N}/block`, { reason })
      await ask('POST', `/numbers/${N}/unblock`, { reason })
    }
    const walk = async (query: string, limit: number) => {
      const seen: string[] = []
      for (let after = '0', more = true; more; ) {
        const { body } = await ask('GET', `/events?${query}&limit=${limit}&after=${after}`)
        seen.push(
          ...body.events.map((each: { at: string; action?: string; kind?: string; e164?: string }) =>
            [each.at, each.action ?? each.kind, each.e164].join(' '),
          ),
        )
        more = body.has_more
        after = body.next_after
      }
      return seen
    }
    for (const query of ['', `account=${ACME}`, `number=${encodeURIComponent(N)}`, 'from=2000-01-01', 'kind=blocked']) {
      const whole = await walk(query, 1000)
      expect(whole.length).toBeGreaterThan(2)
      for (const limit of [1, 2, 7]) expect(await walk(query, limit)).toEqual(whole)
    }
  })

  it('a number that left an account is in its history, and so is who took it away', async () => {
    const { ask } = await bought()
    await ask('POST', `/numbers/${N}/hand-over`, { account_id: OTHER, charge: false, reason: 'sold by mistake' })
    const { body } = await ask('GET', `/events?account=${ACME}&number=${encodeURIComponent(N)}`)
    expect(body.events.map((each: { action?: string; kind?: string }) => each.action ?? each.kind)).toEqual(
      expect.arrayContaining(['purchased', 'moved', 'number.move']),
    )
    const [moved] = body.events.filter((each: { action?: string }) => each.action === 'number.move')
    expect(moved).toMatchObject({ administrator: 'DIDGATE_ADMIN_TOKEN', data: { reason: 'sold by mistake' } })
  })

  it('a fee that was given back does not come back once more with its release', async () => {
    const { w, ask, before } = await bought()
    await w.core.accounts.update(null, ACME, { releaseFee: { currency: 'USD', amount: 7_000_000 } })
    const caller = await callerOf(w, ACME)
    const { lease } = await holding(w, N)
    await w.core.numbers.release(caller, [lease.id], { kind: 'window', ms: 86_400_000, chargeFee: true })
    const { body } = await ask('GET', `/accounts/${ACME}/transactions?kind=release_fee`)
    const part = { transaction_id: body.transactions[0].id, amount: '5.00', reason: REASON }
    expect((await ask('POST', `/accounts/${ACME}/refunds`, part)).status).toBe(201)
    await w.core.numbers.cancelRelease(caller, lease.id)
    expect(await balanceOf(w, ACME)).toBe(before - 3)
    await sound(w)
  })

  it('a fee that came back with its release is not given back once more', async () => {
    const { w, ask } = await bought()
    await w.core.accounts.update(null, ACME, { releaseFee: { currency: 'USD', amount: 7_000_000 } })
    const caller = await callerOf(w, ACME)
    const { lease } = await holding(w, N)
    await w.core.numbers.release(caller, [lease.id], { kind: 'window', ms: 86_400_000, chargeFee: true })
    await w.core.numbers.cancelRelease(caller, lease.id)
    const { body } = await ask('GET', `/accounts/${ACME}/transactions?kind=release_fee`)
    const asked = { transaction_id: body.transactions[0].id, reason: REASON }
    const refused = await ask('POST', `/accounts/${ACME}/refunds`, asked)
    expect([refused.status, refused.body.error.code]).toEqual([409, 'wrong_state'])
    await sound(w)
  })

  it('a mistaken top-up is taken back, unless it is spent', async () => {
    const { w, ask, before } = await bought()
    const topUp = await ask('POST', `/accounts/${ACME}/topups`, { currency: 'USD', amount: '25.00' })
    expect(topUp.status).toBe(201)
    const back = await ask('POST', `/accounts/${ACME}/corrections`, { amount: '-25.00', note: 'paid in by mistake' })
    expect([back.status, back.body.kind, back.body.currency]).toEqual([201, 'adjustment', 'USD'])
    expect(await balanceOf(w, ACME)).toBe(before - 3)
    const tooMuch = await ask('POST', `/accounts/${ACME}/corrections`, { amount: '-5000.00', note: 'all of it' })
    expect([tooMuch.status, tooMuch.body.error.code]).toEqual([402, 'insufficient_funds'])
    await sound(w)
  })

  it('the former and the new password of a user log in until the moment that was set, and sessions stay', async () => {
    const { w, ask } = await bought()
    const { token } = await w.core.sessions.login('onsip', 'ann_1', 'password-1')
    const end = w.core.clock.now() + 60_000
    const path = `/accounts/${ACME}/users/100/password`
    const changed = await ask('POST', path, { overlap_seconds: 60, reason: 'yearly' })
    expect(changed.status).toBe(200)
    const enters = (password: string) =>
      w.core.sessions.check('onsip', 'ann_1', password).then(
        () => true,
        () => false,
      )
    expect([await enters('password-1'), await enters(changed.body.password)]).toEqual([true, true])
    expect(await w.core.sessions.resolve('onsip', token)).toBeDefined()
    w.setClockOnly(end)
    expect([await enters('password-1'), await enters(changed.body.password)]).toEqual([false, true])
    const last = await ask('POST', path, { password: 'a-third-password', reason: 'lost' })
    expect(last.status).toBe(200)
    expect([await enters(changed.body.password), await enters('a-third-password')]).toEqual([false, true])
    expect(await w.core.sessions.resolve('onsip', token)).toBeUndefined()
  })

  it('all sessions of an account end with a reason, and those of others stay', async () => {
    const { w, ask } = await bought()
    const own = await w.core.sessions.login('onsip', 'ann_1', 'password-1')
    const other = await w.core.sessions.login('onsip', 'ann_3', 'password-3')
    expect((await ask('DELETE', `/accounts/${ACME}/sessions`)).status).toBe(400)
    const ended = await ask('DELETE', `/accounts/${ACME}/sessions?reason=stolen%20laptop`)
    expect(ended.body).toEqual({ ended: 1 })
    expect(await w.core.sessions.resolve('onsip', own.token)).toBeUndefined()
    expect(await w.core.sessions.resolve('onsip', other.token)).toBeDefined()
    const { body } = await ask('GET', `/events?account=${ACME}&kind=sessions.ended`)
    expect(body.events).toMatchObject([{ data: { sessions: 1, reason: 'stolen laptop' } }])
  })

  it('a paper that waits is an event, is listed, read, and decided by who is named', async () => {
    const { w, ask } = await bought()
    const { lease } = await holding(w, N)
    const content = Buffer.from('%PDF of a passport')
    const paper = { type: 'id', fileName: 'id.pdf', contentType: 'application/pdf', content } as const
    await w.core.documents.upload(await callerOf(w, ACME), [lease.id], paper)
    const { body: waiting } = await ask('GET', '/documents?status=pending')
    expect(waiting.documents).toMatchObject([{ e164: N, type: 'id', account_id: ACME }])
    const [{ id }] = waiting.documents
    const handedIn = await ask('GET', `/events?account=${ACME}&kind=document.handed_in`)
    expect(handedIn.body.events).toMatchObject([{ type: 'account', subject: String(id), actor_account_id: ACME }])
    expect((await ask('POST', `/documents/${id}/reject`, { reason: 'not readable' })).body.status).toBe('rejected')
    const decided = await ask('GET', `/events?account=${ACME}&kind=document.rejected`)
    expect(decided.body.events).toMatchObject([
      { administrator: 'DIDGATE_ADMIN_TOKEN', data: { reason: 'not readable' } },
    ])
    expect((await ask('GET', '/documents?status=pending')).body.documents).toEqual([])
  })

  it('the console is entered with a named token too, and no longer when that is revoked', async () => {
    const w = await worlds.open(market([]))
    const app = openAdmin(w)
    const form = (fields: Record<string, string>) => ({
      method: 'POST',
      body: new URLSearchParams(fields).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' } as Record<string, string>,
    })
    const send = (path: string, init: RequestInit) => app.request(`http://127.0.0.1/console${path}`, init, {})
    const { token, secret } = await w.core.adminTokens.create(null, 'bea', 'new colleague')
    expect((await send('/sign-in', form({ token: `${secret.slice(1)}x` }))).status).toBe(401)
    const entered = await send('/sign-in', form({ token: secret }))
    expect(entered.status).toBe(303)
    const cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const page = await send('/accounts/1', { headers: { cookie } })
    const csrf = /name="_csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? ''
    const topUp = form({ _csrf: csrf, _call: 'POST /accounts/1/topups', currency: 'USD', amount: '5.00' })
    expect((await send('/do', { ...topUp, headers: { ...topUp.headers, cookie } })).status).toBe(303)
    const { items } = await w.core.oversight.history(
      { administrator: 'bea' },
      { after: { number: 0, audit: 0 }, limit: 9 },
    )
    expect(items.map(({ event }) => ('action' in event ? event.action : event.kind))).toEqual(['account.topped_up'])
    await w.core.adminTokens.revoke(null, token.id, 'left')
    expect((await send('/accounts/1', { headers: { cookie } })).status).toBe(303)
  })
})
