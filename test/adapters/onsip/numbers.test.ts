/** Numbers in the onsip dialect: who may buy, list, change and give them back. */
import { beforeEach, describe, expect, it } from 'vitest'
import { engines } from '../../support/engines.ts'
import { DENIED, dids, type OnsipBench, useBench } from './bench.ts'
import { at, echoed, failure } from './client.ts'

const order = (userId: number, lines: Record<string, number>) => ({ UserId: userId, Protocol: 'sip', ...lines })

describe.each(engines())('onsip numbers on %s', engine => {
  let bench: OnsipBench
  const open = useBench(engine)
  beforeEach(async () => {
    bench = await open()
  })

  const numbers = async (who: Parameters<OnsipBench['as']>[0], scope: Record<string, number | string> = {}) =>
    dids(await bench.as(who, 'DidBrowse', scope)).map(did => did.Number)

  it('sells only what needs no documents and is priced in the currency of the account', async () => {
    const answer = await bench.as('ann', 'UserRequestDid', order(502, { 'NpaNxx[212789]': 10 }))
    expect(at(answer, 'Result.UserRequestDid')).toMatchObject({ Requested: '10', Filled: '3', User: { UserId: '502' } })
    expect(dids(answer)[0]).toEqual({
      DidId: expect.stringMatching(/^\d+$/),
      UserId: '502',
      OrganizationId: '31',
      AccountId: '12',
      UserStatus: 'enabled',
      Number: '12127890101',
      Protocol: 'sip',
      Timeout: '60',
      FailoverEnabled: 'false',
      FailoverProtocol: {},
      FailoverLocation: {},
      CallerIdNumberRequired: 'false',
      Created: expect.stringMatching(/\+00:00$/),
      Note: {},
      Destination: {},
    })
  })

  it('sells nothing when only a part can be paid', async () => {
    const answer = await bench.as('gil', 'DidRequest', order(601, { 'NpaNxx[212789]': 2 }))
    expect(failure(answer)).toBe('Action Account.InsufficientFunds')
    expect(await numbers('gil')).toEqual(['12125550199'])
    expect(at(await bench.as('gil', 'AccountBrowse'), 'Result.AccountBrowse.Accounts.Account.Balance')).toBe('4.00')
  })

  it('buys for users of the own account only, an operator for any', async () => {
    expect(failure(await bench.as('ann', 'DidRequest', order(601, { 'NpaNxx[212789]': 1 })))).toBe(DENIED)
    expect(failure(await bench.as('ann', 'DidRequest', order(99, { 'NpaNxx[212789]': 1 })))).toBe(DENIED)
    expect(failure(await bench.as('ora', 'DidRequest', order(602, { 'NpaNxx[212789]': 1 })))).toBe(DENIED)
    await bench.buy('op', '212789', 502)
    expect(await numbers('ann', { UserId: 502 })).toEqual(['12127890101'])
    const [acted] = await bench.world.core.audit.list({ accountId: 12, action: 'account.acted_on', limit: 10 })
    expect(acted).toMatchObject({ actorAccountId: 14, actorUserId: 701, subject: 'DidRequest' })
  })

  it('judges parameters one after the other, each before the role', async () => {
    const failed = async (parameters: Record<string, string | number>) =>
      failure(await bench.as('bob', 'DidRequest', parameters))
    expect(await failed({ Protocol: 'x' })).toBe('Request UserId Value.Required')
    expect(await failed({ UserId: 'x', Protocol: 'x' })).toBe('Request UserId Integer.Invalid')
    expect(await failed({ UserId: 501, 'NpaNxx[1]': 1 })).toBe('Request Protocol Value.Required')
    expect(await failed({ UserId: 501, Protocol: 'iax' })).toBe('Request NpaNxx Value.Required')
    expect(await failed({ UserId: 501, Protocol: 'SIP', 'NpaNxx[212789]': 0 })).toBe('Request Protocol Value.Invalid')
    expect(await failed({ UserId: 501, Protocol: 'iax', 'NpaNxx[212789]': 60, 'NpaNxx[212790]': 60 })).toBe(
      'Request NpaNxx Integer.TooBig',
    )
  })

  it('lists by scope, order and page', async () => {
    await bench.buy('ann', '212789', 501)
    await bench.buy('ann', '213789', 502)
    const [first, second] = ['12127890101', '12137890101']
    expect(await numbers('ann')).toEqual([first, second])
    expect(await numbers('ann', { OrderBy: 'Number desc' })).toEqual([second, first])
    expect(await numbers('ann', { OrderBy: 'Created', Offset: 1 })).toEqual([second])
    expect(await numbers('ann', { OrganizationId: 31, UserId: 502 })).toEqual([second])
    expect(await numbers('op', { AccountId: 12, UserId: 501 })).toEqual([first])
    expect(await numbers('op')).toEqual([])
    const beyond = await bench.as('ann', 'DidBrowse', { Offset: 9, CalcFound: 0 })
    expect(at(beyond, 'Result.DidBrowse.Dids')).toEqual({ '@attributes': { Limit: '20', Offset: '9' } })
  })

  it('refuses scopes that are foreign, unknown or at odds', async () => {
    const failed = async (who: 'ann' | 'bob' | 'op', scope: Record<string, number | string>) =>
      failure(await bench.as(who, 'DidBrowse', scope))
    const foreign: Record<string, number>[] = [
      { AccountId: 13 },
      { AccountId: 99 },
      { OrganizationId: 32 },
      { UserId: 601 },
      { UserId: 99 },
    ]
    for (const scope of foreign) expect(await failed('ann', scope)).toBe(DENIED)
    expect(await failed('ann', { AccountId: 12, OrganizationId: 32 })).toBe(DENIED)
    expect(await failed('bob', {})).toBe(DENIED)
    expect(await failed('op', { AccountId: 12, OrganizationId: 32 })).toBe('Request OrganizationId Value.Conflict')
    expect(await failed('op', { OrganizationId: 31, UserId: 601 })).toBe('Request UserId Value.Conflict')
    expect(await failed('ann', { OrderBy: 'Note' })).toBe('Request OrderBy OrderBy.Unrecognized')
    expect(await failed('ann', { CalcFound: 'perhaps' })).toBe('Request CalcFound Boolean.Invalid')
    expect(await failed('ann', { Limit: 0 })).toBe('Request Limit Integer.TooSmall')
    expect(await failed('ann', { AccountId: '99999999999999999999' })).toBe('Request AccountId Integer.TooBig')
    expect(await failed('ann', { AccountId: Number.MAX_SAFE_INTEGER })).toBe(DENIED)
  })

  it('changes what is named and keeps the rest', async () => {
    const DidId = await bench.buy()
    const must = { DidId, UserId: 501, Destination: 'sip:bob@EXAMPLE.onsip.com', CallerIdNumberRequired: 1 }
    const more = {
      Timeout: 20,
      FailoverEnabled: 'true',
      FailoverProtocol: 'iax',
      FailoverLocation: 'far',
      Protocol: 'iax',
    }
    await bench.as('ann', 'DidEditNote', { DidId, Note: 'Front <desk>\nline 2' })
    await bench.as('ann', 'DidEdit', { ...must, ...more })
    const edited = await bench.as('ann', 'DidEdit', {
      ...must,
      UserId: 502,
      FailoverLocation: '',
      FailoverProtocol: '',
    })
    const { Timeout, FailoverEnabled, Protocol } = more
    const expected = {
      ...{ DidId, UserId: '502', Timeout: String(Timeout), FailoverEnabled, Protocol, CallerIdNumberRequired: 'true' },
      ...{
        FailoverProtocol: {},
        FailoverLocation: {},
        Destination: 'bob@example.onsip.com',
        Note: 'Front <desk>\nline 2',
      },
    }
    expect(at(edited, 'Result.DidEdit.Did')).toMatchObject(expected)
    expect(at(await bench.as('ann', 'DidRead', { DidId }), 'Result.DidRead.Did')).toEqual(
      at(edited, 'Result.DidEdit.Did'),
    )
    await bench.as('ann', 'DidEditNote', { DidId, Note: '' })
    expect(at(await bench.as('op', 'DidRead', { DidId }), 'Result.DidRead.Did.Note')).toEqual({})
  })

  it('keeps destinations and users within the account of the number', async () => {
    const DidId = await bench.buy()
    const edit = async (who: 'ann' | 'op', change: Record<string, string | number>) =>
      failure(
        await bench.as(who, 'DidEdit', {
          ...{ DidId, UserId: 501, Destination: 'ann@example.onsip.com', CallerIdNumberRequired: 'false', ...change },
        }),
      )
    const unknown = 'Request Destination Address.Unrecognized'
    for (const Destination of ['gil@globex.onsip.com', 'nobody@example.onsip.com', 'ann', 'a@b@c']) {
      expect(await edit('ann', { Destination })).toBe(unknown)
    }
    expect(await edit('op', { Destination: 'gil@globex.onsip.com' })).toBe(unknown)
    expect(await edit('ann', { UserId: 601 })).toBe(DENIED)
    expect(await edit('op', { UserId: 601 })).toBe(DENIED)
    expect(await edit('op', {})).toBeUndefined()
    // the address is judged before a flag that is not even there
    expect(await edit('ann', { Destination: 'x@y', CallerIdNumberRequired: '' })).toBe(unknown)
    expect(await edit('ann', { Timeout: 0 })).toBe('Request Timeout Integer.TooSmall')
    expect(await edit('ann', { FailoverProtocol: 'fax' })).toBe('Request FailoverProtocol Value.Invalid')
  })

  it('shows what other dialects did', async () => {
    const { core } = bench.world
    const account = await core.accounts.get(12)
    if (!account) throw new Error('no account')
    const caller = core.accounts.callerFor(account)
    const { owned } = await core.numbers.purchase(caller, ['+12137880101'], { documents: 'allow' })
    const read = async () => {
      const answer = await bench.as('ann', 'DidRead', { DidId: owned[0]?.lease.id ?? 0 })
      return at(answer, 'Result.DidRead.Did')
    }
    expect(await read()).toMatchObject({ UserId: '501', Protocol: 'sip', Timeout: '60', UserStatus: 'enabled' })
    await core.numbers.release(caller, [owned[0]?.lease.id ?? 0], { kind: 'window', ms: 86_400_000, chargeFee: false })
    expect(await read()).toMatchObject({ UserStatus: 'enabled' })
    await core.numbers.block(null, '+12137880101', 'abuse')
    expect(await read()).toMatchObject({ UserStatus: 'disabled' })
    const DidId = String(owned[0]?.lease.id)
    await core.numbers.unblock(null, '+12137880101', 'cleared')
    expect(failure(await bench.as('ann', 'DidDelete', { DidId }))).toBeUndefined()
    expect(await numbers('ann')).toEqual([])
  })

  it('echoes the arrays and the defaults of a failed answer', async () => {
    const answer = await bench.as('ann', 'DidBrowse', { OrderBy: 'x', 'Foo[a]': 1, 'Foo[password]': 'secret' })
    expect(echoed(answer).slice(2)).toEqual([
      ['OrderBy', 'x'],
      [
        'Foo',
        {
          Elements: {
            Element: [
              { Key: 'a', Value: '1' },
              { Key: 'password', Value: '******' },
            ],
          },
        },
      ],
      ['Limit', '20'],
      ['Offset', '0'],
      ['CalcFound', 'true'],
    ])
  })
})
