/** Calls as the provider's 43 fields. What only a telephone system knows (media, carriers, other legs) is empty. */
import type { Account, Call } from '../../../core/ground/model.ts'
import type { CallSum } from '../../../core/verbs.ts'
import { csvLine } from '../../kit/csv.ts'
import { majorUnits } from '../../kit/money-text.ts'
import { CONTEXT, type Filters, HANGUP_CAUSES } from '../fields/calls.ts'
import { timestamp } from '../wire/text.ts'

/** The provider's page on them names the code of a normal end; 0 is its word for what could not be determined. */
function hangup({ disposition }: Call) {
  const known = disposition === 'answered' ? ([4000, 'Normal Hangup'] as const) : ([0, 'Unknown'] as const)
  return {
    hangup_cause: HANGUP_CAUSES[disposition],
    hangup_cause_code: known[0],
    hangup_cause_name: known[1],
    hangup_disposition: null,
    hangup_source: 'Unknown',
  }
}

function money({ price, currency }: Call) {
  const cost = majorUnits(price)
  return { cost, streaming_cost: 0, total_cost: cost, currency }
}

const MEDIA = { codec: null, jitter: null, mos: null, packet_loss: null, network_addr: null, sip_user_agent: null }

function times(call: Call) {
  const [start, end] = [timestamp(call.startedAt), timestamp(call.endedAt)]
  return {
    answer_time: call.answered ? timestamp(call.endedAt - call.talkSeconds * 1000) : null,
    billsec: call.talkSeconds,
    duration: call.durationSeconds,
    ring_time: call.durationSeconds - call.talkSeconds,
    ...{ start_time: start, progress_time: start, end_time: end, created_at: end, updated_at: end },
  }
}

/** Everything that is told of a call. */
function told(call: Call, { handle }: Account) {
  return {
    account_id: handle,
    id: call.id,
    ...{ uuid: call.guid, sip_call_id: call.guid, bridge_uuid: null },
    call_direction: call.direction,
    ...{ caller_id_name: '', caller_id_number: call.from, destination_number: call.to },
    ...{ context: CONTEXT, region: '', origination_region: '' },
    ...{ campaign_id: null, carrier_ip: null, customer_endpoint: null, terminated_to: null, trunk_id: null },
    ...{ failure_code: null, failure_reason: null },
    ...times(call),
    ...money(call),
    ...hangup(call),
    ...MEDIA,
  }
}

type Cdr = ReturnType<typeof told>

/** In the order of the provider's samples. */
const COLUMNS = [
  ...['account_id', 'answer_time', 'billsec', 'bridge_uuid', 'call_direction', 'caller_id_name', 'caller_id_number'],
  ...['campaign_id', 'carrier_ip', 'codec', 'context', 'cost', 'created_at', 'currency', 'customer_endpoint'],
  ...['destination_number', 'duration', 'end_time', 'failure_code', 'failure_reason', 'hangup_cause'],
  ...['hangup_cause_code', 'hangup_cause_name', 'hangup_disposition', 'hangup_source', 'id', 'jitter', 'mos'],
  ...['network_addr', 'origination_region', 'packet_loss', 'progress_time', 'region', 'ring_time', 'sip_call_id'],
  ...['sip_user_agent', 'start_time', 'streaming_cost', 'terminated_to', 'total_cost', 'trunk_id', 'updated_at'],
  'uuid',
] as const satisfies readonly (keyof Cdr)[]

export function cdr(call: Call, account: Account): Cdr {
  const view = told(call, account)
  return Object.fromEntries(COLUMNS.map(name => [name, view[name]])) as Cdr
}

const NOTHING = {
  ...{ answer_time: '', bridge_uuid: '', codec: '', hangup_disposition: '', network_addr: '', sip_user_agent: '' },
  ...{ jitter: 0, mos: 0, packet_loss: 0 },
}

/** Clients generated from the provider's one sample of a single call take no null for these. */
export function singleCdr(call: Call, account: Account) {
  const view = cdr(call, account)
  const empty = Object.entries(NOTHING).filter(([name]) => view[name as keyof Cdr] === null)
  return { ...view, ...Object.fromEntries(empty) }
}

export const CSV_HEAD = csvLine(COLUMNS)

export function csvOf(calls: readonly Call[], account: Account): string {
  return calls
    .map(call => {
      const view = told(call, account)
      return csvLine(COLUMNS.map(name => String(view[name] ?? '')))
    })
    .join('')
}

const share = (part: number, whole: number) => (whole === 0 ? 0 : Math.round((part * 10_000) / whole) / 100)

export function summary({ calls, answered, seconds, talkSeconds, price, lastAt }: CallSum) {
  return {
    answerRate: share(answered, calls),
    answeredCalls: answered,
    avgCallDuration: `${calls === 0 ? 0 : Math.round(seconds / calls)}s`,
    last_call_at: lastAt === null ? '' : timestamp(lastAt),
    totalCalls: calls,
    total_billable_seconds: talkSeconds,
    total_cost: majorUnits(price),
    total_duration_seconds: seconds,
  }
}

export function pagination(page: number, per_page: number, total: number) {
  const pages = Math.ceil(total / per_page)
  return { page, per_page, total, pages, has_next: page < pages, has_prev: page > 1 }
}

/** What was asked for, empty where nothing was. */
export function filtersEcho({ call_direction, from_number, hangup_cause, to_number }: Filters) {
  return {
    call_direction: call_direction ?? '',
    from_number: from_number ?? '',
    hangup_cause: hangup_cause ?? '',
    to_number: to_number ?? '',
  }
}
