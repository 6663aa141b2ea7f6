/** Tokens, and who may ask. */
import { expectEqual, expectTrue } from '../../kit/expect.ts'
import { answering, type Credentials, expectAnswer, member, type Rule, type RuleBench } from '../../kit/rules.ts'
import { PROJECT, refusal } from './refusal.ts'

export const basic = (name = '', secret = '') => `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`

const REGIONS = `${PROJECT}/availableRegions`

const TOKEN = { as: 'nobody', method: 'POST', path: '/oauth2/token' } as const
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

function token({ ask }: RuleBench, { keyId, keySecret }: Credentials, grant = 'client_credentials') {
  const headers = { ...FORM, authorization: basic(keyId, keySecret) }
  return ask({ ...TOKEN, headers, body: `grant_type=${grant}` })
}

export const tokenRules: readonly Rule[] = [
  {
    name: 'a token has three parts and tells when it ends',
    source: 'section 1, vector 1',
    async check(bench) {
      const members = { access_token: /^[\w-]+\.[\w-]+\.[\w-]+$/, token_type: 'bearer' }
      const { body } = expectAnswer(await token(bench, bench.credentials('account')), { status: 200, members })
      const [, claims = ''] = String(member(body, 'access_token')).split('.')
      const { exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { exp: unknown }
      expectTrue(typeof exp === 'number', 'exp is a number')
    },
  },
  {
    name: 'a wrong secret gets no token',
    source: 'section 1, vector 2',
    async check(bench) {
      const wrong = { ...bench.credentials('account'), keySecret: 'wrong' }
      expectAnswer(await token(bench, wrong), { status: 401, members: { error: 'invalid_client' } })
    },
  },
  {
    name: 'a token gets no further token',
    source: 'RFC 6749, 4.4',
    async check(bench) {
      const { body } = await token(bench, bench.credentials('account'))
      const headers = { ...FORM, authorization: `Bearer ${member(body, 'access_token')}` }
      const answer = await bench.ask({ ...TOKEN, headers, body: 'grant_type=client_credentials' })
      expectAnswer(answer, { status: 401, members: { error: 'invalid_client' } })
    },
  },
  {
    name: 'nobody keeps a token on its way',
    source: 'RFC 6749, 5.1',
    async check(bench) {
      const headers = { 'cache-control': /no-store/ }
      expectAnswer(await token(bench, bench.credentials('account')), { status: 200, headers })
    },
  },
  {
    name: 'another grant is not supported',
    source: 'section 1, vector 2',
    async check(bench) {
      const answer = await token(bench, bench.credentials('account'), 'password')
      expectAnswer(answer, { status: 400, members: { error: 'unsupported_grant_type' } })
    },
  },
  {
    name: 'a token and the key pair show the same',
    source: 'section 1, vector 3',
    async check(bench) {
      const { body } = await token(bench, bench.credentials('account'))
      const headers = { authorization: `Bearer ${member(body, 'access_token')}` }
      const path = REGIONS.replace(':project', bench.credentials('account').projectId ?? '')
      const byToken = await bench.ask({ as: 'nobody', method: 'GET', path, headers })
      const byPair = expectAnswer(await bench.get(REGIONS), {
        status: 200,
        members: { availableRegions: Array.isArray },
      })
      expectEqual(expectAnswer(byToken, { status: 200 }).body, byPair.body, 'regions')
    },
  },
  {
    name: 'no credentials are refused with 401',
    source: 'section 7, vector 5',
    async check({ ask, credentials }) {
      const path = REGIONS.replace(':project', credentials('account').projectId ?? '')
      const headers = { 'www-authenticate': /^Bearer/ }
      expectAnswer(await ask({ as: 'nobody', method: 'GET', path }), { ...refusal(401, 'UNAUTHENTICATED'), headers })
    },
  },
  {
    name: 'wrong credentials are refused with 401',
    source: 'section 7, vector 5',
    async check({ get }) {
      expectAnswer(await get(REGIONS, 'stranger'), refusal(401, 'UNAUTHENTICATED'))
    },
  },
  {
    name: "another project's path is refused with 403",
    source: 'section 7, vector 6',
    async check({ get, credentials }) {
      const path = `${PROJECT}/activeNumbers`.replace(':project', credentials('other').projectId ?? '')
      expectAnswer(await get(path), refusal(403, 'PERMISSION_DENIED'))
    },
  },
  answering(
    'an unknown path is an error object',
    'section 7',
    { method: 'GET', path: `${PROJECT}/noSuchThing` },
    refusal(404, 'NOT_FOUND'),
  ),
]
