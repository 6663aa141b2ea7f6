import { nanpParts, toE164 } from '../../core/ground/e164.ts'
import type { Account, Lease } from '../../core/ground/model.ts'

export const DIALECT = 'twilio'
/** Realm of the tokens that store nothing: the provider's test credentials. */
export const TEST_REALM = 'twilio-test'
export const ADDRESS_KIND = 'twilio.address'

const HEX = /^[0-9a-f]{32}$/

/** `AC` and 32 digits, from the account's number. */
export function accountSid({ id }: Pick<Account, 'id'>): string {
  return `AC${String(id).padStart(32, '0')}`
}

/** Any case is accepted. */
export function accountIdOf(text: string): number | undefined {
  const match = /^AC0*([1-9]\d{0,14})$/i.exec(text)
  return match && text.length === 34 ? Number(match[1]) : undefined
}

/** A new one for each acquisition, even of the same number. */
export function numberSid({ guid }: Pick<Lease, 'guid'>): string {
  return `PN${guid.replaceAll('-', '')}`
}

export function addressSid({ guid }: { guid: string }): string {
  return `AD${guid.replaceAll('-', '')}`
}

/** The guid behind a sid with this prefix. */
export function guidOf(prefix: string, sid: string): string | undefined {
  const hex = sid.slice(prefix.length)
  if (!sid.startsWith(prefix) || !HEX.test(hex)) return undefined
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** Of the North American plan, with an area code that is in use: N9X is kept for longer numbers, N11 are services. */
function isAmerican(e164: string): boolean {
  const parts = nanpParts(e164)
  return parts !== undefined && !/^.(9|11)/.test(parts.npa)
}

/** As people write numbers: spaces and punctuation are passed over, ten bare digits are American. */
export function numberOf(text: string): string | undefined {
  const plain = text.replace(/[\s().-]/g, '')
  const e164 = toE164(/^\d{10}$/.test(plain) ? `+1${plain}` : plain)
  return e164?.startsWith('+1') && !isAmerican(e164) ? undefined : e164
}
