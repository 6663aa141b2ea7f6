import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dialectModules } from '../../src/dialects.ts'
import type { World } from '../../src/worlds/world-file.ts'
import { parcel } from '../support/parcel.ts'
import { openWorld, type TestWorld } from '../support/world.ts'

const world: World = {
  quarantine_days: { '*': 0 },
  accounts: [
    {
      id: 12,
      name: 'Acme',
      currency: 'USD',
      balances: { USD: '10.00' },
      credentials: [
        { realm: 'parcel', kind: 'key', secret: 'all' },
        { realm: 'parcel', kind: 'key', secret: 'reader', scopes: ['numbers:read'] },
      ],
    },
  ],
  numbers: [
    { e164: '+12127890101', country: 'US', type: 'local', currency: 'USD', setup_price: '1', monthly_price: '2' },
    { e164: '+12127890102', country: 'US', type: 'local', currency: 'USD', setup_price: '1', monthly_price: '2' },
  ],
}

describe('a small REST dialect over the seam', () => {
  let w: TestWorld & { drop: () => Promise<void> }
  beforeAll(async () => {
    w = await openWorld('sqlite', world, { modules: [...dialectModules, parcel] })
  })
  afterAll(() => w.drop())

  const ask = async (method: string, path: string, init: RequestInit & { key?: string } = {}) => {
    const headers = new Headers(init.headers)
    if (init.key) headers.set('authorization', `Bearer ${init.key}`)
    const response = await w.send(new Request(`${w.base('parcel')}${path}`, { ...init, method, headers }))
    const text = await response.text()
    const isJson = response.headers.get('content-type') === 'application/json' && text !== ''
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined }
  }

  it.each(['/v1/parcels', '/V1/PARCELS', '/v1/parcels/', '//v1//parcels', '/v1/packages'])('routes %s', async path => {
    const { status, body } = await ask('GET', `${path}?a=1&b=x+y&a=2`)
    expect([status, body.fields]).toEqual([200, { a: '2', b: 'x y' }])
    expect(body.base).toBe('http://didgate.test/parcel')
  })

  it('answers by host name without the mount', async () => {
    const response = await w.send(new Request('https://api.parcel.test/v1/parcels'))
    expect(await response.json()).toMatchObject({ base: 'https://api.parcel.test' })
  })

  it('lets literal segments win and keeps the case of values', async () => {
    expect((await ask('GET', '/v1/parcels/STATIC')).body).toEqual({ static: true, account: null })
    expect((await ask('GET', '/v1/parcels/AbC%2Bd+e', { key: 'all' })).body).toEqual({ id: 'AbC+d+e' })
  })

  it('required, optional and lenient callers', async () => {
    expect((await ask('GET', '/v1/parcels/x')).status).toBe(401)
    expect((await ask('GET', '/v1/parcels/x', { key: 'wrong' })).status).toBe(401)
    expect((await ask('GET', '/v1/parcels', { key: 'wrong' })).status).toBe(401)
    expect((await ask('GET', '/v1/parcels', { key: 'all' })).body.account).toBe(12)
    expect((await ask('GET', '/v1/parcels/static', { key: 'wrong' })).body.account).toBeNull()
  })

  it('words a fault per endpoint, and our own mistakes without their stack', async () => {
    expect((await ask('GET', '/v1/parcels/none', { key: 'all' })).status).toBe(410)
    const bug = await ask('GET', '/v1/parcels/bug', { key: 'all', headers: { 'x-request-id': 'r-1' } })
    expect([bug.status, bug.body]).toEqual([500, { oops: 'us', reference: 'r-1' }])
    expect(w.answered.at(-1)?.cause).toBeInstanceOf(TypeError)
  })

  it('unknown paths, methods, media types, bodies and sizes take the same road', async () => {
    expect((await ask('GET', '/nowhere')).body.oops).toBe('no such thing')
    expect((await ask('PATCH', '/v1/parcels')).body).toMatchObject({ oops: 'method', about: { allowed: ['GET'] } })
    const rent = '/v1/parcels/+12127890101:rent'
    const xml = { key: 'all', body: '<a/>', headers: { 'content-type': 'text/xml' } }
    expect((await ask('POST', rent, xml)).status).toBe(415)
    const broken = { key: 'all', body: '{"a":', headers: { 'content-type': 'application/json' } }
    expect((await ask('POST', rent, broken)).status).toBe(400)
    expect((await ask('POST', rent, { ...broken, body: ' '.repeat(1_100_000) })).status).toBe(413)
    expect((await ask('GET', '/nowhere')).headers.get('x-parcel')).toBe('yes')
  })

  it('an empty body is not parsed, and a HEAD is a GET without its body', async () => {
    const type = { 'content-type': 'application/json' }
    expect((await ask('DELETE', '/v1/parcels/999', { key: 'all', headers: type })).status).toBe(404)
    const head = await ask('HEAD', '/v1/parcels')
    expect([head.status, head.text]).toEqual([200, ''])
  })

  it('streams, and answers with nothing', async () => {
    expect((await ask('GET', '/v1/stream')).text).toBe('abc')
  })

  it('reads multipart up to its limit', async () => {
    const form = (size: number) => {
      const data = new FormData()
      data.append('kind', 'id')
      data.append('file', new File(['x'.repeat(size)], 'id.png'))
      return data
    }
    expect((await ask('PUT', '/v1/papers', { body: form(100) })).body).toEqual([
      { name: 'kind', value: 'id' },
      { name: 'file', file: 'id.png', size: 100 },
    ])
    expect((await ask('PUT', '/v1/papers', { body: form(5000) })).status).toBe(413)
  })

  it('sells through a literal suffix, with scope and input checks, and tells the outside world of the release', async () => {
    const rent = (number: string, key = 'all', body?: unknown) =>
      ask('POST', `/v1/parcels/${number}:rent`, { key, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
    expect((await rent('+12127890101', 'reader')).status).toBe(403)
    expect((await rent('abc')).body.about.issues).toEqual([
      { field: 'number', problem: 'format', message: 'number is no number' },
    ])
    const received: string[] = []
    let failures = 2
    const receiver = createServer((request, response) => {
      request.on('data', chunk => received.push(String(chunk)))
      request.on('end', () => response.writeHead(failures-- > 0 ? 503 : 200).end())
    }).listen(0, '127.0.0.1')
    await new Promise(resolve => receiver.once('listening', resolve))
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/gone`
    const bought = await rent('%2B12127890101', 'all', { note: url })
    expect(bought.status).toBe(200)
    expect((await rent('+12127890101')).status).toBe(409)
    const gone = await ask('DELETE', `/v1/parcels/${bought.body.lease}`, { key: 'all' })
    expect([gone.status, gone.text]).toEqual([204, ''])
    for (let minute = 1; minute <= 4; minute++) {
      await w.sender.tick()
      await w.setClock(Date.parse('2026-06-01T00:00:00Z') + minute * 60_000)
    }
    receiver.close()
    expect(received).toEqual(Array(3).fill('{"gone":"+12127890101"}'))
    const { items } = await w.core.outbox.deliveries({}, { limit: 5, offset: 0 })
    expect(items[0]).toMatchObject({ status: 'delivered', nextAttemptAt: null })
    expect(items[0]?.attempts.map(({ status }) => status)).toEqual([503, 503, 200])
    expect(await w.core.invariants()).toMatchObject({ ok: true })
  })
})
