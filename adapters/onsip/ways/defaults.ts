/** What the Browse actions assume where the client says nothing; the echo repeats it. */
import type { Inbound } from '../../kit/dialect.ts'

/** The fields each Browse action can be ordered by, the default first. */
export const ORDERS = {
  DidBrowse: ['DidId', 'Number', 'Created', 'UserId'],
  UserBrowse: ['UserId', 'OrganizationId', 'AuthUsername'],
  UserAddressBrowse: ['AddressId', 'Username', 'Domain', 'UserId'],
  GroupAddressBrowse: ['Username', 'Domain'],
  ExternalAddressBrowse: ['Username', 'Domain'],
  UserAliasBrowse: ['AddressId'],
  VoicemailboxBrowse: ['VoicemailboxId', 'OrganizationId', 'Mailbox'],
  CdrBrowse: ['DateTime', 'CdrId', 'Price'],
  OrganizationBrowse: ['OrganizationId', 'Domain'],
  AccountBrowse: ['AccountId'],
  AccountResourceBrowse: ['ResourceId'],
  TelephoneNumberAddressBrowse: ['Username', 'Domain'],
} as const

export type BrowseAction = keyof typeof ORDERS

export const LIMIT = { initial: 20, max: 25_000 }

export function appliedDefaults({ fields, operation }: Inbound): Record<string, string> {
  const name = fields.Action
  if (!operation || typeof name !== 'string' || !isBrowse(name)) return {}
  const all = { Limit: String(LIMIT.initial), Offset: '0', CalcFound: 'true', OrderBy: ORDERS[name][0] }
  return Object.fromEntries(Object.entries(all).filter(([each]) => !(each in fields)))
}

function isBrowse(name: string): name is BrowseAction {
  return Object.hasOwn(ORDERS, name)
}
