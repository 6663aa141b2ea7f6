/** What calls are asked for by: the provider's names in, the core's filter out. */
import * as v from 'valibot'
import { Fault } from '../../../core/ground/fault.ts'
import type { CallDisposition } from '../../../core/ground/model.ts'
import type { CallFilter } from '../../../core/verbs.ts'
import { shownAs } from '../../kit/schema.ts'
import { parseInstant } from '../wire/text.ts'
import { Anything, lenientInt, Path, queryText } from './common.ts'

const DAY_MS = 86_400_000
const PER_PAGE = 20
const MAX_PER_PAGE = 100
const MAX_TEXT = 100
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

/** What a telephone system calls the ends of calls that we tell apart. */
export const HANGUP_CAUSES = {
  answered: 'NORMAL_CLEARING',
  no_answer: 'NO_ANSWER',
  busy: 'USER_BUSY',
  failed: 'NORMAL_TEMPORARY_FAILURE',
} as const satisfies Record<CallDisposition, string>

/** How calls got here; the provider's older papers have clients ask for its second name. */
export const CONTEXT = 'sip-trunking'
const CONTEXTS: readonly string[] = [CONTEXT, 'kamailio']

const Text = v.pipe(
  queryText,
  // a raw + arrives as a space
  v.transform(text => text?.replace(/%2b/gi, '+').replace(/^ /, '+').trim() || undefined),
  v.check(text => text === undefined || text.length <= MAX_TEXT, `must not be longer than ${MAX_TEXT} characters`),
)

const Day = v.pipe(
  queryText,
  v.transform(text => (text === undefined ? undefined : (parseInstant(text) ?? 'unreadable'))),
  v.check(value => value !== 'unreadable', 'must be a date, YYYY-MM-DD'),
)

const Direction = v.pipe(
  queryText,
  v.transform(text => text?.toLowerCase()),
  v.optional(v.picklist(['inbound', 'outbound'], 'must be inbound or outbound')),
)

const Seconds = v.pipe(
  Anything,
  shownAs({ type: 'integer', minimum: 0 }),
  v.transform(value => (value === '' ? undefined : String(value))),
  v.check(text => text === undefined || /^\d{1,9}$/.test(text), 'must be a whole number of seconds'),
  v.transform(text => (text === undefined ? undefined : Number(text))),
)

export const Filters = v.object({
  ...Path.entries,
  from_number: Text,
  to_number: Text,
  start_date: Day,
  end_date: Day,
  call_direction: Direction,
  min_duration: Seconds,
  sip_call_id: Text,
  bridge_uuid: Text,
  hangup_cause: Text,
  hangup_disposition: Text,
  context: Text,
  campaign_id: Text,
  search: Text,
})

export const ListQuery = v.object({
  ...Filters.entries,
  page: lenientInt(1),
  per_page: lenientInt(PER_PAGE, { max: MAX_PER_PAGE }),
})

export const RecentQuery = v.object({ ...Path.entries, limit: lenientInt(PER_PAGE, { max: MAX_PER_PAGE }) })

export type Filters = v.InferOutput<typeof Filters>

/** Both ends are part of the range; a bare date is a whole day in UTC. Faults: invalid_input. */
function rangeOf({ start_date, end_date }: Filters): Pick<CallFilter, 'from' | 'until'> {
  if (typeof start_date !== 'object' && typeof end_date !== 'object') return {}
  if (typeof start_date === 'object' && typeof end_date === 'object')
    return { from: start_date.at, until: end_date.at + (end_date.isDay ? DAY_MS : 1) }
  const [given, field] = typeof start_date === 'object' ? ['start_date', 'end_date'] : ['end_date', 'start_date']
  const message = `${field} is required beside ${given}`
  throw new Fault('invalid_input', { issues: [{ field, problem: 'conflict', message }] })
}

/** Undefined: no cause of ours. */
function dispositionOf(cause: string): CallDisposition | undefined {
  const dispositions = Object.keys(HANGUP_CAUSES) as CallDisposition[]
  return dispositions.find(disposition => HANGUP_CAUSES[disposition] === cause.toUpperCase())
}

/** Nothing is known here of other legs, of who released a call, and of campaigns. */
function matchesNothing({ bridge_uuid, hangup_disposition, campaign_id, context }: Filters): boolean {
  if (bridge_uuid !== undefined || hangup_disposition !== undefined || campaign_id !== undefined) return true
  return context !== undefined && !CONTEXTS.includes(context.toLowerCase())
}

/** A call is searched for by its id, or by what is in its numbers. */
function searchOf({ search, sip_call_id }: Filters): Pick<CallFilter, 'guid' | 'eitherText'> | undefined {
  const byId = search !== undefined && UUID.test(search)
  const ids = [...(byId ? [search] : []), ...(sip_call_id === undefined ? [] : [sip_call_id])]
  const [guid, ...others] = [...new Set(ids.map(id => id.toLowerCase()))]
  if (others.length > 0) return undefined
  return { ...(guid !== undefined && { guid }), ...(search !== undefined && !byId && { eitherText: search }) }
}

/** Undefined: nothing can match. Faults: invalid_input. */
export function filterOf(query: Filters, accountId: number): CallFilter | undefined {
  const { from_number, to_number, call_direction, min_duration, hangup_cause } = query
  const range = rangeOf(query)
  const search = searchOf(query)
  const disposition = hangup_cause === undefined ? undefined : dispositionOf(hangup_cause)
  if (!search || matchesNothing(query) || (hangup_cause !== undefined && !disposition)) return undefined
  return {
    accountId,
    ...range,
    ...search,
    ...(call_direction !== undefined && { direction: call_direction }),
    ...(disposition && { disposition }),
    ...(min_duration !== undefined && { minSeconds: min_duration }),
    ...(from_number !== undefined && { fromText: from_number }),
    ...(to_number !== undefined && { toText: to_number }),
  }
}
