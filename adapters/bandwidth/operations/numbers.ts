import { type Operation, operation } from '../../kit/dialect.ts'
import { notFound, statusFaults } from '../faults.ts'
import { refuseFilters } from '../fields/period.ts'
import { e164Of } from '../ids.ts'
import { corePage, cut, narrowing, ownedPage, ownedTotal, tnsNode } from '../ways/owned.ts'
import { doc, el } from '../wire/nodes.ts'
import { pageOf } from '../wire/paging.ts'
import { ACCOUNT, common, errors, paramOf } from './common.ts'

/** Numbers of one page, and of one that names no size. */
const PAGES = { most: 5_000, usual: 500 }
const shared = { ...common, scope: 'numbers:read', faults: statusFaults('ErrorResponse') } as const
const failing = errors('ErrorResponse', 400)

const inService = operation({
  ...shared,
  on: `GET ${ACCOUNT}/inserviceNumbers`,
  answers: { 200: 'TNs', 204: 'empty', ...failing },
  async handle({ core, caller, inbound }) {
    const asked = pageOf(inbound, PAGES)
    const paged = await ownedPage(core, caller, asked, narrowing(inbound))
    if (paged.total === 0) return { status: 204 }
    return {
      body: tnsNode(
        inbound,
        asked,
        paged,
        paged.items.map(({ number }) => number.e164),
      ),
    }
  },
})

const inServiceTotals = operation({
  ...shared,
  on: `GET ${ACCOUNT}/inserviceNumbers/totals`,
  answers: { 200: 'Quantity', ...failing },
  handle: async ({ core, caller, inbound }) => ({
    body: doc('Quantity', el('Count', await ownedTotal(core, caller, narrowing(inbound)))),
  }),
})

const isInService = operation({
  ...shared,
  on: `GET ${ACCOUNT}/inserviceNumbers/:tn`,
  answers: { 200: 'empty', ...errors('ErrorResponse', 404) },
  async handle(call) {
    const tn = paramOf(call, 'tn')
    const e164 = e164Of(tn)
    const owned = e164 === undefined ? undefined : await call.core.numbers.leaseOf(e164)
    if (owned?.lease.accountId !== call.caller.account.id) throw notFound('number', tn)
    return { status: 200 }
  },
})

const disconnected = operation({
  ...shared,
  on: `GET ${ACCOUNT}/discnumbers`,
  answers: { 200: 'TNs', ...failing },
  async handle({ core, caller, inbound }) {
    const asked = pageOf(inbound, PAGES)
    refuseFilters(inbound, ['startdate', 'enddate'])
    const listed = await core.numbers.resting(caller.account.id, corePage(asked))
    const paged = cut(listed, asked.size, number => number.e164)
    return {
      body: tnsNode(
        inbound,
        asked,
        paged,
        paged.items.map(number => number.e164),
      ),
    }
  },
})

const disconnectedTotals = operation({
  ...shared,
  on: `GET ${ACCOUNT}/discnumbers/totals`,
  answers: { 200: 'Quantity', ...errors('ErrorResponse') },
  async handle({ core, caller }) {
    const { total } = await core.numbers.resting(caller.account.id, { limit: 1, offset: 0 })
    return { body: doc('Quantity', el('Count', total)) }
  },
})

export const numberOperations: readonly Operation[] = [
  inServiceTotals,
  inService,
  isInService,
  disconnectedTotals,
  disconnected,
]
