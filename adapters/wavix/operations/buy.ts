import * as v from 'valibot'
import { Fault } from '../../../core/ground/fault.ts'
import type { Place } from '../../../core/ground/model.ts'
import type { Core } from '../../../core/verbs.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import { requireNumbers } from '../auth.ts'
import { placeFaults, said } from '../faults.ts'
import {
  idOr0,
  isSoldIn,
  optionalWhole,
  paging,
  pagingOf,
  type ShelfInput,
  shelf,
  shelfFilter,
} from '../fields/common.ts'
import * as shape from '../schemas.ts'
import { availableView, cityView, countryView, pagination, regionView } from '../views/numbers.ts'
import { placeNames } from '../ways/load.ts'
import { wireProfile } from '../wire/profile.ts'

const READ = 'numbers:read'
const where = { country: v.unknown(), region: v.unknown(), city: v.unknown() }
const common = { caller: 'required', evidence: 'E1', scope: READ } as const

async function placeOf(core: Core, kind: Place['kind'], id: unknown, inside?: Place): Promise<Place> {
  const place = await core.places.get(idOr0(id))
  const fits = place?.kind === kind && (!inside || place.countryId === inside.countryId)
  if (!place || !fits) throw new Fault('not_found', { what: 'place', id: String(id) })
  return place
}

/** What cities are listed below: a region, or the country itself for those that are in none of its regions. */
async function parentOf(core: Core, id: unknown, country: Place): Promise<Place> {
  return idOr0(id) === country.id ? country : placeOf(core, 'region', id, country)
}

/** Cities of a country that have something to sell under this filter. */
async function citiesWithStock(core: Core, currency: string, input: ShelfInput, { id, country }: Place) {
  if (!isSoldIn(country, input)) return []
  const stocked = await core.inventory.cityIds({ ...shelfFilter(input), country, currency })
  return (await core.places.list({ kind: 'city', countryId: id })).filter(city => stocked.has(city.id))
}

const countries = operation({
  ...common,
  on: 'GET /v1/buy/countries',
  input: v.object(shelf),
  answers: { 200: v.strictObject({ countries: v.array(shape.country) }), ...shape.errors },
  async handle({ core, caller }, input) {
    requireNumbers(caller)
    const stocked = await core.inventory.countries({ ...shelfFilter(input), currency: caller.account.currency })
    const sold = [...stocked].filter(code => isSoldIn(code, input))
    const all = await core.places.list({ kind: 'country' })
    return { body: { countries: all.filter(({ country }) => sold.includes(country)).map(countryView) } }
  },
})

/**
 * The documents lead from countries through regions to cities. Toll-free and mobile numbers lie in no region, so that a
 * country with regions is itself listed among them, by its own id, when it has cities straight below it.
 */
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
    const cities = await citiesWithStock(core, caller.account.currency, input, country)
    const parents = new Set(cities.map(city => city.parentId))
    const all = [...(await core.places.list({ kind: 'region', countryId: country.id })), country]
    return { body: { regions: all.filter(({ id }) => parents.has(id)).map(regionView) } }
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
    const parent = named === undefined ? undefined : await parentOf(core, named, country)
    const all = await citiesWithStock(core, caller.account.currency, input, country)
    return { body: { cities: all.filter(city => !parent || city.parentId === parent.id).map(cityView) } }
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
    const isSold = isSoldIn(city.country, input)
    const { items, total } = isSold ? await core.numbers.search(filter, page.core, true) : { items: [], total: 0 }
    const places = await placeNames(core, items)
    return { body: { dids: items.map(n => availableView(n, places, profile)), pagination: pagination(page, total) } }
  },
})

/** What the list of a city gave when no `per_page` was sent, in the years of `appid`. */
const LEGACY_PER_PAGE = 50

export const buyOperations: readonly Operation[] = [countries, regions, cities, dids]
