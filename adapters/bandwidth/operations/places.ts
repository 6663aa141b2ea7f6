import type { Block } from '../../../core/ground/model.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import { wholeNumber } from '../../kit/paging.ts'
import type { XmlNode } from '../../kit/xml.ts'
import { refuse, statusFaults } from '../faults.ts'
import { please } from '../fields/filters.ts'
import { refuseFilters } from '../fields/period.ts'
import { doc, el } from '../wire/nodes.ts'
import { linksNode, pageOf, queryText } from '../wire/paging.ts'
import { type Acting, common, errors } from './common.ts'

const shared = { ...common, scope: 'numbers:read' } as const

/** Faults: invalid_input (1003, 4006). */
function asked({ inbound }: Acting): { state: string; isAvailable: boolean } {
  const state = queryText(inbound, 'state')?.toUpperCase()
  if (state === undefined) return refuse(1003, 'state is required')
  if (!/^[A-Z]{2}$/.test(state)) refuse(4006, please('State'))
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
const abbreviation = (name: string) => (name.toUpperCase().replace(/[^A-Z0-9]/g, '') || name).slice(0, 10)

const cities = operation({
  ...shared,
  on: 'GET /api/cities',
  answers: { 200: 'CityResponse', ...errors('CityResponse', 400) },
  faults: statusFaults('CityResponse'),
  async handle(call) {
    const names = await cityNames(call)
    const rows = names.map(name =>
      doc('City', el('RcAbbreviation', abbreviation(name)), el('Name', name.toUpperCase())),
    )
    return { body: doc('CityResponse', el('ResultCount', rows.length), doc('Cities', ...rows)) }
  },
})

const rateCenters = operation({
  ...shared,
  on: 'GET /api/rateCenters',
  answers: { 200: 'RateCenterResponse', ...errors('RateCenterResponse', 400) },
  faults: statusFaults('RateCenterResponse'),
  async handle(call) {
    const { state, isAvailable } = asked(call)
    const blocks = await call.core.inventory.blocks({ region: state })
    const there = blocks.filter(block => !isAvailable || block.available > 0)
    const rows = sorted(there.map(block => block.rateCenter)).map(name =>
      doc('RateCenter', el('Abbreviation', abbreviation(name)), el('Name', name)),
    )
    return { body: doc('RateCenterResponse', el('ResultCount', rows.length), doc('RateCenters', ...rows)) }
  },
})

const COVERED = 'CoveredRateCenters'
const PAGES = { most: 1_000, usual: 500 }
const MOST_PAGES = 1_000_000
/** Of which nothing is kept by rate centre. */
const UNKNOWN = ['name', 'abbreviation', 'zip', 'city', 'lata', 'tier', 'npaNxxX']

/** Which exchanges are asked for. Faults: invalid_input (4002, 4006, 5002). */
function coverage({ inbound }: Acting): { region?: string; npa?: string; npaNxx?: string } {
  refuseFilters(inbound, UNKNOWN)
  const [state, npa, npaNxx] = ['state', 'npa', 'npaNxx'].map(name => queryText(inbound, name))
  if (state !== undefined && !/^[A-Za-z]{2}$/.test(state)) refuse(4006, please('State'))
  if (!/^([2-9]\d\d)?$/.test(npa ?? '') || !/^([2-9]\d\d[2-9]\d\d)?$/.test(npaNxx ?? '')) {
    refuse(4002, please('NPA, NPA-NXX, or NPA-NXX-X'))
  }
  return { ...(state && { region: state.toUpperCase() }), ...(npa && { npa }), ...(npaNxx && { npaNxx }) }
}

async function covered(call: Acting): Promise<XmlNode[]> {
  const { region, npa, npaNxx } = coverage(call)
  const npas = npaNxx?.slice(0, 3) ?? npa
  const blocks = await call.core.inventory.blocks({ ...(npas && { npas: [npas] }), ...(region && { region }) })
  const isAsked = (block: Block) => block.npaNxx.startsWith(npa ?? '') && block.npaNxx.startsWith(npaNxx ?? '')
  const there = blocks.filter(block => block.rateCenter !== '' && isAsked(block))
  const known = new Map(there.map(({ region: state, rateCenter }) => [`${state} ${rateCenter}`, { state, rateCenter }]))
  return [...known]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { state, rateCenter }]) =>
      doc(
        'CoveredRateCenter',
        ...[el('Name', rateCenter), el('Abbreviation', abbreviation(rateCenter)), el('State', state)],
      ),
    )
}

/** Its pages are numbered. */
const coveredRateCenters = operation({
  ...shared,
  on: 'GET /api/coveredRateCenters',
  answers: { 200: COVERED, ...errors(COVERED, 400) },
  faults: statusFaults(COVERED),
  async handle(call) {
    const { start, size } = pageOf(call.inbound, PAGES)
    const page = wholeNumber(start ?? 1)
    if (page === undefined || page < 1 || page > MOST_PAGES) {
      return refuse(1006, `page must be between 1 and ${MOST_PAGES} (bounds are included)`)
    }
    const all = await covered(call)
    const rows = all.slice((page - 1) * size, page * size)
    const next = page * size < all.length ? String(page + 1) : undefined
    return { body: doc(COVERED, el('TotalCount', all.length), linksNode(call.inbound, size, next), ...rows) }
  },
})

export const placeOperations: readonly Operation[] = [cities, rateCenters, coveredRateCenters]
