/** Owned numbers by what their ownership says: its ids, its holder, its label, where it leads, since when, and its settings. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Owned } from '../../core/ground/model.ts'
import type { LeaseChange, OwnedFilter } from '../../core/verbs.ts'
import { engines } from '../support/engines.ts'
import { ACME, buy, CHILD, callerOf, DAY, holding, market, numbers, OTHER } from '../support/market.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const START = Date.parse('2026-06-01T00:00:00Z')
const DIALECT = 'sinch'
const [A, B, C, D, FOREIGN] = [0, 1, 2, 3, 4].map(n => `+1212789010${n}`) as [string, string, string, string, string]
const ALL = { limit: 99, offset: 0 }
const SECOND = { user: ACME * 100 + 1, organization: ACME * 10 + 1 }

/** What A to D are, and what another account's number is like them. */
interface Made {
  w: TestWorld
  trunkId: number
  handlerId: number
  others: { trunkId: number; handlerId: number; owned: Owned }
  of: Record<'a' | 'b' | 'c' | 'd', Owned>
}

async function made(w: TestWorld): Promise<Made> {
  const acme = await callerOf(w, ACME)
  const other = await callerOf(w, OTHER)
  await w.core.directory.createOrganization(null, { id: SECOND.organization, accountId: ACME, domain: 'b.example.com' })
  const bea = { id: SECOND.user, organizationId: SECOND.organization, username: 'bea', authUsername: 'bea_1' }
  await w.core.directory.createUser(null, { ...bea, role: 'user' })
  const trunks = [ACME, OTHER].map(accountId => ({ accountId, name: 'main' }))
  const [trunk, foreignTrunk] = [
    await w.core.trunks.create(acme, trunks[0] as (typeof trunks)[0]),
    await w.core.trunks.create(other, trunks[1] as (typeof trunks)[0]),
  ]
  const app = { kind: 'app', name: 'ivr' }
  const [handler, foreignHandler] = [
    await w.core.resources.create(acme, app),
    await w.core.resources.create(other, app),
  ]
  const configure = async (id: number, e164: string, change: LeaseChange) =>
    w.core.numbers.configure(await callerOf(w, id), (await holding(w, e164)).lease.id, change)
  const settings = (value: object) => ({ settings: { dialect: DIALECT, value: value as never } })
  for (const e164 of [A, B, C, D]) {
    await buy(w, ACME, e164)
    w.setClockOnly(w.core.clock.now() + 1000)
  }
  await buy(w, OTHER, FOREIGN)
  await configure(ACME, A, { label: 'desk', trunkId: trunk.id, ...settings({ name: 'x', plan: '1' }) })
  await configure(ACME, B, { label: '', handlerId: handler.id, userId: SECOND.user, ...settings({ name: 'xy' }) })
  await configure(ACME, C, { label: 'Desk', ...settings({ other: 'x', plan: '11', name: 'a_b%' }) })
  await configure(ACME, D, { settings: { dialect: 'other', value: { name: 'x' } } })
  const like = { label: 'desk', trunkId: foreignTrunk.id, handlerId: foreignHandler.id }
  await configure(OTHER, FOREIGN, { ...like, ...settings({ name: 'x', plan: '1' }) })
  const mode = { kind: 'window', ms: DAY, chargeFee: false } as const
  await w.core.numbers.release(acme, [(await holding(w, D)).lease.id], mode)
  await w.core.numbers.block(null, C, 'x')
  const [a, b, c, d, owned] = [
    await holding(w, A),
    await holding(w, B),
    await holding(w, C),
    await holding(w, D),
    await holding(w, FOREIGN),
  ]
  const others = { trunkId: foreignTrunk.id, handlerId: foreignHandler.id, owned }
  return { w, trunkId: trunk.id, handlerId: handler.id, others, of: { a, b, c, d } }
}

type Case = [title: string, filter: (made: Made) => Partial<OwnedFilter>, found: string[]]

const CASES: Case[] = [
  ['nothing more', () => ({}), [A, B, C, D]],
  ['ids', ({ of, others }) => ({ leaseIds: [of.c.lease.id, of.a.lease.id, others.owned.lease.id, 999_999] }), [A, C]],
  ['no ids', () => ({ leaseIds: [] }), []],
  ['guids', ({ of, others }) => ({ leaseGuids: [of.b.lease.guid, others.owned.lease.guid, 'none'] }), [B]],
  ['no guids', () => ({ leaseGuids: [] }), []],
  ['numbers', () => ({ e164s: [D, FOREIGN, B, '+12127899999'] }), [B, D]],
  ['no numbers', () => ({ e164s: [] }), []],
  ['one number', () => ({ e164: B }), [B]],
  ['another account’s number', () => ({ e164: FOREIGN }), []],
  ['a state', () => ({ states: ['active'] }), [A, B]],
  ['states', () => ({ states: ['releasing', 'blocked', 'retired'] }), [C, D]],
  ['no states', () => ({ states: [] }), []],
  ['an organization', () => ({ organizationId: SECOND.organization }), [B]],
  ['the first organization', () => ({ organizationId: ACME * 10 }), [A, C, D]],
  ['another account’s organization', () => ({ organizationId: OTHER * 10 }), []],
  ['a user', () => ({ userId: SECOND.user }), [B]],
  ['another account’s user', () => ({ userId: OTHER * 100 }), []],
  ['a label', () => ({ label: 'desk' }), [A]],
  ['an empty label', () => ({ label: '' }), [B]],
  ['any label', () => ({ hasLabel: true }), [A, C]],
  ['no label', () => ({ hasLabel: false }), [B, D]],
  ['a trunk', ({ trunkId }) => ({ trunkId }), [A]],
  ['another account’s trunk', ({ others: { trunkId } }) => ({ trunkId }), []],
  ['a handler', ({ handlerId }) => ({ handlerId }), [B]],
  ['another account’s handler', ({ others: { handlerId } }) => ({ handlerId }), []],
  ['since when, that moment too', () => ({ startedFrom: START + 1000 }), [B, C, D]],
  ['before when, and not at it', () => ({ startedBefore: START + 2000 }), [A, B]],
  ['between two moments', () => ({ startedFrom: START + 1000, startedBefore: START + 3000 }), [B, C]],
  ['a setting', () => ({ setting: { key: 'name', value: 'x' } }), [A]],
  ['a setting like a pattern', () => ({ setting: { key: 'name', value: 'a_b%' } }), [C]],
  ['a whole setting', () => ({ setting: { key: 'plan', value: '1' } }), [A]],
  ['no such setting', () => ({ setting: { key: 'name', value: '%' } }), []],
  ['several of them', () => ({ hasLabel: true, states: ['active'], areaCode: '212', userId: ACME * 100 }), [A]],
]

describe.each(engines())('owned numbers by their ownership on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let each: Made
  beforeAll(async () => {
    worlds = await openWorlds(engine)
    each = await made(await worlds.open(market(numbers(5))))
  })
  afterAll(() => worlds.drop())

  it.each(CASES)('%s', async (_, filterOf, expected) => {
    const filter = { accountIds: [ACME], ...filterOf(each) }
    const { numbers } = each.w.core
    const found = await numbers.owned(filter, ALL, { dialect: DIALECT })
    expect([found.items.map(({ number }) => number.e164), found.total]).toEqual([expected, expected.length])
    const page = { limit: 1, offset: 1 }
    const second = await numbers.owned(filter, page, { dialect: DIALECT, orderBy: 'number' })
    expect(second.items.map(({ number }) => number.e164)).toEqual(expected.slice(1, 2))
    expect(second.total).toBe(expected.length)
    const none = { ...filter, accountIds: [CHILD] }
    expect(await numbers.owned(none, ALL, { dialect: DIALECT })).toEqual({ items: [], total: 0 })
  })

  it('settings are those of the surface that asks: without one they are not asked for', async () => {
    const filter = { accountIds: [ACME], setting: { key: 'name', value: 'x' } }
    const of = async (dialect?: string) =>
      (await each.w.core.numbers.owned(filter, ALL, dialect === undefined ? {} : { dialect })).items.map(
        ({ number }) => number.e164,
      )
    expect([await of(DIALECT), await of('other'), await of('third')]).toEqual([[A], [D], []])
    expect(await of()).toEqual([A, B, C, D])
  })
})
