/** Who asks is known before a body is read; what is read at once is bounded; a token endpoint speaks RFC 6749. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { DialectModule } from '../../adapters/kit/dialect.ts'
import { dialectModules } from '../../src/dialects.ts'
import { createGateway } from '../../src/http/gateway.ts'
import { makeCredential } from '../../src/make-credential.ts'
import { contractWorld, credentialsOf } from '../contract/world.ts'
import { basic } from '../support/basic.ts'
import { dialects } from '../support/dialects.ts'
import { netsOf } from '../support/nets.ts'
import { openWorld, type TestWorld } from '../support/world.ts'

let w: TestWorld & { drop: () => Promise<void> }
beforeAll(async () => {
  w = await openWorld('sqlite', contractWorld)
})
afterAll(() => w.drop())

const rest = dialects.filter(({ reference }) => reference?.kind === 'rest')

/** What a client with these credentials sends to be known, with a body of the kind that the operation takes. */
function headersOf({ name, rules }: DialectModule, credentials: Record<string, string>, [method, path]: Write) {
  const { headers } = rules.request(w.base(name), credentials, { method, path, body: '' })
  return Object.fromEntries(headers)
}

type Write = readonly [method: string, path: string]

/** A path that takes a body. */
function writeOf({ name }: DialectModule): Write {
  const write = netsOf(name).write?.(credentialsOf(12)[name] ?? {})
  if (!write) throw new Error(`the nets of ${name} name nothing that takes a body`)
  return write
}

/** A body that counts what is taken of it, and waits for `go` before it ends. */
function slowBody(bytes: number) {
  const state = { taken: 0, go: () => {}, cancelled: false }
  const gone = new Promise<void>(resolve => {
    state.go = resolve
  })
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (state.taken === 0) {
          controller.enqueue(new Uint8Array(bytes).fill(32))
          state.taken = bytes
          return
        }
        await gone
        controller.close()
      },
      cancel() {
        state.cancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  return { state, stream }
}

const upload = (url: string, method: string, body: ReadableStream, headers: Record<string, string> = {}) =>
  new Request(url, {
    method,
    body,
    headers: { 'content-type': 'application/json', ...headers },
    duplex: 'half',
  } as RequestInit)

/** Any value for each parameter of a path. */
const pathOf = (on: string) =>
  on
    .replace(/^\w+ /, '')
    .replace(/:(account|project)\b/g, '00000000-0000-4000-8000-000000000012')
    .replace(/:[a-z]\w*/gi, '1')

describe.each(rest)('$name', module => {
  const { name: dialect } = module
  const known = () => headersOf(module, credentialsOf(12)[dialect] ?? {}, writeOf(module))

  it('C10: reads no byte of a body of whom it does not know, at any operation', async () => {
    const served = w.gateway.dialects.find(({ name }) => name === dialect)
    const spellings = (served?.operations ?? []).flatMap(({ on }) => [on].flat()).filter(on => !/^(GET|HEAD) /.test(on))
    expect(spellings.length).toBeGreaterThan(1)
    for (const on of spellings) {
      const { state, stream } = slowBody(100)
      const request = upload(w.base(dialect) + pathOf(on), on.split(' ')[0] ?? '', stream)
      const response = await w.send(request)
      expect([on, Math.floor(response.status / 100), state.taken]).toEqual([on, 4, 0])
    }
  })

  it('C10: nor of whom it knows but does not let do this', async () => {
    const [method, path] = writeOf(module)
    const account = await w.core.accounts.get(12)
    if (!account) throw new Error('no account 12')
    const asked = { realm: dialect, scopes: ['numbers:read'] }
    const { credential, secret } = await makeCredential(w.core, dialectModules, account, asked)
    const own = module.driver.credentials({ account, publicId: credential.publicId, secret })
    const headers = headersOf(module, own, writeOf(module))
    const { state, stream } = slowBody(100)
    const response = await w.send(upload(w.base(dialect) + path, method, stream, headers))
    expect([response.status === 401 || response.status === 403, state.taken]).toEqual([true, 0])
  })

  it('C10: what does not fit beside the bodies of others is refused for a while, and given back', async () => {
    const { gateway } = w
    const config = { mode: 'double', publicUrl: undefined, trustProxy: false } as const
    const small = createGateway({ config, core: w.core, modules: dialectModules, bodyBytes: 300_000 })
    const [method, path] = writeOf(module)
    const start = () => {
      const { state, stream } = slowBody(100_000)
      return { state, answer: small.fetch(upload(w.base(dialect) + path, method, stream, known())) }
    }
    for (let round = 0; round < 3; round++) {
      const held = [start(), start(), start()]
      await expect.poll(() => held.map(({ state }) => state.taken)).toEqual([100_000, 100_000, 100_000])
      const late = start()
      const refused = await late.answer
      expect(refused.status).toBe(503)
      expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
      const told = await refused.text()
      if (told.startsWith('<')) expect(refused.headers.get('content-type')).toMatch(/xml/)
      else {
        expect(refused.headers.get('content-type')).toMatch(/json/)
        expect(JSON.parse(told)).toBeTypeOf('object')
      }
      await expect.poll(() => late.state.cancelled).toBe(true)
      for (const { state } of held) state.go()
      const answers = await Promise.all(held.map(({ answer }) => answer))
      for (const { status } of answers) expect([400, 409, 415, 422, 200]).toContain(status)
    }
    expect(gateway.dialects).toBeDefined()
  })

  it('C10: whose account is stopped while its body comes in is not let in with it', async () => {
    const [method, path] = writeOf(module)
    const { state, stream } = slowBody(10)
    vi.useFakeTimers({ toFake: ['performance'] })
    const answer = w.send(upload(w.base(dialect) + path, method, stream, known()))
    await expect.poll(() => state.taken).toBe(10)
    await w.core.accounts.update(null, 12, { isActive: false })
    vi.advanceTimersByTime(2_000) // what counts as slow
    state.go()
    const { status } = await answer
    vi.useRealTimers()
    await w.core.accounts.update(null, 12, { isActive: true })
    expect([401, 403]).toContain(status)
  })

  it('C S4: no answer is kept on its way or read as what it is not', async () => {
    const [method, path] = writeOf(module)
    const init = { method, body: '{}', headers: { 'content-type': 'application/json', ...known() } }
    for (const each of [init, { method, body: '{}' }, { method: 'GET' }]) {
      const { headers } = await w.send(new Request(w.base(dialect) + path, each))
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    }
  })
})

describe('the token endpoint', () => {
  const FORM = 'application/x-www-form-urlencoded'
  const GRANT = 'grant_type=client_credentials'
  const KEY = basic('sinch-key-12', 'sinch-12')

  async function token(init: RequestInit & { key?: string | null; type?: string; path?: string } = {}) {
    const { key = KEY, type = FORM, path = '/oauth2/token', ...rest } = init
    const headers = new Headers({ 'content-type': type })
    if (key !== null) headers.set('authorization', key)
    const sent = { method: 'POST', headers, ...(rest.method === 'GET' ? {} : { body: GRANT }), ...rest }
    const response = await w.send(new Request(w.base('sinch') + path, sent))
    const body = JSON.parse(await response.text()) as Record<string, string>
    return { status: response.status, headers: response.headers, body }
  }

  function expectPrivate(headers: Headers) {
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('pragma')).toBe('no-cache')
  }

  it('A12: gives one for the key and its secret, for nobody to keep', async () => {
    const { status, headers, body } = await token()
    expect([status, body.token_type]).toEqual([200, 'bearer'])
    expectPrivate(headers)
  })

  it('A12: a token is no key: nothing but the key and its secret gets one', async () => {
    const { body } = await token()
    const pair = 'client_id=sinch-key-12&client_secret=sinch-12'
    const others = [
      { key: `Bearer ${body.access_token}` },
      { key: null },
      { key: null, body: `${GRANT}&${pair}` },
      { key: basic('sinch-key-12', 'wrong') },
      { key: basic('wavix', 'wavix-12') },
      { key: 'Basic !!!' },
      { key: `${KEY}junk!` },
      { key: 'Digest x' },
    ]
    for (const each of others) {
      const answer = await token(each)
      expect([answer.status, answer.body.error], JSON.stringify(each)).toEqual([401, 'invalid_client'])
      expect(answer.headers.get('www-authenticate')).toMatch(/^Basic /)
      expectPrivate(answer.headers)
    }
  })

  it('A12: a revoked key, or one of a stopped account, gets none, and its tokens end', async () => {
    const input = { accountId: 13, realm: 'sinch', kind: 'key_pair', publicId: 'ends', secret: 'soon-over' } as const
    const { credential } = await w.core.credentials.create(null, input)
    const key = basic('ends', 'soon-over')
    const { body } = await token({ key })
    const list = async () => {
      const path = '/sinch/v1/projects/00000000-0000-4000-8000-000000000013/activeNumbers'
      const headers = { authorization: `Bearer ${body.access_token}` }
      return (await w.send(new Request(`http://didgate.test${path}?regionCode=US&type=LOCAL`, { headers }))).status
    }
    expect(await list()).toBe(200)
    await w.core.accounts.update(null, 13, { isActive: false })
    expect([(await token({ key })).body.error, await list()]).toEqual(['invalid_client', 401])
    await w.core.accounts.update(null, 13, { isActive: true })
    expect(await list()).toBe(200)
    await w.core.credentials.revoke(null, credential.id)
    expect([(await token({ key })).body.error, await list()]).toEqual(['invalid_client', 401])
  })

  it.each([
    ['another grant', { body: 'grant_type=password' }, 400, 'unsupported_grant_type'],
    ['no grant', { body: 'scope=x' }, 400, 'invalid_request'],
    ['an empty grant', { body: 'grant_type=' }, 400, 'invalid_request'],
    ['no body', { body: '' }, 400, 'invalid_request'],
    ['a grant twice', { body: `${GRANT}&${GRANT}` }, 400, 'invalid_request'],
    ['a grant in the address', { body: '', path: `/oauth2/token?${GRANT}` }, 400, 'invalid_request'],
    ['bytes that are no text', { body: new Uint8Array([0xff, 0xfe]) }, 400, 'invalid_request'],
    ['JSON', { type: 'application/json', body: '{"grant_type":"client_credentials"}' }, 415, 'invalid_request'],
    ['XML', { type: 'text/xml', body: '<a/>' }, 415, 'invalid_request'],
    ['a large body', { body: `${GRANT}&a=${'x'.repeat(5000)}` }, 413, 'invalid_request'],
    ['GET', { method: 'GET' }, 405, 'invalid_request'],
    ['PUT', { method: 'PUT' }, 405, 'invalid_request'],
    ['DELETE, and a slash', { method: 'DELETE', path: '/oauth2/token/' }, 405, 'invalid_request'],
  ])('A12: %s is refused in the words of RFC 6749', async (_, init, status, error) => {
    const answer = await token(init as Parameters<typeof token>[0])
    expect([answer.status, answer.body.error, typeof answer.body.error_description]).toEqual([status, error, 'string'])
    expectPrivate(answer.headers)
    if (status === 405) expect(answer.headers.get('allow')).toBe('POST')
  })
})
