/** Access, places and numbers for sale. */
import { expectEqual, expectTrue, notApplicable } from '../../kit/expect.ts'
import { answering, expectAnswer, list, member, type Rule, type RuleBench } from '../../kit/rules.ts'

const COUNTRIES = '/v1/buy/countries'
const unauthorized = { status: 401, members: { success: false, error: true, message: 'Unauthorized' } }
const refused = (status: number, message = /./) => ({
  status,
  members: { success: false, message },
})

interface Place {
  id: number
  has_provinces_or_states?: boolean
}

/** Path of the first city that sells something. */
export async function cityPath({ get }: RuleBench): Promise<{ country: Place; path: string; other: string }> {
  const countries = list((await get(COUNTRIES)).body, 'countries') as Place[]
  for (const country of countries) {
    const cities = list((await get(`${COUNTRIES}/${country.id}/cities`)).body, 'cities') as Place[]
    const [city] = cities
    if (!city) continue
    const root = `${COUNTRIES}/${country.id}`
    return { country, path: `${root}/cities/${city.id}/dids`, other: `${root}/city/${city.id}/dids` }
  }
  throw notApplicable('the target sells in no city')
}

function withKey(path: string, { credentials }: RuleBench): string {
  return `${path}${path.includes('?') ? '&' : '?'}appid=${encodeURIComponent(credentials('account').key ?? '')}`
}

export const buyRules: readonly Rule[] = [
  {
    name: 'True and FALSE are booleans in the query',
    source: 'section 3',
    async check({ get }) {
      for (const word of ['True', 'FALSE']) {
        const { body } = expectAnswer(await get(`${COUNTRIES}?text_enabled_only=${word}`), { status: 200 })
        list(body, 'countries')
      }
    },
  },
  answering(
    'no key is refused with 401',
    'section 3, vector 3',
    { as: 'nobody', method: 'GET', path: COUNTRIES },
    unauthorized,
  ),
  answering(
    'an unknown key is refused with 401',
    'section 3, vector 3',
    { as: 'stranger', method: 'GET', path: COUNTRIES },
    unauthorized,
  ),
  {
    name: 'a key in the query shows the same countries as one in the header',
    source: 'section 1, vectors 1 and 2',
    async check(bench) {
      const header = expectAnswer(await bench.get(COUNTRIES), { status: 200, members: { countries: Array.isArray } })
      const query = await bench.get(withKey(`${COUNTRIES}?type_filter=all&text_enabled_only=false`, bench), 'nobody')
      expectEqual(expectAnswer(query, { status: 200 }).body, header.body, 'countries')
    },
  },
  {
    name: 'a country without regions says so with 422',
    source: 'section 5.1, vector 4',
    async check({ get }) {
      const countries = list((await get(COUNTRIES)).body, 'countries') as Place[]
      const whole = countries.find(country => !country.has_provinces_or_states)
      if (!whole) throw notApplicable('every country at the target has regions')
      expectAnswer(await get(`${COUNTRIES}/${whole.id}/regions`), refused(422, /^Country has no states or provinces$/))
    },
  },
  answering(
    'an unknown country is not found',
    'section 3, vector 5',
    { method: 'GET', path: `${COUNTRIES}/999999/cities` },
    refused(404, /specified ID is not found/),
  ),
  {
    name: 'a city of another country is not found',
    source: 'section 5.2, vector 10',
    async check(bench) {
      const { country, path } = await cityPath(bench)
      const countries = list((await bench.get(COUNTRIES)).body, 'countries') as Place[]
      const another = countries.find(({ id }) => id !== country.id)
      if (!another) throw notApplicable('the target sells in one country only')
      const wrong = path.replace(`/${country.id}/`, `/${another.id}/`)
      expectAnswer(await bench.get(wrong), refused(404))
    },
  },
  {
    name: 'both spellings of the city path show the same numbers',
    source: 'section 5.2, vector 6',
    async check(bench) {
      const { path, other } = await cityPath(bench)
      const [plural, singular] = [await bench.get(path), await bench.get(other)]
      expectEqual(expectAnswer(singular, { status: 200 }).body, plural.body, 'numbers')
    },
  },
  {
    name: 'the id of a number for sale is the number itself',
    source: 'section 5.2, vector 6',
    async check(bench) {
      const { path } = await cityPath(bench)
      for (const did of list((await bench.get(path)).body, 'dids')) {
        expectEqual(member(did, 'id'), Number(member(did, 'number')), 'id')
      }
    },
  },
  {
    name: 'channels and sms_price have the types of the key’s era',
    source: 'section 8.1, vector 7',
    async check(bench) {
      const { path } = await cityPath(bench)
      const types = async (answer: Promise<{ body: unknown }>) =>
        list((await answer).body, 'dids').map(did => [typeof member(did, 'channels'), typeof member(did, 'sms_price')])
      for (const pair of await types(bench.get(path))) expectEqual(pair, ['string', 'number'], 'with a header')
      const old = await types(bench.get(withKey(path, bench), 'nobody'))
      for (const pair of old) expectEqual(pair, ['number', 'string'], 'with appid')
    },
  },
  {
    name: 'a page past the end is empty and keeps the total',
    source: 'section 4, vector 9',
    async check(bench) {
      const { path } = await cityPath(bench)
      const total = member((await bench.get(path)).body, 'pagination.total')
      const past = await bench.get(`${path}?page=99&per_page=5`)
      const members = { dids: [], 'pagination.current_page': 99, 'pagination.total': total, 'pagination.per_page': 5 }
      expectAnswer(past, { status: 200, members })
    },
  },
  {
    name: 'pages add up to the total',
    source: 'section 4',
    async check(bench) {
      const { path } = await cityPath(bench)
      const seen = new Set<unknown>()
      for (let page = 1; ; page++) {
        const { body } = expectAnswer(await bench.get(`${path}?page=${page}&per_page=3`), { status: 200 })
        const dids = list(body, 'dids')
        for (const did of dids) seen.add(member(did, 'number'))
        const { total, total_pages } = member(body, 'pagination') as { total: number; total_pages: number }
        expectEqual(total_pages, Math.max(1, Math.ceil(total / 3)), 'total_pages')
        expectTrue(dids.length <= 3, 'a page has at most per_page numbers')
        if (page < total_pages) continue
        expectEqual(seen.size, total, 'different numbers on all pages')
        return
      }
    },
  },
  {
    name: 'the literal "undefined" of a boolean is no filter',
    source: 'section 4, vector 8',
    async check(bench) {
      const { path } = await cityPath(bench)
      const plain = await bench.get(path)
      expectEqual((await bench.get(`${path}?text_enabled_only=undefined&`)).body, plain.body, 'numbers')
    },
  },
  answering(
    'an unknown path is an error object',
    'section 3, vector 30',
    { method: 'GET', path: '/v1/no-such-thing' },
    refused(404),
  ),
]
