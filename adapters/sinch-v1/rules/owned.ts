/** Owned numbers: access, buying, configuring, releasing. */
import { expectEqual, expectTrue } from '../../kit/expect.ts'
import { answering, expectAnswer, list, member, type Rule, type RuleBench } from '../../kit/rules.ts'
import { exception } from './exception.ts'

const COLLECTION = '/Account/:account/ActiveNumbers/'
export const instance = (e164: string) => `/Accounts/:account/ActiveNumbers/ActiveNumbers/PN${e164}`

const wrong = {
  ...exception(401, 20003),
  headers: { 'www-authenticate': /^Basic realm=/ },
}

export async function bought({ ask, number }: RuleBench, body?: unknown) {
  const e164 = await number()
  const path = `${COLLECTION}?phoneNumber=${encodeURIComponent(e164)}`
  const answer = await ask({ method: 'POST', path, ...(body !== undefined && { body }) })
  return { e164, path, answer }
}

export const edit = ({ ask }: RuleBench, e164: string, body: unknown) =>
  ask({ method: 'POST', path: instance(e164), body })

export const ownedRules: readonly Rule[] = [
  {
    name: 'a wrong secret is refused with 401',
    source: 'section 10, vector 24',
    async check({ ask, credentials }) {
      const { accountId = '' } = credentials('account')
      const pair = Buffer.from(`${accountId}:wrong`).toString('base64')
      const path = COLLECTION.replace(':account', accountId)
      expectAnswer(await ask({ as: 'nobody', method: 'GET', path, headers: { authorization: `Basic ${pair}` } }), wrong)
    },
  },
  {
    name: 'unknown credentials are refused with 401',
    source: 'section 10, vector 24',
    async check({ ask }) {
      expectAnswer(await ask({ as: 'stranger', method: 'GET', path: COLLECTION }), wrong)
    },
  },
  {
    name: "another account's numbers are not found",
    source: 'section 10, vector 25',
    async check({ get, credentials }) {
      const path = COLLECTION.replace(':account', credentials('other').accountId ?? '')
      expectAnswer(await get(path), exception(404, 20404))
    },
  },
  ...['PN+15559999999', 'PNabc'].map(name =>
    answering(
      `${name} is not found`,
      'section 10, vector 14',
      { method: 'GET', path: `/Accounts/:account/ActiveNumbers/ActiveNumbers/${name}` },
      exception(404, 20404),
    ),
  ),
  {
    name: 'all spellings of the collection show the same numbers',
    source: 'section 2, vector 13',
    async check({ get }) {
      const items = async (path: string) => list(expectAnswer(await get(path), { status: 200 }).body, 'items')
      const plain = await items(COLLECTION)
      for (const path of ['/Accounts/:account/ActiveNumbers', '/account/:account/activenumbers/']) {
        expectEqual(await items(path), plain, path)
      }
    },
  },
  answering(
    'a purchase that names no number buys none',
    'section 7, vector 12',
    { method: 'POST', path: COLLECTION },
    exception(400, 21452),
  ),
  {
    name: 'a purchase answers the configured number, and a second one finds nothing',
    source: 'section 7, vectors 8 and 9',
    changes: true,
    async check(bench) {
      const { e164, path, answer } = await bought(bench, { voice: { url: 'example.com', method: 'post' } })
      const area = `(${e164.slice(2, 5)}) ${e164.slice(5, 8)}-${e164.slice(8)}`
      const members = {
        phone_number: e164,
        accountSid: bench.credentials('account').accountId,
        friendlyName: e164.startsWith('+1') ? area : e164,
        'configuration.voice.method': 'POST',
        'configuration.sms.url': null,
      }
      expectAnswer(answer, { status: 200, members })
      expectAnswer(await bench.ask({ method: 'POST', path }), exception(400, 21452))
      const search = await bench.get(`/api/AvailableNumbers?phone_number=${encodeURIComponent(e164)}`)
      expectEqual(list(search.body, 'items'), [], 'the catalogue, for a number that was bought')
    },
  },
  {
    name: 'a bought number is the same under every spelling of its path',
    source: 'section 2, vector 13',
    changes: true,
    async check(bench) {
      const { e164 } = await bought(bench)
      const plain = expectAnswer(await bench.get(instance(e164)), { status: 200, members: { phone_number: e164 } })
      for (const path of [`/Account/:account/ActiveNumbers/PN${e164.slice(1)}/`, instance(encodeURIComponent(e164))]) {
        expectEqual(expectAnswer(await bench.get(path), { status: 200 }).body, plain.body, path)
      }
    },
  },
  {
    name: 'a change keeps what it does not name, and ignores what cannot be changed',
    source: 'section 8, vectors 15, 16 and 19',
    changes: true,
    async check(bench) {
      const { e164, answer } = await bought(bench, { voice: { url: 'voice.example' } })
      const price = member(answer.body, 'base_setup_price')
      const change = {
        friendlyName: 'Desk',
        phone_number: '+1999',
        base_setup_price: '0.0',
        statusCallback: 'cb.example',
      }
      const kept = { phone_number: e164, base_setup_price: price, 'configuration.voice.url': 'voice.example' }
      const members = { friendlyName: 'Desk', statusCallback: 'cb.example', ...kept }
      const both = { ...members, 'configuration.status_callback_url': 'cb.example' }
      expectAnswer(await edit(bench, e164, change), { status: 200, members: both })
      const name = member(answer.body, 'friendlyName')
      expectAnswer(await edit(bench, e164, { friendlyName: null }), { status: 200, members: { friendlyName: name } })
    },
  },
  {
    name: 'a refused change changes nothing',
    source: 'section 8, vectors 17, 18 and 21',
    changes: true,
    async check(bench) {
      const { e164 } = await bought(bench)
      const before = await bench.get(instance(e164))
      const long = { friendlyName: 'x'.repeat(65) }
      for (const body of [long, { configuration: { voice: { method: 'PUT' } } }, { configuration: 'x' }, '{']) {
        const { status } = await edit(bench, e164, body)
        expectEqual(status, 400, 'status')
      }
      expectEqual((await bench.get(instance(e164))).body, before.body, 'the number')
    },
  },
  {
    name: 'a released number is gone, and its release is empty and happens once',
    source: 'section 9, vector 23',
    changes: true,
    async check(bench) {
      const { e164 } = await bought(bench)
      const remove = () => bench.ask({ method: 'DELETE', path: instance(e164) })
      expectEqual((await remove()).text, '', 'body of the release')
      expectAnswer(await bench.get(instance(e164)), exception(404, 20404))
      const { body } = await bench.get(`${COLLECTION}?phone_number=${encodeURIComponent(e164)}`)
      expectTrue(list(body, 'items').length === 0, 'it is not listed any more')
      expectAnswer(await remove(), exception(404, 20404))
    },
  },
]
