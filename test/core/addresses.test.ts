/** SIP addresses that an account keeps: names, users and other names are its own, and what leads there follows or goes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Caller } from '../../core/ground/model.ts'
import type { NewAddress } from '../../core/people/verbs.ts'
import { engines } from '../support/engines.ts'
import { ACME, buy, callerOf, DAY, market, numbers, OTHER, within } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const N = '+12127890100'
const ALL = { limit: 100, offset: 0 }
const HOME = ACME * 10
const DOMAIN = 'account1.example.com'
const ANN = ACME * 100
const taken = (what: string, name: string) => ({ code: 'name_taken', details: { what, name } })
const missing = (what: string) => ({ code: 'not_found', details: { what } })

describe.each(engines())('addresses on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  let own: Caller
  let other: Caller
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())
  const open = async () => {
    w = await worlds.open(market(numbers(1)))
    own = await callerOf(w, ACME)
    other = await callerOf(w, OTHER)
    return w.core.directory
  }
  const add = (username: string, more: Partial<NewAddress> = {}, caller = own) =>
    w.core.directory.addAddress(caller, { organizationId: HOME, username, kind: 'group', ...more })
  const idOf = async (username: string, domain = DOMAIN) => (await w.core.directory.address(username, domain))?.id ?? 0
  const lead = async (...usernames: string[]) => {
    const [owned] = await buy(w, ACME, N)
    const routes = usernames.map((username, i) => ({
      ...{ kind: 'sip' as const, priority: i + 1, target: `${username}@${DOMAIN}` },
    }))
    await w.core.numbers.configure(own, owned?.lease.id ?? 0, { routes })
    return async () => (await w.core.numbers.lease(owned?.lease.id ?? 0))?.routes.map(({ target }) => target)
  }

  it('an address is made in an organization of the account, for its users and beside its addresses alone', async () => {
    const directory = await open()
    const sales = await add('sales', { name: 'Sales', userId: ANN, data: { timeout: 20 } })
    const whole = { accountId: ACME, organizationId: HOME, username: 'sales', domain: DOMAIN, kind: 'group' }
    expect(sales).toMatchObject({ ...whole, name: 'Sales', userId: ANN, parentId: null, data: { timeout: 20 } })
    expect(await directory.addressById(sales.id)).toEqual(sales)
    expect(await add('plain')).toMatchObject({ userId: null, parentId: null, name: '', data: {} })
    expect(await add('7001', { kind: 'alias', parentId: sales.id })).toMatchObject({ parentId: sales.id })
    await expect(add('x', {}, other)).rejects.toMatchObject(missing('organization'))
    await expect(add('x', { organizationId: 999 })).rejects.toMatchObject(missing('organization'))
    for (const userId of [OTHER * 100, 999]) await expect(add('x', { userId })).rejects.toMatchObject(missing('user'))
    for (const parentId of [await idOf('ann', 'account3.example.com'), 999])
      await expect(add('x', { parentId })).rejects.toMatchObject(missing('address'))
    expect(await directory.address('x', DOMAIN)).toBeUndefined()
  })

  it('a name is one address’s in its domain, and where it must be, one of its kind in its organization', async () => {
    const directory = await open()
    const box = { kind: 'voicemail', name: '7', isNameUnique: true } as const
    const first = await add('vm', box)
    await expect(add('vm')).rejects.toMatchObject(taken('address', `vm@${DOMAIN}`))
    await expect(add('ann')).rejects.toMatchObject(taken('address', `ann@${DOMAIN}`))
    await expect(add('vm2', box)).rejects.toMatchObject(taken('resource', '7'))
    await add('vm3', { ...box, isNameUnique: false })
    await add('g', { ...box, kind: 'group' })
    const { id } = await directory.createOrganization(null, { accountId: ACME, domain: 'second.example' })
    await add('vm', { ...box, organizationId: id })
    const eight = await add('vm8', { ...box, name: '8' })
    const edit = (change: object) => directory.editAddress(own, eight.id, change)
    await expect(edit({ username: 'vm' })).rejects.toMatchObject(taken('address', `vm@${DOMAIN}`))
    await expect(edit({ name: '7', isNameUnique: true })).rejects.toMatchObject(taken('resource', '7'))
    expect(await edit({ username: 'vm8', name: '8', isNameUnique: true })).toMatchObject({ username: 'vm8', name: '8' })
    expect(await edit({ username: 'vm9', name: '9', isNameUnique: true })).toMatchObject({ username: 'vm9', name: '9' })
    expect(await edit({ name: '7' })).toMatchObject({ username: 'vm9', name: '7' })
    expect(await directory.addressById(first.id)).toEqual(first)
  })

  it('a change is of what it names, data member by member, and never of another account’s address', async () => {
    const directory = await open()
    const sales = await add('sales', { name: 'Sales', data: { timeout: 20, ring: 'all' } })
    w.setClockOnly(w.core.clock.now() + DAY)
    const edit = (change: object, caller = own, id = sales.id) => directory.editAddress(caller, id, change)
    const updatedAt = sales.updatedAt + DAY
    const quick = { ...sales, data: { timeout: 5, ring: 'all' }, updatedAt }
    expect(await edit({ data: { timeout: 5 } })).toEqual(quick)
    expect(await edit({ userId: ANN })).toEqual({ ...quick, userId: ANN })
    expect(await edit({ name: 'All' })).toEqual({ ...quick, userId: ANN, name: 'All' })
    expect(await directory.addressById(sales.id)).toEqual({ ...quick, userId: ANN, name: 'All' })
    for (const userId of [OTHER * 100, 999]) await expect(edit({ userId })).rejects.toMatchObject(missing('user'))
    await expect(edit({ name: 'x' }, other)).rejects.toMatchObject(missing('address'))
    await expect(edit({ name: 'x' }, own, 999)).rejects.toMatchObject(missing('address'))
    await expect(directory.removeAddress(other, sales.id)).rejects.toMatchObject(missing('address'))
    expect(await directory.addressById(sales.id)).toEqual({ ...quick, userId: ANN, name: 'All' })
  })

  it('calls follow an address to its new name, and lead nowhere when it or what it stands for is gone', async () => {
    const directory = await open()
    const sales = await add('sales')
    const alias = await add('7001', { kind: 'alias', parentId: sales.id })
    await add('7002', { kind: 'alias', parentId: alias.id })
    await add('stays')
    const targets = await lead('sales', '7002', 'stays')
    await directory.editAddress(own, sales.id, { name: 'Sales' })
    await directory.editAddress(own, sales.id, { username: 'market' })
    expect(await targets()).toEqual(['market', '7002', 'stays'].map(name => `${name}@${DOMAIN}`))
    await directory.removeAddress(own, sales.id)
    expect(await targets()).toEqual([`stays@${DOMAIN}`])
    for (const name of ['market', '7001', '7002']) expect(await directory.address(name, DOMAIN), name).toBeUndefined()
    for (const name of ['stays', 'ann']) expect(await directory.address(name, DOMAIN), name).toBeDefined()
  })

  it('other names are listed of one account, organization or user, in the order of their making', async () => {
    const directory = await open()
    const second = await directory.createOrganization(null, { accountId: ACME, domain: 'second.example' })
    const [ofAnn, group] = [await idOf('ann'), await add('sales')]
    const alias = { kind: 'alias' } as const
    await add('b', { ...alias, parentId: ofAnn })
    await add('a', { ...alias, parentId: group.id, userId: ANN })
    await add('c', { ...alias, parentId: ofAnn, organizationId: second.id })
    const theirs = { ...alias, organizationId: OTHER * 10, parentId: await idOf('ann', 'account3.example.com') }
    await add('d', theirs, other)
    const names = async (filter: object, page = ALL) => {
      const { items, total } = await directory.aliases({ accountId: ACME, ...filter }, page)
      return [items.map(({ username }) => username).join(' '), total]
    }
    expect(await names({})).toEqual(['b a c', 3])
    expect(await names({ userId: ANN })).toEqual(['b c', 2])
    expect(await names({ userId: OTHER * 100 })).toEqual(['', 0])
    expect(await names({ organizationId: HOME })).toEqual(['b a', 2])
    expect(await names({}, { limit: 1, offset: 1 })).toEqual(['a', 3])
    expect(await names({ accountId: OTHER })).toEqual(['d', 1])
  })

  it('an account keeps ten thousand addresses and no more, whatever others keep', async () => {
    const directory = await open()
    const at = { created_at: 0, updated_at: 0, kind: 'group', name: '', data: '{}' }
    const rows = Array.from({ length: 9_998 }, (_, n) => ({
      ...{ ...at, account_id: ACME, organization_id: HOME, username: `g${n}`, domain: DOMAIN },
    }))
    await within(w, async ({ db }) => {
      for (let n = 0; n < rows.length; n += 1000)
        await db
          .insertInto('sip_addresses')
          .values(rows.slice(n, n + 1000))
          .execute()
    })
    const last = await add('last')
    const full = { code: 'limit_reached', details: { what: 'addresses', limit: 10_000 } }
    await expect(add('more')).rejects.toMatchObject(full)
    await add('theirs', { organizationId: OTHER * 10 }, other)
    await directory.removeAddress(own, last.id)
    await add('more')
  })
})
