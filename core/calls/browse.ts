/**
 * Calls read back. What asks for an account, a direction and a time is answered from `call_hours` and one stretch of an
 * index, whatever page it is; what asks for more may look at every call of the account, and holds nobody up.
 */
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Call, Listed, Page } from '../model.ts'
import type { Row } from '../rows.ts'
import { HOUR_MS } from '../store/call-records.ts'
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
  startedAt: row.started_at,
  endedAt: row.ended_at,
  durationSeconds: row.duration_seconds,
  talkSeconds: row.talk_seconds,
  price: row.price,
  currency: row.currency,
})

/** What `call_hours` can tell. */
const COUNTED: readonly (keyof CallFilter)[] = ['accountId', 'direction', 'from', 'until']

function isCounted(filter: CallFilter): boolean {
  return Object.entries(filter).every(
    ([name, value]) => value === undefined || COUNTED.includes(name as keyof CallFilter),
  )
}

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
  if (filter.organizationId !== undefined) query = query.where('organization_id', '=', filter.organizationId)
  if (filter.userId !== undefined) query = query.where('user_id', '=', filter.userId)
  if (filter.fromId !== undefined) query = query.where('calls.id', '>=', filter.fromId)
  if (filter.untilId !== undefined) query = query.where('calls.id', '<', filter.untilId)
  if (filter.minSeconds !== undefined) query = query.where('duration_seconds', '>=', filter.minSeconds)
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

function hoursOf(
  db: Reader,
  { accountId, direction }: CallFilter,
  from: number | undefined,
  until: number | undefined,
) {
  let query = db.selectFrom('call_hours').where('account_id', '=', accountId)
  if (direction !== undefined) query = query.where('direction', '=', direction)
  if (from !== undefined) query = query.where('hour', '>=', from)
  if (until !== undefined) query = query.where('hour', '<', until)
  return query
}

/** Whole hours inside the time that is asked for. */
function wholeHours({ from, until }: CallFilter) {
  return {
    first: from === undefined ? undefined : Math.ceil(from / HOUR_MS),
    end: until === undefined ? undefined : Math.floor(until / HOUR_MS),
  }
}

/** Begun hours at both ends are looked at call by call. */
async function countedSum(db: Reader, filter: CallFilter): Promise<CallSum> {
  const { first, end } = wholeHours(filter)
  const { from, until } = filter
  if (from !== undefined && until !== undefined && from >= until) return NOTHING
  if (first !== undefined && end !== undefined && first >= end) return addUp(db, filter)
  const row = await hoursOf(db, filter, first, end)
    .select(e => [
      e.fn.sum<number>('calls').as('calls'),
      e.fn.sum<number | null>('answered').as('answered'),
      e.fn.sum<number | null>('seconds').as('seconds'),
      e.fn.sum<number | null>('talk_seconds').as('talk_seconds'),
      e.fn.sum<number | null>('price').as('price'),
    ])
    .executeTakeFirstOrThrow()
  let sum = toSum(row, null)
  if (first !== undefined && (from as number) < first * HOUR_MS) {
    sum = plus(sum, await addUp(db, { ...filter, until: first * HOUR_MS }))
  }
  if (end !== undefined && (until as number) > end * HOUR_MS) {
    sum = plus(sum, await addUp(db, { ...filter, from: end * HOUR_MS }))
  }
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
  if (!isCounted(filter)) return store.readAside(db => addUp(db, filter))
  return store.read(async db => {
    const sum = await countedSum(db, filter)
    return sum.calls === 0 ? NOTHING : { ...sum, lastAt: await lastCall(db, filter) }
  })
}

/** Fewer than that are passed over one by one. */
const NEAR = 500

/** The hour in which the row at this offset lies, and how many rows of it come first. */
async function hourAt(db: Reader, filter: CallFilter, offset: number, isBackward: boolean) {
  const { first, end } = wholeHours(filter)
  const edge = isBackward ? filter.until : filter.from
  const whole = isBackward ? end : first
  const isBegun = edge !== undefined && whole !== undefined && edge !== whole * HOUR_MS
  const begun = isBackward ? { ...filter, from: (whole ?? 0) * HOUR_MS } : { ...filter, until: (whole ?? 0) * HOUR_MS }
  const before = isBegun ? (await addUp(db, begun)).calls : 0
  if (offset < before) return undefined
  const sums = hoursOf(db, filter, first, end)
    .select(e => ['hour', e.fn.sum<number>('calls').as('calls')])
    .groupBy('hour')
  const found = await db
    .with('sums', () => sums)
    .selectFrom(
      db
        .selectFrom('sums' as never)
        .select([
          sql<number>`hour`.as('hour'),
          sql<number>`sum(calls) OVER (ORDER BY hour ${sql.raw(isBackward ? 'DESC' : 'ASC')}) - calls`.as('before'),
        ])
        .as('running'),
    )
    .select(['running.hour', 'running.before'])
    .where('running.before', '<=', offset - before)
    .orderBy('running.before', 'desc')
    // an hour that was emptied has as many before it as the next one
    .orderBy('running.hour', isBackward ? 'asc' : 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!found) return undefined
  return { hour: Number(found.hour), skip: offset - before - Number(found.before) }
}

async function rowsBetween(db: Reader, filter: CallFilter, page: Page, order: Order) {
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

/** Far pages are read from the nearer end, and from the hour in which they begin. */
async function countedPage(db: Reader, filter: CallFilter, { limit, offset }: Page, total: number, order: Order) {
  const count = Math.min(limit, total - offset)
  if (count <= 0) return []
  const isTurned = offset > total / 2
  const isBackward = order.descending !== isTurned
  const near = isTurned ? total - offset - count : offset
  const start = near < NEAR ? undefined : await hourAt(db, filter, near, isBackward)
  const stretch = isBackward
    ? start && { until: Math.min((start.hour + 1) * HOUR_MS, filter.until ?? Number.MAX_SAFE_INTEGER) }
    : start && { from: Math.max(start.hour * HOUR_MS, filter.from ?? 0) }
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
