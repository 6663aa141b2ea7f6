/** Exact shapes of call detail records. */
import * as v from 'valibot'
import { AuthId, Timestamp, Uuid, Whole } from './shapes.ts'

const Direction = v.picklist(['inbound', 'outbound'])
const Empty = v.literal('')

const always = {
  account_id: AuthId,
  billsec: Whole,
  call_direction: Direction,
  caller_id_name: v.string(),
  caller_id_number: v.string(),
  campaign_id: v.null(),
  carrier_ip: v.null(),
  context: v.string(),
  cost: v.number(),
  created_at: Timestamp,
  currency: v.string(),
  customer_endpoint: v.null(),
  destination_number: v.string(),
  duration: Whole,
  end_time: Timestamp,
  failure_code: v.null(),
  failure_reason: v.null(),
  hangup_cause: v.string(),
  hangup_cause_code: Whole,
  hangup_cause_name: v.string(),
  hangup_source: v.string(),
  id: Whole,
  origination_region: v.string(),
  progress_time: Timestamp,
  region: v.string(),
  ring_time: Whole,
  sip_call_id: Uuid,
  start_time: Timestamp,
  streaming_cost: Whole,
  terminated_to: v.null(),
  total_cost: v.number(),
  trunk_id: v.null(),
  updated_at: Timestamp,
  uuid: Uuid,
}

/** One of a list: null where nothing is known. */
const Listed = v.strictObject({
  ...always,
  answer_time: v.nullable(Timestamp),
  bridge_uuid: v.null(),
  codec: v.null(),
  hangup_disposition: v.null(),
  jitter: v.null(),
  mos: v.null(),
  network_addr: v.null(),
  packet_loss: v.null(),
  sip_user_agent: v.null(),
})

/** One by itself: strict clients want text and figures where a list has null. */
const Single = v.strictObject({
  ...always,
  answer_time: v.union([Timestamp, Empty]),
  bridge_uuid: Empty,
  codec: Empty,
  hangup_disposition: Empty,
  jitter: v.literal(0),
  mos: v.literal(0),
  network_addr: Empty,
  packet_loss: v.literal(0),
  sip_user_agent: Empty,
})

const Summary = v.strictObject({
  answerRate: v.number(),
  answeredCalls: Whole,
  avgCallDuration: v.pipe(v.string(), v.regex(/^\d+s$/)),
  last_call_at: v.union([Timestamp, Empty]),
  totalCalls: Whole,
  total_billable_seconds: Whole,
  total_cost: v.number(),
  total_duration_seconds: Whole,
})

const Pagination = v.strictObject({
  page: Whole,
  per_page: Whole,
  total: Whole,
  pages: Whole,
  has_next: v.boolean(),
  has_prev: v.boolean(),
})

const recent = { account_id: AuthId, count: Whole, data: v.array(Listed), success: v.literal(true) }
const list = { ...recent, pagination: Pagination, summary: Summary }

export const CdrRecent = v.strictObject(recent)
export const CdrList = v.strictObject(list)
export const CdrSearch = v.strictObject({
  ...list,
  filters: v.strictObject({
    call_direction: v.union([Direction, Empty]),
    from_number: v.string(),
    hangup_cause: v.string(),
    to_number: v.string(),
  }),
})
export const CdrSingle = v.strictObject({ data: Single, success: v.literal(true) })
