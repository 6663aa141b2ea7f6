/** What strangers write, into every field that somebody can set, is shown as the text that it is and as nothing else. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Bed } from './bed.ts'
import type { Hands } from './hands.ts'
import { harm } from './harm.ts'

/** As long as what is sent by who wants to see what happens. */
const LONG = 10_000
const ATTACK = [
  ...[`<script>document.title='owned'</script>`, `"'><img src=x onerror="document.title='owned'">`],
  ...['&lt;b&gt;&amp;amp;', '</textarea></title></pre>', '{{7*7}}', '\u202etxt.exe\u2066\u061c'],
].join('')

/** Letters that end texts, attributes and elements, entities, marks that turn the line round, and many of one. */
const hostile = (mark: string, length: number) => `${mark}${ATTACK}`.padEnd(length, 'x').slice(0, length)

/** Where the newest request is read. */
const NEWEST = 'newest request'

interface Field {
  what: string
  /** As many letters as it takes, if fewer than so many. */
  most?: number
  set(text: string): Promise<Response>
  on: string
  /** As it is in an address or in a form. */
  isEncoded?: true
}

const json = (body: unknown) => ({ 'content-type': 'application/json', body: JSON.stringify(body) })
const basic = (name: string, secret: string) => `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`
const AC = 'AC00000000000000000000000000000012'
const VOBIZ = { 'x-auth-id': 'MA_DEMO0001', 'x-auth-token': 'demo-vobiz-acme' }
const CM = '00000000-0000-4000-8000-000000000012'

export function hostileTexts(bed: () => Bed, hands: Hands): void {
  const { admin, go, main, wavix } = hands
  let e164 = ''
  let receiver: Server
  const hooks = () => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`

  const post = (path: string, headers: Record<string, string>, body: string, method = 'POST') =>
    hands.send(path, { method, headers, body })
  const sent = (path: string, headers: Record<string, string>, body: unknown, method = 'POST') => {
    const { body: text, ...type } = json(body)
    return post(path, { ...headers, ...type }, text, method)
  }
  const twilio = (path: string, fields: Record<string, string>) =>
    hands.send(`/twilio/2010-04-01/Accounts${path}.json`, {
      method: 'POST',
      headers: { authorization: basic(AC, 'demo-twilio-acme') },
      body: new URLSearchParams(fields),
    })
  const onsip = (fields: Record<string, string>) =>
    hands.send('/onsip/api', { method: 'POST', body: new URLSearchParams({ ...fields, Output: 'json' }) })
  const note = async (text: string) => {
    const login = { Action: 'SessionCreate', Username: 'example_ann', Password: 'demo-ann-password' }
    const session = /"SessionId":\s*"(\w+)"/.exec(await (await onsip(login)).text())?.[1] ?? ''
    const dids = await (await onsip({ Action: 'DidBrowse', SessionId: session })).text()
    const did = /"DidId":\s*"?(\d+)/.exec(dids)?.[1] ?? ''
    return onsip({ Action: 'DidEditNote', SessionId: session, DidId: did, Note: text })
  }
  const order = (more: Record<string, unknown>) =>
    sent(
      `/cm/voice-phonenumberrequestapi/v1/${CM}/numberRequests`,
      { 'x-cm-producttoken': 'demo-cm-acme' },
      {
        ...{ companyProfileGuid: '00000000-0000-4000-8000-000000001201', quantity: 300, phoneNumberType: 'LOCAL' },
        ...{ areaCode: '020', ...more },
      },
    )
  const profile = (text: string) =>
    sent(
      `/cm/voice-companyprofilesapi/v1/${CM}/companyProfiles`,
      { 'x-cm-producttoken': 'demo-cm-acme' },
      {
        ...{ name: text, companyName: text, businessRegisterNumber: '1', representativeFirstName: text },
        ...{ representativeLastName: 'Example', countryCode: 'NL', city: 'Amsterdam', postalCode: '1012 AB' },
        ...{ street: text, phoneNumberTypes: ['LOCAL'], emailAddresses: ['ann@example.com'] },
      },
    )

  const FIELDS: readonly Field[] = [
    {
      what: 'path of a request',
      isEncoded: true,
      set: text => wavix(`/${encodeURIComponent(text.slice(0, 2_000))}`),
      on: NEWEST,
    },
    {
      what: 'header of a request',
      // bytes of ISO 8859-1 are all that a header can have
      set: text => hands.send('/wavix/v1/mydids', { headers: { 'x-note': text.replace(/[^\x20-\xff]/g, '') } }),
      on: NEWEST,
    },
    { what: 'body of a request', set: text => wavix('/buy/cart', 'PUT', { ids: [text] }), on: NEWEST },
    { what: 'parameter of a form', set: text => onsip({ Action: 'NoOp', Extra: text }), on: NEWEST },
    { what: 'action of a form', set: text => onsip({ Action: text }), on: NEWEST },
    {
      what: 'name at a login',
      set: text => onsip({ Action: 'SessionCreate', Username: text, Password: 'x' }),
      on: NEWEST,
    },
    { what: 'note of a number', set: note, on: NEWEST },
    {
      what: 'where calls of a number go',
      most: 255,
      set: text =>
        wavix('/mydids/update-destinations', 'POST', {
          dids: [e164.slice(1)],
          destinations: [{ transport: 1, destination: text, priority: 1 }],
        }),
      on: 'number',
    },
    {
      what: 'name of a person',
      most: 255,
      set: text => wavix('/profile', 'PUT', { first_name: text }),
      on: '/accounts/12',
    },
    {
      what: 'sub-organization',
      most: 255,
      set: text => wavix('/sub-organizations', 'POST', { name: text }),
      on: '/accounts',
    },
    {
      what: 'sub-account',
      most: 255,
      set: name => sent('/vobiz/api/v1/accounts/MA_DEMO0001/sub-accounts', VOBIZ, { name }),
      on: '/accounts',
    },
    { what: 'sub-account by form', most: 64, set: text => twilio('', { FriendlyName: text }), on: '/accounts' },
    {
      what: 'number to buy',
      set: text => twilio(`/${AC}/IncomingPhoneNumbers`, { PhoneNumber: text }),
      isEncoded: true,
      on: NEWEST,
    },
    {
      what: 'name of a trunk',
      set: name => sent('/vobiz/api/v1/Account/MA_DEMO0001/trunks', VOBIZ, { name }),
      on: NEWEST,
    },
    {
      what: 'file name of a paper',
      most: 255,
      set: text => hands.upload(e164, text.replace(/["\\/]/g, '')),
      on: '/documents?status=all',
    },
    { what: 'company profile', most: 100, set: profile, on: '/documents' },
    {
      what: 'name in XML',
      set: text =>
        post(
          '/bandwidth/api/accounts/9900012/orders',
          { authorization: basic('demo-bandwidth-acme', 'demo-bandwidth-secret'), 'content-type': 'application/xml' },
          `<Order><Name><![CDATA[${text}]]></Name></Order>`,
        ),
      on: NEWEST,
    },
    {
      what: 'name shown to people',
      most: 255,
      set: displayName =>
        sent(
          `/sinch/v1/projects/${CM}/activeNumbers/${e164}`,
          { authorization: basic('demo-sinch-key', 'demo-sinch-secret') },
          { displayName },
          'PATCH',
        ),
      on: NEWEST,
    },
    { what: 'comment of an order', set: comment => order({ comment }), on: NEWEST },
    {
      what: 'address for callbacks',
      isEncoded: true,
      set: text => order({ callbackUrl: `${hooks()}/?${encodeURI(text).slice(0, 1_500)}#` }),
      on: NEWEST,
    },
    { what: 'label', most: 255, set: label => admin('POST', `/numbers/${e164}/label`, { label }), on: 'number' },
    { what: 'reason', most: 500, set: reason => admin('POST', `/numbers/${e164}/block`, { reason }), on: 'number' },
    { what: 'account', most: 200, set: name => admin('POST', '/accounts', { name }), on: '/accounts' },
    {
      what: 'note of money',
      most: 200,
      set: note => admin('POST', '/accounts/12/topups', { currency: 'USD', amount: '1', note }),
      on: '/accounts/12/ledger',
    },
    {
      what: 'credential',
      most: 200,
      set: name => admin('POST', '/accounts/12/credentials', { realm: 'vobiz', name }),
      on: '/accounts/12',
    },
    {
      what: 'body of a fault',
      set: body => admin('POST', '/faults', { when: { operation: 'none' }, then: { status: 503, body } }),
      on: '/faults',
    },
    {
      what: 'operation of a fault',
      most: 200,
      set: operation => admin('POST', '/faults', { when: { operation }, then: { status: 503 } }),
      on: '/faults',
    },
  ]

  const newest = async (): Promise<string> => {
    const { requests } = (await (await admin('GET', '/requests?limit=1')).json()) as { requests: { id: string }[] }
    return `/requests/${requests[0]?.id}`
  }
  const pathOf = async ({ on }: Field) =>
    on === NEWEST ? newest() : on === 'number' ? `/numbers/${encodeURIComponent(e164)}` : on

  beforeAll(async () => {
    receiver = createServer((_, response) => {
      response.writeHead(500, 'no <script>', { 'content-type': 'text/html' }).end(ATTACK)
    })
    await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', resolve))
    const found = await bed().didgate.core.numbers.search(
      { documents: 'some', currency: 'USD' },
      { limit: 1, offset: 1 },
    )
    e164 = found.items[0]?.e164 ?? ''
    await wavix('/buy/cart', 'PUT', { ids: [e164.slice(1)] })
    await wavix('/buy/cart/checkout', 'POST')
    await bed().page.setViewportSize({ width: 360, height: 800 })
  })
  afterAll(async () => {
    await bed()?.page.setViewportSize({ width: 1280, height: 900 })
    await new Promise(resolve => receiver?.close(resolve))
  })

  it.each(FIELDS)('$what', async field => {
    const mark = `text-${FIELDS.indexOf(field)}-`
    if (field.most !== undefined) {
      const { status } = await field.set(hostile(mark, LONG))
      expect(status).toBeGreaterThanOrEqual(400)
      expect(status).toBeLessThan(500)
    }
    const answer = await field.set(hostile(mark, field.most ?? LONG))
    expect(answer.status).toBeLessThan(500)
    const path = await pathOf(field)
    await go(path)
    // an answer that says why it is not there tells more than the page
    const isShown = (await main().innerText()).includes(`${mark}${field.isEncoded ? '%3Cscript' : '<script>'}`)
    expect({ isShown, answered: isShown || `${answer.status} ${(await answer.text()).slice(0, 300)}` }).toEqual({
      ...{ isShown: true, answered: true },
    })
    expect(await harm(bed(), path)).toEqual([])
  })
}
