import * as v from 'valibot'
import type { Core } from '../../core/verbs.ts'
import {
  COLUMNS,
  csvHeader,
  csvRow,
  inventoryRow,
  jsonRow,
  ledgerRow,
  ownedRow,
  ownershipRow,
  type Row,
} from '../files/export-rows.ts'
import type { Log } from '../logs/log.ts'
import { country, currency, moment, wholeNumber, yesOrNo } from './input.ts'
import { KINDS } from './ledger.ts'
import { type AdminModule, route } from './route.ts'
import { numberStates } from './search.ts'

const FORMATS = { csv: 'text/csv; charset=utf-8', ndjson: 'application/x-ndjson' } as const
type Format = keyof typeof FORMATS

const format = v.optional(v.picklist(['csv', 'ndjson'], 'must be csv or ndjson'), 'csv')

const ofInventory = v.object({
  format,
  for_import: yesOrNo,
  state: v.optional(numberStates),
  country: v.optional(country),
})
const ofOwnership = v.object({ format, for_import: yesOrNo, account: v.optional(wholeNumber), ended: yesOrNo })
const ofLedger = v.object({
  format,
  account: v.optional(wholeNumber),
  currency: v.optional(currency),
  kind: v.optional(v.picklist(KINDS, `must be one of ${KINDS.join(', ')}`)),
  from: v.optional(moment),
  until: v.optional(moment),
})

const STREAMED =
  'As lines of CSV or of JSON, as fast as they are taken, however many there are: each row as it is when it is read. An ' +
  'answer that breaks off is not whole.'
const IMPORTED = '`for_import`: the columns of the format of CSV files alone, to be imported into another gateway'

type Batches<T> = AsyncGenerator<T[], void, undefined>

async function* textOf<T>(batches: Batches<T>, view: (item: T) => Row, columns: readonly string[], as: Format) {
  const line = as === 'csv' ? csvRow : jsonRow
  if (as === 'csv') yield csvHeader(columns)
  for await (const batch of batches) yield batch.map(item => line(columns, view(item))).join('')
}

/** A step is read when the one before it is taken. */
function streamed(name: string, texts: AsyncGenerator<string, void, undefined>, as: Format, log: Log): Response {
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await texts.next()
          if (done) controller.close()
          else controller.enqueue(encoder.encode(value))
        } catch (error) {
          log.error({ err: error, export: name }, 'an export broke off')
          controller.error(error)
        }
      },
      async cancel() {
        await texts.return()
      },
    },
    { highWaterMark: 0 },
  )
  const disposition = `attachment; filename="${name}.${as}"`
  return new Response(body, { headers: { 'content-type': FORMATS[as], 'content-disposition': disposition } })
}

function inventoryOf(core: Core, asked: v.InferOutput<typeof ofInventory>) {
  const { for_import: isForImport, state, format: as, country: land } = asked
  const states = state ?? (isForImport ? ['available' as const] : undefined)
  const columns = isForImport ? COLUMNS.stock : COLUMNS.inventory
  return textOf(core.exports.inventory({ states, country: land }), inventoryRow, columns, as)
}

function ownershipOf(core: Core, asked: v.InferOutput<typeof ofOwnership>) {
  const { for_import: isForImport, account: accountId, ended, format: as } = asked
  const batches = core.exports.ownership({ accountId, isEndedToo: ended && !isForImport })
  if (isForImport) return textOf(batches, ownedRow, COLUMNS.owned, as)
  return textOf(batches, ownershipRow, COLUMNS.ownership, as)
}

/** All there is, for who reads on and on. */
export const exportRoutes: AdminModule = [
  route(
    'GET /exports/inventory',
    {
      summary: 'All numbers, as a stream',
      description: `${STREAMED} ${IMPORTED}; those for sale, unless \`state\` names others.`,
      query: ofInventory,
      gives: 'text/csv',
    },
    ({ core, log }, _, given) => {
      const asked = given.query()
      return streamed('inventory', inventoryOf(core, asked), asked.format, log)
    },
  ),
  route(
    'GET /exports/ownership',
    {
      summary: 'Who owns which number, as a stream',
      description: `${STREAMED} \`ended\`: also former owners. ${IMPORTED} (\`owned\`), where the price of a number is what its owner pays.`,
      query: ofOwnership,
      gives: 'text/csv',
    },
    ({ core, log }, _, given) => {
      const asked = given.query()
      return streamed('ownership', ownershipOf(core, asked), asked.format, log)
    },
  ),
  route(
    'GET /exports/ledger',
    {
      summary: 'What accounts were charged and paid, as a stream, oldest first',
      description: `${STREAMED} \`from\` is inclusive, \`until\` is not.`,
      query: ofLedger,
      gives: 'text/csv',
    },
    ({ core, log }, _, given) => {
      const { format: as, account: accountId, ...asked } = given.query()
      const texts = textOf(core.exports.ledger({ accountId, ...asked }), ledgerRow, COLUMNS.ledger, as)
      return streamed('ledger', texts, as, log)
    },
  ),
]
