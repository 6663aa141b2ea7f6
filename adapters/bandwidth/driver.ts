/** A client of this dialect in domain words. Credentials: `accountId`, `userName` and `password`. */
import {
  type BuyOutcome,
  type DriverModule,
  type DriverOptions,
  type HoldOutcome,
  lacking,
  type PartialDriver,
} from '../kit/driver.ts'
import { childOf, type Element, listOf, readXml, textOf } from '../kit/xml-read.ts'
import { accountIdOf, e164Of, tnOf } from './ids.ts'

interface Answer {
  status: number
  text: string
  root: Element | undefined
  location: string
}

type Ask = (method: string, path: string, body?: string) => Promise<Answer>

function asking({ send, base, credentials }: DriverOptions): Ask {
  const account = credentials?.accountId ?? '9900000'
  return async (method, path, body) => {
    const headers = new Headers({ 'content-type': 'application/xml' })
    const pair = `${credentials?.userName}:${credentials?.password}`
    if (credentials) headers.set('authorization', `Basic ${Buffer.from(pair).toString('base64')}`)
    const url = `${base}/api/accounts/${account}${path}`
    const response = await send(new Request(url, { method, headers, body: body ?? null }))
    const text = await response.text()
    const root = text.startsWith('<') ? readXml(text) : undefined
    return { status: response.status, text, root, location: response.headers.get('location') ?? '' }
  }
}

const POLLS = 40
const POLL_MS = 100
const pause = () => new Promise(resolve => setTimeout(resolve, POLL_MS))

/** An order shows what became of it a little later. */
async function settled(ask: Ask, path: string): Promise<Element | undefined> {
  for (let turn = 0; turn < POLLS; turn++) {
    const { root } = await ask('GET', path)
    const status = textOf(root, 'orderstatus')
    if (status !== 'RECEIVED' && status !== 'PROCESSING') return root
    await pause()
  }
  return undefined
}

const lastSegment = (location: string) => location.slice(location.lastIndexOf('/') + 1)
const ADDRESS = '<Address><HouseNumber>1</HouseNumber><StreetName>Main St</StreetName><City>Raleigh</City></Address>'

/** A site with a default peer, made where there is none. Undefined: refused. */
async function siteOf(ask: Ask): Promise<string | undefined> {
  const { status, root } = await ask('GET', '/sites')
  if (status !== 200) return undefined
  const [first] = childOf(root, 'sites')?.children ?? []
  const known = textOf(first, 'id')
  if (known !== undefined) return known
  const created = await ask('POST', '/sites', `<Site><Name>Main</Name>${ADDRESS}</Site>`)
  const site = lastSegment(created.location)
  await ask('POST', `/sites/${site}/sippeers`, '<SipPeer><PeerName>Main</PeerName></SipPeer>')
  return site
}

async function buy(ask: Ask, e164: string): Promise<BuyOutcome> {
  const site = await siteOf(ask)
  if (site === undefined) return 'refused'
  const list = `<TelephoneNumberList><TelephoneNumber>${tnOf(e164)}</TelephoneNumber></TelephoneNumberList>`
  const type = `<ExistingTelephoneNumberOrderType>${list}</ExistingTelephoneNumberOrderType>`
  const created = await ask('POST', '/orders', `<Order><SiteId>${site}</SiteId>${type}</Order>`)
  if (created.status !== 201) return created.status === 401 || created.status === 403 ? 'refused' : 'unavailable'
  const order = await settled(ask, `/orders/${lastSegment(created.location)}`)
  if (textOf(order, 'orderstatus') === 'COMPLETE') return 'bought'
  return textOf(childOf(childOf(order, 'errorlist'), 'error'), 'code') === '5003' ? 'unaffordable' : 'unavailable'
}

async function owned(ask: Ask): Promise<string[]> {
  const found: string[] = []
  for (let page = '1'; ; ) {
    const { status, text, root } = await ask('GET', `/inserviceNumbers?page=${page}&size=1000`)
    if (status === 204) return found
    if (status !== 200) throw new Error(text || `status ${status}`)
    found.push(...listOf(root, 'telephonenumbers', 'telephonenumber').map(tn => e164Of(tn) ?? tn))
    const next = /[?&]page=([^&>]+)/.exec(textOf(childOf(root, 'links'), 'next') ?? '')?.[1]
    if (next === undefined) return found.sort()
    page = next
  }
}

async function release(ask: Ask, e164: string) {
  const list = `<TelephoneNumberList><TelephoneNumber>${tnOf(e164)}</TelephoneNumber></TelephoneNumberList>`
  const type = `<DisconnectTelephoneNumberOrderType>${list}</DisconnectTelephoneNumberOrderType>`
  const root = `<DisconnectTelephoneNumberOrder>${type}</DisconnectTelephoneNumberOrder>`
  const created = await ask('POST', '/disconnects', root)
  if (created.status !== 201) return 'refused'
  const order = await settled(ask, `/disconnects/${lastSegment(created.location)}`)
  return textOf(order, 'orderstatus') === 'COMPLETE' ? 'released' : 'not_owned'
}

async function hold(ask: Ask, e164: string, kept: Map<string, string>): Promise<HoldOutcome> {
  const body = `<Reservation><ReservedTn>${tnOf(e164)}</ReservedTn></Reservation>`
  const { status, location } = await ask('POST', '/tnreservation', body)
  if (status === 201) kept.set(e164, lastSegment(location))
  if (status === 201) return 'held'
  return status === 401 || status === 403 ? 'refused' : 'unavailable'
}

async function giveUp(ask: Ask, id: string | undefined) {
  if (id === undefined) return 'not_held'
  const { status } = await ask('DELETE', `/tnreservation/${id}`)
  return status === 200 ? 'given_up' : 'not_held'
}

/** An answer that is no list says nothing about what is for sale. */
async function search(ask: Ask, query: string): Promise<string[]> {
  const { status, root } = await ask('GET', `/availableNumbers?${query}`)
  if (status !== 200 || !root) throw new Error(`a search is answered with ${status}`)
  return listOf(root, 'telephonenumberlist', 'telephonenumber')
}

async function offers(ask: Ask, count: number) {
  const tns = await search(ask, `areaCode=212&quantity=${count}`)
  return tns.map(tn => ({ e164: e164Of(tn) ?? tn }))
}

function create(options: DriverOptions): PartialDriver {
  const ask = asking(options)
  const reservations = new Map<string, string>()
  return {
    offers: count => offers(ask, count),
    async isAvailable(e164) {
      const found = await search(ask, `npaNxx=${tnOf(e164).slice(0, 6)}&quantity=5000`)
      return found.includes(tnOf(e164))
    },
    buy: e164 => buy(ask, e164),
    owned: () => owned(ask),
    release: e164 => release(ask, e164),
    hold: e164 => hold(ask, e164, reservations),
    giveUp: e164 => giveUp(ask, reservations.get(e164)),
    async unknownOperation() {
      const { status, text } = await ask('GET', '/noSuchThing')
      return { status, body: text }
    },
  }
}

export const bandwidthDriver: DriverModule = {
  dialect: 'bandwidth',
  ...lacking({ configure: 'a number has its site and its peer, and no text of its owner' }, create),
  credentials: ({ account, publicId, secret }) => ({
    accountId: accountIdOf(account),
    userName: publicId,
    password: secret,
  }),
  papers: 'nobody',
  skips: {},
}
