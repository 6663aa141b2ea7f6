import { type Fault, GET, type Match, sent, status, text } from '../../support/mutate.ts'

const SEARCH = GET(/availableNumbers/)
const ORDER: Match = ['POST', /\/orders$/]
const RESERVATION = GET(/tnreservation/)
const only = (only: RegExp) => ({ purchases: { only } })

const faults: Omit<Fault, 'dialect'>[] = [
  {
    wrong: 'wrong credentials are forbidden, not unknown',
    breaks: 'rules: wrong credentials: 401',
    server: status(SEARCH, 401, 403),
  },
  {
    wrong: 'numbers are written in E.164',
    breaks: 'rules: a search tells how many it found, and numbers of ten digits in order',
    server: text(SEARCH, body => body.replaceAll(/<TelephoneNumber>/g, '<TelephoneNumber>+1')),
  },
  {
    wrong: 'the count is another one',
    breaks: 'rules: a search tells how many it found, and numbers of ten digits in order',
    server: text(SEARCH, body => body.replace(/<ResultCount>\d+/, '<ResultCount>99')),
  },
  {
    wrong: 'a search for nothing finds everything',
    breaks: 'rules: a search without a criterion is refused',
    server: sent(SEARCH, url => {
      if (url.search === '') url.search = '?areaCode=212'
    }),
  },
  {
    wrong: 'an error of a search has the shape of another family',
    breaks: 'rules: an area code has three digits',
    server: text(SEARCH, body => body.replace('<Error>', '<ResponseStatus>').replace('</Error>', '</ResponseStatus>')),
  },
  {
    wrong: 'an unknown element stands in an answer',
    breaks: 'answers: GET /api/accounts/:account/availableNumbers: grammar',
    server: text(SEARCH, body => body.replace('<ResultCount>', '<Surprise>1</Surprise><ResultCount>')),
  },
  {
    wrong: 'a list needs no page',
    breaks: 'rules: a list of orders needs its page',
    server: sent(GET(/\/orders$/), url => {
      url.search = '?page=1&size=5'
    }),
  },
  {
    wrong: 'an unknown order has no words',
    breaks: 'rules: an unknown order is not there',
    server: text(GET(/\/orders\/0/), body => body.replace('The resource does not exist', 'no')),
  },
  {
    wrong: 'one beginning of a path is unknown',
    breaks: 'rules: three beginnings of a path are one API',
    server: sent(GET(/v1\.0/), url => {
      url.pathname = url.pathname.replace('/v1.0', '/v2.0')
    }),
  },
  {
    wrong: 'an order without a site has another code',
    breaks: 'rules: an order needs a site',
    ...only(/an order needs a site/),
    server: text(ORDER, body => body.replace('5022', '5002')),
  },
  {
    wrong: 'a refused order is not told back',
    breaks: 'rules: a refused order is told back',
    ...only(/a refused order is told back/),
    server: text(ORDER, body => body.replace(/<Order>.*<\/Order>/, '')),
  },
  {
    wrong: 'a list without its type is a failure of the server',
    breaks: 'rules: a list without its type is refused',
    ...only(/a list without its type/),
    server: status(ORDER, 400, 500),
  },
  {
    wrong: 'a reservation lasts an hour',
    breaks: 'rules: a reservation lasts four hours, and is given up once',
    ...only(/a reservation lasts four hours/),
    server: text(RESERVATION, body => body.replace(/<ReservationExpires>\d+/, '<ReservationExpires>3600')),
  },
]

export const bandwidthFaults: readonly Fault[] = faults.map(each => ({ dialect: 'bandwidth', ...each }))
