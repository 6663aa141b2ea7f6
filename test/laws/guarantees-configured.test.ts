/** What holds of what is configured for an owned number: it is kept, told and ended for that number alone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Caller, JsonObject } from '../../core/ground/model.ts'
import type { LeaseChange } from '../../core/verbs.ts'
import { engines } from '../support/engines.ts'
import { ACME, buy, CHILD, callerOf, DAY, holding, market, numbers, OTHER, sound } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const N = '+12127890100'
const M = '+12127890101'
const FOREIGN = '+12127890102'
const HELD = '+12127890103'
const START = Date.parse('2026-06-01T00:00:00Z')
const WINDOW = { kind: 'window', ms: DAY, chargeFee: false } as const
const paper = { type: 'id', fileName: 'a', contentType: 'image/png', content: new Uint8Array(1) } as const

describe.each(engines())('what is configured on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  const leaseId = async (w: TestWorld, e164 = N) => (await holding(w, e164)).lease.id
  const found = (w: TestWorld, id: number) => w.core.numbers.lease(id, 'wavix')
  const scheduled = (value: JsonObject) => ({
    ...{ dialect: 'sinch', service: 'voice', value, outcome: 'done' as const, delayMs: 60_000 },
  })

  async function parts(w: TestWorld, caller: Caller) {
    const { id: trunkId } = await w.core.trunks.create(caller, { accountId: caller.account.id, name: 't' })
    const { id: handlerId } = await w.core.resources.create(caller, { kind: 'wavix.app', name: 'h' })
    return { trunkId, handlerId }
  }

  /** All that there is of numbers but of this one. */
  async function others(w: TestWorld, e164: string) {
    return w.store.read(async db => {
      const numbers = await db.selectFrom('numbers').selectAll().where('e164', '<>', e164).orderBy('id').execute()
      const ids = numbers.map(({ id }) => id)
      const leases = await db.selectFrom('leases').selectAll().where('number_id', 'in', ids).orderBy('id').execute()
      const of = async (table: 'subscriptions' | 'settings' | 'routes' | 'provisionings' | 'documents') => {
        const rows = db.selectFrom(table).selectAll()
        const mine = leases.map(({ id }) => id)
        return rows.where('lease_id', 'in', mine).orderBy('lease_id').execute()
      }
      const holds = await db.selectFrom('holds').selectAll().where('number_id', 'in', ids).execute()
      const tables = ['subscriptions', 'settings', 'routes', 'provisionings', 'documents'] as const
      return { numbers, leases, holds, parts: await Promise.all(tables.map(of)) }
    })
  }

  it('what is done to one number leaves every other as it was, whoever has it', async () => {
    const w = await worlds.open(market(numbers(4)))
    const { core } = w
    for (const [id, e164s] of [
      [ACME, [N, M]],
      [OTHER, [FOREIGN]],
    ] as const) {
      w.setClockOnly(START + id)
      const caller = await callerOf(w, id)
      const { trunkId, handlerId } = await parts(w, caller)
      const routes = [{ priority: 1, kind: 'trunk' as const, target: 't', trunkId }]
      const terms = { settings: { dialect: 'wavix', value: { of: id } }, routes, schedule: [scheduled({ of: id })] }
      const { owned } = await core.numbers.purchase(caller, e164s, { documents: 'allow', ...terms })
      for (const { lease } of owned) {
        await core.numbers.configure(caller, lease.id, { label: `of ${id}`, trunkId, handlerId })
        await core.documents.upload(caller, [lease.id], paper)
      }
    }
    await core.holds.take(await callerOf(w, OTHER), { e164s: [HELD] }, { documents: 'allow', until: START + 9 * DAY })
    const before = await others(w, N)
    const [acme, child] = [await callerOf(w, ACME), await callerOf(w, CHILD)]
    const id = await leaseId(w)
    const route = { priority: 1, kind: 'sip' as const, target: 'sip:other@acme.example' }
    const change = { label: 'new', trunkId: null, handlerId: null, routes: [route], schedule: [scheduled({ n: 2 })] }
    const acts: Record<string, () => Promise<unknown>> = {
      configure: () => core.numbers.configure(acme, id, { ...change, settings: { dialect: 'wavix', value: {} } }),
      'ask to release': () => core.numbers.release(acme, [id], WINDOW),
      'take the release back': () => core.numbers.cancelRelease(acme, id),
      stop: () => core.numbers.block(null, N, 'x'),
      'let go': () => core.numbers.unblock(null, N, 'x'),
      move: () => core.numbers.move(acme, id, CHILD),
      'move back': () => core.numbers.move(child, id, ACME),
      release: () => core.numbers.release(acme, [id], { kind: 'now' }),
      hold: () => core.holds.take(acme, { e164s: [N] }, { documents: 'allow', until: START + DAY }),
      'buy again': () => buy(w, ACME, N),
      'release at the end': async () => core.numbers.release(acme, [await leaseId(w)], { kind: 'periodEnd' }),
    }
    for (const [n, [name, act]] of Object.entries(acts).entries()) {
      w.setClockOnly(START + 10 + n)
      await act()
      expect(await others(w, N), name).toEqual(before)
    }
    await sound(w)
  })

  it('a number keeps all that a change does not name, and what is answered is what is found afterwards', async () => {
    const w = await worlds.open(market(numbers(1)))
    const caller = await callerOf(w, ACME)
    const { trunkId, handlerId } = await parts(w, caller)
    await buy(w, ACME, N)
    const id = await leaseId(w)
    const sip = (target: string, priority = 1) => ({ priority, kind: 'sip' as const, target })
    const value = (text: string) => ({ dialect: 'wavix', value: { text } })
    const targets = (...expected: string[]) => ({ routes: expected.map(target => ({ target })) })
    const steps: [LeaseChange, object][] = [
      [{ label: 'ours' }, { lease: { label: 'ours' } }],
      [{ trunkId }, { lease: { trunkId } }],
      [{ handlerId }, { lease: { handlerId } }],
      [{ settings: value('one') }, { settings: { text: 'one' } }],
      [{ routes: [sip('sip:a', 2), sip('sip:b')] }, targets('sip:b', 'sip:a')],
      [{ settings: value('two') }, { settings: { text: 'two' } }],
      [{ routes: [{ ...sip('sip:c'), isActive: false }] }, { routes: [{ target: 'sip:c', isActive: false }] }],
      [{ label: null }, { lease: { label: null } }],
      [{ routes: [] }, { routes: [] }],
      [{ trunkId: null }, { lease: { trunkId: null } }],
      [{ handlerId: null }, { lease: { handlerId: null } }],
    ]
    let expected = await found(w, id)
    for (const [n, [change, told]] of steps.entries()) {
      w.setClockOnly(START + n)
      const answered = await w.core.numbers.reconfigureAll(caller, [id], 'wavix', owned => {
        expect(owned).toEqual(expected)
        return change
      })
      const after = await found(w, id)
      expect(answered).toEqual([after])
      expect(after).toMatchObject(told)
      const { lease, ...rest } = { ...expected, ...told } as NonNullable<typeof expected>
      const { routes: _, ...kept } = rest
      expect(after).toMatchObject({ ...kept, lease: { ...expected?.lease, ...lease, updatedAt: START + n } })
      if (!change.routes) expect(after?.routes).toEqual(expected?.routes)
      expected = after
    }
    await sound(w)
  })

  it('what is asked with a purchase stands with each number that is bought, and in the answer', async () => {
    const w = await worlds.open(market(numbers(2)))
    const caller = await callerOf(w, ACME)
    const { trunkId } = await parts(w, caller)
    const routes = [
      { priority: 1, kind: 'trunk' as const, target: 't', trunkId },
      { priority: 2, kind: 'sip' as const, target: 'sip:a', isActive: false },
    ]
    const terms = { settings: { dialect: 'wavix', value: { a: 1 } }, routes, schedule: [scheduled({ b: 2 })] }
    const { owned } = await w.core.numbers.purchase(caller, [N, M], { documents: 'allow', ...terms })
    expect(owned).toHaveLength(2)
    for (const each of owned) {
      expect(await found(w, each.lease.id)).toEqual(each)
      expect(each).toMatchObject({
        settings: { a: 1 },
        routes: [
          { leaseId: each.lease.id, trunkId, isActive: true },
          { leaseId: each.lease.id, trunkId: null, isActive: false },
        ],
      })
      expect(await w.core.provisionings.list([each.lease.id], 'sinch')).toMatchObject([{ service: 'voice' }])
    }
    await w.core.numbers.release(
      caller,
      owned.map(({ lease }) => lease.id),
      { kind: 'now' },
    )
    const [plain] = await buy(w, ACME, N)
    expect(plain).toMatchObject({ settings: {}, routes: [] })
    expect(await found(w, plain?.lease.id ?? 0)).toEqual(plain)
  })

  it('a number is led to nothing of another account, and a service that is asked for comes when it was said', async () => {
    const w = await worlds.open(market(numbers(1)))
    await buy(w, ACME, N)
    const [caller, id] = [await callerOf(w, ACME), await leaseId(w)]
    const { handlerId } = await parts(w, await callerOf(w, OTHER))
    for (const foreign of [handlerId, 999]) {
      const change = { handlerId: foreign, label: 'x' }
      const refused = { code: 'not_found', details: { what: 'resource' } }
      await expect(w.core.numbers.configure(caller, id, change)).rejects.toMatchObject(refused)
    }
    expect((await found(w, id))?.lease).toMatchObject({ handlerId: null, label: null })
    await w.core.numbers.configure(caller, id, { schedule: [scheduled({ plan: 'a' })] })
    const status = async () => (await w.core.provisionings.list([id], 'sinch')).map(each => each.status)
    const before = await status()
    expect(before).toHaveLength(1)
    await w.setClock(START + 60_000)
    expect(await status()).not.toEqual(before)
  })
})
