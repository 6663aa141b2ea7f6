/** A synchronous replica takes the place of a server that dies under 64 buyers of several surfaces. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { dialectModules } from '../../src/dialects.ts'
import type { World } from '../../src/worlds/world-file.ts'
import { account, credentialsOf } from '../contract/world.ts'
import { createServers, whyNoServers } from '../support/postgres-servers.ts'
import { type ServerProcess, startServer, workFolder } from '../support/process.ts'

const why = whyNoServers()
if (why) process.stderr.write(`skipped: fail-over of PostgreSQL: ${why}\n`)

const closing: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const BUYERS = 64
const ACCOUNTS = [21, 22, 23, 24]
/** Each buys by name, on a surface of its own. */
const DIALECTS = ['wavix', 'sinch', 'sinch-v1', 'twilio', 'vobiz']
const KEYED = 'vobiz'
const NUMBERS = 6_000

const e164Of = (n: number) => `+1212${String(5_550_000 + n).slice(0, 7)}`

const world: World = {
  quarantine_days: { '*': 0 },
  places: [
    { id: 8652, kind: 'country', country: 'US', code: 'US', name: 'United States', has_regions: true },
    { id: 300, kind: 'region', parent: 8652, country: 'US', code: 'NY', name: 'New York' },
  ],
  accounts: ACCOUNTS.map(id => account(id, '100000.00')),
  numbers: Array.from({ length: NUMBERS }, (_, n) => ({
    ...{ e164: e164Of(n), country: 'US', type: 'local', region: 'NY', city: 'New York', currency: 'USD' },
    ...{ capabilities: 'voice;sms', setup_price: '1', monthly_price: '2' },
  })),
}

/** One request has one answer; a lost one or a temporary error tells nothing. */
interface Market {
  acknowledged: Map<string, number>
  /** Vobiz: what was sent with which key, and not answered with yes or no. */
  open: { accountId: number; e164: string; key: string }[]
  answers: number[]
  errors: Map<string, number>
  isOn: boolean
}

async function buyByKey(url: string, accountId: number, e164: string, key: string) {
  const { authId = '', authToken = '' } = credentialsOf(accountId)[KEYED] ?? {}
  const response = await fetch(`${url}/vobiz/api/v1/Account/${authId}/numbers/purchase-from-inventory`, {
    method: 'POST',
    headers: {
      ...{ 'x-auth-id': authId, 'x-auth-token': authToken },
      ...{ 'content-type': 'application/json', 'idempotency-key': key },
    },
    body: JSON.stringify({ e164 }),
    signal: AbortSignal.timeout(60_000),
  })
  return { status: response.status, text: await response.text() }
}

function clientOf(url: string, dialect: string, accountId: number, onStatus: (status: number) => void) {
  const { driver } = dialectModules.find(({ name }) => name === dialect) as (typeof dialectModules)[number]
  const send = async (request: Request) => {
    const response = await fetch(request, { signal: AbortSignal.timeout(60_000) })
    onStatus(response.status)
    return response
  }
  return driver.create({ send, base: `${url}/${dialect}`, credentials: credentialsOf(accountId)[dialect] ?? {} })
}

function openMarket({ url }: ServerProcess) {
  const market: Market = { acknowledged: new Map(), open: [], answers: [], errors: new Map(), isOn: true }
  let next = 0
  const note = (what: string) => market.errors.set(what, (market.errors.get(what) ?? 0) + 1)
  const acknowledge = (e164: string, accountId: number) => {
    expect(market.acknowledged.has(e164)).toBe(false)
    market.acknowledged.set(e164, accountId)
    market.answers.push(performance.now())
  }
  const withKey = async (accountId: number, e164: string) => {
    const key = randomUUID()
    market.open.push({ accountId, e164, key })
    const { status } = await buyByKey(url, accountId, e164, key)
    if (status !== 200) return note(`${KEYED} ${status}`)
    market.open = market.open.filter(each => each.key !== key)
    acknowledge(e164, accountId)
  }
  const byDriver = (dialect: string, accountId: number) => {
    let last = 0
    const client = clientOf(url, dialect, accountId, status => {
      last = status
    })
    return async (e164: string) => {
      const outcome = await client.buy(e164)
      if (outcome === 'bought') acknowledge(e164, accountId)
      else note(`${dialect} ${last}`)
    }
  }
  const buyer = async (n: number) => {
    const dialect = DIALECTS[n % DIALECTS.length] as string
    const accountId = ACCOUNTS[n % ACCOUNTS.length] as number
    const buy = dialect === KEYED ? (e164: string) => withKey(accountId, e164) : byDriver(dialect, accountId)
    while (market.isOn && next < NUMBERS) {
      await buy(e164Of(next++)).catch(error => note(`${dialect}: ${(error as Error).name}`))
      await sleep(20)
    }
  }
  const all = Promise.all(Array.from({ length: BUYERS }, (_, n) => buyer(n)))
  const close = async () => {
    market.isOn = false
    await all
  }
  closing.push(close)
  return { market, close }
}

async function until(isSo: () => boolean | Promise<boolean>, ms = 60_000): Promise<void> {
  for (const end = performance.now() + ms; !(await isSo()); await sleep(25)) {
    if (performance.now() > end) throw new Error('waited in vain')
  }
}

async function pair() {
  const servers = createServers()
  closing.push(() => servers.remove())
  const first = await servers.create('first')
  await first.start()
  await first.ask('CREATE DATABASE didgate')
  const second = await servers.follow(first, 'second')
  await second.start()
  await first.ask("ALTER SYSTEM SET synchronous_standby_names = 'second'")
  await first.ask('SELECT pg_reload_conf()')
  const isSynchronous = async () =>
    (await first.ask<{ n: number }>("SELECT count(*)::int AS n FROM pg_stat_replication WHERE sync_state = 'sync'"))[0]
      ?.n === 1
  await until(isSynchronous)
  const hosts = `127.0.0.1:${first.port},127.0.0.1:${second.port}`
  return { first, second, url: `postgres://postgres@${hosts}/didgate?target_session_attrs=read-write` }
}

async function ownersIn(server: { ask<T extends object>(text: string, database?: string): Promise<T[]> }) {
  const rows = await server.ask<{ e164: string; account_id: string; count: number }>(
    `SELECT numbers.e164, leases.account_id, count(*)::int AS count FROM leases JOIN numbers ON numbers.id = leases.number_id
      GROUP BY 1, 2`,
    'didgate',
  )
  return rows.map(({ e164, account_id, count }) => ({ e164, accountId: Number(account_id), count }))
}

async function start(env: Record<string, string>, seed: World) {
  const folder = workFolder(seed)
  const server = await startServer({ DIDGATE_SEED: folder.seed, DIDGATE_KEY: 'k'.repeat(32), ...env })
  closing.push(async () => {
    await server.kill()
    folder.remove()
  })
  return server
}

describe.skipIf(why)('fail-over of PostgreSQL', () => {
  it('loses no acknowledged purchase, sells none twice, and needs no restart', { timeout: 180_000 }, async () => {
    const { first, second, url } = await pair()
    const server = await start({ DATABASE_URL: url }, world)
    const { market, close } = openMarket(server)
    await until(() => market.acknowledged.size > 200)
    await first.kill()
    const killedAt = performance.now()
    await sleep(1_000) // somebody notices
    await second.ask('SELECT pg_promote()')
    const promotedAt = performance.now()
    await second.ask("ALTER SYSTEM SET synchronous_standby_names = ''")
    await second.ask('SELECT pg_reload_conf()')
    const after = market.acknowledged.size
    await until(() => market.acknowledged.size > after + 200)
    await close()

    const last = Math.max(...market.answers.filter(at => at <= killedAt))
    const back = Math.min(...market.answers.filter(at => at > promotedAt))
    const [without, since] = [back - last, back - promotedAt].map(ms => (ms / 1000).toFixed(1))
    const errors = JSON.stringify(Object.fromEntries(market.errors))
    process.stderr.write(`fail-over: ${without} s without service, ${since} s of them after the promotion; ${errors}\n`)

    const owners = await ownersIn(second)
    expect(owners.filter(({ count }) => count > 1)).toEqual([])
    const ownerOf = new Map(owners.map(({ e164, accountId }) => [e164, accountId]))
    expect([...market.acknowledged].filter(([e164, accountId]) => ownerOf.get(e164) !== accountId)).toEqual([])
    expect([...market.errors.keys()].filter(each => /(200|201|500)$/.test(each))).toEqual([])

    expect(market.open.length).toBeGreaterThan(0)
    for (const { accountId, e164, key } of market.open) {
      const [one, two] = [
        await buyByKey(server.url, accountId, e164, key),
        await buyByKey(server.url, accountId, e164, key),
      ]
      expect([one.status, two]).toEqual([200, one])
    }
    expect((await ownersIn(second)).filter(({ count }) => count > 1)).toEqual([])
    expect(await (await fetch(`${server.admin}/admin/v1/invariants`)).json()).toMatchObject({
      ok: true,
      violations: [],
    })
    expect(server.output()).not.toContain('"fault":"internal"')
    expect(await server.stop()).toBe(0)
  })

  it('while no standby has it, nothing is acknowledged, and no repeat of it', { timeout: 60_000 }, async () => {
    const { first, second, url } = await pair()
    const small = { ...world, numbers: (world.numbers ?? []).slice(0, 10) }
    const server = await start({ DATABASE_URL: url, DATABASE_TIMEOUT: '1' }, small)
    const [id] = ACCOUNTS as [number, ...number[]]
    const buy = () => buyByKey(server.url, id, e164Of(0), 'one')
    await second.kill()
    expect((await buy()).status).toBe(503)
    expect(await ownersIn(first)).toEqual([{ e164: e164Of(0), accountId: id, count: 1 }])
    expect((await buy()).status).toBe(503)
    await second.start()
    await until(async () => (await buy()).status === 200)
    expect(await ownersIn(second)).toEqual([{ e164: e164Of(0), accountId: id, count: 1 }])
    expect(await (await fetch(`${server.admin}/admin/v1/invariants`)).json()).toMatchObject({
      ok: true,
      violations: [],
    })
  })
})
