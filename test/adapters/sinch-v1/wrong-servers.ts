import { type Fault, GET, json, on, replayed, sent, status } from '../../support/mutate.ts'

const CATALOGUE = GET(/AvailableNumbers/)
const available = 'GET /v1/api/AvailableNumbers'

/** Changes of a number arrive changed; undefined: they are refused. */
const edited = (change: (text: string) => string | undefined) =>
  on(['POST', /\/PN/], async (request, forward) => {
    const text = change(await request.clone().text())
    if (text === undefined) return Response.json({}, { status: 400 })
    return forward(new Request(request.url, { method: 'POST', headers: request.headers, body: text }))
  })

const faults: Omit<Fault, 'dialect'>[] = [
  {
    wrong: 'a wrong secret is let in',
    breaks: 'rules: a wrong secret is refused with 401',
    server: sent(GET(/./), (_, headers) => headers.delete('authorization')),
  },
  {
    wrong: 'the address of an error does not end in its code',
    breaks: 'rules: a truth value that is none is refused',
    server: json(
      CATALOGUE,
      body => {
        body.more_info = 'https://docs.example/errors'
      },
      400,
    ),
  },
  {
    wrong: 'the status in an error is not that of the answer',
    breaks: 'rules: a page above 1000 is refused',
    server: json(
      CATALOGUE,
      body => {
        body.status = 200
      },
      400,
    ),
  },
  {
    wrong: 'a price is a number',
    breaks: `answers: ${available}: schema`,
    server: json(CATALOGUE, body => {
      for (const item of body.items ?? []) item.base_setup_price = Number(item.base_setup_price)
    }),
  },
  {
    wrong: 'links are relative',
    breaks: 'rules: links lead to the next page and back',
    server: json(CATALOGUE, body => {
      if (body.meta?.next_page_url) body.meta.next_page_url = new URL(body.meta.next_page_url).pathname
    }),
  },
  {
    wrong: 'a filter is not honoured',
    breaks: 'rules: filters by country and by service show only what fits',
    server: sent(CATALOGUE, url => url.searchParams.delete('geography.iso_country')),
  },
  {
    wrong: 'an unknown method is not found',
    breaks: 'rules: a method that a path does not know is refused with 405',
    server: status(['PUT', /./], 405, 404),
  },
  {
    wrong: 'an unknown number is an empty object',
    breaks: 'rules: PNabc is not found',
    server: on(GET(/PNabc$/), async () => Response.json({})),
  },
  {
    wrong: 'a release answers 204',
    breaks: 'answers: DELETE /v1/Account/:account/ActiveNumbers/:number: documented status',
    purchases: { only: /a released number is gone, and/ },
    server: status(['DELETE', /./], 200, 204),
  },
  {
    wrong: 'a number is sold twice',
    breaks: 'rules: a purchase answers the configured number, and a second one finds nothing',
    purchases: { only: /a second one finds nothing/ },
    server: replayed(['POST', /phoneNumber=/], ({ url }) => url),
  },
  {
    wrong: 'an empty text is refused',
    breaks: 'rules: an empty text clears, as null does',
    purchases: { only: /an empty text clears/ },
    server: edited(text => (text.includes(':""') ? undefined : text)),
  },
  {
    wrong: 'one of two places always counts',
    breaks: 'rules: a number that is read, changed in one of two places and sent back is changed',
    purchases: { only: /changed in one of two places/ },
    server: edited(text => text.replace(/"statusCallback":"second.example",?/, '')),
  },
  {
    wrong: 'a contradiction is settled in silence',
    breaks: 'rules: two places that contradict each other are refused',
    purchases: { only: /contradict each other/ },
    server: edited(text => text.replace('"statusCallback":"a.example",', '')),
  },
  {
    wrong: 'a refused change is half made',
    breaks: 'rules: a refused change changes nothing',
    purchases: { only: /a refused change/ },
    server: forward => {
      let refused = 0
      return async request => {
        const response = await forward(request)
        if (response.status === 400) refused++
        const isNumber = request.method === 'GET' && /\/PN/.test(request.url) && response.ok && refused > 0
        return isNumber ? Response.json({ ...((await response.json()) as object), friendlyName: 'x' }) : response
      }
    },
  },
  {
    wrong: "another account's number is listed",
    breaks: "contract: another account's number is neither seen, changed nor released",
    purchases: { only: /contract: another account/ },
    server: forward => {
      let last: unknown
      return async request => {
        const response = await forward(request)
        if (request.method === 'POST' && /phoneNumber=/.test(request.url) && response.ok)
          last = await response.clone().json()
        const isList = request.method === 'GET' && /ActiveNumbers\/\?/.test(request.url) && response.ok
        if (!isList || last === undefined) return response
        const body = (await response.json()) as { items: unknown[] }
        return Response.json({ ...body, items: [last] })
      }
    },
  },
]

export const sinchV1Faults: Fault[] = faults.map(fault => ({ dialect: 'sinch-v1', ...fault }))
