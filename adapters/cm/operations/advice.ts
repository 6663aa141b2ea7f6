import * as v from 'valibot'
import { type Operation, operation } from '../../kit/dialect.ts'
import { criteriaOf, issue, namedAsSent, queryOf, refuse } from '../fields/requests.ts'
import { type TypeWord, typeOf, typeWord } from '../ids.ts'
import * as shape from '../schemas.ts'
import { checkRequest } from '../ways/check-request.ts'
import { requiredFieldsOf, requirementsOf, restrictionsOf } from '../ways/countries.ts'
import { REQUESTS } from './requests.ts'

// What clients ask before they order: requirements, restrictions, places, availability.

const common = { caller: 'required', evidence: 'E0' } as const

function countryAndType(query: readonly [string, string][]) {
  const country = (queryOf(query, 'countryCode') ?? '').toUpperCase()
  const type = typeOf(queryOf(query, 'phoneNumberType') || 'LOCAL')
  if (!/^[A-Z]{2}$/.test(country)) refuse([issue('countryCode', 'The field CountryCode must have two letters.')])
  if (!type) refuse([issue('phoneNumberType', 'The value is not a phone number type.')])
  return { country, type: type as NonNullable<typeof type> }
}

const restrictions = operation({
  ...common,
  on: `GET ${REQUESTS}/restrictions`,
  scope: 'numbers:read',
  input: v.unknown(),
  answers: { 200: shape.restrictions, ...shape.problems },
  async handle({ inbound }) {
    const { country, type } = countryAndType(inbound.query)
    const word = typeWord(type) as TypeWord
    const { minQuantity, maxQuantity, allowedRangeSizes } = restrictionsOf(country, word)
    const rangesSupported = allowedRangeSizes.length > 0
    return {
      body: {
        countryCode: country,
        phoneNumberType: word,
        minQuantity,
        maxQuantity,
        rangesSupported,
        allowedRangeSizes,
      },
    }
  },
})

/** Cities and regions that can be named in a request. */
const localeOptions = operation({
  ...common,
  on: `GET ${REQUESTS}/localeOptions`,
  scope: 'numbers:read',
  input: v.unknown(),
  answers: { 200: v.array(shape.localeOption), ...shape.problems },
  async handle({ core, inbound }) {
    const { country, type } = countryAndType(inbound.query)
    return { body: await core.inventory.localities({ country, types: [type] }) }
  },
})

/** `directlyAssignable`: a request like this would be completed at once. */
const availability = operation({
  ...common,
  on: `GET ${REQUESTS}/availability`,
  scope: 'numbers:read',
  input: v.unknown(),
  answers: { 200: shape.availability, ...shape.problems },
  async handle(call) {
    const { core, inbound } = call
    const sent = inbound.query.map(([name]) => name)
    const { filter, quantity, rangeSize } = await namedAsSent(sent, async () =>
      checkRequest(call, criteriaOf(inbound.query)),
    )
    const { total } = await core.numbers.search(filter, { limit: 1, offset: 0 }, true)
    const directlyAssignable = await core.orders.isFillable({ filter, quantity, rangeSize })
    return { body: { available: total > 0, availableQuantity: total, directlyAssignable } }
  },
})

const PROFILES = '/voice-companyprofilesapi/v1/:account'

const requirements = operation({
  ...common,
  on: `GET ${PROFILES}/requirements/:country`,
  scope: 'account:read',
  input: v.object({ country: v.string() }),
  answers: { 200: v.array(shape.requirement), ...shape.problems },
  handle: async (_, { country }) => ({ body: requirementsOf(country.toUpperCase()) }),
})

const requiredFields = operation({
  ...common,
  on: `GET ${PROFILES}/requiredFields/:country`,
  scope: 'account:read',
  input: v.object({ country: v.string() }),
  answers: { 200: v.array(shape.requiredField), ...shape.problems },
  handle: async (_, { country }) => ({ body: requiredFieldsOf(country.toUpperCase()) }),
})

export const adviceOperations: readonly Operation[] = [
  restrictions,
  localeOptions,
  availability,
  requirements,
  requiredFields,
]
