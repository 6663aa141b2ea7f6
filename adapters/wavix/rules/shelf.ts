/** Filters and the fields that they are about, and the walk to every number. */
import { expectEqual, notApplicable } from '../../kit/expect.ts'
import { answering, expectAnswer, list, member, type Rule, type RuleBench } from '../../kit/rules.ts'

const COUNTRIES = '/v1/buy/countries'

async function countriesOf({ get }: RuleBench) {
  return list((await get(COUNTRIES)).body, 'countries').map(country => ({
    path: `${COUNTRIES}/${member(country, 'id')}`,
    hasRegions: member(country, 'has_provinces_or_states') === true,
  }))
}

async function cityIds({ get }: RuleBench, path: string): Promise<number[]> {
  const { body } = expectAnswer(await get(`${path}/cities`), { status: 200 })
  return list(body, 'cities').map(city => Number(member(city, 'id')))
}

const sorted = (ids: readonly number[]) => [...ids].sort((a, b) => a - b)

export const shelfRules: readonly Rule[] = [
  {
    name: 'text_enabled_only finds the numbers that show sms_enabled, and no others',
    source: 'section 5.2',
    async check(bench) {
      for (const { path } of await countriesOf(bench)) {
        const [city] = await cityIds(bench, path)
        if (city === undefined) continue
        const dids = `${path}/cities/${city}/dids?per_page=100`
        const all = list((await bench.get(dids)).body, 'dids')
        const found = list((await bench.get(`${dids}&text_enabled_only=true`)).body, 'dids')
        const texting = all.filter(did => member(did, 'sms_enabled') === true)
        const numbers = (some: unknown[]) => some.map(did => member(did, 'number'))
        // a longer list is cut to its first page
        if (all.length < 100) expectEqual(numbers(found), numbers(texting), `numbers of city ${city}`)
        else expectEqual(found.filter(did => member(did, 'sms_enabled') !== true).length, 0, 'numbers without SMS')
      }
    },
  },
  {
    name: 'the regions of a country lead to all of its cities',
    source: 'section 5.1',
    async check(bench) {
      const withRegions = (await countriesOf(bench)).filter(country => country.hasRegions)
      if (withRegions.length === 0) throw notApplicable('no country at the target has regions')
      for (const { path } of withRegions) {
        const reached: number[] = []
        for (const region of list((await bench.get(`${path}/regions`)).body, 'regions')) {
          reached.push(...(await cityIds(bench, `${path}/regions/${member(region, 'id')}`)))
        }
        expectEqual(sorted(reached), sorted(await cityIds(bench, path)), `cities below ${path}`)
      }
    },
  },
  {
    name: 'a trunk by itself has its allowed addresses and when it was made',
    source: 'section 7.4',
    async check({ get }) {
      const [trunk] = list((await get('/v1/trunks')).body, 'sip_trunks')
      if (!trunk) throw notApplicable('the account has no trunk')
      const members = { allowed_ips: Array.isArray, created_at: /^\d{4}-\d\d-\d\dT/, id: member(trunk, 'id') }
      expectAnswer(await get(`/v1/trunks/${member(trunk, 'id')}`), { status: 200, members })
    },
  },
  answering(
    'ids that are one bare number are refused by their name',
    'section 5.4',
    { method: 'PUT', path: '/v1/buy/cart', body: { ids: 5 } },
    { status: 400, members: { success: false, message: /ids/ } },
  ),
  answering(
    'a country of the company that does not exist is refused',
    'section 7.1',
    { method: 'PUT', path: '/v1/profile', body: { company_info: { country_code: 'ZZ' } } },
    { status: 400, members: { success: false, message: /./ } },
  ),
]
