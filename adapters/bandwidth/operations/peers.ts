import type { JsonObject, Resource } from '../../../core/ground/model.ts'
import type { Operation } from '../../kit/dialect.ts'
import type { XmlNode } from '../../kit/xml.ts'
import type { Element } from '../../kit/xml-read.ts'
import { refuse } from '../faults.ts'
import { flagOf, shortText } from '../fields/documents.ts'
import { DIALECT } from '../ids.ts'
import { isDefault, MOST_PLACES, PEER, peerNamed, peersOf, siteNamed } from '../settings.ts'
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
export const numbersAt = (found: Resource) => ({ setting: { key: 'peerId', value: String(found.id) } })

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

/** A site has one default peer: its first, until another is said to be. */
const ONLY = { onlyOne: 'isDefault' } as const

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
    const place = { kind: PEER, parentId: (await siteOf(call)).id, limit: MOST_PLACES }
    return (await core.resources.create(caller, { ...ONLY, ...place, ...input })).id
  },
  async change({ core, caller }, { id }, input) {
    await core.resources.update(caller, id, () => input, ONLY)
  },
  keptBy: {
    named: { dialect: DIALECT, key: 'peerId' },
    told: {
      in_use: [12018, 'The SIP peer has telephone numbers and cannot be deleted.'],
      awaited: [12018, 'A backordered order names the SIP peer, which cannot be deleted before it is closed.'],
    },
  },
})
