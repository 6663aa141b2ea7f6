import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createCore } from '../../core/core.ts'
import type { Caller } from '../../core/ground/model.ts'
import type { World } from '../../src/worlds/world-file.ts'
import { engines } from '../support/engines.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const world: World = {
  quarantine_days: { '*': 0 },
  accounts: [
    { id: 1, handle: 'MA_ONE', name: 'One', currency: 'USD', balances: { USD: '100' } },
    { id: 2, handle: 'SA_ONE', name: 'Sub of one', parent: 1, currency: 'USD' },
    { id: 3, handle: 'MA_TWO', name: 'Two', currency: 'USD', balances: { USD: '2' } },
  ],
  numbers: ['+12127890101', '+12127890102', '+12127890103'].map(e164 => ({
    e164,
    country: 'US',
    type: 'local',
    currency: 'USD',
    setup_price: '1',
    monthly_price: '2',
  })),
}

for (const engine of engines()) {
  describe(`idempotency on ${engine}`, () => {
    let worlds: Awaited<ReturnType<typeof openWorlds>>
    let w: TestWorld
    beforeAll(async () => {
      worlds = await openWorlds(engine)
    })
    beforeEach(async () => {
      w = await worlds.open(world)
    })
    afterAll(() => worlds.drop())

    const caller = async (id: number, key?: string, fingerprint = 'buy'): Promise<Caller> => {
      const account = await w.core.accounts.get(id)
      const own = w.core.accounts.callerFor(account as NonNullable<typeof account>)
      return key === undefined ? own : { ...own, idempotency: { key, fingerprint, field: 'Key' } }
    }
    const buy = async (who: Caller, e164 = '+12127890101') =>
      w.core.numbers.purchase(who, [e164], { documents: 'allow' })
    const balance = async (id: number) => ((await w.core.ledger.balance(id, 'USD'))?.balance ?? 0) / 1_000_000

    it('a request that is repeated with its key has one effect, and gives the same result again', async () => {
      const keyed = await caller(1, 'k1')
      const first = await buy(keyed)
      expect(await buy(keyed)).toEqual(first)
      expect(await w.core.idempotency.earlier(keyed)).toEqual({ value: first })
      expect(await balance(1)).toBe(97)
    })

    it('requests with one key at the same time have one effect and one result', async () => {
      const keyed = await caller(1, 'k1')
      const all = await Promise.all(Array.from({ length: 8 }, () => buy(keyed)))
      expect(new Set(all.map(each => JSON.stringify(each))).size).toBe(1)
      expect(await balance(1)).toBe(97)
    })

    it('a refused request leaves nothing behind, and its key may be used again', async () => {
      const keyed = await caller(3, 'k1')
      await expect(buy(keyed)).rejects.toMatchObject({ code: 'insufficient_funds' })
      expect(await w.core.idempotency.earlier(keyed)).toBeUndefined()
      await w.core.ledger.topUp(null, 3, 'USD', 5_000_000)
      await buy(keyed)
      expect(await balance(3)).toBe(4)
    })

    it('a key belongs to its account and to one request', async () => {
      const first = await buy(await caller(1, 'k1'))
      const second = await buy(await caller(1, 'k2'), '+12127890103')
      for (const [key, value] of Object.entries({ k1: first, k2: second })) {
        expect(await w.core.idempotency.earlier(await caller(1, key))).toEqual({ value })
      }
      await expect(buy(await caller(1, 'k1', 'something else'))).rejects.toMatchObject({
        code: 'invalid_input',
        details: { issues: [{ field: 'Key', problem: 'conflict' }] },
      })
      await w.core.ledger.topUp(null, 3, 'USD', 5_000_000)
      await buy(await caller(3, 'k1'), '+12127890102')
      expect(await balance(3)).toBe(4)
      expect(await w.core.invariants()).toMatchObject({ ok: true })
    })

    it('a checkout that finds its number gone gives the same refusal again, although the cart is empty by then', async () => {
      const [keyed, other] = [await caller(1, 'k1'), await caller(3)]
      await w.core.carts.add(await caller(1), ['+12127890101'], 'USD')
      await w.core.ledger.topUp(null, 3, 'USD', 5_000_000)
      await buy(other)
      const gone = { code: 'number_unavailable', details: { e164s: ['+12127890101'] } }
      const checkout = () => w.core.carts.checkout(keyed, undefined, { documents: 'allow' })
      for (const again of [checkout, checkout]) await expect(again()).rejects.toMatchObject(gone)
      await expect(w.core.idempotency.earlier(keyed)).rejects.toMatchObject(gone)
    })

    it('who repeats a request is told what came of it when that is durable, and not before', async () => {
      const keyed = await caller(1, 'k1')
      const first = await buy(keyed)
      let settle = () => {}
      const durable = new Promise<void>(resolve => {
        settle = resolve
      })
      const settled = vi.fn(() => durable)
      const { clock } = w.core
      const core = createCore({ store: { ...w.store, settled }, clock, key: 'test' })
      const told: unknown[] = []
      const repeats = [
        core.numbers.purchase(keyed, ['+12127890101'], { documents: 'allow' }),
        core.idempotency.earlier(keyed),
      ].map(async repeat => told.push(await repeat))
      await vi.waitUntil(() => settled.mock.calls.length === repeats.length)
      expect(told).toEqual([])
      settle()
      await Promise.all(repeats)
      expect(told).toEqual(expect.arrayContaining([first, { value: first }]))
    })

    it('results of keys are kept sealed, and requests as digests', async () => {
      const keyed = await caller(1, 'k1', 'password=hunter2')
      const opened = await w.core.accounts.open(keyed, { name: 'A new name', parentId: 1 }, [
        { realm: 'x', kind: 'key_pair' },
      ])
      const rows = await w.store.read(db => db.selectFrom('idempotency_records').selectAll().execute())
      expect(JSON.stringify(rows)).not.toMatch(/hunter2|A new name/)
      expect(JSON.stringify(rows)).not.toContain(opened.secrets[0])
      expect(await w.core.idempotency.earlier(keyed)).toEqual({ value: opened })
    })
  })

  describe(`sub-accounts in the core on ${engine}`, () => {
    let w: TestWorld & { drop: () => Promise<void> }
    beforeAll(async () => {
      const worlds = await openWorlds(engine)
      w = { ...(await worlds.open(world)), drop: worlds.drop }
    })
    afterAll(() => w.drop())

    it('an account is opened with its access, or not at all', async () => {
      const owner = w.core.accounts.callerFor((await w.core.accounts.get(1)) as never)
      const access = [{ realm: 'x', kind: 'key_pair' as const }]
      const { account, secrets } = await w.core.accounts.open(owner, { name: 'Sub', parentId: 1 }, access)
      const pair = await w.core.credentials.verifyPair('x', account.handle, secrets[0] as string)
      expect(pair?.caller.account).toEqual(account)
      const taken = [{ realm: 'x', kind: 'key_pair' as const, publicId: account.handle }]
      const before = await w.core.accounts.list({ parentId: 1 }, { limit: 9, offset: 0 }, { descending: true })
      expect(before.items.map(({ id }) => id)).toEqual([account.id, 2])
      await expect(w.core.accounts.open(owner, { name: 'Twice', parentId: 1 }, taken)).rejects.toMatchObject({
        code: 'name_taken',
      })
      expect((await w.core.accounts.list({ parentId: 1 }, { limit: 9, offset: 0 })).total).toBe(before.total)
    })

    it('a removed sub-account neither buys nor receives numbers', async () => {
      const owner = w.core.accounts.callerFor((await w.core.accounts.get(1)) as never)
      const sub = w.core.accounts.callerFor((await w.core.accounts.get(2)) as never)
      const { owned } = await w.core.numbers.purchase(owner, ['+12127890101'], { documents: 'allow' })
      await w.core.accounts.remove(owner, 2)
      await expect(w.core.numbers.move(owner, owned[0]?.lease.id as number, 2)).rejects.toMatchObject({
        code: 'not_found',
      })
      await expect(w.core.numbers.purchase(sub, ['+12127890102'], { documents: 'allow' })).rejects.toMatchObject({
        code: 'forbidden',
        details: { reason: 'inactive' },
      })
    })

    it('transactions are summed as they are listed, per currency and kind', async () => {
      const summary = await w.core.ledger.summary({ accountId: 1 })
      expect(summary).toEqual([
        { currency: 'USD', kind: 'purchase', debit: 3_000_000, credit: 0, count: 1 },
        { currency: 'USD', kind: 'topup', debit: 0, credit: 100_000_000, count: 1 },
      ])
      const one = { limit: 5, offset: 0 }
      expect((await w.core.ledger.transactions({ accountId: 1, reference: 'DID:+1212' }, one)).total).toBe(1)
      expect((await w.core.ledger.transactions({ accountId: 1, note: '%' }, one)).total).toBe(0)
      expect((await w.core.ledger.transactions({ accountId: 1, note: 'OPENING' }, one)).total).toBe(1)
    })
  })
}
