/** Who is who: a domain, a name to log in with and an address are one's, and each account sees and changes its own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Directory, UserFilter } from '../../core/people/verbs.ts'
import { engines } from '../support/engines.ts'
import { ACME, buy, CHILD, callerOf, DAY, market, numbers, ON_CREDIT, OTHER } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const N = '+12127890100'
type Order<Verb extends 'organizations' | 'users' | 'addresses'> = Parameters<Directory[Verb]>[2]

const ALL = { limit: 100, offset: 0 }
const HOME = ACME * 10
const BOB = { organizationId: HOME, username: 'bob', authUsername: 'bob_1', role: 'user' } as const
const taken = (what: string, name: string) => ({ code: 'name_taken', details: { what, name } })
const missing = (what: string) => ({ code: 'not_found', details: { what } })

describe.each(engines())('the directory on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())
  const open = async () => {
    const w = await worlds.open(market(numbers(1)))
    return { w, directory: w.core.directory }
  }
  const audited = async ({ core }: TestWorld, action: string) =>
    (await core.audit.list({ action, limit: 1000 })).map(({ accountId, subject }) => [accountId, subject])
  const defaultsOf = async ({ core }: TestWorld, id: number) => {
    const account = await core.accounts.get(id)
    return [account?.defaultOrganizationId, account?.defaultUserId]
  }

  it('a domain is one organization’s, in whatever case it is written', async () => {
    const { w, directory } = await open()
    const contact = { city: 'Rome' }
    const made = await directory.createOrganization(null, { id: 77, accountId: OTHER, domain: 'New.Example', contact })
    expect(made).toMatchObject({ id: 77, accountId: OTHER, domain: 'new.example', contact })
    expect(await directory.organizationByDomain('NEW.example')).toEqual(made)
    expect(await directory.organization(77)).toEqual(made)
    expect(await directory.organizationByDomain('none.example')).toBeUndefined()
    const again = directory.createOrganization(null, { accountId: ACME, domain: 'NEW.EXAMPLE' })
    await expect(again).rejects.toMatchObject(taken('organization', 'new.example'))
    expect(await audited(w, 'organization.created')).toContainEqual([OTHER, 'new.example'])
    expect((await directory.createOrganization(null, { accountId: ACME, domain: 'next.example' })).id).toBe(78)
  })

  it('the first organization and the first user of an account are its defaults, and no later one', async () => {
    const { w, directory } = await open()
    const { id } = await w.core.accounts.create(null, { name: 'New' })
    const make = (domain: string, more = {}) => directory.createOrganization(null, { accountId: id, domain, ...more })
    await make('beside.example', { isDefault: false })
    expect(await defaultsOf(w, id)).toEqual([null, null])
    const first = await make('first.example')
    await make('second.example')
    const one = await directory.createUser(null, { ...BOB, organizationId: first.id, authUsername: 'one' })
    await directory.createUser(null, { ...BOB, organizationId: first.id, username: 'two', authUsername: 'two' })
    expect(await defaultsOf(w, id)).toEqual([first.id, one.id])
    expect(await defaultsOf(w, OTHER)).toEqual([OTHER * 10, OTHER * 100])
    expect(await defaultsOf(w, ON_CREDIT)).toEqual([null, null])
    // an account below has those of its parent from the beginning
    for (const each of [ACME, CHILD]) expect(await defaultsOf(w, each)).toEqual([HOME, ACME * 100])
  })

  it('a user has a name to log in with and an address that are nobody else’s, and is made whole or not at all', async () => {
    const { w, directory } = await open()
    const bob = await directory.createUser(null, { ...BOB, id: 901, contact: { phone: '1' }, password: 'bob-s' })
    const domain = 'account1.example.com'
    expect(bob).toMatchObject({ ...BOB, id: 901, accountId: ACME, domain, isEnabled: true, contact: { phone: '1' } })
    expect(await directory.user(901)).toEqual(bob)
    expect(await directory.userByAuthUsername('bob_1')).toEqual(bob)
    expect(await directory.userByAddress('bob', domain.toUpperCase())).toEqual(bob)
    expect(await directory.userByAddress('bob', 'account2.example.com')).toBeUndefined()
    expect(await directory.address('bob', domain.toUpperCase())).toMatchObject({ userId: 901, kind: 'user', name: '' })
    expect((await w.core.sessions.check('onsip', `bob@${domain}`, 'bob-s')).user?.id).toBe(901)
    const make = (more: object) => directory.createUser(null, { ...BOB, ...more })
    await expect(make({ username: 'b' })).rejects.toMatchObject(taken('user', 'bob_1'))
    await expect(make({ authUsername: 'bob_2' })).rejects.toMatchObject(taken('address', `bob@${domain}`))
    await expect(make({ authUsername: 'b', organizationId: 999 })).rejects.toMatchObject(missing('organization'))
    expect(await directory.userByAuthUsername('bob_2')).toBeUndefined()
    expect((await make({ organizationId: OTHER * 10, authUsername: 'bob_3' })).id).toBeGreaterThan(901)
    expect((await audited(w, 'user.created')).slice(-2)).toEqual([
      [ACME, 'bob_1'],
      [OTHER, 'bob_3'],
    ])
  })

  it('who logs in by an address is whom the address is of, and by no other address than a user’s own', async () => {
    const { w, directory } = await open()
    const name = 'ann@account1.example.com'
    await directory.createUser(null, { ...BOB, authUsername: name, password: 'bob-s' })
    expect((await w.core.sessions.check('onsip', name, 'password-1')).user?.authUsername).toBe('ann_1')
    const caller = await callerOf(w, ACME)
    const domain = 'account1.example.com'
    await directory.addTelephoneAddress(caller, { organizationId: HOME, username: '15551234', domain, name: 'Desk' })
    expect(await directory.userByAddress('15551234', domain)).toBeUndefined()
    const own = await directory.createUser(null, { ...BOB, username: 'al', authUsername: '@al', password: 'al-s' })
    expect((await w.core.sessions.check('onsip', '@al', 'al-s')).user?.id).toBe(own.id)
  })

  it('a SIP password is shown as it was given, or as one was drawn, and lies nowhere in clear', async () => {
    const { w, directory } = await open()
    const given = await directory.createUser(null, { ...BOB, sipPassword: 'given-sip' })
    const drawn = await directory.createUser(null, { ...BOB, username: 'cy', authUsername: 'cy' })
    expect(await directory.sipPassword(given.id)).toBe('given-sip')
    const own = await directory.sipPassword(drawn.id)
    expect(own).toMatch(/^[a-zA-Z2-9]{12}$/)
    expect(own).not.toBe(await directory.sipPassword(ACME * 100))
    await expect(directory.sipPassword(999)).rejects.toMatchObject(missing('user'))
    const rows = await w.store.read(db => db.selectFrom('users').select('sip_password').execute())
    for (const { sip_password: kept } of rows)
      for (const secret of ['given-sip', own]) expect(kept).not.toContain(secret)
  })

  it('lists show what is asked for alone, in the order asked for, page by page', async () => {
    const { directory } = await open()
    await directory.createOrganization(null, { accountId: ACME, domain: 'a.example' })
    const second = await directory.createOrganization(null, { accountId: ACME, domain: 'z.example' })
    const zed = await directory.createUser(null, { ...BOB, organizationId: second.id, authUsername: 'a_zed' })
    const bob = await directory.createUser(null, BOB)
    const domains = async (order?: Order<'organizations'>) =>
      (await directory.organizations(ACME, ALL, order)).items.map(({ domain }) => domain)
    expect(await domains()).toEqual(['account1.example.com', 'a.example', 'z.example'])
    expect(await domains({ by: 'domain', descending: true })).toEqual([
      'z.example',
      'account1.example.com',
      'a.example',
    ])
    const middle = await directory.organizations(ACME, { limit: 1, offset: 1 })
    expect([middle.items.map(({ domain }) => domain), middle.total]).toEqual([['a.example'], 3])
    const users = async (filter: UserFilter, order?: Order<'users'>) =>
      (await directory.users(filter, ALL, order)).items.map(({ id }) => id)
    expect(await users({})).toEqual([100, 200, 300, zed.id, bob.id])
    expect(await users({ accountId: ACME })).toEqual([100, zed.id, bob.id])
    expect(await users({ organizationId: second.id })).toEqual([zed.id])
    expect(await users({ accountId: ACME, userId: 200 })).toEqual([])
    expect(await users({ userId: 200 })).toEqual([200])
    const byName = { by: 'authUsername', descending: false } as const
    expect(await users({ accountId: ACME }, byName)).toEqual([zed.id, 100, bob.id])
    expect(await users({ accountId: ACME }, { by: 'organization', descending: true })).toEqual([zed.id, 100, bob.id])
    const page = await directory.users({ accountId: ACME }, { limit: 1, offset: 1 })
    expect([page.items.map(({ id }) => id), page.total]).toEqual([[zed.id], 3])
    const addresses = async (filter: object, order?: Order<'addresses'>) =>
      (await directory.addresses({ kind: 'user', ...filter }, ALL, order)).items.map(({ userId }) => userId)
    expect(await addresses({})).toEqual([100, 200, 300, zed.id, bob.id])
    expect(await addresses({ accountId: ACME })).toEqual([100, zed.id, bob.id])
    expect(await addresses({ organizationId: HOME }, { by: 'username', descending: true })).toEqual([bob.id, 100])
    expect(await addresses({ userId: 200 })).toEqual([200])
    expect(await addresses({ kind: 'telephone' })).toEqual([])
    const one = await directory.addresses({ kind: 'user', accountId: ACME }, { limit: 1, offset: 2 })
    expect([one.items.map(({ userId }) => userId), one.total]).toEqual([[bob.id], 3])
  })

  it('an outside number has a name of its own in its domain, and is its account’s alone', async () => {
    const { w, directory } = await open()
    const [own, other] = [await callerOf(w, ACME), await callerOf(w, OTHER)]
    const domain = 'account1.example.com'
    const add = (caller: typeof own, username: string) =>
      directory.addTelephoneAddress(caller, { organizationId: HOME, username, domain, name: 'Desk' })
    await expect(add(other, '1')).rejects.toMatchObject(missing('organization'))
    const user = await directory.createUser(null, BOB)
    const [desk, home] = [await add(own, '15551'), await add({ ...own, user }, '15552')]
    expect([desk.userId, home.userId]).toEqual([ACME * 100, user.id])
    expect(desk).toMatchObject({ accountId: ACME, kind: 'telephone', name: 'Desk', username: '15551', domain })
    await expect(add(own, '15551')).rejects.toMatchObject(taken('address', `15551@${domain}`))
    const edit = (caller: typeof own, id: number, change: { username?: string; name?: string }) =>
      directory.editTelephoneAddress(caller, id, change)
    await expect(edit(own, home.id, { username: '15551' })).rejects.toMatchObject(taken('address', `15551@${domain}`))
    const ann = await directory.address('ann', domain)
    for (const [caller, id] of [
      [other, desk.id],
      [own, ann?.id ?? 0],
      [own, 999],
    ] as const) {
      await expect(edit(caller, id, { name: 'x' })).rejects.toMatchObject(missing('address'))
      await expect(directory.removeTelephoneAddress(caller, id)).rejects.toMatchObject(missing('address'))
    }
    const [owned] = await buy(w, ACME, N)
    const route = { kind: 'sip', target: `15551@${domain}`, priority: 1 } as const
    const lease = owned?.lease.id ?? 0
    await w.core.numbers.configure(own, lease, { routes: [route] })
    const target = async () => (await w.core.numbers.lease(lease))?.routes.map(route => route.target)
    const elsewhere = { organizationId: OTHER * 10, domain: 'account3.example.com' }
    await directory.addTelephoneAddress(other, { ...elsewhere, username: '15559', name: 'Theirs' })
    w.setClockOnly(w.core.clock.now() + DAY)
    const edited = await edit(own, desk.id, { username: '15559' })
    expect(edited).toEqual({ ...desk, username: '15559', updatedAt: desk.updatedAt + DAY })
    expect(await target()).toEqual([`15559@${domain}`])
    expect(await edit(own, desk.id, { name: 'Hall' })).toEqual({ ...edited, name: 'Hall' })
    expect(await directory.addressById(desk.id)).toEqual({ ...edited, name: 'Hall' })
    expect(await directory.addressById(home.id)).toEqual(home)
    await directory.removeTelephoneAddress(own, desk.id)
    expect([await target(), await directory.addressById(desk.id)]).toEqual([[], undefined])
    expect(await directory.addressById(home.id)).toEqual(home)
  })
})
