/** Calls, read back. */
import type { InferOutput } from 'valibot'
import { digitsOf } from '../../../core/ground/e164.ts'
import { Fault } from '../../../core/ground/fault.ts'
import type { Call as PhoneCall } from '../../../core/ground/model.ts'
import { formatMoney } from '../../../core/ground/money.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import { table } from '../../kit/table.ts'
import { branch, leaf, type XmlNode } from '../../kit/xml.ts'
import * as fields from '../fields.ts'
import { MAX_ID } from '../ids.ts'
import { list } from '../views/people.ts'
import { adminScope, conflict } from '../ways/scope.ts'
import type { Outcome } from '../wire/envelope.ts'
import { time } from '../wire/text.ts'
import { answers } from './result.ts'

const ORDER = table({ DateTime: 'time', CdrId: 'id', Price: 'price' } as const)
/** Ten years back. */
const OLDEST_MONTH = -120

const DISPOSITIONS = { answered: 'ANSWERED', no_answer: 'NO ANSWER', busy: 'BUSY', failed: 'FAILED' } as const

/** A telephone number without its plus sign, anything else as it is. */
const side = (text: string) => (text.startsWith('+') ? digitsOf(text) : text)

function view(call: PhoneCall): XmlNode {
  const answeredAt = call.endedAt - call.talkSeconds * 1000
  return branch('Cdr', [
    leaf('CdrId', call.id),
    leaf('UserId', call.userId ?? ''),
    leaf('DateTime', time(call.startedAt)),
    leaf('CallerId', side(call.from)),
    leaf('Source', side(call.from)),
    leaf('Destination', side(call.to)),
    leaf('E164', digitsOf(call.e164)),
    leaf('Disposition', DISPOSITIONS[call.disposition]),
    leaf('Length', call.talkSeconds),
    leaf('Price', formatMoney(call.price, 2)),
    leaf('Cost', formatMoney(call.price, 2)),
    leaf('AnswerDateTime', call.answered ? time(answeredAt) : ''),
    leaf('EndDateTime', time(call.endedAt)),
    leaf('Routing', call.direction),
  ])
}

const input = fields.parameters({
  AccountId: fields.optionalId,
  OrganizationId: fields.optionalId,
  UserId: fields.optionalId,
  MonthOffset: fields.optionalInteger(OLDEST_MONTH, 0),
  StartDateTime: fields.optionalTime,
  EndDateTime: fields.optionalTime,
  StartCdrId: fields.optionalId,
  EndCdrId: fields.optionalInteger(0, MAX_ID),
  ...fields.paging('CdrBrowse'),
})

type Input = InferOutput<typeof input>

function missing(field: string): Fault {
  return new Fault('invalid_input', {
    issues: [{ field, problem: 'missing', message: 'is missing', code: 'Value.Required' }],
  })
}

/** One of the three ways, each range with both its ends. Faults: invalid_input. */
function rangeOf(input: Input, now: number) {
  const { MonthOffset, StartDateTime: from, EndDateTime: until, StartCdrId: fromId, EndCdrId: untilId } = input
  const isTime = from !== undefined || until !== undefined
  const isId = fromId !== undefined || untilId !== undefined
  if (MonthOffset !== undefined && (isTime || isId)) throw conflict('MonthOffset')
  if (isTime && isId) throw conflict('StartCdrId')
  if (isTime) {
    if (from === undefined) throw missing('StartDateTime')
    if (until === undefined) throw missing('EndDateTime')
    return { from, until }
  }
  if (isId) {
    if (fromId === undefined) throw missing('StartCdrId')
    if (untilId === undefined) throw missing('EndCdrId')
    return { fromId, untilId }
  }
  const today = new Date(now)
  const month = (ahead: number) => Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + (MonthOffset ?? 0) + ahead)
  return { from: month(0), until: month(1) }
}

const browse = operation({
  on: 'CdrBrowse',
  scope: 'billing:read',
  caller: 'required',
  ...answers('CdrBrowse'),
  input,
  async handle(call, input) {
    const { filter } = await adminScope(call, input)
    const range = rangeOf(input, call.core.clock.now())
    const { field, descending } = input.OrderBy
    const order = { by: ORDER[field] ?? 'time', descending }
    const page = { limit: input.Limit, offset: input.Offset }
    const found = await call.core.calls.browse({ ...filter, ...range }, page, order)
    // the page misspells the action; its schema does not
    const result = branch('CdrBrowse', [list('Cdrs', found.items.map(view), input, found.total)])
    return { body: { result } satisfies Outcome }
  },
})

/** Both names are answered; the answer's element is the same. */
const twice: Operation = { ...browse, on: 'CdrBrowseBrowse' }

export const cdrOperations: readonly Operation[] = [browse, twice]
