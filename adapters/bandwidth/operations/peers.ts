import type { JsonObject, Resource } from '../../../core/ground/model.ts'
import type { Operation } from '../../kit/dialect.ts'
import type { XmlNode } from '../../kit/xml.ts'
import type { Element } from '../../kit/xml-read.ts'
import { refuse } from '../faults.ts'
import { flagOf, shortText } from '../fields/documents.ts'
import { isDefault, MOST_PLACES, PEER, peerNamed, peersOf, siteNamed } from '../settings.ts'
import { ownedTotal } from '../ways/owned.ts'
import { doc, el, some } from '../wire/nodes.ts'
import { ACCOUNT, type Acting, paramOf } from './common.ts'
import { keptOperations } from './kept.ts'

/** Root of what answers about one, and of what is wrong with it. */
export const PEER_ROOT = 'SipPeerResponse'
export const PEERS = `${ACCOUNT}/sites/:site/sippeers`
const MOST_HOSTS = 100

const siteOf = (call: Acting) => siteNamed(call.core, call.caller, paramOf(call, 'site'))

/** The peer that the path names. Faults: not_found. */
export async function peerOf(call: Acting): Promise<Resource> {
  return peerNamed(call.core, call.caller, await siteOf(call), paramOf(call, 'peer'))
}

/** Numbers whose calls go there. */
export const livingAt = (found: Resource) => ({ setting: { key: 'peerId', value: String(found.id) } })

function hostsOf(element: Element): string[] {
  const hosts = element.children.filter(child => child.name === 'voicehosts').flatMap(child => child.children)
  const names = hosts.map(host => shortText(host, 'HostName')).filter(name => name !== undefined)
  return names.length > MOST_HOSTS ? refuse(1006, `VoiceHosts must be between 1 and ${MOST_HOSTS}`) : names
}

/** Faults: invalid_input (1003). */
function wordsOf(element: Element): { name: string; data: JsonObject } {
  const name = shortText(element, 'PeerName')
  if (name === undefined) return refuse(1003, 'PeerName is required')
  const description = shortText(element, 'Description')
  const asDefault = flagOf(element, 'IsDefaultPeer', false)
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

export const peerOperations: readonly Operation[] = keptOperations({
  ...{ path: PEERS, parameter: 'peer', element: 'SipPeer', root: PEER_ROOT, listFails: [404], makingFails: [400, 404] },
  read: (_, element) => wordsOf(element),
  listed: {
    root: 'TNSipPeersResponse',
    of: async call => doc('SipPeers', ...(await peersOf(call.core, call.caller, await siteOf(call))).map(peerNode)),
  },
  shown: peerNode,
  find: peerOf,
  async make(call, input) {
    const { core, caller } = call
    const parent = await siteOf(call)
    const all = await peersOf(core, caller, parent)
    const asDefault = all.length === 0 || input.data.isDefault === true
    const data = { ...input.data, isDefault: asDefault }
    const place = { kind: PEER, parentId: parent.id, limit: MOST_PLACES }
    const { id } = await core.resources.create(caller, { ...place, name: input.name, data })
    if (asDefault) await makeOnlyDefault(call, all, id)
    return id
  },
  async change(call, found, input) {
    const { core, caller } = call
    // the default stays one until another is
    const asDefault = isDefault(found) || input.data.isDefault === true
    await core.resources.update(caller, found.id, () => ({ ...input, data: { ...input.data, isDefault: asDefault } }))
    if (asDefault) await makeOnlyDefault(call, await peersOf(core, caller, await siteOf(call)), found.id)
  },
  async checkUnused({ core, caller }, found) {
    if ((await ownedTotal(core, caller, livingAt(found))) > 0) {
      refuse(12018, 'The SIP peer has telephone numbers and cannot be deleted.')
    }
  },
})
