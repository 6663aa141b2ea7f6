/**
 * What a filter finds and what the field says are one rule, and the walk that the documents describe (countries,
 * regions, cities, numbers) reaches everything that is for sale. Over the whole demo world.
 */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoWorldFolder } from '../../../src/config/package-files.ts'
import { engines } from '../../support/engines.ts'
import { openWorlds, type TestWorld } from '../../support/world.ts'

interface Did {
  id: number
  number: string
  sms_enabled: boolean
  label: string | null
}
interface Place {
  id: number
  name: string
  has_provinces_or_states?: boolean
}
/** One of these members, as its path has it. */
interface Listed {
  countries: Place[]
  regions: Place[]
  cities: Place[]
  dids: Did[]
  items: Did[]
  pagination: { total: number }
}

const TYPES = ['', 'all', 'geo', 'tollfree']
const FREE_OF_CHARGE = ['toll_free']

for (const engine of engines()) {
  describe(`wavix: what is for sale, on ${engine}`, () => {
    let worlds: Awaited<ReturnType<typeof openWorlds>>
    let w: TestWorld
    beforeAll(async () => {
      worlds = await openWorlds(engine)
      w = await worlds.open(join(demoWorldFolder(), 'world.json'))
    })
    afterAll(() => worlds.drop())

    const get = async (path: string, query: string): Promise<Listed> => {
      const headers = { authorization: 'Bearer demo-wavix-acme' }
      const response = await w.send(new Request(`${w.base('wavix')}/v1/${path}?${query}`, { headers }))
      expect(response.status, path).toBe(200)
      return response.json() as Promise<Listed>
    }

    const citiesOf = async (country: Place, query: string): Promise<Place[]> => {
      const path = `buy/countries/${country.id}`
      if (!country.has_provinces_or_states) return (await get(`${path}/cities`, query)).cities
      const found: Place[] = []
      for (const region of (await get(`${path}/regions`, query)).regions) {
        found.push(...(await get(`${path}/regions/${region.id}/cities`, query)).cities)
      }
      return found
    }

    /** The documented walk with one filter all the way; what it leads to is never empty. */
    const walk = async (query: string): Promise<Map<string, Did[]>> => {
      const found = new Map<string, Did[]>()
      for (const country of (await get('buy/countries', query)).countries) {
        const cities = await citiesOf(country, query)
        expect(cities.length, `${country.name} with ${query} leads to cities`).toBeGreaterThan(0)
        const dids: Did[] = []
        for (const city of cities) {
          const page = await get(`buy/countries/${country.id}/cities/${city.id}/dids`, `${query}&per_page=100`)
          expect(page.pagination.total, `${city.name} with ${query}`).toBeGreaterThan(0)
          expect(page.dids).toHaveLength(page.pagination.total)
          dids.push(...page.dids)
        }
        found.set(country.name, dids)
      }
      return found
    }

    const numbers = (all: Map<string, Did[]>) => [...all.values()].flat().map(did => did.number)

    /** All that the account can buy, by the core. */
    const forSale = async () => {
      const { items, total } = await w.core.numbers.search({ currency: 'USD' }, { limit: 5000, offset: 0 }, true)
      expect(items).toHaveLength(total)
      return items
    }

    it('B7: countries, regions and cities lead to every number, once, whatever types are asked for', async () => {
      const stock = await forSale()
      const codes = new Set<string>()
      for (const type of TYPES) {
        const all = await walk(`type_filter=${type}`)
        const wanted = stock.filter(
          number => ['', 'all'].includes(type) || FREE_OF_CHARGE.includes(number.type) === (type === 'tollfree'),
        )
        for (const number of wanted) codes.add(`${number.country} ${number.type}`)
        expect(numbers(all).sort()).toEqual(wanted.map(({ e164 }) => e164.slice(1)).sort())
      }
      expect([...codes]).toEqual(expect.arrayContaining(['US toll_free', 'AU mobile', 'US local']))
    })

    it('B7: all cities of a country are those of its regions', async () => {
      for (const country of (await get('buy/countries', '')).countries) {
        const whole = (await get(`buy/countries/${country.id}/cities`, '')).cities
        const byRegion = await citiesOf(country, '')
        expect(byRegion.map(({ id }) => id).sort()).toEqual(whole.map(({ id }) => id).sort())
      }
    })

    it('B1: text_enabled_only finds exactly the numbers that show sms_enabled, at every step of the walk', async () => {
      for (const type of ['', 'geo', 'tollfree']) {
        const all = [...(await walk(`type_filter=${type}`)).values()].flat()
        const texting = all.filter(did => did.sms_enabled).map(did => did.number)
        const found = await walk(`type_filter=${type}&text_enabled_only=true`)
        expect(numbers(found).sort()).toEqual(texting.sort())
        expect(await walk(`type_filter=${type}&text_enabled_only=false`)).toEqual(await walk(`type_filter=${type}`))
      }
      const silent = (await get('buy/countries', '')).countries.filter(each => each.name !== 'United States')
      for (const country of silent) {
        const [city] = (await get(`buy/countries/${country.id}/cities`, '')).cities
        const path = `buy/countries/${country.id}/cities/${city?.id}/dids`
        for (const did of (await get(path, 'text_enabled_only=true')).dids) expect(did.sms_enabled).toBe(true)
      }
    })

    it('B1: a number that text_enabled_only found takes SMS once it is bought, all others show sms_enabled false', async () => {
      const account = await w.core.accounts.get(12)
      if (!account) throw new Error('no account')
      const caller = w.core.accounts.callerFor(account)
      const stock = (await forSale()).filter(({ requiredDocuments }) => requiredDocuments.length === 0)
      const kinds = new Map(stock.map(number => [`${number.country} ${number.type} ${number.capabilities}`, number]))
      const e164s = [...kinds.values()].map(({ e164 }) => e164)
      await w.core.numbers.purchase(caller, e164s, { documents: 'allow' })
      const headers = { authorization: 'Bearer demo-wavix-acme', 'content-type': 'application/json' }
      const { items } = await get('numbers', 'per_page=100')
      expect(items).toHaveLength(e164s.length)
      for (const item of items) {
        const body = JSON.stringify({ id: item.id, sms_enabled: true })
        const url = `${w.base('wavix')}/v1/mydids/update-sms-enabled`
        const { status } = await w.send(new Request(url, { method: 'PUT', headers, body }))
        expect([item.number, status]).toEqual([item.number, item.sms_enabled ? 200 : 422])
      }
    })

    it('B1: every filter of the owned list finds what its field shows', async () => {
      const all = (await get('numbers', 'per_page=100')).items
      const [first, second, third] = all.map(({ number }) => `+${number}`)
      await w.core.numbers.label(null, String(first), 'Main')
      await w.core.numbers.label(null, String(second), 'Main office')
      await w.core.numbers.label(null, String(third), '')
      const shown = (await get('numbers', 'per_page=100')).items
      const found = async (query: string) =>
        (await get('numbers', `per_page=100&${query}`)).items.map(({ number }) => number).sort()
      const where = (is: (item: (typeof all)[number]) => boolean) =>
        shown
          .filter(is)
          .map(({ number }) => number)
          .sort()
      expect(await found('label=Main')).toEqual(where(({ label }) => label === 'Main'))
      expect(await found('label_present=true')).toEqual(where(({ label }) => label !== null))
      expect(await found('label_present=false&label=Main')).toEqual(where(({ label }) => label === null))
      for (const digits of ['1', '00', String(first).slice(3, 8), 'x1']) {
        expect(await found(`search=${digits}`)).toEqual(where(({ number }) => number.includes(digits)))
      }
      const city = new Map<string, number | null>()
      for (const { number } of shown) city.set(number, (await w.core.numbers.find(`+${number}`))?.cityId ?? null)
      for (const id of new Set(city.values())) {
        expect(await found(`city_id=${id}`)).toEqual(where(({ number }) => city.get(number) === id))
      }
    })
  })
}
