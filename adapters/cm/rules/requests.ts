/** Who may ask, and how lists are paged. */
import { expectEqual, expectTrue } from '../../kit/expect.ts'
import { answering, expectAnswer, list, member, type Rule } from '../../kit/rules.ts'
import { NUMBERS, PROFILES, REQUESTS, refusal, UNKNOWN } from './paths.ts'

const unauthorized = { status: 401, members: { title: 'Unauthorized', status: 401 } }
const notFound = { status: 404, members: { title: 'Not Found', status: 404 } }
const whole = /^\d+$/

export const requestRules: readonly Rule[] = [
  {
    name: 'no token is refused with 401',
    source: 'section 12, vector 16',
    async check({ ask, credentials }) {
      const path = REQUESTS.replace(':account', credentials('account').accountGuid ?? '')
      expectAnswer(await ask({ as: 'nobody', method: 'GET', path }), unauthorized)
    },
  },
  {
    name: 'a wrong token is refused with 401',
    source: 'section 12, vector 16',
    async check({ ask, credentials }) {
      const path = REQUESTS.replace(':account', credentials('account').accountGuid ?? '')
      expectAnswer(await ask({ as: 'stranger', method: 'GET', path }), unauthorized)
    },
  },
  {
    name: "another account's address is refused with 401 and shows nothing",
    source: 'section 12, vector 17',
    async check({ ask, credentials }) {
      const path = REQUESTS.replace(':account', credentials('other').accountGuid ?? '')
      const { text } = expectAnswer(await ask({ method: 'GET', path }), unauthorized)
      expectTrue(!text.includes('companyProfileGuid'), 'nothing is disclosed')
    },
  },
  {
    name: 'paths match in any case and with a slash at the end',
    source: 'section 1, vector 18',
    async check({ get }) {
      const plain = expectAnswer(await get(REQUESTS), { status: 200, members: { length: Number.isInteger } })
      const loud = await get(`${REQUESTS.replace('numberRequests', 'NUMBERREQUESTS')}/`)
      expectEqual(expectAnswer(loud, { status: 200 }).body, plain.body, 'requests')
    },
  },
  ...[REQUESTS, NUMBERS].map(
    (path): Rule => ({
      name: `${path.split('/').at(-1)} tell skip, take and total in headers`,
      source: 'section 8, vectors 22 and 23',
      async check({ get }) {
        const headers = { 'x-cm-pagination-total': whole }
        const first = { ...headers, 'x-cm-pagination-skip': /^0$/, 'x-cm-pagination-take': /^1$/ }
        const one = expectAnswer(await get(`${path}?skip=0&take=1`), { status: 200, headers: first })
        const total = Number(one.headers.get('x-cm-pagination-total'))
        expectEqual(list(one.body, '').length, Math.min(1, total), 'items on a page of one')
        const past = await get(`${path}?Skip=${total + 5}`)
        const same = {
          'x-cm-pagination-skip': new RegExp(`^${total + 5}$`),
          'x-cm-pagination-total': new RegExp(`^${total}$`),
        }
        expectEqual(expectAnswer(past, { status: 200, headers: same }).body, [], 'items past the end')
      },
    }),
  ),
  answering(
    'a take above the maximum is cut to it',
    'section 8',
    { method: 'GET', path: `${REQUESTS}?take=5000` },
    { status: 200, headers: { 'x-cm-pagination-take': /^1000$/ } },
  ),
  ...['skip=-1', 'take=x'].map(query =>
    answering(`${query} is refused`, 'section 8', { method: 'GET', path: `${REQUESTS}?${query}` }, refusal()),
  ),
  ...[UNKNOWN, 'abc'].map(guid =>
    answering(
      `a request called ${guid} is not found`,
      'section 12, vector 25',
      { method: 'GET', path: `${REQUESTS}/${guid}` },
      notFound,
    ),
  ),
  answering('an unknown path is a problem object', 'section 13', { method: 'GET', path: '/no-such-thing' }, notFound),
  {
    name: 'the list of statuses has every status and says which are final',
    source: 'section 5, vector 24',
    async check({ get }) {
      const { body } = expectAnswer(await get(`${REQUESTS}/statuses`), { status: 200 })
      const said = Object.fromEntries(list(body, '').map(each => [member(each, 'status'), member(each, 'isFinal')]))
      const expected = { PENDING: false, ACCEPTED: false, COMPLETED: true, REJECTED: true, CANCELLED: true }
      for (const [name, isFinal] of Object.entries(expected)) expectEqual(said[name], isFinal, `${name} is final`)
    },
  },
  {
    name: 'company profiles are those of the account',
    source: 'section 10',
    async check({ get, credentials }) {
      const { body } = expectAnswer(await get(PROFILES), { status: 200 })
      for (const each of list(body, '')) {
        expectEqual(member(each, 'accountGuid'), credentials('account').accountGuid, 'accountGuid')
      }
    },
  },
]
