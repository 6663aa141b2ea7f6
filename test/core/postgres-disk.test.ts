/** The disk of a PostgreSQL server is full: every surface says so in its own way, and goes on when there is room. */
import { chownSync, rmSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { dialectModules } from '../../src/dialects.ts'
import type { World } from '../../src/worlds/world-file.ts'
import { account, credentialsOf } from '../contract/world.ts'
import { createServers, whyNoServers } from '../support/postgres-servers.ts'
import { startServer, workFolder } from '../support/process.ts'
import { smallDisk } from '../support/small-disk.ts'

const why = whyNoServers()
if (why) process.stderr.write(`skipped: a full disk under PostgreSQL: ${why}\n`)

const closing: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const ID = 21
/** Each surface has an area code of its own, so that buying by area is not buying what another one sells. */
const NPAS = ['201', '203', '205', '206', '207', '208', '209', '210', '212', '213', '214', '215']
const NUMBERS_EACH = 400
const e164Of = (surface: number, n: number) => `+1${NPAS[surface]}555${String(n).padStart(4, '0')}`

const world: World = {
  quarantine_days: { '*': 0 },
  places: [
    { id: 8652, kind: 'country', country: 'US', code: 'US', name: 'United States', has_regions: true },
    { id: 300, kind: 'region', parent: 8652, country: 'US', code: 'NY', name: 'New York' },
  ],
  accounts: [{ ...account(ID, '100000.00'), profile: { orderSettleMs: 0 } }],
  numbers: dialectModules.flatMap((_, surface) =>
    Array.from({ length: NUMBERS_EACH }, (__, n) => ({
      ...{ e164: e164Of(surface, n), country: 'US', type: 'local', region: 'NY', city: 'New York' },
      ...{ currency: 'USD', capabilities: 'voice;sms', setup_price: '1', monthly_price: '2' },
    })),
  ),
}

interface Answer {
  status: number
  text: string
}

/** Who buys by area may get another one than the next. */
const WRONG_NUMBER = /^asked for \+\d+, got \+?\d+$/

/** Onsip has one status for everything. */
const isTemporary = ({ status, text }: Answer) =>
  status === 503 || text.includes('The service is not available just now')

describe.skipIf(why)('a full disk under PostgreSQL', () => {
  it('is a temporary error of every surface while reads go on, and no reason for a restart', {
    timeout: 120_000,
  }, async context => {
    const disk = smallDisk(64)
    if (!disk) return context.skip()
    closing.push(disk.remove)
    const servers = createServers()
    closing.push(() => servers.remove())
    chownSync(disk.folder, servers.owner.uid, servers.owner.gid)
    const database = await servers.create('only')
    await database.start()
    await database.ask(`CREATE TABLESPACE small LOCATION '${disk.folder}'`)
    await database.ask('CREATE DATABASE didgate TABLESPACE small')
    const { seed, remove } = workFolder(world)
    closing.push(remove)
    const url = `postgres://postgres@127.0.0.1:${database.port}/didgate`
    const server = await startServer({ DATABASE_URL: url, DIDGATE_SEED: seed, DIDGATE_KEY: 'k'.repeat(32) })
    closing.push(() => server.kill())

    const clients = dialectModules.map(({ name, driver }, surface) => {
      const seen: Answer[] = []
      const send = async (request: Request) => {
        const response = await fetch(request)
        seen.push({ status: response.status, text: await response.clone().text() })
        return response
      }
      const options = { send, base: `${server.url}/${name}`, credentials: credentialsOf(ID)[name] ?? {} }
      return { name, seen, surface, options, driver }
    })
    type Client = (typeof clients)[number]
    let next = 0
    /** With a new client each time: a log-in is written too. What an answer without the usual parts made of it is no matter. */
    const buy = ({ driver, options, surface }: Client) =>
      driver
        .create(options)
        .buy(e164Of(surface, next++ % NUMBERS_EACH))
        .catch(error => (WRONG_NUMBER.test(error.message) ? 'bought' : undefined))

    for (const client of clients) expect([client.name, await buy(client)]).toEqual([client.name, 'bought'])
    const filler = disk.fill('other')
    for (const client of clients) {
      client.seen.length = 0
      for (let n = 0; n < NUMBERS_EACH && !client.seen.some(isTemporary); n++) await buy(client)
      expect([client.name, client.seen.some(isTemporary)]).toEqual([client.name, true])
    }
    expect(clients.flatMap(({ name, seen }) => seen.filter(each => each.status === 500).map(() => name))).toEqual([])
    const wavix = clients.find(({ name }) => name === 'wavix') as Client
    expect((await wavix.driver.create(wavix.options).owned()).length).toBeGreaterThan(0)

    rmSync(filler)
    for (const client of clients) {
      let outcome: string | undefined
      for (let n = 0; n < 20 && outcome !== 'bought'; n++) outcome = await buy(client)
      expect([client.name, outcome]).toEqual([client.name, 'bought'])
    }
    expect(await (await fetch(`${server.admin}/admin/v1/invariants`)).json()).toMatchObject({
      ok: true,
      violations: [],
    })
    expect(server.output()).not.toContain('"fault":"internal"')
    expect(await server.stop()).toBe(0)
  })
})
