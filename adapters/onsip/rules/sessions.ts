/** Sessions and Basic credentials. */
import { randomUUID } from 'node:crypto'
import { expectEqual, expectTrue } from '../../kit/expect.ts'
import { expectAnswer, member, type Rule, type RuleBench } from '../../kit/rules.ts'
import { act, completed, REQUEST, RESULT, requestError, SESSION } from './act.ts'

const MASK = '******'

function login({ ask }: RuleBench, fields: Record<string, string>) {
  const body = new URLSearchParams({ Action: 'SessionCreate', ...fields, Output: 'json' })
  return ask({ as: 'nobody', method: 'POST', path: '/api', body })
}

const pairOf = ({ credentials }: RuleBench) => {
  const { username: Username = '', password: Password = '' } = credentials('account')
  return { Username, Password }
}

/** Failed logins lock a name out: so it is never one that somebody has. */
const nobody = () => `nobody-${randomUUID()}`

export const sessionRules: readonly Rule[] = [
  {
    name: 'a login opens a session and shows who it is',
    source: 'section 3, vector 5',
    async check(bench) {
      const pair = pairOf(bench)
      const answer = completed(await login(bench, pair), 'SessionCreate')
      const id = (name: string) => `${SESSION}.${name}`
      const members = { [id('IsEstablished')]: 'true', [id('SessionId')]: /^[a-zA-Z0-9]+$/, [id('UserId')]: /^\d+$/ }
      expectAnswer(answer, { status: 200, members })
      expectTrue(member(answer.body, id('Roles.Role')) !== undefined, 'Roles are shown')
      expectTrue(!answer.text.includes(pair.Password), 'the password is not repeated')
      expectTrue(answer.text.includes(`"Value":"${MASK}"`), `the password is echoed as ${MASK}`)
    },
  },
  {
    name: 'names of parameters are read in their own case only',
    source: 'section 1, vector 6',
    async check(bench) {
      const { Username, Password } = pairOf(bench)
      const answer = await login(bench, { Username, password: Password })
      expectAnswer(answer, requestError('Password', 'Value.Required'))
      expectTrue(!answer.text.includes(Password), 'the password is not repeated')
    },
  },
  {
    name: 'a failed login is refused and opens nothing',
    source: 'sections 2 and 3, vector 7',
    async check(bench) {
      const { body } = expectAnswer(
        await login(bench, { Username: nobody(), Password: 'wrong' }),
        requestError('Password', 'Accessor.LoginFailed'),
      )
      expectEqual(member(body, SESSION), { IsEstablished: 'false' }, 'Session')
    },
  },
  {
    name: 'a session that was ended lets nobody in',
    source: 'section 3, vector 26',
    async check(bench) {
      const opened = await login(bench, pairOf(bench))
      const SessionId = String(member(opened.body, `${SESSION}.SessionId`))
      completed(await act(bench, 'DidBrowse', { SessionId }, 'nobody'), 'DidBrowse')
      const { body } = completed(await act(bench, 'SessionDestroy', { SessionId }, 'nobody'), 'SessionDestroy')
      expectEqual(member(body, SESSION), { IsEstablished: 'false' }, 'Session')
      const after = await act(bench, 'DidBrowse', { SessionId }, 'nobody')
      expectAnswer(after, requestError('SessionId', 'Session.Authentication'))
    },
  },
  {
    name: 'Basic credentials stand for a session',
    source: 'section 3, vector 24',
    async check(bench) {
      const { body } = completed(await act(bench, 'UserRead'), 'UserRead')
      expectEqual(member(body, `${SESSION}.IsEstablished`), 'true', 'IsEstablished')
      expectEqual(member(body, `${SESSION}.UserId`), member(body, `${RESULT}.UserRead.User.UserId`), 'UserId')
    },
  },
  {
    name: 'Basic credentials that fail are refused with 401, in the envelope',
    source: 'section 1, vector 24',
    async check({ ask }) {
      const pair = Buffer.from(`${nobody()}:wrong`).toString('base64')
      const headers = { authorization: `Basic ${pair}` }
      const answer = await ask({ as: 'nobody', method: 'GET', path: '/api?Action=UserRead&Output=json', headers })
      const expected = requestError('Password', 'Accessor.LoginFailed', 401)
      expectAnswer(answer, { ...expected, headers: { 'www-authenticate': /^Basic/ } })
    },
  },
  {
    name: 'a missing session is the only thing that is complained about',
    source: 'section 2, vector 10',
    async check(bench) {
      const { body } = expectAnswer(
        await act(bench, 'DidRequest', {}, 'nobody'),
        requestError('SessionId', 'Session.Authentication'),
      )
      expectTrue(!Array.isArray(member(body, `${REQUEST}.Errors.Error`)), 'one error')
    },
  },
]
