/** Credentials, sessions and tokens: whose they are, where they open, and what ends them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import type { NewCredential } from '../../core/verbs.ts'
import { engines } from '../support/engines.ts'
import { ACME, CHILD, market, OTHER } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const HOUR = 3_600_000
const PAGE = { limit: 9, offset: 0 }

describe.each(engines())('credentials on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())
  const coreOf = (w: TestWorld, keys: { key: string; oldKey?: string }) =>
    createCore({ store: w.store, clock: w.core.clock, ...keys })
  /** Without surfaces, which would say what they can keep. */
  const open = async (): Promise<TestWorld> => {
    const w = await worlds.open(market([]))
    return { ...w, core: coreOf(w, { key: 'test' }) }
  }

  const make = (w: TestWorld, more: Partial<NewCredential> = {}) =>
    w.core.credentials.create(null, { accountId: ACME, realm: 'sinch', kind: 'key_pair', publicId: 'one', ...more })
  const taken = (name: string) => ({ code: 'name_taken', details: { what: 'credential', name } })
  const audited = async (w: TestWorld, action: string) =>
    (await w.core.audit.list({ limit: 1000 })).filter(each => each.action === action).map(({ data }) => data)

  it('a name is its account’s, its user’s and of its kind, and a refusal tells no key', async () => {
    const w = await open()
    await make(w)
    await expect(make(w, { accountId: OTHER })).rejects.toMatchObject(taken('one'))
    await expect(make(w, { userId: ACME * 100 })).rejects.toMatchObject(taken('one'))
    await expect(make(w, { kind: 'password' })).rejects.toMatchObject(taken('one'))
    await make(w, { kind: 'password', publicId: 'ann' })
    await expect(make(w, { publicId: 'ann' })).rejects.toMatchObject(taken('ann'))
    await make(w, { realm: 'vobiz', accountId: OTHER })
    const key = { kind: 'key', secret: 'a-key-of-somebody', publicId: 'k' } as const
    await make(w, key)
    await expect(make(w, key)).rejects.toMatchObject(taken('key'))
    await make(w, { secret: 'the-same-secret' })
    await expect(make(w, { secret: 'the-same-secret' })).rejects.toMatchObject(taken('one'))
    await expect(make(w, { accountId: 999 })).rejects.toMatchObject({ code: 'not_found', details: { what: 'account' } })
  })

  it('what opens no more makes room for another secret', async () => {
    const w = await open()
    const { credential: first } = await make(w)
    const { credential: second } = await make(w)
    for (let n = 2; n < 9; n++) await make(w)
    await w.core.credentials.rotate(null, second.id, undefined, { overlapMs: HOUR })
    const full = { code: 'limit_reached', details: { limit: 10 } }
    await expect(make(w)).rejects.toMatchObject(full)
    await w.core.credentials.revoke(null, first.id)
    await make(w)
    await expect(make(w)).rejects.toMatchObject(full)
    w.setClockOnly(w.core.clock.now() + HOUR)
    await make(w)
    await expect(make(w)).rejects.toMatchObject(full)
  })

  it('a credential may do what its account may, and no more than is asked for it', async () => {
    const w = await open()
    const boss = await w.core.accounts.create(null, { name: 'Boss', role: 'operator' })
    const roleOf = async (more: Partial<NewCredential>) => (await make(w, more)).credential.role
    expect(await roleOf({ publicId: 'a' })).toBe('account_admin')
    expect(await roleOf({ publicId: 'b', accountId: boss.id })).toBe('operator')
    expect(await roleOf({ publicId: 'c', accountId: boss.id, role: 'account_admin' })).toBe('account_admin')
    const plain = (await make(w, { publicId: 'd' })).credential
    expect(plain).toMatchObject({ name: '', scopes: [], userId: null, isActive: true })
    const more = { publicId: 'e', name: 'Ann’s', scopes: ['numbers:read'], userId: ACME * 100 }
    expect((await make(w, more)).credential).toMatchObject({ name: 'Ann’s', scopes: ['numbers:read'], userId: 100 })
  })

  it('who asks in several places at once is let in by the first that knows the name and secret', async () => {
    const w = await open()
    const { secret, credential } = await make(w)
    const verify = (realms: string[]) => w.core.credentials.verifyPair(realms, 'one', secret)
    expect((await verify(['vobiz', 'sinch']))?.credential.id).toBe(credential.id)
    expect(await verify(['vobiz', 'cm'])).toBeUndefined()
    expect(await verify([])).toBeUndefined()
  })

  it('who took a secret away or changed it is told with the reason, and until when the old one holds', async () => {
    const w = await open()
    const { credentials } = w.core
    const [one, two, three] = [await make(w), await make(w), await make(w)].map(({ credential }) => credential.id)
    const end = w.core.clock.now() + HOUR
    await credentials.revoke(null, one ?? 0, 'lost')
    await credentials.rotate(null, two ?? 0, undefined, { reason: 'yearly' })
    const next = await credentials.rotate(null, three ?? 0, undefined, { overlapMs: HOUR, reason: 'moved' })
    expect(await audited(w, 'credential.revoked')).toEqual([{ reason: 'lost' }])
    const beside = { reason: 'moved', endsAt: end, successor: next.credential.id }
    expect(await audited(w, 'credential.rotated')).toEqual([{ reason: 'yearly' }, beside])
    const good = async () => (await credentials.list(ACME)).filter(each => each.realm === 'sinch' && each.isActive)
    expect((await good()).map(({ id }) => id)).toEqual([two, three, next.credential.id])
    w.setClockOnly(end)
    expect((await good()).map(({ id }) => id)).toEqual([two, next.credential.id])
    await Promise.all(
      [credentials.revoke(null, 999), credentials.rotate(null, 999), credentials.rotate(null, one ?? 0)].map(change =>
        expect(change).rejects.toMatchObject({ code: 'not_found', details: { what: 'credential' } }),
      ),
    )
  })

  it('what was issued from a secret ends when that is changed or gone, and nothing else does', async () => {
    const w = await open()
    const { credential } = await make(w, { publicId: 'parent' })
    const child = await make(w, { publicId: 'child', issuedFrom: credential.id })
    const other = await make(w, { publicId: 'other' })
    await w.core.credentials.rotate(null, credential.id)
    expect(await w.core.credentials.verifyPair('sinch', 'child', child.secret)).toBeUndefined()
    expect(await w.core.credentials.verifyPair('sinch', 'other', other.secret)).toBeDefined()
    const bob = { organizationId: ACME * 10, username: 'bob', authUsername: 'bob_1', role: 'user' } as const
    const { id: userId } = await w.core.directory.createUser(null, bob)
    const own = await make(w, { publicId: 'bob', userId })
    const token = w.core.tokens.issue('sinch', own.credential, HOUR)
    expect(await w.core.tokens.verify('sinch', token)).toMatchObject({ credential: { userId } })
    await w.core.directory.removeUser(null, userId)
    expect(await w.core.tokens.verify('sinch', token)).toBe('invalid')
  })

  it('a token that a former key signed is good while that key is known, and one of any other key is not', async () => {
    const w = await open()
    const { credential } = await make(w)
    const before = coreOf(w, { key: 'old' }).tokens.issue('sinch', credential, HOUR)
    const both = coreOf(w, { key: 'new', oldKey: 'old' })
    const opened = { credential: { id: credential.id } }
    expect(await both.tokens.verify('sinch', before)).toMatchObject(opened)
    const after = both.tokens.issue('sinch', credential, HOUR)
    expect(await coreOf(w, { key: 'new' }).tokens.verify('sinch', after)).toMatchObject(opened)
    for (const token of [before, after])
      expect(await coreOf(w, { key: 'third' }).tokens.verify('sinch', token)).toBe('invalid')
    const [header, claims] = before.split('.')
    for (const cut of [`${header}.${claims}`, `${header}.${claims}.`]) {
      expect(await both.tokens.verify('sinch', cut)).toBe('invalid')
    }
  })

  it('a session opens and ends at the surface where it began, and nowhere else', async () => {
    const w = await open()
    const { token } = await w.core.sessions.login('onsip', 'ann_1', 'password-1')
    for (let time = 0; time < 2; time++) {
      expect(await w.core.sessions.resolve('vobiz', token)).toBeUndefined()
      expect(await w.core.sessions.destroy('vobiz', token)).toBe(false)
      expect(await w.core.sessions.resolve('onsip', token)).toBeDefined()
    }
    expect(await w.core.sessions.destroy('onsip', token)).toBe(true)
    expect(await w.core.sessions.destroy('onsip', token)).toBe(false)
  })

  it('open sessions are listed by account, by user and by their own, newest first, and those that are over are not', async () => {
    const w = await open()
    const { sessions } = w.core
    for (const [name, password] of [
      ['ann_1', 'password-1'],
      ['ann_3', 'password-3'],
      ['ann_1', 'password-1'],
    ] as const) {
      await sessions.login('onsip', name, password)
    }
    const idsOf = async (filter: Parameters<typeof sessions.list>[0], page = PAGE) =>
      (await sessions.list(filter, page)).items.map(({ id }) => id)
    const all = await idsOf({})
    expect(all).toEqual([...all].sort((a, b) => b - a))
    const [last, middle, first] = all
    expect(await idsOf({ accountId: ACME })).toEqual([last, first])
    expect(await idsOf({ userId: OTHER * 100 })).toEqual([middle])
    expect(await idsOf({ sessionId: first ?? 0 })).toEqual([first])
    expect(await idsOf({}, { limit: 1, offset: 1 })).toEqual([middle])
    await sessions.end(null, first ?? 0, 'stolen')
    expect(await audited(w, 'session.ended')).toEqual([{ session: first, reason: 'stolen' }])
    expect((await sessions.list({}, PAGE)).items[0]).toMatchObject({ accountId: ACME, authUsername: 'ann_1' })
    const { expiresAt } = (await sessions.list({}, PAGE)).items[0] ?? { expiresAt: 0 }
    w.setClockOnly(expiresAt - 1)
    expect((await sessions.list({}, PAGE)).total).toBe(2)
    w.setClockOnly(expiresAt)
    expect((await sessions.list({}, PAGE)).total).toBe(0)
  })

  it('all sessions of an account end together, however many, and those of no other', async () => {
    const w = await open()
    const { sessions } = w.core
    await sessions.login('onsip', 'ann_2', 'password-2')
    await sessions.login('onsip', 'ann_1', 'password-1')
    await w.store.write(async db => {
      const own = db
        .selectFrom('sessions')
        .selectAll()
        .where('user_id', '=', ACME * 100)
      const { id: _, ...row } = await own.executeTakeFirstOrThrow()
      const rows = Array.from({ length: 500 }, (_, n) => ({ ...row, token_hash: `copy ${n}` }))
      await db.insertInto('sessions').values(rows).execute()
    })
    expect(await sessions.endAllOf(null, ACME, 'they left')).toBe(501)
    expect(await audited(w, 'sessions.ended')).toEqual([
      { sessions: 500, reason: 'they left' },
      { sessions: 1, reason: 'they left' },
    ])
    expect(await sessions.endAllOf(null, ACME, 'they left')).toBe(0)
    expect((await sessions.list({}, PAGE)).items.map(({ accountId }) => accountId)).toEqual([CHILD])
  })

  it('a name that nobody has counts as one, in whatever case it is written', async () => {
    const w = await open()
    const attempt = (name: string) => w.core.sessions.check('onsip', name, 'x').catch(({ code }) => code as string)
    for (let n = 0; n < 5; n++) expect(await attempt(n % 2 ? 'Nobody' : 'nobody')).toBe('login_failed')
    expect([await attempt('NOBODY'), await attempt('somebody')]).toEqual(['login_locked', 'login_failed'])
  })
})
