import { notApplicable } from '../../kit/expect.ts'
import { list, member, type RuleAnswer, type RuleBench } from '../../kit/rules.ts'
import { PROFILES, REQUESTS } from './paths.ts'

type Criteria = Record<string, unknown>

export interface TheProfile {
  country: string
  type: string
  /** A request of this profile that names a place, without a quantity. */
  criteria: Criteria
  available(criteria: Criteria): Promise<RuleAnswer>
  create(criteria: Criteria): Promise<RuleAnswer>
}

interface Profile {
  guid: string
  status: string
  phoneNumberCountryCode: string
  phoneNumberTypes: string[]
}

/** The first approved company profile for local numbers, with a place of its country that has some. */
export async function theProfile(bench: RuleBench): Promise<TheProfile> {
  const profiles = list((await bench.get(PROFILES)).body, '') as Profile[]
  const fit = profiles.filter(each => each.status === 'APPROVED' && each.phoneNumberTypes.includes('LOCAL'))
  for (const profile of fit) {
    const found = await placeOf(bench, profile)
    if (found) return found
  }
  throw notApplicable('the account has no approved company profile for local numbers that are there')
}

async function placeOf(bench: RuleBench, profile: Profile): Promise<TheProfile | undefined> {
  const country = profile.phoneNumberCountryCode
  const query = `countryCode=${country}&phoneNumberType=LOCAL`
  const options = list((await bench.get(`${REQUESTS}/localeOptions?${query}`)).body, '')
  const available = (criteria: Criteria) =>
    bench.get(`${REQUESTS}/availability?${new URLSearchParams(criteria as Record<string, string>)}`)
  const create = (body: Criteria) => bench.ask({ method: 'POST', path: REQUESTS, body })
  for (const option of options) {
    const region = member(option, 'region')
    const base = { companyProfileGuid: profile.guid, phoneNumberType: 'LOCAL', areaCode: member(option, 'areaCodes.0') }
    const criteria = { ...base, ...(typeof region === 'string' && { region }) }
    const { body } = await available({ ...criteria, quantity: 1 })
    if (Number(member(body, 'availableQuantity')) >= 4) return { country, type: 'LOCAL', criteria, available, create }
  }
  return undefined
}
