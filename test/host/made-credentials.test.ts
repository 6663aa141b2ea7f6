/** Credentials as operators make them: of use to the provider's own clients, and restricted only where that is kept. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DialectModule } from '../../adapters/kit/dialect.ts'
import { SCOPES } from '../../adapters/kit/scopes.ts'
import type { AdminApp } from '../../src/admin/context.ts'
import { createProgram } from '../../src/commands/program.ts'
import { demoAccess } from '../../src/demo.ts'
import { dialectModules } from '../../src/dialects.ts'
import type { World, WorldAccount } from '../../src/worlds/world-file.ts'
import { readCredentials } from '../../verify/credentials.ts'
import { contractWorld } from '../contract/world.ts'
import { adminOf, LOCAL } from '../support/admin.ts'
import { letsIn } from '../support/owned.ts'
import { runCommand } from '../support/run-command.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const ORIGIN = 'http://didgate.test'
const names = dialectModules.map(({ name }) => name)
const E164 = '+12015550123'

/** Each in its place, so that names can be told by what they hold. */
const MARKS = { account: { id: 7, guid: 'guid', handle: 'handle' }, publicId: 'public id', secret: 'secret' }

function moduleOf(dialect: string): DialectModule {
  const module = dialectModules.find(({ name }) => name === dialect)
  if (!module) throw new Error(dialect)
  return module
}

/** What a client of the provider is set up with, by the names that our own client of the contract suites reads. */
function ownNames({ driver, credentials }: DialectModule, client: Record<string, string>): Record<string, string> {
  const theirs = Object.entries(credentials?.client(MARKS) ?? {})
  const own = Object.entries(driver.credentials(MARKS)).map(([name, mark]) => {
    const [their = ''] = theirs.find(([, each]) => each === mark) ?? []
    return [name, client[their] ?? `nobody tells ${name}`]
  })
  return Object.fromEntries(own)
}

interface Made {
  id: number
  secret: string
  base_url: string
  client: Record<string, string>
  realm: string
  public_id: string
  error: { code: string; issues: { field: string; message: string }[] }
}

const worlds = openWorlds('sqlite')
afterAll(async () => (await worlds).drop())

const openAdmin = ({ core }: TestWorld, mode: 'double' | 'production' = 'double') =>
  adminOf(core, { mode, dialects: names, dataPlane: ORIGIN })

async function call(app: AdminApp, method: string, path: string, body?: unknown) {
  const init = { method, headers: { 'content-type': 'application/json' } }
  const sent = body === undefined ? init : { ...init, body: JSON.stringify(body) }
  const response = await app.request(`http://127.0.0.1/admin/v1${path}`, sent, LOCAL)
  return { status: response.status, body: (await response.json()) as Made & Record<string, unknown>, response }
}

type Told = Pick<Made, 'base_url' | 'client'>

function clientOf(w: TestWorld, dialect: string, { base_url: base, client }: Told) {
  const module = moduleOf(dialect)
  return module.driver.create({ send: w.send, base, credentials: ownNames(module, client) })
}

const opens = (w: TestWorld, dialect: string, told: Told) => letsIn(moduleOf(dialect), clientOf(w, dialect, told))

describe('the admin plane', () => {
  let w: TestWorld
  let app: AdminApp
  beforeAll(async () => {
    w = await (await worlds).open(contractWorld)
    app = openAdmin(w)
  })

  it.each(names)('D6: a credential made for %s by default is all that its client needs', async dialect => {
    const account = await call(app, 'POST', '/accounts', { name: `Of ${dialect}` })
    await call(app, 'POST', `/accounts/${account.body.id}/topups`, { currency: 'USD', amount: '10.00' })
    for (let nth = 1; nth <= 2; nth++) {
      const { status, body } = await call(app, 'POST', `/accounts/${account.body.id}/credentials`, { realm: dialect })
      expect(status, JSON.stringify(body)).toBe(201)
      expect(body).toMatchObject({ realm: dialect, base_url: `${ORIGIN}/${dialect}` })
      expect(Object.values(body.client)).toContain(body.secret)
      expect(await opens(w, dialect, body), `number ${nth}`).toBe(true)
    }
  })

  it.each(names)('D6: a further one for an account that has one in %s leaves the first as it was', async dialect => {
    const [first, second] = await Promise.all(
      [0, 1].map(() => call(app, 'POST', '/accounts/12/credentials', { realm: dialect })),
    )
    for (const made of [first, second]) expect(await opens(w, dialect, made?.body as Made)).toBe(true)
    const { status } = await call(app, 'DELETE', `/accounts/12/credentials/${first?.body.id}`)
    expect(status).toBe(200)
    expect(await opens(w, dialect, first?.body as Made)).toBe(false)
    expect(await opens(w, dialect, second?.body as Made)).toBe(true)
  })

  it.each(names)('D6: another secret in the place of the old one opens %s, and the old one does not', async dialect => {
    const made = await call(app, 'POST', '/accounts/13/credentials', { realm: dialect })
    const rotated = await call(app, 'POST', `/accounts/13/credentials/${made.body.id}/rotate`)
    expect(rotated.status).toBe(200)
    expect(await opens(w, dialect, made.body)).toBe(false)
    expect(rotated.body.base_url).toBe(made.body.base_url)
    expect(await opens(w, dialect, rotated.body)).toBe(true)
  })

  it.each(
    names,
  )('while the overlap lasts the old and the new secret open %s, and then the new one alone', async dialect => {
    const made = await call(app, 'POST', '/accounts/13/credentials', { realm: dialect })
    const end = w.core.clock.now() + 60_000
    const asked = { overlap_seconds: 60, reason: 'yearly' }
    const rotated = await call(app, 'POST', `/accounts/13/credentials/${made.body.id}/rotate`, asked)
    expect(rotated.status).toBe(200)
    const [old, next] = [made.body, rotated.body]
    for (const each of [old, next]) expect(await opens(w, dialect, each)).toBe(true)
    const again = await call(app, 'POST', `/accounts/13/credentials/${made.body.id}/rotate`, asked)
    expect([again.status, again.body.error.code]).toEqual([409, 'wrong_state'])
    w.setClockOnly(end - 1)
    for (const each of [old, next]) expect(await opens(w, dialect, each)).toBe(true)
    w.setClockOnly(end)
    expect(await opens(w, dialect, made.body)).toBe(false)
    expect(await opens(w, dialect, next)).toBe(true)
  })

  it.each(names)('didgate verify takes what was made for %s as it is', async dialect => {
    const { body } = await call(app, 'POST', '/accounts/13/credentials', { realm: dialect })
    const { account } = readCredentials(JSON.stringify(body), demoAccess(moduleOf(dialect)))
    expect(account).toEqual(ownNames(moduleOf(dialect), body.client))
  })

  it('D6: a public id stays with its account', async () => {
    const taken = { realm: 'sinch', public_id: 'sinch-key-12', secret: 'another-secret' }
    expect((await call(app, 'POST', '/accounts/13/credentials', taken)).body.error.code).toBe('name_taken')
    const again = { ...taken, secret: 'sinch-12' }
    expect((await call(app, 'POST', '/accounts/12/credentials', again)).body.error.code).toBe('name_taken')
  })

  it('D6: an id has ten secrets at most', async () => {
    const { body } = await call(app, 'POST', '/accounts', { name: 'Many' })
    const make = () => call(app, 'POST', `/accounts/${body.id}/credentials`, { realm: 'vobiz' })
    for (let n = 0; n < 10; n++) expect((await make()).status).toBe(201)
    const refused = await make()
    expect([refused.status, refused.body.error.code]).toEqual([409, 'limit_reached'])
  })

  const scoped = dialectModules.flatMap(({ name, credentials }) => (credentials?.scopes.length === 0 ? [] : [name]))

  it.each(scoped)('C9: a key of %s that may only read numbers lists them and buys none', async dialect => {
    const reader = await call(app, 'POST', '/accounts/12/credentials', { realm: dialect, scopes: ['numbers:read'] })
    const client = clientOf(w, dialect, reader.body)
    if (!moduleOf(dialect).driver.cannot?.owned) expect(await client.owned()).toEqual([])
    expect(await client.buy(E164)).not.toBe('bought')
    expect((await w.core.numbers.find(E164))?.state).toBe('available')
    const writer = await call(app, 'POST', '/accounts/12/credentials', { realm: dialect, scopes: ['numbers:write'] })
    expect(await opens(w, dialect, writer.body)).toBe(false)
  })

  it('C9: a token has the scopes of its key', async () => {
    const { body } = await call(app, 'POST', '/accounts/12/credentials', { realm: 'sinch', scopes: ['numbers:read'] })
    const { keyId = '', keySecret = '', projectId } = body.client
    const basic = `Basic ${Buffer.from(`${keyId}:${keySecret}`).toString('base64')}`
    const send = (path: string, authorization: string, init: RequestInit = {}) =>
      w.send(new Request(`${ORIGIN}/sinch${path}`, { ...init, headers: { authorization, ...init.headers } }))
    const form = new URLSearchParams({ grant_type: 'client_credentials' })
    const issued = await send('/oauth2/token', basic, { method: 'POST', body: form })
    const { access_token } = (await issued.json()) as { access_token: string }
    const at = `/v1/projects/${projectId}`
    const bearer = `Bearer ${access_token}`
    expect((await send(`${at}/activeNumbers?regionCode=US&type=LOCAL`, bearer)).status).toBe(200)
    const rent = await send(`${at}/availableNumbers/${E164}:rent`, bearer, { method: 'POST', body: '{}' })
    expect(rent.status).toBe(403)
  })

  it.each(
    [
      ...scoped.map(realm => [realm, { scopes: ['numbers:raed'] }, 'scopes']),
      ['onsip', { scopes: ['numbers:read'] }, 'scopes'],
      ...scoped.map(realm => [realm, { role: 'user' }, 'role']),
      ...scoped.map(realm => [realm, { role: 'organization_admin' }, 'role']),
      ...['wavix', 'cm', 'sinch', 'sinch-v1'].map(realm => [realm, { role: 'operator' }, 'role']),
      ...scoped.map(realm => [realm, { kind: 'password' }, 'kind']),
      ['wavx', {}, 'realm'],
      ['portal', { kind: 'password' }, 'realm'],
      ['constructor', {}, 'realm'],
    ].map(each => each as [string, object, string]),
  )('C9: what %s cannot keep is refused: %j', async (realm, more, field) => {
    const before = (await w.core.credentials.list(12)).length
    const { status, body } = await call(app, 'POST', '/accounts/12/credentials', { realm, ...more })
    expect([status, body.error.issues[0]?.field]).toEqual([400, field])
    const credential = { realm, kind: 'key_pair', secret: 'a-secret', ...more }
    const account: WorldAccount = { id: 99, name: 'A', currency: 'USD', credentials: [credential as never] }
    await expect((await worlds).open({ accounts: [account] })).rejects.toMatchObject({ code: 'invalid_input' })
    w = await (await worlds).open(contractWorld)
    app = openAdmin(w)
    expect((await w.core.credentials.list(12)).length).toBeLessThanOrEqual(before)
  })

  it('C9: each operation of each dialect has a scope of the one set', () => {
    const operations = w.gateway.dialects.flatMap(({ name, operations }) =>
      operations.map(({ on, scope }) => [`${name} ${[on].flat()[0]}`, scope] as const),
    )
    const without = operations.filter(([, scope]) => scope !== 'open' && !SCOPES.includes(scope as 'numbers:read'))
    expect(without).toEqual([])
    const open = operations.filter(([, scope]) => scope === 'open').map(([on]) => on)
    expect(open.sort()).toEqual(
      ['Echo', 'NoOp', 'SessionCreate', 'SessionDestroy']
        .map(on => `onsip ${on}`)
        .concat('sinch POST /oauth2/token', 'bandwidth POST /api/oauth2/token')
        .sort(),
    )
    // what reads is asked for by GET, or names a look; what changes is not
    const wrong = operations.filter(([on, scope]) => / (PUT|PATCH|DELETE) /.test(on) && scope?.endsWith(':read'))
    expect(wrong).toEqual([])
  })

  it.each([
    { features_off: ['nubmers'] },
    { features_off: ['numbers', 'x'] },
  ])('D13: a switch that nothing asks about is refused: %j', async change => {
    expect((await call(app, 'PATCH', '/accounts/12', change)).status).toBe(400)
    const world = { accounts: [{ id: 1, name: 'A', currency: 'USD', ...change }] } as unknown as World
    await expect((await worlds).open(world)).rejects.toThrow('accounts.0.features_off')
    w = await (await worlds).open(contractWorld)
    app = openAdmin(w)
  })

  it('A4, D5: users are disabled, given a password and looked at; their sessions are listed and ended', async () => {
    const page = { limit: 9, offset: 0 }
    const users = (await call(app, 'GET', '/accounts/12/users')).body.users as { id: number }[]
    const path = `/accounts/12/users/${users[0]?.id}`
    const logIn = (password: string) => w.core.sessions.login('onsip', 'user_12', password)
    await logIn('password-12')
    const listed = (await call(app, 'GET', '/accounts/12/sessions')).body.sessions as { id: number }[]
    expect(listed).toMatchObject([{ auth_username: 'user_12', realm: 'onsip', expires_at: expect.any(String) }])
    expect(JSON.stringify(listed)).not.toMatch(/token/)
    const session = listed[0]?.id
    expect((await call(app, 'DELETE', `/accounts/13/sessions/${session}`)).status).toBe(404)
    expect((await call(app, 'DELETE', `/accounts/12/sessions/${session}`)).body).toEqual({ ended: 1 })
    await logIn('password-12')
    expect((await call(app, 'GET', `${path}/sessions`)).body).toMatchObject({ total: 1 })
    expect((await call(app, 'DELETE', `${path}/sessions`)).body).toEqual({ ended: 1 })

    await logIn('password-12')
    expect((await call(app, 'PATCH', path, { is_enabled: false })).body).toMatchObject({ is_enabled: false })
    expect(await w.core.sessions.list({ accountId: 12 }, page)).toMatchObject({ total: 0 })
    expect((await call(app, 'GET', path)).body).toMatchObject({ is_enabled: false })
    await call(app, 'PATCH', path, { is_enabled: true })

    const drawn = await call(app, 'POST', `${path}/password`)
    expect((await logIn(drawn.body.password as string)).caller.account.id).toBe(12)
    await expect(logIn('password-12')).rejects.toMatchObject({ code: 'login_failed' })
    const given = await call(app, 'POST', `${path}/password`, { password: 'chosen by us' })
    expect(given.body.password).toBe('chosen by us')
    expect((await call(app, 'POST', `${path}/password`, { password: 'short' })).status).toBe(400)
    expect((await call(app, 'POST', '/accounts/13/users/212/password', {})).status).toBe(404)
    const production = openAdmin(w, 'production')
    expect((await call(production, 'POST', `${path}/password`, { password: 'demo-ann-password' })).status).toBe(400)
    const actions = (await w.core.audit.list({ limit: 1000 })).map(({ action }) => action)
    const expected = ['session.ended', 'sessions.ended', 'user.disabled', 'user.enabled', 'user.password_set']
    expect(actions).toEqual(expect.arrayContaining(expected))
  })

  it('D5: a credential for a user of onsip is its password', async () => {
    const asked = { realm: 'onsip', user_id: 212, secret: 'given-by-us' }
    const { status, body } = await call(app, 'POST', '/accounts/12/credentials', asked)
    expect([status, body.client]).toEqual([201, { Username: 'user_12', Password: 'given-by-us' }])
    expect(await clientOf(w, 'onsip', body).owned()).toEqual([])
    expect((await call(app, 'POST', '/accounts/12/credentials', { ...asked, public_id: 'x' })).status).toBe(400)
    expect((await call(app, 'POST', '/accounts/13/credentials', asked)).status).toBe(404)
  })

  it('D6: a user made for OnSIP lives in a domain that is named after its account, in any role that users have', async () => {
    const account = await call(app, 'POST', '/accounts', { name: 'A', handle: 'MA_North--17' })
    const path = `/accounts/${account.body.id}`
    for (const role of ['operator', 'account_admin', 'organization_admin', 'user']) {
      const made = await call(app, 'POST', `${path}/credentials`, { realm: 'onsip', role })
      const user = await w.core.directory.userByAuthUsername(made.body.public_id)
      const home = await w.core.directory.organizationByDomain('ma-north-17.onsip.com')
      expect([made.status, user?.role, user?.organizationId]).toEqual([201, role, home?.id ?? 'a domain'])
    }
  })

  it('C S4: answers of the admin plane are kept by nobody', async () => {
    for (const path of ['/accounts/12/credentials', '/accounts', '/nothing']) {
      const { response } = await call(app, 'GET', path)
      expect(response.headers.get('cache-control'), path).toBe('no-store')
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    }
  })
})

it.each(names)('D6: what a world says of a credential for %s at the least is enough', async dialect => {
  const secret = 'from-the-world'
  const account: WorldAccount = { id: 7, name: 'Seven', currency: 'USD', credentials: [{ realm: dialect, secret }] }
  const w = await (await worlds).open({ accounts: [account] })
  const seven = await w.core.accounts.get(7)
  const credentials = await w.core.credentials.list(7)
  const publicId = credentials[0]?.publicId ?? ''
  const rules = dialectModules.find(({ name }) => name === dialect)?.credentials
  if (!seven || !rules) throw new Error('no account')
  const client = rules.client({ account: seven, publicId, secret })
  expect(await opens(w, dialect, { base_url: w.base(dialect), client })).toBe(true)
})

it('D6, A4: the command line makes the same, ends sessions, and disables users', async () => {
  const env = {
    DATABASE_URL: `sqlite:${join(mkdtempSync(join(tmpdir(), 'didgate-made-')), 'db')}`,
    PUBLIC_URL: 'https://numbers.example.com',
    LOG_LEVEL: 'silent',
  }
  const run = async (...args: string[]): Promise<Made & Record<string, unknown>> => {
    let out = ''
    const print = (text: string) => {
      out += text
    }
    const shell = { env, out: print, err: () => {} }
    await createProgram(shell as never).parseAsync(['node', 'didgate', 'account', ...args])
    return JSON.parse(out)
  }
  expect((await runCommand(env, 'migrate')).code).toBe(0)
  const { id } = await run('create', 'Acme')
  const account = String(id)
  const vobiz = await run('credential', account, 'vobiz')
  expect(vobiz).toMatchObject({ base_url: 'https://numbers.example.com/vobiz' })
  expect(vobiz.client.auth_id).toMatch(/^MA_/)
  await expect(run('credential', account, 'cm', '--role', 'user')).rejects.toThrow('role')
  await expect(run('credential', account, 'cm', '--scope', 'number:read')).rejects.toThrow('scopes')
  expect((await run('rotate', account, String(vobiz.id))).secret).not.toBe(vobiz.secret)
  expect(await run('revoke', account, String(vobiz.id))).toMatchObject({ is_active: false })
  await run('organization', account, 'acme.example.com')
  const user = await run('user', account, 'ann')
  expect(await run('disable-user', account, String(user.id))).toMatchObject({ is_enabled: false })
  expect(await run('enable-user', account, String(user.id))).toMatchObject({ is_enabled: true })
  expect((await run('password', account, String(user.id))).password).toMatch(/\w{20}/)
  expect(await run('sessions', account)).toMatchObject({ sessions: [], total: 0 })
  await expect(run('end-session', account, '99')).rejects.toThrow('no session 99')
})
