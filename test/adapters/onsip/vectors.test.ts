/** The numbered test vectors of the onsip dialect, each in a world of its own, on both engines. */
import { beforeEach, describe, expect, it } from 'vitest'
import { engines } from '../../support/engines.ts'
import { BASE, DENIED, type OnsipBench, useBench } from './bench.ts'
import { type Answer, all, at, echoed, failure, type Image, type OnsipClient } from './client.ts'

const ORDER = { UserId: 501, Protocol: 'sip' }

describe.each(engines())('onsip vectors on %s', engine => {
  const open = useBench(engine)
  let bench: OnsipBench
  let client: OnsipClient
  /** Session of the account's administrator, and of its plain user. */
  let S: string
  let U: string

  const call: OnsipClient['call'] = (...args) => client.call(...args)
  const get = (query: string, init?: RequestInit) => client.send(new Request(`${BASE}/api${query}`, init))
  const login = (parameters: Record<string, string>) => call('SessionCreate', parameters, { method: 'POST' })
  const order = (lines: Record<string, string | number>, action = 'DidRequest') =>
    call(action, { SessionId: S, ...ORDER, ...lines })
  const balance = async () =>
    at(await call('AccountRead', { SessionId: S, AccountId: 12 }), 'Result.AccountRead.Account.Balance')
  const didsOf = (answer: Answer, action = 'DidRequest') =>
    all(at(answer, `Result.${action}.Dids.Did`)) as Record<string, Image>[]
  const buy = async () => didsOf(await order({ 'NpaNxx[212789]': 1 }))[0]?.DidId as string
  /** The DidId of a number that another account owns. */
  const foreignDid = async () => {
    return didsOf(await bench.as('gil', 'DidBrowse'), 'DidBrowse')[0]?.DidId as string
  }

  /** A world is used for several vectors, until one has changed it. */
  let isUsedUp = true
  const changing = (test: () => Promise<void>) => () => {
    isUsedUp = true
    return test()
  }

  beforeEach(async () => {
    if (!isUsedUp) return
    isUsedUp = false
    bench = await open()
    client = bench.client
    S = await bench.session('ann')
    U = await bench.session('bob')
  })

  it('1 Echo with a parameter', async () => {
    const answer = await get('?Action=Echo&Foo=Bar')
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/xml; charset=utf-8'])
    expect(at(answer, 'Context.Action.IsCompleted')).toBe('true')
    expect(at(answer, 'Context.Request.IsValid')).toBe('true')
    expect(echoed(answer)).toEqual([
      ['Action', 'Echo'],
      ['Foo', 'Bar'],
    ])
    expect(at(answer, 'Context.Session')).toEqual({ IsEstablished: 'false' })
    expect(at(answer, 'Result')).toEqual({ Echo: {} })
  })

  it('2 Echo of an empty value in JSON', async () => {
    const answer = await get('?Action=Echo&Foo=&Output=json')
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(answer.text).toContain('{"Name":"Foo","Value":{}}')
    expect(answer.text).toContain('"Result":{"Echo":{}}')
    JSON.parse(answer.text, (_, value) =>
      expect(['string', 'object']).toContain(value === null ? 'null' : typeof value),
    )
  })

  it('3 JSONP', async () => {
    const answer = await get('?Action=NoOp&Output=json&Callback=Jnctn.__jsonp__.jn0&now=1')
    expect(answer.text).toMatch(/^Jnctn\.__jsonp__\.jn0\( \{.*\} \);$/s)
    expect(answer.headers.get('content-type')).toBe('application/javascript; charset=utf-8')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(at(answer, 'Result')).toEqual({ NoOp: {} })
  })

  it('4 a bad callback', async () => {
    const answer = await get('?Action=NoOp&Output=json&Callback=a(b)')
    expect(answer.text).toMatch(/^\{"Response":/)
    expect(failure(answer)).toBe('Request Callback Value.Invalid')
    expect(at(answer, 'Context.Request.IsValid')).toBe('false')
  })

  it.each(['example_ann', 'ann@example.onsip.com'])('5 SessionCreate as %s', async name => {
    const answer = await login({ Username: name, Password: 'pw' })
    expect(at(answer, 'Context.Action.IsCompleted')).toBe('true')
    expect(at(answer, 'Context.Session')).toEqual({
      IsEstablished: 'true',
      SessionId: expect.stringMatching(/^[a-z0-9]{26}$/),
      UserId: '501',
      Roles: { Role: { Name: 'Account Admin' } },
    })
    expect(echoed(answer)).toContainEqual(['Password', '******'])
  })

  it('6 SessionCreate with a parameter in the wrong case', async () => {
    const answer = await login({ Username: 'example_ann', password: 'pw' })
    expect(failure(answer)).toBe('Request Password Value.Required')
    expect(at(answer, 'Context.Request.IsValid')).toBe('false')
    expect(echoed(answer)).toContainEqual(['password', '******'])
    expect(at(answer, 'Result')).toBeUndefined()
  })

  it(
    '7 SessionCreate with a wrong password, and again until the lock-out',
    changing(async () => {
      const wrong = () => login({ Username: 'example_ann', Password: 'nope' })
      for (let attempt = 1; attempt <= 5; attempt++) {
        const answer = await wrong()
        expect([answer.status, failure(answer)]).toEqual([200, 'Request Password Accessor.LoginFailed'])
        expect(at(answer, 'Context.Session')).toEqual({ IsEstablished: 'false' })
      }
      const locked = await wrong()
      expect([locked.status, failure(locked)]).toEqual([200, 'Request Action Accessor.LoginLocked'])
      expect(at(locked, 'Context.Request.IsValid')).toBe('true')
      expect(failure(await login({ Username: 'example_ann', Password: 'pw' }))).toBe(
        'Request Action Accessor.LoginLocked',
      )
    }),
  )

  it('8 an unknown action, and none', async () => {
    expect(failure(await get('?Action=Bogus'))).toBe('Request Action Action.Unrecognized')
    const none = await get('?Output=json')
    expect(failure(none)).toBe('Request Action Value.Required')
    const bare = await get('')
    expect([bare.status, failure(bare)]).toEqual([200, 'Request Action Value.Required'])
    expect(at(bare, 'Context.Request.Parameters')).toBeUndefined()
  })

  it('9 NpaNxxBrowse without a session', async () => {
    const answer = await get('?Action=NpaNxxBrowse')
    const [npa] = all(at(answer, 'Result.NpaNxxBrowse.Npas.Npa'))
    expect(npa).toEqual({
      NpaId: '212',
      Num: '212',
      PostalCode: { Code: 'NY', Name: 'New York' },
      Nxxs: {
        Nxx: [
          { Num: '555', Status: 'unavailable', Ratecenter: 'NWYRCYZN01' },
          { Num: '789', Status: 'available', Ratecenter: 'NWYRCYZN01' },
        ],
      },
    })
  })

  it('10 DidRequest without a session and without UserId', async () => {
    const answer = await call('DidRequest', { Protocol: 'sip', 'NpaNxx[212789]': 1 })
    expect(failure(answer)).toBe('Request SessionId Session.Authentication')
    expect(all(at(answer, 'Context.Request.Errors.Error'))).toHaveLength(1)
    expect(at(answer, 'Context.Session')).toEqual({ IsEstablished: 'false' })
  })

  it('11 DidRequest by a plain user', async () => {
    const answer = await call('DidRequest', { SessionId: U, ...ORDER, 'NpaNxx[212789]': 1 })
    expect(failure(answer)).toBe(DENIED)
    expect(at(answer, 'Context.Request.IsValid')).toBe('true')
    expect(at(answer, 'Context.Action.Errors.Error')).not.toHaveProperty('Parameter')
    expect(at(answer, 'Result')).toBeUndefined()
  })

  it(
    '12 DidRequest',
    changing(async () => {
      const answer = await order({ 'NpaNxx[212789]': 2 })
      expect(at(answer, 'Result.DidRequest')).toMatchObject({ Requested: '2', Filled: '2', User: { UserId: '501' } })
      expect(didsOf(answer).map(did => did.Number)).toEqual(['12127890101', '12127890102'])
      expect(await balance()).toBe('94.00')
      expect(echoed(answer)).toContainEqual(['NpaNxx', { Elements: { Element: { Key: '212789', Value: '2' } } }])
    }),
  )

  it(
    '13 DidRequest, filled in part',
    changing(async () => {
      await order({ 'NpaNxx[212789]': 2 })
      const body = new URLSearchParams({ SessionId: S, UserId: '501', Protocol: 'sip', Output: 'json' })
      const answer = await get(`?Action=DidRequest&NpaNxx%5B212789%5D=5&${body}`)
      expect(at(answer, 'Result.DidRequest')).toMatchObject({ Requested: '5', Filled: '1' })
      expect(at(answer, 'Result.DidRequest.Dids.Did')).toMatchObject({ Number: '12127890103' })
      expect(Array.isArray(at(answer, 'Result.DidRequest.Dids.Did'))).toBe(false)
    }),
  )

  it('14 DidRequest where there is no stock', async () => {
    const answer = await order({ 'NpaNxx[212790]': 1, 'NpaNxx[999999]': 1 })
    expect(at(answer, 'Result.DidRequest')).toMatchObject({ Requested: '2', Filled: '0', Dids: {} })
    expect(await balance()).toBe('100.00')
  })

  it.each([
    ['0', 'Integer.TooSmall'],
    ['-1', 'Integer.TooSmall'],
    ['x', 'Integer.Invalid'],
    ['1.5', 'Integer.Invalid'],
    ['1000000', 'Integer.TooBig'],
    ['101', 'Integer.TooBig'],
  ])('15 DidRequest for %s numbers', async (quantity, code) => {
    expect(failure(await order({ 'NpaNxx[212789]': quantity }))).toBe(`Request NpaNxx ${code}`)
    expect(await balance()).toBe('100.00')
  })

  it.each([
    'NpaNxx',
    'NpaNxx[]',
    'NpaNxx[21278]',
    'NpaNxx[112789]',
    'NpaNxx[212789][1]',
  ])('16 DidRequest with %s=2', async name => {
    expect(failure(await order({ [name]: 2 }))).toBe('Request NpaNxx Value.Invalid')
  })

  it('17 DidRequest with another protocol', async () => {
    expect(failure(await order({ Protocol: 'h323', 'NpaNxx[212789]': 1 }))).toBe('Request Protocol Value.Invalid')
  })

  it(
    '18 DidEdit',
    changing(async () => {
      const edit = { UserId: 502, Destination: 'bob@example.onsip.com', CallerIdNumberRequired: 'true' }
      const answer = await call('DidEdit', { SessionId: S, DidId: await buy(), ...edit })
      expect(at(answer, 'Result.DidEdit.Did')).toMatchObject({
        UserId: '502',
        CallerIdNumberRequired: 'true',
        Destination: 'bob@example.onsip.com',
      })
    }),
  )

  it('19 DidEdit, DidRead and DidDelete of what is foreign or not there', async () => {
    const edit = { UserId: 501, Destination: 'ann@example.onsip.com', CallerIdNumberRequired: 'false' }
    const foreign = await foreignDid()
    for (const DidId of [foreign, '9999']) {
      expect(failure(await call('DidEdit', { SessionId: S, DidId, ...edit }))).toBe(DENIED)
      expect(failure(await call('DidRead', { SessionId: S, DidId }))).toBe(DENIED)
      expect(failure(await call('DidDelete', { SessionId: S, DidId }))).toBe(DENIED)
    }
    expect(await foreignDid()).toBe(foreign)
  })

  it(
    '20 DidEdit with bad parameters',
    changing(async () => {
      const edit = {
        DidId: await buy(),
        UserId: 501,
        Destination: 'ann@example.onsip.com',
        CallerIdNumberRequired: 'true',
      }
      const failed = async (bad: Record<string, string>) =>
        failure(await call('DidEdit', { SessionId: S, ...edit, ...bad }))
      expect(await failed({ DidId: 'abc' })).toBe('Request DidId Integer.Invalid')
      expect(await failed({ CallerIdNumberRequired: 'maybe' })).toBe('Request CallerIdNumberRequired Boolean.Invalid')
      expect(await failed({ Destination: '' })).toBe('Request Destination Value.Required')
      const { Destination: _, ...without } = edit
      expect(failure(await call('DidEdit', { SessionId: S, ...without }))).toBe('Request Destination Value.Required')
    }),
  )

  it(
    '21 DidBrowse',
    changing(async () => {
      await order({ 'NpaNxx[212789]': 2 })
      const answer = await call('DidBrowse', { SessionId: S, AccountId: 12, Limit: 1 })
      expect(at(answer, 'Result.DidBrowse.Dids.@attributes')).toEqual({ Limit: '1', Offset: '0', Found: '2' })
      expect(didsOf(answer, 'DidBrowse')).toHaveLength(1)
      expect(echoed(answer).slice(3)).toEqual([
        ['Limit', '1'],
        ['Offset', '0'],
        ['CalcFound', 'true'],
        ['OrderBy', 'DidId'],
      ])
    }),
  )

  it('22 DidBrowse with too big a limit', async () => {
    const answer = await call('DidBrowse', { SessionId: S, Limit: 25001 })
    expect(failure(answer)).toBe('Request Limit Integer.TooBig')
    expect(echoed(answer).map(([name]) => name)).toEqual([
      'Action',
      'SessionId',
      'Limit',
      'Offset',
      'CalcFound',
      'OrderBy',
    ])
    expect(failure(await call('DidBrowse', { SessionId: S, Limit: 25000 }))).toBeUndefined()
  })

  it(
    '23 DidDelete, then DidRead',
    changing(async () => {
      const DidId = await buy()
      expect(at(await call('DidDelete', { SessionId: S, DidId }), 'Result')).toEqual({ DidDelete: {} })
      expect(failure(await call('DidRead', { SessionId: S, DidId }))).toBe(DENIED)
      expect(failure(await call('DidDelete', { SessionId: S, DidId }))).toBe(DENIED)
    }),
  )

  it('24 UserRead with Basic credentials', async () => {
    const basic = (password: string) => ({ headers: { authorization: `Basic ${btoa(`example_ann:${password}`)}` } })
    const good = await call('UserRead', {}, basic('pw'))
    expect(at(good, 'Result.UserRead.User')).toMatchObject({ UserId: '501', Password: 'sip-ann' })
    const bad = await call('UserRead', {}, basic('nope'))
    expect([bad.status, at(bad, 'Context.Action.IsCompleted')]).toEqual([401, 'false'])
    expect(bad.headers.get('www-authenticate')).toMatch(/^Basic /)
    expect(failure(bad)).toBe('Request Password Accessor.LoginFailed')
  })

  it('25 the ways of sending parameters', async () => {
    const sent = { SessionId: S, Limit: 1 }
    const plain = await call('UserBrowse', sent)
    const same = ({ status, body }: Answer) => ({ status, result: body.Result, echo: echoed({ body } as Answer) })
    const ways = await Promise.all([
      call('UserBrowse', sent, { headers: { 'content-type': 'application/json' } }),
      call('UserBrowse', sent, { method: 'POST', as: 'query' }),
      call('UserBrowse', sent, { method: 'POST', as: 'form' }),
      call('UserBrowse', sent, { method: 'POST', as: 'multipart' }),
      ...['/api/', '/webapi', '/webapi/', '/restapi', '/restapi/'].map(path => call('UserBrowse', sent, { path })),
    ])
    for (const way of ways) expect(same(way)).toEqual(same(plain))
    expect(at(plain, 'Result.UserBrowse.Users.User.UserId')).toBe('501')
  })

  it(
    '26 SessionDestroy',
    changing(async () => {
      const answer = await call('SessionDestroy', { SessionId: S })
      expect(at(answer, 'Context.Session')).toEqual({ IsEstablished: 'false' })
      expect(at(answer, 'Result')).toEqual({ SessionDestroy: {} })
      expect(failure(await call('DidBrowse', { SessionId: S }))).toBe('Request SessionId Session.Authentication')
    }),
  )
})
