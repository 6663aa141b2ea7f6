import { type Fault, GET, header, json, on, sent, status } from '../../support/mutate.ts'

const COUNTRIES = GET(/\/buy\/countries(\?|$)/)
const DIDS = GET(/\/dids(\?|$)/)
const CHECKOUT = ['POST', /\/checkout$/] as const
const dids = 'GET /v1/buy/countries/:country/cities/:city/dids'

const faults: Omit<Fault, 'dialect'>[] = [
  {
    wrong: 'a field of a country is missing',
    breaks: 'answers: GET /v1/buy/countries: schema',
    server: json(COUNTRIES, body => {
      for (const country of body.countries ?? []) delete country.short_name
    }),
  },
  {
    wrong: 'a price is a number',
    breaks: `answers: ${dids}: schema`,
    server: json(DIDS, body => {
      for (const did of body.dids ?? []) did.monthly_fee = Number(did.monthly_fee)
    }),
  },
  {
    wrong: 'the id of a number for sale counts from one',
    breaks: 'rules: the id of a number for sale is the number itself',
    server: json(DIDS, body => {
      for (const [index, did] of (body.dids ?? []).entries()) did.id = index + 1
    }),
  },
  {
    wrong: 'channels is a number for every key',
    breaks: 'rules: channels and sms_price have the types of the key’s era',
    server: json(DIDS, body => {
      for (const did of body.dids ?? []) did.channels = Number(did.channels)
    }),
  },
  {
    wrong: 'a country without regions answers 404',
    breaks: 'rules: a country without regions says so with 422',
    server: status(GET(/\/regions$/), 422, 404),
  },
  {
    wrong: 'whoever has no key is let in',
    breaks: 'contract: without credentials nothing is shown',
    server: sent(GET(/./), (url, headers) => {
      if (!headers.has('authorization') && !url.searchParams.has('appid')) {
        headers.set('authorization', 'Bearer demo-wavix-acme')
      }
    }),
  },
  {
    wrong: 'an unknown key is let in',
    breaks: 'rules: an unknown key is refused with 401',
    server: sent(GET(/./), (_, headers) => {
      if (headers.has('authorization')) headers.set('authorization', 'Bearer demo-wavix-acme')
    }),
  },
  {
    wrong: 'JSON is called HTML',
    breaks: 'answers: GET /v1/buy/countries: media type',
    server: header(COUNTRIES, 'content-type', 'text/html'),
  },
  {
    wrong: 'the total counts one too many',
    breaks: 'rules: pages add up to the total',
    server: json(DIDS, body => {
      if (body.pagination) body.pagination.total++
    }),
  },
  {
    wrong: 'total is text',
    breaks: `answers: ${dids}: schema`,
    server: json(DIDS, body => {
      if (body.pagination) body.pagination.total = String(body.pagination.total)
    }),
  },
  {
    wrong: 'an error is worded in an object',
    breaks: 'rules: an unknown path is an error object',
    server: json(GET(/no-such-thing/), body => ({ error: { message: body.message } })),
  },
  {
    wrong: 'a body that is a list is read as none',
    breaks: 'rules: a checkout with anything but ids for a body names them and buys nothing',
    purchases: { only: /anything but ids/ },
    server: on(CHECKOUT, async (request, forward) => {
      const body = await request.text()
      const read = body.startsWith('[') ? '{}' : body
      return forward(new Request(request.url, { method: 'POST', headers: request.headers, body: read }))
    }),
  },
  {
    wrong: 'True is no boolean',
    breaks: 'rules: True and FALSE are booleans in the query',
    server: status(GET(/text_enabled_only=(True|FALSE)/), 200, 400),
  },
  {
    wrong: 'a checkout answers 200',
    breaks: 'rules: a checkout answers 201, books both fees and empties the cart',
    purchases: { only: /a checkout answers 201/ },
    server: status(CHECKOUT, 201, 200),
  },
  {
    wrong: 'a checkout has an undocumented status',
    breaks: 'answers: POST /v1/buy/cart/checkout: documented status',
    purchases: { only: /a checkout answers 201/ },
    server: status(CHECKOUT, 201, 200),
  },
  {
    wrong: 'a checkout of what is bought succeeds again',
    breaks: 'rules: a repeated checkout buys and charges nothing',
    purchases: { only: /repeated checkout/ },
    server: on(CHECKOUT, async (request, forward) => {
      const response = await forward(request)
      return response.status === 404 ? Response.json({ success: true }, { status: 201 }) : response
    }),
  },
  {
    wrong: 'a sold number is still put into carts',
    breaks: 'contract: a bought number is owned by its buyer and off the shelf',
    purchases: { only: /off the shelf/ },
    server: on(['PUT', /\/cart$/], async (request, forward) => {
      const response = await forward(request)
      return response.status === 404 ? Response.json([], { status: 200 }) : response
    }),
  },
  {
    wrong: 'text_enabled_only is not honoured',
    breaks: 'rules: text_enabled_only finds the numbers that show sms_enabled, and no others',
    server: sent(GET(/\/dids\?/), url => url.searchParams.delete('text_enabled_only')),
  },
  {
    wrong: 'cities that lie in no region cannot be reached',
    breaks: 'rules: the regions of a country lead to all of its cities',
    server: json(GET(/\/regions$/), (body, { url }) => {
      const country = Number(/countries\/(\d+)/.exec(url)?.[1])
      body.regions = body.regions?.filter((region: { id: number }) => region.id !== country)
    }),
  },
  {
    wrong: 'a trunk by itself is what the list shows',
    breaks: 'rules: a trunk by itself has its allowed addresses and when it was made',
    server: json(GET(/\/trunks\/\d+$/), body => {
      delete body.allowed_ips
      delete body.created_at
    }),
  },
  {
    wrong: 'the country of the company is null where an object belongs',
    breaks: 'answers: GET /v1/profile: schema',
    server: json(GET(/\/profile$/), body => {
      if (body.company_info) body.company_info.country = null
    }),
  },
  {
    wrong: 'one bare number is read as a list',
    breaks: 'rules: ids that are one bare number are refused by their name',
    purchases: { only: /one bare number/ },
    server: status(['PUT', /\/cart$/], 400, 404),
  },
  {
    wrong: 'any country of the company is taken',
    breaks: 'rules: a country of the company that does not exist is refused',
    purchases: { only: /country of the company/ },
    server: status(['PUT', /\/profile$/], 400, 200),
  },
  {
    wrong: 'the limit of a trunk is not kept',
    breaks: 'rules: a trunk keeps its label and its limits, and is gone once it is deleted',
    purchases: { only: /a trunk keeps its label/ },
    server: json(GET(/\/trunks\/\d+$/), body => {
      body.max_channels = null
    }),
  },
  {
    wrong: 'a release does nothing',
    breaks: 'contract: a released number is gone from its owner and can be bought again',
    purchases: { only: /contract: a released number/ },
    server: on(['DELETE', /\/numbers/], async () => Response.json({ success: true })),
  },
]

export const wavixFaults: Fault[] = faults.map(fault => ({ dialect: 'wavix', ...fault }))
