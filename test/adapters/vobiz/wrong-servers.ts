import { type Fault, GET, json, on, replayed, sent, status } from '../../support/mutate.ts'

const INVENTORY = GET(/\/inventory\/numbers/)
const NUMBERS = GET(/\/account\/MA_DEMO0001\/numbers(\?|$)/i)
const PURCHASE = ['POST', /purchase-from-inventory$/] as const
const inventory = 'GET /api/v1/Account/:account/inventory/numbers'

const faults: Omit<Fault, 'dialect'>[] = [
  {
    wrong: 'a 401 has a flat body',
    breaks: 'rules: no credentials are refused with the nested code 401',
    server: json(GET(/./), body => (body.error?.code === 401 ? { error: 'Invalid token' } : undefined), 401),
  },
  {
    wrong: 'no credentials are needed',
    breaks: 'contract: without credentials nothing is shown',
    server: status(GET(/./), 401, 200),
  },
  {
    wrong: 'the account of what nobody owns is null',
    breaks: `answers: ${inventory}: schema`,
    server: json(INVENTORY, body => {
      for (const item of body.items ?? []) item.account_id = null
    }),
  },
  {
    wrong: 'tags of what nobody owns are a list',
    breaks: 'rules: what nobody owns has an empty account, null tags and no source',
    server: json(INVENTORY, body => {
      for (const item of body.items ?? []) item.tags = []
    }),
  },
  {
    wrong: "another account's path shows an empty list",
    breaks: "rules: another account's path is refused as a mismatch",
    server: on(GET(/MA_DEMO0002/), async () => Response.json({ items: [], page: 1, per_page: 25, total: 0 })),
  },
  {
    wrong: 'exclude is not honoured',
    breaks: 'rules: what is excluded is not shown, even when it is searched for',
    server: sent(INVENTORY, url => url.searchParams.delete('exclude')),
  },
  {
    wrong: 'any size of page is taken',
    breaks: 'rules: per_page=5000 is answered with 100',
    server: json(NUMBERS, (body, { url }) => {
      if (url.includes('per_page=5000')) body.per_page = 5000
    }),
  },
  {
    wrong: 'the total of a page past the end is 0',
    breaks: 'rules: a page past the end is empty and keeps the total',
    server: json(INVENTORY, (body, { url }) => {
      if (url.includes('page=999999')) body.total = 0
    }),
  },
  {
    wrong: 'a list has a member more',
    breaks: `answers: ${inventory}: schema`,
    server: json(INVENTORY, body => ({ ...body, next: null })),
  },
  {
    wrong: 'the sum of transactions is credit plus debit, and wrong by one',
    breaks: 'rules: the summary of transactions adds up',
    server: json(GET(/\/transactions\?per_page=1000/), body => {
      body.summary.net_amount += 1
    }),
  },
  {
    wrong: 'what is absent is null',
    breaks: 'answers: GET /api/v1/Account/:account/numbers: schema',
    purchases: { only: /bought number is owned/ },
    server: json(NUMBERS, body => {
      for (const item of body.items ?? []) item.trunk_group_id ??= null
    }),
  },
  {
    wrong: 'a number is sold to whoever asks next',
    breaks: 'contract: a number is sold once',
    purchases: { only: /a number is sold once/ },
    server: replayed(PURCHASE, (_, body) => body),
  },
  {
    wrong: 'parallel buyers all get the number',
    breaks: 'contract: parallel buyers of few numbers: each number is sold to exactly one',
    purchases: { only: /parallel buyers/ },
    server: on(PURCHASE, async (request, forward) => {
      const response = await forward(request)
      return response.status === 404 ? Response.json({ message: 'Number purchased successfully' }) : response
    }),
  },
  {
    wrong: 'a purchase is answered with 402 when the money is short',
    breaks: 'contract: what cannot be paid is not bought',
    purchases: { only: /what cannot be paid/ },
    server: status(PURCHASE, 500, 402),
  },
  {
    wrong: 'a cancelled release refunds nothing',
    breaks: 'rules: a release waits a day, costs its fee, and gives it back when it is cancelled',
    purchases: { only: /a release waits a day/ },
    server: json(['POST', /cancel-release$/], body => {
      if ('refund_amount' in body) body.refund_amount = 0
    }),
  },
  {
    wrong: 'the status that is asked for is ignored',
    breaks: 'rules: the list of numbers honours status',
    purchases: { only: /honours status/ },
    server: sent(NUMBERS, url => url.searchParams.delete('status')),
  },
  {
    wrong: 'permissions that nobody has set are null',
    breaks: 'rules: permissions of sub-accounts are objects',
    server: json(GET(/\/sub-accounts/), body => {
      for (const each of body.sub_accounts ?? []) each.permissions = null
    }),
  },
  {
    wrong: 'the type of a trunk is not kept',
    breaks: 'rules: a trunk keeps its direction, its limit of calls and whether it is enabled',
    purchases: { only: /a trunk keeps/ },
    server: json(GET(/\/trunks\//), body => {
      body.trunk_direction = 'inbound'
    }),
  },
  {
    wrong: 'changing an application in part clears the rest',
    breaks: 'rules: an application is made with its URLs, changed by POST in part, and gone once it is deleted',
    purchases: { only: /an application is made/ },
    server: json(GET(/\/Application\/\d+/), body => {
      body.answer_url = ''
    }),
  },
  {
    wrong: 'credentials are listed with their passwords',
    breaks: 'rules: the password of a credential is never shown',
    purchases: { only: /password of a credential/ },
    server: json(GET(/\/trunks\/credentials/), body => {
      for (const each of body.objects ?? []) each.password = 'S3cure-Pass'
    }),
  },
  {
    wrong: "another account's number is given back",
    breaks: "rules: another account's number is neither released nor restored",
    purchases: { only: /neither released nor restored/ },
    server: sent(['DELETE', /MA_DEMO0002\/numbers/], (url, headers) => {
      url.pathname = url.pathname.replace('MA_DEMO0002', 'MA_DEMO0001')
      headers.set('x-auth-id', 'MA_DEMO0001')
      headers.set('x-auth-token', 'demo-vobiz-acme')
    }),
  },
  {
    wrong: 'what no call matches is not found',
    breaks: 'rules: where no call matches, the list is empty and its sums are zero',
    server: status(GET(/\/cdr\?from_number/), 200, 404),
  },
  {
    wrong: 'filters that were not sent are null',
    breaks: 'rules: a search of calls echoes its filters, empty text where none was sent',
    server: json(GET(/\/cdr\/search/), body => {
      body.filters.hangup_cause = null
    }),
  },
  {
    wrong: 'the mean duration of calls is a number',
    breaks: 'rules: the sums of a list of calls are those of the calls that match',
    server: json(GET(/\/cdr\?per_page/), body => {
      body.summary.avgCallDuration = 0
    }),
  },
  {
    wrong: 'calls are exported as JSON',
    breaks: 'rules: calls are exported as a table with the fields of a call at its head',
    server: on(GET(/\/cdr\/export/), async () => Response.json({ data: [] })),
  },
  {
    wrong: 'a new customer may call at once',
    breaks: 'rules: a new customer has verified nothing and may not call',
    purchases: { only: /a new customer has/ },
    server: json(GET(/\/kyc\/status/), body => {
      body.kyc_calls_blocked = false
    }),
  },
  {
    wrong: 'a PAN of any length is taken',
    breaks: 'rules: a PAN of another length is refused with 400',
    purchases: { only: /a PAN of another length/ },
    server: status(['POST', /verify-pan$/], 400, 200),
  },
  {
    wrong: 'one that failed does not block',
    breaks: 'rules: the words of the test mode verify a company by its PAN and GSTIN, and one that fails blocks it',
    purchases: { only: /words of the test mode/ },
    server: json(GET(/\/kyc\/status/), body => {
      body.kyc_calls_blocked = false
    }),
  },
]

export const vobizFaults: Fault[] = faults.map(fault => ({ dialect: 'vobiz', ...fault }))
