/** The wire of forms in and the format of the path out: what is read from where, and in which format the answer comes. */
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import type { Operation } from '../../adapters/kit/dialect.ts'
import { operation } from '../../adapters/kit/dialect.ts'
import type { Document } from '../../adapters/kit/documents.ts'
import { bare, formFormats } from '../../adapters/kit/form-formats.ts'

const on = (name: string, body?: Operation['body']) =>
  operation({
    ...({ on: name, caller: 'optional', evidence: 'E0', answers: {}, input: v.unknown() } as const),
    ...(body && { body }),
    handle: async () => ({}),
  })

const wire = formFormats([on('GET /a/:id'), on('POST /a/:id', { limit: 20 }), on('DELETE /a/:id'), on('POST /c')], {
  root: 'Root',
})
const FORM = 'application/x-www-form-urlencoded'

function arrive(method: string, path: string, body?: string | Uint8Array, type?: string) {
  const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type }
  const sent = body === undefined ? {} : { body: body as string }
  const request = new Request(`http://h.test${path}`, { method, headers, ...sent })
  if (type === '') request.headers.delete('content-type')
  return { request, base: '', pathname: new URL(request.url).pathname, startedAt: 0, requestId: 'r' }
}

async function read(...asked: Parameters<typeof arrive>) {
  const arrival = arrive(...asked)
  const match = wire.match(arrival)
  const opened = wire.open?.(arrival, match)
  return wire.read(arrival, match, opened)
}

describe('a path', () => {
  it.each([
    '/a/1',
    '/a/1.json',
    '/a/1.xml',
    '/a/1.csv',
  ])('is the same with the format behind it or not: %s', async path => {
    const { operation: found, path: values, fault } = await read('GET', path)
    expect([found?.on, values, fault]).toEqual(['GET /a/:id', { id: '1' }, undefined])
    expect(bare(path)).toBe('/a/1')
  })

  it('may have dots of its own', async () => {
    for (const path of ['/a/1.txt', '/a/1.json.x', '/a/xml', '/a/1xjson']) expect(bare(path)).toBe(path)
    expect(bare('/a/x.json.xml')).toBe('/a/x.json')
  })

  it('that is known for other methods only is told with them, and any other is told as it was sent', async () => {
    const known = await read('PUT', '/a/1.json')
    expect(known.fault).toMatchObject({
      code: 'method_not_allowed',
      details: { allowed: expect.arrayContaining(['GET', 'POST', 'DELETE']) },
    })
    const unknown = await read('GET', '/b.json?x=1')
    expect(unknown.fault).toMatchObject({ code: 'unknown_operation', details: { name: 'GET /b.json' } })
    expect([known.path, unknown.fields]).toEqual([{}, { x: '1' }])
    expect(wire.options?.(arrive('OPTIONS', '/a/1.xml')).headers.get('allow')?.split(', ').sort()).toEqual([
      'DELETE',
      'GET',
      'OPTIONS',
      'POST',
    ])
  })
})

describe('what is asked for', () => {
  it('comes from the query, under the form, under the path; of each name the last counts', async () => {
    const inbound = await read('POST', '/a/1?a=1&a=2&b=1&id=9', 'b=2&b=3&c=4', FORM)
    expect(inbound.fields).toEqual({ a: '2', b: '3', c: '4', id: '1' })
    expect(inbound.query).toEqual([
      ['a', '1'],
      ['a', '2'],
      ['b', '1'],
      ['id', '9'],
    ])
    expect(inbound.body).toEqual([
      ['b', '2'],
      ['b', '3'],
      ['c', '4'],
    ])
  })

  it('is read without having been opened before as well', async () => {
    const arrival = arrive('POST', '/a/1?a=1', 'b=2', FORM)
    expect((await wire.read(arrival, wire.match(arrival))).fields).toEqual({ a: '1', b: '2', id: '1' })
  })

  it.each([
    ['with the type of forms', FORM],
    ['in any case, with a charset', 'Application/X-WWW-Form-URLencoded ; charset=latin1'],
    ['without a type', ''],
  ])('is a form %s', async (_, type) => expect((await read('POST', '/a/1', 'a=1', type)).fields.a).toBe('1'))

  it('of another type is refused, unless there is nothing', async () => {
    const refused = { code: 'unsupported_media_type', details: { received: 'text/json' } }
    expect((await read('POST', '/a/1', '{}', 'Text/JSON; charset=utf-8')).fault).toMatchObject(refused)
    expect((await read('POST', '/a/1', '', 'text/json')).fault).toBeUndefined()
    const latin1 = Uint8Array.of(97, 61, 0xe9)
    expect((await read('POST', '/a/1', latin1, `${FORM}; charset=latin1`)).fields.a).toBe('é')
  })

  it('is not read from the body where the method has none', async () => {
    expect(await read('DELETE', '/a/1', '{}', 'text/json')).not.toHaveProperty('fault')
    expect((await read('DELETE', '/a/1')).body).toEqual([])
    expect((await read('GET', '/a/1?a=1', undefined, 'text/json')).fields).toEqual({ a: '1', id: '1' })
  })

  it('is no larger than the operation takes', async () => {
    expect((await read('POST', '/c', `a=${'x'.repeat(99)}`, FORM)).fields.a).toHaveLength(99)
    expect((await read('POST', '/a/1', `a=${'x'.repeat(18)}`, FORM)).fault).toBeUndefined()
    const large = await read('POST', '/a/1?b=1', `a=${'x'.repeat(19)}`, FORM)
    expect(large.fault).toMatchObject({ code: 'body_too_large', details: { limit: 20 } })
    expect(large.fields).toEqual({ b: '1', id: '1' })
  })

  it('that cannot be read is told by its name, the query first, with all that could be', async () => {
    const told = (name: string) => ({
      code: 'invalid_input',
      details: { issues: [{ field: name, problem: 'format', message: `${name} is not valid UTF-8` }] },
    })
    const both = await read('POST', '/a/1?a=%ff&b=1', 'c=%ff&d=1', FORM)
    expect([both.fault, both.fields]).toEqual([expect.objectContaining(told('a')), { b: '1', id: '1' }])
    const form = await read('POST', '/a/1?b=1', 'c=%ff&d=1', FORM)
    expect([form.fault, form.fields]).toEqual([expect.objectContaining(told('c')), { b: '1', d: '1', id: '1' }])
    const many = (await read('GET', `/a/1?${'a&'.repeat(4001)}`)).fault
    expect(many?.details).toMatchObject({ issues: [{ field: '', message: 'there are more than 4000 parameters' }] })
    // what is wrong with the path is told first
    expect((await read('GET', '/b?a=%ff')).fault?.code).toBe('unknown_operation')
  })

  it('of a path that is not known is not read at all', async () => {
    const inbound = await read('POST', '/b', 'a=1', FORM)
    expect([inbound.request.bodyUsed, inbound.body, inbound.fields]).toEqual([false, [], {}])
  })

  it('that fails for another reason than the sender is no fault of the sender', async () => {
    const arrival = arrive('POST', '/a/1', 'a=1', FORM)
    const broken = {
      ...arrival,
      bodies: {
        take: () => {
          throw new TypeError('ours')
        },
        release() {},
      },
    }
    await expect(wire.read(broken, wire.match(broken))).rejects.toThrow('ours')
  })
})

describe('an answer', () => {
  const document: Document = { kind: 'one', name: 'thing', value: { some_name: 'x' } }
  const answer = async (path: string, reply = {}, by = wire) => {
    const inbound = await read('GET', path)
    const response = by.write({ body: document, ...reply }, inbound)
    return { response, text: await response.text(), type: response.headers.get('content-type'), inbound }
  }

  it.each([
    ['/a/1', 'application/xml', '<Root><Thing><SomeName>x</SomeName></Thing></Root>'],
    ['/a/1.xml', 'application/xml', '<Root><Thing><SomeName>x</SomeName></Thing></Root>'],
    ['/a/1.json', 'application/json', '"some_name"'],
  ])('comes in the format of the path: %s', async (path, type, text) => {
    const got = await answer(path)
    expect([got.response.status, got.type, got.text]).toEqual([
      200,
      expect.stringContaining(type),
      expect.stringContaining(text),
    ])
    expect(got.inbound.written).toBe(got.text)
  })

  it('comes in the format that is plain to this provider', async () => {
    const json = formFormats([on('GET /a/:id')], { root: 'Root', plain: 'json' })
    expect((await answer('/a/1', {}, json)).type).toContain('application/json')
    expect((await answer('/a/1.xml', {}, json)).type).toContain('application/xml')
  })

  it('has the status and headers that it was given', async () => {
    const { response, type } = await answer('/a/1.json', { status: 201, headers: { 'x-a': 'b' } })
    expect([response.status, response.headers.get('x-a'), type]).toEqual([201, 'b', 'application/json; charset=utf-8'])
  })

  it('without a body has none, whatever was written', async () => {
    for (const status of [204, 205, 304]) {
      const { response, text, type } = await answer('/a/1', { status, headers: { 'x-a': 'b' } })
      expect([response.status, text, type, response.headers.get('x-a')]).toEqual([status, '', null, 'b'])
    }
    expect(await answer('/a/1', { status: 202, body: undefined })).toMatchObject({
      text: '',
      type: null,
      response: { status: 202 },
    })
  })
})
