import { describe, expect, it } from 'vitest'
import { shopper, shopWorld } from '../adapters/onsip/shop.ts'
import { engines, freshStore, postgresIsHere } from '../support/engines.ts'
import { startServer, workFolder } from '../support/process.ts'
import { openWorlds } from '../support/world.ts'

// 40 numbers at 3 USD, money for 25, 64 buyers at once
const NUMBERS = 40
const MONEY = '75.50'
const AFFORDABLE = 25
const BUYERS = 64

describe('race', () => {
  it('of 40 numbers that 64 buyers with money for 25 race for over HTTP, exactly 25 are sold', async () => {
    const { folder, seed, remove } = workFolder(shopWorld(NUMBERS, MONEY))
    try {
      const server = await startServer({ DATABASE_URL: `sqlite:${folder}/shop.db`, DIDGATE_SEED: seed })
      const { login, buy, owned } = shopper(server.url)
      const session = await login()
      const bought = await Promise.all(Array.from({ length: BUYERS }, () => buy(session)))
      expect(bought.flatMap(list => list ?? []).length).toBe(AFFORDABLE)
      expect((await owned(session)).length).toBe(AFFORDABLE)
      const answer = await fetch(`${server.admin}/admin/v1/invariants`)
      expect(await answer.json()).toEqual({ ok: true, checked: 10, violations: [] })
      expect(await server.stop()).toBe(0)
    } finally {
      remove()
    }
  })

  it.each(
    engines(['sqlite', 'postgres']),
  )('of 40 numbers that 64 buyers with money for 25 race for in the core on %s, exactly 25 are sold', async engine => {
    const worlds = await openWorlds(engine, { connections: 20 })
    const { core } = await worlds.open(shopWorld(NUMBERS, MONEY))
    const account = await core.accounts.get(12)
    const caller = core.accounts.callerFor(account as NonNullable<typeof account>)
    const line = { filter: { npaNxx: '212789' }, quantity: 1 }
    const outcomes = await Promise.all(
      Array.from({ length: BUYERS }, () =>
        core.numbers.claim(caller, [line], { partial: true, documents: 'refuse' }).then(
          ({ owned }) => owned.length,
          error => {
            expect(error).toMatchObject({ code: 'insufficient_funds' })
            return 0
          },
        ),
      ),
    )
    expect(outcomes.reduce((sum, n) => sum + n, 0)).toBe(AFFORDABLE)
    expect((await core.ledger.balance(12, 'USD'))?.balance).toBe(500_000)
    expect(await core.invariants()).toEqual({ ok: true, checked: 10, violations: [] })
    await worlds.drop()
  })

  it.skipIf(!postgresIsHere)('two gateways on one PostgreSQL never sell a number twice', async () => {
    const { url, drop } = await freshStore('postgres')
    const { seed, remove } = workFolder(shopWorld(NUMBERS, '100000.00'))
    try {
      const env = { DATABASE_URL: url, DIDGATE_SEED: seed, DIDGATE_KEY: 'a-key-that-both-processes-share-0123' }
      const one = await startServer(env)
      const two = await startServer(env)
      const session = await shopper(one.url).login()
      const buyers = Array.from({ length: BUYERS }, (_, i) => shopper(i % 2 ? one.url : two.url).buy(session))
      const bought = (await Promise.all(buyers)).flatMap(list => list ?? []).map(did => did.Number)
      expect(new Set(bought).size).toBe(bought.length)
      expect(bought.length).toBe(NUMBERS)
      const answer = await fetch(`${two.admin}/admin/v1/invariants`)
      expect(await answer.json()).toEqual({ ok: true, checked: 10, violations: [] })
      expect([await one.stop(), await two.stop()]).toEqual([0, 0])
    } finally {
      remove()
      await drop()
    }
  })
})
