/** Trunks: each its account's own, and numbers that led to one that is gone lead nowhere. */
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Caller } from '../../core/ground/model.ts'
import { engines } from '../support/engines.ts'
import { ACME, buy, callerOf, holding, market, numbers, OTHER } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const ALL = { limit: 99, offset: 0 }
const NOW = '2026-06-01T00:00:00Z'
const LATER = Date.parse(NOW) + 1_000
const [A, B] = ['+12127890100', '+12127890101'] as const

describe.each(engines())('trunks on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  let acme: Caller
  let other: Caller
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  beforeEach(async () => {
    w = await worlds.open(market(numbers(2)), { now: NOW })
    acme = await callerOf(w, ACME)
    other = await callerOf(w, OTHER)
  })
  afterAll(() => worlds.drop())

  const make = (caller: Caller, name: string, more: { id?: number; label?: string; data?: object } = {}) =>
    w.core.trunks.create(caller, { accountId: caller.account.id, name, ...(more as { id?: number }) })
  const names = async (accountId: number, page = ALL) => {
    const { items, total } = await w.core.trunks.list(accountId, page)
    return [total, ...items.map(({ name }) => name)]
  }

  it('is what was said of it, found by id and guid, and one with an id of its own is in nobody’s way', async () => {
    const bare = await make(acme, 'bare')
    expect(bare).toMatchObject({ accountId: ACME, name: 'bare', label: '', data: {} })
    const made = await make(acme, 'full', { id: bare.id + 7, label: 'to Oslo', data: { calls: 7 } })
    expect(made).toMatchObject({ id: bare.id + 7, label: 'to Oslo', data: { calls: 7 } })
    const next = await make(acme, 'next')
    expect(next.id).toBeGreaterThan(made.id)
    for (const each of [bare, made, next]) {
      expect(await w.core.trunks.get(each.id)).toEqual(each)
      expect(await w.core.trunks.byGuid(each.guid)).toEqual(each)
    }
    expect(await w.core.trunks.get(999_999)).toBeUndefined()
    expect(await w.core.trunks.byGuid(bare.guid.replace(/^./, 'x'))).toBeUndefined()
  })

  it('lists are of one account, in order of their making', async () => {
    for (const name of ['c', 'a', 'b']) await make(acme, name)
    await make(other, 'theirs')
    expect(await names(ACME)).toEqual([3, 'c', 'a', 'b'])
    expect(await names(ACME, { limit: 1, offset: 1 })).toEqual([3, 'a'])
    expect(await names(OTHER)).toEqual([1, 'theirs'])
  })

  it('is changed and removed by its account alone, member by member, and no other with it', async () => {
    const trunk = await make(acme, 'one', { label: 'first', data: { calls: 7 } })
    const beside = await make(acme, 'two', { label: 'second', data: { calls: 8 } })
    const missing = { code: 'not_found', details: { what: 'trunk' } }
    await expect(w.core.trunks.update(other, trunk.id, { name: 'x' })).rejects.toMatchObject(missing)
    await expect(w.core.trunks.remove(other, trunk.id)).rejects.toMatchObject(missing)
    await expect(w.core.trunks.update(acme, 999_999, { name: 'x' })).rejects.toMatchObject(missing)
    await expect(w.core.trunks.remove(acme, 999_999)).rejects.toMatchObject(missing)
    expect(await w.core.trunks.get(trunk.id)).toEqual(trunk)
    await w.setClock(LATER)
    let expected = { ...trunk, updatedAt: LATER }
    for (const change of [{ name: 'new' }, { label: 'changed' }, { label: '' }, { data: { calls: 9 } }]) {
      expected = { ...expected, ...(change as object) }
      expect(await w.core.trunks.update(acme, trunk.id, change)).toEqual(expected)
      expect(await w.core.trunks.get(trunk.id)).toEqual(expected)
    }
    expect(await w.core.trunks.get(beside.id)).toEqual(beside)
    await w.core.trunks.remove(acme, trunk.id)
    expect(await names(ACME)).toEqual([1, 'two'])
  })

  it('numbers that led to a trunk that is removed lead nowhere, those of another stay', async () => {
    const [gone, stays] = [await make(acme, 'gone'), await make(acme, 'stays')]
    await buy(w, ACME, A, B)
    for (const [e164, trunkId] of [
      [A, gone.id],
      [B, stays.id],
    ] as const) {
      await w.core.numbers.configure(acme, (await holding(w, e164)).lease.id, { trunkId })
    }
    await w.core.trunks.remove(acme, gone.id)
    const leads = async (e164: string) => (await holding(w, e164)).lease.trunkId
    expect([await leads(A), await leads(B)]).toEqual([null, stays.id])
  })

  it('an account keeps a thousand, whatever others keep', async () => {
    await make(other, 'theirs')
    const { id } = await make(acme, 'first')
    await w.store.write(db =>
      sql`INSERT INTO trunks (guid, account_id, name, label, data, created_at, updated_at)
          WITH RECURSIVE n (at) AS (SELECT 1 UNION ALL SELECT at + 1 FROM n WHERE at < 999)
          SELECT 'trunk ' || at, ${ACME}, 'more', '', '{}', 0, 0 FROM n`.execute(db),
    )
    const full = { code: 'limit_reached', details: { what: 'trunks', limit: 1_000 } }
    await expect(make(acme, 'last')).rejects.toMatchObject(full)
    expect(await make(other, 'more')).toMatchObject({ name: 'more' })
    await w.core.trunks.remove(acme, id)
    expect(await make(acme, 'last')).toMatchObject({ name: 'last' })
  })
})
