/** What strangers send, row by row: the case that was met, and its siblings in other dialects and on other wires. */
import { connect } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { readBoolean } from '../../adapters/kit/booleans.ts'
import { parseJson } from '../../adapters/kit/json-body.ts'
import { MAX_ISSUES, MAX_LIST, MAX_PARAMETERS } from '../../adapters/kit/limits.ts'
import { parseMultipart } from '../../adapters/kit/multipart.ts'
import { readForm } from '../../adapters/kit/pairs.ts'
import { dialectModules } from '../../src/dialects.ts'
import { listen } from '../../src/http/listen.ts'
import { redactText } from '../../src/logs/redact.ts'
import { startGateway, type TestGateway } from '../../src/testing/index.ts'
import { createRedact } from '../../verify/redact.ts'
import { latin1 } from '../support/refusal.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.close())

const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`
const WAVIX = { authorization: 'Bearer demo-wavix-acme' }
const ANN = basic('example_ann:demo-ann-password')
const PROJECT = '00000000-0000-4000-8000-000000000012'
const SINCH = { authorization: basic('demo-sinch-key:demo-sinch-secret') }

async function ask(path: string, init: RequestInit = {}) {
  const response = await gateway.fetch(path, init)
  const text = await response.text()
  return { status: response.status, headers: response.headers, text }
}

function send(method: string, path: string, headers: Record<string, string>, body: unknown, type = 'application/json') {
  const sent = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
  return ask(path, { method, headers: { ...headers, 'content-type': type }, body: sent as string })
}

const onsip = (body: string | Uint8Array, type = 'application/x-www-form-urlencoded', query = '') =>
  send('POST', `/onsip/api${query}`, { authorization: ANN }, body, type)

async function offered(count: number): Promise<string[]> {
  const { text } = await ask('/wavix/v1/buy/countries/8652/cities/200/dids', { headers: WAVIX })
  return (JSON.parse(text).dids as { id: number }[]).slice(0, count).map(({ id }) => String(id))
}
const owned = async () => {
  const { text } = await ask('/wavix/v1/mydids', { headers: WAVIX })
  return JSON.parse(text).pagination.total as number
}

describe('shapes', () => {
  const CART = '/wavix/v1/buy/cart'
  const shapes = [
    '["x"]',
    '[]',
    '"x"',
    '0',
    'false',
    'null',
    '{"ids":null}',
    '{"ids":[]}',
    '{"dids":["1"]}',
    '{"idz":1}',
  ]
  beforeAll(async () => {
    await gateway.reset()
    await send('PUT', CART, WAVIX, { ids: await offered(3) })
  })

  it.each(shapes)('a checkout with a body of the wrong shape buys nothing: %s', async body => {
    const { status, text } = await send('POST', `${CART}/checkout`, WAVIX, body)
    expect([status, JSON.parse(text).message]).toEqual([400, 'Missing or invalid parameter ids'])
    expect(await owned()).toBe(0)
  })

  it('numbers named in the query count as much as those of the body', async () => {
    expect((await send('POST', `${CART}/checkout?dids=1`, WAVIX, {})).status).toBe(400)
    expect(await owned()).toBe(0)
  })

  it('a checkout with an empty object buys the whole cart', async () => {
    expect((await send('POST', `${CART}/checkout`, WAVIX, {})).status).toBe(201)
    expect(await owned()).toBe(3)
  })

  it('a rental with a list for a body rents nothing', async () => {
    const number = `+${(await offered(1))[0]}`
    const path = `/sinch/v1/projects/${PROJECT}/availableNumbers/${encodeURIComponent(number)}:rent`
    for (const body of ['[]', '["x"]', 'null', 'false'])
      expect((await send('POST', path, SINCH, body)).status).toBe(400)
    expect(await owned()).toBe(3)
  })

  it('an admin call with a list for a body does nothing', async () => {
    const path = `/numbers/+${(await offered(1))[0]}/retire`
    for (const body of ['[]', 'null', '0', '"x"']) {
      const headers = { 'content-type': 'application/json' }
      expect((await gateway.admin(path, { method: 'POST', headers, body })).status).toBe(400)
    }
  })
})

describe('A15: an array key that is no NPA-NXX is never counted into one', () => {
  const order = (npaNxx: string) => onsip(`Action=DidRequest&UserId=501&Protocol=sip&${npaNxx}`)

  it.each([
    'NpaNxx[202240]=1&NpaNxx[]=1',
    'NpaNxx[]=1',
    'NpaNxx[202239]=1&NpaNxx[]=1&NpaNxx[]=1',
  ])('%s', async npaNxx => {
    const before = await owned()
    expect((await order(npaNxx)).text).toContain('<Parameter>NpaNxx</Parameter><Code>Value.Invalid</Code>')
    expect(await owned()).toBe(before)
  })
})

describe('A16: the charset is honoured or refused, and no character is ever replaced', () => {
  const part = (content: Uint8Array, head = 'Content-Disposition: form-data; name="a"') =>
    Uint8Array.from(Buffer.concat([Buffer.from(`--b\r\n${head}\r\n\r\n`), content, Buffer.from('\r\n--b--\r\n')]))
  const type = 'multipart/form-data; boundary=b'

  it('in JSON', () => {
    const bytes = latin1('{"city":"Montréal"}')
    expect(parseJson(bytes, 'application/json; charset=ISO-8859-1')).toEqual({ city: 'Montréal' })
    const utf16 = Uint8Array.from(Buffer.from('\ufeff{"city":"Montréal"}', 'utf16le'))
    expect(parseJson(utf16, 'application/json; charset="utf-16"')).toEqual({ city: 'Montréal' })
    expect(() => parseJson(bytes, 'application/json')).toThrow('not valid UTF-8')
    expect(() => parseJson(utf16)).toThrow('unreadable_body')
    expect(() => parseJson(bytes, 'application/json; charset=klingon')).toThrow('unsupported_media_type')
  })

  it('in forms', () => {
    const form = 'application/x-www-form-urlencoded; charset=iso-8859-1'
    expect(readForm(latin1('city=Montr%e9al&b=é'), form).pairs).toEqual([
      ['city', 'Montréal'],
      ['b', 'é'],
    ])
    expect(readForm(latin1('city=Montr%e9al')).problem?.message).toBe('is not valid UTF-8')
  })

  it('in multipart forms: that of the part, of the form, of `_charset_`', () => {
    expect(() => parseMultipart(part(latin1('Montréal')), type)).toThrow('not valid UTF-8')
    const named = 'Content-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=iso-8859-1'
    expect(parseMultipart(part(latin1('Montréal'), named), type)).toEqual([['a', 'Montréal']])
    expect(parseMultipart(part(latin1('Montréal')), `${type}; charset=latin1`)).toEqual([['a', 'Montréal']])
    const field = Buffer.from('--b\r\nContent-Disposition: form-data; name="_charset_"\r\n\r\niso-8859-1\r\n')
    const whole = Uint8Array.from(Buffer.concat([field, part(latin1('Montréal'))]))
    expect(parseMultipart(whole, type)[1]).toEqual(['a', 'Montréal'])
  })

  it('files are bytes, and their names text', () => {
    const bytes = Uint8Array.of(0xff, 0, 13, 10, 45, 45)
    const head = 'content-disposition: form-data; name="f"; filename="a%22b.pdf"\r\nContent-Type: application/pdf'
    expect(parseMultipart(part(bytes, head), type)).toEqual([
      ['f', { name: 'a"b.pdf', type: 'application/pdf', bytes }],
    ])
    const extended = `Content-Disposition: form-data; name="f"; filename*=UTF-8''Montr%C3%A9al.pdf`
    expect(parseMultipart(part(bytes, extended), type)[0]?.[1]).toMatchObject({ name: 'Montréal.pdf' })
  })

  it('in the admin plane', async () => {
    const change = { method: 'PATCH', body: latin1('{"name":"Montréal"}') }
    const as = (type: string) => gateway.admin('/accounts/13', { ...change, headers: { 'content-type': type } })
    expect((await as('application/json')).status).toBe(400)
    expect(await (await as('application/json; charset=iso-8859-1')).json()).toMatchObject({ name: 'Montréal' })
  })
})

describe('A19, C3: the number of parameters and the size of the echo have a limit', () => {
  const many = 'a[]&'.repeat(MAX_PARAMETERS + 1)

  it('in an Action form, query and multipart body', async () => {
    const told = `there are more than ${MAX_PARAMETERS} parameters`
    expect((await onsip(`Action=Echo&${many}`)).text).toContain(told)
    expect((await ask(`/onsip/api?Action=Echo&${many}`)).text).toContain(told)
    const parts = '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'.repeat(MAX_PARAMETERS + 1)
    expect((await onsip(`${parts}--b--`, 'multipart/form-data; boundary=b')).text).toContain(told)
  })

  it('in the queries of the others, in their words', async () => {
    const { status, text } = await ask(`/wavix/v1/mydids?${many}`, { headers: WAVIX })
    expect([status, JSON.parse(text).message]).toEqual([400, 'Missing or invalid parameter query'])
    const sinch = await ask(`/sinch/v1/projects/${PROJECT}/availableRegions?${many}`, { headers: SINCH })
    expect([sinch.status, JSON.parse(sinch.text).error.status]).toEqual([400, 'INVALID_ARGUMENT'])
  })

  it('an answer is not many times its question', async () => {
    const { text } = await onsip(`Action=Echo&${'a[b][c][d]=%3C&'.repeat(3000)}${'x[]=1&'.repeat(900)}`)
    expect(text.length).toBeLessThan(400_000)
    expect((await onsip(`Action=Echo&Note=${'%26'.repeat(300_000)}&Last=1`)).text).toContain('<Name>Last</Name>')
  })
})

describe('A21: a refusal comes in the format that was asked for', () => {
  it.each([
    ['not UTF-8', 'Action=Echo&Output=json&Note=caf%E9', 'application/x-www-form-urlencoded'],
    ['an unknown action', 'Action=Nothing&Output=JSON', 'application/x-www-form-urlencoded'],
    ['too many parameters', `${'a&'.repeat(9000)}Output=json`, 'application/x-www-form-urlencoded'],
    ['too large', `Output=json&a=${'x'.repeat(2_000_000)}`, 'application/x-www-form-urlencoded'],
    ['another media type', 'Action=Echo&Output=json', 'application/octet-stream'],
    ['JSON', '{"Action":"Echo","Output":"json"}', 'application/json'],
    ['an unknown charset', 'Action=Echo&Output=json', 'application/x-www-form-urlencoded; charset=klingon'],
    [
      'torn multipart',
      '--b\r\nContent-Disposition: form-data; name="Output"\r\n\r\njson\r\n--b',
      'multipart/form-data; boundary=b',
    ],
  ])('%s', async (_, body, type) => {
    const { text, headers } = await onsip(body, type)
    expect(headers.get('content-type')).toContain('application/json')
    expect(JSON.parse(text).Response.Context.Action.IsCompleted).toBe('false')
  })

  it('with its callback, and at an address that is none', async () => {
    const { text } = await onsip('Action=Echo&Output=json&Callback=got&Note=%E9')
    expect(text).toMatch(/^got\( \{.*\} \);$/)
    const lost = await send('POST', '/onsip/nothing', {}, 'Output=json', 'application/x-www-form-urlencoded')
    expect([lost.status, lost.headers.get('content-type')]).toEqual([404, 'application/json; charset=utf-8'])
  })

  it('a body of unknown length too', async () => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('Output=json&a='))
        for (let i = 0; i < 20; i++) controller.enqueue(new Uint8Array(100_000).fill(120))
        controller.close()
      },
    })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const { text } = await ask('/onsip/api', { method: 'POST', headers, body, duplex: 'half' } as RequestInit)
    expect(JSON.parse(text).Response.Context.Request.Errors.Error.Code).toBe('Request.TooBig')
  })
})

describe('A26: JSON has a limit of depth and of values, in the one reader', () => {
  const deep = `{"a":${'['.repeat(6000)}${']'.repeat(6000)}}`
  const wide = `{"a":[${'1,'.repeat(100_000)}1]}`

  it.each([
    [
      'sinch-v1 configure',
      'POST',
      '/sinch-v1/v1/Account/AC00000000000000000000000000000012/ActiveNumbers/PN+1',
      { authorization: basic('AC00000000000000000000000000000012:demo-sinch-acme') },
    ],
    ['wavix', 'PUT', '/wavix/v1/profile', WAVIX],
    [
      'vobiz',
      'POST',
      '/vobiz/api/v1/Account/MA_DEMO0001/trunks',
      { 'x-auth-id': 'MA_DEMO0001', 'x-auth-token': 'demo-vobiz-acme' },
    ],
    [
      'cm',
      'POST',
      `/cm/voice-companyprofilesapi/v1/${PROJECT}/companyProfiles`,
      { 'x-cm-producttoken': 'demo-cm-acme' },
    ],
  ] as const)('%s', async (_, method, path, headers) => {
    for (const body of [deep, wide]) expect((await send(method, path, headers, body)).status).toBe(400)
  })

  it('admin', async () => {
    const headers = { 'content-type': 'application/json' }
    for (const body of [deep, wide]) {
      expect((await gateway.admin('/accounts', { method: 'POST', headers, body })).status).toBe(400)
    }
  })

  it('halves of characters and NUL are refused, whole ones are not', () => {
    const json = (text: string) => () => parseJson(new TextEncoder().encode(text))
    for (const text of ['{"a":"\\ud800"}', '{"\\udc00":1}', '{"a":["\\u0000"]}'])
      expect(json(text)).toThrow('no text may have')
    expect(json('{"a":"\\ud83d\\ude00"}')()).toEqual({ a: '😀' })
  })
})

describe('B2: booleans count in any case, with the words that each provider knows', () => {
  it.each(['True', 'TRUE', 'true', '1', true, 1])('%s is yes', value => expect(readBoolean(value)).toBe(true))
  it.each(['False', 'FALSE', '0', false, 0])('%s is no', value => expect(readBoolean(value)).toBe(false))
  it.each(['', 'yes', 'constructor', null, [true], {}])('%s is neither', value =>
    expect(readBoolean(value)).toBeUndefined())

  it.each([
    '/wavix/v1/buy/countries?text_enabled_only=True',
    '/wavix/v1/mydids?label_present=FALSE',
  ])('%s', async path => {
    expect((await ask(path, { headers: WAVIX })).status).toBe(200)
  })

  it("Python's True is a boolean to OnSIP clients", async () => {
    const { text } = await onsip('Action=DidBrowse&CalcFound=FALSE')
    expect(text).toContain('<IsCompleted>true</IsCompleted>')
    expect((await onsip('Action=DidBrowse&CalcFound=yes')).text).toContain('Boolean.Invalid')
  })

  it('in the admin plane', async () => {
    const headers = { 'content-type': 'text/csv' }
    const body = 'e164,country\n'
    const answer = await gateway.admin('/numbers/import?keep_good=True', { method: 'POST', headers, body })
    expect(await answer.text()).not.toContain('must be true or false')
  })
})

describe('C11, C16: lists have an end, in what is sent and in what is told', () => {
  it('C11: mistakes told are capped', async () => {
    const path = `/sinch/v1/projects/${PROJECT}/availableNumbers:rentAny`
    const body = { regionCode: 'US', type: 'LOCAL', capabilities: Array(5000).fill(1) }
    const { status, text } = await send('POST', path, SINCH, body)
    expect(status).toBe(400)
    expect(JSON.parse(text).error.details[0].fieldViolations.length).toBeLessThanOrEqual(MAX_ISSUES)
    expect(text.length).toBeLessThan(20_000)
  })

  it.each([
    ['PUT', '/wavix/v1/buy/cart'],
    ['DELETE', '/wavix/v1/mydids'],
    ['PATCH', '/wavix/v1/mydids'],
  ])('C16: %s %s with 33,000 ids', async (method, path) => {
    const ids = Array.from({ length: 33_000 }, (_, i) => i)
    for (const body of [{ ids: ids.slice(0, 15_000) }, { ids: ids.join(',') }, { ids: ids.slice(0, MAX_LIST + 1) }]) {
      const { status, text } = await send(method, path, WAVIX, body)
      expect([status, JSON.parse(text).message]).toEqual([400, 'Missing or invalid parameter ids'])
    }
  })

  it('C16: a thousand parameters that ask for the same are one condition', async () => {
    const query = Array.from({ length: 3000 }, (_, i) => `capabilities.voice.e911.a${i}=true`).join('&')
    expect((await ask(`/sinch-v1/v1/api/AvailableNumbers?${query}`)).status).toBe(200)
  })
})

describe('C15: what everything inherits is no word', () => {
  const words = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']
  it.each(words)('%s', async word => {
    const paths = [
      `/wavix/v1/buy/countries?type_filter=${word}`,
      `/sinch-v1/v1/api/AvailableNumbers?geography.${word}=x&capabilities.${word}=x&capabilities.${word}.x=1`,
      `/sinch-v1/v1/api/AvailableNumbers?regulatory.address_requirements=${word}&type=${word}`,
    ]
    for (const path of paths)
      expect((await ask(path, { headers: path.includes('wavix') ? WAVIX : {} })).status).toBe(200)
    const pattern = `numberPattern.pattern=1&numberPattern.searchPattern=${word}`
    const search = `/sinch/v1/projects/${PROJECT}/availableNumbers?regionCode=US&type=LOCAL&${pattern}`
    expect((await ask(search, { headers: SINCH })).status).toBe(400)
    expect((await onsip(`Action=${word}`)).text).toContain('Action.Unrecognized')
  })
})

describe('C17, A30: every spelling of a secret is hidden, to its end', () => {
  it.each([
    ["/api?Password=it's-my-secret&x=1", '/api?Password=[hidden]&x=1'],
    ['Password=a;b,c"d<e>#x', 'Password=[hidden]#x'],
    ['{"url":"/x?token=a,b","n":1}', '{"url":"/x?token=[hidden]","n":1}'],
    ["x-auth-token: ab'cd,ef", 'x-auth-token: [hidden]'],
    ['<Password><![CDATA[a<b]]></Password>', '<Password>[hidden]</Password>'],
    ['Authorization: Digest username="x", response="abc"', 'Authorization: [hidden]'],
    ['note=a;Password=x', 'note=a;Password=[hidden]'],
  ])('C17: %s', (text, hidden) => expect(redactText(text)).toBe(hidden))

  it('A30: what Basic makes of a secret, and what addresses, JSON and XML do', () => {
    const account = { keyId: 'id-1', keySecret: `s3&cret/"<'é` }
    const { text } = createRedact({ account, stranger: {} })
    const { keyId, keySecret } = account
    const encoded = Buffer.from(`${keyId}:${keySecret}`).toString('base64')
    const spellings = [
      ...[keySecret, encodeURIComponent(keySecret), encodeURIComponent(encodeURIComponent(keySecret))],
      ...[encodeURIComponent(keySecret).toLowerCase(), JSON.stringify(keySecret).slice(1, -1)],
      ...[
        encoded,
        encoded.replace(/=+$/, ''),
        encodeURIComponent(encoded),
        Buffer.from(keySecret).toString('base64url'),
      ],
      keySecret.replace('&', '&amp;').replace('<', '&lt;').replace('"', '&quot;'),
    ]
    for (const each of spellings) expect(text(`echo: ${each}.`)).toBe('echo: [hidden].')
  })
})

describe('E1: OPTIONS', () => {
  it('OPTIONS allows a page to send what it asks for, on every path', async () => {
    for (const path of ['/onsip/api', '/onsip/', '/onsip/elsewhere', '/onsip/rng/jnctn.rng']) {
      const headers = {
        origin: 'https://app.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'cache-control, content-language,X-Odd, bad header, \u00e9',
      }
      const answer = await ask(path, { method: 'OPTIONS', headers })
      expect(answer.status).toBe(204)
      expect(answer.headers.get('access-control-allow-headers')).toBe(
        'Authorization, Content-Type, cache-control, content-language, x-odd',
      )
      expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    }
  })

  it('OPTIONS repeats only so much of what is asked for', async () => {
    const headers = { 'access-control-request-headers': Array.from({ length: 900 }, (_, i) => `x-${i}`).join(',') }
    const { headers: answered } = await ask('/onsip/api', { method: 'OPTIONS', headers })
    expect(answered.get('access-control-allow-headers')?.split(',').length).toBeLessThan(60)
  })

  it.each(dialectModules.map(({ name }) => name))('%s never answers 404 to OPTIONS', async name => {
    expect((await ask(`/${name}/no/such/path`, { method: 'OPTIONS' })).status).toBe(204)
  })

  it('OPTIONS says which methods a path has', async () => {
    const { headers } = await ask('/wavix/v1/buy/cart', { method: 'OPTIONS' })
    expect(headers.get('allow')?.split(', ').sort()).toEqual(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'PUT'])
  })
})

describe('E2: parameters without a content type, or as text, are a form', () => {
  it.each([['text/plain'], ['text/plain;charset=UTF-8'], [undefined]])('%s', async type => {
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type }
    const body = new TextEncoder().encode('Action=Echo&Note=caf%C3%A9')
    const { status, text } = await ask('/onsip/api', { method: 'POST', headers, body })
    expect(status).toBe(200)
    expect(text).toContain('<Value>café</Value>')
  })
})

describe('smaller ones', () => {
  test('two slashes after a base URL are one', async () => {
    expect((await ask('/wavix//v1/buy/countries', { headers: WAVIX })).status).toBe(200)
    expect((await ask('http://didgate.test//wavix/v1/buy/countries', { headers: WAVIX })).status).toBe(200)
    expect((await ask(`/sinch//v1/projects/${PROJECT}/availableRegions`, { headers: SINCH })).status).toBe(200)
    expect((await ask('/onsip//api?Action=NoOp')).text).toContain('<IsCompleted>true')
  })

  test('an Idempotency-Key stands for the same request in whatever order its members come', async () => {
    const trunk = (body: string) =>
      send(
        'POST',
        '/vobiz/api/v1/Account/MA_DEMO0001/trunks',
        { 'x-auth-id': 'MA_DEMO0001', 'x-auth-token': 'demo-vobiz-acme', 'idempotency-key': 'k1' },
        body,
      )
    const first = await trunk('{"name":"A","transport":"udp"}')
    expect(first.status).toBe(201)
    expect(await trunk('{"transport":"udp","name":"A"}')).toMatchObject({ status: 201, text: first.text })
    expect((await trunk('{"transport":"tcp","name":"A"}')).status).not.toBe(201)
  })

  test('a request that is no HTTP gets a body that says so', async () => {
    const listener = await listen({ name: 'PORT', host: '127.0.0.1', port: 0, fetch: () => new Response('ok') })
    const raw = (text: string) =>
      new Promise<string>(resolve => {
        let said = ''
        const socket = connect(listener.port, '127.0.0.1', () => socket.write(text))
        socket.on('data', bytes => {
          said += bytes.toString()
        })
        socket.on('close', () => resolve(said))
      })
    expect(await raw('nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [\s\S]*\r\n\r\n\{"error":/)
    const large = `GET / HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`
    expect(await raw(large)).toMatch(/^HTTP\/1\.1 431 [\s\S]*\r\n\r\n\{"error":/)
    await listener.close(100)
  })

  test('NUL in a path names nothing', async () => {
    expect((await ask('/wavix/v1/mydids/%00', { headers: WAVIX })).status).toBe(404)
    expect((await gateway.admin('/orders/a%00b/accept', { method: 'POST' })).status).toBe(404)
  })

  test('NpaNxxBrowse is gzipped when asked', async () => {
    const browse = async (encoding?: string) => {
      const headers: Record<string, string> = encoding === undefined ? {} : { 'accept-encoding': encoding }
      const response = await gateway.fetch('/onsip/api?Action=NpaNxxBrowse&Output=json', { headers })
      const bytes = Buffer.from(await response.arrayBuffer())
      expect(response.headers.get('vary')).toContain('Accept-Encoding')
      return { coding: response.headers.get('content-encoding'), bytes }
    }
    const result = (bytes: Buffer) => JSON.parse(bytes.toString()).Response.Result
    const plain = await browse()
    expect(plain.coding).toBeNull()
    for (const encoding of ['gzip', 'deflate, gzip;q=0.5', '*', 'x-gzip', 'gzip;q=1, identity;q=0.5']) {
      const { coding, bytes } = await browse(encoding)
      expect(coding).toBe('gzip')
      expect(bytes.length).toBeLessThan(plain.bytes.length / 2)
      expect(result(gunzipSync(bytes))).toEqual(result(plain.bytes))
    }
    for (const encoding of ['', 'identity', 'gzip;q=0', '*;q=0', 'br', 'gzip;q=0.1, identity']) {
      expect((await browse(encoding)).coding).toBeNull()
    }
  })
})
