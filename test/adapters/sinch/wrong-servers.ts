import { type Fault, GET, header, json, on, replayed, sent, status } from '../../support/mutate.ts'

const ACTIVE = GET(/\/activeNumbers(\?|$)/)
const PROJECT = '/v1/projects/:project'

const faults: Omit<Fault, 'dialect'>[] = [
  {
    wrong: 'the code of an error is text',
    breaks: 'rules: a number that is not there is not found by name',
    server: json(GET(/./), body => {
      if (body.error) body.error.code = String(body.error.code)
    }),
  },
  {
    wrong: 'the total of rented numbers counts one too many',
    breaks: 'rules: pages of rented numbers end with an empty token and add up to the total',
    server: json(ACTIVE, body => {
      if ('totalSize' in body) body.totalSize++
    }),
  },
  {
    wrong: 'the last page has null for a token',
    breaks: `answers: GET ${PROJECT}/activeNumbers: schema`,
    server: json(ACTIVE, body => {
      if ('nextPageToken' in body) body.nextPageToken = null
    }),
  },
  {
    wrong: "another project's path is not found",
    breaks: "rules: another project's path is refused with 403",
    server: status(GET(/./), 403, 404),
  },
  {
    wrong: 'a token is opaque',
    breaks: 'rules: a token has three parts and tells when it ends',
    server: json(['POST', /\/oauth2\/token$/], body => {
      if (body.access_token) body.access_token = 'opaque'
    }),
  },
  {
    wrong: 'a token is given for a token',
    breaks: 'rules: a token gets no further token',
    server: on(['POST', /\/oauth2\/token$/], async (request, forward) => {
      const isToken = request.headers.get('authorization')?.startsWith('Bearer ')
      const body = { access_token: 'a.b.c', expires_in: 3599, scope: '', token_type: 'bearer' }
      return isToken ? Response.json(body) : forward(request)
    }),
  },
  {
    wrong: 'a token may be kept on its way',
    breaks: 'rules: nobody keeps a token on its way',
    server: header(['POST', /\/oauth2\/token$/], 'cache-control', 'public'),
  },
  {
    wrong: 'a token answer has no type',
    breaks: 'answers: POST /oauth2/token: schema',
    server: json(['POST', /\/oauth2\/token$/], body => {
      delete body.token_type
    }),
  },
  {
    wrong: 'a pattern is sought anywhere',
    breaks: 'rules: a pattern is found at the end',
    server: sent(GET(/searchPattern=END/), url => {
      url.searchParams.delete('numberPattern.pattern')
      url.searchParams.delete('numberPattern.searchPattern')
    }),
  },
  {
    wrong: 'a refusal does not say how to get in',
    breaks: 'rules: no credentials are refused with 401',
    server: header(GET(/availableRegions/), 'www-authenticate', null),
  },
  {
    wrong: 'a missing parameter is not named',
    breaks: 'rules: a search with ?type=LOCAL names the field regionCode',
    server: json(GET(/availableNumbers\?/), body => {
      if (body.error) body.error.details = []
    }),
  },
  {
    wrong: 'a filter is not known under the name that another SDK sends',
    breaks: 'rules: rented numbers filtered by ?capabilities=SMS&capabilities=FAX are refused, naming capabilities',
    server: sent(GET(/activeNumbers\?/), url => url.searchParams.delete('capabilities')),
  },
  {
    wrong: 'a refusal names the parameter as another list has it',
    breaks: 'rules: rented numbers filtered by ?capability=SMS,FAX are refused, naming capability',
    server: json(GET(/activeNumbers\?capability=/), body => {
      const [violation] = body.error?.details[0]?.fieldViolations ?? []
      if (violation) violation.field = 'capabilities'
    }),
  },
  {
    wrong: 'a token is read however it was made',
    breaks: 'rules: a page token that was changed, or is of another list, is refused',
    purchases: { only: /a page token that was changed/ },
    server: on(GET(/pageToken=./), async (request, forward) => {
      const response = await forward(request)
      const url = new URL(request.url)
      url.searchParams.delete('pageToken')
      return response.ok ? response : forward(new Request(url, { headers: request.headers }))
    }),
  },
  {
    wrong: 'a released number has no end',
    breaks: 'rules: a released number stays until its paid period ends',
    purchases: { only: /stays until its paid period/ },
    server: json(['POST', /:release$/], body => {
      if ('expireAt' in body) body.expireAt = null
    }),
  },
  {
    wrong: 'a rented number can still be rented',
    breaks: 'contract: a bought number is owned by its buyer and off the shelf',
    purchases: { only: /off the shelf/ },
    server: replayed(GET(/availableNumbers\/\+/), ({ url }) => url),
  },
  {
    wrong: 'a change forgets what it does not name',
    breaks: 'rules: a change keeps what it does not name',
    purchases: { only: /a change keeps/ },
    server: on(['PATCH', /activeNumbers/], async (request, forward) => {
      const isEmpty = (await request.clone().text()) === '{}'
      const response = await forward(request)
      return isEmpty ? Response.json({ ...((await response.json()) as object), displayName: '' }) : response
    }),
  },
]

export const sinchFaults: Fault[] = faults.map(fault => ({ dialect: 'sinch', ...fault }))
