import type { Role } from '../../core/ground/model.ts'

/** Namespace of every element, as default namespace: clients walk the tree without prefixes. */
export const NAMESPACE = 'http://www.jnctn.net/ns/rest/2006-01'

/** The name of this dialect to the core: realm of its passwords and sessions, key of its lease settings. */
export const DIALECT = 'onsip'

/** Country id of the United States in this API; the only one that is known. */
export const US_COUNTRY_ID = 207

/** The one resource that is shown: phone numbers. */
export const DID_RESOURCE_ID = 1

const ROLE_NAMES: Record<Role, string> = {
  operator: 'Agent Admin',
  account_admin: 'Account Admin',
  organization_admin: 'Organization Admin',
  user: 'User',
}

export function roleName(role: Role): string {
  return ROLE_NAMES[role]
}

/** Ids on the wire are the positive integer keys of the core: a DidId is the id of a lease. */
export const MAX_ID = Number.MAX_SAFE_INTEGER

/** An address as clients may write it, without its scheme. */
export function withoutScheme(address: string): string {
  return address.replace(/^sips?:/i, '')
}

/** A plus sign before a telephone number that was not escaped arrives as a space. */
export function withPlus(text: string): string {
  return text.replace(/^ (?=\d)/, '+')
}

/** `user@domain`; domains do not regard case. Undefined: not an address. */
export function splitAddress(text: string): { username: string; domain: string } | undefined {
  const [, username, domain] = /^([^@\s]+)@([^@\s]+)$/.exec(text) ?? []
  return username && domain ? { username, domain: domain.toLowerCase() } : undefined
}
