/** What holds of numbers and their ownership, whichever way they come and go. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NumberRow, transition } from '../../core/numbers/lifecycle.ts'
import { transitionAll } from '../../core/numbers/transition-all.ts'
import type { LeaseTerms } from '../../core/verbs.ts'
import type { WorldRow } from '../../src/worlds/world-file.ts'
import { engines } from '../support/engines.ts'
import { file } from '../support/lines.ts'
import {
  ACME,
  balanceOf,
  bring,
  buy,
  CHILD,
  callerOf,
  DAY,
  holding,
  market,
  number,
  numbers,
  ON_CREDIT,
  OTHER,
  release,
  sound,
  stateOf,
  USD,
  within,
} from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const N = '+12127890100'
const M = '+12127890101'
const START = Date.parse('2026-06-01T00:00:00Z')
const ALL = { limit: 100, offset: 0 }
const ANY: LeaseTerms = { documents: 'allow' }

describe.each(engines())('numbers on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  const lease = async (w: TestWorld, e164 = N) => (await holding(w, e164)).lease.id
  const heldBy = async (w: TestWorld, id: number) =>
    (await w.core.numbers.owned({ accountIds: [id] }, ALL, { orderBy: 'number' })).items.map(
      ({ number: { e164 } }) => e164,
    )
  const claim = async (w: TestWorld, id: number, filter: object, quantity: number, more: object = {}) => {
    const terms = { ...ANY, partial: false, ...more }
    const { owned } = await w.core.numbers.claim(await callerOf(w, id), [{ filter, quantity }], terms)
    return owned.map(({ number: { e164 } }) => e164)
  }
  const purchase = async (w: TestWorld, id: number, e164s: string[], terms: Partial<LeaseTerms>) =>
    w.core.numbers.purchase(await callerOf(w, id), e164s, { ...ANY, ...terms })
  const shelf = async (w: TestWorld) => (await w.core.numbers.search({}, ALL)).items.map(({ e164 }) => e164)
  const notFound = { code: 'not_found' }
  const gone = { code: 'number_unavailable' }

  describe('users', () => {
    const foreign: [string, number][] = [
      ['of another account', OTHER * 100],
      ['of its child', CHILD * 100],
      ['that there is not', 999],
    ]
    it.each(foreign)('a user %s can be named neither as taker nor as holder of numbers', async (_, userId) => {
      const w = await worlds.open(market(numbers(3)))
      const caller = await callerOf(w, ACME)
      const notFound = { code: 'not_found', details: { what: 'user', id: String(userId) } }
      await expect(purchase(w, ACME, [N], { userId })).rejects.toMatchObject(notFound)
      await expect(claim(w, ACME, {}, 1, { userId })).rejects.toMatchObject(notFound)
      await w.core.carts.add(caller, [N], 'USD')
      await expect(w.core.carts.checkout(caller, [N], { ...ANY, userId })).rejects.toMatchObject(notFound)
      expect([await heldBy(w, ACME), await balanceOf(w, ACME)]).toEqual([[], 1000])
      await buy(w, ACME, N)
      const before = (await holding(w, N)).lease
      await expect(w.core.numbers.configure(caller, before.id, { userId, label: 'x' })).rejects.toMatchObject(notFound)
      expect((await holding(w, N)).lease).toEqual(before)
      const row = { ...number('+12127890150'), account_id: String(ACME), user_id: String(userId) }
      const dated = { ...row, activated_at: '2026-05-01', paid_until: '2026-07-01' }
      const report = await w.core.imports.run(file([dated]), { owned: true, keepGood: true })
      expect([report.imported, report.errors.length]).toEqual([0, 1])
      await sound(w)
    })

    it('an account may name its own users as holders of numbers, which then show their organization', async () => {
      const w = await worlds.open(market(numbers(3)))
      const organization = await w.core.directory.createOrganization(null, {
        accountId: OTHER,
        domain: 'second.example',
      })
      const bob = { organizationId: organization.id, username: 'bob', authUsername: 'bob_3', role: 'user' } as const
      const { id: userId } = await w.core.directory.createUser(null, bob)
      const { owned } = await purchase(w, OTHER, [N], { userId })
      expect(owned[0]?.lease).toMatchObject({ userId, organizationId: organization.id, accountId: OTHER })
      await buy(w, OTHER, M)
      expect((await holding(w, M)).lease).toMatchObject({ userId: OTHER * 100, organizationId: OTHER * 10 })
      await w.core.numbers.configure(await callerOf(w, OTHER), await lease(w, M), { userId })
      expect((await holding(w, M)).lease).toMatchObject({ userId, organizationId: organization.id })
    })
  })

  describe('strangers', () => {
    it.each([
      ['another account', OTHER],
      ['its parent', ACME],
    ])('a number is neither changed, released, moved nor taken back by %s', async (_, id) => {
      const w = await worlds.open(market(numbers(2)))
      await buy(w, CHILD, N, M)
      const caller = await callerOf(w, id)
      const { core } = w
      const [one, two] = [await lease(w, N), await lease(w, M)]
      await core.numbers.release(await callerOf(w, CHILD), [two], { kind: 'window', ms: DAY, chargeFee: false })
      const before = [await holding(w, N), await holding(w, M)]
      await expect(core.numbers.configure(caller, one, { label: 'mine' })).rejects.toMatchObject(notFound)
      await expect(core.numbers.release(caller, [one], { kind: 'now' })).rejects.toMatchObject(notFound)
      await expect(core.numbers.move(caller, one, id)).rejects.toMatchObject(notFound)
      await expect(core.numbers.cancelRelease(caller, two)).rejects.toMatchObject(notFound)
      const file = { type: 'id', fileName: 'a', contentType: 'image/png', content: new Uint8Array(1) } as const
      await expect(core.documents.upload(caller, [one], file)).rejects.toMatchObject(notFound)
      expect([await holding(w, N), await holding(w, M)]).toEqual(before)
      await sound(w)
    })

    it('a number is led to no trunk of another account, whoever asks', async () => {
      const w = await worlds.open(market(numbers(2)))
      await buy(w, ACME, N)
      for (const id of [OTHER, CHILD]) {
        const trunk = await w.core.trunks.create(await callerOf(w, id), { accountId: id, name: 't' })
        const change = { trunkId: trunk.id, label: 'x' }
        await expect(w.core.numbers.configure(await callerOf(w, ACME), await lease(w), change)).rejects.toMatchObject(
          notFound,
        )
      }
      expect((await holding(w, N)).lease).toMatchObject({ trunkId: null, label: null })
    })

    it("when one of several numbers to release or change is not the caller's own, all stay as they are", async () => {
      const w = await worlds.open(market(numbers(2)))
      await buy(w, ACME, N)
      await buy(w, OTHER, M)
      const caller = await callerOf(w, ACME)
      const ids = [await lease(w, N), await lease(w, M)]
      await expect(w.core.numbers.release(caller, ids, { kind: 'now' })).rejects.toMatchObject(notFound)
      await expect(w.core.numbers.reconfigureAll(caller, ids, 'wavix', () => ({ label: 'x' }))).rejects.toMatchObject(
        notFound,
      )
      expect((await holding(w, N)).lease.label).toBeNull()
    })
  })

  it('a number that moves carries nothing of the former holder along', async () => {
    const w = await worlds.open(market([number(N, { required_documents: 'id' })]))
    const caller = await callerOf(w, ACME)
    const trunk = await w.core.trunks.create(caller, { accountId: ACME, name: 't' })
    const change = (dialect: string, delayMs: number) => ({
      ...{ dialect, service: 'voice', value: { url: 'https://acme.example' }, outcome: 'done' as const, delayMs },
    })
    const settings = { dialect: 'wavix', value: { note: 'of Acme' } }
    const routes = [{ priority: 1, kind: 'sip' as const, target: 'sip:acme', trunkId: trunk.id }]
    await purchase(w, ACME, [N], { settings, routes, userId: ACME * 100, schedule: [change('sinch', 60_000)] })
    const id = await lease(w)
    const all = { settings: { dialect: 'vobiz', value: { a: 1 } }, label: 'ours', trunkId: trunk.id }
    await w.core.numbers.configure(caller, id, { ...all, schedule: [change('sinch', 0)] })
    await w.core.numbers.configure(caller, id, { schedule: [change('sinch', 60_000)] })
    const paper = { type: 'id', fileName: 'a', contentType: 'image/png', content: new Uint8Array(1) } as const
    await w.core.documents.upload(caller, [id], paper)
    await w.core.accounts.update(null, CHILD, { defaultOrganizationId: CHILD * 10, defaultUserId: CHILD * 100 })
    await w.core.numbers.move(caller, id, CHILD)
    await w.setClock(START + DAY)
    for (const dialect of ['wavix', 'vobiz', 'sinch']) {
      const owned = await w.core.numbers.lease(id, dialect)
      expect(owned?.settings).toEqual({})
      expect(owned?.routes).toEqual([])
      expect(owned?.lease).toMatchObject({
        ...{ accountId: CHILD, label: null, trunkId: null, userId: CHILD * 100, organizationId: CHILD * 10 },
      })
      expect(await w.core.provisionings.list([id], dialect)).toEqual([])
    }
    expect(await w.core.documents.list([id])).toEqual([])
    expect([await heldBy(w, ACME), await heldBy(w, CHILD)]).toEqual([[], [N]])
    await sound(w)
  })

  it('a number that is bought again carries nothing of the former holder along', async () => {
    const w = await worlds.open(market([number(N)]))
    const schedule = [
      { dialect: 'sinch', service: 'sms', value: { plan: 'of Acme' }, outcome: 'done' as const, delayMs: 60_000 },
    ]
    const routes = [{ priority: 1, kind: 'sip' as const, target: 'sip:acme' }]
    await purchase(w, ACME, [N], { settings: { dialect: 'sinch', value: { a: 1 } }, routes, schedule })
    const former = await lease(w)
    await w.core.numbers.configure(await callerOf(w, ACME), former, { label: 'ours' })
    const paper = { type: 'id', fileName: 'a', contentType: 'image/png', content: new Uint8Array(1) } as const
    await w.core.documents.upload(await callerOf(w, ACME), [former], paper)
    await release(w, ACME, N)
    await buy(w, OTHER, N)
    await w.setClock(START + DAY)
    const owned = await w.core.numbers.leaseOf(N, 'sinch')
    expect(owned).toMatchObject({ settings: {}, routes: [], lease: { label: null, accountId: OTHER } })
    expect(owned?.lease.id).not.toBe(former)
    const billed = await w.store.read(db => db.selectFrom('subscriptions').select(['lease_id', 'due_at']).execute())
    expect(billed.filter(({ due_at }) => due_at !== null).map(({ lease_id }) => lease_id)).toEqual([owned?.lease.id])
    for (const table of ['settings', 'routes', 'provisionings', 'documents'] as const) {
      expect(await w.store.read(db => db.selectFrom(table).selectAll().execute())).toEqual([])
    }
    await sound(w)
  })

  it('a number moves inside its tree only, while it is active, and when its last call is long enough ago', async () => {
    const w = await worlds.open(market(numbers(2)))
    await buy(w, ACME, N)
    const caller = await callerOf(w, ACME)
    const id = await lease(w)
    const cousin = await w.core.accounts.create(null, { name: 'Child of another', parentId: OTHER })
    for (const target of [OTHER, ON_CREDIT, cousin.id, 999]) {
      await expect(w.core.numbers.move(caller, id, target)).rejects.toMatchObject(notFound)
    }
    await w.core.calls.record({ e164: N, endedAt: START, durationSeconds: 1, direction: 'inbound', answered: true })
    w.setClockOnly(START + DAY - 1)
    const cool = { coolOffMs: DAY }
    await expect(w.core.numbers.move(caller, id, CHILD, cool)).rejects.toMatchObject({
      code: 'cool_off',
      details: { until: START + DAY, remainingMs: 1 },
    })
    w.setClockOnly(START + DAY)
    await w.core.numbers.move(caller, id, CHILD, cool)
    await w.core.numbers.block(null, N, 'fraud')
    const stopped = { code: 'wrong_state', details: { what: 'lease', id: String(id), state: 'blocked' } }
    await expect(w.core.numbers.move(await callerOf(w, CHILD), id, ACME)).rejects.toMatchObject(stopped)
    await sound(w)
  })

  const rowOf = (w: TestWorld, e164: string): Promise<NumberRow> =>
    w.store.read(db => db.selectFrom('numbers').selectAll().where('e164', '=', e164).executeTakeFirstOrThrow())

  it('a change of a number that somebody else has changed meanwhile is refused', async () => {
    const w = await worlds.open(market(numbers(2)))
    const stale = await rowOf(w, N)
    await w.core.numbers.reprice(null, N, { monthly: 5 * USD })
    const change = (row: NumberRow) => within(w, unit => transition(unit, row, { kind: 'blocked', to: 'blocked' }))
    await expect(change(stale)).rejects.toMatchObject({ code: 'conflict', details: { what: 'number', id: N } })
    expect(await stateOf(w, N)).toBe('available')
    await sound(w)
    const fresh = await rowOf(w, N)
    const both = await Promise.allSettled([
      within(w, unit => transition(unit, fresh, { kind: 'repriced', to: 'available', set: { setup_price: 1 } })),
      within(w, unit => transition(unit, fresh, { kind: 'repriced', to: 'available', set: { setup_price: 2 } })),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await sound(w)
  })

  it('when somebody else has changed one of many numbers that change together, all stay as they were', async () => {
    const w = await worlds.open(market(numbers(12)))
    const rows = await w.store.read(db => db.selectFrom('numbers').selectAll().orderBy('e164').execute())
    await w.core.numbers.reprice(null, M, { monthly: 5 * USD })
    const block = (some: NumberRow[]) => {
      const changes = some.map(row => ({ row, change: { kind: 'blocked', to: 'blocked' as const } }))
      return within(w, unit => transitionAll(unit, changes))
    }
    await expect(block(rows)).rejects.toMatchObject({ code: 'conflict' })
    expect(await shelf(w)).toHaveLength(12)
    await block(rows.filter(({ e164 }) => e164 !== M))
    expect(await shelf(w)).toEqual([M])
  })

  const NEXT: [string, string[]][] = [
    ['available', ['active', 'blocked', 'retired']],
    ['active', ['releasing', 'quarantined', 'available', 'suspended', 'blocked']],
    ['suspended', ['active', 'releasing', 'quarantined', 'available', 'blocked']],
    ['releasing', ['active', 'quarantined', 'available', 'blocked']],
    ['quarantined', ['active', 'available', 'blocked', 'retired']],
    ['blocked', ['available', 'active', 'suspended', 'releasing', 'quarantined', 'retired']],
    ['retired', []],
  ]
  it('a number goes from one state only to those that the design allows', async () => {
    const w = await worlds.open(market(numbers(1)))
    const row = await rowOf(w, N)
    for (const [state, allowed] of NEXT) {
      for (const [to] of NEXT) {
        if (to === state) continue
        const attempt = within(w, async unit => {
          await transition(unit, { ...row, state }, { kind: 'x', to: to as 'active' })
          throw new Error('taken back')
        })
        const why = { sentence: expect.stringContaining(`is ${state}`) }
        const refused = { code: 'wrong_state', details: { state }, why }
        await expect(attempt, `${state} to ${to}`).rejects.toMatchObject(
          allowed.includes(to) ? { message: 'taken back' } : refused,
        )
      }
    }
  })

  describe('papers', () => {
    const papers = { required_documents: 'id' }
    const world = () => market([number(N, papers), number(M)])
    const verify = (w: TestWorld) => w.core.accounts.update(null, ACME, { identityVerified: true })

    it.each([
      ['refuse', false, [M], gone],
      ['refuse', true, [M], gone],
      ['verified', false, [M], { code: 'documents_required' }],
      ['verified', true, [N], undefined],
      ['allow', false, [N], undefined],
    ] as const)('numbers that need papers go only to whom the terms sell them: terms "%s", verified %s, any number is %s', async (documents, isVerified, any, named) => {
      const w = await worlds.open(world())
      if (isVerified) await verify(w)
      expect(await claim(w, ACME, {}, 1, { documents })).toEqual(any)
      const other = await worlds.open(world())
      if (isVerified) await verify(other)
      const bought = purchase(other, ACME, [N], { documents })
      if (named) await expect(bought).rejects.toMatchObject({ ...named, details: { e164s: [N] } })
      else expect((await bought).owned).toHaveLength(1)
      const both = await worlds.open(world())
      if (isVerified) await verify(both)
      const two = claim(both, ACME, { country: 'US' }, 2, { documents })
      if (named) await expect(two).rejects.toMatchObject(gone)
      else expect(await two).toEqual([N, M])
      const last = await worlds.open(world())
      if (isVerified) await verify(last)
      const mixed = purchase(last, ACME, [M, N], { documents })
      if (named) await expect(mixed).rejects.toMatchObject({ ...named, details: { e164s: [N] } })
      else expect((await mixed).owned).toHaveLength(2)
      if (named) expect((await purchase(last, ACME, [M], { documents })).owned).toHaveLength(1)
    })
  })

  it('who asks for any number gets the lowest that matches, and each only once over several lines', async () => {
    const w = await worlds.open(market([...numbers(5), number('+13105550100', { region: 'CA', city: 'LA' })]))
    const caller = await callerOf(w, ACME)
    const lines = [
      { filter: { region: 'NY' }, quantity: 2 },
      { filter: { npaNxx: '212789' }, quantity: 1 },
      { filter: { country: 'US' }, quantity: 2 },
    ]
    const { owned } = await w.core.numbers.claim(caller, lines, { ...ANY, partial: false })
    expect(owned.map(({ number: { e164 } }) => e164)).toEqual([...numbers(5).map(row => row.e164)])
    await expect(claim(w, ACME, { country: 'US' }, 2)).rejects.toMatchObject({ ...gone, details: { e164s: [] } })
    expect(await claim(w, ACME, { country: 'US' }, 2, { partial: true })).toEqual(['+13105550100'])
    expect(await claim(w, ACME, { country: 'US' }, 2, { partial: true })).toEqual([])
    expect(await balanceOf(w, ACME)).toBe(1000 - 18)
    await sound(w)
  })

  it('two lines of an order that ask for the same get two numbers, or nothing', async () => {
    const w = await worlds.open(market(numbers(2)))
    const caller = await callerOf(w, ACME)
    const line = { filter: { npaNxx: '212789' }, quantity: 1 }
    const { core } = w
    await expect(core.numbers.claim(caller, [line, line, line], { ...ANY, partial: false })).rejects.toMatchObject(gone)
    expect(await heldBy(w, ACME)).toEqual([])
    await core.numbers.claim(caller, [line, line], { ...ANY, partial: false })
    expect([await heldBy(w, ACME), await balanceOf(w, ACME)]).toEqual([[N, M], 994])
    await sound(w)
  })

  it('where a currency is named, numbers of another are neither claimed nor bought', async () => {
    const third = '+12127890102'
    const w = await worlds.open(market([number(N, { currency: 'EUR' }), number(M), number(third)]))
    await w.core.ledger.topUp(null, ACME, 'EUR', 10 * USD)
    expect(await claim(w, ACME, {}, 1, { currency: 'USD' })).toEqual([M])
    await expect(purchase(w, ACME, [third, N], { currency: 'USD' })).rejects.toMatchObject({
      ...gone,
      details: { e164s: [N] },
    })
    expect((await purchase(w, ACME, [third], { currency: 'USD' })).owned).toHaveLength(1)
    expect([await balanceOf(w, ACME, 'EUR'), await balanceOf(w, ACME)]).toEqual([10, 994])
    await expect(w.core.carts.add(await callerOf(w, ACME), [N], 'USD')).rejects.toMatchObject(gone)
  })

  it('when one of several named numbers is gone none is bought, and a number that is named twice is bought once', async () => {
    const w = await worlds.open(market(numbers(3)))
    await buy(w, OTHER, M)
    await expect(buy(w, ACME, N, M)).rejects.toMatchObject({ ...gone, details: { e164s: [M] } })
    await expect(buy(w, ACME)).rejects.toMatchObject({ ...gone, details: { e164s: [] } })
    expect([await heldBy(w, ACME), await balanceOf(w, ACME)]).toEqual([[], 1000])
    expect(await buy(w, ACME, N, N)).toHaveLength(1)
    expect(await balanceOf(w, ACME)).toBe(997)
  })

  describe('rest', () => {
    const resting = { quarantine_days: { '*': 5 } }
    it('the rest of a released number ends at its instant, for everybody at once, with or without a job', async () => {
      const w = await worlds.open(market([number(N)], resting))
      await buy(w, ACME, N)
      await release(w, ACME, N)
      w.setClockOnly(START + 5 * DAY - 1)
      for (const id of [ACME, OTHER]) await expect(buy(w, id, N)).rejects.toMatchObject(gone)
      await expect(claim(w, OTHER, {}, 1)).rejects.toMatchObject(gone)
      await expect(w.core.carts.add(await callerOf(w, OTHER), [N], 'USD')).rejects.toMatchObject(gone)
      expect(await shelf(w)).toEqual([])
      expect(await w.core.jobs.runDue()).toEqual([])
      w.setClockOnly(START + 5 * DAY)
      expect(await shelf(w)).toEqual([N])
      await buy(w, OTHER, N)
      const events = await w.core.numbers.events({ e164: N, limit: 20 })
      expect(events.map(({ kind, at }) => [kind, (at - START) / DAY])).toEqual([
        ['imported', 0],
        ['purchased', 0],
        ['released', 0],
        ['cooled', 5],
        ['purchased', 5],
      ])
      await sound(w)
    })

    it('numbers whose rest has just ended are claimed with those on the shelf, the lowest first, and no others', async () => {
      const w = await worlds.open(market(numbers(5), resting))
      await buy(w, ACME, N, '+12127890102')
      await release(w, ACME, N)
      w.setClockOnly(START + DAY)
      await release(w, ACME, '+12127890102')
      w.setClockOnly(START + 5 * DAY)
      expect(await claim(w, OTHER, { npaNxx: '212789' }, 2)).toEqual([N, M])
      const events = await w.core.numbers.events({ e164: N, limit: 20 })
      expect(events.slice(-2).map(({ kind }) => kind)).toEqual(['cooled', 'purchased'])
      w.setClockOnly(START + 6 * DAY)
      const [second, third] = ['+12127890102', '+12127890103']
      expect((await buy(w, OTHER, third, second)).map(({ number: { e164 } }) => e164)).toEqual([third, second])
      expect(await shelf(w)).toEqual(['+12127890104'])
      await sound(w)
    })

    it('a number whose rest has just ended goes to who waits for it, and not to who comes', async () => {
      const w = await worlds.open(market(numbers(1), resting))
      await buy(w, ACME, N)
      await release(w, ACME, N)
      const order = { dialect: 'cm', filter: { country: 'US' }, quantity: 1, rangeSize: 0, data: {} }
      await w.core.orders.place(await callerOf(w, ON_CREDIT), order)
      w.setClockOnly(START + 5 * DAY)
      await expect(buy(w, OTHER, N)).rejects.toMatchObject(gone)
      expect(await claim(w, OTHER, {}, 1, { partial: true })).toEqual([])
      expect(await heldBy(w, ON_CREDIT)).toEqual([N])
      await sound(w)
    })

    it('a number that is taken back by who gave it up rests no more, and is nobody else’s again', async () => {
      const w = await worlds.open(market([number(N)], resting))
      await w.core.policies.setReclaimDays(2, '*')
      await buy(w, ACME, N)
      await release(w, ACME, N)
      expect(await rowOf(w, N)).toMatchObject({ cool_until: START + 5 * DAY, reclaim_until: START + 2 * DAY })
      await buy(w, ACME, N)
      expect(await rowOf(w, N)).toMatchObject({ releases_at: null, cool_until: null, reclaim_until: null })
      await w.setClock(START + 5 * DAY)
      expect([await stateOf(w, N), await shelf(w)]).toEqual(['active', []])
      await sound(w)
    })

    it.each([
      'claimed',
      'ordered',
      'put into a cart',
    ])('the rest of a number ends at its instant also when it is %s', async how => {
      const w = await worlds.open(market([number(N)], resting))
      await buy(w, ACME, N)
      await release(w, ACME, N)
      const caller = await callerOf(w, OTHER)
      const order = { dialect: 'cm', filter: { country: 'US' }, quantity: 1, rangeSize: 0, data: {} }
      const get = async () => {
        if (how === 'claimed') return (await claim(w, OTHER, {}, 1, { partial: true })).length === 1
        if (how === 'ordered') {
          expect((await w.core.orders.isFillable(order)) as boolean).toBe(w.core.clock.now() === START + 5 * DAY)
          return (await w.core.orders.place(caller, order)).status === 'completed'
        }
        return w.core.carts.add(caller, [N], 'USD').then(
          () => true,
          () => false,
        )
      }
      w.setClockOnly(START + 5 * DAY - 1)
      expect(await get()).toBe(false)
      w.setClockOnly(START + 5 * DAY)
      // an order that waits already is served before the second
      if (how === 'ordered') await w.setClock(START + 5 * DAY)
      else expect(await get()).toBe(true)
      expect(await heldBy(w, OTHER)).toEqual(how === 'put into a cart' ? [] : [N])
      await sound(w)
    })

    it('a number rests after a release that waited, counted from its end, and a job tidies both', async () => {
      const w = await worlds.open(market([number(N)], resting))
      await buy(w, ACME, N)
      const window = { kind: 'window', ms: DAY, chargeFee: false } as const
      await w.core.numbers.release(await callerOf(w, ACME), [await lease(w)], window)
      w.setClockOnly(START + DAY - 1)
      expect(await heldBy(w, ACME)).toEqual([N])
      w.setClockOnly(START + DAY)
      expect(await heldBy(w, ACME)).toEqual([])
      await expect(w.core.numbers.cancelRelease(await callerOf(w, ACME), 1)).rejects.toMatchObject(notFound)
      await w.setClock(START + DAY)
      expect(await stateOf(w, N)).toBe('quarantined')
      await w.setClock(START + 6 * DAY - 1)
      expect(await stateOf(w, N)).toBe('quarantined')
      await w.setClock(START + 6 * DAY)
      expect(await stateOf(w, N)).toBe('available')
      const events = await w.core.numbers.events({ e164: N, limit: 20 })
      expect(events.slice(2).map(({ kind, at, ownerId }) => [kind, (at - START) / DAY, ownerId])).toEqual([
        ['release_requested', 0, ACME],
        ['released', 1, null],
        ['cooled', 6, null],
      ])
      await sound(w)
    })

    it.each([
      0, 5,
    ])('a number that is back on the shelf tells nothing of its last holder, after %s days of rest', async days => {
      const w = await worlds.open(market([number(N)], { quarantine_days: { '*': days } }))
      await buy(w, ACME, N)
      await w.core.calls.record({ e164: N, endedAt: START, durationSeconds: 1, direction: 'inbound', answered: true })
      await release(w, ACME, N)
      expect((await rowOf(w, N)).last_owner_id).toBe(ACME)
      await w.setClock(START + days * DAY)
      expect(await rowOf(w, N)).toMatchObject({
        last_call_at: null,
        cool_until: null,
        owner_id: null,
        lease_id: null,
      })
    })
  })

  describe('stops', () => {
    const world = (more = {}) => market(numbers(2), more)

    it("a number that the operator stopped is not sold, stays its holder's, and is what it was when it is let go", async () => {
      const w = await worlds.open(world())
      await buy(w, ACME, N)
      for (const e164 of [N, M]) await w.core.numbers.block(null, e164, 'fraud')
      await expect(w.core.numbers.block(null, N, 'again')).rejects.toMatchObject({ code: 'wrong_state' })
      await expect(buy(w, OTHER, M)).rejects.toMatchObject(gone)
      expect([await shelf(w), await heldBy(w, ACME)]).toEqual([[], [N]])
      await expect(release(w, ACME, N)).rejects.toMatchObject({ code: 'wrong_state' })
      for (const e164 of [N, M]) await w.core.numbers.unblock(null, e164, 'none')
      await expect(w.core.numbers.unblock(null, N, 'again')).rejects.toMatchObject({ code: 'wrong_state' })
      expect([await stateOf(w, N), await stateOf(w, M), await shelf(w)]).toEqual(['active', 'available', [M]])
      await sound(w)
    })

    it('a stop is not ended by taking back a release, nor by asking for one', async () => {
      const w = await worlds.open(world())
      await buy(w, ACME, N)
      const [caller, id] = [await callerOf(w, ACME), await lease(w)]
      await w.core.numbers.release(caller, [id], { kind: 'window', ms: DAY, chargeFee: false })
      await w.core.numbers.block(null, N, 'fraud')
      const stopped = { code: 'wrong_state', details: { what: 'lease', id: String(id), state: 'blocked' } }
      await expect(w.core.numbers.cancelRelease(caller, id)).rejects.toMatchObject(stopped)
      await expect(w.core.numbers.release(caller, [id], { kind: 'now' })).rejects.toMatchObject(stopped)
      expect(await stateOf(w, N)).toBe('blocked')
      await sound(w)
    })

    it('a number that the operator retired is gone for good, and nothing is charged for it', async () => {
      const w = await worlds.open(world())
      await buy(w, ACME, N)
      await expect(w.core.numbers.retire(null, N, 'x')).rejects.toMatchObject({ code: 'wrong_state' })
      await w.core.numbers.block(null, N, 'fraud')
      await w.core.numbers.retire(null, N, 'x')
      await w.setClock('2026-09-01T00:00:00Z')
      expect([await heldBy(w, ACME), await balanceOf(w, ACME), await shelf(w)]).toEqual([[], 997, [M]])
      await sound(w)
    })
  })

  it('what is offered, counted and held agrees with every change', async () => {
    const w = await worlds.open(market(numbers(4), { quarantine_days: { '*': 1 } }))
    const counts = async () => [
      (await w.core.inventory.blocks()).map(({ available }) => available)[0] ?? 0,
      (await w.core.numbers.search({ country: 'US' }, { limit: 1, offset: 0 }, true)).total,
    ]
    expect(await counts()).toEqual([4, 4])
    await buy(w, ACME, N)
    expect(await counts()).toEqual([3, 3])
    await w.core.numbers.block(null, M, 'x')
    expect(await counts()).toEqual([2, 2])
    await release(w, ACME, N)
    expect(await counts()).toEqual([2, 2])
    await w.setClock(START + DAY)
    expect(await counts()).toEqual([3, 3])
    await w.core.numbers.retire(null, '+12127890102', 'x')
    await w.core.numbers.unblock(null, M, 'x')
    expect(await counts()).toEqual([3, 3])
    await bring(w, numbers(6) as WorldRow[])
    expect(await counts()).toEqual([5, 5])
    await sound(w)
  })

  it('what is kept of an idempotency key is found by its own account only', async () => {
    const w = await worlds.open(market(numbers(4)))
    const keyed = async (id: number) => ({
      ...(await callerOf(w, id)),
      idempotency: { key: 'one key', fingerprint: 'buy', field: 'Key' },
    })
    const first = await w.core.numbers.purchase(await keyed(ACME), [N], ANY)
    for (const id of [OTHER, CHILD]) expect(await w.core.idempotency.earlier(await keyed(id))).toBeUndefined()
    const second = await w.core.numbers.purchase(await keyed(OTHER), [M], ANY)
    const third = await w.core.numbers.purchase(await keyed(CHILD), ['+12127890102'], ANY)
    const mine = async (id: number) => w.core.numbers.purchase(await keyed(id), ['+12127890103'], ANY)
    expect([await mine(ACME), await mine(OTHER), await mine(CHILD)]).toEqual([first, second, third])
    expect(await w.core.idempotency.earlier(await keyed(OTHER))).toEqual({ value: second })
    expect([await heldBy(w, ACME), await heldBy(w, OTHER), await balanceOf(w, ACME)]).toEqual([[N], [M], 994])
    await sound(w)
  })
})
