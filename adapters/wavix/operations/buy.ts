import * as v from 'valibot'
import { Fault } from '../../../core/fault.ts'
import type { Place } from '../../../core/model.ts'
import type { Core } from '../../../core/verbs.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import { requireNumbers } from '../auth.ts'
import { placeFaults, said } from '../faults.ts'
import { idOr0, optionalWhole, paging, pagingOf, type ShelfInput, shelf, shelfFilter } from '../fields.ts'
import { placeNames } from '../load.ts'
import { wireProfile } from '../profile.ts'
import * as shape from '../schemas.ts'
import { hasSms } from '../settings.ts'
import { availableView, cityView, countryView, pagination, regionView } from '../views.ts'

const READ = 'numbers:read'
const where = { country: v.unknown(), region: v.unknown(), city: v.unknown() }
const common = { caller: 'required', evidence: 'E1', scope: READ } as const

async function placeOf(core: Core, kind: Place['kind'], id: unknown, inside?: Place): Promise<Place> {
  const place = await core.places.get(idOr0(id))
  const fits = place?.kind === kind && (!inside || place.countryId === inside.countryId)
  if (!place || !fits) throw new Fault('not_found', { what: 'place', id: String(id) })
  return place
}

/** Cities that have something to sell under this filter. */
async function citiesWithStock(core: Core, currency: string, { country }: Place, input: ShelfInput) {
  return core.inventory.cityIds({ ...shelfFilter(input, country), country, currency })
}

/**
 * Cities of a country with regions that lie in none of them, such as the one that toll-free numbers are shown in, are
 * reached by one more region: it has the country's own id.
 */
function isInRegion(city: Place, region: Place): boolean {
  return city.parentId === region.id || (region.kind === 'country' && city.parentId === null)
}

const ELSEWHERE = 'Nationwide'

async function regionOf(core: Core, id: unknown, country: Place): Promise<Place> {
  return idOr0(id) === country.id && country.hasRegions ? country : placeOf(core, 'region', id, country)
}

const countries = operation({
  ...common,
  on: 'GET /v1/buy/countries',
  input: v.object(shelf),
  answers: { 200: v.strictObject({ countries: v.array(shape.country) }), ...shape.errors },
  async handle({ core, caller }, input) {
    requireNumbers(caller)
    const stocked = await core.inventory.cityIds({ ...shelfFilter(input), currency: caller.account.currency })
    const cities = await core.places.list({ ids: [...stocked] })
    const ids = [...new Set(cities.map(city => city.countryId))]
    const found = await core.places.list({ ids })
    const wanted = found.filter(({ country }) => !input.text_enabled_only || hasSms(country))
    return { body: { countries: wanted.map(countryView) } }
  },
})

const regions = operation({
  ...common,
  on: 'GET /v1/buy/countries/:country/regions',
  input: v.object({ ...shelf, country: where.country }),
  answers: { 200: v.strictObject({ regions: v.array(shape.region) }), ...shape.errors },
  faults: { ...placeFaults, wrong_state: said(422, 'Country has no states or provinces') },
  async handle({ core, caller }, input) {
    requireNumbers(caller)
    const country = await placeOf(core, 'country', input.country)
    if (!country.hasRegions) throw new Fault('wrong_state', { what: 'place', id: String(country.id), state: 'whole' })
    const stocked = await citiesWithStock(core, caller.account.currency, country, input)
    const cities = await core.places.list({ ids: [...stocked] })
    const all = await core.places.list({ kind: 'region', countryId: country.id })
    const regions = [...all, { ...country, name: ELSEWHERE }]
    const stockedRegions = regions.filter(region => cities.some(city => isInRegion(city, region)))
    return { body: { regions: stockedRegions.map(regionView) } }
  },
})

const cities = operation({
  ...common,
  on: ['GET /v1/buy/countries/:country/cities', 'GET /v1/buy/countries/:country/regions/:region/cities'],
  input: v.object({ ...shelf, country: where.country, region: v.optional(v.unknown()), region_id: optionalWhole }),
  answers: { 200: v.strictObject({ cities: v.array(shape.city) }), ...shape.errors },
  faults: placeFaults,
  async handle({ core, caller }, input) {
    requireNumbers(caller)
    const country = await placeOf(core, 'country', input.country)
    const named = input.region ?? input.region_id
    const region = named === undefined ? undefined : await regionOf(core, named, country)
    const stocked = await citiesWithStock(core, caller.account.currency, country, input)
    const all = await core.places.list({ kind: 'city', countryId: country.id })
    const wanted = all.filter(city => stocked.has(city.id) && (!region || isInRegion(city, region)))
    return { body: { cities: wanted.map(cityView) } }
  },
})

/** Two spellings of one path: the seed's `/city/`, everybody else's `/cities/`. */
const dids = operation({
  ...common,
  on: ['GET /v1/buy/countries/:country/cities/:city/dids', 'GET /v1/buy/countries/:country/city/:city/dids'],
  input: v.object({ ...shelf, ...paging, country: where.country, city: where.city }),
  answers: {
    200: v.strictObject({ dids: v.array(shape.available), pagination: shape.pagination }),
    ...shape.errors,
  },
  faults: placeFaults,
  async handle({ core, caller, inbound }, input) {
    requireNumbers(caller)
    const country = await placeOf(core, 'country', input.country)
    const city = await placeOf(core, 'city', input.city, country)
    const profile = wireProfile(inbound)
    const page = pagingOf(input, profile === 'legacy' ? LEGACY_PER_PAGE : undefined)
    const filter = { ...shelfFilter(input, city.country), cityId: city.id, currency: caller.account.currency }
    const { items, total } = await core.numbers.search(filter, page.core, true)
    const places = await placeNames(core, items)
    return { body: { dids: items.map(n => availableView(n, places, profile)), pagination: pagination(page, total) } }
  },
})

/** What the list of a city gave when no `per_page` was sent, in the years of `appid`. */
const LEGACY_PER_PAGE = 50

export const buyOperations: readonly Operation[] = [countries, regions, cities, dids]
