/** Who may act now: accounts, users, credentials, and all that was opened or issued by them. */
import { afterAll, describe, expect, it } from 'vitest'
import type { DialectModule } from '../../adapters/kit/dialect.ts'
import type { Driver } from '../../adapters/kit/driver.ts'
import type { Core } from '../../core/verbs.ts'
import { dialectModules } from '../../src/dialects.ts'
import type { World } from '../../src/worlds/world-file.ts'
import { account, contractWorld, credentialsOf } from '../contract/world.ts'
import { engines } from '../support/engines.ts'
import { checkEachPassword } from '../support/known-digests.ts'
import { letsIn } from '../support/owned.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

checkEachPassword()

const PARENT = 12
const CHILD = 14
const world: World = {
  ...contractWorld,
  accounts: [account(PARENT, '1000.00'), { ...account(CHILD, '0.00'), parent: PARENT, balances: {} }],
}
const E164 = '+12015550123'

function clientOf(w: TestWorld, dialect: string, id: number, credentials = credentialsOf(id)[dialect]): Driver {
  const module = dialectModules.find(({ name }) => name === dialect)
  if (!module || !credentials) throw new Error(dialect)
  return module.driver.create({ send: w.send, base: w.base(dialect), credentials })
}

async function ask(w: TestWorld, path: string, init: RequestInit = {}) {
  const response = await w.send(new Request(`${w.base('')}${path}`.replace(/\/\//g, '/').replace(':/', '://'), init))
  return { status: response.status, text: await response.text(), headers: response.headers }
}

const onsip = async (w: TestWorld, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  (await ask(w, '/onsip/api', { method: 'POST', body: new URLSearchParams(fields), headers })).text

const basic = (name: string, secret: string) => `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`

async function logIn(w: TestWorld, id = PARENT, password = `password-${id}`): Promise<string> {
  const text = await onsip(w, { Action: 'SessionCreate', Username: `user_${id}`, Password: password })
  return /<SessionId>(\w+)<\/SessionId>/.exec(text)?.[1] ?? text
}

const readSelf = (w: TestWorld, SessionId: string) => onsip(w, { Action: 'AccountRead', AccountId: '12', SessionId })

const actionsOf = async (core: Core) => (await core.audit.list({ limit: 1000 })).map(({ action }) => action)

describe.each(engines())('on %s', engine => {
  const worlds = openWorlds(engine)
  afterAll(async () => (await worlds).drop())
  const open = async () => (await worlds).open(world)
  const close = (w: TestWorld, id: number, isActive = false) => w.core.accounts.update(null, id, { isActive })

  it('A2: a stopped account is let in by no dialect, whatever it asks with; started again it is', async () => {
    const w = await open()
    const clients = dialectModules.map(module => [module, clientOf(w, module.name, PARENT)] as const)
    for (const [module, client] of clients) await letsIn(module, client) // known by now
    await close(w, PARENT)
    for (const [module, client] of clients) {
      const { name } = module
      expect(await letsIn(module, client), name).toBe(false)
      expect(await client.buy(E164), name).not.toBe('bought')
      expect((await w.core.numbers.find(E164))?.state, name).toBe('available')
    }
    await close(w, PARENT, true)
    for (const [module, client] of clients) expect(await letsIn(module, client), module.name).toBe(true)
  })

  it('A2: with an account those below it are stopped, in every dialect', async () => {
    const w = await open()
    const ofChild = (module: DialectModule) => letsIn(module, clientOf(w, module.name, CHILD))
    for (const module of dialectModules) expect(await ofChild(module), module.name).toBe(true)
    await close(w, PARENT)
    for (const module of dialectModules) expect(await ofChild(module), module.name).toBe(false)
    await expect(w.core.accounts.admit(CHILD)).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('A2: log-in, open session and Basic of a stopped account are refused in the words of OnSIP', async () => {
    const w = await open()
    const session = await logIn(w)
    expect(await readSelf(w, session)).toContain('<Account>')
    await close(w, PARENT)
    expect(await readSelf(w, session)).toContain('Session.Authentication')
    expect(await logIn(w)).toContain('Accessor.LoginFailed')
    const headers = { authorization: basic('user_12', 'password-12') }
    const byBasic = await ask(w, '/onsip/api?Action=AccountRead&AccountId=12', { headers })
    expect(byBasic.status).toBe(401)
    await close(w, PARENT, true)
    expect(await readSelf(w, session)).toContain('<Account>') // it was stopped, and not ended
  })

  it('A2: a token that was issued before is worth nothing while its account is stopped', async () => {
    const w = await open()
    const pair = { realm: 'sinch', publicId: 'sinch-key-12', secret: 'sinch-12' }
    const access = await w.core.credentials.verifyPair(pair.realm, pair.publicId, pair.secret)
    if (!access) throw new Error('no access')
    const headers = { authorization: `Bearer ${w.core.tokens.issue('sinch', access.credential, 3_600_000)}` }
    const path = `/sinch/v1/projects/${access.caller.account.guid}/activeNumbers?regionCode=US&type=LOCAL`
    expect((await ask(w, path, { headers })).status).toBe(200)
    await close(w, PARENT)
    expect((await ask(w, path, { headers })).status).toBe(401)
  })

  it('A2: an account that needs no credentials is let in by its id only while it may act', async () => {
    const w = await open()
    const path = (id: number) => `/sinch-v1/v1/Account/AC${String(id).padStart(32, '0')}/ActiveNumbers`
    for (const id of [PARENT, CHILD]) await w.core.accounts.update(null, id, { allowUnauthenticated: true })
    expect((await ask(w, path(CHILD))).status).toBe(200)
    await close(w, PARENT)
    expect((await ask(w, path(PARENT))).status).toBe(401)
    expect((await ask(w, path(CHILD))).status).toBe(401)
  })

  it('A2: an operator looks at a stopped account, and does nothing in its name', async () => {
    const w = await open()
    const boss = await w.core.accounts.create(null, { name: 'Boss', role: 'operator', handle: 'MA_BOSS' })
    const caller = await w.core.accounts.admit(boss.id)
    const isReading = { isReading: true }
    const pair = { accountId: boss.id, realm: 'vobiz', kind: 'key_pair', publicId: 'MA_BOSS' } as const
    const { secret } = await w.core.credentials.create(null, pair)
    expect((await w.core.credentials.verifyPair('vobiz', 'MA_BOSS', secret))?.caller.role).toBe('operator')
    await close(w, PARENT)
    expect((await w.core.accounts.reach(caller, CHILD, 'x'.repeat(201), isReading)).account.id).toBe(CHILD)
    const [look] = await w.core.audit.list({ accountId: CHILD, action: 'account.acted_on', limit: 9 })
    expect([look?.actorAccountId, look?.subject]).toEqual([boss.id, 'x'.repeat(200)])
    for (const id of [PARENT, CHILD]) {
      const refused = { code: 'forbidden', details: { reason: 'inactive' } }
      await expect(w.core.accounts.reach(caller, id, 'buy')).rejects.toMatchObject(refused)
    }
  })

  it('A4: disabling a user ends its sessions and its Basic at once, and enabling lets it log in again', async () => {
    const w = await open()
    const session = await logIn(w)
    const user = await w.core.directory.userByAuthUsername('user_12')
    const id = user?.id ?? 0
    await w.core.directory.setUserEnabled(null, id, false)
    expect(await w.core.sessions.list({ userId: id }, { limit: 9, offset: 0 })).toMatchObject({ total: 0 })
    expect(await readSelf(w, session)).toContain('Session.Authentication')
    expect(await logIn(w)).toContain('Accessor.LoginFailed')
    await expect(w.core.sessions.check('onsip', 'user_12', 'password-12')).rejects.toMatchObject({
      code: 'login_failed',
    })
    await w.core.directory.setUserEnabled(null, id, true)
    expect(await readSelf(w, session)).toContain('Session.Authentication')
    expect(await readSelf(w, await logIn(w))).toContain('<Account>')
    expect(await actionsOf(w.core)).toEqual(expect.arrayContaining(['user.disabled', 'user.enabled', 'sessions.ended']))
  })

  it('A4: a password that is revoked or set anew ends the sessions that it opened', async () => {
    const w = await open()
    const id = (await w.core.directory.userByAuthUsername('user_12'))?.id ?? 0
    const before = await logIn(w)
    const portal = (await w.core.credentials.list(PARENT)).find(({ realm }) => realm === 'portal')
    await w.core.credentials.revoke(null, portal?.id ?? 0)
    expect(await actionsOf(w.core)).toContain('credential.revoked')
    expect(await readSelf(w, before)).toContain('Session.Authentication')
    expect(await logIn(w)).toContain('Accessor.LoginFailed')

    await w.core.directory.setPassword(null, id, 'another-password')
    const between = await logIn(w, PARENT, 'another-password')
    expect(await readSelf(w, between)).toContain('<Account>')
    const { password } = await w.core.directory.setPassword(null, id)
    expect(await readSelf(w, between)).toContain('Session.Authentication')
    expect(await logIn(w, PARENT, 'another-password')).toContain('Accessor.LoginFailed')
    expect(await readSelf(w, await logIn(w, PARENT, password))).toContain('<Account>')
    expect((await w.core.credentials.list(PARENT)).filter(({ realm }) => realm === 'portal')).toHaveLength(1)
  })

  it('A4: log-ins that race with a new password leave no session of the old one', async () => {
    const w = await open()
    const id = (await w.core.directory.userByAuthUsername('user_12'))?.id ?? 0
    const logIns = Array.from({ length: 5 }, () => w.core.sessions.login('onsip', 'user_12', 'password-12'))
    const [, ...results] = await Promise.allSettled([w.core.directory.setPassword(null, id, 'new-password'), ...logIns])
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'login_failed' })
    }
    expect((await w.core.sessions.list({ userId: id }, { limit: 9, offset: 0 })).total).toBe(0)
  })

  it('A4: a secret that is changed ends the tokens that were issued for the old one', async () => {
    const w = await open()
    const access = await w.core.credentials.verifyPair('sinch', 'sinch-key-12', 'sinch-12')
    if (!access) throw new Error('no access')
    const token = w.core.tokens.issue('sinch', access.credential, 3_600_000)
    expect(await w.core.tokens.verify('sinch', token)).toMatchObject({ credential: { id: access.credential.id } })
    const { credential, secret } = await w.core.credentials.rotate(null, access.credential.id)
    expect(await w.core.tokens.verify('sinch', token)).toBe('invalid')
    expect(await w.core.credentials.verifyPair('sinch', 'sinch-key-12', 'sinch-12')).toBeUndefined()
    expect(await w.core.credentials.verifyPair('sinch', 'sinch-key-12', secret)).toBeDefined()
    const next = w.core.tokens.issue('sinch', credential, 3_600_000)
    expect(await w.core.tokens.verify('sinch', next)).not.toBe('invalid')
    // the old one's token must not have been let in by what is remembered of the new one
    expect(await w.core.tokens.verify('sinch', token)).toBe('invalid')
  })

  it('A4: what a sub-account was given beside its key ends with the key', async () => {
    const w = await open()
    const headers = { authorization: basic('MA_TEST0012', 'vobiz-12'), 'content-type': 'application/json' }
    const path = '/vobiz/api/v1/accounts/MA_TEST0012/sub-accounts'
    const made = await ask(w, path, { method: 'POST', headers, body: JSON.stringify({ name: 'Below' }) })
    const { tokens, auth_credentials } = JSON.parse(made.text)
    const bearer = { authorization: `Bearer ${tokens.access_token}` }
    const me = async () => (await ask(w, '/vobiz/api/v1/auth/me', { headers: bearer })).status
    expect(await me()).toBe(200)
    const access = await w.core.credentials.verifyPair('vobiz', auth_credentials.auth_id, auth_credentials.auth_token)
    await w.core.credentials.revoke(null, access?.credential.id ?? 0)
    expect(await me()).toBe(401)
  })

  it('E: a name and secret that were right in one realm open no other, and a token none but its own', async () => {
    const w = await open()
    const input = { accountId: PARENT, kind: 'key_pair', publicId: 'same', secret: 'one-secret' } as const
    const { credential } = await w.core.credentials.create(null, { ...input, realm: 'sinch' })
    for (let time = 0; time < 2; time++) {
      expect(await w.core.credentials.verifyPair('sinch', 'same', 'one-secret')).toBeDefined()
      expect(await w.core.credentials.verifyPair('vobiz', 'same', 'one-secret')).toBeUndefined()
    }
    const token = w.core.tokens.issue('sinch', credential, 60_000)
    expect(await w.core.tokens.verify('sinch', token)).not.toBe('invalid')
    expect(await w.core.tokens.verify('vobiz', token)).toBe('invalid')
    expect(await w.core.tokens.verify('vobiz', w.core.tokens.issue('vobiz', credential, 60_000))).toBe('invalid')
  })

  it('a token is good until its very second, and then it is told that it ran out', async () => {
    const w = await open()
    const access = await w.core.credentials.verifyPair('sinch', 'sinch-key-12', 'sinch-12')
    if (!access) throw new Error('no access')
    const now = w.core.clock.now()
    const token = w.core.tokens.issue('sinch', access.credential, 60_000)
    w.setClockOnly(now + 59_999)
    expect(await w.core.tokens.verify('sinch', token)).toMatchObject({ credential: { id: access.credential.id } })
    w.setClockOnly(now + 60_000)
    expect(await w.core.tokens.verify('sinch', token)).toBe('expired')
  })

  it('a secret may be set that another realm or name has, and none that the name has already', async () => {
    const w = await open()
    const make = async (realm: string, publicId: string, secret: string) =>
      (await w.core.credentials.create(null, { accountId: PARENT, kind: 'key_pair', realm, publicId, secret }))
        .credential
    await make('vobiz', 'one', 'shared')
    await make('sinch', 'other', 'shared')
    const { id } = await make('sinch', 'one', 'first')
    await make('sinch', 'one', 'second')
    await expect(w.core.credentials.rotate(null, id, 'second')).rejects.toMatchObject({ code: 'name_taken' })
    await w.core.credentials.rotate(null, id, 'shared')
    for (const secret of ['shared', 'second']) {
      expect(await w.core.credentials.verifyPair('sinch', 'one', secret)).toBeDefined()
    }
    expect(await w.core.credentials.verifyPair('sinch', 'one', 'first')).toBeUndefined()
  })

  it('C S4: a token with anything behind its signature is refused', async () => {
    const w = await open()
    const access = await w.core.credentials.verifyPair('sinch', 'sinch-key-12', 'sinch-12')
    if (!access) throw new Error('no access')
    const token = w.core.tokens.issue('sinch', access.credential, 60_000)
    for (const junk of ['.', '.x', '=', '==', '!', ' ', 'A', '\n', `.${token}`]) {
      expect(await w.core.tokens.verify('sinch', token + junk), JSON.stringify(junk)).toBe('invalid')
    }
    const twisted = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']
      .map(last => token.slice(0, -1) + last)
      .filter(each => each !== token)
    for (const each of twisted) expect(await w.core.tokens.verify('sinch', each)).toBe('invalid')
    for (const none of ['', '.', '..', 'a.b.c']) expect(await w.core.tokens.verify('sinch', none)).toBe('invalid')
    const headers = { authorization: `Basic ${Buffer.from('user_12:password-12').toString('base64')}junk!` }
    expect((await ask(w, '/onsip/api?Action=AccountRead&AccountId=12', { headers })).status).toBe(401)
  })

  it('E: the core takes no user of another account for a number, whoever asks', async () => {
    const w = await open()
    const foreign = (await w.core.directory.userByAuthUsername('user_14'))?.id as number
    const caller = await w.core.accounts.admit(PARENT)
    const terms = { documents: 'allow', userId: foreign } as const
    const refused = { code: 'not_found', details: { what: 'user' } }
    await expect(w.core.numbers.purchase(caller, [E164], terms)).rejects.toMatchObject(refused)
    const { owned } = await w.core.numbers.purchase(caller, [E164], { documents: 'allow' })
    const id = owned[0]?.lease.id as number
    await expect(w.core.numbers.configure(caller, id, { userId: foreign })).rejects.toMatchObject(refused)
  })

  it("E: nobody is shown what another account's idempotency key gave", async () => {
    const w = await open()
    await w.core.ledger.topUp(null, PARENT, 'USD', 10_000_000)
    const idempotency = { key: 'x:1', fingerprint: 'same', field: 'Idempotency-Key' }
    const [first, second] = await Promise.all([PARENT, CHILD].map(id => w.core.accounts.admit(id)))
    if (!first || !second) throw new Error('no callers')
    const buy = (caller: typeof first, e164: string) =>
      w.core.numbers.purchase({ ...caller, idempotency }, [e164], { documents: 'allow' })
    const mine = await buy(first, E164)
    expect(await w.core.idempotency.earlier({ ...second, idempotency })).toBeUndefined()
    const other = await buy(second, '+12035550123')
    expect(other.owned[0]?.lease.accountId).toBe(CHILD)
    expect(await buy(first, E164)).toEqual(mine)
    expect(await w.core.idempotency.earlier({ ...second, idempotency })).toMatchObject({ value: other })
  })
})
