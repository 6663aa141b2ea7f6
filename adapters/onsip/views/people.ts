/** Core nouns → elements, in the order of the provider's tables; elements of ours come last. */
import { digitsOf } from '../../../core/ground/e164.ts'
import type { JsonObject, Organization, Owned, SipAddress, User } from '../../../core/ground/model.ts'
import { branch, leaf, type XmlNode } from '../../kit/xml.ts'
import { US_COUNTRY_ID, withoutScheme } from '../ids.ts'
import { settingsOf } from '../settings.ts'
import type { KnownCall } from '../ways/access.ts'
import { failover, ringSeconds } from '../ways/address-data.ts'
import { roles } from '../wire/envelope.ts'
import { time } from '../wire/text.ts'

const PASSWORD_MASK = '**********'
const CONTACT_FIELDS = ['Name', 'Organization', 'Address', 'City', 'State', 'Zipcode', 'Country', 'Phone', 'Email']

/** The cut-out of a list, as the attributes of its element. `Found` is left out when nobody asked for the count. */
export function list(name: string, items: readonly XmlNode[], page: ListPage, found: number): XmlNode {
  return branch(name, items, {
    Limit: String(page.Limit),
    Offset: String(page.Offset),
    ...(page.CalcFound && { Found: String(found) }),
  })
}

export interface ListPage {
  Limit: number
  Offset: number
  CalcFound: boolean
}

function status(isEnabled: boolean): XmlNode {
  return leaf('Status', isEnabled ? 'enabled' : 'disabled')
}

/** One number as its owner sees it. Numbers that an operator or an unpaid bill stopped show as disabled. */
export function did(owned: Owned, user: User): XmlNode {
  const { number, lease } = owned
  const settings = settingsOf(owned)
  const isStopped = number.state === 'suspended' || number.state === 'blocked'
  return branch('Did', [
    leaf('DidId', lease.id),
    leaf('UserId', user.id),
    leaf('OrganizationId', user.organizationId),
    leaf('AccountId', lease.accountId),
    leaf('UserStatus', user.isEnabled && !isStopped ? 'enabled' : 'disabled'),
    leaf('Number', digitsOf(number.e164)),
    leaf('Protocol', settings.protocol),
    leaf('Timeout', settings.timeout),
    leaf('FailoverEnabled', settings.failoverEnabled),
    leaf('FailoverProtocol', settings.failoverProtocol),
    leaf('FailoverLocation', settings.failoverLocation),
    leaf('CallerIdNumberRequired', settings.callerIdNumberRequired),
    leaf('Created', time(lease.startedAt)),
    leaf('Note', settings.note),
    leaf('Destination', destination(owned)),
  ])
}

/** Where its calls go by SIP; other dialects may route it to what is no address here. */
function destination({ routes }: Owned): string {
  const [first] = routes
    .filter(route => route.kind === 'sip' && route.isActive)
    .sort((one, other) => one.priority - other.priority)
  const target = withoutScheme(first?.target ?? '')
  return /^[^@\s]+@[^@\s]+$/.test(target) ? target : ''
}

/** The SIP password is for the user's own eyes; administrators see a mask. */
async function sipPassword(call: KnownCall, userId: number): Promise<string> {
  return call.caller.actor.userId === userId ? call.core.directory.sipPassword(userId) : PASSWORD_MASK
}

/** `isNew`: who made it is told its SIP password. */
export async function user(call: KnownCall, shown: User, { isNew = false } = {}): Promise<XmlNode> {
  const password = isNew ? await call.core.directory.sipPassword(shown.id) : await sipPassword(call, shown.id)
  return branch('User', [
    leaf('UserId', shown.id),
    leaf('OrganizationId', shown.organizationId),
    leaf('AccountId', shown.accountId),
    status(shown.isEnabled),
    leaf('Username', shown.username),
    leaf('Password', password),
    leaf('AuthUsername', shown.authUsername),
    leaf('Modified', time(shown.updatedAt)),
    leaf('Created', time(shown.createdAt)),
    leaf('ExtendedDialing', false),
    leaf('PSTNForwarding', false),
    contact(shown.contact, shown.updatedAt),
    roles(shown.role),
    // Clients build the SIP address from Username and Domain.
    leaf('Domain', shown.domain),
  ])
}

/** Keys of the core's contact data are these names with a small first letter. */
export function contact(data: JsonObject, modified: number): XmlNode {
  const value = (name: string) => data[name[0]?.toLowerCase() + name.slice(1)]
  const text = (name: string) => (typeof value(name) === 'string' ? String(value(name)) : '')
  const countryId = value('CountryId')
  return branch('Contact', [
    ...CONTACT_FIELDS.map(name => leaf(name, text(name))),
    leaf('CountryId', Number.isSafeInteger(countryId) ? Number(countryId) : US_COUNTRY_ID),
    leaf('Modified', time(modified)),
  ])
}

export function organization(shown: Organization): XmlNode {
  return branch('Organization', [
    leaf('AccountId', shown.accountId),
    leaf('OrganizationId', shown.id),
    leaf('Domain', shown.domain),
    leaf('Modified', time(shown.updatedAt)),
    leaf('Created', time(shown.createdAt)),
    contact(shown.contact, shown.updatedAt),
    leaf('Service', 'hosted'),
    leaf('CallerId', ''),
    leaf('CallerIdName', ''),
    leaf('CallerIdNumber', ''),
    status(true),
    leaf('ExtendedDialing', false),
  ])
}

export function address(shown: SipAddress): XmlNode {
  return branch('Address', [
    leaf('AddressId', shown.id),
    leaf('Username', shown.username),
    leaf('Domain', shown.domain),
    leaf('Type', shown.kind),
    leaf('Modified', time(shown.updatedAt)),
    leaf('Created', time(shown.createdAt)),
    leaf('Name', shown.name),
  ])
}

export async function userAddress(call: KnownCall, shown: SipAddress, owner: User): Promise<XmlNode> {
  return branch('UserAddress', [
    leaf('UserId', owner.id),
    leaf('AuthUsername', owner.authUsername),
    leaf('AuthPassword', await sipPassword(call, owner.id)),
    leaf('Timeout', ringSeconds(shown)),
    ...(await failover(call, shown)),
    address(shown),
  ])
}

export function telephoneAddress(shown: SipAddress, ownerId: number): XmlNode {
  return branch('TelephoneNumberAddress', [leaf('UserId', ownerId), address(shown)])
}
