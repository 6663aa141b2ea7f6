/** How the onsip dialect speaks: statuses, headers, formats, credentials. */
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { BASE, DENIED, type OnsipBench, useBench } from './bench.ts'
import { at, echoed, failure, type Image } from './client.ts'

describe('onsip transport', () => {
  let bench: OnsipBench
  const open = useBench('sqlite')
  beforeEach(async () => {
    bench = await open()
  })
  const send = (target: string, init?: RequestInit) => bench.client.send(new Request(`${BASE}${target}`, init))
  const form = (body: string, type = 'application/x-www-form-urlencoded') => ({
    method: 'POST',
    body,
    headers: { 'content-type': type },
  })

  it.each([
    ['another path', '/apix?Action=Echo', {}, 404, 'Action.Unrecognized'],
    ['another method', '/api?Action=Echo', { method: 'PUT' }, 405, 'Method.NotAllowed'],
    ['a body too large', '/api?Action=Echo', form('x'.repeat(1_100_000)), 413, 'Request.TooBig'],
    ['another body', '/api?Action=Echo', form('{}', 'application/json'), 415, 'ContentType.Unsupported'],
    ['no UTF-8', '/api?Action=Echo&x=%ff', {}, 200, 'Value.Invalid'],
    ['no multipart', '/api?Action=Echo', form('x', 'multipart/form-data'), 200, 'Value.Invalid'],
  ])('%s is refused in the envelope', async (_, target, init, status, code) => {
    const answer = await send(target, init)
    expect([answer.status, failure(answer)]).toEqual([status, `Request Action ${code}`])
    expect(echoed(answer)[0]).toEqual(['Action', 'Echo'])
    if (status === 405) expect(answer.headers.get('allow')).toBe('GET, POST, OPTIONS')
  })

  it('lets pages of any origin in, and caches nothing', async () => {
    const { headers } = await send('/api?Action=NoOp')
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.get('cache-control')).toBe('no-store')
    const preflight = await bench.world.send(new Request(`${BASE}/api`, { method: 'OPTIONS' }))
    expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([
      204,
      'Authorization, Content-Type',
    ])
    const head = await bench.world.send(new Request(`${BASE}/api?Action=NoOp`, { method: 'HEAD' }))
    expect([head.status, await head.text()]).toEqual([405, ''])
  })

  it('answers by host name without a prefix', async () => {
    for (const url of ['http://www.jnctn.com/restapi', 'https://api.onsip.com/api/']) {
      const answer = await bench.client.send(new Request(`${url}?Action=NoOp`))
      expect(at(answer, 'Result')).toEqual({ NoOp: {} })
    }
  })

  it('hides internal faults behind a reference', async () => {
    const { core } = bench.world
    core.inventory.version = () => Promise.reject(new Error('the database is on fire'))
    for (const query of ['Action=NpaNxxBrowse', 'Action=NpaNxxBrowse&Output=json']) {
      const answer = await send(`/api?${query}`)
      expect(answer.status).toBe(200)
      expect(answer.text).toMatch(/Exception.*reference [\w-]+/)
      expect(answer.text).not.toContain('fire')
    }
  })

  it('takes what anybody may call with or without good credentials', async () => {
    const session = await bench.session('bob')
    const shown = async (headers: Record<string, string>, SessionId?: string) => {
      const answer = await bench.client.call('NoOp', SessionId === undefined ? {} : { SessionId }, { headers })
      expect([answer.status, failure(answer)]).toEqual([200, undefined])
      return at(answer, 'Context.Session') as Record<string, Image>
    }
    const basic = (text: string) => ({ authorization: `Basic ${btoa(text)}` })
    expect(await shown({}, session)).toMatchObject({ SessionId: session, UserId: '502' })
    expect(await shown(basic('bob@example.onsip.com:pw'))).toEqual({
      IsEstablished: 'true',
      UserId: '502',
      Roles: { Role: { Name: 'User' } },
    })
    for (const [headers, id] of [[{}, 'x'], [basic('example_bob:no')], [basic('x')], [{ authorization: 'Bearer x' }]]) {
      expect(await shown(headers as Record<string, string>, id as string)).toEqual({ IsEstablished: 'false' })
    }
  })

  it('lets the session id decide where both are given', async () => {
    const headers = { authorization: `Basic ${btoa('example_ann:pw')}` }
    const both = await bench.client.call('UserRead', { SessionId: await bench.session('bob') }, { headers })
    expect(at(both, 'Result.UserRead.User.UserId')).toBe('502')
    const bad = await bench.client.call('UserRead', { SessionId: 'x' }, { headers })
    expect([bad.status, failure(bad)]).toEqual([200, 'Request SessionId Session.Authentication'])
    const none = await bench.client.call('SessionDestroy', {}, { headers })
    expect(failure(none)).toBe('Request SessionId Value.Required')
  })

  it('locks Basic credentials out too', async () => {
    const attempt = (password: string) =>
      bench.client.call('UserRead', {}, { headers: { authorization: `Basic ${btoa(`nobody:${password}`)}` } })
    for (let count = 1; count <= 5; count++) expect(failure(await attempt('x'))).toContain('LoginFailed')
    const locked = await attempt('x')
    expect([locked.status, failure(locked)]).toEqual([401, 'Request Action Accessor.LoginLocked'])
    const login = await bench.client.call('SessionCreate', { Username: 'nobody', Password: 'x' })
    expect([login.status, failure(login)]).toEqual([200, 'Request Action Accessor.LoginLocked'])
  })

  it('denies before it looks whether a thing is there', async () => {
    for (const [action, parameters] of [
      ['DidRead', { DidId: 1 }],
      ['DidEditNote', { DidId: 999 }],
      ['DidDelete', { DidId: 999 }],
      ['TelephoneNumberAddressBrowse', {}],
      ['AccountResourceBrowse', {}],
      ['OrganizationBrowse', { AccountId: 13 }],
    ] as const) {
      expect(failure(await bench.as('bob', action, parameters))).toBe(DENIED)
    }
  })

  it('echoes anything at all without breaking the grammar, alike in both formats', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 8 })
    const name = fc.oneof(text, fc.constantFrom('a', 'Password', 'ä', 'x-1', '1', 'a[b]', 'a[]', 'ns:a', '\u0345a'))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, text), { maxLength: 5 }), async pairs => {
        const query = new URLSearchParams([
          ['Action', 'Echo'],
          ...pairs.filter(([key]) => !/^(Action|Output|Callback)/.test(key)),
        ])
        const xml = await send(`/api?${query}`)
        const json = await send(`/api?${query}&Output=json`)
        const image = (answer: typeof xml) => JSON.stringify(echoed(answer))
        expect(image(json)).toBe(JSON.stringify([...JSON.parse(image(xml)), ['Output', 'json']]))
      }),
      { numRuns: 150 },
    )
  })
})
