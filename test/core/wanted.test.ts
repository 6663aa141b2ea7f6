/** What is remembered of orders that wait, and which arriving products they are tried with. */
import { expect, it } from 'vitest'
import { mayMatch, type Product, wantedColumns } from '../../core/orders/wanted.ts'
import type { NumberFilter } from '../../core/verbs.ts'

it('orders that ask for the same are remembered alike, in whichever order and case it is said', () => {
  const one = wantedColumns({ country: 'US', areaCode: '212', city: 'New York', types: ['local'], currency: 'USD' })
  const two = wantedColumns({ types: ['local'], city: 'NEW york', currency: 'USD', areaCode: '212', country: 'US' })
  expect(two).toEqual(one)
  expect(JSON.parse(one.filter)).toEqual({
    ...{ country: 'US', areaCode: '212', city: 'new york', types: ['local'], currency: 'USD' },
  })
  expect(one).toMatchObject({ country: 'US', area_code: '212', city: 'new york' })
})

it('they are found by country, area and city, with or without what comes after the city; what is not asked for is empty', () => {
  expect(wantedColumns({})).toEqual({ country: '', area_code: '', city: '', filter: '{}' })
  expect(wantedColumns({ city: 'LOS ANGELES , CA' }).city).toBe('los angeles')
  expect(wantedColumns({ city: ' Los Angeles' }).city).toBe('los angeles')
})

/** SMS and voice, without papers. */
const PRODUCT = {
  ...{ country: 'US', area_code: '212', npa_nxx: '212789', region: 'NY', city_id: 7, currency: 'USD', type: 'local' },
  ...{ city: 'new york', rate_center: 'NWYRCYZN01', capabilities: 3, needs_documents: 0 },
} as Product

const filters: [string, NumberFilter, NumberFilter][] = [
  ['country', { country: 'US' }, { country: 'CA' }],
  ['area', { areaCode: '212' }, { areaCode: '213' }],
  ['exchange', { npaNxx: '212789' }, { npaNxx: '212788' }],
  ['region', { region: 'NY' }, { region: 'NJ' }],
  ['place', { cityId: 7 }, { cityId: 8 }],
  ['currency', { currency: 'USD' }, { currency: 'EUR' }],
  ['type', { types: ['mobile', 'local'] }, { types: ['mobile'] }],
  ['city', { city: 'New York, NY' }, { city: 'York' }],
  ['rate center', { rateCenter: 'nwyrcyzn01' }, { rateCenter: 'NWYRCYZN02' }],
  ['capability', { capabilities: ['voice', 'sms'] }, { capabilities: ['voice', 'mms'] }],
  ['lack of a capability', { withoutCapabilities: ['mms'] }, { withoutCapabilities: ['mms', 'sms'] }],
  ['need of papers', { documents: 'none' }, { documents: 'some' }],
]

it.each(
  filters,
)('numbers are tried with the orders that ask for their %s, and not with those for another', (_, same, other) => {
  expect([mayMatch(same, PRODUCT), mayMatch(other, PRODUCT)]).toEqual([true, false])
  expect([mayMatch({ ...other, ...same }, PRODUCT), mayMatch({ country: 'US', ...other }, PRODUCT)]).toEqual([
    true,
    false,
  ])
})

it('numbers are tried with orders that ask for nothing, or for what only the number itself tells', () => {
  const filters: NumberFilter[] = [
    {},
    { types: [] },
    { e164: '+12127890100' },
    { pattern: { kind: 'ends', digits: '1' } },
  ]
  for (const filter of filters) expect(mayMatch(filter, PRODUCT)).toBe(true)
  const withPapers = { ...PRODUCT, needs_documents: 1 }
  expect(mayMatch({}, withPapers)).toBe(true)
  expect([mayMatch({ documents: 'some' }, withPapers), mayMatch({ documents: 'none' }, withPapers)]).toEqual([
    true,
    false,
  ])
})
