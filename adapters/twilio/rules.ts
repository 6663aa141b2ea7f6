/** What any server that speaks this dialect must do. Sections and vectors are those of the dialect's facts. */
import { expectEqual, expectTrue, notApplicable } from '../kit/expect.ts'
import {
  answering,
  type Credentials,
  expectAnswer,
  list,
  member,
  type Rule,
  type RuleBench,
  type RuleCall,
  type RulesModule,
} from '../kit/rules.ts'

const basic = (name = '', secret = '') => `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`

const FORM = 'application/x-www-form-urlencoded'

const NOBODY = 'AC00000000000000000000000000000000'

/** A form is sent as clients encode it; `:account` in a path is the caller's own. */
export function formRequest(base: string, credentials: Credentials | undefined, call: RuleCall): Request {
  const { method, headers, body } = call
  const path = call.path.replace(':account', credentials?.accountSid ?? NOBODY)
  const own = credentials && { authorization: basic(credentials.accountSid, credentials.token) }
  const isText = body === undefined || typeof body === 'string'
  const sent = isText ? body : new URLSearchParams(body as Record<string, string>).toString()
  const typed: Record<string, string> = sent === undefined ? {} : { 'content-type': FORM }
  return new Request(base + path, { method, headers: { ...typed, ...own, ...headers }, body: sent ?? null })
}

const OWN = '/Accounts/:account/IncomingPhoneNumbers'
const SEARCH = '/Accounts/:account/AvailablePhoneNumbers'
const PAGING = ['end', 'first_page_uri', 'next_page_uri', 'page', 'page_size', 'previous_page_uri', 'start', 'uri']

const exception = (status: number, code: number) => ({
  status,
  members: { code, message: /./, more_info: new RegExp(`/${code}$`), status },
})

async function found({ get }: RuleBench): Promise<unknown[]> {
  const { body } = expectAnswer(await get(`${SEARCH}/US/Local.json?PageSize=20`), { status: 200 })
  const items = list(body, 'available_phone_numbers')
  if (items.length === 0) throw notApplicable('nothing is for sale in US/Local')
  return items
}

const buy = (bench: RuleBench, form: Record<string, string>, as: 'account' | 'other' = 'account') =>
  bench.ask({ as, method: 'POST', path: `${OWN}.json`, body: form })

const refused = (name: string, source: string, body: Record<string, string>, code: number): Rule =>
  answering(name, source, { method: 'POST', path: `${OWN}.json`, body }, exception(400, code))

const searching: readonly Rule[] = [
  {
    name: 'a search answers with the list and its address, and nothing about pages',
    source: 'section 4, vector 4',
    async check({ get }) {
      const { body } = expectAnswer(await get(`${SEARCH}/US/Local.json?PageSize=1`), { status: 200 })
      expectEqual(Object.keys(body as object).sort(), ['available_phone_numbers', 'uri'], 'members')
    },
  },
  {
    name: 'coordinates are decimal text, capabilities three booleans',
    source: 'section 3, vector 4',
    async check(bench) {
      for (const item of await found(bench)) {
        const latitude = member(item, 'latitude')
        expectTrue(latitude === null || /^-?\d+\.\d+$/.test(String(latitude)), 'latitude is decimal text or null')
        expectTrue(typeof member(item, 'capabilities.voice') === 'boolean', 'capabilities.voice is a boolean')
      }
    },
  },
  {
    name: 'finding nothing is an empty list',
    source: 'section 4, vector 5',
    async check({ get }) {
      const { body } = expectAnswer(await get(`${SEARCH}/US/Local.json?AreaCode=999`), { status: 200 })
      expectEqual(list(body, 'available_phone_numbers'), [], 'numbers')
    },
  },
  answering(
    'a pattern of wildcards alone is refused',
    'section 4, vector 7',
    { method: 'GET', path: `${SEARCH}/US/Local.json?Contains=*` },
    exception(400, 20422),
  ),
  answering(
    'an unknown country is not found',
    'section 4, vector 9',
    { method: 'GET', path: `${SEARCH}/XX/Local.json` },
    exception(404, 20404),
  ),
]

const listing: readonly Rule[] = [
  {
    name: 'a list has exactly one member that is no paging member, and links from the root',
    source: 'section 5, vectors 20 and 22',
    async check({ get }) {
      const { body } = expectAnswer(await get(`${OWN}.json?PageSize=1`), { status: 200 })
      const names = Object.keys(body as object).sort()
      expectEqual(names, [...PAGING, 'incoming_phone_numbers'].sort(), 'members')
      expectTrue(String(member(body, 'first_page_uri')).startsWith('/'), 'links are paths from the root')
    },
  },
  answering(
    'a page of more than a thousand is refused',
    'section 5, vector 21',
    { method: 'GET', path: `${OWN}.json?PageSize=1001` },
    exception(400, 20007),
  ),
  answering(
    'a page token that is none is refused',
    'section 5, vector 21',
    { method: 'GET', path: `${OWN}.json?PageToken=junk&Page=1` },
    exception(400, 21481),
  ),
  {
    name: 'without an extension the answer is XML, with .csv a table',
    source: 'sections 0 and 7, vector 3',
    async check({ get }) {
      for (const [extension, type] of [
        ['', 'application/xml'],
        ['.xml', 'application/xml'],
        ['.json', 'application/json'],
        ['.csv', 'text/csv'],
      ]) {
        const { status, headers } = await get(`${OWN}${extension}`)
        expectEqual(
          [status, headers.get('content-type')?.split(';')[0]],
          [200, type],
          `answer of ${extension || 'none'}`,
        )
      }
    },
  },
]

const buying: readonly Rule[] = [
  refused('a purchase that names nothing is refused', 'section 5, vector 13', {}, 21421),
  refused('what is no number is refused', 'section 5, vector 13', { PhoneNumber: 'abc' }, 21421),
  refused('an area code that cannot be one is refused', 'section 5', { AreaCode: '1' }, 21451),
  {
    name: 'buying what one has already is an update without a second charge',
    source: 'section 5, vector 11',
    changes: true,
    async check(bench) {
      const PhoneNumber = await bench.number()
      const first = expectAnswer(await buy(bench, { PhoneNumber, FriendlyName: 'x y' }), { status: 201 })
      const again = await buy(bench, { PhoneNumber, SmsUrl: 'https://e.example/s' })
      const members = { sid: member(first.body, 'sid'), friendly_name: 'x y', sms_url: 'https://e.example/s' }
      expectAnswer(again, { status: 201, members })
      expectAnswer(await buy(bench, { PhoneNumber }, 'other'), exception(400, 21422))
      const path = `${OWN}/${member(first.body, 'sid')}.json`
      expectAnswer(await bench.ask({ method: 'DELETE', path }), { status: 204 })
      expectAnswer(await bench.ask({ method: 'DELETE', path }), exception(404, 20404))
    },
  },
  {
    name: 'an empty value clears, a bad URL and a bad method are refused',
    source: 'section 5, vector 23',
    changes: true,
    async check(bench) {
      const PhoneNumber = await bench.number()
      const { body } = expectAnswer(await buy(bench, { PhoneNumber, SmsUrl: 'https://e.example/s' }), { status: 201 })
      const path = `${OWN}/${member(body, 'sid')}.json`
      const change = (form: Record<string, string>) => bench.ask({ method: 'POST', path, body: form })
      expectAnswer(await change({ SmsUrl: '' }), { status: 200, members: { sms_url: '' } })
      expectAnswer(await change({ VoiceUrl: 'ftp://x' }), exception(400, 21402))
      expectAnswer(await change({ VoiceMethod: 'PUT' }), exception(400, 21403))
      expectAnswer(await bench.ask({ method: 'DELETE', path }), { status: 204 })
    },
  },
]

const access: readonly Rule[] = [
  answering(
    'no credentials: 401 with the realm',
    'section 6, vector 1',
    { as: 'nobody', method: 'GET', path: `${OWN}.json` },
    { ...exception(401, 20003), headers: { 'www-authenticate': /^Basic realm=/ } },
  ),
  answering(
    'wrong credentials: 401',
    'section 6, vector 2',
    { as: 'stranger', method: 'GET', path: `${OWN}.json` },
    exception(401, 20003),
  ),
  answering(
    'a method that a path does not know is refused with 405',
    'section 1, vector 31',
    { method: 'PUT', path: `${OWN}.json` },
    exception(405, 20004),
  ),
  answering(
    'an unknown path is not found',
    'section 1, vector 31',
    { method: 'GET', path: '/Nothing.json' },
    exception(404, 20404),
  ),
]

export const rules: RulesModule = {
  request: (base, credentials, call) => formRequest(`${base}/2010-04-01`, credentials, call),
  rules: [...access, ...searching, ...listing, ...buying],
}
