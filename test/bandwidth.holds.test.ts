/** What is reserved in one dialect is nobody else's in any; and a wait for numbers ends once, wherever they come from. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCore } from '../core/core.ts'
import { openStore } from '../core/store/open.ts'
import type { Store } from '../core/store/store.ts'
import { dialectModules } from '../src/dialects.ts'
import { createGateway } from '../src/gateway.ts'
import { createSender } from '../src/outbound.ts'
import { loadWorld } from '../src/seed.ts'
import { CONTRACT_NUMBERS, contractWorld, credentialsOf, POOR, RICH } from './contract/world.ts'
import { bandwidthWorld, carolina, N142, N143, N144, NOW, OTHER, OWNER } from './support/bandwidth.ts'
import { createReceivers } from './support/callbacks.ts'
import { openWorlds, type TestWorld } from './support/world.ts'

const [FIRST = '', SECOND = ''] = CONTRACT_NUMBERS
const HOURS_4 = 14_400_000
const TEST_MS = 180_000

describe('reservations and other dialects', () => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let world: TestWorld
  beforeAll(async () => {
    worlds = await openWorlds('sqlite')
    world = await worlds.open(contractWorld)
  })
  afterAll(() => worlds.drop())
  const driver = (name: string, id: number) => {
    const module = dialectModules.find(each => each.name === name) as (typeof dialectModules)[number]
    return module.driver.create({
      send: world.send,
      base: world.base(name),
      credentials: credentialsOf(id)[name] ?? {},
    })
  }
  const reserve = async (e164: string) => {
    const { accountId, userName, password } = credentialsOf(RICH).bandwidth ?? {}
    const authorization = `Basic ${Buffer.from(`${userName}:${password}`).toString('base64')}`
    const body = `<Reservation><ReservedTn>${e164.slice(2)}</ReservedTn></Reservation>`
    const url = `${world.base('bandwidth')}/api/accounts/${accountId}/tnreservation`
    const answer = await world.send(new Request(url, { method: 'POST', headers: { authorization }, body }))
    expect(answer.status).toBe(201)
  }

  it('a number reserved here is for sale nowhere, until the reservation runs out', async () => {
    await reserve(FIRST)
    for (const { name } of dialectModules) {
      const other = driver(name, POOR)
      expect([name, await other.isAvailable(FIRST), await other.buy(FIRST)]).toEqual([name, false, 'unavailable'])
    }
    world.setClockOnly(world.core.clock.now() + HOURS_4)
    for (const { name } of dialectModules)
      expect([name, await driver(name, POOR).isAvailable(FIRST)]).toEqual([name, true])
    expect(await driver('twilio', POOR).buy(FIRST)).toBe('bought')
  })

  it('and its holder may buy it in another dialect', async () => {
    await reserve(SECOND)
    expect(await driver('wavix', RICH).buy(SECOND)).toBe('bought')
    expect(await driver('bandwidth', RICH).owned()).toEqual([SECOND])
  })

  it('a number held elsewhere cannot be reserved or ordered here', async () => {
    const account = await world.core.accounts.get(POOR)
    const caller = world.core.accounts.callerFor(account as NonNullable<typeof account>)
    const e164 = CONTRACT_NUMBERS[2] as string
    const [hold] = await world.core.holds.take(
      caller,
      { e164s: [e164] },
      { until: world.core.clock.now() + HOURS_4, documents: 'refuse' },
    )
    const here = driver('bandwidth', RICH)
    expect([await here.isAvailable(e164), await here.buy(e164)]).toEqual([false, 'unavailable'])
    await world.core.holds.giveUp(caller, [hold?.id as number])
    expect(await here.buy(e164)).toBe('bought')
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

async function open(url: string, dieAt = 0) {
  const real = await openStore(url)
  await real.migrate()
  const store = mortal(real, dieAt)
  const core = createCore({ store, clock: { now: () => Date.parse(NOW) }, key: 'test' })
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
  let guid = ''
  beforeAll(async () => {
    callbackUrl = await receivers.http((request, response) => {
      request.resume().on('end', () => response.end())
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
      for (let step = 1; !isAlive; step++) {
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
        const second = await open(`sqlite:${file}`)
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
        await second.close()
      }
    },
    TEST_MS,
  )
})
