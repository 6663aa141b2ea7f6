/** Whether somebody may act now: whatever it asks with, and however far above it the account is that was stopped. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import { engines } from '../support/engines.ts'
import { ACME, CHILD, market, OTHER } from '../support/market.ts'
import { openWorlds } from '../support/world.ts'

const inactive = { code: 'unauthenticated', details: { reason: 'inactive' } }

describe.each(engines())('admission on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())
  /** Without surfaces, which would say what they can keep. */
  const open = async () => {
    const { store, core } = await worlds.open(market([]))
    return createCore({ store, clock: core.clock, key: 'test' })
  }

  it('who stands two below an account acts while it, that one and the one between are open, and not otherwise', async () => {
    const core = await open()
    const low = await core.accounts.create(null, { name: 'Low', parentId: CHILD })
    const organization = await core.directory.createOrganization(null, { accountId: low.id, domain: 'low.example' })
    const bob = { organizationId: organization.id, username: 'bob', authUsername: 'bob', role: 'user' } as const
    const { id: userId } = await core.directory.createUser(null, { ...bob, password: 'bob-s' })
    const pair = { realm: 'x', kind: 'key_pair' } as const
    const own = await core.credentials.create(null, { ...pair, accountId: low.id, publicId: 'low' })
    const his = await core.credentials.create(null, { ...pair, accountId: low.id, publicId: 'bob', userId })
    const token = core.tokens.issue('x', own.credential, 3_600_000)
    const ways: [string, () => Promise<unknown>][] = [
      ['by its id', () => core.accounts.admit(low.id)],
      ['by its secret', () => core.credentials.verifyPair('x', 'low', own.secret)],
      ['by a secret of its user', () => core.credentials.verifyPair('x', 'bob', his.secret)],
      ['by a token', () => core.tokens.verify('x', token)],
    ]
    const logsIn = () =>
      core.sessions.check('x', 'bob', 'bob-s').then(
        caller => caller.account.id,
        ({ code }) => code,
      )
    for (const stopped of [low.id, CHILD, ACME]) {
      for (const [how, ask] of ways) expect(await ask(), how).toBeTypeOf('object')
      expect(await logsIn()).toBe(low.id)
      await core.accounts.update(null, stopped, { isActive: false })
      for (const [how, ask] of ways) await expect(ask(), `${how}, ${stopped}`).rejects.toMatchObject(inactive)
      expect(await logsIn()).toBe('login_failed')
      expect((await core.accounts.admit(OTHER)).account.id).toBe(OTHER)
      await core.accounts.update(null, stopped, { isActive: true })
    }
    await core.directory.setUserEnabled(null, userId, false)
    await expect(core.credentials.verifyPair('x', 'bob', his.secret)).rejects.toMatchObject(inactive)
    expect(await core.credentials.verifyPair('x', 'low', own.secret)).toBeDefined()
    await expect(core.accounts.admit(999)).rejects.toMatchObject(inactive)
  })

  it('who is let in acts as what it was let in by: a user as itself, a secret within its role and scopes', async () => {
    const core = await open()
    const { id } = await core.accounts.create(null, { name: 'Boss', role: 'operator' })
    expect(await core.accounts.admit(ACME)).toMatchObject({ role: 'account_admin', user: null, scopes: [] })
    expect(await core.accounts.admit(id)).toMatchObject({ role: 'operator', actor: { accountId: id, userId: null } })
    const bob = { organizationId: ACME * 10, username: 'bob', authUsername: 'bob', role: 'user' } as const
    const user = await core.directory.createUser(null, { ...bob, password: 'bob-s' })
    const caller = await core.sessions.check('x', 'bob', 'bob-s')
    const actor = { accountId: ACME, userId: user.id, role: 'user' }
    expect(caller).toMatchObject({ actor, user, role: 'user', scopes: [], account: { id: ACME } })
    const restricted = { role: 'user', scopes: ['numbers:read'] } as const
    const asked = { accountId: id, realm: 'x', kind: 'key_pair', publicId: 'k', role: 'user' } as const
    const { secret } = await core.credentials.create(null, { ...asked, scopes: ['numbers:read'] })
    const access = await core.credentials.verifyPair('x', 'k', secret)
    expect(access?.caller).toMatchObject({ ...restricted, account: { id }, actor: { accountId: id, role: 'user' } })
  })
})
