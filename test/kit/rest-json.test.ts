import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { type Inbound, type Operation, operation } from '../../adapters/kit/dialect.ts'
import { type RestJsonOptions, restJson } from '../../adapters/kit/rest-json.ts'

function on(path: string | readonly string[], body?: Operation['body']): Operation {
  const rest = {
    caller: 'optional',
    evidence: 'E0',
    answers: {},
    input: v.unknown(),
    handle: async () => ({}),
  } as const
  return operation({ ...rest, on: path, ...(body && { body }) })
}

const TOLERANT: RestJsonOptions = {
  ignoreCase: true,
  trailingSlash: true,
  doubleSlash: true,
  literalSuffixes: true,
  methodUnknown: 'not_found',
}

function arrivalOf(method: string, path: string, init: RequestInit = {}) {
  const request = new Request(`http://h.test${path}`, { ...init, method })
  return { request, base: '', pathname: new URL(request.url).pathname, startedAt: 0, requestId: 'r' }
}

function matched(operations: readonly Operation[], request: string, options = TOLERANT) {
  const [method = '', path = ''] = request.split(' ')
  const { operation: found, path: values, fault } = restJson(operations, options).match(arrivalOf(method, path))
  return fault ? fault.code : [found?.on, values]
}

describe('paths', () => {
  const operations = [
    on('GET /numbers/:n'),
    on('DELETE /numbers/:other'),
    on('GET /numbers/statuses'),
    on('POST /numbers/:n:rent'),
    on('POST /numbers:rentAny'),
    on('POST /numbers/:n/emergencyAddress:provision'),
    on('POST /numbers/:n/emergencyAddress:validate'),
    on('GET /Accounts/:id/ActiveNumbers/PN:n'),
    on('GET /boxes/:box/items/'),
    on('GET /a/:x/c'),
    on('GET /a/b/:y'),
  ]

  it.each([
    ['GET /Numbers/STATUSES/', 'GET /numbers/statuses', {}],
    ['GET //numbers//aB', 'GET /numbers/:n', { n: 'aB' }],
    ['DELETE /numbers/statuses', 'DELETE /numbers/:other', { other: 'statuses' }],
    ['GET /numbers/%2B1+2%20', 'GET /numbers/:n', { n: '+1+2 ' }],
    ['GET /numbers/%252B1', 'GET /numbers/:n', { n: '%2B1' }],
    ['GET /numbers/x%zz%ff', 'GET /numbers/:n', { n: 'x%zz%ff' }],
    ['GET /numbers/%2F', 'GET /numbers/:n', { n: '/' }],
    ['GET /numbers/a:b', 'GET /numbers/:n', { n: 'a:b' }],
    ['POST /numbers/+1:rent', 'POST /numbers/:n:rent', { n: '+1' }],
    ['POST /numbers/%2B1%3Arent', 'POST /numbers/:n:rent', { n: '+1' }],
    ['POST /numbers:rentAny', 'POST /numbers:rentAny', {}],
    ['POST /numbers/1/emergencyAddress:provision', 'POST /numbers/:n/emergencyAddress:provision', { n: '1' }],
    ['POST /numbers/1/emergencyAddress:validate', 'POST /numbers/:n/emergencyAddress:validate', { n: '1' }],
    ['GET /accounts/Ab/activenumbers/PN%2B1', 'GET /Accounts/:id/ActiveNumbers/PN:n', { id: 'Ab', n: '+1' }],
    ['GET /boxes/1/items', 'GET /boxes/:box/items/', { box: '1' }],
    ['GET /a/b/c', 'GET /a/b/:y', { y: 'c' }],
    ['HEAD /numbers/1', 'GET /numbers/:n', { n: '1' }],
  ])('%s is %s', (request, name, values) => {
    expect(matched(operations, request)).toEqual([name, values])
    expect(matched([...operations].reverse(), request)).toEqual([name, values])
  })

  it.each([
    'POST /numbers/1',
    'POST /numbers:other',
    'GET /numbers',
    'GET /a/b',
    'BREW /numbers/1',
    'GET /',
  ])('there is no %s', request => expect(matched(operations, request)).toBe('unknown_operation'))

  it('is strict where the provider is', () => {
    const strict: RestJsonOptions = { methodUnknown: 'method_not_allowed' }
    for (const path of ['/Numbers/1', '/numbers/1/', '//numbers/1']) {
      expect(matched([on('GET /numbers/:n')], `GET ${path}`, strict)).toBe('unknown_operation')
    }
    const { fault } = restJson([on('GET /x/:a'), on('PUT /x/:b')], strict).match(arrivalOf('POST', '/x/1'))
    expect(fault).toMatchObject({ code: 'method_not_allowed', details: { allowed: ['GET', 'PUT'] } })
  })

  it('refuses two operations on one address', () => {
    expect(() => restJson([on('GET /x/:a'), on(['GET /y', 'GET /X/:a'])], TOLERANT)).toThrow('two operations')
  })
})

describe('reading', () => {
  const wire = restJson(
    [
      on(['POST /j/:id', 'GET /j/:id', 'DELETE /j/:id']),
      on('POST /f', { form: true }),
      on('POST /m', { multipart: true }),
    ],
    TOLERANT,
  )
  const read = (method: string, path: string, init?: RequestInit): Promise<Inbound> => {
    const arrival = arrivalOf(method, path, init)
    return wire.read(arrival, wire.match(arrival))
  }
  const typed = (type: string, body: string) => ({ body, headers: { 'content-type': type } })

  it('lays the body over the query and the path over both', async () => {
    const sent = typed('application/json; charset=UTF-8', '{"id":"b","q":"body","n":[1]}')
    const { fields, query, path } = await read('POST', '/j/p?q=1&id=q&r=x+y%2B&r=%zz&', sent)
    expect(fields).toEqual({ id: 'p', q: 'body', n: [1], r: '%zz' })
    expect(query.slice(2)).toEqual([
      ['r', 'x y+'],
      ['r', '%zz'],
    ])
    expect(path).toEqual({ id: 'p' })
  })

  it.each([
    'POST',
    'PUT',
    'PATCH',
    'DELETE',
    'GET',
  ])('%s by the body alone, where the provider has it so', async method => {
    const apart = restJson([on(`${method} /j/:id`)], { ...TOLERANT, writesByBody: true })
    const arrival = arrivalOf(method, '/j/1?q=x')
    const { fields, query } = await apart.read(arrival, apart.match(arrival))
    expect(fields).toEqual(/^P/.test(method) ? { id: '1' } : { id: '1', q: 'x' })
    expect(query).toEqual([['q', 'x']])
  })

  it.each(['POST', 'DELETE'])('does not parse the empty body of a %s, whatever its type', async method => {
    for (const type of ['application/json', 'text/xml', '']) {
      expect(await read(method, '/j/1', typed(type, ''))).toMatchObject({ body: undefined, fields: { id: '1' } })
    }
  })

  it('takes JSON without a type, and no other type', async () => {
    const bare = { body: new TextEncoder().encode('{"a":1}') }
    expect((await read('DELETE', '/j/1', bare)).body).toEqual({ a: 1 })
    const patch = typed('application/merge-patch+json', '{"a":[1]}')
    expect((await read('POST', '/j/1', patch)).body).toEqual({ a: [1] })
    const form = await read('POST', '/j/1', typed('application/x-www-form-urlencoded', 'a=1'))
    expect(form.fault?.code).toBe('unsupported_media_type')
    expect((await read('POST', '/j/1', typed('application/json', '{'))).fault?.code).toBe('unreadable_body')
    expect((await read('POST', '/j/1', { body: new Uint8Array([34, 255, 34]) })).fault?.code).toBe('unreadable_body')
  })

  it('takes forms and files where the operation says so', async () => {
    const form = await read('POST', '/f', typed('application/x-www-form-urlencoded', 'grant_type=a%20b&x='))
    expect(form.fields).toEqual({ grant_type: 'a b', x: '' })
    const data = new FormData()
    data.append('kind', 'id')
    data.append('file', new File(['abc'], 'a.txt', { type: 'text/plain' }))
    const { body, fields } = await read('POST', '/m', { body: data })
    expect(body).toMatchObject([
      ['kind', 'id'],
      ['file', { name: 'a.txt', type: 'text/plain' }],
    ])
    expect(fields).toMatchObject({ kind: 'id', file: { name: 'a.txt' } })
    expect((await read('POST', '/m', typed('application/json', '{}'))).fault?.code).toBe('unsupported_media_type')
  })

  it('treats a key such as __proto__ as a key', async () => {
    const { fields } = await read('POST', '/j/1?__proto__=x', typed('application/json', '{"constructor":1}'))
    expect(Object.keys(fields)).toEqual(['__proto__', 'constructor', 'id'])
    expect(Object.getPrototypeOf(fields)).toBe(Object.prototype)
  })
})

describe('writing', () => {
  const { write } = restJson([], TOLERANT)
  const inbound = {} as Inbound

  it('JSON, raw bytes, and nothing', async () => {
    const json = write({ status: 201, body: { a: 1 } }, inbound)
    expect([json.status, json.headers.get('content-type'), await json.text()]).toEqual([
      201,
      'application/json',
      '{"a":1}',
    ])
    const bytes = write({ headers: { 'content-type': 'application/pdf' }, body: new Uint8Array([37]) }, inbound)
    expect([bytes.headers.get('content-type'), await bytes.text()]).toEqual(['application/pdf', '%'])
    expect(write({}, inbound).headers.get('content-length')).toBe('0')
    const none = write({ status: 204, body: { a: 1 } }, inbound)
    expect([none.headers.get('content-length'), none.body]).toEqual([null, null])
  })
})
