/** A short life over HTTP, with the demo keys: some of each thing that a database keeps. Every version can live it. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Asked {
  method?: string
  headers?: Record<string, string>
  form?: Record<string, string>
  json?: unknown
}

type Ask = (path: string, asked?: Asked) => Promise<string>

/** Refuses to go on after a no: what is kept must hold all of it. */
function asking(origin: string): Ask {
  return async (path, { method, headers = {}, form, json } = {}) => {
    const body = form ? new URLSearchParams(form) : json === undefined ? null : JSON.stringify(json)
    const type: Record<string, string> = json === undefined ? {} : { 'content-type': 'application/json' }
    const answer = await fetch(`${origin}${path}`, {
      method: method ?? (body === null ? 'GET' : 'POST'),
      headers: { ...type, ...headers },
      body,
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`)
    return text
  }
}

function found(text: string, pattern: RegExp): string {
  const part = pattern.exec(text)?.[1]
  if (part === undefined) throw new Error(`there is no ${pattern} in ${text}`)
  return part
}

/** A session that stays open, two numbers bought, one led to another user and told, one given back. */
async function liveOnsip(ask: Ask): Promise<string> {
  const act = async (form: Record<string, string>) => {
    const text = await ask('/onsip/api', { form })
    if (/<IsCompleted>false/.test(text)) throw new Error(`${form.Action} was refused: ${text}`)
    return text
  }
  const opened = await act({ Action: 'SessionCreate', Username: 'example_ann', Password: 'demo-ann-password' })
  const SessionId = found(opened, /<SessionId>([^<]+)/)
  const bought = await act({ Action: 'DidRequest', SessionId, UserId: '501', Protocol: 'sip', 'NpaNxx[212789]': '2' })
  const [first, second] = [...bought.matchAll(/<DidId>(\d+)/g)].map(match => match[1] ?? '')
  if (!first || !second) throw new Error(`two numbers were asked for: ${bought}`)
  const led = { UserId: '502', Destination: 'bob@example.onsip.com', CallerIdNumberRequired: 'true' }
  await act({ Action: 'DidEdit', SessionId, DidId: first, ...led })
  await act({ Action: 'DidDelete', SessionId, DidId: second })
  return `+${found(bought, /<Number>\+?(\d+)/)}`
}

/** Two numbers in a cart that is paid for, one of them given back, one more in a cart that is not. */
async function liveWavix(ask: Ask): Promise<void> {
  const headers = { authorization: 'Bearer demo-wavix-acme' }
  const cities = await ask('/wavix/v1/buy/countries/8652/regions/379/cities', { headers })
  const city = found(cities, /"id":(\d+)/)
  const page = await ask(`/wavix/v1/buy/countries/8652/cities/${city}/dids?per_page=3`, { headers })
  const ids = [...page.matchAll(/"number":"(\d+)"/g)].map(match => match[1] ?? '')
  if (ids.length < 3) throw new Error(`three numbers were asked for: ${page}`)
  await ask('/wavix/v1/buy/cart', { method: 'PUT', headers, json: { ids: ids.slice(0, 2) } })
  await ask('/wavix/v1/buy/cart/checkout', { method: 'POST', headers })
  await ask(`/wavix/v1/numbers?dids=${ids[0]}`, { method: 'DELETE', headers })
  await ask('/wavix/v1/buy/cart', { method: 'PUT', headers, json: { ids: ids.slice(2) } })
}

/** A number of the sub-account, paid by its parent, and one that leaves in a day; both answers are remembered by key. */
async function liveVobiz(ask: Ask): Promise<void> {
  const headers = { authorization: `Basic ${btoa('MA_DEMO0001:demo-vobiz-acme')}` }
  const account = '/vobiz/api/v1/Account/MA_DEMO0001'
  const buy = async (key: string) => {
    const page = await ask(`${account}/inventory/numbers?country=IN&per_page=1`, { headers })
    const e164 = found(page, /"e164":"(\+\d+)"/)
    const keyed = { ...headers, 'idempotency-key': key }
    await ask(`${account}/numbers/purchase-from-inventory`, { headers: keyed, json: { e164 } })
    return `${account}/numbers/${encodeURIComponent(e164)}`
  }
  const first = await buy('kept-1')
  await ask(`${first}/assign-subaccount`, { headers, json: { sub_account_id: 'SA_DEMO0001' } })
  await ask(await buy('kept-2'), { method: 'DELETE', headers })
}

/** A range that is filled at once and an order that waits; both tell their callback address. */
async function liveCm(ask: Ask, callbackUrl: string): Promise<void> {
  const account = '00000000-0000-4000-8000-000000000012'
  const order = (quantity: number, rangeSize: number) =>
    ask(`/cm/voice-phonenumberrequestapi/v1/${account}/numberRequests`, {
      headers: { 'x-cm-producttoken': 'demo-cm-acme' },
      json: {
        companyProfileGuid: '00000000-0000-4000-8000-000000001201',
        phoneNumberType: 'LOCAL',
        areaCode: '020',
        callbackUrl,
        quantity,
        rangeSize,
      },
    })
  await order(10, 10)
  await order(500, 1)
}

/** A token that was given out, and a number by it. */
async function liveSinch(ask: Ask): Promise<void> {
  const authorization = `Basic ${btoa('demo-sinch-key:demo-sinch-secret')}`
  const given = await ask('/sinch/oauth2/token', {
    headers: { authorization },
    form: { grant_type: 'client_credentials' },
  })
  const headers = { authorization: `Bearer ${found(given, /"access_token":"([^"]+)"/)}` }
  const project = '/sinch/v1/projects/00000000-0000-4000-8000-000000000012'
  const page = await ask(`${project}/availableNumbers?regionCode=US&type=LOCAL&size=1`, { headers })
  const e164 = found(page, /"phoneNumber":"(\+\d+)"/)
  await ask(`${project}/availableNumbers/${encodeURIComponent(e164)}:rent`, { headers, json: {} })
  await ask(`${project}/callbackConfiguration`, { method: 'PATCH', headers, json: { hmacSecret: 'demo-hmac-secret' } })
}

/** Money comes in, a call was made, a month passes and is billed. */
async function liveOperator(ask: Ask, e164: string): Promise<void> {
  await ask('/admin/v1/accounts/12/topups', { json: { currency: 'USD', amount: '25.00' } })
  const { now } = JSON.parse(await ask('/admin/v1/clock')) as { now: string }
  const call = { e164, ended_at: now, duration_seconds: 30, direction: 'inbound', answered: true }
  await ask('/admin/v1/calls', { json: call })
  await ask('/admin/v1/clock', { json: { advance_seconds: 32 * 86_400 } })
}

const PATIENCE_MS = 20_000

/** Somebody who takes callbacks. */
async function receiver() {
  let came = 0
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      came += 1
      response.end()
    })
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/told`
  const untilOneCame = async () => {
    const giveUpAt = Date.now() + PATIENCE_MS
    for (; came === 0; await new Promise(done => setTimeout(done, 100))) {
      if (Date.now() > giveUpAt) throw new Error('no callback came')
    }
  }
  return { url, untilOneCame, close: () => server.close() }
}

/** `url`, `admin`: origins of the two planes. Rejects at the first answer that is no yes. */
export async function liveShortLife(url: string, admin: string): Promise<void> {
  const [ask, askAdmin] = [asking(url), asking(admin)]
  const callbacks = await receiver()
  try {
    const e164 = await liveOnsip(ask)
    await liveWavix(ask)
    await liveVobiz(ask)
    await liveSinch(ask)
    await liveOperator(askAdmin, e164)
    // what was over was taken away in that month: sessions, carts, callbacks
    await liveOnsip(ask)
    await liveWavix(ask)
    await liveCm(ask, callbacks.url)
    await callbacks.untilOneCame()
  } finally {
    callbacks.close()
  }
}
