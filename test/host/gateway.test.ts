import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { type DialectModule, operation } from '../../adapters/kit/dialect.ts'
import { restJson } from '../../adapters/kit/rest-json.ts'
import { seededRandom } from '../../core/ground/random.ts'
import type { Core } from '../../core/verbs.ts'
import { createGateway, type GatewayConfig } from '../../src/http/gateway.ts'
import type { Answered } from '../../src/http/serve-dialect.ts'
import { parcel } from '../support/parcel.ts'

const core = { outbox: { subscribe() {} }, random: seededRandom('gateway') } as unknown as Core

function gateway(config: Partial<GatewayConfig> = {}, modules: readonly DialectModule[] = [parcel]) {
  const answered: Answered[] = []
  const all = { mode: 'double', publicUrl: undefined, trustProxy: false, ...config } as const
  return { ...createGateway({ config: all, core, modules, onAnswer: each => void answered.push(each) }), answered }
}

async function baseOf(config: Partial<GatewayConfig>, url: string, dialectAtRoot?: string) {
  const headers = { 'x-forwarded-proto': 'https, http', 'x-forwarded-host': 'pub.test:8443' }
  const request = new Request(url, { headers })
  const response = await gateway(config).fetch(request, { address: { dialect: dialectAtRoot } })
  return ((await response.json()) as { base: string }).base
}

describe('base of absolute links', () => {
  it.each(['http://h.test:81/parcel/v1/parcels', 'http://api.parcel.test/v1/parcels'])('%s, by config', async url => {
    expect(await baseOf({ publicUrl: 'https://gw.test/x' }, url)).toBe('https://gw.test/x/parcel')
  })

  it('by the host that the client used, or the proxy where it is trusted', async () => {
    const url = 'http://h.test:81/parcel/v1/parcels'
    expect(await baseOf({}, url)).toBe('http://h.test:81/parcel')
    expect(await baseOf({ trustProxy: true }, url)).toBe('https://pub.test:8443/parcel')
    expect(await baseOf({}, 'http://h.test:91/v1/parcels', 'parcel')).toBe('http://h.test:91')
  })

  it("S4: of a list in X-Forwarded-Host the proxy's own entry counts, not what the client wrote before it", async () => {
    const baseFor = async (host: string) => {
      const headers = { 'x-forwarded-host': host }
      const request = new Request('http://h.test:81/parcel/v1/parcels', { headers })
      const response = await gateway({ trustProxy: true }).fetch(request)
      return ((await response.json()) as { base: string }).base
    }
    expect(await baseFor('evil.test, pub.test')).toBe('http://pub.test/parcel')
    expect(await baseFor('evil.test,pub.test:8443 , ')).toBe('http://pub.test:8443/parcel')
    expect(await baseFor('pub.test, evil.test/path')).toBe('http://h.test:81/parcel')
    expect(await baseFor(' , ')).toBe('http://h.test:81/parcel')
  })

  it("S4: a host name may end with the root's dot, in any case", async () => {
    for (const host of ['api.parcel.test.', 'API.Parcel.test.:81', 'api.parcel.test']) {
      const response = await gateway().fetch(new Request(`http://${host}/v1/parcels`))
      expect([host, response.status]).toEqual([host, 200])
    }
  })
})

describe('gateway', () => {
  it('lists its mounts where there is none', async () => {
    const response = await gateway().fetch(new Request('http://h.test/nowhere/v1'))
    expect([response.status, await response.json()]).toMatchObject([404, { mounts: ['parcel'] }])
    expect(await (await gateway().fetch(new Request('http://h.test/'))).text()).toContain('/parcel')
  })

  it('keeps a sane request id and replaces any other', async () => {
    const idFor = async (sent: string) => {
      const request = new Request('http://h.test/parcel/v1/parcels', { headers: { 'x-request-id': sent } })
      return (await gateway().fetch(request)).headers.get('x-request-id')
    }
    expect(await idFor('abc-1')).toBe('abc-1')
    expect(await idFor('a b')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('a reply that cannot be written is an internal fault like any other', async () => {
    const unwritable = operation({
      on: 'GET /x',
      caller: 'optional',
      evidence: 'E0',
      answers: {},
      input: v.unknown(),
      handle: async () => ({ body: { n: 1n as never } }),
    })
    const wire = restJson([unwritable], { methodUnknown: 'not_found' })
    const create: DialectModule['create'] = host => ({ ...parcel.create(host), operations: [unwritable], wire })
    const { fetch, answered } = gateway({}, [{ ...parcel, create }])
    const response = await fetch(new Request('http://h.test/parcel/x', { headers: { 'x-request-id': 'r' } }))
    expect([response.status, await response.json()]).toEqual([500, { oops: 'us', reference: 'r' }])
    expect(answered).toMatchObject([{ fault: { code: 'internal' }, cause: expect.any(TypeError) }])
  })
})
