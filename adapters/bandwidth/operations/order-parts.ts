import type { Order } from '../../../core/ground/model.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import { textOf } from '../../kit/xml-read.ts'
import { faults, refuse, statusFaults } from '../faults.ts'
import { rootOf } from '../fields/documents.ts'
import { timeText, tnOf } from '../ids.ts'
import { historyNode, soldOf } from '../views/orders.ts'
import { doc, each, el } from '../wire/nodes.ts'
import { ACCOUNT, type Acting, common, created, errors, ownOrder } from './common.ts'
import { statusNow } from './orders.ts'

/** Path below the account, and what kind of order stands there. */
const PLACES: readonly (readonly [string, Order['kind']])[] = [
  ['orders', 'request'],
  ['disconnects', 'return'],
]

const NOTE = 'bandwidth.note'
const MOST_NOTES = 10_000
const MOST_OF_ONE = 1_000
const MOST_TEXT = 500

/** Numbers as they are seen: none before the order is seen to be over. */
async function seen(call: Acting): Promise<string[]> {
  const order = await ownOrder(call, 'request')
  const status = statusNow(call, order)
  return status === 'RECEIVED' || status === 'PROCESSING' ? [] : soldOf(order).map(tnOf)
}

const tns = operation({
  ...common,
  on: `GET ${ACCOUNT}/orders/:order/tns`,
  scope: 'numbers:read',
  answers: { 200: 'TelephoneNumbers', ...errors('ErrorResponse', 404) },
  faults,
  async handle(call) {
    const numbers = await seen(call)
    return { body: doc('TelephoneNumbers', el('Count', numbers.length), ...each('TelephoneNumber', numbers)) }
  },
})

/** How many numbers share the first so many digits. */
function report(path: string, name: string | undefined, digits: number): Operation {
  return operation({
    ...common,
    on: `GET ${ACCOUNT}/orders/:order/${path}`,
    scope: 'numbers:read',
    answers: { 200: 'TelephoneDetailsReports', ...errors('ErrorResponse', 404) },
    faults,
    async handle(call) {
      const counts = new Map<string, number>()
      for (const tn of await seen(call)) counts.set(tn.slice(0, digits), (counts.get(tn.slice(0, digits)) ?? 0) + 1)
      const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1))
      if (name === undefined && rows.length === 0) rows.push(['', 0])
      const nodes = rows.map(([start, count]) =>
        doc('TelephoneDetailsReport', name === undefined ? undefined : el(name, start), el('Count', count)),
      )
      return { body: doc('TelephoneDetailsReports', ...nodes) }
    },
  })
}

function history(place: string, kind: Order['kind']): Operation {
  return operation({
    ...common,
    on: `GET ${ACCOUNT}/${place}/:order/history`,
    scope: 'numbers:read',
    answers: { 200: 'OrderHistoryWrapper', ...errors('ErrorResponse', 404) },
    faults,
    async handle(call) {
      const order = await ownOrder(call, kind)
      return { body: historyNode(order, statusNow(call, order)) }
    },
  })
}

function notes(place: string, kind: Order['kind']): readonly Operation[] {
  const on = `${ACCOUNT}/${place}/:order/notes`
  return [
    operation({
      ...common,
      on: `GET ${on}`,
      scope: 'numbers:read',
      answers: { 200: 'Notes', 204: 'empty', ...errors('ErrorResponse', 404) },
      faults,
      async handle(call) {
        const { guid } = await ownOrder(call, kind)
        const filter = { accountIds: [call.caller.account.id], kind: NOTE, name: guid }
        const { items } = await call.core.resources.list(filter, { limit: MOST_OF_ONE, offset: 0 })
        if (items.length === 0) return { status: 204 }
        const nodes = items.map(({ id, data, createdAt }) =>
          doc(
            'Note',
            el('Id', id),
            el('UserId', String(data.user)),
            el('Description', String(data.text)),
            el('LastDateModifier', timeText(createdAt)),
          ),
        )
        return { body: doc('Notes', ...nodes) }
      },
    }),
    operation({
      ...common,
      on: `POST ${on}`,
      scope: 'numbers:write',
      answers: { 201: 'empty', ...errors('NoteResponse', 400, 404) },
      faults: statusFaults('NoteResponse'),
      async handle(call) {
        const note = rootOf(call.inbound, 'Note')
        const { guid } = await ownOrder(call, kind)
        const [user, text] = [textOf(note, 'userid'), textOf(note, 'description')]
        if (user === undefined) return refuse(12501, 'Username is required')
        if (text === undefined) return refuse(1003, 'Description is required')
        if (text.length > MOST_TEXT || user.length > MOST_TEXT) {
          refuse(1006, `Description must be between 1 and ${MOST_TEXT} (bounds are included)`)
        }
        const input = { kind: NOTE, name: guid, data: { user, text }, limit: MOST_NOTES }
        const { id } = await call.core.resources.create(call.caller, input)
        return created(call, id)
      },
    }),
  ]
}

export const orderPartOperations: readonly Operation[] = [
  tns,
  report('areaCodes', 'AreaCode', 3),
  report('npaNxx', 'NPA-NXX', 6),
  report('totals', undefined, 0),
  ...PLACES.flatMap(([place, kind]) => [history(place, kind), ...notes(place, kind)]),
]
