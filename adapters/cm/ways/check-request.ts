import type { Issue } from '../../../core/ground/fault.ts'
import type { Caller, CompanyProfile, NumberType, Place } from '../../../core/ground/model.ts'
import type { Core, NumberFilter } from '../../../core/verbs.ts'
import type { CallbackProblem } from '../../kit/callback-rules.ts'
import type { Call } from '../../kit/dialect.ts'
import { issue, type RequestInput, refuse } from '../fields/requests.ts'
import { EMPTY_GUID, isGuid, type TypeWord, typeOf, typeWord } from '../ids.ts'
import { ADDRESS_IN_REGION, isNanpa, requirementsOf, restrictionsOf } from './countries.ts'

export interface CheckedRequest {
  profile: CompanyProfile
  quantity: number
  rangeSize: number
  type: NumberType
  filter: NumberFilter
}

const isBlank = (text: string | null | undefined) => text === undefined || text === null || text.trim() === ''

/** Step 2 and 3: a profile of this account, and an approved one. */
async function profileOf(core: Core, caller: Caller, input: RequestInput): Promise<CompanyProfile> {
  const guid = input.companyProfileGuid ?? EMPTY_GUID
  const profile = isGuid(guid) ? await core.companyProfiles.byGuid(guid.toLowerCase()) : undefined
  if (profile?.accountId !== caller.account.id) {
    refuse([issue('companyProfileGuid', 'The company profile does not exist.')])
  } else if (profile.status !== 'approved') {
    refuse([issue('companyProfileGuid', 'The company profile is not approved.')])
  }
  return profile as CompanyProfile
}

/** Step 4. */
function checkAmounts({ quantity, rangeSize }: RequestInput): void {
  const issues: Issue[] = []
  const isInside = (quantity ?? 0) >= 1 && (quantity ?? 0) <= 1000
  if (!isInside) issues.push(issue('quantity', 'The field Quantity must be between 1 and 1000.'))
  if ((rangeSize ?? 0) < 0) issues.push(issue('rangeSize', 'The field RangeSize must not be negative.'))
  refuse(issues)
}

/** Step 5: the one the profile has, where none is named. */
function typeFor(profile: CompanyProfile, word: string | null | undefined): NumberType {
  const [only, ...others] = profile.types
  const type = isBlank(word) ? (others.length === 0 ? only : undefined) : typeOf(word as string)
  if (!type || !profile.types.includes(type) || !typeWord(type)) {
    refuse([issue('phoneNumberType', 'The phone number type is not one of the company profile.')])
  }
  return type as NumberType
}

/** Steps 6 to 8. */
async function checkArea(core: Core, profile: CompanyProfile, type: NumberType, input: RequestInput): Promise<void> {
  if (isBlank(input.areaCode) && isBlank(input.city)) {
    const message = 'Either AreaCode or City is required.'
    refuse([issue('areaCode', message), issue('city', message)])
  }
  if (!isBlank(input.areaCode) && areaDigits(input.areaCode) === undefined) {
    refuse([issue('areaCode', 'The area code must be 1 to 8 digits.')])
  }
  if (isNanpa(profile.country) && isBlank(input.region)) {
    refuse([issue('region', 'The field Region is required for this country.')])
  }
  const rules = requirementsOf(profile.country).filter(rule => rule.description === ADDRESS_IN_REGION)
  if (rules.some(rule => rule.phoneNumberTypes.includes(typeWord(type) as TypeWord))) {
    await checkAddress(core, profile, input)
  }
}

async function checkAddress(core: Core, profile: CompanyProfile, input: RequestInput): Promise<void> {
  if (isBlank(input.areaCode)) refuse([issue('areaCode', 'The area code is required for this country.')])
  const cities = await core.places.list({ kind: 'city', country: profile.country })
  const area = areaDigits(input.areaCode)
  const home = String(profile.data.city ?? '').toLowerCase()
  const isHome = cities.some(city => city.code === area && city.name.toLowerCase() === home)
  if (!isHome) refuse([issue('areaCode', ADDRESS_IN_REGION)])
}

/** Spaces and dashes are decoration, and the trunk zero may be there or not; alone it is no area. */
function areaDigits(areaCode: string | null | undefined): string | undefined {
  const digits = (areaCode ?? '').replace(/[\s-]/g, '')
  return /^\d{1,8}$/.test(digits) ? digits.replace(/^0/, '') || undefined : undefined
}

/** Step 9. One number together with a range size is read as one range. */
function amountsOf(input: RequestInput, country: string, type: NumberType): { quantity: number; rangeSize: number } {
  const { allowedRangeSizes, maxQuantity } = restrictionsOf(country, typeWord(type) as TypeWord)
  const rangeSize = (input.rangeSize ?? 0) < 2 ? 0 : (input.rangeSize as number)
  const quantity = input.quantity === 1 && rangeSize > 1 ? rangeSize : (input.quantity as number)
  const issues: Issue[] = []
  if (rangeSize > 1 && !allowedRangeSizes.includes(rangeSize)) {
    issues.push(issue('rangeSize', `Ranges of ${rangeSize} are not available.`))
  } else if (rangeSize > 1 && quantity % rangeSize !== 0) {
    issues.push(issue('quantity', 'The quantity must be a multiple of the range size.'))
  }
  if (quantity > maxQuantity) issues.push(issue('quantity', `At most ${maxQuantity} numbers can be requested.`))
  refuse(issues)
  return { quantity, rangeSize }
}

const MAX_COMMENT = 1000

/** Step 10. */
function checkTexts({ callbackUrl, comment }: RequestInput, problemOf: CallbackProblem): void {
  const issues: Issue[] = []
  const problem = isBlank(callbackUrl) ? undefined : problemOf(callbackUrl as string)
  if (problem !== undefined) issues.push(issue('callbackUrl', `The callback URL ${problem}.`))
  if ((comment ?? '').length > MAX_COMMENT) issues.push(issue('comment', `At most ${MAX_COMMENT} characters.`))
  refuse(issues)
}

/** Two letters or the full name; undefined: it names no region we know. */
function regionCode(places: readonly Place[], text: string): string | undefined {
  const wanted = text.trim().toLowerCase()
  return places.find(place => place.code.toLowerCase() === wanted || place.name.toLowerCase() === wanted)?.code
}

async function filterFor(core: Core, country: string, type: NumberType, input: RequestInput): Promise<NumberFilter> {
  const filter: NumberFilter = { country, types: [type] }
  const area = areaDigits(input.areaCode)
  if (area !== undefined) filter.areaCode = area
  if (!isBlank(input.city)) filter.city = (input.city as string).trim()
  if (isBlank(input.region)) return filter
  const code = regionCode(await core.places.list({ kind: 'region', country }), input.region as string)
  // outside the North American plan an unknown region is ignored
  if (code !== undefined || isNanpa(country)) filter.region = code ?? (input.region as string)
  return filter
}

type Asked = Pick<Call<'required'>, 'core' | 'caller' | 'callbackProblem'>

/** The order of the steps is CM's to decide; each step's mistakes are told together. Faults: invalid_input. */
export async function checkRequest(asked: Asked, input: RequestInput): Promise<CheckedRequest> {
  const { core, caller, callbackProblem } = asked
  const profile = await profileOf(core, caller, input)
  checkAmounts(input)
  const type = typeFor(profile, input.phoneNumberType)
  await checkArea(core, profile, type, input)
  const amounts = amountsOf(input, profile.country, type)
  checkTexts(input, callbackProblem)
  return { profile, type, ...amounts, filter: await filterFor(core, profile.country, type, input) }
}
