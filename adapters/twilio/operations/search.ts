import type { Caller, NumberType, PhoneNumber } from '../../../core/ground/model.ts'
import type { Core, NumberFilter, StockKind } from '../../../core/verbs.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import type { Document } from '../../kit/documents.ts'
import { acting } from '../auth.ts'
import { refuse } from '../faults.ts'
import { type Fields, readPage, textOf } from '../fields.ts'
import { numberOf } from '../ids.ts'
import * as shape from '../schemas.ts'
import { KINDS } from '../views.ts'
import type { Surface } from '../ways/surface.ts'
import { common, extensionOf, notFound, on, one } from './common.ts'

const NAMES = new Intl.DisplayNames(['en'], { type: 'region' })

export function countryName(code: string): string {
  return NAMES.of(code) ?? code
}

/** What the account could buy of, by country, in the order of the countries' codes. */
async function catalogue(core: Core, surface: Surface, caller: Caller): Promise<Map<string, StockKind[]>> {
  const known = new Map<string, StockKind[]>()
  for (const kind of await core.inventory.kinds()) {
    if (kind.currency !== caller.account.currency || !surface.types.includes(kind.type)) continue
    known.set(kind.country, [...(known.get(kind.country) ?? []), kind])
  }
  return known
}

function countryView(
  surface: Surface,
  caller: Caller,
  country: string,
  kinds: readonly StockKind[],
  extension: string,
) {
  const path = `${surface.accountPath(caller.account)}/AvailablePhoneNumbers/${country}`
  const links = kinds.map(({ type }) => [KINDS[type].member, `${path}/${KINDS[type].path}${extension}`])
  return {
    country_code: country,
    country: countryName(country),
    uri: `${path}${extension}`,
    beta: false,
    subresource_uris: Object.fromEntries(links) as Record<string, string>,
  }
}

/** A search is an unpaged look: the list, and the address as it was asked. */
function lookDocument(
  surface: Surface,
  caller: Caller,
  rest: string,
  search: string,
  name: string,
  item: string,
  items: readonly object[],
): Document {
  const uri = `${surface.accountPath(caller.account)}/AvailablePhoneNumbers${rest}${search}`
  return { kind: 'list', name, item, items: items as never, around: [null, ['uri', uri]] }
}

const searchOf = ({ url }: Request) => (url.includes('?') ? url.slice(url.indexOf('?')) : '')

function countries(surface: Surface): readonly Operation[] {
  return [
    operation({
      ...common,
      on: on(surface, 'GET', '/Accounts/:account/AvailablePhoneNumbers'),
      scope: 'numbers:read',
      answers: { 200: shape.countries, ...shape.errors },
      async handle(call, { account }) {
        const caller = await acting(call, surface, account)
        const extension = extensionOf(call.inbound)
        const known = await catalogue(call.core, surface, caller)
        const views = [...known].map(([country, kinds]) => countryView(surface, caller, country, kinds, extension))
        return {
          body: lookDocument(surface, caller, surface.listExtension(extension), '', 'countries', 'country', views),
        }
      },
    }),
    operation({
      ...common,
      on: on(surface, 'GET', '/Accounts/:account/AvailablePhoneNumbers/:country'),
      scope: 'numbers:read',
      answers: { 200: shape.country, ...shape.errors },
      async handle(call, { account, country }) {
        const caller = await acting(call, surface, account)
        const kinds = (await catalogue(call.core, surface, caller)).get(country.toUpperCase())
        if (!kinds) throw notFound('place', country)
        return one('country', countryView(surface, caller, country.toUpperCase(), kinds, extensionOf(call.inbound)))
      },
    }),
  ]
}

const MOST_MILES = 500
const MILES = 25

async function placeOf(core: Core, text: string): Promise<PhoneNumber | undefined> {
  const e164 = numberOf(text)
  if (e164 === undefined) return refuse(20422, 'NearNumber', 'NearNumber must be a phone number')
  const number = await core.numbers.find(e164)
  return number?.latitude ? number : undefined
}

/** Faults: invalid_input. */
async function nearFilter(core: Core, fields: Fields): Promise<NumberFilter> {
  const distance = textOf(fields, 'Distance') || String(MILES)
  const miles = Number(distance)
  if (!/^\d{1,9}(\.\d+)?$/.test(distance) || miles > MOST_MILES) {
    refuse(20422, 'Distance', `Distance must be a number of miles, ${MOST_MILES} at most`)
  }
  const number = textOf(fields, 'NearNumber')
  if (number) {
    const found = await placeOf(core, number)
    if (!found) return { types: [] }
    return { near: { latitude: Number(found.latitude), longitude: Number(found.longitude), miles } }
  }
  const place = textOf(fields, 'NearLatLong')
  if (!place) return {}
  const [, latitude, longitude] =
    /^\s*(-?\d{1,3}(?:\.\d{1,20})?)\s*,\s*(-?\d{1,3}(?:\.\d{1,20})?)\s*$/.exec(place) ?? []
  if (Math.abs(Number(latitude)) <= 90 && Math.abs(Number(longitude)) <= 180) {
    return { near: { latitude: Number(latitude), longitude: Number(longitude), miles } }
  }
  return refuse(20422, 'NearLatLong', 'NearLatLong must be latitude,longitude')
}

function search(surface: Surface, type: NumberType): Operation {
  return operation({
    ...common,
    on: on(surface, 'GET', `/Accounts/:account/AvailablePhoneNumbers/:country/${KINDS[type].path}`),
    scope: 'numbers:read',
    answers: { 200: shape.found(surface.shapes.available), ...shape.errors },
    async handle(call, { account, country }) {
      const { core, inbound } = call
      const caller = await acting(call, surface, account)
      const code = country.toUpperCase()
      const kinds = (await catalogue(core, surface, caller)).get(code)
      if (!kinds?.some(kind => kind.type === type)) throw notFound('place', country)
      const { page, size } = readPage(inbound.fields)
      const near = await nearFilter(core, inbound.fields)
      surface.checkPage?.(inbound.fields)
      const filter = surface.searchFilter(inbound.fields, code)
      const whole = {
        ...filter,
        country: code,
        currency: caller.account.currency,
        types: near.types ?? [type],
        ...near,
      }
      const { items } = await core.numbers.search(whole, { limit: size, offset: page * size })
      const rest = `/${code}/${KINDS[type].path}${surface.listExtension(extensionOf(inbound))}`
      const views = items.map(number => surface.available(number))
      const asked = searchOf(inbound.request)
      return {
        body: lookDocument(surface, caller, rest, asked, 'available_phone_numbers', 'available_phone_number', views),
      }
    },
  })
}

export function searchOperations(surface: Surface): readonly Operation[] {
  return [...countries(surface), ...surface.types.map(type => search(surface, type))]
}
