/** What any server that speaks this dialect must do. Sections and vectors are those of the dialect's facts. */
import { expectEqual, expectTrue } from '../kit/expect.ts'
import type { Rule, RuleAnswer, RuleBench, RuleCall, RulesModule, Who } from '../kit/rules.ts'
import { childOf, type Element, listOf, readXml, textOf } from '../kit/xml-read.ts'
import { tnOf } from './ids.ts'

const SEARCH = '/api/accounts/:account/availableNumbers'
const ORDERS = '/api/accounts/:account/orders'
const RESERVATION = '/api/accounts/:account/tnreservation'

/** The document of an answer, whose root must be this. */
function documentOf(answer: RuleAnswer, root: string, status: number): Element {
  expectEqual(answer.status, status, 'status')
  expectTrue(/^application\/xml/.test(answer.headers.get('content-type') ?? ''), 'the answer is application/xml')
  const document = readXml(answer.text)
  expectEqual(document.name, root.toLowerCase(), 'root element')
  return document
}

function searchError(name: string, source: string, path: string, code: string): Rule {
  return {
    name,
    source,
    async check({ get }) {
      const error = childOf(documentOf(await get(path), 'SearchResult', 400), 'error')
      expectEqual(textOf(error, 'code'), code, 'Code')
      expectTrue(textOf(error, 'description') !== undefined, 'there is a Description')
    },
  }
}

const order = (inner: string) => `<Order>${inner}</Order>`
const one = '<AreaCodeSearchAndOrderType><AreaCode>212</AreaCode><Quantity>1</Quantity></AreaCodeSearchAndOrderType>'

function orderError(name: string, source: string, body: string, code: string): Rule {
  return {
    name,
    source,
    changes: true,
    async check({ ask }) {
      const document = documentOf(await ask({ method: 'POST', path: ORDERS, body }), 'OrderResponse', 400)
      expectEqual(textOf(childOf(childOf(document, 'errorlist'), 'error'), 'code'), code, 'Code')
    },
  }
}

function refused(name: string, as: Who): Rule {
  return {
    name,
    source: 'section 1, vector 1',
    async check({ get }) {
      const answer = await get(`${SEARCH}?areaCode=212&quantity=1`, as)
      expectEqual(answer.status, 401, 'status')
      expectTrue(/^basic/i.test(answer.headers.get('www-authenticate') ?? ''), 'the answer asks for Basic credentials')
    },
  }
}

async function reserve({ ask }: RuleBench, tn: string, as: Who = 'account') {
  const body = `<Reservation><ReservedTn>${tn}</ReservedTn></Reservation>`
  return ask({ as, method: 'POST', path: RESERVATION, body })
}

const lastSegment = (answer: RuleAnswer) => (answer.headers.get('location') ?? '').replace(/^.*\//, '')

const own: readonly Rule[] = [
  refused('no credentials: 401', 'nobody'),
  refused('wrong credentials: 401', 'stranger'),
  {
    name: 'a search tells how many it found, and numbers of ten digits in order',
    source: 'section 3, vector 2',
    async check({ get }) {
      const document = documentOf(await get(`${SEARCH}?areaCode=212&quantity=2`), 'SearchResult', 200)
      const tns = listOf(document, 'telephonenumberlist', 'telephonenumber')
      expectEqual(textOf(document, 'resultcount') ?? '0', String(tns.length), 'ResultCount')
      expectTrue(
        tns.every(tn => /^212\d{7}$/.test(tn)),
        'numbers have ten digits and the area code',
      )
      expectEqual(tns, [...tns].sort(), 'order')
    },
  },
  searchError('a search without a criterion is refused', 'section 3, vector 4', SEARCH, '4010'),
  searchError('an area code has three digits', 'section 4, vector 4', `${SEARCH}?areaCode=1`, '4000'),
  searchError('a city needs its state', 'section 3', `${SEARCH}?city=RALEIGH`, '4005'),
  orderError('an order needs a site', 'vector 11', order(one), '5022'),
  orderError('an order of an unknown site is refused', 'vector 11', order(`<SiteId>999999999</SiteId>${one}`), '5016'),
  orderError(
    'a list without its type is refused',
    'vector 13',
    order('<SiteId>1</SiteId><TelephoneNumberList/>'),
    '5001',
  ),
  orderError('an order has one type', 'vector 13', order(`<SiteId>1</SiteId>${one}<StateSearchAndOrderType/>`), '5002'),
  orderError('what is no XML is refused', 'vector 13', '<Order>', '5002'),
  {
    name: 'a refused order is told back',
    source: 'section 6',
    changes: true,
    async check({ ask }) {
      const body = order(`<SiteId>999999999</SiteId><Name>A &amp; B</Name>${one}`)
      const document = documentOf(await ask({ method: 'POST', path: ORDERS, body }), 'OrderResponse', 400)
      const echo = childOf(document, 'order')
      expectEqual([textOf(echo, 'siteid'), textOf(echo, 'name')], ['999999999', 'A & B'], 'SiteId and Name')
      expectEqual(textOf(childOf(echo, 'areacodesearchandordertype'), 'areacode'), '212', 'AreaCode')
    },
  },
  {
    name: 'a list of orders needs its page',
    source: 'vector 26',
    async check({ get }) {
      expectEqual((await get(ORDERS)).status, 400, 'status')
    },
  },
  {
    name: 'an unknown order is not there',
    source: 'section 3',
    async check({ get }) {
      const path = `${ORDERS}/00000000-0000-4000-8000-000000000000`
      const document = documentOf(await get(path), 'ErrorResponse', 404)
      expectEqual(
        textOf(childOf(document, 'responsestatus'), 'description'),
        'The resource does not exist',
        'Description',
      )
    },
  },
  {
    name: 'three beginnings of a path are one API',
    source: 'section 1, vector 32',
    async check({ get }) {
      for (const start of ['/api', '/api/v1', '/v1.0']) {
        const path = `${start}/accounts/:account/availableNumbers?areaCode=212&quantity=1`
        documentOf(await get(path), 'SearchResult', 200)
      }
    },
  },
  {
    name: 'a reservation lasts four hours, and is given up once',
    source: 'section 3, vectors 17 and 21',
    changes: true,
    async check(bench) {
      const tn = tnOf(await bench.number())
      const made = await reserve(bench, tn)
      expectEqual([made.status, made.text], [201, ''], 'status and body')
      const path = `${RESERVATION}/${lastSegment(made)}`
      const kept = childOf(documentOf(await bench.get(path), 'ReservationResponse', 200), 'reservation')
      expectEqual(textOf(kept, 'reservedtn'), tn, 'ReservedTn')
      const left = Number(textOf(kept, 'reservationexpires'))
      expectTrue(left > 14_000 && left <= 14_400, 'about 14400 seconds are left')
      documentOf(await bench.ask({ method: 'DELETE', path }), 'ReservationResponse', 200)
      documentOf(await bench.ask({ method: 'DELETE', path }), 'ReservationResponse', 404)
    },
  },
]

/** `:account` stands for the id of whoever asks. */
function request(base: string, credentials: Readonly<Record<string, string>> | undefined, call: RuleCall): Request {
  const { method, path, headers, body } = call
  const pair = `${credentials?.userName}:${credentials?.password}`
  const basic: Record<string, string> = credentials
    ? { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
    : {}
  const url = base + path.replace(':account', credentials?.accountId ?? '9900000')
  const sent = { ...basic, 'content-type': 'application/xml', ...headers }
  return new Request(url, { method, headers: sent, body: body === undefined ? null : String(body) })
}

export const rules: RulesModule = { request, rules: own }
