/** The reference pages on the admin plane: who may read them, and what they are sent with. */
import type { IncomingMessage } from 'node:http'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Core } from '../../core/verbs.ts'
import { createAdmin } from '../../src/admin/admin.ts'
import type { AdminApp } from '../../src/admin/context.ts'
import { dialectModules } from '../../src/dialects.ts'
import { createLog } from '../../src/logs/log.ts'
import { createMetrics } from '../../src/process/metrics.ts'

const SERVER = 'https://numbers.example'

function open(token?: string): AdminApp {
  return createAdmin({
    // the pages ask the core for nothing
    core: { adminTokens: { resolve: async () => undefined } } as unknown as Core,
    mode: 'double',
    token,
    dialects: [],
    dataPlane: SERVER,
    metrics: createMetrics(),
    log: createLog('silent'),
    whyNotReady: async () => 'there is no database here',
    reset: async () => undefined,
    ask: async request => Response.json({ url: request.url, headers: Object.fromEntries(request.headers) }),
  })
}

const from = (remoteAddress: string) => ({ incoming: { socket: { remoteAddress } } as IncomingMessage })

function get(app: AdminApp, path: string, headers: Record<string, string> = {}, address = '127.0.0.1') {
  return app.request(`http://127.0.0.1${path}`, { headers }, from(address))
}

const PATHS = ['/docs', '/docs/wavix', '/docs/wavix/openapi.json', '/docs/onsip/actions.json', '/docs/assets/start.js']

describe('who may read', () => {
  it.each(PATHS)('%s: without a token, who is on this machine', async path => {
    const app = open()
    expect((await get(app, path)).status).toBe(200)
    expect((await get(app, path, {}, '192.0.2.7')).status).toBe(403)
    expect((await get(app, path, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await get(app, path, { 'x-forwarded-for': '192.0.2.7' })).status).toBe(403)
  })

  it.each(PATHS)('%s: with a token, its bearer', async path => {
    const app = open('secret')
    expect((await get(app, path)).status).toBe(401)
    expect((await get(app, path, { authorization: 'Bearer other' })).status).toBe(401)
    expect((await get(app, path, { authorization: 'Bearer secret' }, '192.0.2.7')).status).toBe(200)
  })

  it('a browser may send the token as a password, and is asked for it, but only here', async () => {
    const app = open('secret')
    const basic = (password: string) => ({
      authorization: `Basic ${Buffer.from(`any:${password}`).toString('base64')}`,
    })
    const asked = await get(app, '/docs')
    expect([asked.status, asked.headers.get('www-authenticate')]).toEqual([
      401,
      'Basic realm="didgate docs", charset="UTF-8"',
    ])
    expect((await get(app, '/docs', basic('other'))).status).toBe(401)
    expect((await get(app, '/docs', basic('secret'))).status).toBe(200)
    expect((await get(app, '/admin/v1/invariants', basic('secret'))).status).toBe(401)
  })
})

describe('what is sent', () => {
  let app: AdminApp
  beforeAll(() => {
    app = open()
  })

  it.each(PATHS)('%s: a policy that allows this server only', async path => {
    const { headers } = await get(app, path)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/^default-src 'self'; script-src 'self'; /)
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval|script-src[^;]*unsafe/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('an index of all dialects', async () => {
    const response = await get(app, '/docs')
    expect(response.headers.get('content-type')).toContain('text/html')
    const text = await response.text()
    for (const { name, reference } of dialectModules) {
      expect(text).toContain(`href="/docs/${name}"`)
      expect(text).toContain(reference?.title)
    }
  })

  it('documents whose server is the data plane', async () => {
    const document = await (await get(app, '/docs/cm/openapi.json')).json()
    expect(document).toMatchObject({ openapi: '3.1.0', servers: [{ url: `${SERVER}/cm` }] })
    const list = (await (await get(app, '/docs/onsip/actions.json')).json()) as { addresses: string[] }
    expect(list).toMatchObject({ dialect: 'onsip', grammar: `${SERVER}/onsip/rng/jnctn.rng` })
    expect(list.addresses).toEqual(['api', 'webapi', 'restapi'].map(path => `${SERVER}/onsip/${path}`))
  })

  it('the library, complete', async () => {
    const response = await get(app, '/docs/assets/scalar.js')
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    const text = await response.text()
    expect(text.slice(0, 600)).toContain('@scalar/api-reference')
    expect(text.length).toBeGreaterThan(1_000_000)
  })

  it('no megabytes that a browser has already', async () => {
    for (const path of ['/docs/assets/scalar.js', '/console/assets/htmx.js']) {
      const first = await get(app, path)
      const headers = { 'if-none-match': first.headers.get('etag') ?? '' }
      const again = await get(app, path, headers)
      expect([path, again.status, await again.text()]).toEqual([path, 304, ''])
      expect(again.headers.get('cache-control')).toBe('private, no-cache')
      expect((await get(app, path, { 'if-none-match': '"another"' })).status).toBe(200)
    }
  })

  it.each([
    '/docs/nowhere',
    '/docs/nowhere/openapi.json',
    '/docs/onsip/openapi.json',
    '/docs/wavix/actions.json',
    '/docs/assets/..%2f..%2fpackage.json',
    '/docs/assets/other.js',
  ])('nothing for %s', async path => {
    const response = await get(app, path)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ error: { code: 'not_found' } })
  })

  it('names and words that could be markup as text', async () => {
    const text = await (await get(app, '/docs/onsip')).text()
    expect(text).toContain('<code>NpaNxx[212789]=2</code>')
    // one script of ours, and none of anybody's text
    expect(text.match(/<script[^>]*>/g)).toEqual(['<script src="/docs/assets/try.js">'])
  })
})

describe('what is tried out', () => {
  const relayOf = async (app: AdminApp, headers = {}) =>
    /data-relay="([^"]+)"/.exec(await (await get(app, '/docs/onsip', headers)).text())?.[1] ?? ''
  const asking = (relay: string, target: string) => `${relay}?${new URLSearchParams({ scalar_url: target })}`
  const OURS = `${SERVER}/wavix/v1/mydids?page=1`

  it('goes to the data plane, with its own credentials and nothing of the page', async () => {
    const app = open('secret')
    const relay = await relayOf(app, { authorization: 'Bearer secret' })
    const sent = { authorization: 'Bearer demo', cookie: 'didgate_console=x', referer: 'http://127.0.0.1/docs' }
    const answer = await get(app, asking(relay, OURS), sent)
    expect(await answer.json()).toEqual({ url: OURS, headers: { authorization: 'Bearer demo' } })
    expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
  })

  it('goes nowhere else, and comes from no other page', async () => {
    const app = open()
    const relay = await relayOf(app)
    const targets = ['http://127.0.0.1:8081/admin/v1/status', `${SERVER}.example/`, '/wavix', '']
    for (const target of targets)
      expect([target, (await get(app, asking(relay, target))).status]).toEqual([target, 403])
    const from = { 'sec-fetch-site': 'cross-site' }
    expect((await get(app, asking(relay, OURS), from)).status).toBe(403)
    expect((await get(app, asking(relay, OURS), { 'sec-fetch-mode': 'navigate' })).status).toBe(403)
    expect((await get(app, asking(relay, OURS), {}, '192.0.2.7')).status).toBe(403)
    expect((await get(app, asking('/try/guess', OURS))).status).toBe(404)
  })
})
