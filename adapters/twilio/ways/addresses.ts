/** Addresses of an account, and what numbers ask of them. */
import type { Caller, JsonObject, PhoneNumber, Resource } from '../../../core/ground/model.ts'
import type { Core } from '../../../core/verbs.ts'
import { isCountry } from '../../kit/countries.ts'
import { refuse } from '../faults.ts'
import { type Fields, flagOf, textOf } from '../fields.ts'
import { ADDRESS_KIND, addressSid, guidOf } from '../ids.ts'
import type { Settings } from '../settings.ts'
import { addressRequirements, dateText } from '../views.ts'
import type { Surface } from './surface.ts'

/** Form name → member; those with `true` must be there when one is made. */
const MEMBERS = {
  CustomerName: ['customer_name', true],
  Street: ['street', true],
  StreetSecondary: ['street_secondary', false],
  City: ['city', true],
  Region: ['region', true],
  PostalCode: ['postal_code', true],
  IsoCountry: ['iso_country', true],
} as const

const MOST_TEXT = 256

/** In capitals. Faults: invalid_input. */
function countryOf(text: string): string {
  return isCountry(text)
    ? text.toUpperCase()
    : refuse(20422, 'IsoCountry', 'IsoCountry must be a two-letter country code')
}

/** What it must have is there from the beginning, and stays; so does its country. Faults: invalid_input. */
export function readAddress(fields: Fields, isNew: boolean): JsonObject {
  const data: JsonObject = {}
  for (const [name, [member, isNeeded]] of Object.entries(MEMBERS)) {
    const text = textOf(fields, name)
    if (isNeeded && !text && (isNew || text !== undefined)) refuse(20001, name, `${name} is required`)
    if (text !== undefined && text.length > MOST_TEXT) refuse(20422, name, `${name} is too long`)
    if (text !== undefined) data[member] = name === 'IsoCountry' ? countryOf(text) : text
  }
  // no parameter of a change, as the provider's clients have it
  if (!isNew) delete data.iso_country
  const emergency = flagOf(fields, 'EmergencyEnabled')
  if (emergency !== undefined) data.emergency_enabled = emergency
  return data
}

export function addressView(surface: Surface, address: Resource, caller: Caller, extension: string) {
  const { data, name } = address
  const text = (member: string) => String(data[member] ?? '')
  const sid = addressSid(address)
  return {
    sid,
    account_sid: surface.accountSid(caller.account),
    friendly_name: name,
    customer_name: text('customer_name'),
    street: text('street'),
    street_secondary: text('street_secondary') || null,
    city: text('city'),
    region: text('region'),
    postal_code: text('postal_code'),
    iso_country: text('iso_country'),
    date_created: dateText(address.createdAt),
    date_updated: dateText(address.updatedAt),
    emergency_enabled: data.emergency_enabled === true,
    validated: false,
    verified: false,
    uri: `${surface.accountPath(caller.account)}/Addresses/${sid}${extension}`,
  }
}

/** An address of this account; undefined for those of others as for none. */
export async function findAddress(core: Core, { account }: Caller, sid: string): Promise<Resource | undefined> {
  const guid = guidOf('AD', sid)
  const found = guid === undefined ? undefined : await core.resources.find(ADDRESS_KIND, guid)
  return found?.accountId === account.id ? found : undefined
}

const NAMED = { address_sid: 'AddressSid', emergency_address_sid: 'EmergencyAddressSid' } as const

/** Those that are named anew must be there; one that went since stays where it was. Faults: invalid_input. */
export async function checkNamed(core: Core, caller: Caller, sent: Settings, stored: Settings = {}): Promise<void> {
  for (const [member, name] of Object.entries(NAMED) as [keyof typeof NAMED, string][]) {
    const sid = sent[member]
    if (!sid || sid === stored[member] || (await findAddress(core, caller, String(sid)))) continue
    refuse(20422, name, `${name} is no address of this account: ${String(sid).slice(0, 40)}`)
  }
}

/**
 * What a change leaves must do for the number, as what it was bought with did; whoever gets it by a move (no `stored`)
 * needs papers of their own. Faults: invalid_input.
 */
export async function checkChange(
  core: Core,
  surface: Surface,
  caller: Caller,
  number: PhoneNumber,
  sent: Settings,
  stored: Settings | undefined,
): Promise<void> {
  const papers = ['address_sid', 'identity_sid'] as const
  const isAnother = papers.some(member => sent[member] !== undefined && sent[member] !== (stored?.[member] ?? ''))
  if (isAnother || !stored) await checkPapers(core, surface, caller, number, { ...stored, ...sent })
  await checkNamed(core, caller, sent, stored)
}

/** What the regulations of the number's country ask for must have been named. Faults: invalid_input. */
export async function checkPapers(core: Core, _: Surface, caller: Caller, number: PhoneNumber, sent: Settings) {
  const needs = addressRequirements(number)
  if (number.requiredDocuments.includes('id') && !sent.identity_sid && !caller.account.identityVerified) {
    refuse(21650, 'IdentitySid', 'Identity required and not provided')
  }
  if (needs === 'none') return
  const sid = typeof sent.address_sid === 'string' ? sent.address_sid : ''
  const address = sid === '' ? undefined : await findAddress(core, caller, sid)
  const country = address?.data.iso_country
  if (needs === 'any' && !address) refuse(21631, 'AddressSid', 'Phone number requires an address')
  if (needs === 'local' && country !== number.country) {
    refuse(21615, 'AddressSid', 'Phone number requires an address in its country')
  }
}
