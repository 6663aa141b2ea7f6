/** The admin plane without a token: programs of this machine that mean it, and nobody whom they carry along. */
import { request as httpRequest } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config/config.ts'
import { createLog } from '../../src/logs/log.ts'
import { type Didgate, startDidgate } from '../../src/main.ts'

let didgate: Didgate | undefined
afterEach(() => didgate?.close())

async function start(env: Record<string, string> = {}): Promise<number> {
  const base = { PORT: '0', ADMIN_PORT: '0', DATABASE_URL: 'sqlite::memory:', DIDGATE_SEED: 'none' }
  const { config } = readConfig({ ...base, ...env }, { dialects: [], serving: true })
  if (!config) throw new Error('no such configuration')
  didgate = await startDidgate(config, { log: createLog('silent') })
  return Number(new URL(didgate.addresses.admin).port)
}

/** Over a socket, with exactly these headers. */
function ask(port: number, headers: Record<string, string>, body?: string, path = '/admin/v1/clock'): Promise<number> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST'
    const request = httpRequest({ host: '127.0.0.1', port, path, method, headers }, response => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    request.on('error', reject).end(body)
  })
}

const JSON_TYPE = { 'content-type': 'application/json' }
const MOVE = '{"advance_seconds":1}'

describe('the admin plane without a token', () => {
  it('C6: is asked by a name of this machine only', async () => {
    const port = await start()
    const statusOf = (host: string) => ask(port, { host })
    const good = ['127.0.0.1', '127.9.8.7', 'localhost', 'LocalHost', '[::1]', 'localhost.']
    for (const host of good) expect([host, await statusOf(`${host}:${port}`)]).toEqual([host, 200])
    expect(await statusOf('localhost')).toBe(200)
    const bad = ['0.0.0.0', '[::ffff:7f00:1]', '[::]', '10.0.0.1', 'evil.example', 'localhost.evil.example', '1.1.1.1']
    for (const host of bad) expect([host, await statusOf(`${host}:${port}`)]).toEqual([host, 403])
    // no browser spells it so: it is no address to the HTTP server
    expect(await statusOf(`[::ffff:127.0.0.1]:${port}`)).toBe(400)
  })

  it('C6: answers no page of another origin, whatever it sends', async () => {
    const port = await start()
    const before = didgate?.core.clock.now() ?? 0
    const foreign = ['http://evil.example', 'null', `http://localhost:${port + 1}`, `https://127.0.0.1:${port}`]
    for (const origin of foreign) {
      expect([origin, await ask(port, { ...JSON_TYPE, origin }, MOVE)]).toEqual([origin, 403])
      expect([origin, await ask(port, { origin }, '', '/admin/v1/reset')]).toEqual([origin, 403])
    }
    for (const site of ['cross-site', 'same-site', 'anything']) {
      expect([site, await ask(port, { 'sec-fetch-site': site })]).toEqual([site, 403])
    }
    expect((didgate?.core.clock.now() ?? 0) - before).toBeLessThan(60_000)
    const own = { origin: `http://127.0.0.1:${port}`, 'sec-fetch-site': 'same-origin' }
    expect(await ask(port, { ...JSON_TYPE, ...own, host: `127.0.0.1:${port}` }, MOVE)).toBe(200)
  })

  it('C6: takes bodies of JSON or CSV only, which no form can send', async () => {
    const port = await start()
    const types = [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/jsonx',
    ]
    for (const type of types) expect([type, await ask(port, { 'content-type': type }, MOVE)]).toEqual([type, 415])
    expect(await ask(port, {}, MOVE)).toBe(415)
    for (const type of ['application/json; charset=utf-8', 'Application/JSON', 'application/merge-patch+json']) {
      expect([type, await ask(port, { 'content-type': type }, MOVE)]).toEqual([type, 200])
    }
    expect(await ask(port, {}, '', '/admin/v1/reset')).toBe(200)
  })

  it('C6: notices a proxy by any of its usual headers', async () => {
    const port = await start()
    const names =
      'forwarded via x-forwarded-for x-forwarded-host x-forwarded-proto x-forwarded-server x-real-ip cf-connecting-ip cf-ray true-client-ip x-client-ip x-cluster-client-ip x-original-host x-envoy-external-address x-amzn-trace-id cdn-loop'
    for (const name of names.split(' ')) expect([name, await ask(port, { [name]: 'x' })]).toEqual([name, 403])
  })

  it('C6: reference pages and metrics have the same door; probes are for everybody', async () => {
    const port = await start()
    for (const path of ['/metrics', '/docs', '/docs/onsip', '/admin/v1/nothing']) {
      expect([path, await ask(port, { via: '1.1 x' }, undefined, path)]).toEqual([path, 403])
    }
    expect(await ask(port, { via: '1.1 x', host: 'evil.example' }, undefined, '/readyz')).toBe(200)
  })

  it('C6: with a token nothing of this matters', async () => {
    const port = await start({ DIDGATE_ADMIN_TOKEN: 'right' })
    const authorization = 'Bearer right'
    const headers = { authorization, via: '1.1 x', host: 'numbers.example', origin: 'https://panel.example' }
    expect(await ask(port, headers, MOVE)).toBe(200)
  })
})
