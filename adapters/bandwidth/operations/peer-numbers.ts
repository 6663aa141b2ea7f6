/** Numbers of one peer: how many, which, what is set on them, and more of them moved there. */
import type { Owned, Resource } from '../../../core/ground/model.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import type { XmlNode } from '../../kit/xml.ts'
import { type Element, listOf } from '../../kit/xml-read.ts'
import { userOf } from '../auth.ts'
import { notFound, refuse, statusFaults } from '../faults.ts'
import { numbersOf, rootOf, shortText } from '../fields/documents.ts'
import { DIALECT, e164Of, tnOf } from '../ids.ts'
import { homeOf } from '../settings.ts'
import { ownedPage, ownedTotal } from '../ways/owned.ts'
import { doc, each, el, some } from '../wire/nodes.ts'
import { linksNode, pageOf } from '../wire/paging.ts'
import { type Acting, common, errors, paramOf } from './common.ts'
import { numbersAt, PEER_ROOT, PEERS, peerOf } from './peers.ts'

const ONE = `${PEERS}/:peer`
const shared = { ...common, faults: statusFaults(PEER_ROOT) } as const

const total = operation({
  ...shared,
  on: `GET ${ONE}/totaltns`,
  scope: 'numbers:read',
  answers: { 200: 'SipPeerTelephoneNumbersCountResponse', ...errors(PEER_ROOT, 404) },
  async handle(call) {
    const count = await ownedTotal(call.core, call.caller, numbersAt(await peerOf(call)))
    const name = 'SipPeerTelephoneNumbersCount'
    // the provider nests the same name twice
    const inner = doc(name, el(name, count), el('CnamCount', 0), el('LidbCount', 0))
    return { body: doc('SipPeerTelephoneNumbersCountResponse', inner) }
  },
})

const numbers = operation({
  ...shared,
  on: `GET ${ONE}/tns`,
  scope: 'numbers:read',
  answers: { 200: 'SipPeerTelephoneNumbersResponse', ...errors(PEER_ROOT, 400, 404) },
  async handle(call) {
    const { core, caller, inbound } = call
    const asked = pageOf(inbound, { most: 5_000, usual: 500 })
    const { items, next } = await ownedPage(core, caller, asked, numbersAt(await peerOf(call)))
    const rows = items.map(({ number }) => doc('SipPeerTelephoneNumber', el('FullNumber', tnOf(number.e164))))
    const list = doc('SipPeerTelephoneNumbers', ...rows)
    return { body: doc('SipPeerTelephoneNumbersResponse', linksNode(inbound, asked.size, next), list) }
  },
})

/** What a client may set on a number, as it is kept and told back. */
const SETTINGS = ['CallForward', 'CallingNameDisplay', 'RewriteUser', 'NumberFormat', 'RPIDFormat']

async function ownNumber(call: Acting): Promise<Owned> {
  const found = await peerOf(call)
  const tn = paramOf(call, 'tn')
  const e164 = e164Of(tn)
  const owned = e164 === undefined ? undefined : await call.core.numbers.leaseOf(e164, DIALECT)
  const isHere = owned?.lease.accountId === call.caller.account.id && homeOf(owned)?.peerId === String(found.id)
  if (!owned || !isHere) throw notFound('number', tn)
  return owned
}

function numberNode({ number, settings }: Owned): XmlNode {
  const kept = (settings.features ?? {}) as Record<string, string>
  const attributes = Array.isArray(settings.attributes) ? settings.attributes.map(String) : []
  const node = doc(
    'SipPeerTelephoneNumber',
    el('FullNumber', tnOf(number.e164)),
    ...SETTINGS.map(name => el(name, kept[name])),
    some('TnAttributes', each('TnAttribute', attributes)),
  )
  return doc('SipPeerTelephoneNumberResponse', node)
}

const numberRead = operation({
  ...shared,
  on: `GET ${ONE}/tns/:tn`,
  scope: 'numbers:read',
  answers: { 200: 'SipPeerTelephoneNumberResponse', ...errors(PEER_ROOT, 404) },
  handle: async call => ({ body: numberNode(await ownNumber(call)) }),
})

function featuresOf(element: Element): Record<string, string> {
  return Object.fromEntries(
    SETTINGS.flatMap((name): [string, string][] => {
      const text = shortText(element, name, 100)
      return text === undefined ? [] : [[name, text]]
    }),
  )
}

const numberChange = operation({
  ...shared,
  on: `PUT ${ONE}/tns/:tn`,
  scope: 'numbers:write',
  answers: { 200: 'SipPeerTelephoneNumberResponse', ...errors(PEER_ROOT, 400, 404) },
  async handle(call) {
    const { core, caller, inbound } = call
    const element = rootOf(inbound, 'SipPeerTelephoneNumber')
    const features = featuresOf(element)
    const attributes = listOf(element, 'tnattributes', 'tnattribute').slice(0, 20)
    const { lease } = await ownNumber(call)
    const owned = await core.numbers.reconfigure(caller, lease.id, DIALECT, ({ settings }) => ({
      settings: { dialect: DIALECT, value: { ...settings, features, attributes } },
    }))
    return { body: numberNode(owned) }
  },
})

/** Numbers in one list, or each in an element of its own below another of the same name, as one client writes them. */
function namedIn(element: Element): string[] {
  const outer = element.children.filter(child => child.name === 'fullnumber')
  const leaves = outer.flatMap(child => (child.children.length > 0 ? child.children : [child]))
  return leaves.map(leaf => leaf.text.trim())
}

/** All of them, or none where one of them is not the account's own. Faults: invalid_input (7518). */
async function moveHere(call: Acting, found: Resource, e164s: readonly string[]): Promise<void> {
  const { core, caller, inbound } = call
  const filter = { accountIds: [caller.account.id], e164s }
  const { items } = await core.numbers.owned(filter, { limit: e164s.length, offset: 0 }, { orderBy: 'number' })
  const own = new Set(items.map(({ number }) => number.e164))
  const foreign = e164s.find(e164 => !own.has(e164))
  if (foreign !== undefined) refuse(7518, 'Telephone Number Not Active', tnOf(foreign))
  const home = { siteId: String(found.parentId), peerId: String(found.id) }
  const data = { siteId: home.siteId, peer: home.peerId, tns: [...e164s], user: userOf(inbound) }
  await core.orders.move(caller, { dialect: DIALECT, e164s, data, settings: home, livesAt: found.id })
}

const MOVE_ROOT = 'SipPeerTelephoneNumberMoveResponse'

/** From whichever peers they are at. */
const moveIn = operation({
  ...{ ...common, faults: statusFaults(MOVE_ROOT) },
  on: `POST ${ONE}/movetns`,
  scope: 'numbers:write',
  answers: { 200: MOVE_ROOT, ...errors(MOVE_ROOT, 400, 404) },
  async handle(call) {
    const e164s = numbersOf(namedIn(rootOf(call.inbound, 'SipPeerTelephoneNumbers')))
    await moveHere(call, await peerOf(call), e164s)
    return { body: doc(MOVE_ROOT, doc('SipPeerTelephoneNumbers', ...each('FullNumber', e164s.map(tnOf)))) }
  },
})

export const peerNumberOperations: readonly Operation[] = [total, numbers, numberRead, numberChange, moveIn]
