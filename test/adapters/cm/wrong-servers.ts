import { type Fault, GET, header, json, on, status } from '../../support/mutate.ts'

const REQUESTS = '/voice-phonenumberrequestapi/v1/:account/numberRequests'
const LIST = GET(/\/numberRequests\?/)
const ONE = GET(/\/numberRequests\/[0-9a-f-]{36}$/)
const CREATE = ['POST', /\/numberRequests$/] as const

const faults: Omit<Fault, 'dialect'>[] = [
  {
    wrong: 'names begin with capitals',
    breaks: `answers: GET ${REQUESTS}/statuses: schema`,
    server: json(GET(/\/statuses$/), body =>
      body.map((each: { status: string }) => ({ ...each, Status: each.status })),
    ),
  },
  {
    wrong: 'a list does not tell its total',
    breaks: 'rules: numberRequests tell skip, take and total in headers',
    server: header(LIST, 'x-cm-pagination-total', null),
  },
  {
    wrong: 'a wrong token is forbidden',
    breaks: 'rules: a wrong token is refused with 401',
    server: status(GET(/./), 401, 403),
  },
  {
    wrong: 'a cancelled request is not final',
    breaks: 'rules: the list of statuses has every status and says which are final',
    server: json(GET(/\/statuses$/), body => {
      for (const each of body) if (each.status === 'CANCELLED') each.isFinal = false
    }),
  },
  {
    wrong: 'paths are read in their own case only',
    breaks: 'rules: paths match in any case and with a slash at the end',
    server: on(GET(/NUMBERREQUESTS/), async () => new Response('', { status: 404 })),
  },
  {
    wrong: 'a bad page is the fault of the server',
    breaks: `answers: GET ${REQUESTS}: documented status`,
    server: status(LIST, 400, 500),
  },
  {
    wrong: "another account's list is shown as empty",
    breaks: "rules: another account's address is refused with 401 and shows nothing",
    server: on(GET(/0013\/numberRequests$/), async () => Response.json([])),
  },
  {
    wrong: 'a problem is plain JSON',
    breaks: 'rules: take=x is refused',
    server: header(GET(/take=x/), 'content-type', 'application/json'),
  },
  {
    wrong: 'a new order shows its number',
    breaks: 'rules: an order shows nulls when it is created and its numbers when it is read',
    purchases: { only: /an order shows nulls/ },
    server: json(CREATE, body => {
      if (body.guid) body.start = '+12025550100'
    }),
  },
  {
    wrong: 'one number is sold to three orders',
    breaks: 'rules: orders at the same time never get the same number, and take them off the shelf',
    purchases: { only: /at the same time/ },
    server: forward => {
      let first: string | undefined
      return json(ONE, body => {
        first ??= body.start
        body.start = first
      })(forward)
    },
  },
  {
    wrong: 'what was assigned is still available',
    breaks: 'rules: orders at the same time never get the same number, and take them off the shelf',
    purchases: { only: /at the same time/ },
    server: json(GET(/\/availability/), body => {
      body.availableQuantity = 37
    }),
  },
  {
    wrong: 'a cancelled request can be cancelled again',
    breaks: 'rules: an order that cannot be filled whole waits, assigns nothing and can be cancelled once',
    purchases: { only: /can be cancelled once/ },
    server: status(['PUT', /\/cancel$/], 409, 200),
  },
  {
    wrong: 'a waiting request is called completed',
    breaks: 'rules: an order that cannot be filled whole waits, assigns nothing and can be cancelled once',
    purchases: { only: /can be cancelled once/ },
    server: json(ONE, body => {
      if (body.status === 'PENDING') body.status = 'COMPLETED'
    }),
  },
  {
    wrong: 'a quantity in quotes is taken',
    breaks: 'rules: refused: a quantity in quotes',
    purchases: { only: /quantity in quotes/ },
    server: on(CREATE, async (request, forward) => {
      const body = (await request.json()) as Record<string, unknown>
      return forward(
        new Request(request.url, {
          method: 'POST',
          headers: request.headers,
          body: JSON.stringify({ ...body, quantity: Number(body.quantity) }),
        }),
      )
    }),
  },
]

export const cmFaults: Fault[] = faults.map(fault => ({ dialect: 'cm', ...fault }))
