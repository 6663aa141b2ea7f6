/** Credentials and tokens: whose they are, where they open, and what ends them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import type { NewCredential } from '../../core/verbs.ts'
import { engines } from '../support/engines.ts'
import { ACME, market, OTHER } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const HOUR = 3_600_000

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
})
