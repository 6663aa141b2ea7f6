import { childOf, type Element, listOf, readXml, textOf } from '../../../adapters/kit/xml-read.ts'
import type { World } from '../../../src/worlds/world-file.ts'
import type { TestWorld } from '../../support/world.ts'
import { assertBandwidth } from './grammar.ts'

export const NOW = '2026-06-01T00:00:00Z'
export const OWNER = 1
export const OTHER = 2
export const idOf = (id: number) => String(9_900_000 + id)

export const [N142, N143, N144] = ['9195550142', '9195550143', '9195550144'] as const

const shared = { country: 'US', capabilities: 'voice', currency: 'USD', setup_price: '1', monthly_price: '1' } as const

export const carolina = (tn: string) => ({
  e164: `+1${tn}`,
  type: 'local',
  region: 'NC',
  city: 'Raleigh',
  rate_center: 'RALEIGH',
  lata: '426',
  postal_code: '27606',
  ...shared,
})

function account(id: number, balance: string, profile: Record<string, number>): NonNullable<World['accounts']>[number] {
  return {
    id,
    name: `Account ${id}`,
    currency: 'USD',
    balances: { USD: balance },
    profile,
    credentials: [{ realm: 'bandwidth', kind: 'key_pair', public_id: `user-${id}`, secret: `password-${id}` }],
  }
}

/** The setup line of the dialect's facts. Numbers rest for 30 days, in which their last owner may have them back. */
export function bandwidthWorld(balance = '100.00', settleMs = 0): World {
  const profile = { orderSettleMs: settleMs }
  return {
    quarantine_days: { '*': 30 },
    reclaim_days: { '*': 30 },
    accounts: [account(OWNER, balance, profile), account(OTHER, '100.00', profile)],
    numbers: [
      ...[N142, N143, N144].map(carolina),
      { e164: '+12125550142', type: 'local', region: 'NY', city: 'New York', rate_center: 'NWYRCYZN01', ...shared },
      { e164: '+18335550111', type: 'toll_free', ...shared },
    ],
  }
}

export interface Answer {
  status: number
  headers: Headers
  text: string
  root: Element | undefined
}

export interface Ask {
  as?: number | 'nobody' | 'stranger'
  /** Account in the path; default: the one that asks. */
  account?: number
  body?: string
  start?: string
}

export const type = (name: string, inner: string) => `<${name}>${inner}</${name}>`
export const tns = (...numbers: string[]) =>
  type('TelephoneNumberList', numbers.map(number => type('TelephoneNumber', number)).join(''))
export const existing = (...numbers: string[]) => type('ExistingTelephoneNumberOrderType', tns(...numbers))
export const area = (quantity: number | string, code = '919') =>
  type('AreaCodeSearchAndOrderType', type('AreaCode', code) + type('Quantity', String(quantity)))

export const ADDRESS =
  '<Address><HouseNumber>900</HouseNumber><StreetName>Main Campus Drive</StreetName><City>Raleigh</City><StateCode>NC</StateCode><Zip>27606</Zip></Address>'

/** A client that keeps to the wire: every answer is judged by the grammar. */
export function bandwidthClient(world: TestWorld) {
  const ask = async (method: string, path: string, options: Ask = {}): Promise<Answer> => {
    const { as = OWNER, account = as as number, body, start = '/api' } = options
    const headers = new Headers({ 'content-type': 'application/xml' })
    const pair = as === 'stranger' ? 'user-1:wrong' : `user-${as}:password-${as}`
    if (as !== 'nobody') headers.set('authorization', `Basic ${Buffer.from(pair).toString('base64')}`)
    const whose = typeof account === 'number' ? idOf(account) : idOf(OWNER)
    const below = /^\/(tns|cities|rateCenters|coveredRateCenters)/.test(path)
    const url = `${world.base('bandwidth')}${start}${below ? '' : `/accounts/${whose}`}${path}`
    const response = await world.send(new Request(url, { method, headers, body: body ?? null }))
    const text = await response.text()
    if (text !== '') assertBandwidth(text)
    return { status: response.status, headers: response.headers, text, root: text === '' ? undefined : readXml(text) }
  }
  const get = (path: string, options?: Ask) => ask('GET', path, options)
  const post = (path: string, body: string, options: Ask = {}) => ask('POST', path, { ...options, body })
  const made = (answer: Answer) => (answer.headers.get('location') ?? '').replace(/^.*\//, '')
  /** A site with a default peer, unless `withPeer` is false. */
  const site = async (options: Ask = {}, withPeer = true) => {
    const id = made(await post('/sites', `<Site><Name>Main</Name>${ADDRESS}</Site>`, options))
    const body = '<SipPeer><PeerName>Peer</PeerName></SipPeer>'
    const peer = withPeer ? made(await post(`/sites/${id}/sippeers`, body, options)) : ''
    return { id, peer }
  }
  /** Places it and reads it back. */
  const order = async (inner: string, options: Ask = {}) => {
    const created = await post('/orders', type('Order', inner), options)
    if (created.status !== 201) throw new Error(`${created.status} ${created.text}`)
    return { id: made(created), created, ...(await get(`/orders/${made(created)}`, options)) }
  }
  const disconnect = async (numbers: readonly string[], options: Ask = {}) => {
    const body = type('DisconnectTelephoneNumberOrder', type('DisconnectTelephoneNumberOrderType', tns(...numbers)))
    const created = await post('/disconnects', body, options)
    return { created, ...(await get(`/disconnects/${made(created)}`, options)) }
  }
  const search = async (query: string, options?: Ask) =>
    listOf((await get(`/availableNumbers?${query}`, options)).root, 'telephonenumberlist', 'telephonenumber')
  return { ask, get, post, made, site, order, disconnect, search }
}

export const status = ({ root }: { root: Element | undefined }) => textOf(root, 'orderstatus')

/** Codes of every error in the document, in whichever shape. */
export function codes({ root }: { root: Element | undefined }): string[] {
  const all = (element: Element | undefined): Element[] =>
    element ? [element, ...element.children.flatMap(child => all(child))] : []
  const errors = all(root).filter(each => ['error', 'responsestatus', 'errors'].includes(each.name))
  return errors.flatMap(each => textOf(each, 'code') ?? textOf(each, 'errorcode') ?? [])
}

/** Numbers that an order was filled with. */
export function completed({ root }: { root: Element | undefined }): string[] {
  const numbers = childOf(root, 'completednumbers')?.children ?? []
  return numbers.flatMap(number => textOf(number, 'fullnumber') ?? [])
}
