/** What a lease remembers of this dialect, and the sites and peers that numbers live in. */
import { isFault } from '../../core/ground/fault.ts'
import type { Account, Caller, Owned, Resource } from '../../core/ground/model.ts'
import type { Core } from '../../core/verbs.ts'
import { notFound, refuse } from './faults.ts'
import { idFrom } from './ids.ts'

export const SITE = 'bandwidth.site'
export const PEER = 'bandwidth.peer'
/** Sites of an account, and peers of all its sites. */
export const MOST_PLACES = 1_000

const ALL = { limit: MOST_PLACES, offset: 0 }

/** Where a number lives. */
export interface Home {
  siteId: string
  peerId: string
}

/** Undefined: it was bought in another dialect, and has not been moved to a site since. */
export function homeOf({ settings }: Owned): Home | undefined {
  const { siteId, peerId } = settings
  return typeof siteId === 'string' && typeof peerId === 'string' ? { siteId, peerId } : undefined
}

export const orderOf = ({ settings }: Owned): string | undefined =>
  typeof settings.orderGuid === 'string' ? settings.orderGuid : undefined

const DEFAULT_SETTLE_MS = 1_000

/** How long a new order shows itself as received: a switch of the account's profile, in milliseconds. */
export function settleOf(account: Account): number {
  const { orderSettleMs } = account.profile
  return typeof orderSettleMs === 'number' && orderSettleMs >= 0 ? orderSettleMs : DEFAULT_SETTLE_MS
}

/** Other switches of the account's profile, all off unless set: what the real one was seen to do, and a client may like less. */
export interface Switches {
  /** A disconnect list with nothing in it is a list, where the provider's paper has 404. */
  emptyDisconnectsAreListed: boolean
  /** An order with a bare list of numbers fails with 500, as the live API did. */
  bareListsFail: boolean
}

export const isOn = ({ profile }: Account, name: keyof Switches): boolean => profile[name] === true

export async function sitesOf(core: Core, caller: Caller): Promise<readonly Resource[]> {
  return (await core.resources.list({ accountIds: [caller.account.id], kind: SITE }, ALL)).items
}

export async function peersOf(core: Core, caller: Caller, site: Resource): Promise<readonly Resource[]> {
  const filter = { accountIds: [caller.account.id], kind: PEER, parentId: site.id }
  return (await core.resources.list(filter, ALL)).items
}

async function own(core: Core, caller: Caller, kind: string, text: string): Promise<Resource | undefined> {
  const id = idFrom(text)
  const found = id === undefined ? undefined : await core.resources.find(kind, id)
  return found?.accountId === caller.account.id ? found : undefined
}

/** Faults: not_found. */
export async function siteNamed(core: Core, caller: Caller, text: string): Promise<Resource> {
  const site = await own(core, caller, SITE, text)
  if (!site) throw notFound('resource', `site ${text}`)
  return site
}

/** Faults: not_found. */
export async function peerNamed(core: Core, caller: Caller, site: Resource, text: string): Promise<Resource> {
  const peer = await own(core, caller, PEER, text)
  if (peer?.parentId !== site.id) throw notFound('resource', text)
  return peer
}

export const isDefault = ({ data }: Resource) => data.isDefault === true

interface HomeCodes {
  noSite: [number, string]
  badSite: [number, string]
  badPeer: [number, string]
  noPeer: [number, string]
}

/** Where an order wants its numbers. Faults: invalid_input, by the endpoint's own codes. */
export async function homeFor(
  core: Core,
  caller: Caller,
  asked: { site: string | undefined; peer: string | undefined },
  codes: HomeCodes,
): Promise<Home> {
  if (asked.site === undefined) refuse(...codes.noSite)
  const site = await own(core, caller, SITE, asked.site)
  if (!site) return refuse(...codes.badSite)
  const siteId = String(site.id)
  if (asked.peer === undefined) {
    const peer = (await peersOf(core, caller, site)).find(isDefault)
    return peer ? { siteId, peerId: String(peer.id) } : refuse(...codes.noPeer)
  }
  const peer = await own(core, caller, PEER, asked.peer)
  return peer?.parentId === site.id ? { siteId, peerId: String(peer.id) } : refuse(...codes.badPeer)
}

/** A peer that goes before the numbers are there is told as one that was gone before. Faults: invalid_input. */
export async function livingAt<T>(
  { peerId }: Home,
  { badPeer }: HomeCodes,
  act: (living: { livesAt: number }) => Promise<T>,
): Promise<T> {
  try {
    return await act({ livesAt: Number(peerId) })
  } catch (error) {
    if (isFault(error, 'not_found') && error.details.what === 'resource') return refuse(...badPeer)
    throw error
  }
}

export const ORDER_HOME: HomeCodes = {
  noSite: [5022, 'SiteId is a required field.'],
  badSite: [5016, 'The SiteId submitted is invalid.'],
  badPeer: [5023, 'SIP peer submitted is invalid.'],
  noPeer: [5020, 'No default SIP peer is set on the account and site, and no SIP peer was submitted.'],
}

export const MOVE_HOME: HomeCodes = {
  noSite: [7309, 'The site was not supplied or is invalid.'],
  badSite: [7309, 'The site was not supplied or is invalid.'],
  badPeer: [7312, 'The SIP peer is invalid.'],
  noPeer: [7312, 'The SIP peer is invalid.'],
}
