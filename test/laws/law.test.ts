import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Driver, releasesAtOnce } from '../../adapters/kit/driver.ts'
import { dialectModules } from '../../src/dialects.ts'
import { CONTRACT_NUMBERS, contractWorld, credentialsOf, POOR, RICH } from '../contract/world.ts'
import { engines } from '../support/engines.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

// The law: a number bought through one dialect is, in the same instant, gone from all others and owned by the same
// account there; released through one, it can be bought through all.

const NUMBERS = CONTRACT_NUMBERS.slice(0, 3)
const ACCOUNTS = [RICH, POOR] as const
type Holder = (typeof ACCOUNTS)[number]

interface Command {
  verb: 'buy' | 'release'
  dialect: string
  account: Holder
  e164: string
}

const names = dialectModules.map(({ name }) => name)
const listing = new Set(dialectModules.filter(({ driver }) => !driver.cannot?.owned).map(({ name }) => name))
const releasing = dialectModules.filter(({ driver }) => releasesAtOnce(driver)).map(({ name }) => name)

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    verb: fc.constant('buy' as const),
    dialect: fc.constantFrom(...names),
    account: fc.constantFrom(...ACCOUNTS),
    e164: fc.constantFrom(...NUMBERS),
  }),
  fc.record({
    verb: fc.constant('release' as const),
    dialect: fc.constantFrom(...releasing),
    account: fc.constantFrom(...ACCOUNTS),
    e164: fc.constantFrom(...NUMBERS),
  }),
)

const rebuying = new Set(dialectModules.filter(({ driver }) => driver.rebuys).map(({ name }) => name))

type Clients = Map<string, Driver>

function clientsOf(world: TestWorld): Clients {
  const clients: Clients = new Map()
  for (const { name, driver } of dialectModules) {
    for (const account of ACCOUNTS) {
      const credentials = credentialsOf(account)[name] ?? {}
      clients.set(`${name} ${account}`, driver.create({ send: world.send, base: world.base(name), credentials }))
    }
  }
  return clients
}

const clientOf = (clients: Clients, dialect: string, account: Holder) => clients.get(`${dialect} ${account}`) as Driver

/** What must come of a command, told by a model that knows owners and money only. */
function expected(owners: Map<string, Holder>, money: Map<Holder, number>, { verb, account, e164 }: Command): string {
  if (verb === 'release') return owners.get(e164) === account ? 'released' : 'not_owned'
  if (owners.has(e164)) return 'unavailable'
  return (money.get(account) ?? 0) >= 3 ? 'bought' : 'unaffordable'
}

async function everySeesTheSame(clients: Clients, owners: Map<string, Holder>): Promise<void> {
  for (const name of names) {
    for (const account of ACCOUNTS) {
      if (!listing.has(name)) continue
      const mine = NUMBERS.filter(e164 => owners.get(e164) === account).sort()
      expect(await clientOf(clients, name, account).owned(), `${name} shows account ${account}`).toEqual(mine)
    }
    for (const e164 of NUMBERS) {
      const isFree = await clientOf(clients, name, RICH).isAvailable(e164)
      expect(isFree, `${e164} is on the shelf of ${name}`).toBe(!owners.has(e164))
    }
  }
}

async function play(world: TestWorld, commands: readonly Command[]): Promise<void> {
  const clients = clientsOf(world)
  const owners = new Map<string, Holder>()
  const money = new Map<Holder, number>([
    [RICH, 1000],
    [POOR, 5],
  ])
  for (const each of commands) {
    const outcome = expected(owners, money, each)
    expect(await clientOf(clients, each.dialect, each.account)[each.verb](each.e164), JSON.stringify(each)).toBe(
      outcome,
    )
    if (outcome === 'bought') {
      owners.set(each.e164, each.account)
      money.set(each.account, (money.get(each.account) ?? 0) - 3)
    }
    if (outcome === 'released') owners.delete(each.e164)
  }
  await everySeesTheSame(clients, owners)
  for (const account of ACCOUNTS) {
    const { items } = await world.core.numbers.owned(
      { accountIds: [account] },
      { limit: 9, offset: 0 },
      { dialect: '' },
    )
    expect(items.map(({ number }) => number.e164).sort()).toEqual(NUMBERS.filter(e => owners.get(e) === account).sort())
    expect((await world.core.ledger.balance(account, 'USD'))?.balance).toBe((money.get(account) ?? 0) * 1_000_000)
  }
  expect(await world.core.invariants()).toEqual({ ok: true, checked: 10, violations: [] })
}

describe.each(engines())('the cross-dialect law on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  it('whatever is bought and released at random through every dialect, a number has one owner everywhere and money balances', async () => {
    const runs = engine === 'sqlite' ? 25 : 8
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 4, maxLength: 12 }), async commands => {
        await play(await worlds.open(contractWorld), commands)
      }),
      { numRuns: runs, seed: 2026, endOnFailure: true },
    )
  })

  it('two accounts race for one number through all dialects at once: one wins, money matches', async () => {
    const world = await worlds.open(contractWorld)
    const clients = clientsOf(world)
    const e164 = NUMBERS[0] as string
    const outcomes = await Promise.all(
      [...clients].map(async ([who, client]) => ({ who, outcome: await client.buy(e164) })),
    )
    const bought = outcomes.filter(({ outcome }) => outcome === 'bought').map(({ who }) => who.split(' ') as string[])
    expect(new Set(bought.map(([, account]) => account)).size).toBe(1)
    // a dialect in which buying one's own number again is an update says yes to its owner all the same
    expect(bought.filter(([name]) => !rebuying.has(name as string)).length).toBeLessThanOrEqual(1)
    expect(outcomes.filter(({ outcome }) => outcome === 'unavailable')).toHaveLength(clients.size - bought.length)
    const balances = await Promise.all(ACCOUNTS.map(account => world.core.ledger.balance(account, 'USD')))
    expect(balances.reduce((sum, each) => sum + (each?.balance ?? 0), 0)).toBe(1_002_000_000)
    expect(await world.core.invariants()).toEqual({ ok: true, checked: 10, violations: [] })
  })
})
