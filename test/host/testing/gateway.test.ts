import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { demoCredentials } from '../../../src/testing/credentials.ts'
import { type GatewayOptions, startGateway, type TestGateway } from '../../../src/testing/index.ts'
import { sinchWorld } from '../../adapters/sinch/client.ts'
import { basic } from '../../support/basic.ts'
import { buyOnDay } from './buyer.ts'

const { wavix, sinch } = demoCredentials
const WAVIX = { authorization: `Bearer ${wavix.key}` }

it('20 at once in one process do not meet', async () => {
  const bought = await Promise.all(Array.from({ length: 20 }, (_, index) => buyOnDay(index)))
  expect(new Set(bought.map(numbers => numbers.join())).size).toBe(1)
})

const CSV = 'e164,country,type,area_code,currency,setup_price,monthly_price\n'

async function shelf(gateway: TestGateway): Promise<number> {
  const response = await gateway.fetch('/wavix/v1/buy/countries', { headers: WAVIX })
  return JSON.parse(await response.text()).countries.length
}

async function state(gateway: TestGateway, e164: string): Promise<unknown> {
  const response = await gateway.admin(`/numbers/${encodeURIComponent(e164)}`)
  return response.ok ? ((await response.json()) as { state: string }).state : response.status
}

it.each<[string, GatewayOptions]>([
  ['the demo world', {}],
  ['an empty one', { seed: 'none' }],
  ['a world as a value', { seed: sinchWorld }],
])('imports numbers, and a reset takes %s back to its start', async (_, options) => {
  await using gateway = await startGateway({ ...options, now: '2026-03-01T00:00:00Z' })
  const isSeeded = (await state(gateway, '+12025550134')) === 'available'
  expect(isSeeded).toBe(options.seed === sinchWorld)
  expect(await gateway.importNumbers(`${CSV}+12129990001,US,local,212,USD,1,1\n`)).toMatchObject({
    imported: 1,
    errors: [],
  })
  const refused = await gateway.importNumbers(`${CSV}+12129990002,US,nonsense,212,USD,1,1\n`)
  expect([refused.imported, refused.errors[0]?.line]).toEqual([0, 2])
  expect(await state(gateway, '+12129990001')).toBe('available')
  await gateway.clock.set('2027-01-01T00:00:00Z')
  await gateway.reset()
  expect(await state(gateway, '+12129990001')).toBe(404)
  expect(await state(gateway, '+12025550134')).toBe(isSeeded ? 'available' : 404)
  expect(gateway.clock.now().toISOString()).toBe('2026-03-01T00:00:00.000Z')
  expect(await gateway.invariants()).toMatchObject({ ok: true, checked: 10, violations: [] })
})

it('requests that come during a reset are answered by one life or the other', async () => {
  await using gateway = await startGateway()
  const asked = Array.from({ length: 20 }, () => shelf(gateway))
  const reset = gateway.reset()
  const after = Array.from({ length: 20 }, () => shelf(gateway))
  await reset
  const counts = await Promise.all([...asked, ...after])
  expect(new Set(counts).size).toBe(1)
  expect(counts[0]).toBeGreaterThan(0)
})

it('listens on loopback when asked, and nothing is left after the end', async () => {
  const gateway = await startGateway({ listen: true, dialects: ['wavix'] })
  const url = gateway.url('wavix')
  const path = '/v1/numbers'
  const headers = WAVIX
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/wavix$/)
  expect((await fetch(url + path, { headers })).status).toBe(200)
  expect((await gateway.fetch(url + path, { headers })).status).toBe(200)
  expect(() => gateway.url('cm')).toThrow('does not serve "cm"')
  expect((await gateway.fetch('/cm/')).status).toBe(404)
  await Promise.all([gateway.close(), gateway.close()])
  await expect(fetch(url + path, { headers })).rejects.toThrow()
  await expect(gateway.fetch(path)).rejects.toThrow('closed')
})

it('the clock goes forwards only, and not before the world began', async () => {
  await using gateway = await startGateway({ now: new Date('2026-02-01T00:00:00Z') })
  await expect(gateway.clock.set('2026-01-31T00:00:00Z')).rejects.toMatchObject({ code: 'clock_backwards' })
  await expect(gateway.clock.set('soon')).rejects.toThrow('no point of time')
  await expect(startGateway({ now: 0 })).rejects.toThrow(RangeError)
  // A17: the same wherever the test runs, and on a day that there is
  await expect(startGateway({ now: '2026-06-01T00:00:00' })).rejects.toThrow('a time with its zone')
  await expect(startGateway({ now: '2026-02-30' })).rejects.toThrow('no point of time')
  await expect(startGateway({ now: '9999-12-31' })).rejects.toThrow(RangeError)
  await expect(gateway.clock.advance({ days: 3_000_000 })).rejects.toThrow('the clock cannot be set after 9900')
  await expect(startGateway({ dialects: ['none' as never] })).rejects.toThrow('there is no dialect "none"')
})

it('callbacks leave by themselves', async () => {
  const got: string[] = []
  const server = createServer((request, response) => {
    request.on('data', chunk => got.push(String(chunk))).on('end', () => response.end())
  }).listen(0, '127.0.0.1')
  await new Promise(done => server.once('listening', done))
  const callbackUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  await using gateway = await startGateway()
  const headers = { authorization: basic(sinch.keyId, sinch.keySecret), 'content-type': 'application/json' }
  const body = { regionCode: 'US', type: 'LOCAL', voiceConfiguration: { appId: 'a' }, callbackUrl }
  const target = `${gateway.url('sinch')}/v1/projects/${sinch.projectId}/availableNumbers:rentAny`
  const rented = await gateway.fetch(target, { method: 'POST', headers, body: JSON.stringify(body) })
  expect(rented.status).toBe(200)
  await gateway.clock.advance({ seconds: 1 })
  await expect.poll(() => got.length, { timeout: 5000 }).toBe(1)
  expect(JSON.parse(got[0] as string)).toMatchObject({ eventType: 'PROVISIONING_TO_VOICE_PLATFORM' })
  server.close()
})
