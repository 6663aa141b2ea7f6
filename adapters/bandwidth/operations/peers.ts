import type { JsonObject, Owned, Resource } from '../../../core/model.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import type { XmlNode } from '../../kit/xml.ts'
import { type Element, listOf } from '../../kit/xml-read.ts'
import { flagOf, rootOf, shortText } from '../documents.ts'
import { notFound, refuse, statusFaults } from '../faults.ts'
import { DIALECT, e164Of, tnOf } from '../ids.ts'
import { doc, each, el, some } from '../nodes.ts'
import { ownedPage, ownedTotal } from '../owned.ts'
import { linksNode, pageOf } from '../paging.ts'
import { homeOf, isDefault, MOST_PLACES, PEER, peerNamed, peersOf, siteNamed } from '../settings.ts'
import { ACCOUNT, type Acting, common, created, errors, paramOf } from './common.ts'

const ROOT = 'SipPeerResponse'
const LIST = `${ACCOUNT}/sites/:site/sippeers`
const ONE = `${LIST}/:peer`
const shared = { ...common, faults: statusFaults(ROOT) } as const
const failing = errors(ROOT)
const MOST_HOSTS = 100

const site = ({ core, caller, inbound }: Acting) => siteNamed(core, caller, inbound.path.site ?? '')
const peer = async (call: Acting) => peerNamed(call.core, call.caller, await site(call), paramOf(call, 'peer'))
const livingAt = (found: Resource) => ({ setting: { key: 'peerId', value: String(found.id) } })

function hostsOf(element: Element): string[] {
  const hosts = element.children.filter(child => child.name === 'voicehosts').flatMap(child => child.children)
  const names = hosts.map(host => shortText(host, 'hostname')).filter(name => name !== undefined)
  return names.length > MOST_HOSTS ? refuse(1006, `VoiceHosts must be between 1 and ${MOST_HOSTS}`) : names
}

/** Faults: invalid_input (1003). */
function peerOf(element: Element): { name: string; data: JsonObject } {
  const name = shortText(element, 'peername')
  if (name === undefined) return refuse(1003, 'PeerName is required')
  const description = shortText(element, 'description')
  const asDefault = flagOf(element, 'isdefaultpeer', false)
  return { name, data: { ...(description && { description }), isDefault: asDefault, hosts: hostsOf(element) } }
}

function peerNode(found: Resource): XmlNode {
  const hosts = Array.isArray(found.data.hosts) ? found.data.hosts.map(String) : []
  return doc(
    'SipPeer',
    el('PeerId', found.id),
    el('PeerName', found.name),
    el('Description', found.data.description as string | undefined),
    el('IsDefaultPeer', isDefault(found)),
    some(
      'VoiceHosts',
      hosts.map(host => doc('Host', el('HostName', host))),
    ),
  )
}

/** A site has one default peer: the one that was said to be last. */
async function makeOnlyDefault({ core, caller }: Acting, all: readonly Resource[], id: number): Promise<void> {
  for (const other of all.filter(one => one.id !== id && isDefault(one))) {
    await core.resources.update(caller, other.id, ({ data }) => ({ data: { ...data, isDefault: false } }))
  }
}

const list = operation({
  ...shared,
  on: `GET ${LIST}`,
  scope: 'account:read',
  answers: { 200: 'TNSipPeersResponse', ...failing },
  async handle(call) {
    const peers = await peersOf(call.core, call.caller, await site(call))
    return { body: doc('TNSipPeersResponse', doc('SipPeers', ...peers.map(peerNode))) }
  },
})

const create = operation({
  ...shared,
  on: `POST ${LIST}`,
  scope: 'account:write',
  answers: { 201: 'empty', ...failing },
  async handle(call) {
    const { core, caller } = call
    const input = peerOf(rootOf(call.inbound, 'SipPeer'))
    const parent = await site(call)
    const all = await peersOf(core, caller, parent)
    const asDefault = all.length === 0 || input.data.isDefault === true
    const data = { ...input.data, isDefault: asDefault }
    const place = { kind: PEER, parentId: parent.id, limit: MOST_PLACES }
    const { id } = await core.resources.create(caller, { ...place, name: input.name, data })
    if (asDefault) await makeOnlyDefault(call, all, id)
    return created(call, id)
  },
})

const read = operation({
  ...shared,
  on: `GET ${ONE}`,
  scope: 'account:read',
  answers: { 200: ROOT, ...failing },
  handle: async call => ({ body: doc(ROOT, peerNode(await peer(call))) }),
})

const change = operation({
  ...shared,
  on: `PUT ${ONE}`,
  scope: 'account:write',
  answers: { 200: 'empty', ...failing },
  async handle(call) {
    const { core, caller } = call
    const input = peerOf(rootOf(call.inbound, 'SipPeer'))
    const found = await peer(call)
    // the default stays one until another is
    const asDefault = isDefault(found) || input.data.isDefault === true
    await core.resources.update(caller, found.id, () => ({ ...input, data: { ...input.data, isDefault: asDefault } }))
    if (asDefault) await makeOnlyDefault(call, await peersOf(core, caller, await site(call)), found.id)
    return { status: 200 }
  },
})

const remove = operation({
  ...shared,
  on: `DELETE ${ONE}`,
  scope: 'account:write',
  answers: { 200: 'empty', ...failing },
  async handle(call) {
    const { core, caller } = call
    const found = await peer(call)
    if ((await ownedTotal(core, caller, livingAt(found))) > 0) {
      refuse(12018, 'The SIP peer has telephone numbers and cannot be deleted.')
    }
    await core.resources.remove(caller, found.id)
    return { status: 200 }
  },
})

const total = operation({
  ...shared,
  on: `GET ${ONE}/totaltns`,
  scope: 'numbers:read',
  answers: { 200: 'SipPeerTelephoneNumbersCountResponse', ...failing },
  async handle(call) {
    const count = await ownedTotal(call.core, call.caller, livingAt(await peer(call)))
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
  answers: { 200: 'SipPeerTelephoneNumbersResponse', ...failing },
  async handle(call) {
    const { core, caller, inbound } = call
    const asked = pageOf(inbound, { most: 5_000, usual: 500 })
    const { items, next } = await ownedPage(core, caller, asked, livingAt(await peer(call)))
    const rows = items.map(({ number }) => doc('SipPeerTelephoneNumber', el('FullNumber', tnOf(number.e164))))
    const list = doc('SipPeerTelephoneNumbers', ...rows)
    return { body: doc('SipPeerTelephoneNumbersResponse', linksNode(inbound, asked.size, next), list) }
  },
})

/** What a client may set on a number, as it is kept and told back. */
const SETTINGS = ['CallForward', 'CallingNameDisplay', 'RewriteUser', 'NumberFormat', 'RPIDFormat']

async function ownNumber(call: Acting): Promise<Owned> {
  const found = await peer(call)
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
  answers: { 200: 'SipPeerTelephoneNumberResponse', ...failing },
  handle: async call => ({ body: numberNode(await ownNumber(call)) }),
})

function featuresOf(element: Element): Record<string, string> {
  return Object.fromEntries(
    SETTINGS.flatMap((name): [string, string][] => {
      const text = shortText(element, name.toLowerCase(), 100)
      return text === undefined ? [] : [[name, text]]
    }),
  )
}

const numberChange = operation({
  ...shared,
  on: `PUT ${ONE}/tns/:tn`,
  scope: 'numbers:write',
  answers: { 200: 'SipPeerTelephoneNumberResponse', ...failing },
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

export const peerOperations: readonly Operation[] = [
  ...[list, create, read, change, remove, total, numbers, numberRead, numberChange],
]
