/** What any server that speaks this dialect must do: what it has of its own. Section 12 of the facts. */
import { expectEqual, expectTrue } from '../kit/expect.ts'
import { answering, expectAnswer, list, member, type Rule, type RulesModule } from '../kit/rules.ts'
import { formRequest } from '../twilio/rules.ts'

const OWN = '/Accounts/:account/IncomingPhoneNumbers'
const LOCAL = '/Accounts/:account/AvailablePhoneNumbers/US/Local.json'
const refused = { status: 422, members: { code: Number.isSafeInteger, message: /./, status: 422 } }
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const own: readonly Rule[] = [
  answering(
    'no credentials: 401',
    'section 12',
    { as: 'nobody', method: 'GET', path: `${OWN}.json` },
    { status: 401, headers: { 'www-authenticate': /^Basic realm=/ } },
  ),
  answering(
    'wrong credentials: 401',
    'section 12',
    { as: 'stranger', method: 'GET', path: `${OWN}.json` },
    { status: 401, members: { code: 20003, message: /./ } },
  ),
  answering(
    'numbers are not bought by area',
    'section 12',
    { method: 'POST', path: `${OWN}.json`, body: { AreaCode: '212' } },
    { ...refused, members: { message: 'Areacode is not supported yet' } },
  ),
  answering(
    'a number without its plus is refused',
    'section 12',
    { method: 'POST', path: `${OWN}.json`, body: { PhoneNumber: '2125550142' } },
    refused,
  ),
  answering(
    'a pattern is letters and digits',
    'section 12',
    { method: 'GET', path: `${LOCAL}?Contains=555*` },
    refused,
  ),
  answering('a place needs its region', 'section 12', { method: 'GET', path: `${LOCAL}?InLocality=Chicago` }, refused),
  answering(
    'a page behind the first needs its token',
    'section 12',
    { method: 'GET', path: `${OWN}.json?Page=1` },
    refused,
  ),
  {
    name: 'services are written in capitals, places are not told',
    source: 'section 12',
    async check({ get }) {
      const { body } = expectAnswer(await get(`${LOCAL}?PageSize=5`), { status: 200 })
      for (const item of list(body, 'available_phone_numbers')) {
        expectEqual(Object.keys(member(item, 'capabilities') as object), ['voice', 'SMS', 'MMS'], 'capabilities')
        expectEqual(member(item, 'locality'), null, 'locality')
      }
    },
  },
  {
    name: 'an owned number has a UUID and null where nothing is set',
    source: 'section 12',
    changes: true,
    async check(bench) {
      const PhoneNumber = await bench.number()
      const bought = await bench.ask({ method: 'POST', path: `${OWN}.json`, body: { PhoneNumber } })
      const members = { sid: GUID, account_id: GUID, voice_url: null, origin: 'signalwire' }
      const { body } = expectAnswer(bought, { status: 201, members })
      expectTrue(!('type' in (body as object)), 'there is no type')
      const path = `${OWN}/${member(body, 'sid')}.json`
      expectAnswer(await bench.ask({ method: 'DELETE', path }), { status: 204 })
    },
  },
]

export const rules: RulesModule = {
  request: (base, credentials, call) => formRequest(`${base}/api/laml/2010-04-01`, credentials, call),
  rules: own,
}
