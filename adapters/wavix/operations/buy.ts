import * as v from 'valibot'
import { Fault } from '../../../core/fault.ts'
import type { Place } from '../../../core/model.ts'
import type { Core } from '../../../core/verbs.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import { requireNumbers } from '../auth.ts'
import { placeFaults, said } from '../faults.ts'
import { idOr0, optionalWhole, paging, pagingOf, shelf, shelfFilter } from '../fields.ts'
import { placeNames } from '../load.ts'
import { wireProfile } from '../profile.ts'
import * as shape from '../schemas.ts'
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
async function citiesWithStock(core: Core, currency: string, country: Place, input: Parameters<typeof shelfFilter>[0]) {
  return core.inventory.cityIds({ ...shelfFilter(input), country: country.country, currency })
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
    return { body: { countries: (await core.places.list({ ids })).map(countryView) } }
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
    const parents = new Set(cities.map(city => city.parentId))
    const all = await core.places.list({ kind: 'region', countryId: country.id })
    return { body: { regions: all.filter(region => parents.has(region.id)).map(regionView) } }
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
    const region = named === undefined ? undefined : await placeOf(core, 'region', named, country)
    const stocked = await citiesWithStock(core, caller.account.currency, country, input)
    const parent = region ? { parentId: region.id } : {}
    const all = await core.places.list({ kind: 'city', countryId: country.id, ...parent })
    return { body: { cities: all.filter(city => stocked.has(city.id)).map(cityView) } }
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
    const filter = { ...shelfFilter(input), cityId: city.id, currency: caller.account.currency }
    const { items, total } = await core.numbers.search(filter, page.core, true)
    const places = await placeNames(core, items)
    return { body: { dids: items.map(n => availableView(n, places, profile)), pagination: pagination(page, total) } }
  },
})

/** What the list of a city gave when no `per_page` was sent, in the years of `appid`. */
const LEGACY_PER_PAGE = 50

export const buyOperations: readonly Operation[] = [countries, regions, cities, dids]
