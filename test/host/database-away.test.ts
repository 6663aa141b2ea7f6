/** A database that goes away, comes back, or falls silent: the program goes on, and says so in each provider's words. */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterEach, describe, expect, it } from 'vitest'
import { openStore } from '../../core/store/open.ts'
import { demoWorldFolder } from '../../src/config/package-files.ts'
import { dialectModules } from '../../src/dialects.ts'
import { shopper, shopWorld } from '../adapters/onsip/shop.ts'
import { freshStore, postgresIsHere } from '../support/engines.ts'
import { type ServerProcess, startServer, workFolder } from '../support/process.ts'
import { tcpProxy } from '../support/tcp-proxy.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const SERVER = { host: '127.0.0.1', port: 5432 }

/** A database of its own behind a wire of its own. */
async function behindProxy() {
  const { url, drop } = await freshStore('postgres')
  closing.push(drop)
  const proxy = await tcpProxy(SERVER)
  closing.push(() => proxy.close().catch(() => {}))
  const name = `didgate-${randomBytes(4).toString('hex')}`
  const through = new URL(`${url}&application_name=${name}`)
  through.port = String(proxy.port)
  /** As an administrator would, all connections of this name. */
  const terminate = async () => {
    const admin = new pg.Client(url)
    await admin.connect()
    await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [name])
    await admin.end()
  }
  return { url: through.href, proxy, terminate }
}

async function serve(url: string, args: readonly string[] = [], env: Record<string, string> = {}) {
  const { seed, remove } = workFolder(shopWorld(500, '10000.00'))
  const server = await startServer({ DATABASE_URL: url, DIDGATE_SEED: seed, DIDGATE_KEY: 'k'.repeat(32), ...env }, args)
  closing.push(async () => {
    await server.kill()
    remove()
  })
  return server
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(50)
}

const statusOf = (url: string, init: RequestInit = {}) =>
  fetch(url, { ...init, signal: AbortSignal.timeout(30_000) }).then(
    response => response.status,
    () => 0,
  )
const isReady = async ({ admin }: ServerProcess) => (await statusOf(`${admin}/readyz`)) === 200

/** Buys until told to stop; how many were answered in some way, and what went wrong. */
function keepBuying(server: ServerProcess, session: string) {
  const state = { bought: 0, refused: 0, broken: 0, isOn: true }
  const one = async () => {
    while (state.isOn) {
      try {
        if (await shopper(server.url).buy(session)) state.bought++
        else state.refused++
      } catch (error) {
        // an exception of this dialect has no envelope to read
        if ((error as Error).message === 'fetch failed') state.broken++
        else state.refused++
      }
      await sleep(10)
    }
  }
  const all = Promise.all([1, 2, 3, 4].map(one))
  return {
    state,
    async stop() {
      state.isOn = false
      await all
    },
  }
}

describe.skipIf(!postgresIsHere)('PostgreSQL goes away', () => {
  for (const args of [[], ['--workers', '2']]) {
    it(`C1: connections that are ended or cut under load end no process (${args.join(' ') || 'one process'})`, async () => {
      const { url, proxy, terminate } = await behindProxy()
      const server = await serve(url, args)
      const buyers = keepBuying(server, await shopper(server.url).login())
      for (const harm of [terminate, async () => proxy.cut(), terminate]) {
        const before = buyers.state.bought
        await until(async () => buyers.state.bought > before + 5)
        await harm()
      }
      const before = buyers.state.bought
      await until(async () => buyers.state.bought > before + 5)
      await buyers.stop()
      expect(buyers.state.broken).toBe(0)
      expect(server.child.exitCode).toBe(null)
      expect(await (await fetch(`${server.admin}/admin/v1/invariants`)).json()).toMatchObject({ ok: true })
      expect(await server.stop()).toBe(0)
    })
  }

  it('C1: while nobody listens there, requests get the temporary error; then it serves again by itself', async () => {
    const { url, proxy } = await behindProxy()
    const server = await serve(url)
    const session = await shopper(server.url).login()
    await proxy.close()
    const exception = await fetch(`${server.url}/onsip/api?Action=DidBrowse&SessionId=${session}`)
    expect(await exception.text()).toContain('The service is not available just now')
    expect(await statusOf(`${server.admin}/readyz`)).toBe(503)
    expect(await statusOf(`${server.admin}/healthz`)).toBe(200)
    await proxy.open()
    await until(() => isReady(server))
    expect(await shopper(server.url).buy(session)).toHaveLength(1)
  })

  it('C1: a start waits for the database, and says so; it gives up after the time it told', async () => {
    const { url, proxy } = await behindProxy()
    proxy.refuse()
    await expect(serve(url, [], { DATABASE_WAIT: '1' })).rejects.toThrow(
      /does not answer: .*; waited 1 s \(DATABASE_WAIT\)/,
    )
    const starting = serve(url)
    const before = proxy.refused()
    await until(async () => proxy.refused() > before)
    proxy.mend()
    const server = await starting
    expect(server.output()).toMatch(/does not answer: .*; waiting for it, at most 30 s \(DATABASE_WAIT\)/)
  })

  it('C8: a black hole: temporary errors and not ready within seconds, an end in order, and back by itself', async () => {
    const { url, proxy } = await behindProxy()
    const server = await serve(url)
    const session = await shopper(server.url).login()
    const buyers = keepBuying(server, session)
    await until(async () => buyers.state.bought > 5)
    proxy.swallow()
    const askedAt = performance.now()
    expect(await statusOf(`${server.admin}/readyz`)).toBe(503)
    await until(async () => buyers.state.refused > 4)
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => fetch(`${server.url}/onsip/api?Action=DidBrowse&SessionId=${session}`)),
    )
    const seconds = (performance.now() - askedAt) / 1000
    for (const answer of answers) expect(await answer.text()).toContain('The service is not available just now')
    expect(seconds).toBeLessThan(30)
    const { bought } = buyers.state
    proxy.mend()
    await until(async () => buyers.state.bought > bought)
    await until(() => isReady(server))
    expect(buyers.state.broken).toBe(0)
    proxy.swallow()
    await buyers.stop()
    expect(await server.stop()).toBe(0)
  })

  it('C1: every dialect words it in its own way, and never as its own failure', async () => {
    const { url, proxy } = await behindProxy()
    const server = await serve(url, [], { DIDGATE_SEED: demoWorldFolder() })
    await proxy.close()
    const asks: Record<string, [string, RequestInit?]> = {
      onsip: ['/onsip/api?Action=SessionCreate&Username=example_ann&Password=demo-ann-password'],
      wavix: ['/wavix/v1/mydids', { headers: { authorization: 'Bearer demo-wavix-acme' } }],
      vobiz: [
        '/vobiz/api/v1/Account/MA_DEMO0001/numbers',
        { headers: { 'x-auth-id': 'MA_DEMO0001', 'x-auth-token': 'demo-vobiz-acme' } },
      ],
      'sinch-v1': ['/sinch-v1/v1/Accounts/AC00000000000000000000000000000012/ActiveNumbers'],
      sinch: [
        '/sinch/oauth2/token',
        {
          method: 'POST',
          body: new URLSearchParams({ grant_type: 'client_credentials' }),
          headers: { authorization: `Basic ${btoa('demo-sinch-key:demo-sinch-secret')}` },
        },
      ],
      cm: [
        '/cm/voice-phonenumberrequestapi/v1/00000000-0000-4000-8000-000000000012/numberRequests',
        { headers: { 'x-cm-producttoken': 'demo-cm-acme' } },
      ],
    }
    for (const { name } of dialectModules.filter(each => each.name in asks)) {
      const [path, init] = asks[name] as [string, RequestInit?]
      expect([name, await statusOf(server.url + path, init)]).toEqual([name, name === 'onsip' ? 200 : 503])
    }
    expect(server.output()).not.toContain('"fault":"internal"')
  })

  it('a server that takes seconds to let somebody in is there: a long statement keeps its connection', async () => {
    const { url, proxy } = await behindProxy()
    const store = await openStore(url, { connections: 1 })
    closing.push(() => store.close())
    expect(await store.isMigrated()).toBe(true)
    proxy.delay(4_000) // longer than the first who asks is given
    const { sql } = await import('kysely')
    // asked after two seconds, for three, and again for five
    const slept = store.readAside(db => sql`SELECT 'awake' AS state FROM pg_sleep(10.5)`.execute(db))
    expect((await slept).rows).toEqual([{ state: 'awake' }])
  })

  it('C8: a statement that takes too long is ended alone, and its connection is replaced', async () => {
    const { url } = await behindProxy()
    const store = await openStore(url, { statementMs: 300, connections: 1 })
    closing.push(() => store.close())
    const { sql } = await import('kysely')
    await expect(store.read(db => sql`SELECT pg_sleep(20)`.execute(db))).rejects.toMatchObject({
      code: 'temporarily_unavailable',
    })
    expect(await store.isMigrated()).toBe(true)
  })
})
