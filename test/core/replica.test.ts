/** Searches on a streaming replica that stands still, comes after, and is gone. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCore } from '../../core/core.ts'
import { seededRandom } from '../../core/ground/random.ts'
import { openStore } from '../../core/store/open.ts'
import type { Store } from '../../core/store/store.ts'
import type { Core } from '../../core/verbs.ts'
import { loadWorld } from '../../src/worlds/seed.ts'
import { shopWorld } from '../adapters/onsip/shop.ts'
import { createServers, type PostgresServer, type Servers, whyNoServers } from '../support/postgres-servers.ts'

const why = whyNoServers()
if (why) process.stderr.write(`skipped: searches on a replica: ${why}\n`)

const NOW = Date.parse('2026-06-01T00:00:00Z')
const LONG_MS = 600_000
const SHORT_MS = 2_000
const NUMBERS = 40
const e164 = (n: number) => `+1212789${String(n).padStart(4, '0')}`

describe.skipIf(why)('searches on a replica', () => {
  let servers: Servers
  let second: PostgresServer
  const stores: Store[] = []

  /** A core that looks at the replica if it is not later than that. */
  const opened = async (first: PostgresServer, lagMs: number): Promise<Core> => {
    const urlOf = (server: PostgresServer) => `postgres://postgres@127.0.0.1:${server.port}/didgate`
    const store = await openStore(urlOf(first), { replica: { url: urlOf(second), lagMs } })
    stores.push(store)
    await store.migrate()
    return createCore({ store, clock: { now: () => NOW }, random: seededRandom('replica'), key: 'test' })
  }
  const until = async (isSo: () => boolean | Promise<boolean>) => {
    for (const end = Date.now() + 30_000; !(await isSo()); await sleep(20)) {
      if (Date.now() > end) throw new Error('waited in vain')
    }
  }
  const isUsed = (n: number) => () => stores[n]?.replica?.() !== undefined
  const shown = async (core: Core, limit = 3) => {
    const { items, total } = await core.numbers.search({ npaNxx: '212789' }, { limit, offset: 0 }, true)
    return { e164s: items.map(item => item.e164), total }
  }
  const buy = async (core: Core, n: number) => {
    const caller = core.accounts.callerFor((await core.accounts.get(12)) as never)
    await core.numbers.purchase(caller, [e164(n)], { documents: 'refuse' })
  }

  let patient: Core
  let strict: Core
  beforeAll(async () => {
    servers = createServers()
    const first = await servers.create('first')
    await first.start()
    await first.ask('CREATE DATABASE didgate')
    second = await servers.follow(first, 'second')
    await second.start()
    patient = await opened(first, LONG_MS)
    strict = await opened(first, SHORT_MS)
    await loadWorld(patient, shopWorld(NUMBERS, '1000.00'))
  }, 60_000)
  afterAll(async () => {
    await Promise.all(stores.map(store => store.close()))
    await servers?.remove()
  }, 30_000)

  it('are made of it while it is close, and show nothing that has been sold, to whoever sold or bought it', async () => {
    await until(async () => (await shown(patient)).total === NUMBERS && isUsed(0)())
    await patient.numbers.block(null, e164(0), 'for a while')
    await until(async () => (await shown(patient)).total === NUMBERS - 1)
    await second.ask('SELECT pg_wal_replay_pause()')
    await patient.numbers.unblock(null, e164(0), 'it is over')
    // what has come to the shelf is seen when the replica has it: so this is the replica
    expect(isUsed(0)()).toBe(true)
    expect((await shown(patient)).e164s).toEqual([1, 2, 3].map(e164))
    expect(await patient.numbers.find(e164(0))).toMatchObject({ state: 'available' })
    const named = await patient.numbers.search({ e164: e164(0) }, { limit: 1, offset: 0 })
    expect(named.items.map(item => item.e164)).toEqual([e164(0)])
    // what has left it is not shown, and the page is as long as ever
    await buy(patient, 2)
    expect((await shown(patient)).e164s).toEqual([0, 1, 3].map(e164))
    await buy(strict, 1)
    expect((await shown(patient)).e164s).toEqual([0, 3, 4].map(e164))
  })

  it('are made of the primary when it is later than the setting', async () => {
    await until(() => !isUsed(1)())
    expect(await shown(strict)).toEqual({ e164s: [0, 3, 4].map(e164), total: NUMBERS - 2 })
    expect(isUsed(0)()).toBe(true)
    await second.ask('SELECT pg_wal_replay_resume()')
    await until(isUsed(1))
    expect((await shown(strict)).e164s).toEqual([0, 3, 4].map(e164))
  })

  it('are made of the primary while it is away, and of it again when it is back', async () => {
    await second.kill()
    await until(async () => {
      expect((await shown(patient)).e164s).toEqual([0, 3, 4].map(e164))
      return !isUsed(0)()
    })
    await second.start()
    await until(isUsed(0))
    expect((await shown(patient)).e164s).toEqual([0, 3, 4].map(e164))
    expect(await patient.invariants()).toMatchObject({ ok: true })
  })
})
