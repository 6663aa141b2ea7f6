/** What accounts keep at a surface beside numbers: each its own, by kind and name, below its parent. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Caller } from '../../core/ground/model.ts'
import type { NewResource } from '../../core/verbs.ts'
import { engines } from '../support/engines.ts'
import { ACME, callerOf, market, numbers, OTHER } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const ALL = { limit: 99, offset: 0 }
const NOW = '2026-06-01T00:00:00Z'
const LATER = Date.parse(NOW) + 1_000

describe.each(engines())('resources on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  let acme: Caller
  let other: Caller
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  beforeEach(async () => {
    w = await worlds.open(market(numbers(1)), { now: NOW })
    acme = await callerOf(w, ACME)
    other = await callerOf(w, OTHER)
  })
  afterAll(() => worlds.drop())

  const make = (caller: Caller | null, name: string, more: Partial<NewResource> = {}) =>
    w.core.resources.create(caller, { kind: 'site', name, ...more })
  const names = async (filter: { kind?: string; parentId?: number; name?: string; of?: number[] } = {}, page = ALL) => {
    const { kind = 'site', of = [ACME], ...more } = filter
    const { items, total } = await w.core.resources.list({ accountIds: of, kind, ...more }, page)
    return [total, ...items.map(each => each.name)]
  }
  const update = (caller: Caller, id: number, change: { name?: string; data?: object }) =>
    w.core.resources.update(caller, id, () => change as never)

  it('is what was said of it, and is found by id and guid as what it is', async () => {
    const guid = '11111111-1111-4111-8111-111111111111'
    const made = await make(acme, 'north', { guid, data: { city: 'Oslo' } })
    const bare = await w.core.resources.create(other, { kind: 'site' })
    const at = Date.parse(NOW)
    const times = { createdAt: at, updatedAt: at }
    expect(made).toMatchObject({ guid, accountId: ACME, kind: 'site', parentId: null, name: 'north', ...times })
    expect(made.data).toEqual({ city: 'Oslo' })
    expect(bare).toMatchObject({ accountId: OTHER, parentId: null, name: '', data: {} })
    for (const key of [made.id, guid]) expect(await w.core.resources.find('site', key)).toEqual(made)
    for (const key of [made.id, guid]) expect(await w.core.resources.find('peer', key)).toBeUndefined()
    for (const key of [999_999, bare.guid.replace(/^./, 'x')]) {
      expect(await w.core.resources.find('site', key)).toBeUndefined()
    }
  })

  it('lists are of the accounts, kind, parent and name that are asked for, in order of their making', async () => {
    const north = await make(acme, 'north')
    const south = await make(acme, 'south')
    await make(other, 'north')
    for (const [name, parentId] of [
      ['a', north.id],
      ['b', north.id],
      ['a', south.id],
    ] as const) {
      await make(acme, name, { kind: 'peer', parentId })
    }
    expect(await names()).toEqual([2, 'north', 'south'])
    expect(await names({ of: [ACME, OTHER] })).toEqual([3, 'north', 'south', 'north'])
    expect(await names({ of: [] })).toEqual([0])
    expect(await names({ name: 'south' })).toEqual([1, 'south'])
    expect(await names({ kind: 'peer' })).toEqual([3, 'a', 'b', 'a'])
    expect(await names({ kind: 'peer', parentId: north.id })).toEqual([2, 'a', 'b'])
    expect(await names({ kind: 'peer', name: 'a' })).toEqual([2, 'a', 'a'])
    expect(await names({ kind: 'peer' }, { limit: 1, offset: 1 })).toEqual([3, 'b'])
    const filter = { accountIds: [ACME], kind: 'site' }
    const last = await w.core.resources.list(filter, { limit: 1, offset: 0 }, { descending: true })
    expect(last.items.map(each => each.name)).toEqual(['south'])
  })

  it('is changed and removed by its account alone, and nothing else with it', async () => {
    const [north, south] = [
      await make(acme, 'north', { data: { n: 1 } }),
      await make(acme, 'south', { data: { n: 2 } }),
    ]
    const foreign = { code: 'not_found', details: { what: 'resource' } }
    await expect(update(other, north.id, { name: 'x' })).rejects.toMatchObject(foreign)
    await expect(w.core.resources.remove(other, north.id)).rejects.toMatchObject(foreign)
    await w.setClock(LATER)
    expect(await update(acme, north.id, { data: { n: 3 } })).toMatchObject({ name: 'north', data: { n: 3 } })
    expect(await update(acme, north.id, { name: 'up' })).toMatchObject({ name: 'up', data: { n: 3 }, updatedAt: LATER })
    expect(await w.core.resources.find('site', north.id)).toMatchObject({
      name: 'up',
      data: { n: 3 },
      updatedAt: LATER,
    })
    expect(await w.core.resources.find('site', south.id)).toEqual(south)
    await w.core.resources.remove(acme, north.id)
    expect(await names()).toEqual([1, 'south'])
    await expect(update(acme, north.id, { name: 'x' })).rejects.toMatchObject({ code: 'not_found' })
  })

  it('goes with everything below it, and leaves what is beside it', async () => {
    const [north, south] = [await make(acme, 'north'), await make(acme, 'south')]
    const peer = await make(acme, 'peer', { kind: 'peer', parentId: north.id })
    await make(acme, 'below', { kind: 'host', parentId: peer.id })
    await make(acme, 'beside', { kind: 'peer', parentId: south.id })
    await w.core.resources.remove(acme, north.id)
    expect([await names(), await names({ kind: 'peer' }), await names({ kind: 'host' })]).toEqual([
      [1, 'south'],
      [1, 'beside'],
      [0],
    ])
  })

  it('is made below what its own account keeps, or nowhere', async () => {
    const theirs = await make(other, 'theirs')
    for (const parentId of [theirs.id, 999_999]) {
      const missing = { code: 'not_found', details: { what: 'resource' } }
      await expect(make(acme, 'peer', { kind: 'peer', parentId })).rejects.toMatchObject(missing)
    }
    await expect(make(null, 'nobody')).rejects.toMatchObject({ code: 'not_found', details: { what: 'account' } })
    expect(await make(null, 'given', { accountId: ACME })).toMatchObject({ accountId: ACME })
    expect([await names({ kind: 'peer' }), await names()]).toEqual([[0], [1, 'given']])
  })

  it('of a kind an account keeps so many, whatever it keeps of others and others keep of it', async () => {
    await make(acme, 'a', { kind: 'peer' })
    await make(other, 'a')
    await make(acme, 'a', { limit: 2 })
    await make(acme, 'b', { limit: 2 })
    const full = { code: 'limit_reached', details: { what: 'site', limit: 2 } }
    await expect(make(acme, 'c', { limit: 2 })).rejects.toMatchObject(full)
    expect(await names()).toEqual([2, 'a', 'b'])
    expect(await make(other, 'b', { limit: 2 })).toMatchObject({ name: 'b' })
  })

  it('a name that must be the only one is that among those of its kind and account', async () => {
    const unique = { isNameUnique: true }
    await make(acme, 'a', { kind: 'peer' })
    await make(other, 'a')
    await make(acme, 'a', unique)
    const taken = { code: 'name_taken', details: { what: 'resource', name: 'a' } }
    await expect(make(acme, 'a', unique)).rejects.toMatchObject(taken)
    expect(await make(acme, 'b', unique)).toMatchObject({ name: 'b' })
    // where nobody asks for it, names are free
    expect(await make(acme, 'a')).toMatchObject({ name: 'a' })
  })

  describe('where exactly one below a parent has a mark', () => {
    const MARK = { onlyOne: 'isDefault' }
    const marked = async (parentId: number) => {
      const { items } = await w.core.resources.list({ accountIds: [ACME], kind: 'peer', parentId }, ALL)
      return items.filter(({ data }) => data.isDefault === true).map(({ name }) => name)
    }
    const peer = (name: string, parentId: number, isDefault?: boolean) =>
      make(acme, name, {
        kind: 'peer',
        parentId,
        ...MARK,
        data: { name, ...(isDefault !== undefined && { isDefault }) },
      })

    it('the first has it, until another is said to, and what else they keep stays', async () => {
      const [north, south] = [await make(acme, 'north'), await make(acme, 'south')]
      const first = await peer('a', north.id, false)
      expect(first.data).toEqual({ name: 'a', isDefault: true })
      await peer('x', south.id)
      expect((await peer('b', north.id)).data).toEqual({ name: 'b', isDefault: false })
      expect(await marked(north.id)).toEqual(['a'])
      await w.setClock(LATER)
      const third = await peer('c', north.id, true)
      expect([await marked(north.id), await marked(south.id)]).toEqual([['c'], ['x']])
      const before = await w.core.resources.find('peer', first.id)
      expect(before).toMatchObject({ data: { name: 'a', isDefault: false }, updatedAt: LATER })
      // it cannot be given up, only passed on
      const decide = (isDefault: boolean) => () => ({ data: { isDefault } })
      expect((await w.core.resources.update(acme, third.id, decide(false), MARK)).data).toEqual({ isDefault: true })
      await w.core.resources.update(acme, first.id, decide(true), MARK)
      expect(await marked(north.id)).toEqual(['a'])
      // others of another kind below the same parent know nothing of it
      await make(acme, 'h', { kind: 'host', parentId: north.id, ...MARK })
      expect(await marked(north.id)).toEqual(['a'])
    })

    it('of sixteen that want it at once one has it', async () => {
      const { id } = await make(acme, 'north')
      const all = Array.from({ length: 16 }, (_, n) => peer(`peer ${n}`, id, true))
      await Promise.all(all)
      expect(await marked(id)).toHaveLength(1)
      const { items } = await w.core.resources.list({ accountIds: [ACME], kind: 'peer', parentId: id }, ALL)
      const claims = items.map(each =>
        w.core.resources.update(acme, each.id, () => ({ data: { isDefault: true } }), MARK),
      )
      await Promise.all(claims)
      expect(await marked(id)).toHaveLength(1)
    })
  })
})
