/** Reading numbers, and lists. */
import { expectEqual, expectTrue } from '../../kit/expect.ts'
import { expectAnswer, member, type Rule } from '../../kit/rules.ts'
import { act, actionError, all, completed, type Parameters, REQUEST, RESULT, requestError } from './act.ts'

/** Of no number. */
const UNKNOWN = '2147483646'

/** A request of the account that is refused for one parameter. */
function refused(action: string, given: Parameters, parameter: string, code: string, source: string): Rule {
  const said = Object.entries(given).map(pair => pair.join('='))
  return {
    name: `${[action, ...said].join(' ')} is refused: ${parameter} ${code}`,
    source,
    async check(bench) {
      expectAnswer(await act(bench, action, given), requestError(parameter, code))
    },
  }
}

export const didRules: readonly Rule[] = [
  {
    name: 'a list tells limit, offset and how many there are, and echoes its defaults',
    source: 'section 4, vector 21',
    async check(bench) {
      const { body } = completed(await act(bench, 'DidBrowse', { Limit: '1' }), 'DidBrowse')
      const dids = member(body, `${RESULT}.DidBrowse.Dids`)
      const attributes = member(dids, '@attributes') as Record<string, string>
      expectEqual([attributes.Limit, attributes.Offset], ['1', '0'], 'Limit and Offset')
      expectTrue(/^\d+$/.test(attributes.Found ?? ''), `Found is ${attributes.Found}, a whole number`)
      expectEqual(all(dids, 'Did').length, Math.min(1, Number(attributes.Found)), 'items')
      const names = all(body, `${REQUEST}.Parameters.Parameter`).map(each => member(each, 'Name'))
      for (const name of ['Offset', 'CalcFound', 'OrderBy']) expectTrue(names.includes(name), `${name} is echoed`)
    },
  },
  {
    name: 'a list without limit has as many items as it found',
    source: 'section 4, vector 21',
    async check(bench) {
      const { body } = completed(await act(bench, 'DidBrowse', { Limit: '25000' }), 'DidBrowse')
      const dids = member(body, `${RESULT}.DidBrowse.Dids`)
      expectEqual(all(dids, 'Did').length, Number(member(dids, '@attributes.Found')), 'items')
    },
  },
  refused('DidBrowse', { Limit: '25001' }, 'Limit', 'Integer.TooBig', 'section 4, vector 22'),
  refused('DidBrowse', { Limit: '0' }, 'Limit', 'Integer.TooSmall', 'section 4'),
  refused('DidRead', { DidId: 'abc' }, 'DidId', 'Integer.Invalid', 'section 2, vector 20'),
  refused('DidRead', {}, 'DidId', 'Value.Required', 'section 2'),
  {
    name: 'a number that is not there is refused like one of somebody else',
    source: 'section 3, vector 19',
    async check(bench) {
      expectAnswer(await act(bench, 'DidRead', { DidId: UNKNOWN }), actionError('AccountAuthorization.Required'))
    },
  },
  {
    name: "another account's list is refused",
    source: 'sections 2 and 3',
    async check(bench) {
      const other = completed(await act(bench, 'UserRead', {}, 'other'), 'UserRead')
      const AccountId = String(member(other.body, `${RESULT}.UserRead.User.AccountId`))
      expectAnswer(await act(bench, 'DidBrowse', { AccountId }), actionError('AccountAuthorization.Required'))
    },
  },
  {
    name: 'the numbers of a list are those of the account that asks',
    source: 'section 4',
    async check(bench) {
      const me = completed(await act(bench, 'UserRead'), 'UserRead')
      const mine = member(me.body, `${RESULT}.UserRead.User.AccountId`)
      const { body } = completed(await act(bench, 'DidBrowse', { Limit: '25000' }), 'DidBrowse')
      for (const did of all(body, `${RESULT}.DidBrowse.Dids.Did`))
        expectEqual(member(did, 'AccountId'), mine, 'AccountId')
    },
  },
]
