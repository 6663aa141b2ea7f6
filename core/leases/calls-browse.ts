/**
 * Calls read back. What asks for an account, a direction and a time is answered from `call_sums` and one stretch of an
 * index, whatever page it is; what asks for more may look at every call of the account, and holds nobody up.
 */
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Call, Listed, Page } from '../ground/model.ts'
import type { Row } from '../ground/rows.ts'
import { SPANS } from '../store/call-records.ts'
import type { Reader, Store } from '../store/store.ts'
import type { CallFilter, CallSum, Calls } from '../verbs.ts'

type Order = NonNullable<Parameters<Calls['browse']>[2]>

export const toCall = (row: Row<'calls'>, e164: string): Call => ({
  id: row.id,
  guid: row.guid ?? `00000000-0000-4000-8000-${String(row.id).padStart(12, '0')}`,
  numberId: row.number_id,
  e164,
  accountId: row.account_id,
  organizationId: row.organization_id,
  userId: row.user_id,
  direction: row.direction as Call['direction'],
  answered: row.answered === 1,
  disposition: row.disposition as Call['disposition'],
  from: row.from_text,
  to: row.to_text,
  via: row.via_text,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  durationSeconds: row.duration_seconds,
  talkSeconds: row.talk_seconds,
  price: row.price,
  currency: row.currency,
})

/** What `call_sums` can tell. */
const COUNTED: readonly (keyof CallFilter)[] = ['accountId', 'currency', 'direction', 'from', 'until']

/** Whether all of its sums are known. */
function isSummed(filter: CallFilter): boolean {
  return Object.entries(filter).every(
    ([name, value]) => value === undefined || COUNTED.includes(name as keyof CallFilter),
  )
}

/** Whether it is known how many there are: of all, or of those that were answered. */
export function isCounted({ disposition, ...filter }: CallFilter): boolean {
  return (disposition === undefined || disposition === 'answered') && isSummed(filter)
}

/** The column of `call_sums` that counts what is asked for. */
const counter = ({ disposition }: CallFilter) => (disposition === 'answered' ? 'answered' : 'calls')

/** What the client sent holds no wildcards. */
function inside(column: string, text: string) {
  return sql<SqlBool>`${sql.ref(column)} LIKE ${`%${text.replace(/[\\%_]/g, '\\$&')}%`} ESCAPE '\\'`
}

/** Calls of before there were guids are named by their ids. */
const OLD_GUID = /^00000000-0000-4000-8000-(\d{12})$/

function guidIs(guid: string): RawBuilder<SqlBool> {
  const [, id] = OLD_GUID.exec(guid) ?? []
  return id === undefined ? sql`guid = ${guid}` : sql`(guid = ${guid} OR (guid IS NULL AND calls.id = ${Number(id)}))`
}

function matching(db: Reader, filter: CallFilter) {
  let query = db.selectFrom('calls').where('account_id', '=', filter.accountId)
  if (filter.from !== undefined) query = query.where('calls.started_at', '>=', filter.from)
  if (filter.until !== undefined) query = query.where('calls.started_at', '<', filter.until)
  if (filter.direction !== undefined) query = query.where('direction', '=', filter.direction)
  if (filter.disposition !== undefined) query = query.where('disposition', '=', filter.disposition)
  if (filter.currency !== undefined) query = query.where('calls.currency', '=', filter.currency)
  if (filter.organizationId !== undefined) query = query.where('organization_id', '=', filter.organizationId)
  if (filter.userId !== undefined) query = query.where('user_id', '=', filter.userId)
  if (filter.fromId !== undefined) query = query.where('calls.id', '>=', filter.fromId)
  if (filter.untilId !== undefined) query = query.where('calls.id', '<', filter.untilId)
  if (filter.minSeconds !== undefined) query = query.where('duration_seconds', '>=', filter.minSeconds)
  if (filter.minTalkSeconds !== undefined) query = query.where('talk_seconds', '>=', filter.minTalkSeconds)
  if (filter.via !== undefined) query = query.where('via_text', '=', filter.via)
  if (filter.guid !== undefined) query = query.where(guidIs(filter.guid))
  if (filter.fromText !== undefined) query = query.where(inside('from_text', filter.fromText))
  if (filter.toText !== undefined) query = query.where(inside('to_text', filter.toText))
  const { eitherText: either } = filter
  if (either !== undefined)
    query = query.where(sql<SqlBool>`(${inside('from_text', either)} OR ${inside('to_text', either)})`)
  return query
}

type Sums = {
  calls: number
  answered: number | null
  seconds: number | null
  talk_seconds: number | null
  price: number | null
}

const NOTHING: CallSum = { calls: 0, answered: 0, seconds: 0, talkSeconds: 0, price: 0, lastAt: null }

const toSum = (row: Sums, lastAt: number | null): CallSum => ({
  calls: Number(row.calls ?? 0),
  answered: Number(row.answered ?? 0),
  seconds: Number(row.seconds ?? 0),
  talkSeconds: Number(row.talk_seconds ?? 0),
  price: Number(row.price ?? 0),
  lastAt,
})

const plus = (one: CallSum, other: CallSum): CallSum => ({
  calls: one.calls + other.calls,
  answered: one.answered + other.answered,
  seconds: one.seconds + other.seconds,
  talkSeconds: one.talkSeconds + other.talkSeconds,
  price: one.price + other.price,
  lastAt: other.lastAt ?? one.lastAt,
})

async function addUp(db: Reader, filter: CallFilter): Promise<CallSum> {
  const row = await matching(db, filter)
    .select(e => [
      e.fn.countAll<number>().as('calls'),
      e.fn.sum<number | null>('answered').as('answered'),
      e.fn.sum<number | null>('duration_seconds').as('seconds'),
      e.fn.sum<number | null>('talk_seconds').as('talk_seconds'),
      e.fn.sum<number | null>('price').as('price'),
      e.fn.max<number | null>('calls.started_at').as('last_at'),
    ])
    .executeTakeFirstOrThrow()
  return toSum(row, row.last_at)
}

/** Whole slots of this length inside the time that is asked for; undefined: open. */
function wholeSlots({ from, until }: CallFilter, span: number) {
  return {
    first: from === undefined ? undefined : Math.ceil(from / span),
    end: until === undefined ? undefined : Math.floor(until / span),
  }
}

function slotsOf(db: Reader, filter: CallFilter, span: number) {
  const { first, end } = wholeSlots(filter, span)
  let query = db.selectFrom('call_sums').where('account_id', '=', filter.accountId).where('span', '=', span)
  if (filter.direction !== undefined) query = query.where('direction', '=', filter.direction)
  if (filter.currency !== undefined) query = query.where('currency', '=', filter.currency)
  if (first !== undefined) query = query.where('slot', '>=', first)
  if (end !== undefined) query = query.where('slot', '<', end)
  return query
}

/** The begun slots before and after the whole ones. */
function begunSlots(filter: CallFilter, span: number): { before?: CallFilter; after?: CallFilter } {
  const { first, end } = wholeSlots(filter, span)
  const { from, until } = filter
  return {
    ...(from !== undefined &&
      first !== undefined &&
      from < first * span && { before: { ...filter, until: first * span } }),
    ...(until !== undefined && end !== undefined && until > end * span && { after: { ...filter, from: end * span } }),
  }
}

/** Whole days, then the hours of begun days, then the calls of begun hours. */
async function countedSum(db: Reader, filter: CallFilter, level = 0): Promise<CallSum> {
  const { from, until } = filter
  if (from !== undefined && until !== undefined && from >= until) return NOTHING
  const span = SPANS[level]
  if (span === undefined) return addUp(db, filter)
  const { first, end } = wholeSlots(filter, span)
  if (first !== undefined && end !== undefined && first >= end) return countedSum(db, filter, level + 1)
  const row = await slotsOf(db, filter, span)
    .select(e => [
      e.fn.sum<number>(counter(filter)).as('calls'),
      e.fn.sum<number | null>('answered').as('answered'),
      e.fn.sum<number | null>('seconds').as('seconds'),
      e.fn.sum<number | null>('talk_seconds').as('talk_seconds'),
      e.fn.sum<number | null>('price').as('price'),
    ])
    .executeTakeFirstOrThrow()
  let sum = toSum(row, null)
  for (const begun of Object.values(begunSlots(filter, span))) sum = plus(sum, await countedSum(db, begun, level + 1))
  return sum
}

async function lastCall(db: Reader, filter: CallFilter): Promise<number | null> {
  const row = await matching(db, filter)
    .select('calls.started_at')
    .orderBy('calls.started_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.started_at ?? null
}

export async function sumCalls(store: Store, filter: CallFilter): Promise<CallSum> {
  if (!isSummed(filter)) return store.readAside(db => addUp(db, filter))
  return store.read(async db => {
    const sum = await countedSum(db, filter)
    return sum.calls === 0 ? NOTHING : { ...sum, lastAt: await lastCall(db, filter) }
  })
}

/** Fewer than that are passed over one by one. */
const NEAR = 500

/** The whole slot in which the row at this offset of them lies, and how many rows of whole slots come first. */
async function slotAt(db: Reader, filter: CallFilter, span: number, offset: number, isBackward: boolean) {
  const direction = isBackward ? 'desc' : 'asc'
  const sums = slotsOf(db, filter, span)
    .select(e => ['slot', e.fn.sum<number>(counter(filter)).as('calls')])
    .groupBy('slot')
  const before = sql<number>`sum(calls) OVER (ORDER BY slot ${sql.raw(direction)}) - calls`
  const found = await db
    .selectFrom(
      db
        .selectFrom(sums.as('sums'))
        .select(['slot', 'calls', before.as('before')])
        .as('running'),
    )
    .selectAll()
    .where('before', '<=', offset)
    .orderBy('before', 'desc')
    .limit(1)
    .executeTakeFirst()
  return found && { slot: Number(found.slot), calls: Number(found.calls), before: Number(found.before) }
}

/** From where on the row at this offset is looked for, and how many rows are passed over. */
interface Start {
  at: number
  skip: number
}

/** The day, and in it the hour, in which the row at this offset lies. Undefined: the beginning is as near as anything. */
async function startAt(
  db: Reader,
  filter: CallFilter,
  offset: number,
  isBackward: boolean,
  level = 0,
): Promise<Start | undefined> {
  const span = SPANS[level]
  if (span === undefined || offset < NEAR) return undefined
  const { first, end } = wholeSlots(filter, span)
  if (first !== undefined && end !== undefined && first >= end)
    return startAt(db, filter, offset, isBackward, level + 1)
  const { before, after } = begunSlots(filter, span)
  const begun = isBackward ? after : before
  const passed = begun ? (await countedSum(db, begun, level + 1)).calls : 0
  if (begun && offset < passed) return startAt(db, begun, offset, isBackward, level + 1)
  const found = await slotAt(db, filter, span, offset - passed, isBackward)
  if (!found) return undefined
  const skip = offset - passed - found.before
  const [from, until] = [found.slot * span, (found.slot + 1) * span]
  const nearer = skip < found.calls && (await startAt(db, { ...filter, from, until }, skip, isBackward, level + 1))
  return nearer || { at: isBackward ? until : from, skip }
}

export async function rowsBetween(db: Reader, filter: CallFilter, page: Page, order: Order) {
  const direction = order.descending ? 'desc' : 'asc'
  const column = ({ time: 'calls.started_at', id: 'calls.id', price: 'calls.price' } as const)[order.by]
  let query = matching(db, filter)
    .innerJoin('numbers', 'numbers.id', 'calls.number_id')
    .selectAll('calls')
    .select('numbers.e164')
    .orderBy(column, direction)
  if (order.by !== 'id') query = query.orderBy('calls.id', direction)
  const rows = await query.limit(page.limit).offset(page.offset).execute()
  return rows.map(row => toCall(row, row.e164))
}

/** Far pages are read from the nearer end, and from the day or hour in which they begin. */
async function countedPage(db: Reader, filter: CallFilter, { limit, offset }: Page, total: number, order: Order) {
  const count = Math.min(limit, total - offset)
  if (count <= 0) return []
  const isTurned = offset > total / 2
  const isBackward = order.descending !== isTurned
  const near = isTurned ? total - offset - count : offset
  const start = await startAt(db, filter, near, isBackward)
  const stretch = start && (isBackward ? { until: start.at } : { from: start.at })
  const page = { limit: count, offset: start?.skip ?? near }
  const rows = await rowsBetween(db, { ...filter, ...stretch }, page, { by: 'time', descending: isBackward })
  return isTurned ? rows.reverse() : rows
}

export async function browseCalls(
  store: Store,
  filter: CallFilter,
  page: Page,
  order: Order = { by: 'time', descending: false },
): Promise<Listed<Call>> {
  if (order.by === 'time' && isCounted(filter)) {
    return store.read(async db => {
      const { calls: total } = await countedSum(db, filter)
      return { items: await countedPage(db, filter, page, total, order), total }
    })
  }
  if (filter.guid !== undefined) {
    return store.read(async db => {
      const items = await rowsBetween(db, filter, page, order)
      return { items, total: items.length + (items.length > 0 ? page.offset : 0) }
    })
  }
  return store.readAside(async db => {
    const items = await rowsBetween(db, filter, page, order)
    const { calls: total } = isCounted(filter) ? await countedSum(db, filter) : await addUp(db, filter)
    return { items, total }
  })
}
