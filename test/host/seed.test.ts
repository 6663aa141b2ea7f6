import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import type { Core } from '../../core/verbs.ts'
import { demoWorldFolder } from '../../src/config/package-files.ts'
import { loadWorld } from '../../src/worlds/seed.ts'
import { freshStore } from '../support/engines.ts'

const NOW = Date.UTC(2026, 5, 1)
const PAGE = { limit: 5000, offset: 0 }

const drops: (() => Promise<void>)[] = []

async function freshCore(): Promise<Core> {
  const { store, drop } = await freshStore('sqlite')
  drops.push(drop)
  return createCore({ store, clock: { now: () => NOW }, key: 'test' })
}

afterAll(async () => {
  for (const drop of drops) await drop()
})

describe('the demo world, loaded', () => {
  let core: Core

  beforeAll(async () => {
    core = await freshCore()
    const start = performance.now()
    await loadWorld(core, demoWorldFolder())
    process.stdout.write(`demo world loaded in ${Math.round(performance.now() - start)} ms\n`)
  })

  it('breaks no invariant', async () => {
    const { ok, violations } = await core.invariants()
    expect(violations).toEqual([])
    expect(ok).toBe(true)
  })

  it('has its accounts, with their own ids and switches', async () => {
    const { items } = await core.accounts.list({}, PAGE)
    expect(items.map(({ id, handle, role, parentId, payerId }) => [id, handle, role, parentId, payerId])).toEqual([
      [12, 'MA_DEMO0001', 'owner', null, 12],
      [13, 'MA_DEMO0002', 'owner', null, 13],
      [14, 'MA_ADMN0001', 'operator', null, 14],
      [120, 'SA_DEMO0001', 'owner', 12, 12],
    ])
    for (const account of items) expect(account).toMatchObject({ identityVerified: true, allowUnauthenticated: true })
    const defaults = items.map(({ defaultOrganizationId, defaultUserId }) => [defaultOrganizationId, defaultUserId])
    expect(defaults).toEqual([
      [31, 501],
      [32, 601],
      [33, 701],
      [31, 501],
    ])
  })

  it('opens with every published credential', async () => {
    const keys = ['demo-wavix-acme', 'demo-wavix-globex'].map(key => core.credentials.verifyKey('wavix', key))
    expect((await Promise.all(keys)).map(access => access?.caller.account.id)).toEqual([12, 13])
    expect((await core.credentials.verifyKey('cm', 'demo-cm-acme'))?.caller.account.id).toBe(12)
    const pairs: [string, string, string, number][] = [
      ['vobiz', 'MA_DEMO0001', 'demo-vobiz-acme', 12],
      ['vobiz', 'SA_DEMO0001', 'demo-vobiz-acme-sub', 120],
      ['vobiz', 'MA_DEMO0002', 'demo-vobiz-globex', 13],
      ['vobiz', 'MA_ADMN0001', 'demo-vobiz-admin', 14],
      ['sinch-v1', 'AC00000000000000000000000000000012', 'demo-sinch-acme', 12],
      ['sinch-v1', 'AC00000000000000000000000000000013', 'demo-sinch-globex', 13],
      ['sinch', 'demo-sinch-key', 'demo-sinch-secret', 12],
      ['sinch', 'demo-sinch-key-2', 'demo-sinch-secret-2', 13],
    ]
    for (const [realm, publicId, secret, id] of pairs) {
      expect((await core.credentials.verifyPair(realm, publicId, secret))?.caller.account.id).toBe(id)
      expect(await core.credentials.verifyPair(realm, publicId, 'wrong')).toBeUndefined()
    }
    const admin = await core.credentials.verifyPair('vobiz', 'MA_ADMN0001', 'demo-vobiz-admin')
    expect(admin?.caller.role).toBe('operator')
  })

  it('lets its users log in by name and by address', async () => {
    const logins: [string, string, number][] = [
      ['example_ann', 'demo-ann-password', 501],
      ['bob@example.onsip.com', 'demo-bob-password', 502],
      ['globex_gil', 'demo-gil-password', 601],
      ['operator', 'demo-operator-password', 701],
    ]
    for (const [name, password, id] of logins) {
      expect((await core.sessions.login('onsip', name, password)).caller.user?.id).toBe(id)
    }
  })

  it('has its balances and release fees', async () => {
    const balances = async (id: number) => (await core.ledger.balances(id)).map(b => [b.currency, b.balance])
    expect(await balances(12)).toEqual([
      ['EUR', 1_000_000_000],
      ['INR', 100_000_000_000],
      ['USD', 1_000_000_000],
    ])
    expect(await balances(13)).toEqual([['USD', 10_000_000]])
    expect(await core.accounts.releaseFee(12, 'INR')).toBe(700_000_000)
    expect(await core.accounts.releaseFee(12, 'USD')).toBe(1_000_000)
    expect(await core.policies.quarantineDays('IN', 12)).toBe(45)
    expect(await core.policies.quarantineDays('US', 12)).toBe(0)
  })

  it('has its whole stock on the shelf and nobody owning a number', async () => {
    const accountIds = [12, 13, 14, 120]
    expect((await core.numbers.owned({ accountIds }, PAGE)).total).toBe(0)
    expect(await core.inventory.count({ country: 'US', types: ['local'] })).toBeGreaterThanOrEqual(1000)
    expect((await core.numbers.search({}, { limit: 1, offset: 0 }, true)).total).toBe(await core.inventory.count({}))
  })

  it('lists its exchanges, some of them sold out', async () => {
    const blocks = await core.inventory.blocks()
    const soldOut = blocks.filter(({ available }) => available === 0).map(({ npaNxx }) => npaNxx)
    expect(soldOut).toEqual(['212790', '212935', '213900', '312880'])
    expect(Math.min(...blocks.filter(({ available }) => available > 0).map(b => b.available))).toBe(2)
    expect((await core.numbers.find('+18022551119'))?.state).toBe('available')
  })

  it('made no place besides its own', async () => {
    const ours = await core.places.list({})
    expect(Math.max(...ours.map(({ id }) => id))).toBeLessThan(10_200)
    const angeles = await core.numbers.search({ cityId: 200, capabilities: ['sms'] }, PAGE, true)
    expect(angeles.total).toBeGreaterThanOrEqual(5)
    expect((await core.numbers.find('+18022551119'))?.cityId).toBe((await core.numbers.find('+18022551120'))?.cityId)
    const regionless = await core.places.list({ kind: 'city', parentId: 8669 })
    expect(regionless.map(({ name, code }) => [name, code])).toEqual([['Buenos Aires', '11']])
  })

  it('gives Acme a trunk', async () => {
    expect((await core.trunks.list(12, PAGE)).items.map(({ id, name, label }) => [id, name, label])).toEqual([
      [3107, '32882', 'Main office'],
    ])
  })
})
