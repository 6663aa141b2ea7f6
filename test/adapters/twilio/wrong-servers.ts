import { type Fault, GET, json, type Match, on, sent, status, text } from '../../support/mutate.ts'

const LIST = GET(/IncomingPhoneNumbers\.json/)
const SEARCH = GET(/AvailablePhoneNumbers\/US\/Local\.json/)
const BUY: Match = ['POST', /IncomingPhoneNumbers\.json/]
const found = 'GET /2010-04-01/Accounts/:account/AvailablePhoneNumbers/:country/Local'

const faults: Omit<Fault, 'dialect'>[] = [
  {
    wrong: 'a wrong token is let in',
    breaks: 'rules: wrong credentials: 401',
    server: status(GET(/./), 401, 200),
  },
  {
    wrong: 'a list has a second member that is no paging member',
    breaks: 'rules: a list has exactly one member that is no paging member, and links from the root',
    server: json(LIST, body => ({ ...body, total: [] }), 200),
  },
  {
    wrong: 'a search has paging members',
    breaks: 'rules: a search answers with the list and its address, and nothing about pages',
    server: json(SEARCH, body => ({ ...body, page: 0 }), 200),
  },
  {
    wrong: 'coordinates are numbers',
    breaks: `answers: ${found}: schema`,
    server: json(SEARCH, body => {
      for (const item of body.available_phone_numbers ?? []) item.latitude = Number(item.latitude)
    }),
  },
  {
    wrong: 'a page of any size is given',
    breaks: 'rules: a page of more than a thousand is refused',
    server: sent(LIST, url => url.searchParams.delete('PageSize')),
  },
  {
    wrong: 'a page token is passed over',
    breaks: 'rules: a page token that is none is refused',
    server: sent(LIST, url => url.searchParams.delete('PageToken')),
  },
  {
    wrong: 'a pattern of wildcards finds everything',
    breaks: 'rules: a pattern of wildcards alone is refused',
    server: sent(SEARCH, url => url.searchParams.delete('Contains')),
  },
  {
    wrong: 'finding nothing is an error',
    breaks: 'rules: finding nothing is an empty list',
    server: json(SEARCH, body => (body.available_phone_numbers?.length === 0 ? { code: 20404 } : body), 200),
  },
  {
    wrong: 'the answer is always JSON',
    breaks: 'rules: without an extension the answer is XML, with .csv a table',
    server: on(GET(/IncomingPhoneNumbers(\.xml|\.csv)?$/), (request, forward) => {
      const url = new URL(request.url)
      url.pathname = `${url.pathname.replace(/\.\w+$/, '')}.json`
      return forward(new Request(url, { headers: request.headers }))
    }),
  },
  {
    wrong: 'more_info does not end in the code',
    breaks: 'rules: an unknown path is not found',
    server: text(GET(/Nothing/), body => body.replace('errors/20404', 'errors')),
  },
  {
    wrong: 'a purchase that names nothing buys something',
    breaks: 'rules: a purchase that names nothing is refused',
    purchases: { only: /names nothing/ },
    server: status(BUY, 400, 201),
  },
  {
    wrong: 'buying again makes a second sid',
    breaks: 'rules: buying what one has already is an update without a second charge',
    purchases: { only: /update without a second charge/ },
    server: forward => {
      let bought = 0
      return json(BUY, body => ({ ...body, sid: `PN${String(bought++).padStart(32, '0')}` }), 201)(forward)
    },
  },
]

const WIRE = '/api/laml/2010-04-01'

const signalwire: Omit<Fault, 'dialect'>[] = [
  {
    wrong: 'wrong input is 400',
    breaks: 'rules: a place needs its region',
    server: status(GET(/InLocality/), 422, 400),
  },
  {
    wrong: 'services are written small',
    breaks: 'rules: services are written in capitals, places are not told',
    server: text(GET(/AvailablePhoneNumbers\/US\/Local\.json\?PageSize=5/), body => body.replaceAll('"SMS"', '"sms"')),
  },
  {
    wrong: 'what is unset is empty',
    breaks: `answers: GET ${WIRE}/Accounts/:account/IncomingPhoneNumbers: schema`,
    purchases: { only: /^contract/ },
    server: json(GET(/IncomingPhoneNumbers\.json/), body => {
      for (const item of body.incoming_phone_numbers ?? []) item.sid = item.sid?.toUpperCase()
    }),
  },
]

export const signalwireFaults: readonly Fault[] = signalwire.map(each => ({ dialect: 'signalwire', ...each }))

export const twilioFaults: readonly Fault[] = faults.map(each => ({ dialect: 'twilio', ...each }))
