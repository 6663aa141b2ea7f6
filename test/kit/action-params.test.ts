import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { type ActionParamsOptions, actionParams } from '../../adapters/kit/action-params.ts'
import { type ActionValue, isActionArray } from '../../adapters/kit/action-values.ts'
import { type Inbound, operation } from '../../adapters/kit/dialect.ts'
import { branch, leaf } from '../../adapters/kit/xml.ts'

const stub = (on: string | string[]) =>
  operation({
    on,
    caller: 'lenient',
    evidence: 'E0',
    input: v.unknown(),
    answers: { 200: 'Response' },
    handle: async () => ({}),
  })

const OPTIONS = {
  paths: ['/webapi', '/restapi', '/api'],
  operations: [stub('Echo'), stub(['New', 'Old'])],
  namespace: 'http://example.com/ns',
  envelope: (reply, inbound) => branch('Response', [leaf('Said', String(reply.body)), leaf('Id', inbound.requestId)]),
  bodyLimit: 200,
} satisfies ActionParamsOptions
const wire = actionParams(OPTIONS)

async function read(target: string, init?: RequestInit, by = wire): Promise<Inbound> {
  const request = new Request(`http://host.example${target}`, init)
  const pathname = new URL(request.url).pathname
  const arrival = { request, base: 'http://host.example', pathname, startedAt: 0, requestId: 'r1' }
  return by.read(arrival, by.match(arrival))
}

const form = (body: string, type = 'application/x-www-form-urlencoded'): RequestInit => ({
  method: 'POST',
  body,
  headers: { 'content-type': type },
})

/** Arrays as nested pairs, for comparison. */
function plain(value: ActionValue): unknown {
  return isActionArray(value) ? [...value.elements].map(([key, each]) => [key, plain(each)]) : value
}

const received = ({ received }: Inbound) => received.map(([name, value]) => [name, plain(value as ActionValue)])

describe('addresses and methods', () => {
  it.each(['/webapi', '/restapi', '/api', '/api/', '/webapi/', '/restapi/'])('%s', async path => {
    expect((await read(`${path}?Action=Echo`)).operation?.on).toBe('Echo')
  })

  it.each(['/', '/api//', '/api/x', '/API'])('%s is none', async path => {
    expect((await read(`${path}?Action=Echo`)).fault).toMatchObject({
      code: 'unknown_operation',
      details: { name: path },
    })
  })

  it.each(['PUT', 'DELETE', 'HEAD', 'PATCH'])('%s is not allowed', async method => {
    expect((await read('/api?Action=Echo', { method })).fault?.code).toBe('method_not_allowed')
  })
})

describe('a large form', () => {
  const large = actionParams({ ...OPTIONS, bodyLimit: 1_000_000 })
  /** Whether others had a turn before it was read. */
  const rests = async (length: number) => {
    let hadTurn = false
    const turn = setImmediate(() => {
      hadTurn = true
    })
    const inbound = await read('/api', form(`Action=Echo&a=${'x'.repeat(length)}`), large)
    clearImmediate(turn)
    expect([inbound.fault, inbound.operation?.on]).toEqual([undefined, 'Echo'])
    return hadTurn
  }

  it('is read in one turn and answered in another, so that others have one between; a small one is not', async () => {
    expect([await rests(1_000), await rests(100_000)]).toEqual([false, true])
  })
})

describe('parameters', () => {
  it('come from the query in order; plus and %20 are a space; names are case-sensitive', async () => {
    const inbound = await read('/api?Action=Echo&b=1+2&B=1%202&a=')
    expect(received(inbound)).toEqual([
      ['Action', 'Echo'],
      ['b', '1 2'],
      ['B', '1 2'],
      ['a', ''],
    ])
    expect(inbound.fault).toBeUndefined()
  })

  it('come from a form, which wins over the query', async () => {
    const inbound = await read('/api?Action=Old&x=1', form('x=2&Action=New&y=a%2Bb+c'))
    expect(received(inbound)).toEqual([
      ['Action', 'New'],
      ['x', '2'],
      ['y', 'a+b c'],
    ])
    expect(inbound.operation?.on).toContain('New')
  })

  it('come from a multipart form, without its files', async () => {
    const body = new FormData()
    body.append('Action', 'Echo')
    body.append('Foo', 'Bär')
    body.append('File', new Blob(['x']), 'x.txt')
    const bytes = new Response(body)
    const headers = { 'content-type': bytes.headers.get('content-type') ?? '' }
    const inbound = await read('/api', { method: 'POST', body: await bytes.arrayBuffer(), headers })
    expect(inbound.fault?.code).toBe('body_too_large')
    const wide = actionParams({
      paths: ['/api'],
      operations: [stub('Echo')],
      namespace: '',
      envelope: () => leaf('R', ''),
    })
    const request = new Request('http://h/api', { method: 'POST', body })
    const arrival = { request, base: '', pathname: '/api', startedAt: 0, requestId: '' }
    expect(received(await wide.read(arrival, wide.match(arrival)))).toEqual([
      ['Action', 'Echo'],
      ['Foo', 'Bär'],
    ])
  })

  it('come from the query of a POST whose body is empty, whatever its type', async () => {
    const inbound = await read('/api?Action=Echo&a=1', form('', 'text/plain'))
    expect([inbound.fault, inbound.fields.a]).toEqual([undefined, '1'])
  })

  it('ignore the content type of a GET', async () => {
    const inbound = await read('/api?Action=Echo', { headers: { 'content-type': 'application/json' } })
    expect(inbound.fault).toBeUndefined()
  })

  it('of one source: the last wins, at the place of the first', async () => {
    expect(received(await read('/api?Action=Echo&a=1&b=2&a=3'))).toEqual([
      ['Action', 'Echo'],
      ['a', '3'],
      ['b', '2'],
    ])
  })

  it('may be named like members of objects', async () => {
    const inbound = await read('/api?Action=Echo&__proto__=1&constructor[x]=2&a[__proto__]=3')
    expect(received(inbound).slice(1)).toEqual([
      ['__proto__', '1'],
      ['constructor', [['x', '2']]],
      ['a', [['__proto__', '3']]],
    ])
    expect(Object.keys(inbound.fields)).toContain('__proto__')
  })
})

describe('arrays', () => {
  const array = async (query: string) => received(await read(`/api?Action=Echo&${query}`)).slice(1)

  it.each([
    [
      'N[212789]=2&N[212790]=1',
      [
        [
          'N',
          [
            ['212789', '2'],
            ['212790', '1'],
          ],
        ],
      ],
    ],
    ['N%5B212789%5D=2', [['N', [['212789', '2']]]]],
    [
      'N[]=a&N[]=b&N[7]=c&N[]=d',
      [
        [
          'N',
          [
            ['0', 'a'],
            ['1', 'b'],
            ['7', 'c'],
            ['8', 'd'],
          ],
        ],
      ],
    ],
    [
      'N[a][b]=1&N[a][]=2',
      [
        [
          'N',
          [
            [
              'a',
              [
                ['b', '1'],
                ['0', '2'],
              ],
            ],
          ],
        ],
      ],
    ],
    ['N[a]=1&N[a]=2', [['N', [['a', '2']]]]],
    ['N[a]=1&N=2', [['N', '2']]],
    ['N=2&N[a]=1', [['N', [['a', '1']]]]],
    ['N[a=1', [['N[a', '1']]],
    ['[a]=1', [['[a]', '1']]],
    ['N[a]x=1', [['N[a]x', '1']]],
  ])('%s', async (query, expected) => {
    expect(await array(query)).toEqual(expected)
  })

  it('are not nested without end', async () => {
    const name = `N${'[]'.repeat(60)}`
    expect(await array(`${name}=1`)).toEqual([[name, '1']])
  })

  it('of the body replace those of the query', async () => {
    const inbound = await read('/api?Action=Echo&N[a]=1', form('N[b]=2'))
    expect(received(inbound)[1]).toEqual(['N', [['b', '2']]])
  })
})

describe('what cannot be used', () => {
  it.each([
    ['too large a body', form(`x=${'y'.repeat(300)}`), 'body_too_large'],
    ['a body of another type', form('{}', 'application/json'), 'unsupported_media_type'],
    ['a body that is not UTF-8', { ...form(''), body: new Uint8Array([0x61, 0x3d, 0xff]) }, 'unreadable_body'],
    ['escapes that are not UTF-8', form('a=%FF'), 'unreadable_body'],
    ['a broken multipart body', form('--x', 'multipart/form-data; boundary=y'), 'unreadable_body'],
  ])('%s keeps what the query said', async (_, init, code) => {
    const inbound = await read('/api?Action=Echo', init)
    expect(inbound.fault?.code).toBe(code)
    expect(received(inbound)).toEqual([['Action', 'Echo']])
  })

  it('escapes in the query that are not UTF-8', async () => {
    expect((await read('/api?Action=Echo&a=%C3%28')).fault?.code).toBe('unreadable_body')
    expect((await read('/api?Action=Echo&a=%zz%')).fault).toBeUndefined()
  })

  it.each([
    ['', undefined],
    ['?Action=', undefined],
    ['?Action=Bogus', 'Bogus'],
    ['?Action=echo', 'echo'],
    ['?Action[]=Echo', 'Action[]'],
  ])('no action: %s', async (query, name) => {
    const { fault, operation } = await read(`/api${query}`)
    expect(fault).toMatchObject({ code: 'unknown_operation', details: name === undefined ? {} : { name } })
    expect(operation).toBeUndefined()
  })
})

describe('formats', () => {
  const answer = async (query: string) => {
    const response = wire.write({ body: { ok: 1 } }, await read(`/api?Action=Echo&${query}`))
    return [response.headers.get('content-type'), await response.text()]
  }
  const json = '{"Response":{"Said":"[object Object]","Id":"r1"}}'

  it.each(['', 'Output=xml', 'Output=', 'Output[]=json', 'Callback=a(b)', 'output=json'])('XML: %s', async query => {
    const [type, text] = await answer(query)
    expect(type).toBe('text/xml; charset=utf-8')
    expect(text).toMatch(/^<\?xml .*<Id>r1<\/Id><\/Response>$/)
  })

  it.each(['Output=json', 'Output=JSON', 'Output=json&Callback='])('JSON: %s', async query => {
    expect(await answer(query)).toEqual(['application/json; charset=utf-8', json])
  })

  it.each(['Jnctn.__jsonp__.jn0', 'a[0].b', 'x'.repeat(128)])('JSONP: %s', async callback => {
    expect(await answer(`Output=json&Callback=${encodeURIComponent(callback)}`)).toEqual([
      'application/javascript; charset=utf-8',
      `${callback}( ${json} );`,
    ])
  })

  it.each(['a(b)', 'a b', 'x'.repeat(129), 'ä', "a'b"])('a bad callback gets plain JSON: %s', async callback => {
    const target = `Output=json&Callback=${encodeURIComponent(callback)}`
    expect((await read(`/api?Action=Echo&${target}`)).fault).toMatchObject({
      code: 'invalid_input',
      details: { issues: [{ field: 'Callback' }] },
    })
    expect(await answer(target)).toEqual(['application/json; charset=utf-8', json])
  })

  it('passes finished bodies on', async () => {
    const inbound = await read('/api?Action=Echo')
    const headers = { 'content-type': 'text/plain' }
    expect(await wire.write({ status: 201, headers, body: 'as is' }, inbound).text()).toBe('as is')
    expect(await wire.write({}, inbound).text()).toBe('')
  })
})
