/** Accounts: whose name is whose, what a sub-account has of its parent, what a change leaves alone, and how one ends. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../support/engines.ts'
import { ACME, buy, CHILD, callerOf, DAY, market, numbers, OTHER, release, sound } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const N = '+12127890100'
const ALL = { limit: 100, offset: 0 }
const CLERK = { organizationId: ACME * 10, username: 'clerk', authUsername: 'clerk', role: 'user' } as const

describe.each(engines())('accounts on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())
  const open = () => worlds.open(market(numbers(2)))
  const audited = async (w: TestWorld, action: string) =>
    (await w.core.audit.list({ action, limit: 1000 })).map(({ accountId, subject, data }) => [accountId, subject, data])
  const idsOf = async (w: TestWorld, ...asked: Parameters<TestWorld['core']['accounts']['list']>) =>
    (await w.core.accounts.list(...asked)).items.map(({ id }) => id)
  const of = async (w: TestWorld, id: number) => {
    const account = await w.core.accounts.get(id)
    if (!account) throw new Error(`no account ${id}`)
    return account
  }

  it('an id, a guid and a handle are one account’s', async () => {
    const w = await open()
    const { accounts } = w.core
    const first = await accounts.create(null, { id: 70, guid: 'guid-of-one', handle: 'MA_ONE', name: 'One' })
    for (const same of [{ id: 70 }, { guid: 'guid-of-one' }, { handle: 'MA_ONE' }]) {
      const refused = { code: 'name_taken', details: { what: 'account' } }
      await expect(accounts.create(null, { name: 'Two', ...same })).rejects.toMatchObject(refused)
    }
    for (const found of [accounts.get(70), accounts.byGuid('guid-of-one'), accounts.byHandle('MA_ONE')]) {
      expect(await found).toEqual(first)
    }
    expect(await accounts.byHandle('MA_TWO')).toBeUndefined()
    expect((await accounts.create(null, { name: 'Two' })).id).toBe(71)
    expect((await audited(w, 'account.created')).slice(-2)[0]).toEqual([70, 'MA_ONE', {}])
  })

  it('an account pays for itself, and one below it has its payer, its currency and what numbers are shown under', async () => {
    const w = await open()
    const { accounts } = w.core
    const top = await accounts.create(null, { name: 'Top', currency: 'EUR', identityVerified: true })
    expect(top).toMatchObject({ parentId: null, payerId: top.id, role: 'owner', isActive: true, currency: 'EUR' })
    expect(top.handle).toMatch(/^MA_[A-Z0-9]{8}$/)
    expect(await w.core.ledger.balance(top.id, 'EUR')).toMatchObject({ balance: 0 })
    const plain = await accounts.create(null, { name: 'Plain', parentId: null })
    expect(plain).toMatchObject({ currency: 'USD', identityVerified: false, allowUnauthenticated: false, profile: {} })
    const middle = await accounts.create(null, { name: 'Middle', parentId: top.id })
    const low = await accounts.create(null, { name: 'Low', parentId: middle.id, identityNeeds: [['id']] })
    const handle = expect.stringMatching(/^SA_/)
    const shared = { payerId: top.id, currency: 'EUR', handle }
    expect(middle).toMatchObject({ ...shared, parentId: top.id, identityVerified: true })
    expect(low).toMatchObject({ ...shared, parentId: middle.id, identityVerified: false })
    expect(await w.core.ledger.balance(middle.id, 'EUR')).toBeUndefined()
    const { defaultOrganizationId, defaultUserId } = await of(w, ACME)
    expect([defaultOrganizationId, defaultUserId]).toEqual([ACME * 10, ACME * 100])
    const below = await accounts.create(null, { name: 'Below', parentId: ACME, isActive: false })
    expect(below).toMatchObject({ defaultOrganizationId, defaultUserId, isActive: false })
    const nobody = accounts.create(null, { name: 'Orphan', parentId: 999 })
    await expect(nobody).rejects.toMatchObject({ code: 'not_found', details: { what: 'account' } })
    await sound(w)
  })

  it('an account opens with its credentials, or not at all; what is issued ends with the first', async () => {
    const w = await open()
    const { accounts, credentials } = w.core
    const pair = { realm: 'vobiz', kind: 'key_pair' } as const
    const key = { realm: 'vobiz', kind: 'key' } as const
    const { account, secrets } = await accounts.open(null, { name: 'New' }, [pair, { ...key, isIssued: true }, key])
    const [own = '', issued = '', free = ''] = secrets
    const first = await credentials.verifyPair('vobiz', account.handle, own)
    expect(first?.caller.account.id).toBe(account.id)
    expect((await credentials.verifyKey('vobiz', issued))?.caller.account.id).toBe(account.id)
    await credentials.revoke(null, first?.credential.id ?? 0)
    expect(await credentials.verifyKey('vobiz', issued)).toBeUndefined()
    expect(await credentials.verifyKey('vobiz', free)).toBeDefined()
    const before = (await accounts.list({}, ALL)).total
    const taken = accounts.open(null, { name: 'Newer' }, [pair, { ...pair, publicId: account.handle }])
    await expect(taken).rejects.toMatchObject({ code: 'name_taken', details: { what: 'credential' } })
    expect((await accounts.list({}, ALL)).total).toBe(before)
  })

  it('a change is of one account and of what it names, and is told', async () => {
    const w = await open()
    const { accounts } = w.core
    const [before, other] = [await of(w, ACME), await of(w, OTHER)]
    w.setClockOnly(w.core.clock.now() + DAY)
    const profile = { city: 'Rome', zip: '00100' }
    await accounts.update(null, ACME, { profile, featuresOff: ['numbers'], identityVerified: true })
    const change = { name: 'Acme Ltd', allowUnauthenticated: true, profile: { zip: null, street: 'Via' } }
    const after = await accounts.update(null, ACME, change)
    const kept = { featuresOff: ['numbers'], identityVerified: true, updatedAt: before.updatedAt + DAY }
    const now = { ...change, profile: { city: 'Rome', street: 'Via' } }
    expect(after).toEqual({ ...before, ...kept, ...now })
    expect(await of(w, ACME)).toEqual(after)
    const back = { name: 'Acme', allowUnauthenticated: false, featuresOff: [], identityVerified: false }
    await accounts.update(null, ACME, { ...back, profile: { city: null, street: null } })
    expect(await of(w, ACME)).toEqual({ ...before, updatedAt: after.updatedAt })
    expect(await of(w, OTHER)).toEqual(other)
    expect((await audited(w, 'account.changed')).at(-2)).toEqual([ACME, before.handle, change])
    const nobody = accounts.update(null, 999, { name: 'x' })
    await expect(nobody).rejects.toMatchObject({ code: 'not_found', details: { what: 'account' } })
  })

  it('an account that holds a number stays, and one whose numbers are gone ends with its secrets and sessions', async () => {
    const w = await open()
    const { accounts, credentials, sessions } = w.core
    const make = (accountId: number) =>
      credentials.create(null, { accountId, realm: 'sinch', kind: 'key_pair', publicId: `of-${accountId}` })
    const [own, others] = [await make(CHILD), await make(OTHER)]
    const { token } = await sessions.login('onsip', 'ann_2', 'password-2')
    const stays = await sessions.login('onsip', 'ann_3', 'password-3')
    const before = await of(w, CHILD)
    await buy(w, OTHER, '+12127890101')
    await buy(w, CHILD, N)
    const holds = { code: 'wrong_state', details: { what: 'account', id: before.handle, state: 'holds numbers' } }
    await expect(accounts.remove(null, CHILD)).rejects.toMatchObject(holds)
    expect(await of(w, CHILD)).toEqual(before)
    await release(w, CHILD, N)
    w.setClockOnly(w.core.clock.now() + 1)
    await accounts.remove(null, CHILD)
    const gone = { isActive: false, parentId: null, updatedAt: w.core.clock.now() }
    expect(await of(w, CHILD)).toEqual({ ...before, ...gone })
    expect(await credentials.verifyPair('sinch', 'of-2', own.secret)).toBeUndefined()
    expect((await credentials.list(CHILD)).map(({ isActive }) => isActive)).not.toContain(true)
    expect(await sessions.resolve('onsip', token)).toBeUndefined()
    expect(await credentials.verifyPair('sinch', 'of-3', others.secret)).toBeDefined()
    expect(await sessions.resolve('onsip', stays.token)).toBeDefined()
    for (const id of [ACME, OTHER]) expect((await of(w, id)).isActive, String(id)).toBe(true)
    expect(await audited(w, 'account.removed')).toEqual([[CHILD, before.handle, {}]])
    const again = accounts.create(null, { name: 'Again', handle: before.handle })
    await expect(again).rejects.toMatchObject({ code: 'name_taken' })
    await expect(accounts.remove(null, 999)).rejects.toMatchObject({ code: 'not_found' })
    await sound(w)
  })

  it('an account whose last number is past the end of its ownership holds none', async () => {
    const w = await open()
    const [owned] = await buy(w, CHILD, N)
    const releasing = { kind: 'periodEnd' } as const
    await w.core.numbers.release(await callerOf(w, CHILD), [owned?.lease.id ?? 0], releasing)
    await expect(w.core.accounts.remove(null, CHILD)).rejects.toMatchObject({ code: 'wrong_state' })
    w.setClockOnly(w.core.clock.now() + 32 * DAY)
    await w.core.accounts.remove(null, CHILD)
    expect((await of(w, CHILD)).isActive).toBe(false)
  })

  it('an administrator acts on its own account and those right below, an operator on all, and that is told', async () => {
    const w = await open()
    const { accounts, directory } = w.core
    const parent = await callerOf(w, ACME)
    const low = await accounts.create(null, { name: 'Low', parentId: CHILD })
    const acted = async (caller: typeof parent, id: number) => (await accounts.reach(caller, id, 'look')).account.id
    expect([await acted(parent, ACME), await acted(parent, CHILD)]).toEqual([ACME, CHILD])
    const clerk = { ...parent, role: 'user', user: await directory.createUser(null, CLERK) } as const
    const refused = { code: 'forbidden', details: { reason: 'account' } }
    for (const [caller, id] of [
      [parent, OTHER],
      [parent, low.id],
      [parent, 999],
      [await callerOf(w, CHILD), ACME],
      [clerk, CHILD],
    ] as const)
      await expect(accounts.reach(caller, id, 'look'), `${caller.account.id} ${id}`).rejects.toMatchObject(refused)
    expect(await acted(clerk, ACME)).toBe(ACME)
    expect(await audited(w, 'account.acted_on')).toEqual([])
    const boss = await accounts.create(null, { name: 'Boss', role: 'operator' })
    const operator = await accounts.admit(boss.id)
    const reached = await accounts.reach(operator, OTHER, 'look')
    expect([reached.account.id, reached.actor]).toEqual([OTHER, operator.actor])
    expect(await acted(operator, boss.id)).toBe(boss.id)
    await expect(accounts.reach(operator, 999, 'look')).rejects.toMatchObject(refused)
    expect(await audited(w, 'account.acted_on')).toEqual([[OTHER, 'look', {}]])
  })

  it('accounts are listed by their ids, of one parent or of those that are open, page by page', async () => {
    const w = await open()
    await w.core.accounts.update(null, OTHER, { isActive: false })
    expect(await idsOf(w, {}, ALL)).toEqual([1, 2, 3, 4])
    expect(await idsOf(w, {}, ALL, { descending: true })).toEqual([4, 3, 2, 1])
    expect(await idsOf(w, { parentId: ACME }, ALL)).toEqual([CHILD])
    expect(await idsOf(w, { isActive: true }, ALL)).toEqual([1, 2, 4])
    expect(await idsOf(w, { isActive: false }, ALL)).toEqual([OTHER])
    const page = await w.core.accounts.list({ isActive: true }, { limit: 1, offset: 1 })
    expect([page.items.map(({ id }) => id), page.total]).toEqual([[2], 3])
  })
})
