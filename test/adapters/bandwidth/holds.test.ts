/** What is reserved in one dialect is nobody else's in any; and a wait for numbers ends once, wherever they come from. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { releasesAtOnce } from '../../../adapters/kit/driver.ts'
import { createCore } from '../../../core/core.ts'
import { openStore } from '../../../core/store/open.ts'
import type { Store } from '../../../core/store/store.ts'
import { createSender } from '../../../src/callbacks/sender.ts'
import { dialectModules } from '../../../src/dialects.ts'
import { createGateway } from '../../../src/http/gateway.ts'
import { loadWorld } from '../../../src/worlds/seed.ts'
import { CONTRACT_NUMBERS, contractWorld, credentialsOf, POOR, RICH } from '../../contract/world.ts'
import { createReceivers } from '../../support/callbacks.ts'
import { openWorlds, type TestWorld } from '../../support/world.ts'
import { bandwidthWorld, carolina, N142, N143, N144, NOW, OTHER, OWNER } from './client.ts'

const [FIRST = ''] = CONTRACT_NUMBERS
const HOURS_4 = 14_400_000
const TEST_MS = 180_000
/** By then every callback that is not known to be delivered was tried again. */
const RETRY_MS = 600_000

const names = dialectModules.map(({ name }) => name)

describe('numbers that are held, and every dialect', () => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let world: TestWorld
  beforeAll(async () => {
    worlds = await openWorlds('sqlite')
  })
  beforeEach(async () => {
    world = await worlds.open(contractWorld)
  })
  afterAll(() => worlds.drop())
  const driver = (name: string, id: number) => {
    const module = dialectModules.find(each => each.name === name) as (typeof dialectModules)[number]
    const credentials = credentialsOf(id)[name] ?? {}
    return module.driver.create({ send: world.send, base: world.base(name), credentials })
  }
  const create = { send: async () => new Response(), base: '' }
  const holders = dialectModules.filter(({ driver: { create: make } }) => make(create).hold).map(({ name }) => name)
  /** What somebody else can do about it in each dialect. */
  const others = async () => {
    const seen: [string, boolean, string, string | undefined][] = []
    for (const name of names) {
      const other = driver(name, POOR)
      seen.push([name, await other.isAvailable(FIRST), await other.buy(FIRST), await other.hold?.(FIRST)])
    }
    return seen
  }
  const nobody = () =>
    names.map(name => [name, false, 'unavailable', holders.includes(name) ? 'unavailable' : undefined])
  const shelves = () => Promise.all(names.map(name => driver(name, POOR).isAvailable(FIRST)))
  const everywhere = names.map(() => true)

  it('there are dialects that hold', () => expect(holders).toContain('bandwidth'))

  it.each(holders)('held in %s: for sale nowhere, until it is given up', async name => {
    const mine = driver(name, RICH)
    expect([await shelves(), await mine.hold?.(FIRST)]).toEqual([everywhere, 'held'])
    expect(await others()).toEqual(nobody())
    expect(await mine.giveUp?.(FIRST)).toBe('given_up')
    expect([await shelves(), await mine.giveUp?.(FIRST)]).toEqual([everywhere, 'not_held'])
    expect((await world.core.invariants()).violations).toEqual([])
  })

  it.each(holders)('held in %s: for sale nowhere, until that runs out', async name => {
    await driver(name, RICH).hold?.(FIRST)
    expect(await others()).toEqual(nobody())
    world.setClockOnly(world.core.clock.now() + HOURS_4 - 1)
    expect(await shelves()).toEqual(names.map(() => false))
    world.setClockOnly(world.core.clock.now() + 1)
    expect(await shelves()).toEqual(everywhere)
    expect(await driver('twilio', POOR).buy(FIRST)).toBe('bought')
    expect((await world.core.invariants()).violations).toEqual([])
  })

  const releaser = (name: string) => {
    const module = dialectModules.find(each => each.name === name)
    return module && releasesAtOnce(module.driver) ? name : 'wavix'
  }

  it.each(holders)('held in %s, and bought by its holder in any dialect: that ends it', async name => {
    const mine = driver(name, RICH)
    for (const by of names) {
      expect([by, await mine.hold?.(FIRST), await driver(by, RICH).buy(FIRST)]).toEqual([by, 'held', 'bought'])
      expect([by, await mine.giveUp?.(FIRST)]).toEqual([by, 'not_held'])
      expect([by, await driver(by, POOR).buy(FIRST)]).toEqual([by, 'unavailable'])
      expect(await driver(name, RICH).owned()).toEqual([FIRST])
      expect(await driver(releaser(by), RICH).release(FIRST)).toBe('released')
    }
    expect((await world.core.invariants()).violations).toEqual([])
  })

  it.each(holders)('not to be held in %s while somebody has bought it in any dialect', async name => {
    const mine = driver(name, RICH)
    await world.core.ledger.topUp(null, POOR, 'USD', 100_000_000)
    for (const by of names) {
      expect([by, await driver(by, POOR).buy(FIRST), await mine.hold?.(FIRST)]).toEqual([by, 'bought', 'unavailable'])
      expect(await driver(releaser(by), POOR).release(FIRST)).toBe('released')
      expect([by, await mine.hold?.(FIRST), await mine.giveUp?.(FIRST)]).toEqual([by, 'held', 'given_up'])
    }
  })

  it.each(holders)('held by the operator for somebody: neither reserved nor ordered in %s', async name => {
    const account = await world.core.accounts.get(POOR)
    const caller = world.core.accounts.callerFor(account as NonNullable<typeof account>)
    const until = world.core.clock.now() + HOURS_4
    const [hold] = await world.core.holds.take(caller, { e164s: [FIRST] }, { until, documents: 'refuse' })
    const here = driver(name, RICH)
    expect([await here.isAvailable(FIRST), await here.hold?.(FIRST), await here.buy(FIRST)]).toEqual([
      false,
      'unavailable',
      'unavailable',
    ])
    await world.core.holds.giveUp(caller, [hold?.id as number])
    expect(await here.buy(FIRST)).toBe('bought')
  })
})

/** Dies before the commit of unit n, which is right after that of the one before: from then on nothing is written. */
function mortal(store: Store, at: number): Store {
  let units = 0
  const die = (): never => {
    throw new Error('dead')
  }
  return {
    ...store,
    write: async fn => {
      const mine = ++units
      if (at > 0 && mine > at) die()
      return store.write(async db => {
        const result = await fn(db)
        return mine === at ? die() : result
      })
    },
  }
}

async function open(url: string, dieAt = 0, now = Date.parse(NOW)) {
  const real = await openStore(url)
  await real.migrate()
  const store = mortal(real, dieAt)
  const core = createCore({ store, clock: { now: () => now }, key: 'test' })
  const config = { mode: 'double', publicUrl: undefined, trustProxy: false } as const
  const gateway = createGateway({ config, core, modules: dialectModules })
  const sender = createSender({ core, dialects: gateway.dialects, targets: gateway.callbackTargets })
  return { core, gateway, sender, close: () => real.close() }
}

type Process = Awaited<ReturnType<typeof open>>

async function callerOf({ core }: Process, id: number) {
  return core.accounts.callerFor((await core.accounts.get(id)) as never)
}

async function bring({ core }: Process): Promise<void> {
  const row = Object.fromEntries(Object.entries(carolina('9195550145')).map(([key, value]) => [key, String(value)]))
  async function* lines() {
    yield { line: 2, row }
  }
  await core.imports.resume()
  await core.imports.run(lines(), { owned: false, keepGood: false })
}

/** In the words of another dialect. */
async function release({ gateway }: Process): Promise<void> {
  const credentials = { accountSid: `AC${String(OTHER).padStart(32, '0')}`, token: 'twilio-secret' }
  const module = dialectModules.find(({ name }) => name === 'twilio') as (typeof dialectModules)[number]
  const base = 'http://didgate.test/twilio'
  const client = module.driver.create({ send: request => gateway.fetch(request), base, credentials })
  const outcome = await client.release(`+1${N144}`)
  // repeated after the first was done, it finds nothing to give back
  expect(['released', 'not_owned']).toContain(outcome)
}

describe('an order that waits, killed at each step', () => {
  const folder = mkdtempSync(join(tmpdir(), 'didgate-bandwidth-'))
  const receivers = createReceivers()
  let callbackUrl = ''
  const received: string[] = []
  let guid = ''
  beforeAll(async () => {
    callbackUrl = await receivers.http(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      received.push(body)
      response.end()
    })
    const there = await open(`sqlite:${folder}/start.db`)
    const world = bandwidthWorld()
    const secret = {
      realm: 'twilio',
      kind: 'key_pair' as const,
      public_id: `AC${String(OTHER).padStart(32, '0')}`,
      secret: 'twilio-secret',
    }
    const accounts = world.accounts?.map(each => (each.id === OTHER ? { ...each, credentials: [secret] } : each))
    await loadWorld(there.core, {
      ...world,
      quarantine_days: { '*': 0 },
      reclaim_days: {},
      ...(accounts && { accounts }),
    })
    await there.core.numbers.purchase(await callerOf(there, OTHER), [`+1${N144}`], { documents: 'refuse' })
    const owner = await callerOf(there, OWNER)
    const data = { orderType: 'orders', callback: { url: callbackUrl, seconds: 3600 } }
    await there.core.resources.create(owner, { kind: 'bandwidth.subscription', data })
    const order = await there.core.orders.placeParts(owner, {
      ...{ dialect: 'bandwidth', partial: true, mayWait: true, data: { user: 'user-1' } },
      wish: { filter: { pattern: { kind: 'starts', digits: '1919' } }, quantity: 3 },
    })
    expect([order.status, order.ranges.map(({ start }) => start)]).toEqual(['pending', [`+1${N142}`, `+1${N143}`]])
    guid = order.guid
    await there.close()
  })
  afterAll(() => {
    receivers.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it.each([
    ['an import', bring],
    ['a release in another dialect', release],
  ])(
    '%s fills it once, with one callback',
    async (name, act) => {
      let isAlive = false
      let repeated = 0
      for (let step = 1; !isAlive; step++) {
        received.length = 0
        const file = join(folder, `${name.length}-${step}.db`)
        cpSync(join(folder, 'start.db'), file)
        const first = await open(`sqlite:${file}`, step)
        isAlive = await act(first)
          .then(() => first.sender.tick())
          .then(
            () => true,
            () => false,
          )
        await first.sender.stop().catch(() => undefined)
        await first.close()
        const second = await open(`sqlite:${file}`, 0, Date.parse(NOW) + RETRY_MS)
        await act(second)
        await second.sender.tick()
        const order = await second.core.orders.byGuid(guid)
        expect([step, order?.status, order?.ranges.length]).toEqual([step, 'completed', 3])
        expect((await second.core.invariants()).violations).toEqual([])
        const balance = await second.core.ledger.balance(OWNER, 'USD')
        expect(balance?.balance).toBe(94_000_000)
        const { items } = await second.core.outbox.deliveries({}, { limit: 9, offset: 0 })
        const told = items.filter(({ body }) => body.includes('<Status>COMPLETE<'))
        expect(told).toHaveLength(1)
        // what was sent, and not written down before the end, is sent once more: the same, and known by its id
        expect(told[0]?.status).toBe('delivered')
        const complete = received.filter(body => body.includes('<Status>COMPLETE<'))
        expect([step, new Set(complete).size, complete.length <= 2]).toEqual([step, 1, true])
        repeated += complete.length - 1
        await second.close()
      }
      // of all steps one alone lies between the two
      expect(repeated).toBe(1)
    },
    TEST_MS,
  )
})
