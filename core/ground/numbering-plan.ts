import { getCountries, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js/core'
import metadata from 'libphonenumber-js/min/metadata'
import { nanpParts } from './e164.ts'

// What the world's numbering plans rule out, from data that others keep: which countries there are (ISO 3166), their
// calling codes, and whose an area code of the North American plan is. Currencies (ISO 4217) are those that Node knows.

const callingCodes = new Map(getCountries(metadata).map(country => [country as string, codeOf(country)]))
const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

function codeOf(country: ReturnType<typeof getCountries>[number]): string {
  return getCountryCallingCode(country, metadata)
}

/** An ISO 3166 code in capitals, of a country that has telephone numbers. */
export function isCountry(code: string): boolean {
  return callingCodes.has(code)
}

/** An ISO 4217 code in capitals. */
export function isCurrency(code: string): boolean {
  return currencies.has(code)
}

/** What follows a wrong code in a message: mostly it is just written small. */
export function codeHint(code: string, isKnown: (code: string) => boolean): string {
  const capitals = code.toUpperCase()
  return code !== capitals && isKnown(capitals) ? `: write "${capitals}"` : ''
}

const members = new Map<string, string | undefined>()

/** Whose area code it is; undefined where the data do not say, as for new and for toll-free ones. */
function memberOf(npa: string): string | undefined {
  if (!members.has(npa)) members.set(npa, parsePhoneNumberFromString(`+1${npa}5550100`, metadata)?.country)
  return members.get(npa)
}

/** `211` … `911` are dialled as they are, for services. */
const isServiceCode = (code: string) => code.endsWith('11')

/** Why no line can have this number of the North American plan, by the name of the rule. */
function americanFault(e164: string, type: string): string | undefined {
  const parts = nanpParts(e164)
  if (!parts) return `${e164} is not of the North American plan: +1, area code [2-9]XX, exchange [2-9]XX, four digits`
  if (isServiceCode(parts.npa)) return `${parts.npa} is no area code: N11 codes are those of services`
  // toll-free area codes have no exchanges in this sense
  if (isServiceCode(parts.nxx) && type !== 'toll_free') {
    return `${parts.nxx} is no exchange of area code ${parts.npa}: N11 codes are those of services`
  }
  return undefined
}

/** Whose numbers begin so, an ISO 3166 code; of a number that nobody can have, who has most of its calling code. */
export function countryOf(e164: string): string | undefined {
  const parsed = parsePhoneNumberFromString(e164, metadata)
  return parsed?.country ?? parsed?.getPossibleCountries()[0]
}

export type PlanFault = { column: 'e164' | 'country'; message: string }

/** Why this number cannot be one of this country, if so. */
export function planFault(e164: string, country: string, type: string): PlanFault | undefined {
  const american = e164.startsWith('+1') ? americanFault(e164, type) : undefined
  if (american !== undefined) return { column: 'e164', message: american }
  const code = callingCodes.get(country) ?? ''
  if (!e164.startsWith(`+${code}`)) {
    return { column: 'country', message: `the calling code of ${country} is ${code}, ${e164} is none of its numbers` }
  }
  // inventories file territories and neighbours under the United States; toll-free numbers belong to the whole plan
  if (code !== '1' || country === 'US' || type === 'toll_free') return undefined
  const npa = e164.slice(2, 5)
  const owner = memberOf(npa) ?? country
  if (owner === country) return undefined
  return { column: 'country', message: `${npa} is an area code of ${owner}, not of ${country}` }
}
