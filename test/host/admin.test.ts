import type { IncomingMessage } from 'node:http'
import { beforeEach, describe, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import { openClock } from '../../core/ground/clock.ts'
import { openStore } from '../../core/store/open.ts'
import type { Core } from '../../core/verbs.ts'
import { createAdmin } from '../../src/admin/admin.ts'
import type { AdminApp, AdminContext } from '../../src/admin/context.ts'
import { present } from '../../src/admin/present.ts'
import { adminContext } from '../support/admin.ts'

const HEADER = 'e164,country,type,area_code,region,city,currency,setup_price,monthly_price'
const csv = (...rows: string[]) => [HEADER, ...rows].join('\n')
const stock = (n: number) => `+1212789010${n},US,local,212,NY,New York,USD,1.00,2.00`

interface World {
  core: Core
  context: AdminContext
  app: AdminApp
}

async function open(changes: Partial<AdminContext> = {}): Promise<World> {
  const store = await openStore('sqlite::memory:')
  await store.migrate()
  const clock = await openClock(store)
  const core = createCore({ store, clock, key: 'a key for tests only' })
  const context = adminContext(core, {
    dialects: ['onsip', 'wavix'],
    reset: async () => {
      await store.empty()
      await clock.refresh()
    },
    ...changes,
  })
  return { core, context, app: createAdmin(context) }
}

const from = (remoteAddress: string) => ({ incoming: { socket: { remoteAddress } } as IncomingMessage })
const LOCAL = from('127.0.0.1')

function call(app: AdminApp, method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const init = { method, headers: { 'content-type': 'application/json', ...headers } }
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return app.request(`http://127.0.0.1${path}`, body === undefined ? init : { ...init, body: text }, LOCAL)
}

/** The members that tests look at one by one. */
interface Body {
  error: { code: string; issues: { field: string; problem: string }[] }
  id: number
  now: string
  ran: unknown
  checked: number
  secret: string
  password: string
  domain: string
  data: unknown
  last_call_at: string
  events: { id: string; type: string; at: string }[]
  next_after: string
  has_more: boolean
  credentials: unknown
}

async function json(response: Response | Promise<Response>, status = 200): Promise<Body> {
  const answered = await response
  const body = (await answered.json()) as Body
  expect({ status: answered.status, body }).toMatchObject({ status })
  return body
}

const importCsv = (app: AdminApp, text: string, query = '') =>
  call(app, 'POST', `/admin/v1/numbers/import${query}`, text, { 'content-type': 'text/csv' })

describe('who may use the admin plane', () => {
  const ask = (app: AdminApp, path: string, env: object, headers: Record<string, string> = {}) =>
    app.request(`http://127.0.0.1:8081${path}`, { headers }, env)

  it('without a token: programs on this machine', async () => {
    const { app } = await open()
    const status = async (env: object, headers = {}) => (await ask(app, '/admin/v1/invariants', env, headers)).status
    expect(await status(LOCAL)).toBe(200)
    expect(await status(from('::1'))).toBe(200)
    expect(await status(from('::ffff:127.0.0.1'))).toBe(200)
    expect(await status(from('192.0.2.7'))).toBe(403)
    expect(await status(from('192.0.2.7'), { 'x-forwarded-for': '127.0.0.1', host: 'localhost' })).toBe(403)
    expect(await status({})).toBe(403)
  })

  it('without a token: no proxies, and no browser that a foreign page sent', async () => {
    const { app } = await open()
    const status = async (headers: object) =>
      (await ask(app, '/admin/v1/invariants', LOCAL, headers as Record<string, string>)).status
    expect(await status({ 'x-forwarded-for': '192.0.2.7' })).toBe(403)
    expect(await status({ 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect((await app.request('http://evil.example/admin/v1/invariants', {}, LOCAL)).status).toBe(403)
    expect((await app.request('http://localhost:8081/admin/v1/invariants', {}, LOCAL)).status).toBe(200)
  })

  it('with a token: its bearer, from anywhere', async () => {
    const { app } = await open({ token: 'right' })
    const status = async (authorization?: string) =>
      (await ask(app, '/admin/v1/invariants', from('192.0.2.7'), authorization ? { authorization } : {})).status
    expect(await status('Bearer right')).toBe(200)
    expect(await status('Bearer wrong')).toBe(401)
    expect(await status('Bearer ')).toBe(401)
    expect(await status('Basic right')).toBe(401)
    expect(await status()).toBe(401)
    expect((await ask(app, '/metrics', LOCAL)).status).toBe(401)
    expect((await ask(app, '/admin/v1/nothing', LOCAL)).status).toBe(401)
  })

  it('probes need none', async () => {
    const { app } = await open({ token: 'right', whyNotReady: async () => 'migrating' })
    expect((await ask(app, '/healthz', from('192.0.2.7'))).status).toBe(200)
    expect(await json(ask(app, '/readyz', from('192.0.2.7')), 503)).toEqual({ ok: false, reason: 'migrating' })
    const headers = { authorization: 'Bearer right' }
    expect((await json(ask(app, '/admin/v1/invariants', LOCAL, headers), 503)).error.code).toBe('not_ready')
  })
})

describe('admin calls', () => {
  let app: AdminApp
  let core: Core
  let context: AdminContext
  beforeEach(async () => {
    const world = await open()
    app = world.app
    core = world.core
    context = world.context
  })

  const account = async (name = 'Acme') => json(call(app, 'POST', '/admin/v1/accounts', { name }), 201)
  const buy = async (accountId: number, e164: string) => {
    const owner = await core.accounts.get(accountId)
    if (!owner) throw new Error('no such account')
    return core.numbers.purchase(core.accounts.callerFor(owner), [e164], { documents: 'allow' })
  }
  const actions = async () => (await core.audit.list({ limit: 100 })).map(event => event.action)

  it('answers invariants', async () => {
    const body = await json(call(app, 'GET', '/admin/v1/invariants'))
    expect(body).toMatchObject({ ok: true, violations: [] })
    expect(body.checked).toBeGreaterThan(0)
  })

  it('shows, moves and never turns back the clock', async () => {
    const { now } = await json(call(app, 'GET', '/admin/v1/clock'))
    const moved = await json(call(app, 'POST', '/admin/v1/clock', { advance_seconds: 86_400 }))
    expect(Date.parse(moved.now) - Date.parse(now)).toBeGreaterThanOrEqual(86_400_000)
    expect(moved.ran).toEqual([])
    const set = await json(call(app, 'POST', '/admin/v1/clock', { set: '2099-06-01T00:00:00Z' }))
    expect(set.now).toMatch(/^2099-06-01T00:00:00/)
    const back = await json(call(app, 'POST', '/admin/v1/clock', { set: '2026-06-01T00:00:00Z' }), 409)
    expect(back.error.code).toBe('clock_backwards')
    for (const wrong of [{}, { advance_seconds: -1 }, { set: 'tomorrow' }, { set: '2099-01-01T00:00:00Z', more: 1 }]) {
      expect((await json(call(app, 'POST', '/admin/v1/clock', wrong), 400)).error.code).toBe('invalid_input')
    }
  })

  it('A18: a move by nothing, or by less than the wall goes on meanwhile, runs what is due', async () => {
    for (const seconds of [0, 0.0001, 0.001, 0, 0]) {
      const { now } = await json(call(app, 'GET', '/admin/v1/clock'))
      const moved = await json(call(app, 'POST', '/admin/v1/clock', { advance_seconds: seconds }))
      expect(moved.ran).toEqual([])
      expect(Date.parse(moved.now)).toBeGreaterThanOrEqual(Date.parse(now))
    }
    // two at once are both made
    const before = core.clock.now()
    const day = { advance_seconds: 86_400 }
    await Promise.all([1, 2].map(() => json(call(app, 'POST', '/admin/v1/clock', day))))
    expect(core.clock.now() - before).toBeGreaterThanOrEqual(2 * 86_400_000)
  })

  it('D15: every time is ISO text, and no other number is taken for one', async () => {
    await json(importCsv(app, csv(stock(1))))
    const { id } = await account()
    await json(call(app, 'POST', `/admin/v1/accounts/${id}/topups`, { currency: 'USD', amount: '3.00' }), 201)
    await buy(id, '+12127890101')
    // the first period ends, and the next cannot be paid
    await json(call(app, 'POST', '/admin/v1/clock', { advance_seconds: 40 * 86_400 }))
    const number = await json(call(app, 'GET', '/admin/v1/numbers/+12127890101'))
    const { subscription } = (number as unknown as { owner: { subscription: Record<string, unknown> } }).owner
    const times = ['anchor_at', 'paid_from', 'paid_until', 'next_due_at', 'unpaid_since']
    for (const name of times) expect([name, subscription[name]]).toEqual([name, expect.stringMatching(/^\d{4}-.*Z$/)])
    expect(JSON.stringify(number)).not.toMatch(/\d{13}/)
    expect(present({ from: 7, paidFrom: null, since: 0 })).toEqual({
      from: 7,
      paid_from: null,
      since: '1970-01-01T00:00:00.000Z',
    })
  })

  it('A17: takes only times that the calendar has and that name their zone, and years of four digits', async () => {
    const before = await json(call(app, 'GET', '/admin/v1/clock'))
    const wrong = ['2027-02-30T00:00:00Z', '2027-02-01T00:00:00', '2027-02-01', '2027-02-01T25:00:00Z']
    for (const set of [...wrong, '9999-12-31T23:59:59Z', '+010000-01-01T00:00:00Z']) {
      expect((await json(call(app, 'POST', '/admin/v1/clock', { set }), 400)).error.code, set).toBe('invalid_input')
    }
    const call_ = { e164: '+12127890101', duration_seconds: 1, ended_at: '2027-02-30T00:00:00Z' }
    expect((await json(call(app, 'POST', '/admin/v1/calls', call_), 400)).error.code).toBe('invalid_input')
    expect(Date.parse((await json(call(app, 'GET', '/admin/v1/clock'))).now)).toBeLessThan(
      Date.parse(before.now) + 60_000,
    )
    await json(call(app, 'POST', '/admin/v1/clock', { set: '9899-06-01T02:00:00+02:00' }))
    const ahead = await json(call(app, 'POST', '/admin/v1/clock', { advance_seconds: 86_400 * 366 }), 400)
    expect(ahead.error.code).toBe('invalid_input')
  })

  it('has no clock and no reset in production', async () => {
    const { app: production } = await open({ mode: 'production' })
    for (const [method, path] of [
      ['GET', 'clock'],
      ['POST', 'clock'],
      ['POST', 'reset'],
    ] as const) {
      const body = await json(call(production, method, `/admin/v1/${path}`), 403)
      expect(body.error).toMatchObject({ code: 'not_in_this_mode' })
    }
  })

  it('imports CSV, whole or the good lines', async () => {
    const bad = csv(stock(1), '+12127890102,US,local,212,NY,New York,USD,free,2.00', stock(3))
    const refused = await json(importCsv(app, bad))
    expect(refused).toMatchObject({ imported: 0, errors: [{ line: 3 }] })
    expect(await json(importCsv(app, bad, '?keep_good=true'))).toMatchObject({ imported: 2, unchanged: 0 })
    expect(await json(importCsv(app, csv(stock(1), stock(5))))).toEqual({ imported: 1, unchanged: 1, errors: [] })
    expect((await json(importCsv(app, 'e164,colour\n+1,red'), 400)).error.code).toBe('invalid_input')
    expect((await json(call(app, 'POST', '/admin/v1/numbers/import', {}), 415)).error.code).toBe(
      'unsupported_media_type',
    )
    expect((await json(importCsv(app, csv(stock(1)), '?owned=maybe'), 400)).error.issues[0]?.field).toBe('owned')
    expect(await actions()).toContain('numbers.imported')
  })

  it('imports numbers that customers own', async () => {
    const { id } = await account()
    const text = `${HEADER},account_id,activated_at,paid_until\n${stock(1)},${id},2026-01-05T00:00:00Z,2099-01-05T00:00:00Z`
    expect(await json(importCsv(app, text, '?owned=true'))).toMatchObject({ imported: 1, errors: [] })
    const number = await json(call(app, 'GET', '/admin/v1/numbers/+12127890101'))
    expect(number).toMatchObject({ state: 'active', owner: { account_id: id } })
  })

  it('shows a number with its life, and changes it', async () => {
    await importCsv(app, csv(stock(1)))
    const path = '/admin/v1/numbers/%2B12127890101'
    const number = await json(call(app, 'GET', path))
    expect(number).toMatchObject({ e164: '+12127890101', state: 'available', owner: null, setup_price: '1.00' })
    expect(number.events).toMatchObject([{ kind: 'imported', version: 1 }])
    const reason = { reason: 'fraud' }
    expect(await json(call(app, 'POST', `${path}/block`, reason))).toMatchObject({ state: 'blocked' })
    expect((await json(call(app, 'POST', `${path}/block`, reason), 409)).error.code).toBe('wrong_state')
    expect(await json(call(app, 'POST', `${path}/unblock`))).toMatchObject({ state: 'available' })
    const repriced = await json(call(app, 'POST', `${path}/reprice`, { monthly_price: '3.5' }))
    expect(repriced).toMatchObject({ monthly_price: '3.50', setup_price: '1.00' })
    expect(repriced.events.at(-1)).toMatchObject({ kind: 'repriced', data: { monthly_price: '3.50' } })
    expect(await json(call(app, 'POST', `${path}/retire`, reason))).toMatchObject({ state: 'retired' })
    expect(await actions()).toEqual(
      expect.arrayContaining(['number.block', 'number.unblock', 'number.reprice', 'number.retire']),
    )
  })

  it('refuses what it does not know', async () => {
    await importCsv(app, csv(stock(1)))
    const path = '/admin/v1/numbers/12127890101'
    expect((await json(call(app, 'POST', `${path}/reprice`, {}), 400)).error.code).toBe('invalid_input')
    expect((await json(call(app, 'POST', `${path}/reprice`, { monthly_price: 3 }), 400)).error.issues[0]).toMatchObject(
      {
        field: 'monthly_price',
        problem: 'type',
      },
    )
    expect((await json(call(app, 'POST', `${path}/block`, { why: 'x' }), 400)).error.issues[0]).toMatchObject({
      field: 'why',
      problem: 'unknown',
    })
    expect((await json(call(app, 'POST', `${path}/block`, '{'), 400)).error.code).toBe('unreadable_body')
    expect((await json(call(app, 'GET', '/admin/v1/numbers/+19999999999'), 404)).error.code).toBe('not_found')
    expect((await json(call(app, 'GET', '/admin/v1/numbers/pizza'), 404)).error.code).toBe('not_found')
    expect((await json(call(app, 'GET', '/admin/v1/pizza'), 404)).error.code).toBe('unknown_operation')
    const large = { reason: 'x'.repeat(1_100_000) }
    expect((await json(call(app, 'POST', `${path}/block`, large), 413)).error.code).toBe('body_too_large')
  })

  it('records calls', async () => {
    await importCsv(app, csv(stock(1)))
    const told = { e164: '+12127890101', ended_at: '2026-06-01T10:00:30Z', duration_seconds: 30, direction: 'inbound' }
    const recorded = await json(call(app, 'POST', '/admin/v1/calls', { ...told, answered: true }), 201)
    expect(recorded).toMatchObject({ started_at: '2026-06-01T10:00:00.000Z', ended_at: '2026-06-01T10:00:30.000Z' })
    const number = await json(call(app, 'GET', '/admin/v1/numbers/+12127890101'))
    expect(number.last_call_at).toBe('2026-06-01T10:00:30.000Z')
    const stranger = { ...told, e164: '+12127899999' }
    expect((await json(call(app, 'POST', '/admin/v1/calls', stranger), 404)).error.code).toBe('not_found')
  })

  it('records calls by the line, once each, and names the bad lines', async () => {
    await importCsv(app, csv(stock(1)))
    const told = (id: string, more: object = {}) =>
      JSON.stringify({ id, e164: '+12127890101', ended_at: '2026-06-01T10:00:30Z', duration_seconds: 30, ...more })
    const lines = [
      told('a'),
      '',
      told('b', { ring_seconds: 31 }),
      '{',
      told('c', { e164: '+12127899999' }),
      told('a'),
      'x'.repeat(20_000),
      told('d'),
    ]
    const send = (body: string) =>
      call(app, 'POST', '/admin/v1/calls', body, { 'content-type': 'application/x-ndjson' })
    const report = await json(send(lines.join('\n')))
    expect(report).toMatchObject({ recorded: 2, unchanged: 1, error_count: 4 })
    expect((report as unknown as { errors: { line: number }[] }).errors.map(({ line }) => line)).toEqual([3, 4, 5, 7])
    expect(await json(send(`${told('a')}\r\n${told('d')}\n`))).toMatchObject({
      recorded: 0,
      unchanged: 2,
      error_count: 0,
    })
    expect(await json(send(''))).toMatchObject({ recorded: 0, unchanged: 0, errors: [] })
    const one = JSON.parse(told('a', { duration_seconds: 31 }))
    expect((await json(call(app, 'POST', '/admin/v1/calls', one), 409)).error.code).toBe('name_taken')
    await json(call(app, 'POST', '/admin/v1/calls', JSON.parse(told('a'))), 200)
  })

  it('makes accounts, switches them and tops them up', async () => {
    const { id } = await account()
    expect(await json(call(app, 'GET', '/admin/v1/accounts'))).toMatchObject({ total: 1, accounts: [{ id }] })
    const topUp = { currency: 'USD', amount: '25.00' }
    const paid = await json(call(app, 'POST', `/admin/v1/accounts/${id}/topups`, topUp), 201)
    expect(paid).toMatchObject({ kind: 'topup', amount: '25.00', balance_after: '25.00' })
    expect(await json(call(app, 'GET', `/admin/v1/accounts/${id}/topups`))).toMatchObject({ total: 1 })
    const changed = await json(
      call(app, 'PATCH', `/admin/v1/accounts/${id}`, {
        features_off: ['numbers'],
        identity_verified: true,
        allow_unauthenticated: true,
        release_fee: { currency: 'USD', amount: '7' },
        credit_limit: { currency: 'USD', amount: '50.00' },
        is_active: false,
      }),
    )
    expect(changed).toMatchObject({
      features_off: ['numbers'],
      identity_verified: true,
      allow_unauthenticated: true,
      is_active: false,
      balances: [{ currency: 'USD', balance: '25.00', credit_limit: '50.00', release_fee: '7.00' }],
    })
    expect(await json(call(app, 'POST', `/admin/v1/accounts/${id}`, { is_active: true }))).toMatchObject({
      is_active: true,
    })
    const other = await account('Other')
    const path = `/admin/v1/accounts/${other.id}`
    expect((await json(call(app, 'PATCH', path, { default_user_id: 999 }), 404)).error.code).toBe('not_found')
    for (const amount of ['0', '-1', '1e3', 5]) {
      expect((await json(call(app, 'POST', `${path}/topups`, { currency: 'USD', amount }), 400)).error.code).toBe(
        'invalid_input',
      )
    }
    expect((await json(call(app, 'GET', '/admin/v1/accounts/999'), 404)).error.code).toBe('not_found')
  })

  it('shows a secret once, and revokes it', async () => {
    const { id } = await account()
    const path = `/admin/v1/accounts/${id}/credentials`
    const made = await json(call(app, 'POST', path, { realm: 'wavix', name: 'CI' }), 201)
    expect(made.secret).toMatch(/^\w{20,}$/)
    expect(await core.credentials.verifyKey('wavix', made.secret)).toMatchObject({ caller: { account: { id } } })
    const listed = await json(call(app, 'GET', path))
    expect(listed.credentials).toMatchObject([{ id: made.id, realm: 'wavix', is_active: true }])
    expect(JSON.stringify(listed)).not.toContain(made.secret)
    const other = await account('Other')
    const foreign = `/admin/v1/accounts/${other.id}/credentials/${made.id}`
    expect((await json(call(app, 'DELETE', foreign), 404)).error.code).toBe('not_found')
    expect(await json(call(app, 'DELETE', `${path}/${made.id}`))).toMatchObject({ is_active: false })
    expect(await core.credentials.verifyKey('wavix', made.secret)).toBeUndefined()
    expect((await json(call(app, 'POST', path, { realm: 'acme' }), 400)).error.issues[0]?.field).toBe('realm')
  })

  it('refuses demo secrets in production', async () => {
    const { app: production } = await open({ mode: 'production' })
    const { id } = await json(call(production, 'POST', '/admin/v1/accounts', { name: 'Acme' }), 201)
    const path = `/admin/v1/accounts/${id}/credentials`
    const body = await json(call(production, 'POST', path, { realm: 'wavix', secret: 'demo-wavix-acme' }), 400)
    expect(body.error.issues[0]?.field).toBe('secret')
  })

  it('makes organizations, users and trunks', async () => {
    const { id } = await account()
    const path = `/admin/v1/accounts/${id}`
    expect((await json(call(app, 'POST', `${path}/users`, { username: 'ann' }), 404)).error.code).toBe('not_found')
    const organization = await json(call(app, 'POST', `${path}/organizations`, { domain: 'Acme.example.com' }), 201)
    expect(organization.domain).toBe('acme.example.com')
    const user = await json(call(app, 'POST', `${path}/users`, { username: 'ann', auth_username: 'acme_ann' }), 201)
    expect((await core.sessions.login('onsip', 'acme_ann', user.password)).caller.account.id).toBe(id)
    expect(await json(call(app, 'GET', `${path}/users`))).toMatchObject({ total: 1 })
    expect(JSON.stringify(await json(call(app, 'GET', `${path}/users`)))).not.toMatch(/password/)
    expect(
      (await json(call(app, 'POST', `${path}/organizations`, { domain: 'acme.example.com' }), 409)).error.code,
    ).toBe('name_taken')
    const trunk = await json(
      call(app, 'POST', `${path}/trunks`, { name: 'main', data: { password: 'hush', ip: '1.2.3.4' } }),
      201,
    )
    expect(trunk.data).toEqual({ password: '[hidden]', ip: '1.2.3.4' })
    expect(await json(call(app, 'GET', `${path}/trunks`))).toMatchObject({ total: 1 })
    expect(await actions()).toEqual(expect.arrayContaining(['user.created', 'trunk.created']))
  })

  it('pages through number and audit events in one order', async () => {
    const { id } = await account()
    await importCsv(app, csv(stock(1), stock(2)))
    await json(call(app, 'POST', `/admin/v1/accounts/${id}/topups`, { currency: 'USD', amount: '10' }), 201)
    await buy(id, '+12127890102')
    const all = await json(call(app, 'GET', '/admin/v1/events'))
    expect(all.has_more).toBe(false)
    expect(new Set(all.events.map(event => event.type))).toEqual(new Set(['number', 'admin']))
    const times = all.events.map(event => event.at)
    expect(times).toEqual([...times].sort())
    const seen: unknown[] = []
    for (let after = '0', more = true; more; ) {
      const page = await json(call(app, 'GET', `/admin/v1/events?limit=2&after=${after}`))
      seen.push(...page.events)
      after = page.next_after
      more = page.has_more
    }
    expect(seen).toEqual(all.events)
    const third = all.events[2]?.id
    expect((await json(call(app, 'GET', `/admin/v1/events?after=${third}`))).events).toEqual(all.events.slice(3))
    expect((await json(call(app, 'GET', `/admin/v1/events?after=${all.next_after}`))).events).toEqual([])
    expect((await json(call(app, 'GET', '/admin/v1/events?after=yesterday'), 400)).error.code).toBe('invalid_input')
    expect((await json(call(app, 'GET', '/admin/v1/events?limit=0'), 400)).error.code).toBe('invalid_input')
  })

  it('lists deliveries and sends them again', async () => {
    const { id } = await account()
    core.outbox.subscribe(['number.released'])
    await importCsv(app, csv(stock(1)))
    await json(call(app, 'POST', `/admin/v1/accounts/${id}/topups`, { currency: 'USD', amount: '10' }), 201)
    const { owned } = await buy(id, '+12127890101')
    const owner = await core.accounts.get(id)
    if (!owner || !owned[0]) throw new Error('not bought')
    await core.numbers.release(core.accounts.callerFor(owner), [owned[0].lease.id], { kind: 'now' })
    const url = 'http://127.0.0.1:9/hook'
    const told = { dialect: 'wavix', url, method: 'POST' as const, headers: {}, body: '{}', receiver: '127.0.0.1:9' }
    await core.outbox.expand(() => ({ deliveries: [told], told: ['wavix'], failed: [] }))
    const listed = await json(call(app, 'GET', '/admin/v1/deliveries?status=waiting'))
    expect(listed).toMatchObject({ total: 1, deliveries: [{ url, status: 'waiting', attempts: [] }] })
    const [due] = (await core.outbox.due('', 1)).items
    const [taken] = await core.outbox.take([due?.id ?? 0], 1000)
    const sent = taken?.id ?? 0
    const attempt = { id: sent, status: null, error: 'refused', durationMs: 1, delivered: false, headers: {} }
    await core.outbox.attempted([{ ...attempt, nextAttemptAt: null }])
    const path = `/admin/v1/deliveries/${sent}/redeliver`
    expect(await json(call(app, 'POST', path), 202)).toMatchObject({
      status: 'waiting',
      attempts: [{ error: 'refused' }],
    })
    expect((await json(call(app, 'POST', '/admin/v1/deliveries/999/redeliver'), 404)).error.code).toBe('not_found')
  })

  it('resets', async () => {
    await account()
    expect(await json(call(app, 'POST', '/admin/v1/reset'))).toEqual({ ok: true })
    expect(await json(call(app, 'GET', '/admin/v1/accounts'))).toMatchObject({ total: 0 })
  })

  it('counts requests, jobs and deliveries', async () => {
    context.metrics.request({
      requestId: 'r',
      dialect: 'onsip',
      operation: 'DidBrowse',
      method: 'GET',
      url: '/',
      status: 200,
      ms: 3,
      fault: 'wrong_state',
    })
    context.metrics.job('renewal', 2)
    const text = await (await call(app, 'GET', '/metrics')).text()
    expect(text).toContain('didgate_requests_total{dialect="onsip",operation="DidBrowse",status="200"} 1')
    expect(text).toContain('didgate_faults_total{dialect="onsip",fault="wrong_state"} 1')
    expect(text).toContain('didgate_job_items_total{job="renewal"} 2')
  })

  it('answers a failure of its own with a reference to the log', async () => {
    const { app: broken } = await open({ reset: () => Promise.reject(new Error('disk full')) })
    const body = await json(call(broken, 'POST', '/admin/v1/reset'), 500)
    expect(body.error.code).toBe('internal')
    expect(JSON.stringify(body)).not.toContain('disk full')
  })
})
