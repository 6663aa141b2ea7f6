/** What this dialect keeps with an address. Other addresses are kept by their ids, so that those that go are left out. */
import type { JsonObject, SipAddress } from '../../../core/ground/model.ts'
import { branch, leaf, type XmlNode } from '../../kit/xml.ts'
import type { Member } from '../fields.ts'
import type { KnownCall } from './access.ts'

/** Ring seconds of an address of which nothing else was said. */
const TIMEOUT = 60

export const MAX_TIMEOUT = 3600

export function ringSeconds({ data }: SipAddress): number {
  return typeof data.timeout === 'number' ? data.timeout : TIMEOUT
}

/** What was given, by the names under which it is kept; undefined stays as it was. */
export function addressData(given: {
  timeout?: number | undefined
  failover?: SipAddress | undefined
  ordering?: string | undefined
  members?: readonly Member[] | undefined
  foreign?: string | undefined
}): JsonObject {
  const { timeout, failover, ordering, members, foreign } = given
  return {
    ...(timeout !== undefined && { timeout }),
    ...(failover && { failoverId: failover.id }),
    ...(ordering !== undefined && { ordering }),
    ...(members && { members: members.map(({ address, priority }) => ({ id: address.id, priority })) }),
    ...(foreign !== undefined && { foreign }),
  }
}

const named = ({ username, domain }: SipAddress) => [leaf('Username', username), leaf('Domain', domain)]

async function addressOf({ core }: KnownCall, id: unknown, accountId: number): Promise<SipAddress | undefined> {
  const found = typeof id === 'number' ? await core.directory.addressById(id) : undefined
  return found?.accountId === accountId ? found : undefined
}

/** Where calls go that nobody took; nothing where there is no such address (any more). */
export async function failover(call: KnownCall, { data, accountId }: SipAddress): Promise<XmlNode[]> {
  const found = await addressOf(call, data.failoverId, accountId)
  return found ? [branch('DefaultAddress', [...named(found), leaf('Type', found.kind)])] : []
}

async function memberNodes(call: KnownCall, { data, accountId }: SipAddress): Promise<XmlNode[]> {
  const nodes: XmlNode[] = []
  for (const member of Array.isArray(data.members) ? (data.members as JsonObject[]) : []) {
    const found = await addressOf(call, member.id, accountId)
    if (found) nodes.push(branch('MemberAddress', [...named(found), leaf('Priority', Number(member.priority))]))
  }
  return nodes
}

/** The provider's schema has no members; its words for the parameter are used. */
export async function groupAddress(call: KnownCall, shown: SipAddress, address: XmlNode): Promise<XmlNode> {
  return branch('GroupAddress', [
    leaf('Ordering', String(shown.data.ordering ?? 'parallel')),
    leaf('Timeout', ringSeconds(shown)),
    ...(await failover(call, shown)),
    address,
    branch('MemberAddresses', await memberNodes(call, shown)),
  ])
}

export function externalAddress({ data }: SipAddress, address: XmlNode): XmlNode {
  return branch('ExternalAddress', [leaf('ForeignAddress', String(data.foreign ?? '')), address])
}
