import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DialectModule } from '../../adapters/kit/dialect.ts'
import type { Driver } from '../../adapters/kit/driver.ts'
import { type Bench, skipOf } from '../../verify/cases/case.ts'
import { contractCases } from '../../verify/cases/cases.ts'
import { dialects } from '../support/dialects.ts'
import { engines } from '../support/engines.ts'
import { ownedBy } from '../support/owned.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'
import { CONTRACT_NUMBERS, contractWorld, credentialsOf, POOR, PRICE, RICH } from './world.ts'

const MICROS = 1_000_000

function benchOf(world: TestWorld, dialect: DialectModule): Bench {
  const { send } = world
  const client = (credentials?: Record<string, string>) =>
    dialect.driver.create({ send, base: world.base(dialect.name), ...(credentials && { credentials }) })
  const free = [...CONTRACT_NUMBERS]
  const accounts = { rich: RICH, poor: POOR }
  const [rich, poor] = [RICH, POOR].map(id => client(credentialsOf(id)[dialect.name])) as [Driver, Driver]
  return {
    rich,
    poor,
    anonymous: client(),
    stranger: client(credentialsOf(99)[dialect.name]),
    async number() {
      const next = free.shift()
      if (next === undefined) throw new Error('the world has no further number')
      return next
    },
    price: () => PRICE,
    owned: who => ownedBy(world, dialect, { rich, poor }[who], accounts[who]),
    balance: async who => ((await world.core.ledger.balance(accounts[who], 'USD'))?.balance ?? 0) / MICROS,
  }
}

for (const engine of engines()) {
  describe(`contract on ${engine}`, () => {
    let worlds: Awaited<ReturnType<typeof openWorlds>>
    beforeAll(async () => {
      worlds = await openWorlds(engine)
    })
    afterAll(() => worlds.drop())

    describe.each(dialects)('$name', dialect => {
      for (const each of contractCases) {
        const { name, run } = each
        const reason = skipOf(dialect.driver, each)
        it.skipIf(reason !== undefined)(reason === undefined ? name : `${name} (skipped: ${reason})`, async () => {
          const world = await worlds.open(contractWorld)
          await run(benchOf(world, dialect))
          expect(await world.core.invariants()).toEqual({ ok: true, checked: 10, violations: [] })
        })
      }
    })
  })
}

describe('skips', () => {
  it.each(dialects)('$name skips only cases that exist', ({ driver }) => {
    const names = contractCases.map(({ name }) => name)
    expect(Object.keys(driver.skips).filter(name => !names.includes(name))).toEqual([])
  })
})
