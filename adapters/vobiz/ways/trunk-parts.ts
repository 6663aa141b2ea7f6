/** Who may use an account's trunks, and where these lead: credentials, IP addresses, origination URIs. */
import { isIPv4 } from 'node:net'
import * as v from 'valibot'
import { Fault } from '../../../core/ground/fault.ts'
import type { Caller, JsonObject, Resource } from '../../../core/ground/model.ts'
import type { Core } from '../../../core/verbs.ts'
import { shownAs } from '../../kit/schema.ts'
import { Count, Name, Text } from '../fields/common.ts'
import { Timestamp, Uuid, Whole } from '../schemas/shapes.ts'
import { timestamp } from '../wire/text.ts'
import { ALL } from './scope.ts'

const flag = v.nullish(v.boolean())
const Description = v.nullish(Text)

const PREFIX_BITS = 32

function isAddressOrNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const isPrefix = bits === undefined || (/^\d{1,2}$/.test(bits) && Number(bits) <= PREFIX_BITS)
  return isIPv4(address) && isPrefix && rest.length === 0
}

/** IPv6 is not to be had at the provider. */
const IpAddress = v.pipe(
  v.string('ip_address is required'),
  v.check(isAddressOrNetwork, 'ip_address must be an IPv4 address or network, such as 198.18.0.0/24'),
)

const SipUri = v.pipe(
  v.string('sip_uri is required'),
  v.maxLength(255),
  v.regex(/^(sips?:)?[^\s@/]+(@[^\s@/]+)?$/i, 'sip_uri must be a SIP URI, such as sip:pbx.example.com:5060'),
)

const MOST = 65_535
const Rank = v.pipe(Count, v.maxValue(MOST))
const Transport = v.nullish(v.pipe(v.string(), v.toLowerCase(), v.picklist(['udp', 'tcp', 'tls'])))
const Username = v.pipe(
  v.string('username is required'),
  v.regex(/^[\w.-]{1,64}$/, 'username: letters, digits, dots, hyphens and underscores'),
)
const Password = v.pipe(
  v.string('password is required'),
  v.nonEmpty('password is required'),
  v.maxLength(255),
  shownAs({ format: 'password' }),
)

const common = { id: Uuid, account_id: v.string(), enabled: v.boolean(), created_at: Timestamp, updated_at: Timestamp }

function shown({ guid, data, createdAt, updatedAt }: Resource, handle: string) {
  const times = { created_at: timestamp(createdAt), updated_at: timestamp(updatedAt) }
  return { id: guid, account_id: handle, enabled: data.enabled ?? true, ...times }
}

/** One kind of part: its path, its fields, what it shows. */
export interface Part {
  kind: string
  path: string
  /** In the singular, as errors name it. */
  noun: string
  create: v.ObjectEntries
  update: v.ObjectEntries
  /** What is kept of what was sent, and the name beside it. */
  kept(sent: Record<string, unknown>): { name?: string; data: JsonObject }
  isNameUnique?: boolean
  answer: v.GenericSchema
  view(part: Resource, handle: string): JsonObject
}

/** Without what was not sent; null and '' clear. */
function told(entries: Record<string, unknown>): JsonObject {
  const sent = Object.entries(entries).filter(([, value]) => value !== undefined)
  return Object.fromEntries(sent.map(([name, value]) => [name, value === '' ? null : value])) as JsonObject
}

/** The password opens a door that is not here: it is taken, and kept nowhere. */
const credentials: Part = {
  kind: 'vobiz.credential',
  path: 'credentials',
  noun: 'credential',
  create: { username: Username, password: Password, enabled: flag },
  // the name stays what it is
  update: { password: v.nullish(Password), enabled: flag },
  kept: ({ username, enabled }) => ({ ...(username ? { name: String(username) } : {}), data: told({ enabled }) }),
  isNameUnique: true,
  answer: v.strictObject({ ...common, username: v.string(), password: v.literal('<redacted>'), realm: v.string() }),
  view: (part, handle) => ({
    ...shown(part, handle),
    ...{ username: part.name, password: '<redacted>', realm: 'sip.vobiz.ai' },
  }),
}

const ipAcl: Part = {
  kind: 'vobiz.ip-acl',
  path: 'ip-acl',
  noun: 'IP access list',
  create: { name: Name, ip_address: IpAddress, description: Description, enabled: flag },
  update: { name: v.nullish(Name), ip_address: v.nullish(IpAddress), description: Description, enabled: flag },
  kept: ({ name, ...rest }) => ({ ...(name ? { name: String(name) } : {}), data: told(rest) }),
  answer: v.strictObject({ ...common, ip_address: v.string(), description: v.string() }),
  view: (part, handle) => ({
    ...shown(part, handle),
    ...{ ip_address: part.data.ip_address ?? '', description: part.data.description ?? part.name },
  }),
}

const DEFAULT_WEIGHT = 10

const originationUris: Part = {
  kind: 'vobiz.origination-uri',
  path: 'origination-uris',
  noun: 'origination URI',
  create: {
    ...{ name: Name, sip_uri: SipUri, priority: Rank, weight: v.nullish(Rank) },
    ...{ transport: Transport, description: Description, enabled: flag },
  },
  update: {
    ...{ name: v.nullish(Name), sip_uri: v.nullish(SipUri), priority: v.nullish(Rank), weight: v.nullish(Rank) },
    ...{ transport: Transport, description: Description, enabled: flag },
  },
  kept: ({ name, ...rest }) => ({ ...(name ? { name: String(name) } : {}), data: told(rest) }),
  answer: v.strictObject({
    ...common,
    ...{ uri: v.string(), priority: Whole, weight: Whole, transport: v.string(), description: v.string() },
  }),
  view: ({ name, data, ...part }, handle) => ({
    ...shown({ name, data, ...part }, handle),
    ...{ uri: data.sip_uri ?? '', priority: data.priority ?? 1, weight: data.weight ?? DEFAULT_WEIGHT },
    ...{ transport: data.transport ?? 'udp', description: data.description ?? name },
  }),
}

export const PARTS = [credentials, ipAcl, originationUris] as const

/** Faults: not_found (resource). */
export async function ownPart(core: Core, { account }: Caller, { kind }: Part, guid: string): Promise<Resource> {
  const found = await core.resources.find(kind, guid.toLowerCase())
  if (found?.accountId !== account.id) throw new Fault('not_found', { what: 'resource', id: guid })
  return found
}

/** What a trunk names its parts by. */
export const PART_NAMES = {
  credential_uuid: credentials,
  ipacl_uuid: ipAcl,
  primary_uri_uuid: originationUris,
  fallback_uri_uuid: originationUris,
} as const

/** Ids of all parts that there are: a trunk names none that is gone. */
export async function partIds(core: Core, { account }: Caller): Promise<Set<string>> {
  const lists = await Promise.all(PARTS.map(({ kind }) => core.resources.list({ accountIds: [account.id], kind }, ALL)))
  return new Set(lists.flatMap(({ items }) => items.map(({ guid }) => guid)))
}

/** Faults: invalid_input (a part that is not the account's). */
export async function checkParts(core: Core, caller: Caller, data: JsonObject): Promise<void> {
  for (const [name, part] of Object.entries(PART_NAMES)) {
    const guid = data[name]
    if (typeof guid !== 'string') continue
    const found = await core.resources.find(part.kind, guid)
    if (found?.accountId === caller.account.id) continue
    const message = `${name}: no such ${part.noun} in this account`
    throw new Fault('invalid_input', { issues: [{ field: name, problem: 'unknown', message }] })
  }
}
