import { type Operation, operation } from '../../kit/dialect.ts'
import { refuse, statusFaults } from '../faults.ts'
import { doc, el } from '../nodes.ts'
import { queryText } from '../paging.ts'
import { type Acting, common, errors } from './common.ts'

const shared = { ...common, scope: 'numbers:read' } as const

/** Faults: invalid_input (1003, 4006). */
function asked({ inbound }: Acting): { state: string; isAvailable: boolean } {
  const state = queryText(inbound, 'state')?.toUpperCase()
  if (state === undefined) return refuse(1003, 'state is required')
  if (!/^[A-Z]{2}$/.test(state)) refuse(4006, 'Please verify that your State search input parameters are correct.')
  return { state, isAvailable: queryText(inbound, 'available')?.toLowerCase() === 'true' }
}

const sorted = (names: Iterable<string>) => [...new Set(names)].filter(name => name !== '').sort()

/** Cities of a state that were ever stocked, or that have something for sale. */
async function cityNames(call: Acting): Promise<string[]> {
  const { core, caller } = call
  const { state, isAvailable } = asked(call)
  const localities = await core.inventory.localities({ country: 'US', types: ['local', 'national', 'mobile'] })
  // where a country is not told by regions, its cities are in none
  const known = localities.filter(({ region }) => (region ?? state) === state).map(({ city }) => city)
  if (!isAvailable) return sorted(known)
  const ids = await core.inventory.cityIds({ country: 'US', currency: caller.account.currency })
  const places = await core.places.list({ kind: 'city', country: 'US', ids: [...ids] })
  const names = new Set(places.map(({ name }) => (name.split(',', 1)[0] ?? '').toUpperCase()))
  return sorted(known.filter(city => names.has(city.toUpperCase())))
}

/** Rate centres have short names, as number databases have them. */
const abbreviation = (name: string) =>
  name
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .slice(0, 10)

const cities = operation({
  ...shared,
  on: 'GET /api/cities',
  answers: { 200: 'CityResponse', ...errors('CityResponse') },
  faults: statusFaults('CityResponse'),
  async handle(call) {
    const names = await cityNames(call)
    const rows = names.map(name =>
      doc('City', el('RcAbbreviation', abbreviation(name)), el('Name', name.toUpperCase())),
    )
    return { body: doc('CityResponse', el('ResultCount', rows.length), doc('Cities', ...rows)) }
  },
})

function rateCenters(path: string, root: string, list: string, item: string): Operation {
  return operation({
    ...shared,
    on: `GET /api/${path}`,
    answers: { 200: root, ...errors(root) },
    faults: statusFaults(root),
    async handle(call) {
      const { state, isAvailable } = asked(call)
      const blocks = await call.core.inventory.blocks({ region: state })
      const there = blocks.filter(block => !isAvailable || block.available > 0)
      const rows = sorted(there.map(block => block.rateCenter)).map(name =>
        doc(item, el('Abbreviation', abbreviation(name)), el('Name', name)),
      )
      return { body: doc(root, el('ResultCount', rows.length), doc(list, ...rows)) }
    },
  })
}

export const placeOperations: readonly Operation[] = [
  cities,
  rateCenters('rateCenters', 'RateCenterResponse', 'RateCenters', 'RateCenter'),
  rateCenters('coveredRateCenters', 'CoveredRateCentersResponse', 'CoveredRateCenters', 'CoveredRateCenter'),
]
