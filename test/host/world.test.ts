import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import type { Account } from '../../core/ground/model.ts'
import type { Core } from '../../core/verbs.ts'
import { loadWorld } from '../../src/worlds/seed.ts'
import type { World } from '../../src/worlds/world-file.ts'
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

describe('worlds of tests', () => {
  const acme = { id: 12, name: 'Acme', currency: 'USD', balances: { USD: '5' } }
  const number = {
    e164: '+12127890100',
    country: 'US',
    type: 'local',
    currency: 'USD',
    setup_price: 1,
    monthly_price: '2',
  }

  it('load from a value, with stock, owned numbers, limits and switches', async () => {
    const core = await freshCore()
    await loadWorld(core, {
      quarantine_days: { '*': 3 },
      accounts: [
        { ...acme, credit_limits: { USD: '7' }, features_off: ['numbers'], quarantine_days: { US: 9 } },
        { id: 13, name: 'Closed', currency: 'EUR', is_active: false },
      ],
      numbers: [number, { ...number, e164: '+12127890101' }],
      owned: [
        { ...number, e164: '+12127890102', account_id: 12, activated_at: '2026-05-15', paid_until: '2026-06-15' },
      ],
      blocked: [{ e164: '+12127890101', reason: 'test' }],
    })
    const account = (await core.accounts.get(12)) as Account
    expect(account.featuresOff).toEqual(['numbers'])
    expect((await core.accounts.get(13))?.isActive).toBe(false)
    expect(await core.ledger.balance(12, 'USD')).toMatchObject({ balance: 5_000_000, creditLimit: 7_000_000 })
    expect(await core.policies.quarantineDays('US', 12)).toBe(9)
    const { items } = await core.numbers.owned({ accountIds: [12] }, PAGE)
    expect(items.map(({ number: { e164 } }) => e164)).toEqual(['+12127890102'])
    expect((await core.numbers.find('+12127890101'))?.state).toBe('blocked')
    expect((await core.invariants()).ok).toBe(true)
  })

  it('are refused with the name of what is wrong', async () => {
    const core = await freshCore()
    const wrong = (world: unknown) => expect(loadWorld(core, world as World)).rejects
    await wrong({ accounts: [{ ...acme, colour: 'red' }] }).toThrow('accounts.0.colour: unknown key')
    await wrong({ accounts: [{ id: 12, name: 'Acme' }] }).toThrow('accounts.0.currency: is missing')
    await wrong({ accounts: Array.from({ length: 1000 }, (_, i) => ({ id: i + 1, name: 'Acme' })) }).toThrow(
      /accounts\.19\.currency: is missing; and 980 more$/,
    )
    await wrong({ accounts: [{ ...acme, balances: { USD: 5 } }] }).toThrow('accounts.0.balances.USD: ')
    await wrong({ numbers: [{ ...number, colour: 'red' }] }).toThrow('numbers.0.colour: unknown key')
    await wrong({ numbers: [{ ...number, type: 'red' }] }).toThrow('line 1: type: "red" is none of')
    await wrong({ numbers: 'numbers.csv' }).toThrow('was not read from a folder')
    expect((await core.accounts.list({}, PAGE)).total).toBe(0)
  })

  it('load from a file, with the numbers beside it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'didgate-world-'))
    const file = join(folder, 'small.json')
    const header = 'e164,country,type,currency,setup_price,monthly_price'
    writeFileSync(file, JSON.stringify({ accounts: [acme], numbers: 'few.csv' }))
    const core = await freshCore()
    await expect(loadWorld(core, join(folder, 'none.json'))).rejects.toThrow('Cannot read the world')
    writeFileSync(join(folder, 'few.csv'), `${header}\n+12127890100,US,local,USD,1\n`)
    await expect(loadWorld(core, file)).rejects.toThrow('line 2: 5 columns instead of the 6')
    writeFileSync(join(folder, 'few.csv'), `${header}\n+12127890100,US,local,USD,1,2\n`)
    const other = await freshCore()
    await loadWorld(other, file)
    expect(await other.inventory.count({})).toBe(1)
    rmSync(folder, { recursive: true })
  })
})
