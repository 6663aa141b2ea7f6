import type { Send } from '../../../verify/probe.ts'
import { type Fault, GET, header, json, on, sent, status, text } from '../../support/mutate.ts'

const NO_OP = GET(/Action=NoOp/)
const BROWSE = GET(/Action=DidBrowse/)
const ORDER = GET(/Action=DidRequest/)

/** Shows the destination that was set first, whatever became of it. */
const keptDestination = (forward: Send): Send => {
  let first: string | undefined
  return async request => {
    const { searchParams } = new URL(request.url)
    const response = await forward(request)
    if (searchParams.get('Action') === 'DidEdit') first ??= searchParams.get('Destination') ?? undefined
    if (searchParams.get('Action') !== 'DidRead' || first === undefined) return response
    const body = (await response.json()) as { Response: { Result?: { DidRead: { Did: Record<string, unknown> } } } }
    if (body.Response.Result) body.Response.Result.DidRead.Did.Destination = first
    return Response.json(body)
  }
}

/** Says that it is done, and does nothing. */
const completedInstead = (action: string) =>
  on(GET(new RegExp(`Action=${action}`)), async (_, forward) => {
    const answer = await forward(new Request('http://didgate.test/onsip/api?Action=NoOp&Output=json'))
    return Response.json(JSON.parse((await answer.text()).replaceAll('NoOp', action)))
  })

const faults: Omit<Fault, 'dialect'>[] = [
  {
    wrong: 'an unknown action is completed',
    breaks: 'rules: an unknown action is named so',
    server: json(GET(/Action=Bogus/), body => {
      body.Response.Context.Action.IsCompleted = 'true'
    }),
  },
  {
    wrong: 'a completed action is not called so',
    breaks: 'answers: NoOp: grammar',
    server: text(NO_OP, xml => xml.replace('<IsCompleted>true', '<IsCompleted>false')),
  },
  {
    wrong: 'the session stands before the request',
    breaks: 'rules: elements of XML come in the recorded order',
    server: text(NO_OP, xml => xml.replace(/(<Request>.*<\/Request>)(<Session>.*<\/Session>)/s, '$2$1')),
  },
  {
    wrong: 'elements are in another order than the grammar has',
    breaks: 'answers: NoOp: grammar',
    server: text(NO_OP, xml => xml.replace(/(<Request>.*<\/Request>)(<Session>.*<\/Session>)/s, '$2$1')),
  },
  {
    wrong: 'a leaf of JSON is a number',
    breaks: 'answers: Echo: grammar',
    server: json(GET(/Action=Echo/), body => {
      body.Response.Context.Request.Duration = Number(body.Response.Context.Request.Duration)
    }),
  },
  {
    wrong: 'a leaf of JSON is null',
    breaks: 'answers: Echo: grammar',
    server: json(GET(/Action=Echo/), body => {
      body.Response.Context.Session.SessionId = null
    }),
  },
  {
    wrong: 'a mistake of the client is a status',
    breaks: 'rules: an unknown action is named so',
    server: on(
      GET(/Action=Bogus/),
      async (request, forward) =>
        new Response((await forward(request)).body, { status: 400, headers: { 'content-type': 'application/json' } }),
    ),
  },
  {
    wrong: 'a failed list answers 400',
    breaks: 'answers: DidBrowse: documented status',
    server: status(GET(/Limit=25001/), 200, 400),
  },
  {
    wrong: 'a password is echoed',
    breaks: 'rules: a login opens a session and shows who it is',
    server: text(['POST', /./], said => said.replaceAll('******', 'demo-ann-password')),
  },
  {
    wrong: 'a list does not tell how many there are',
    breaks: 'rules: a list tells limit, offset and how many there are, and echoes its defaults',
    server: json(BROWSE, body => {
      delete body.Response.Result?.DidBrowse.Dids['@attributes'].Found
    }),
  },
  {
    wrong: 'everything that is missing is complained about',
    breaks: 'rules: a missing session is the only thing that is complained about',
    server: json(ORDER, body => {
      const { Errors } = body.Response.Context.Request
      Errors.Error = [Errors.Error, Errors.Error]
    }),
  },
  {
    wrong: 'XML has the media type of applications',
    breaks: 'answers: NoOp: media type',
    server: header(NO_OP, 'content-type', 'application/xml'),
  },
  {
    wrong: 'answers may be stored',
    breaks: 'rules: answers are never stored, and pages of any origin may read them',
    server: header(NO_OP, 'cache-control', 'max-age=60'),
  },
  {
    wrong: 'bad Basic credentials are let in',
    breaks: 'rules: Basic credentials that fail are refused with 401, in the envelope',
    server: status(GET(/Action=UserRead/), 401, 200),
  },
  {
    wrong: 'a session never ends',
    breaks: 'rules: a session that was ended lets nobody in',
    server: completedInstead('SessionDestroy'),
  },
  {
    wrong: 'a preflight allows what it always did',
    breaks: 'rules: a browser may send the headers that it asks for',
    server: header(['OPTIONS', /./], 'access-control-allow-headers', 'Authorization, Content-Type'),
  },
  {
    wrong: 'plain text is no form',
    breaks: 'rules: parameters sent as plain text are a form',
    server: sent(['POST', /./], (_, headers) => {
      if (headers.get('content-type') === 'text/plain') headers.set('content-type', 'application/octet-stream')
    }),
  },
  {
    wrong: 'booleans are lower case',
    breaks: 'rules: True and FALSE are booleans',
    server: sent(GET(/CalcFound=(True|FALSE)/), url => url.searchParams.set('CalcFound', 'yes')),
  },
  {
    wrong: 'what cannot be read is refused in XML',
    breaks: 'rules: what cannot be read is refused in the format that was asked for',
    server: on(['POST', /./], async (request, forward) => {
      const body = await request.text()
      const asked = body.includes('%E9') ? body.replace('&Output=json', '') : body
      return forward(new Request(request.url, { method: 'POST', headers: request.headers, body: asked }))
    }),
  },
  {
    wrong: 'a counted key is taken for a block',
    breaks: 'rules: a key that was only counted is no block',
    purchases: { only: /only counted/ },
    server: sent(ORDER, url => {
      const keys = [...url.searchParams.keys()].filter(name => name.startsWith('NpaNxx['))
      if (!keys.includes('NpaNxx[]')) return
      for (const name of keys) url.searchParams.delete(name)
      url.searchParams.set('NpaNxx[202240]', '1')
    }),
  },
  {
    wrong: 'a number lacks its timeout',
    breaks: 'answers: DidRequest: grammar',
    purchases: { only: /a request is filled with a number/ },
    server: json(ORDER, body => {
      delete body.Response.Result?.DidRequest.Dids.Did?.Timeout
    }),
  },
  {
    wrong: 'an order is called filled that is not',
    breaks: 'rules: a request for more than there is, is filled in part, and one number stands alone',
    purchases: { only: /is filled in part/ },
    server: json(ORDER, body => {
      const result = body.Response.Result?.DidRequest
      if (result) result.Filled = result.Requested
    }),
  },
  {
    wrong: 'a list of one is a list',
    breaks: 'rules: a request for more than there is, is filled in part, and one number stands alone',
    purchases: { only: /is filled in part/ },
    server: json(ORDER, body => {
      const dids = body.Response.Result?.DidRequest.Dids
      if (dids?.Did && !Array.isArray(dids.Did)) dids.Did = [dids.Did]
    }),
  },
  {
    wrong: 'deleting does nothing',
    breaks: 'rules: a deleted number is gone',
    purchases: { only: /a deleted number is gone/ },
    server: completedInstead('DidDelete'),
  },
  {
    wrong: 'a deleted address stays a destination',
    breaks: 'rules: an address that is deleted is no destination any more',
    purchases: { only: /an address that is deleted/ },
    server: keptDestination,
  },
  {
    wrong: 'what leads to a mailbox that is gone is still shown',
    breaks: 'rules: every kind of hosted address is a destination until it is deleted',
    purchases: { only: /every kind of hosted address/ },
    server: keptDestination,
  },
  {
    wrong: 'a number still leads to a user that is deleted',
    breaks: 'rules: the numbers of a user that is deleted stay, and lead nowhere',
    purchases: { only: /numbers of a user that is deleted/ },
    server: keptDestination,
  },
  {
    wrong: 'a deleted user logs in as before',
    breaks: 'rules: a user that is added can log in, and is nobody once it is deleted',
    purchases: { only: /a user that is added/ },
    server: completedInstead('UserDelete'),
  },
  {
    wrong: 'the second password is not compared',
    breaks: 'rules: a user is not added with two different passwords, nor twice',
    purchases: { only: /two different passwords/ },
    server: sent(GET(/Action=UserAdd/), url =>
      url.searchParams.set('PasswordConfirm', url.searchParams.get('Password') ?? ''),
    ),
  },
  {
    wrong: 'a renamed address stays a destination under its old name',
    breaks: 'rules: the old name of a renamed address is no destination',
    purchases: { only: /the old name of a renamed/ },
    server: keptDestination,
  },
  {
    wrong: "another account's number can be read",
    breaks: "rules: another account's number is refused like one that is not there",
    purchases: { only: /rules: another account's number/ },
    server: sent(GET(/Action=DidRead/), (_, headers) => {
      headers.set('authorization', `Basic ${btoa('example_ann:demo-ann-password')}`)
    }),
  },
]

export const onsipFaults: Fault[] = faults.map(fault => ({ dialect: 'onsip', ...fault }))
