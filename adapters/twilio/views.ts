import type { Account, NumberType, Owned, PhoneNumber } from '../../core/ground/model.ts'
import { formattedNumber, friendlyName, settingsOf } from './settings.ts'
import type { Surface } from './ways/surface.ts'

/** Words of the path and of the answers for each type of the core. */
export const KINDS = {
  local: { path: 'Local', member: 'local', word: 'local' },
  toll_free: { path: 'TollFree', member: 'toll_free', word: 'tollfree' },
  mobile: { path: 'Mobile', member: 'mobile', word: 'mobile' },
  national: { path: 'National', member: 'national', word: 'national' },
} as const satisfies Record<NumberType, { path: string; member: string; word: string }>

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const two = (value: number) => String(value).padStart(2, '0')

/** RFC 2822, always `+0000`. */
export function dateText(at: number): string {
  const date = new Date(at)
  const day = `${DAYS[date.getUTCDay()]}, ${two(date.getUTCDate())} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`
  return `${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`
}

/** `any`: an address anywhere, `local`: one inside the number's country. */
export function addressRequirements({ requiredDocuments }: PhoneNumber): 'none' | 'any' | 'local' {
  if (requiredDocuments.includes('localaddress')) return 'local'
  return requiredDocuments.includes('address') ? 'any' : 'none'
}

export function capabilitiesOf({ capabilities }: PhoneNumber) {
  const has = (word: PhoneNumber['capabilities'][number]) => capabilities.includes(word)
  return { voice: has('voice'), sms: has('sms'), mms: has('mms'), fax: has('fax') }
}

/** Geography is told of local numbers only; coordinates are decimal text of six places. */
export function availableView(number: PhoneNumber) {
  const isLocal = number.type === 'local'
  const local = (text: string | null) => (isLocal && text ? text : null)
  const degrees = (text: string | null) => (isLocal && text !== null ? Number(text).toFixed(6) : null)
  const { voice, sms, mms } = capabilitiesOf(number)
  return {
    friendly_name: formattedNumber(number.e164),
    phone_number: number.e164,
    lata: local(number.lata),
    locality: local(number.city),
    rate_center: local(number.rateCenter),
    latitude: degrees(number.latitude),
    longitude: degrees(number.longitude),
    region: local(number.region),
    postal_code: local(number.postalCode),
    iso_country: number.country,
    address_requirements: addressRequirements(number),
    beta: false,
    capabilities: { voice, sms, mms },
  }
}

/** Keys in the order of a real answer. `extension`: how links end, as the client asked. */
export function ownedView(surface: Surface, owned: Owned, account: Account, extension: string) {
  const { number, lease } = owned
  const settings = settingsOf(owned)
  const text = (value: string | boolean | undefined) => (typeof value === 'string' ? value : '')
  const orNull = (value: string | boolean | undefined) => text(value) || null
  const method = (value: string | boolean | undefined) => text(value) || 'POST'
  const sid = surface.numberSid(lease)
  const path = `${surface.accountPath(account)}/IncomingPhoneNumbers/${sid}${extension}`
  return {
    sid,
    account_sid: surface.accountSid(account),
    friendly_name: friendlyName(owned),
    phone_number: number.e164,
    voice_url: text(settings.voice_url),
    voice_method: method(settings.voice_method),
    voice_fallback_url: text(settings.voice_fallback_url),
    voice_fallback_method: method(settings.voice_fallback_method),
    voice_caller_id_lookup: settings.voice_caller_id_lookup === true,
    date_created: dateText(lease.startedAt),
    date_updated: dateText(lease.updatedAt),
    sms_url: text(settings.sms_url),
    sms_method: method(settings.sms_method),
    sms_fallback_url: text(settings.sms_fallback_url),
    sms_fallback_method: method(settings.sms_fallback_method),
    address_requirements: addressRequirements(number),
    beta: false,
    capabilities: capabilitiesOf(number),
    voice_receive_mode: text(settings.voice_receive_mode) || 'voice',
    status_callback: text(settings.status_callback),
    status_callback_method: method(settings.status_callback_method),
    api_version: text(settings.api_version) || '2010-04-01',
    voice_application_sid: text(settings.voice_application_sid),
    sms_application_sid: text(settings.sms_application_sid),
    origin: surface.origin,
    trunk_sid: orNull(settings.trunk_sid),
    emergency_status: text(settings.emergency_status) || 'Inactive',
    emergency_address_sid: orNull(settings.emergency_address_sid),
    emergency_address_status: 'unregistered',
    address_sid: orNull(settings.address_sid),
    identity_sid: orNull(settings.identity_sid),
    bundle_sid: orNull(settings.bundle_sid),
    uri: path,
    status: 'in-use',
    type: KINDS[number.type].word,
  }
}

export type StatusWord = 'active' | 'suspended' | 'closed'

/** A closed account stays what it is. */
export function statusOf({ isActive, profile }: Account): StatusWord {
  if (profile.closed === true) return 'closed'
  return isActive ? 'active' : 'suspended'
}

export function accountView(surface: Surface, account: Account, owner: Account, token: string, extension: string) {
  const path = surface.accountPath(account)
  return {
    sid: surface.accountSid(account),
    owner_account_sid: surface.accountSid(owner),
    friendly_name: account.name,
    status: statusOf(account),
    type: 'Full',
    auth_token: token,
    date_created: dateText(account.createdAt),
    date_updated: dateText(account.updatedAt),
    uri: `${path}${extension}`,
    subresource_uris: {
      addresses: `${path}/Addresses${extension}`,
      available_phone_numbers: `${path}/AvailablePhoneNumbers${extension}`,
      balance: `${path}/Balance${extension}`,
      incoming_phone_numbers: `${path}/IncomingPhoneNumbers${extension}`,
      outgoing_caller_ids: `${path}/OutgoingCallerIds${extension}`,
    },
  }
}
