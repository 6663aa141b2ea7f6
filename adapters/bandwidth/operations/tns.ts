/** Numbers by themselves: their owner's, those at rest after them, those held, those for sale. */
import { isFault } from '../../../core/ground/fault.ts'
import type { Owned, PhoneNumber } from '../../../core/ground/model.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import type { XmlNode } from '../../kit/xml.ts'
import { errorNode, forbidden, mistakesOf, notFound, statusFaults } from '../faults.ts'
import { lookedUp, once, rootOf } from '../fields/documents.ts'
import { accountIdOf, DIALECT, e164Of, idFrom, timeText, tnOf } from '../ids.ts'
import { homeOf, orderOf, PEER, SITE } from '../settings.ts'
import { TIER, VENDOR } from '../views/orders.ts'
import { narrowing, ownedPage } from '../ways/owned.ts'
import { doc, el, some } from '../wire/nodes.ts'
import { linksNode, pageOf } from '../wire/paging.ts'
import { type Acting, common, errors, paramOf } from './common.ts'

const ROOT = 'TelephoneNumberResponse'
const LIST = 'TelephoneNumbersResponse'
const PAGES = { most: 2_500, usual: 500 }
const shared = { ...common, scope: 'numbers:read', faults: statusFaults('ErrorResponse') } as const
const failing = errors('ErrorResponse', 404)

interface Seen {
  number: PhoneNumber
  owned?: Owned
  status: string
}

/** What the caller may see of it. Faults: not_found; forbidden (another account's). */
async function seen({ core, caller }: Acting, e164: string): Promise<Seen> {
  const number = await core.numbers.find(e164)
  if (!number || number.state === 'retired') throw notFound('number', tnOf(e164))
  const owned = await core.numbers.leaseOf(e164, DIALECT)
  if (owned) {
    if (owned.lease.accountId !== caller.account.id) throw forbidden()
    return { number, owned, status: 'Inservice' }
  }
  const mine = [number.heldBy, number.state === 'quarantined' ? number.lastOwnerId : null].includes(caller.account.id)
  if (core.numbers.isAvailable(number)) return { number, status: 'Available' }
  if (!mine) throw forbidden()
  return { number, status: number.state === 'quarantined' ? 'Aging' : 'Reserved' }
}

function asked(call: Acting): Promise<Seen> {
  const tn = paramOf(call, 'tn')
  const e164 = e164Of(tn)
  if (e164 === undefined) throw notFound('number', tn)
  return seen(call, e164)
}

function rowNode({ caller }: Acting, { number, owned, status }: Seen): XmlNode {
  return doc(
    'TelephoneNumber',
    el('City', number.city.toUpperCase()),
    el('Lata', number.lata),
    el('State', number.region),
    el('FullNumber', tnOf(number.e164)),
    el('Tier', TIER),
    el('VendorId', VENDOR.id),
    el('VendorName', VENDOR.name),
    el('RateCenter', number.rateCenter),
    el('Status', status),
    owned ? el('AccountId', accountIdOf(caller.account)) : undefined,
    el('LastModified', timeText(number.updatedAt)),
  )
}

const list = operation({
  ...shared,
  on: 'GET /api/tns',
  answers: { 200: LIST, ...errors('ErrorResponse', 400) },
  async handle(call) {
    const { core, caller, inbound } = call
    const page = pageOf(inbound, PAGES)
    const { items, total, next } = await ownedPage(core, caller, page, narrowing(inbound))
    const rows = items.map(owned => rowNode(call, { number: owned.number, owned, status: 'Inservice' }))
    const links = linksNode(inbound, page.size, next)
    return { body: doc(LIST, el('TelephoneNumberCount', total), links, doc('TelephoneNumbers', ...rows)) }
  },
})

/** What is not the caller's to see is not there for it. */
function unlessHidden(error: unknown): undefined {
  if (!isFault(error, 'not_found') && !isFault(error, 'forbidden')) throw error
}

/** What is wrong with one is told beside the others. */
const lookUp = operation({
  ...shared,
  on: 'POST /api/tns',
  answers: { 200: LIST, ...errors('ErrorResponse', 400) },
  async handle(call) {
    const root = rootOf(call.inbound, 'TnList')
    const { e164s, issues } = lookedUp(
      root.children.filter(child => child.name === 'tn').map(child => child.text.trim()),
    )
    const rows: XmlNode[] = []
    const mistakes = mistakesOf(issues).map(errorNode)
    for (const e164 of once(e164s)) {
      const tn = tnOf(e164)
      const found = await seen(call, e164).catch(unlessHidden)
      if (found) rows.push(rowNode(call, found))
      else mistakes.push(errorNode({ code: 4017, description: `The telephone number '${tn}' does not exist`, tn }))
    }
    const numbers = doc('TelephoneNumbers', ...rows)
    return { body: doc(LIST, el('TelephoneNumberCount', rows.length), numbers, some('ErrorList', mistakes)) }
  },
})

const one = operation({
  ...shared,
  on: 'GET /api/tns/:tn',
  answers: { 200: ROOT, ...failing },
  async handle(call) {
    const { number, owned, status } = await asked(call)
    const order = owned && orderOf(owned)
    return {
      body: doc(
        ROOT,
        el('TelephoneNumber', tnOf(number.e164)),
        el('Status', status),
        el('LastModifiedDate', timeText(number.updatedAt)),
        owned && el('OrderCreateDate', timeText(owned.lease.startedAt)),
        el('OrderId', order),
        owned && el('OrderType', 'NEW_NUMBER_ORDER'),
        owned && el('InServiceDate', timeText(owned.lease.startedAt)),
        el('SiteId', owned && homeOf(owned)?.siteId),
        owned && el('AccountId', accountIdOf(call.caller.account)),
      ),
    }
  },
})

/** The site and the peer of a number, as far as they are still there. */
async function homeNodes({ core }: Acting, { owned }: Seen) {
  const home = owned && homeOf(owned)
  if (!home) return {}
  const [site, peer] = await Promise.all([
    core.resources.find(SITE, idFrom(home.siteId) ?? 0),
    core.resources.find(PEER, idFrom(home.peerId) ?? 0),
  ])
  return {
    site: site && doc('Site', el('Id', site.id), el('Name', site.name)),
    peer: peer && doc('SipPeer', el('PeerId', peer.id), el('PeerName', peer.name)),
  }
}

type Details = (call: Acting, found: Seen) => Promise<(XmlNode | undefined)[]>

function details(path: string, of: Details): Operation {
  return operation({
    ...shared,
    on: `GET /api/tns/:tn/${path}`,
    answers: { 200: ROOT, ...failing },
    async handle(call) {
      return { body: doc(ROOT, doc('TelephoneNumberDetails', ...(await of(call, await asked(call))))) }
    },
  })
}

const all: Details = async (call, found) => {
  const { number, owned, status } = found
  const { site, peer } = await homeNodes(call, found)
  return [
    el('City', number.city.toUpperCase()),
    el('Lata', number.lata),
    el('State', number.region),
    el('FullNumber', tnOf(number.e164)),
    el('Tier', TIER),
    el('VendorId', VENDOR.id),
    el('VendorName', VENDOR.name),
    el('RateCenter', number.rateCenter),
    el('Status', status),
    owned && el('AccountId', accountIdOf(call.caller.account)),
    el('LastModified', timeText(number.updatedAt)),
    site,
    peer,
  ]
}

/** The place alone stands at the root. */
function home(path: string, root: string, member: 'site' | 'peer'): Operation {
  return operation({
    ...shared,
    on: `GET /api/tns/:tn/${path}`,
    answers: { 200: root, ...failing },
    async handle(call) {
      const nodes = await homeNodes(call, await asked(call))
      const node = nodes[member]
      if (!node) throw notFound('resource', paramOf(call, 'tn'))
      return { body: node }
    },
  })
}

export const tnOperations: readonly Operation[] = [
  list,
  lookUp,
  one,
  details('tndetails', all),
  home('sites', 'Site', 'site'),
  home('sippeers', 'SipPeer', 'peer'),
  details('ratecenter', async (_, { number }) => [el('State', number.region), el('RateCenter', number.rateCenter)]),
  details('lata', async (_, { number }) => [el('Lata', number.lata)]),
  details('lca', async (_, { number }) => [el('RateCenter', number.rateCenter), el('State', number.region)]),
]
