import type { Selectable } from 'kysely'
import type { Tables } from '../store/tables.ts'
import { addMonths } from './clock.ts'
import type {
  Account,
  Balance,
  Capability,
  Credential,
  DocumentType,
  JsonObject,
  Lease,
  NumberState,
  NumberType,
  Organization,
  PhoneNumber,
  Place,
  Role,
  Route,
  SipAddress,
  Subscription,
  Transaction,
  TransactionKind,
  Trunk,
  User,
} from './model.ts'
import { keyDigest } from './secrets.ts'

/** Rows as the database holds them → nouns as callers see them. */
export type Row<T extends keyof Tables> = Selectable<Tables[T]>

/** Capabilities are one bit each, so that "has all of these" is one comparison. */
export const CAPABILITY_BITS = { voice: 1, sms: 2, mms: 4, fax: 8, e911: 16, cnam: 32 } as const satisfies Record<
  Capability,
  number
>

const CAPABILITY_SETS = Array.from({ length: 64 }, (_, bits) =>
  (Object.keys(CAPABILITY_BITS) as Capability[]).filter(name => (bits & CAPABILITY_BITS[name]) !== 0),
)

export function capabilityBits(names: readonly Capability[]): number {
  return names.reduce((bits, name) => bits | CAPABILITY_BITS[name], 0)
}

export function parseObject(text: string): JsonObject {
  return text === '{}' ? {} : (JSON.parse(text) as JsonObject)
}

const words = (text: string) => (text === '' ? [] : text.split(' '))

export function toAccount(row: Row<'accounts'>): Account {
  return {
    id: row.id,
    guid: row.guid,
    handle: row.handle,
    name: row.name,
    parentId: row.parent_id,
    payerId: row.payer_id,
    currency: row.currency,
    role: row.role as Account['role'],
    isActive: row.is_active === 1,
    identityVerified: row.identity_verified === 1,
    allowUnauthenticated: row.allow_unauthenticated === 1,
    featuresOff: words(row.features_off),
    defaultOrganizationId: row.default_organization_id,
    defaultUserId: row.default_user_id,
    profile: parseObject(row.profile),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

export function toOrganization(row: Row<'organizations'>): Organization {
  return {
    id: row.id,
    accountId: row.account_id,
    domain: row.domain,
    contact: parseObject(row.contact),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

export function toUser(row: Row<'users'> & { domain: string }): User {
  return {
    id: row.id,
    accountId: row.account_id,
    organizationId: row.organization_id,
    username: row.username,
    domain: row.domain,
    authUsername: row.auth_username,
    role: row.role as Role,
    isEnabled: row.is_enabled === 1,
    contact: parseObject(row.contact),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

export function toSipAddress(row: Row<'sip_addresses'>): SipAddress {
  return {
    id: row.id,
    accountId: row.account_id,
    organizationId: row.organization_id,
    userId: row.user_id,
    username: row.username,
    domain: row.domain,
    kind: row.kind as SipAddress['kind'],
    name: row.name,
    parentId: row.parent_id,
    data: parseObject(row.data),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

const GENERATION_LENGTH = 16

export function toCredential(row: Row<'credentials'>): Credential {
  return {
    id: row.id,
    accountId: row.account_id,
    userId: row.user_id,
    realm: row.realm,
    kind: row.kind as Credential['kind'],
    publicId: row.public_id,
    role: row.role as Role,
    scopes: words(row.scopes),
    name: row.name,
    isActive: row.is_active === 1,
    endsAt: row.ends_at,
    generation: keyDigest(row.secret_hash).slice(0, GENERATION_LENGTH),
    createdAt: row.created_at,
  }
}

export function toPlace(row: Row<'places'>): Place {
  return {
    id: row.id,
    kind: row.kind as Place['kind'],
    parentId: row.parent_id,
    countryId: row.country_id,
    country: row.country,
    code: row.code,
    name: row.name,
    hasRegions: row.has_regions === 1,
  }
}

export function toNumber(row: Row<'numbers'>): PhoneNumber {
  return {
    id: row.id,
    e164: row.e164,
    country: row.country,
    type: row.type as NumberType,
    areaCode: row.area_code,
    npaNxx: row.npa_nxx,
    region: row.region,
    city: row.city,
    cityId: row.city_id,
    rateCenter: row.rate_center,
    lata: row.lata,
    latitude: row.latitude,
    longitude: row.longitude,
    postalCode: row.postal_code,
    capabilities: [...(CAPABILITY_SETS[row.capabilities] ?? [])],
    currency: row.currency,
    setupPrice: row.setup_price,
    monthlyPrice: row.monthly_price,
    perMinutePrice: row.per_minute_price,
    channels: row.channels,
    requiredDocuments: words(row.required_documents) as DocumentType[],
    state: row.state as NumberState,
    ownerId: row.owner_id,
    leaseId: row.lease_id,
    releasesAt: row.releases_at,
    coolUntil: row.cool_until,
    reclaimUntil: row.reclaim_until,
    lastOwnerId: row.last_owner_id,
    heldBy: row.held_by,
    heldUntil: row.held_until,
    lastCallAt: row.last_call_at,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

export function toLease(row: Row<'leases'>): Lease {
  return {
    id: row.id,
    guid: row.guid,
    numberId: row.number_id,
    accountId: row.account_id,
    payerId: row.payer_id,
    organizationId: row.organization_id,
    userId: row.user_id,
    label: row.label,
    trunkId: row.trunk_id,
    handlerId: row.handler_id,
    startedAt: row.started_at,
    endsAt: row.ends_at,
    closedAt: row.closed_at,
    orderLineId: row.order_line_id,
    updatedAt: row.updated_at,
  }
}

export function toSubscription(row: Row<'subscriptions'>): Subscription {
  return {
    id: row.id,
    leaseId: row.lease_id,
    payerId: row.payer_id,
    currency: row.currency,
    amount: row.amount,
    anchorAt: row.anchor_at,
    periods: row.periods,
    paidFrom: addMonths(row.anchor_at, row.periods - 1),
    paidUntil: row.paid_until,
    nextDueAt: row.next_due_at,
    unpaidSince: row.unpaid_since,
  }
}

export function toRoute(row: Row<'routes'>): Route {
  return {
    id: row.id,
    leaseId: row.lease_id,
    priority: row.priority,
    kind: row.kind as Route['kind'],
    target: row.target,
    trunkId: row.trunk_id,
    isActive: row.is_active === 1,
  }
}

export function toTrunk(row: Row<'trunks'>): Trunk {
  return {
    id: row.id,
    guid: row.guid,
    accountId: row.account_id,
    name: row.name,
    label: row.label,
    data: parseObject(row.data),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

export function toBalance(row: Row<'balances'>): Balance {
  return {
    id: row.id,
    guid: row.guid,
    accountId: row.account_id,
    currency: row.currency,
    balance: row.balance,
    creditLimit: row.credit_limit,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

export function toTransaction(row: Row<'transactions'>): Transaction {
  return {
    id: row.id,
    guid: row.guid,
    accountId: row.account_id,
    kind: row.kind as TransactionKind,
    currency: row.currency,
    amount: row.amount,
    setupAmount: row.setup_amount,
    periodAmount: row.period_amount,
    balanceAfter: row.balance_after,
    numberId: row.number_id,
    e164: row.e164,
    leaseId: row.lease_id,
    period: row.period,
    note: row.note,
    reference: row.e164 === null ? `tx:${row.guid}` : `did:${row.e164}`,
    refundsId: row.refunds_id,
    createdAt: row.created_at,
  }
}
