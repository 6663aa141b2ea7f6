import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import { demoWorldFolder } from '../../src/config/package-files.ts'
import { createLog } from '../../src/logs/log.ts'
import { readConfig, startDidgate } from '../../src/main.ts'
import { startGateway } from '../../src/testing/index.ts'
import { cmClient, cmWorld } from '../adapters/cm/client.ts'
import { basic, sinchClient, sinchWorld } from '../adapters/sinch/client.ts'
import { AC1, v1Client, v1World } from '../adapters/sinch-v1/client.ts'
import { createReceivers } from '../support/callbacks.ts'
import { engines } from '../support/engines.ts'
import { startServer } from '../support/process.ts'
import { openWorlds, type TestWorld } from '../support/world.ts'

const receivers = createReceivers()
afterEach(() => receivers.close())

const WRONG = [
  'localhost:9000/cb',
  'ftp://a.example/',
  'http://',
  'http://a b.example/',
  'http://10.0.0.1/',
  'http://169.254.169.254/x',
]

describe.each(engines())('A28: a URL that will not be called is refused when it is named, on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let w: TestWorld
  beforeAll(async () => {
    worlds = await openWorlds(engine)
  })
  afterAll(() => worlds.drop())

  describe('sinch', () => {
    const RENT = '/availableNumbers/+12025550134:rent'
    const ACTIVE = '/activeNumbers/+12025550134'
    beforeEach(async () => {
      w = await worlds.open(sinchWorld)
    })

    it.each([...WRONG, `http://a.example/${'a'.repeat(2048)}`])('%s', async callbackUrl => {
      const api = sinchClient(w)
      const any = { regionCode: 'US', type: 'LOCAL', callbackUrl }
      for (const [path, body] of [
        [RENT, { callbackUrl }],
        ['/availableNumbers:rentAny', any],
      ] as const) {
        const refused = await api.ask('POST', path, body)
        expect([refused.status, refused.body.error.status]).toEqual([400, 'INVALID_ARGUMENT'])
        expect(JSON.stringify(refused.body)).toContain('"field":"callbackUrl"')
      }
      expect((await w.core.ledger.balance(1, 'EUR'))?.balance).toBe(100_000_000)
      await api.ask('POST', RENT, { callbackUrl: 'http://a.example/' })
      expect((await api.ask('PATCH', ACTIVE, { callbackUrl, displayName: 'x' })).status).toBe(400)
      expect((await api.ask('GET', ACTIVE)).body).toMatchObject({ callbackUrl: 'http://a.example/', displayName: '' })
      expect((await api.ask('PATCH', ACTIVE, { callbackUrl: '' })).body.callbackUrl).toBe('')
    })

    it('the reason is the true one', async () => {
      const { body } = await sinchClient(w).ask('POST', RENT, { callbackUrl: 'http://172.17.0.2:9000/cb' })
      expect(JSON.stringify(body)).toContain('names 172.17.0.2, which is a private address')
    })
  })

  it.each(WRONG)('cm: %s', async callbackUrl => {
    w = await worlds.open(cmWorld())
    const { status, body } = await cmClient(w).request({ callbackUrl })
    expect([status, Object.keys(body.errors)]).toEqual([400, ['CallbackUrl']])
    expect((await w.core.orders.list({}, { limit: 1, offset: 0 })).total).toBe(0)
  })

  it('cm: a blank one is none', async () => {
    w = await worlds.open(cmWorld())
    expect((await cmClient(w).request({ callbackUrl: ' ' })).body.callbackUrl).toBe(null)
  })

  it.each([
    'ftp://a.example/',
    'mailto:a@b.example',
    'a b',
    'http://10.0.0.1/',
    '169.254.169.254/latest',
  ])('sinch-v1, where a scheme may be left out: %s', async statusCallback => {
    w = await worlds.open(v1World)
    const api = v1Client(w)
    const instance = `/v1/Accounts/${AC1}/ActiveNumbers/PN+12135550111`
    for (const body of [{ statusCallback }, { configuration: { status_callback_url: statusCallback } }]) {
      const refused = await api.ask('POST', instance, body)
      expect([refused.status, refused.body.code]).toEqual([400, 20001])
      expect(refused.body.message).toMatch(/status_callback_url (must|names)/)
    }
    expect((await api.ask('GET', instance)).body.statusCallback).toBe(null)
  })

  it('A: a sinch-v1 GET callback has its parameters in the query, not in the fragment', async () => {
    w = await worlds.open(v1World)
    const seen: string[] = []
    const url = await receivers.http((request, response) => {
      seen.push(request.url ?? '')
      response.end()
    })
    const instance = `/v1/Accounts/${AC1}/ActiveNumbers/PN+12135550111`
    for (const statusCallback of [`${url}#part`, `${url}?a=b#part`, `${url}?`]) {
      await v1Client(w).ask('POST', instance, { statusCallback, statusCallbackMethod: 'GET' })
      await w.sender.tick()
    }
    expect(seen).toHaveLength(3)
    for (const path of seen) {
      expect(Object.fromEntries(new URLSearchParams(path.slice(path.indexOf('?'))))).toMatchObject({
        PhoneNumber: '+12135550111',
        Event: 'configured',
      })
    }
    expect(seen[1]).toMatch(/^\/in\?a=b&AccountSid=/)
  })
})

const P12 = '00000000-0000-4000-8000-000000000012'
const headers = { authorization: basic('demo-sinch-key', 'demo-sinch-secret'), 'content-type': 'application/json' }
const rental = (callbackUrl: string) => ({
  method: 'POST',
  headers,
  body: JSON.stringify({ regionCode: 'US', type: 'LOCAL', voiceConfiguration: { appId: 'a' }, callbackUrl }),
})
const RENT_ANY = `/sinch/v1/projects/${P12}/availableNumbers:rentAny`
/** Far above what it takes, far below what an attempt may take. */
const SOON_MS = 6_000

describe('A1: stop and reset wait for no receiver', () => {
  it('reset() and close() of didgate/testing', async () => {
    const silent = await receivers.silent()
    const gateway = await startGateway()
    for (const end of [() => gateway.reset(), () => gateway.close()]) {
      expect((await gateway.fetch(RENT_ANY, rental(silent.url))).status).toBe(200)
      await gateway.clock.advance({ seconds: 1 })
      await expect.poll(() => silent.sockets.size, { timeout: 5_000 }).toBe(1)
      const startedAt = performance.now()
      await end()
      expect(performance.now() - startedAt).toBeLessThan(SOON_MS)
      await expect.poll(() => silent.sockets.size, { timeout: 5_000 }).toBe(0)
    }
  })

  it('POST /admin/v1/reset, and the end of the gateway', { timeout: 30_000 }, async () => {
    const silent = await receivers.silent()
    const env = {
      PORT: '0',
      ADMIN_PORT: '0',
      DATABASE_URL: 'sqlite::memory:',
      DIDGATE_SEED: demoWorldFolder(),
      DIDGATE_KEY: 'k'.repeat(32),
    }
    const { config } = readConfig(env, { dialects: ['onsip'], serving: true })
    if (!config) throw new Error('no configuration')
    const didgate = await startDidgate(config, { log: createLog('silent') })
    const reset = () => fetch(`${didgate.addresses.admin}/admin/v1/reset`, { method: 'POST' })
    for (const end of [reset, () => didgate.close()]) {
      expect((await fetch(didgate.addresses.data + RENT_ANY, rental(silent.url))).status).toBe(200)
      await expect.poll(() => silent.sockets.size, { timeout: 8_000 }).toBe(1)
      const startedAt = performance.now()
      await end()
      expect(performance.now() - startedAt).toBeLessThan(SOON_MS)
    }
  })

  it('SIGTERM: what was under way is sent by the next process, with no attempt lost', { timeout: 60_000 }, async () => {
    const silent = await receivers.silent()
    const folder = mkdtempSync(join(tmpdir(), 'didgate-'))
    const env = { DATABASE_URL: `sqlite:${folder}/d.db` }
    const first = await startServer(env)
    expect((await fetch(first.url + RENT_ANY, rental(silent.url))).status).toBe(200)
    await expect.poll(() => silent.sockets.size, { timeout: 8_000 }).toBe(1)
    const startedAt = performance.now()
    expect(await first.stop()).toBe(0)
    expect(performance.now() - startedAt).toBeLessThan(SOON_MS)
    const second = await startServer(env)
    try {
      await expect.poll(() => silent.sockets.size, { timeout: 8_000 }).toBe(1)
      const listed = (await (await fetch(`${second.admin}/admin/v1/deliveries`)).json()) as { deliveries: unknown[] }
      expect(listed.deliveries).toMatchObject([{ status: 'waiting', attempts: [] }])
    } finally {
      await second.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

test('D8: a named network lets callbacks through in didgate/testing; what is no network is refused there', async () => {
  await expect(startGateway({ callbackNetworks: ['172.16.0.0'] })).rejects.toThrow('is no network')
  await using gateway = await startGateway({ callbackNetworks: ['172.16.0.0/12'] })
  expect((await gateway.fetch(RENT_ANY, rental('http://172.17.0.2:9/'))).status).toBe(200)
  expect((await gateway.fetch(RENT_ANY, rental('http://10.0.0.2:9/'))).status).toBe(400)
})
