import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { Core } from '../../core/verbs.ts'
import { readConfig } from '../../src/config/config.ts'
import { demoWorldFolder } from '../../src/config/package-files.ts'
import { type ListenOptions, listen } from '../../src/http/listen.ts'
import { createLog } from '../../src/logs/log.ts'
import { type Didgate, startDidgate } from '../../src/main.ts'
import { openDatabase } from '../../src/process/database.ts'
import { createRunner } from '../../src/process/runner.ts'
import { ensureWorld, holdsDemoWorld } from '../../src/worlds/first-world.ts'
import { openListener, raw } from '../support/socket.ts'

const log = createLog('silent')
const closing: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

function configOf(env: Record<string, string>) {
  const base = {
    PORT: '0',
    ADMIN_PORT: '0',
    DATABASE_URL: 'sqlite::memory:',
    DIDGATE_SEED: 'none',
    DIDGATE_KEY: '0123456789abcdef0123456789abcdeF',
  }
  const { config, problems } = readConfig({ ...base, ...env }, { dialects: ['onsip'], serving: true })
  if (!config) throw new Error(problems.join('\n'))
  return config
}

async function start(env: Record<string, string> = {}): Promise<Didgate> {
  const didgate = await startDidgate(configOf(env), { log })
  closing.push(() => didgate.close())
  return didgate
}

const open = (fetch: ListenOptions['fetch'], more?: Partial<ListenOptions>) => openListener(closing, fetch, more)

const temporary = () => mkdtempSync(join(tmpdir(), 'didgate-'))

describe('listeners', () => {
  const hello = () => new Response('hello')

  it('answers malformed requests with 400 and too many headers with 431', async () => {
    const { port } = await open(hello)
    expect(await raw(port, 'GARBAGE\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /)
    const large = `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`
    expect(await raw(port, large)).toMatch(/^HTTP\/1.1 431 /)
    expect(await raw(port, 'GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /)
    expect(await raw(port, 'GET / HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1.1 200 /)
  })

  it('cuts a client that does not finish its request', async () => {
    const { port } = await open(async request => new Response(await request.text()), { requestMs: 100 })
    const slow = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc'
    expect(await raw(port, slow)).toMatch(/^HTTP\/1.1 408 /)
  })

  it('says in one line that a port is in use', async () => {
    const { port } = await open(hello)
    await expect(listen({ name: 'ADMIN_PORT', host: '127.0.0.1', port, fetch: hello })).rejects.toThrow(
      `127.0.0.1:${port} is in use by another program: stop it, or set ADMIN_PORT`,
    )
  })

  it('finishes what runs when it stops, and takes nothing new', async () => {
    let arrived = () => {}
    const isIn = new Promise<void>(resolve => {
      arrived = resolve
    })
    let finish = () => {}
    const isToEnd = new Promise<void>(resolve => {
      finish = resolve
    })
    const listener = await open(async ({ url }) => {
      if (!url.endsWith('/long')) return new Response('let in')
      arrived()
      await isToEnd
      return new Response('done')
    })
    const answer = fetch(`${listener.url}/long`)
    await isIn
    const closed = listener.close(60_000)
    // whom the system let in before is met first
    const text = (response: Response) => response.text()
    const another = () => fetch(listener.url).then(text, () => 'refused')
    await expect.poll(another).toBe('refused')
    finish()
    expect(await (await answer).text()).toBe('done')
    await closed
  })

  it('cuts what does not end in time', async () => {
    const listener = await open(() => new Promise<Response>(() => {}))
    const answer = fetch(listener.url).catch(() => 'cut')
    await sleep(50)
    await listener.close(50)
    expect(await answer).toBe('cut')
  })

  const hasOpenssl = spawnSync('openssl', ['version']).status === 0
  it.skipIf(!hasOpenssl)('speaks HTTPS with a certificate and its key', async () => {
    const [cert, key] = [join(temporary(), 'cert.pem'), join(temporary(), 'key.pem')]
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
    const files = ['-keyout', key, '-out', cert]
    execFileSync('openssl', ['req', '-x509', ...curve, '-nodes', '-subj', '/CN=localhost', ...files], {
      stdio: 'ignore',
    })
    const { addresses } = await start({ TLS_CERT: cert, TLS_KEY: key })
    expect(addresses.data).toMatch(/^https:/)
    const status = await new Promise(resolve => {
      get(`${addresses.data}/onsip/api?Action=NoOp`, { rejectUnauthorized: false }, response => {
        response.resume()
        resolve(response.statusCode)
      })
    })
    expect(status).toBe(200)
  })
})

describe('the runner', () => {
  const core = (jobs: () => Promise<never[]>) =>
    ({
      jobs: { runDue: jobs },
      imports: { resume: async () => 0 },
      retention: { tidy: async () => ({ removed: new Map(), isEnd: true }) },
      sealed: { reseal: async () => ({ resealed: 0, unreadable: 0, isOver: true }) },
    }) as unknown as Core

  it('goes on after a failure, and never runs a round beside another', async () => {
    let rounds = 0
    let together = 0
    const jobs = async () => {
      rounds++
      expect(++together).toBe(1)
      await sleep(5)
      together--
      throw new Error('no luck')
    }
    const runner = createRunner({ core: core(jobs), sender: { tick: async () => 0 }, log, everyMs: 1 })
    runner.start()
    await sleep(100)
    await runner.stop()
    const ran = rounds
    expect(ran).toBeGreaterThan(2)
    await sleep(30)
    expect(rounds).toBe(ran)
  })

  it('runs jobs while a delivery takes its time', async () => {
    let rounds = 0
    const jobs = async () => {
      rounds++
      return []
    }
    const runner = createRunner({ core: core(jobs), sender: { tick: () => sleep(100) }, log, everyMs: 1 })
    runner.start()
    await sleep(60)
    expect(rounds).toBeGreaterThan(2)
    await runner.stop()
  })
})

describe('the whole', () => {
  const onsip = async (origin: string, query: string) => (await fetch(`${origin}?${query}`)).text()

  it('serves a dialect by mount, at the root of its own port, and by host name', async () => {
    const { addresses } = await start({ DIALECT_PORTS: 'onsip:0' })
    expect(await onsip(`${addresses.data}/onsip/api`, 'Action=NoOp')).toContain('<NoOp')
    expect(await onsip(`${addresses.dialects.onsip}/api`, 'Action=NoOp')).toContain('<NoOp')
    const { port } = new URL(addresses.data)
    const byHost = 'GET /api?Action=NoOp HTTP/1.1\r\nHost: api.onsip.com\r\nConnection: close\r\n\r\n'
    expect(await raw(Number(port), byHost)).toContain('<NoOp')
  })

  it('is ready when it serves, and counts what it answers', async () => {
    const { addresses } = await start()
    expect((await fetch(`${addresses.admin}/healthz`)).status).toBe(200)
    expect((await fetch(`${addresses.admin}/readyz`)).status).toBe(200)
    await onsip(`${addresses.data}/onsip/api`, 'Action=NoOp')
    const metrics = await (await fetch(`${addresses.admin}/metrics`)).text()
    expect(metrics).toContain('didgate_requests_total{dialect="onsip",operation="NoOp",status="200"} 1')
  })

  it('resets to the seed, with the wall clock', async () => {
    const { addresses, core } = await start({ DIDGATE_SEED: demoWorldFolder() })
    const headers = { 'content-type': 'application/json' }
    const post = (path: string, body = '{}') =>
      fetch(`${addresses.admin}/admin/v1/${path}`, { method: 'POST', headers, body })
    await post('clock', '{"advance_seconds":864000}')
    await core.accounts.create(null, { name: 'Passing' })
    expect(await (await post('reset')).json()).toEqual({ ok: true })
    expect(Math.abs(core.clock.now() - Date.now())).toBeLessThan(10_000)
    expect((await core.accounts.list({}, { limit: 50, offset: 0 })).items.map(({ name }) => name)).not.toContain(
      'Passing',
    )
    expect(await core.invariants()).toMatchObject({ ok: true })
    const login = 'Action=SessionCreate&Username=example_ann&Password=demo-ann-password'
    expect(await onsip(`${addresses.data}/onsip/api`, login)).toContain('<IsCompleted>true</IsCompleted>')
  })

  it('keeps its state over a restart, and seeds only once', async () => {
    const DATABASE_URL = `sqlite:${join(temporary(), 'didgate.db')}`
    const first = await startDidgate(configOf({ DATABASE_URL, DIDGATE_SEED: demoWorldFolder() }), { log })
    const { id } = await first.core.accounts.create(null, { name: 'Kept' })
    await first.close()
    const { core, isDemo } = await start({ DATABASE_URL, DIDGATE_SEED: demoWorldFolder() })
    expect(isDemo).toBe(true)
    expect(await core.accounts.get(id)).toMatchObject({ name: 'Kept' })
  })

  it('starts over when a seed was cut short, and refuses to in production', async () => {
    const DATABASE_URL = `sqlite:${join(temporary(), 'didgate.db')}`
    const database = await openDatabase(configOf({ DATABASE_URL }))
    closing.push(() => database.store.close())
    await database.core.audit.record(null, { accountId: null, action: 'world.loading', subject: 'gone' })
    await database.core.accounts.create(null, { name: 'Half', handle: 'MA_DEMO0001' })
    const world = { ...database, seed: demoWorldFolder(), log, patienceMs: 300 }
    await expect(ensureWorld({ ...world, mode: 'production' })).rejects.toThrow('only in part')
    await ensureWorld({ ...world, mode: 'double' })
    expect((await database.core.accounts.get(12))?.name).toBe('Acme Telecom')
  }, 20_000)

  it('loads one world when two processes start at once', async () => {
    const DATABASE_URL = `sqlite:${join(temporary(), 'didgate.db')}`
    const databases = await Promise.all([1, 2].map(() => openDatabase(configOf({ DATABASE_URL }))))
    for (const { store } of databases) closing.push(() => store.close())
    await Promise.all(
      databases.map(database => ensureWorld({ ...database, seed: demoWorldFolder(), mode: 'double', log })),
    )
    const marks = await databases[0]?.core.audit.list({ action: 'world.loaded', limit: 10 })
    expect(marks).toHaveLength(1)
  }, 20_000)

  it('refuses the demo world in production, loaded or to be loaded', async () => {
    const folder = temporary()
    const DATABASE_URL = `sqlite:${join(folder, 'didgate.db')}`
    const first = await startDidgate(configOf({ DATABASE_URL, DIDGATE_SEED: demoWorldFolder() }), { log })
    expect(await holdsDemoWorld(first.core)).toBe(true)
    await first.close()
    const production = { DIDGATE_MODE: 'production', DIDGATE_ADMIN_TOKEN: 'a-token-nobody-guesses' }
    await expect(start({ ...production, DATABASE_URL })).rejects.toThrow('demo world')
    const copy = join(folder, 'copy.json')
    writeFileSync(copy, readFileSync(join(demoWorldFolder(), 'world.json')))
    const fresh = { ...production, DATABASE_URL: `sqlite:${join(folder, 'fresh.db')}`, DIDGATE_SEED: copy }
    await expect(start(fresh)).rejects.toThrow('demo secrets')
  })

  it('gives its ports back when it cannot start', async () => {
    const { port } = await open(() => new Response())
    const admin = await open(() => new Response())
    await admin.close(100)
    const env = { PORT: String(port), ADMIN_PORT: String(admin.port) }
    await expect(start(env)).rejects.toThrow('is in use')
    await open(() => new Response(), { port: admin.port })
  })
})
