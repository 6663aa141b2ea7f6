/** What numbers cost: another host of the provider, JSON only, with absolute links. */
import * as v from 'valibot'
import type { Caller, NumberType } from '../../../core/ground/model.ts'
import type { Core } from '../../../core/verbs.ts'
import { type Inbound, type Operation, operation } from '../../kit/dialect.ts'
import type { Document } from '../../kit/documents.ts'
import { readPage } from '../fields.ts'
import * as shape from '../schemas.ts'
import type { Surface } from '../ways/surface.ts'
import { notFound } from './common.ts'
import { countryName } from './search.ts'

const PATH = '/v1/PhoneNumbers/Countries'

/** Kinds are written with a space here. */
const WORDS: Readonly<Record<NumberType, string>> = {
  local: 'local',
  toll_free: 'toll free',
  mobile: 'mobile',
  national: 'national',
}

async function typesByCountry(core: Core, surface: Surface, { account }: Caller): Promise<Map<string, NumberType[]>> {
  const found = new Map<string, NumberType[]>()
  for (const { country, type, currency } of await core.inventory.kinds()) {
    if (currency !== account.currency || !surface.types.includes(type)) continue
    found.set(country, [...(found.get(country) ?? []), type])
  }
  return found
}

/** The lowest number on the shelf stands for its kind; a kind without any has no price to tell. */
async function pricesOf(
  core: Core,
  surface: Surface,
  { account }: Caller,
  country: string,
  types: readonly NumberType[],
) {
  const rows = types.map(async type => {
    const filter = { country, types: [type], currency: account.currency }
    const [number] = (await core.numbers.search(filter, { limit: 1, offset: 0 })).items
    if (!number) return []
    const price = surface.money(number.monthlyPrice)
    return [{ number_type: WORDS[type], base_price: price, current_price: price }]
  })
  return (await Promise.all(rows)).flat()
}

const json = (value: object): Document => ({ kind: 'json', value: value as never })

function listed({ base, fields }: Inbound, countries: readonly string[]) {
  const { page, size } = readPage(fields)
  const link = (at: number) => `${base}${PATH}?PageSize=${size}&Page=${at}`
  const slice = countries.slice(page * size, (page + 1) * size)
  return {
    countries: slice.map(iso => ({ country: countryName(iso), iso_country: iso, url: `${base}${PATH}/${iso}` })),
    meta: {
      page,
      page_size: size,
      first_page_url: link(0),
      previous_page_url: page === 0 ? null : link(page - 1),
      url: link(page),
      next_page_url: countries.length > (page + 1) * size ? link(page + 1) : null,
      key: 'countries',
    },
  }
}

export function priceOperations(surface: Surface): readonly Operation[] {
  return [
    operation({
      on: `GET ${PATH}`,
      scope: 'numbers:read',
      caller: 'required',
      evidence: 'E1',
      input: v.object({}),
      answers: { 200: shape.pricedCountries, ...shape.errors },
      async handle({ core, caller, inbound }) {
        const found = await typesByCountry(core, surface, caller)
        return { body: json(listed(inbound, [...found.keys()])) }
      },
    }),
    operation({
      on: `GET ${PATH}/:country`,
      scope: 'numbers:read',
      caller: 'required',
      evidence: 'E1',
      input: v.object({ country: v.string() }),
      answers: { 200: shape.prices, ...shape.errors },
      async handle({ core, caller, inbound }, { country }) {
        const iso = country.toUpperCase()
        const types = (await typesByCountry(core, surface, caller)).get(iso)
        if (!types) throw notFound('place', country)
        const prices = await pricesOf(core, surface, caller, iso, types)
        const value = {
          country: countryName(iso),
          iso_country: iso,
          phone_number_prices: prices,
          price_unit: caller.account.currency,
          url: `${inbound.base}${PATH}/${iso}`,
        }
        return { body: json(value) }
      },
    }),
  ]
}
