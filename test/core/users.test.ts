/** Users: another role or contact, and what stays when one goes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import type { Caller } from '../../core/ground/model.ts'
import { engines } from '../support/engines.ts'
import { ACME, buy, CHILD, callerOf, market, numbers, OTHER, sound } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const ALL = { limit: 100, offset: 0 }
const ANN = ACME * 100
const BOB = {
  organizationId: ACME * 10,
  username: 'bob',
  authUsername: 'bob_1',
  role: 'user',
  password: 'bob-s',
} as const
const missing = { code: 'not_found', details: { what: 'user' } }
const onlyOne = { code: 'wrong_state', details: { what: 'user', id: 'ann_1', state: 'the only one of its role' } }

describe.each(engines())('users on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())
  const open = async () => {
    const opened = await worlds.open(market(numbers(2)))
    // without surfaces, which would say what they can keep
    w = { ...opened, core: createCore({ store: opened.store, clock: opened.core.clock, key: 'test' }) }
    return w.core
  }
  const letsIn = (name: string, password: string) =>
    w.core.sessions.check('onsip', name, password).then(
      caller => caller.role,
      ({ code }) => code as string,
    )
  const audited = async (action: string) =>
    (await w.core.audit.list({ action, limit: 1000 })).map(({ accountId, subject, data }) => [accountId, subject, data])

  it('another role counts for all that lets the user in, and an account keeps one who administers it', async () => {
    const { directory, credentials } = await open()
    const bob = await directory.createUser(null, { ...BOB, contact: { phone: '1', city: 'Rome' } })
    const make = async (publicId: string, more: object) => {
      const pair = { accountId: ACME, realm: 'sinch', kind: 'key_pair', publicId, ...more } as const
      const { secret } = await credentials.create(null, pair)
      return async () => (await credentials.verifyPair('sinch', publicId, secret))?.caller.role
    }
    const his = await make('bob', { userId: bob.id, role: 'user' })
    const hers = await make('ann', { userId: ANN, role: 'organization_admin' })
    const itsOwn = await make('acme', { role: 'account_admin' })
    await expect(directory.editUser(null, ANN, { role: 'user' })).rejects.toMatchObject(onlyOne)
    expect((await directory.editUser(null, ANN, { role: 'account_admin' })).role).toBe('account_admin')
    const edited = await directory.editUser(null, bob.id, { contact: { phone: '2' } })
    expect(edited).toEqual({ ...bob, contact: { phone: '2', city: 'Rome' } })
    expect(await directory.user(bob.id)).toEqual(edited)
    const roles = async () => [await letsIn('bob_1', 'bob-s'), await his(), await hers(), await itsOwn()]
    expect(await roles()).toEqual(['user', 'user', 'organization_admin', 'account_admin'])
    const role = 'account_admin'
    expect(await directory.editUser(null, bob.id, { role })).toEqual({ ...edited, role })
    expect(await roles()).toEqual([role, role, 'organization_admin', role])
    await directory.editUser(null, ANN, { role: 'user' })
    expect(await roles()).toEqual([role, role, 'user', role])
    expect([await letsIn('ann_1', 'password-1'), await letsIn('ann_3', 'password-3')]).toEqual(['user', role])
    expect(await audited('user.role_changed')).toEqual([
      [ACME, 'bob_1', { role: 'account_admin' }],
      [ACME, 'ann_1', { role: 'user' }],
    ])
    expect((await audited('user.edited')).length).toBe(2)
    await expect(directory.editUser(null, 999, { role: 'user' })).rejects.toMatchObject(missing)
  })

  it('a disabled administrator is none: the last who is enabled neither goes nor gives its role away', async () => {
    const { directory } = await open()
    const cy = { ...BOB, username: 'cy', authUsername: 'cy', role: 'account_admin' } as const
    const { id } = await directory.createUser(null, cy)
    await directory.setUserEnabled(null, id, false)
    await expect(directory.editUser(null, ANN, { role: 'user' })).rejects.toMatchObject(onlyOne)
    await expect(directory.removeUser(null, ANN)).rejects.toMatchObject(onlyOne)
    expect((await directory.user(ANN))?.role).toBe('account_admin')
    await directory.setUserEnabled(null, ANN, false)
    await directory.removeUser(null, ANN)
    expect((await w.core.accounts.get(ACME))?.defaultUserId).toBe(id)
  })

  it('who goes takes along its addresses, secrets and sessions, and its numbers stay with the account', async () => {
    const { directory, credentials, sessions, numbers } = await open()
    const bob = await directory.createUser(null, BOB)
    const caller: Caller = { ...(await callerOf(w, ACME)), user: bob }
    const make = (publicId: string, more: object) =>
      credentials.create(null, { accountId: ACME, realm: 'sinch', kind: 'key_pair', publicId, ...more })
    const [his, account] = [await make('bob', { userId: bob.id }), await make('acme', {})]
    const address = { organizationId: ACME * 10, userId: bob.id } as const
    await directory.addAddress(caller, { ...address, username: 'bob.home', kind: 'user' })
    const group = await directory.addAddress(caller, { ...address, username: 'sales', kind: 'group' })
    const [first, second] = await buy(w, ACME, '+12127890100', '+12127890101')
    await numbers.configure(caller, first?.lease.id ?? 0, { userId: bob.id })
    await numbers.configure(caller, second?.lease.id ?? 0, { userId: ANN })
    await sessions.login('onsip', 'bob_1', 'bob-s')
    await sessions.login('onsip', 'ann_1', 'password-1')
    await directory.removeUser(null, bob.id)
    expect(await directory.user(bob.id)).toBeUndefined()
    const domain = 'account1.example.com'
    for (const name of ['bob', 'bob.home']) expect(await directory.address(name, domain), name).toBeUndefined()
    expect(await directory.addressById(group.id)).toEqual({ ...group, userId: null })
    expect(await directory.userByAddress('ann', domain)).toMatchObject({ id: ANN })
    const holders = async (...ids: (number | undefined)[]) =>
      Promise.all(ids.map(async id => (await numbers.lease(id ?? 0))?.lease.userId))
    expect(await holders(first?.lease.id, second?.lease.id)).toEqual([null, ANN])
    expect(await credentials.verifyPair('sinch', 'bob', his.secret)).toBeUndefined()
    expect(await credentials.verifyPair('sinch', 'acme', account.secret)).toBeDefined()
    expect([await letsIn('bob_1', 'bob-s'), await letsIn('ann_1', 'password-1')]).toEqual([
      'login_failed',
      'account_admin',
    ])
    expect((await sessions.list({}, ALL)).items.map(({ userId }) => userId)).toEqual([ANN])
    expect(await audited('user.removed')).toEqual([[ACME, 'bob_1', {}]])
    await expect(directory.removeUser(null, bob.id)).rejects.toMatchObject(missing)
    await sound(w)
  })

  it('numbers are shown under another user of the account once theirs is gone: one who may act, where there is', async () => {
    const { directory, accounts } = await open()
    const shown = (...ids: number[]) => Promise.all(ids.map(async id => (await accounts.get(id))?.defaultUserId))
    await expect(directory.removeUser(null, ANN)).rejects.toMatchObject(onlyOne)
    const bob = await directory.createUser(null, BOB)
    const admin = { ...BOB, role: 'account_admin' } as const
    const cy = await directory.createUser(null, { ...admin, username: 'cy', authUsername: 'cy' })
    const dee = await directory.createUser(null, { ...admin, username: 'dee', authUsername: 'dee' })
    for (const id of [ANN, cy.id]) await directory.setUserEnabled(null, id, false)
    expect(await shown(ACME, CHILD, OTHER)).toEqual([ANN, ANN, OTHER * 100])
    await directory.removeUser(null, ANN)
    expect(await shown(ACME, CHILD, OTHER)).toEqual([dee.id, dee.id, OTHER * 100])
    await directory.removeUser(null, cy.id)
    expect(await shown(ACME)).toEqual([dee.id])
    await directory.editUser(null, bob.id, { role: 'account_admin' })
    await directory.editUser(null, dee.id, { role: 'user' })
    await directory.removeUser(null, dee.id)
    expect(await shown(ACME, CHILD)).toEqual([bob.id, bob.id])
    const { id } = await accounts.create(null, { name: 'Plain' })
    const { id: organizationId } = await directory.createOrganization(null, { accountId: id, domain: 'plain.example' })
    const only = await directory.createUser(null, { ...BOB, organizationId, authUsername: 'only' })
    await directory.removeUser(null, only.id)
    expect(await shown(id)).toEqual([null])
  })
})
