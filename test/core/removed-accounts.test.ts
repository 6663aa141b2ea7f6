/** A sub-account that was removed is there for the history of its numbers, and for nothing else. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { engines } from '../support/engines.ts'
import { ACME, buy, CHILD, callerOf, market, numbers, OTHER, release, sound } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const [A, B] = ['+12127890100', '+12127890101'] as const
const ALL = { limit: 99, offset: 0 }
const TERMS = { documents: 'allow' } as const

describe.each(engines())('removed sub-accounts on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  beforeEach(async () => {
    w = await worlds.open(market(numbers(4)))
  })
  afterAll(() => worlds.drop())

  const removals = async () => {
    const audit = await w.store.read(db =>
      db.selectFrom('audit_events').select('account_id').where('action', '=', 'account.removed').execute(),
    )
    return audit.map(each => each.account_id)
  }

  it('one that holds numbers stays, others beside it or not; one that has given back all may go', async () => {
    await buy(w, ACME, A)
    await buy(w, CHILD, B)
    const held = { code: 'wrong_state', details: { what: 'account', state: 'holds numbers' } }
    await expect(w.core.accounts.remove(null, CHILD)).rejects.toMatchObject(held)
    expect((await w.core.accounts.get(CHILD))?.isActive).toBe(true)
    await release(w, CHILD, B)
    await w.core.accounts.remove(null, CHILD)
    expect(await w.core.accounts.get(CHILD)).toMatchObject({ isActive: false, parentId: null })
    expect(await w.core.accounts.get(ACME)).toMatchObject({ isActive: true })
    expect(await w.core.accounts.get(OTHER)).toMatchObject({ isActive: true })
    await sound(w)
  })

  it('with it go its credentials, and those of nobody else', async () => {
    const secretOf = async (accountId: number) => {
      const input = { accountId, realm: 'vobiz', kind: 'key_pair', publicId: `id-${accountId}` } as const
      return (await w.core.credentials.create(null, input)).secret
    }
    const secrets = new Map<number, string>()
    for (const id of [ACME, CHILD, OTHER]) secrets.set(id, await secretOf(id))
    const isLetIn = async (id: number) => {
      const found = await w.core.credentials.verifyPair('vobiz', `id-${id}`, secrets.get(id) as string).catch(e => e)
      return found?.caller?.account.id === id
    }
    expect(await Promise.all([ACME, CHILD, OTHER].map(isLetIn))).toEqual([true, true, true])
    await w.core.accounts.remove(null, CHILD)
    expect(await Promise.all([ACME, CHILD, OTHER].map(isLetIn))).toEqual([true, false, true])
    const left = (await w.core.credentials.list(CHILD)).map(({ isActive }) => isActive)
    expect(new Set(left)).toEqual(new Set([false]))
  })

  it('only a sub-account is removed: not one that pays for itself, nor one that is not there', async () => {
    for (const id of [ACME, OTHER, 999]) {
      await expect(w.core.accounts.remove(null, id)).rejects.toMatchObject({ code: 'not_found' })
    }
    expect(await w.core.accounts.get(ACME)).toMatchObject({ isActive: true })
    expect(await removals()).toEqual([])
  })

  it('it is removed once, and never comes back: not switched on, not as a parent', async () => {
    await w.core.accounts.remove(null, CHILD)
    await expect(w.core.accounts.remove(null, CHILD)).rejects.toMatchObject({ code: 'not_found' })
    expect(await removals()).toEqual([CHILD])
    const gone = { code: 'wrong_state', details: { what: 'account', state: 'removed' } }
    for (const change of [{ isActive: true }, { name: 'again' }]) {
      await expect(w.core.accounts.update(null, CHILD, change)).rejects.toMatchObject(gone)
    }
    const below = w.core.accounts.create(null, { name: 'below', parentId: CHILD })
    await expect(below).rejects.toMatchObject({ code: 'not_found', details: { what: 'account' } })
    expect(await w.core.accounts.get(CHILD)).toMatchObject({ isActive: false, name: 'Child' })
    expect((await w.core.accounts.list({ parentId: CHILD }, ALL)).total).toBe(0)
  })

  it('nobody gives it numbers: neither its former parent, nor an operator, nor itself as it was', async () => {
    const [bought] = await buy(w, ACME, A)
    const former = await callerOf(w, CHILD)
    const acme = await callerOf(w, ACME)
    await w.core.accounts.remove(null, CHILD)
    const leaseId = bought?.lease.id as number
    await expect(w.core.numbers.move(acme, leaseId, CHILD)).rejects.toMatchObject({ code: 'not_found' })
    const terms = { accountId: CHILD, isCharged: false, reason: 'asked' }
    await expect(w.core.numbers.handOver(null, B, terms)).rejects.toMatchObject({ code: 'not_found' })
    // who was let in before, and who is read anew
    for (const caller of [former, await callerOf(w, CHILD)]) {
      await expect(w.core.numbers.purchase(caller, [B], TERMS)).rejects.toMatchObject({ code: 'forbidden' })
    }
    expect((await w.core.numbers.owned({ accountIds: [CHILD] }, ALL)).total).toBe(0)
    await sound(w)
  })
})
