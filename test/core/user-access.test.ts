/** What lets a user in, and what ends that: its password, and whether it is enabled. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../support/engines.ts'
import { ACME, DAY, market } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const HOUR = 3_600_000
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

describe.each(engines())('user access on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())
  const open = async () => {
    w = await worlds.open(market([]))
    return w.core
  }
  const letsIn = (name: string, password: string) =>
    w.core.sessions.check('onsip', name, password).then(
      caller => caller.role,
      ({ code }) => code as string,
    )
  const sessionsOf = async (userId: number) => (await w.core.sessions.list({ userId }, ALL)).total
  const audited = async (action: string) =>
    (await w.core.audit.list({ action, limit: 1000 })).map(({ accountId, subject, data }) => [accountId, subject, data])
  const passwordsOf = (name: string) =>
    w.store.read(db => db.selectFrom('credentials').selectAll().where('public_id', '=', name).orderBy('id').execute())

  it('another password takes the place of the one before, and ends what that opened: of this user alone', async () => {
    const { directory, sessions, credentials } = await open()
    const bob = await directory.createUser(null, BOB)
    const sameName = { accountId: ACME, realm: 'sinch', kind: 'key_pair', publicId: 'bob_1' } as const
    const { secret } = await credentials.create(null, sameName)
    for (const [name, password] of [
      ['ann_1', 'password-1'],
      ['bob_1', 'bob-s'],
    ] as const)
      await sessions.login('onsip', name, password)
    for (let n = 0; n < 6; n++) await letsIn('bob_1', 'wrong')
    expect(await letsIn('bob_1', 'bob-s')).toBe('login_locked')
    const given = await directory.setPassword(null, bob.id, 'next', { reason: 'lost' })
    expect(given).toEqual({ user: bob, password: 'next' })
    expect([await letsIn('bob_1', 'bob-s'), await letsIn('bob_1', 'next')]).toEqual(['login_failed', 'user'])
    expect([await sessionsOf(bob.id), await sessionsOf(ANN)]).toEqual([0, 1])
    expect(await letsIn('ann_1', 'password-1')).toBe('account_admin')
    const drawn = await directory.setPassword(null, bob.id)
    expect([await letsIn('bob_1', 'next'), await letsIn('bob_1', drawn.password)]).toEqual(['login_failed', 'user'])
    expect(await audited('user.password_set')).toEqual([
      [ACME, 'bob_1', { reason: 'lost' }],
      [ACME, 'bob_1', {}],
    ])
    expect((await passwordsOf('bob_1')).map(({ realm }) => realm)).toEqual(['portal', 'sinch'])
    expect(await credentials.verifyPair('sinch', 'bob_1', secret)).toBeDefined()
    await expect(directory.setPassword(null, 999, 'x')).rejects.toMatchObject(missing)
  })

  it('a user without a password gets its first one, as what it may do', async () => {
    const { directory } = await open()
    const { password: _, ...without } = BOB
    const { id } = await directory.createUser(null, without)
    expect([await letsIn('bob_1', 'bob-s'), await passwordsOf('bob_1')]).toEqual(['login_failed', []])
    await directory.setPassword(null, id, 'first', { overlapMs: HOUR })
    expect(await letsIn('bob_1', 'first')).toBe('user')
    expect(await passwordsOf('bob_1')).toMatchObject([{ account_id: ACME, user_id: id, realm: 'portal', role: 'user' }])
  })

  it('a password that was taken away opens nothing until another is set', async () => {
    const { directory, credentials } = await open()
    const bob = await directory.createUser(null, BOB)
    const portal = (await credentials.list(ACME)).find(({ userId }) => userId === bob.id)
    await credentials.revoke(null, portal?.id ?? 0)
    expect(await letsIn('bob_1', 'bob-s')).toBe('login_failed')
    await directory.setPassword(null, bob.id, 'next')
    expect([await letsIn('bob_1', 'bob-s'), await letsIn('bob_1', 'next')]).toEqual(['login_failed', 'user'])
  })

  it('a former password holds beside the new one as long as it is said, and no third comes beside them', async () => {
    const { directory, sessions } = await open()
    const bob = await directory.createUser(null, BOB)
    const { token } = await sessions.login('onsip', 'bob_1', 'bob-s')
    await directory.setPassword(null, bob.id, 'next', { overlapMs: HOUR, reason: 'yearly' })
    const endsAt = w.core.clock.now() + HOUR
    expect(await audited('user.password_set')).toEqual([[ACME, 'bob_1', { reason: 'yearly', endsAt }]])
    const opens = async () => [await letsIn('bob_1', 'bob-s'), await letsIn('bob_1', 'next')]
    expect(await opens()).toEqual(['user', 'user'])
    expect(await sessions.resolve('onsip', token)).toBeDefined()
    const third = directory.setPassword(null, bob.id, 'third', { overlapMs: HOUR })
    await expect(third).rejects.toMatchObject({ code: 'wrong_state', details: { what: 'credential' } })
    w.setClockOnly(endsAt - 1)
    expect(await opens()).toEqual(['user', 'user'])
    w.setClockOnly(endsAt)
    expect(await opens()).toEqual(['login_failed', 'user'])
    await directory.setPassword(null, bob.id, 'third', { overlapMs: HOUR })
    expect(await opens()).toEqual(['login_failed', 'user'])
    await directory.setPassword(null, bob.id, 'fourth')
    expect([...(await opens()), await letsIn('bob_1', 'third')]).toEqual(Array(3).fill('login_failed'))
    expect(await letsIn('bob_1', 'fourth')).toBe('user')
    // the former one that was cut short is in nobody's way
    await directory.setPassword(null, bob.id, 'fifth', { overlapMs: HOUR })
    expect([await letsIn('bob_1', 'fourth'), await letsIn('bob_1', 'fifth')]).toEqual(['user', 'user'])
  })

  it('a password holds beside another for whole milliseconds, thirty days at most', async () => {
    const { directory } = await open()
    const bad = { code: 'invalid_input', details: { issues: [{ field: 'overlap' }] } }
    for (const overlapMs of [-1, 0.5, 30 * DAY + 1, Number.NaN])
      await expect(directory.setPassword(null, ANN, 'x', { overlapMs }), `${overlapMs}`).rejects.toMatchObject(bad)
    expect(await letsIn('ann_1', 'password-1')).toBe('account_admin')
    await directory.setPassword(null, ANN, 'next', { overlapMs: 30 * DAY })
    w.setClockOnly(w.core.clock.now() + 30 * DAY - 1)
    expect(await letsIn('ann_1', 'password-1')).toBe('account_admin')
  })

  it('a disabled user is let in by nothing until it is enabled, and nobody else is touched', async () => {
    const { directory, sessions, credentials } = await open()
    const bob = await directory.createUser(null, BOB)
    const own = { accountId: ACME, userId: bob.id, realm: 'sinch', kind: 'key_pair', publicId: 'bob' } as const
    const { secret } = await credentials.create(null, own)
    for (const [name, password] of Object.entries({ ann_1: 'password-1', bob_1: 'bob-s' }))
      await sessions.login('onsip', name, password)
    const updatedAt = w.core.clock.now() + 1000
    w.setClockOnly(updatedAt)
    const off = await directory.setUserEnabled(null, bob.id, false, 'left')
    expect(off).toEqual({ ...bob, isEnabled: false, updatedAt })
    expect(await directory.user(bob.id)).toEqual(off)
    expect([await sessionsOf(bob.id), await sessionsOf(ANN)]).toEqual([0, 1])
    expect(await letsIn('bob_1', 'bob-s')).toBe('login_failed')
    await expect(credentials.verifyPair('sinch', 'bob', secret)).rejects.toMatchObject({ code: 'unauthenticated' })
    expect([await letsIn('ann_1', 'password-1'), (await directory.user(ANN))?.isEnabled]).toEqual([
      'account_admin',
      true,
    ])
    await directory.setUserEnabled(null, bob.id, true)
    expect(await letsIn('bob_1', 'bob-s')).toBe('user')
    expect((await credentials.verifyPair('sinch', 'bob', secret))?.caller.account.id).toBe(ACME)
    await sessions.login('onsip', 'bob_1', 'bob-s')
    await directory.setUserEnabled(null, bob.id, true)
    expect(await sessionsOf(bob.id)).toBe(1)
    expect(await audited('user.disabled')).toEqual([[ACME, 'bob_1', { reason: 'left' }]])
    await expect(directory.setUserEnabled(null, 999, false)).rejects.toMatchObject(missing)
  })
})
