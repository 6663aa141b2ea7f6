/** The nouns of the core as its callers see them. Times are UTC epoch milliseconds, money is integer micros. */

/** 1e-6 of a currency unit; always below 2^53. */
export type Micros = number
/** UTC epoch milliseconds. */
export type Instant = number
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

export type Role = 'operator' | 'account_admin' | 'organization_admin' | 'user'

export interface Account {
  id: number
  guid: string
  /** Provider-visible handle such as `MA_DEMO0001`; stored, never derived. */
  handle: string
  name: string
  parentId: number | null
  /** Who pays: the account itself, or its parent. */
  payerId: number
  /** Primary currency, ISO 4217. */
  currency: string
  role: 'owner' | 'operator'
  isActive: boolean
  identityVerified: boolean
  allowUnauthenticated: boolean
  /** Features an operator switched off, by neutral name (`numbers`, …). */
  featuresOff: string[]
  defaultOrganizationId: number | null
  defaultUserId: number | null
  /** Free profile data a dialect lets the client edit (names, addresses, limits). */
  profile: JsonObject
  createdAt: Instant
  updatedAt: Instant
}

export interface Organization {
  id: number
  accountId: number
  domain: string
  contact: JsonObject
  createdAt: Instant
  updatedAt: Instant
}

export interface User {
  id: number
  accountId: number
  organizationId: number
  /** Local part of the SIP address. */
  username: string
  /** Domain of the organization. */
  domain: string
  authUsername: string
  role: Role
  isEnabled: boolean
  contact: JsonObject
  createdAt: Instant
  updatedAt: Instant
}

/** A SIP address in an organization's domain: a user's own, or an outside telephone number. */
export interface SipAddress {
  id: number
  accountId: number
  organizationId: number
  userId: number | null
  username: string
  domain: string
  kind: 'user' | 'telephone' | 'group' | 'external' | 'voicemail' | 'alias'
  name: string
  /** The address that an alias stands for. */
  parentId: number | null
  /** What the surface that made it keeps with it, in its own words. */
  data: JsonObject
  createdAt: Instant
  updatedAt: Instant
}

export interface Credential {
  id: number
  accountId: number
  userId: number | null
  /** The surface it opens, an opaque word to the core. */
  realm: string
  kind: 'password' | 'key_pair' | 'key'
  /** Login name or key id; for bare keys a digest of the key. */
  publicId: string
  role: Role
  /** Empty: everything. */
  scopes: string[]
  name: string
  isActive: boolean
  /** Worth nothing from then on; null: until it is revoked. */
  endsAt: Instant | null
  /** Another one after each change of the secret, about which it tells nothing. */
  generation: string
  createdAt: Instant
}

/** A user's log-in that has not ended. */
export interface Session {
  id: number
  realm: string
  accountId: number
  userId: number
  authUsername: string
  createdAt: Instant
  expiresAt: Instant
}

/** A name the client gave its request, so that repeating it has no second effect. */
export interface IdempotencyKey {
  /** Unique per acting account; begins with the surface's name. */
  key: string
  /** The whole request as text: the same key for another request is refused. */
  fingerprint: string
  /** What the client calls the key, for the refusal. */
  field: string
}

/** What the units that ran for a request have changed, for whoever asks afterwards. */
export interface Trace {
  changes: { e164: string; version: number; kind: string; state: string }[]
  /** Of events told to the outside. */
  eventIds: number[]
}

/** Who asks, and in whose name: for everyone but an operator the two are the same account. */
export interface Caller {
  actor: { accountId: number; userId: number | null; role: Role }
  /** The account acted on. */
  account: Account
  user: User | null
  role: Role
  scopes: readonly string[]
  /** Makes the one unit that runs for this caller happen once. */
  idempotency?: IdempotencyKey
  /** Filled by what runs for this caller, where somebody wants to know. */
  trace?: Trace
}

/** Whoever runs the gateway, by the name that the audit keeps. */
export interface Administrator {
  administrator: string
}

/** Whose act something is. Null: the program's own, as when the clock decides. */
export type Actor = Caller | Administrator | null

export type PlaceKind = 'country' | 'region' | 'city'

/** Country → region → city. Ids are what dialects with integer place ids show. */
export interface Place {
  id: number
  kind: PlaceKind
  parentId: number | null
  countryId: number
  /** ISO 3166-1 alpha-2 of the country it lies in. */
  country: string
  /** Region code (`CA`), ISO code of a country, or the area code (NPA-NXX in the North American plan) of a city. */
  code: string
  name: string
  hasRegions: boolean
}

export type NumberType = 'local' | 'national' | 'mobile' | 'toll_free'
export type Capability = 'voice' | 'sms' | 'mms' | 'fax' | 'e911' | 'cnam'
/** A number kept off everybody's shelf for one account until a moment. */
export interface Hold {
  id: number
  guid: string
  number: PhoneNumber
  accountId: number
  /** As the surface that took it wants it back. */
  data: JsonObject
  takenAt: Instant
  until: Instant
}

export type NumberState = 'available' | 'active' | 'suspended' | 'releasing' | 'quarantined' | 'blocked' | 'retired'
export type DocumentType = 'id' | 'address' | 'localaddress'

export interface PhoneNumber {
  id: number
  /** `+` and up to 15 digits. */
  e164: string
  country: string
  type: NumberType
  /** NPA in the North American plan, else the national area code without trunk zero; '' when none. */
  areaCode: string
  /** Six digits NPA+NXX in the North American plan, else null. */
  npaNxx: string | null
  /** Region code, '' when unknown. */
  region: string
  city: string
  cityId: number | null
  rateCenter: string | null
  lata: string | null
  latitude: string | null
  longitude: string | null
  postalCode: string | null
  capabilities: Capability[]
  currency: string
  setupPrice: Micros
  monthlyPrice: Micros
  perMinutePrice: Micros
  channels: number
  requiredDocuments: DocumentType[]
  state: NumberState
  ownerId: number | null
  leaseId: number | null
  releasesAt: Instant | null
  coolUntil: Instant | null
  /** Until then the last owner alone may take it back. */
  reclaimUntil: Instant | null
  lastOwnerId: number | null
  /** The account it is kept off the shelf for, until `heldUntil`. */
  heldBy: number | null
  heldUntil: Instant | null
  lastCallAt: Instant | null
  version: number
  createdAt: Instant
  updatedAt: Instant
}

/** One ownership of one number. Its id is what clients see as DidId, record id or range id. */
export interface Lease {
  id: number
  guid: string
  numberId: number
  accountId: number
  payerId: number
  organizationId: number | null
  userId: number | null
  label: string | null
  trunkId: number | null
  /** What its account keeps at a surface to take its calls: an application. */
  handlerId: number | null
  startedAt: Instant
  /** When a pending release takes effect. */
  endsAt: Instant | null
  closedAt: Instant | null
  orderLineId: number | null
  updatedAt: Instant
}

export interface Subscription {
  id: number
  leaseId: number
  payerId: number
  currency: string
  amount: Micros
  anchorAt: Instant
  /** Number of periods already charged. */
  periods: number
  /** Start of the last paid period. */
  paidFrom: Instant
  /** End of the last paid period; the next one falls due here. */
  paidUntil: Instant
  /** Null when billing has stopped (release asked). */
  nextDueAt: Instant | null
  unpaidSince: Instant | null
}

/** Where a number's calls go. */
export interface Route {
  id: number
  leaseId: number
  priority: number
  kind: 'sip' | 'pstn' | 'trunk'
  target: string
  trunkId: number | null
  isActive: boolean
}

/** An owned number: what every dialect's "my number" view is made from. */
export interface Owned {
  number: PhoneNumber
  lease: Lease
  subscription: Subscription
  /** Of the dialect that asked; {} when none was stored. */
  settings: JsonObject
  routes: Route[]
}

/** A paper handed in for a number that needs one. */
export interface Document {
  id: number
  accountId: number
  /** 0: of an order whose numbers are not yet owned. */
  leaseId: number
  type: DocumentType
  fileName: string
  contentType: string
  status: 'pending' | 'approved' | 'rejected'
  /** Why it was reviewed so. */
  reason: string | null
  createdAt: Instant
}

export interface Trunk {
  id: number
  guid: string
  accountId: number
  name: string
  label: string
  data: JsonObject
  createdAt: Instant
  updatedAt: Instant
}

/** Something an account keeps at one surface beside its numbers: an address, an application, a site. */
export interface Resource {
  id: number
  guid: string
  accountId: number
  /** The surface's own word, such as `twilio.address`. */
  kind: string
  parentId: number | null
  name: string
  data: JsonObject
  createdAt: Instant
  updatedAt: Instant
}

export interface Balance {
  id: number
  guid: string
  accountId: number
  currency: string
  balance: Micros
  creditLimit: Micros
  createdAt: Instant
  updatedAt: Instant
}

export type TransactionKind = 'purchase' | 'renewal' | 'release_fee' | 'refund' | 'topup' | 'adjustment'

/** One posting on an account, with its components; negative amounts are debits. */
export interface Transaction {
  id: number
  guid: string
  accountId: number
  kind: TransactionKind
  currency: string
  amount: Micros
  setupAmount: Micros
  periodAmount: Micros
  balanceAfter: Micros
  numberId: number | null
  e164: string | null
  leaseId: number | null
  /** Which period of the subscription it pays, 0 for the first. */
  period: number | null
  note: string
  /** What it is about: `did:` and the number, else `tx:` and the guid. */
  reference: string
  /** The charge that this gives back. */
  refundsId: number | null
  createdAt: Instant
}

/**
 * `partial` and `failed`: as much as there was, and nothing, where that was asked for; over, like those before them.
 * `draft`, `blocked`: its numbers are kept, and its customer has yet to say something; `expired` when that took too long.
 */
export type OrderStatus =
  | 'pending'
  | 'accepted'
  | 'completed'
  | 'rejected'
  | 'cancelled'
  | 'partial'
  | 'failed'
  | 'draft'
  | 'blocked'
  | 'expired'

/** What an order is for: numbers wanted, numbers given back, numbers set up otherwise or handed over. */
export type OrderKind = 'request' | 'return' | 'move'

/** Why one number of an order was left out. */
export type LineFailure = 'unavailable' | 'funds' | 'not_owned' | 'not_allowed'

/** Consecutive numbers that an order was filled with; of size 1 when it asked for single ones. */
export interface OrderRange {
  leaseId: number
  /** Lowest number. */
  start: string
  size: number
  from: Instant
  /** When it was or will be given back; null while it is held. */
  until: Instant | null
}

/** A request for numbers that may take time. */
export interface Order {
  id: number
  guid: string
  accountId: number
  status: OrderStatus
  /** Comes with every change of status. */
  reason: string | null
  /** Whose client placed it. */
  dialect: string
  /** What the numbers must be like (NumberFilter). */
  filter: JsonObject
  /** As the dialect wants it back. */
  data: JsonObject
  quantity: number
  /** 0 or 1: single numbers. */
  rangeSize: number
  companyProfileId: number | null
  callbackUrl: string | null
  /** Empty until numbers are assigned. */
  ranges: OrderRange[]
  kind: OrderKind
  /** It has waited for numbers since it was made, or does. */
  hasWaited: boolean
  /** Numbers given back or moved by it. */
  done: string[]
  /** Numbers that were named and left out. */
  failed: { e164: string; reason: LineFailure }[]
  /** Numbers that were kept for it from the start. */
  kept: string[]
  /** What its customer was told of it, oldest first. */
  notes: { at: Instant; message: string }[]
  /** Until when its customer may say what is missing; null: nothing is asked of anybody. */
  expiresAt: Instant | null
  createdAt: Instant
  updatedAt: Instant
}

/** Who will operate numbers: some countries sell only to approved ones. */
export interface CompanyProfile {
  id: number
  guid: string
  accountId: number
  status: 'incomplete' | 'in_review' | 'approved' | 'rejected'
  /** The country whose numbers it may order. */
  country: string
  types: NumberType[]
  data: JsonObject
  createdAt: Instant
  updatedAt: Instant
}

export type VerificationStatus = 'pending' | 'verified' | 'failed'

/** What was verified of who stands behind an account: the latest of its kind. */
export interface Verification {
  accountId: number
  /** The surface's own word, such as a kind of document. */
  kind: string
  status: VerificationStatus
  /** Filed to try things out: whoever filed it said how it ends. */
  isTest: boolean
  reason: string | null
  data: JsonObject
  createdAt: Instant
  updatedAt: Instant
}

/** A change of a lease's service that takes effect later. */
export interface Provisioning {
  id: number
  leaseId: number
  dialect: string
  service: string
  value: JsonObject
  /** 'failing': decided to fail when it is due. */
  status: 'waiting' | 'failing' | 'failed'
  createdAt: Instant
  updatedAt: Instant
}

export type CallDisposition = 'answered' | 'no_answer' | 'busy' | 'failed'

export interface Call {
  id: number
  guid: string
  numberId: number
  e164: string
  /** Whose it was when it ended; null: nobody's. */
  accountId: number | null
  organizationId: number | null
  userId: number | null
  direction: 'inbound' | 'outbound'
  answered: boolean
  disposition: CallDisposition
  /** The other side as it was told, the number itself on its own. */
  from: string
  to: string
  /** The trunk that carried it out, or where it was sent on; '': not told. */
  via: string
  startedAt: Instant
  endedAt: Instant
  /** From the first ring. */
  durationSeconds: number
  /** From when it was answered. */
  talkSeconds: number
  price: Micros
  currency: string
}

export interface NumberEvent {
  id: number
  numberId: number
  e164: string
  version: number
  kind: string
  state: NumberState
  ownerId: number | null
  leaseId: number | null
  actorAccountId: number | null
  actorUserId: number | null
  administrator: string | null
  at: Instant
  data: JsonObject
}

export interface Block {
  npaNxx: string
  region: string
  rateCenter: string
  available: number
}

/**
 * Behind or before what a list is ordered by, of one of its items. A page that begins there is the same one while items
 * come and go elsewhere; one that begins at an offset is not.
 */
export interface Cursor {
  side: 'after' | 'before'
  key: readonly (string | number)[]
}

export interface Page {
  limit: number
  /** From the beginning of the list, or from the cursor. */
  offset: number
  /** Asks for the cursors of the neighbouring pages too. */
  from?: Cursor | 'start'
}

/** One page of a list; `total` counts all matches. */
export interface Listed<T> {
  items: readonly T[]
  total: number
  /** Where the pages before and after this one begin; absent where there is none, or nobody asked. */
  before?: Cursor
  after?: Cursor
}
