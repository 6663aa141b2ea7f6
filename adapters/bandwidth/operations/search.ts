import { type Operation, operation } from '../../kit/dialect.ts'
import type { XmlNode } from '../../kit/xml.ts'
import { refuse, searchFaults } from '../faults.ts'
import { type Criteria, filterOf, please, quantityOf } from '../fields/filters.ts'
import { tnOf } from '../ids.ts'
import { detailNodes } from '../views/orders.ts'
import { doc, each, el } from '../wire/nodes.ts'
import { queryText } from '../wire/paging.ts'
import { ACCOUNT, type Acting, common, errors } from './common.ts'

/** Numbers of one search; of one that tells all about each of them. */
const MOST_FOUND = 5_000
const MOST_DETAILS = 1_000

const ORDERS = ['fullnumber', 'npanxxx', 'npanxx', 'areacode']
const PROTECTED = ['NONE', 'ONLY', 'MIXED']

/** Names in lower case; the last of a name wins. */
function criteriaOf({ inbound }: Acting): Criteria {
  return Object.fromEntries(
    inbound.query.flatMap(([name, value]) => (value.trim() === '' ? [] : [[name.toLowerCase(), value.trim()]])),
  )
}

function flag(criteria: Criteria, name: string): boolean {
  const text = criteria[name]?.toLowerCase()
  if (text === undefined) return false
  return text === 'true' || text === 'false' ? text === 'true' : refuse(4010, `${name} is not true or false`)
}

function checkModifiers({ orderby, protected: kept }: Criteria): void {
  if (orderby !== undefined && !ORDERS.includes(orderby.toLowerCase())) {
    refuse(4020, 'The orderBy parameter is invalid. Valid values are: fullNumber, npaNxxx, npaNxx, areaCode')
  }
  if (kept !== undefined && !PROTECTED.includes(kept.toUpperCase())) {
    refuse(4022, 'The protected parameter is invalid. Valid values are: NONE, ONLY, MIXED')
  }
}

async function found(call: Acting): Promise<XmlNode> {
  const { core, caller } = call
  const criteria = criteriaOf(call)
  const isDetailed = flag(criteria, 'enabletndetail')
  const filter = filterOf(criteria)
  checkModifiers(criteria)
  const most = quantityOf(criteria.quantity, MOST_FOUND, MOST_FOUND, 1006)
  // numbers that are protected are not kept here
  if (criteria.protected?.toUpperCase() === 'ONLY') return doc('SearchResult')
  const terms = { currency: caller.account.currency, documents: 'none' as const }
  const limit = isDetailed ? Math.min(most, MOST_DETAILS) : most
  const { items } = await core.numbers.search({ ...filter, ...terms }, { limit, offset: 0 })
  if (items.length === 0) return doc('SearchResult')
  const list = isDetailed
    ? doc('TelephoneNumberDetailList', ...items.map(item => doc('TelephoneNumberDetail', ...detailNodes(item))))
    : doc(
        'TelephoneNumberList',
        ...each(
          'TelephoneNumber',
          items.map(item => tnOf(item.e164)),
        ),
      )
  return doc('SearchResult', el('ResultCount', items.length), list)
}

const availableNumbers = operation({
  ...common,
  on: `GET ${ACCOUNT}/availableNumbers`,
  scope: 'numbers:read',
  answers: { 200: 'SearchResult', ...errors('SearchResult', 400) },
  faults: searchFaults('SearchResult'),
  handle: async call => ({ body: await found(call) }),
})

const NPA_NXX = 'SearchResultForAvailableNpaNxx'

/** Faults: invalid_input. */
function areaOf(call: Acting): { npas?: string[]; region?: string } {
  const [area, state] = [queryText(call.inbound, 'areaCode'), queryText(call.inbound, 'state')]
  if (area !== undefined && !/^[2-9]\d\d$/.test(area)) {
    refuse(4000, please('Area Code'))
  }
  if (state !== undefined && !/^[A-Za-z]{2}$/.test(state)) {
    refuse(4006, please('State'))
  }
  return { ...(area && { npas: [area] }), ...(state && { region: state.toUpperCase() }) }
}

const availableNpaNxx = operation({
  ...common,
  on: `GET ${ACCOUNT}/availableNpaNxx`,
  scope: 'numbers:read',
  answers: { 200: NPA_NXX, ...errors(NPA_NXX, 400) },
  faults: searchFaults(NPA_NXX),
  async handle(call) {
    const most = quantityOf(queryText(call.inbound, 'quantity'), MOST_FOUND, MOST_FOUND, 1006)
    const blocks = await call.core.inventory.blocks(areaOf(call))
    const rows = blocks
      .filter(block => block.available > 0)
      .slice(0, most)
      .map(({ npaNxx, rateCenter, region, available }) =>
        doc(
          'AvailableNpaNxx',
          el('City', rateCenter),
          el('Npa', npaNxx.slice(0, 3)),
          el('Nxx', npaNxx.slice(3)),
          el('Quantity', available),
          el('State', region),
        ),
      )
    return { body: doc(NPA_NXX, doc('AvailableNpaNxxList', ...rows)) }
  },
})

export const searchOperations: readonly Operation[] = [availableNumbers, availableNpaNxx]
