/** What happened to numbers and accounts, read from two logs as one, by a bounded stretch of each at a time. */
import { type SqlBool, sql } from 'kysely'
import { toAuditEvent } from '../events/index.ts'
import type { Instant, NumberEvent } from '../ground/model.ts'
import { toNumberEvent } from '../numbers/index.ts'
import type { Reader } from '../store/store.ts'
import type { AuditEvent, History, HistoryFilter, HistoryPoint } from '../verbs.ts'

type Log = 'number_events' | 'audit_events'

/** One question looks at so many rows of a log that no index narrows. */
const STRETCH = 10_000
/** What a timer decided may be dated before its neighbours: so many in a row are looked through in search of a time. */
const WINDOW = 500
const MARGIN = 20_000

/** What was read of a log. `stop`: where, unless it was read to its end. */
interface Read<T> {
  items: T[]
  stop: { id: number; at: Instant } | undefined
}

/** Nothing of this time or later is before this id. Times of a log grow with its ids, but for what timers decided late. */
async function beginningOf(db: Reader, log: Log, from: Instant, after: number): Promise<number> {
  const last = await db.selectFrom(log).select('id').orderBy('id', 'desc').limit(1).executeTakeFirst()
  let [low, high] = [after, last?.id ?? 0]
  while (high - low > MARGIN) {
    const middle = Math.floor((low + high) / 2)
    const window = db.selectFrom(log).select('at').where('id', '>', middle).orderBy('id').limit(WINDOW).as('near')
    const { latest } = await db
      .selectFrom(window)
      .select(e => e.fn.max<Instant | null>('at').as('latest'))
      .executeTakeFirstOrThrow()
    if (latest !== null && latest >= from) high = middle
    else low = middle
  }
  return Math.max(after, low - MARGIN)
}

/** Cut at what was asked for, or where the stretch ends. */
function cut<T extends { id: number; at: Instant }>(items: T[], limit: number, end: Read<T>['stop']): Read<T> {
  const shown = items.slice(0, limit)
  const last = shown.at(-1)
  return { items: shown, stop: items.length > limit && last ? { id: last.id, at: last.at } : end }
}

/** What is asked for without narrowing is read as far as it is shown. */
function stretchOf(asked: HistoryFilter, limit: number): number {
  return Object.values(asked).some(value => value !== undefined) ? STRETCH : limit + 1
}

function endOf(db: Reader, log: Log, after: number, stretch: number): Promise<Read<never>['stop']> {
  const rows = db.selectFrom(log).select(['id', 'at']).where('id', '>', after).orderBy('id')
  return rows
    .offset(stretch - 1)
    .limit(1)
    .executeTakeFirst()
}

/** Also what took it away from the account. */
function whose(account: number) {
  return sql<SqlBool>`(log.owner_id = ${account} OR log.actor_account_id = ${account} OR EXISTS (SELECT 1 FROM number_events former
    WHERE former.number_id = log.number_id AND former.version = log.version - 1 AND former.owner_id = ${account}))`
}

async function readNumbers(db: Reader, asked: HistoryFilter, after: number, limit: number): Promise<Read<NumberEvent>> {
  const { number, account, actorAccount, administrator, kind, from, until } = asked
  const isIndexed = number !== undefined || administrator !== undefined
  let rows = db.selectFrom('number_events').selectAll().where('id', '>', after)
  if (number !== undefined) {
    rows = rows.where('number_id', '=', db.selectFrom('numbers').select('id').where('e164', '=', number))
  }
  if (administrator !== undefined) rows = rows.where('administrator', '=', administrator)
  // of one number versions are in the order of ids, and have an index
  rows = number !== undefined ? rows.orderBy('version') : rows.orderBy('id')
  const most = stretchOf(asked, limit)
  let log = db
    .selectFrom((isIndexed ? rows : rows.limit(most)).as('log'))
    .innerJoin('numbers', 'numbers.id', 'log.number_id')
    .selectAll('log')
    .select('numbers.e164')
  if (account !== undefined) log = log.where(whose(account))
  if (actorAccount !== undefined) log = log.where('log.actor_account_id', '=', actorAccount)
  if (kind !== undefined) log = log.where('log.kind', '=', kind)
  if (from !== undefined) log = log.where('log.at', '>=', from)
  if (until !== undefined) log = log.where('log.at', '<', until)
  const found = await log
    .orderBy('log.id')
    .limit(limit + 1)
    .execute()
  return cut(found.map(toNumberEvent), limit, isIndexed ? undefined : await endOf(db, 'number_events', after, most))
}

async function readAudits(db: Reader, asked: HistoryFilter, after: number, limit: number): Promise<Read<AuditEvent>> {
  const { number, account, actorAccount, administrator, kind, from, until } = asked
  const isIndexed = number !== undefined || account !== undefined || administrator !== undefined
  let rows = db.selectFrom('audit_events').selectAll().where('id', '>', after).orderBy('id')
  if (number !== undefined) rows = rows.where('subject', '=', number)
  if (account !== undefined) rows = rows.where('account_id', '=', account)
  if (administrator !== undefined) rows = rows.where('administrator', '=', administrator)
  const most = stretchOf(asked, limit)
  let log = db.selectFrom((isIndexed ? rows : rows.limit(most)).as('log')).selectAll()
  if (actorAccount !== undefined) log = log.where('actor_account_id', '=', actorAccount)
  if (kind !== undefined) log = log.where('action', '=', kind)
  if (from !== undefined) log = log.where('at', '>=', from)
  if (until !== undefined) log = log.where('at', '<', until)
  const found = await log
    .orderBy('id')
    .limit(limit + 1)
    .execute()
  return cut(found.map(toAuditEvent), limit, isIndexed ? undefined : await endOf(db, 'audit_events', after, most))
}

type Item = History['items'][number]

/**
 * Each log keeps its own order; at the same instant what happened to a number comes first. Of a log that was not read to
 * its end nothing is known behind that point: what the other one has of later times waits for the next page.
 */
function merged(numbers: Read<NumberEvent>, audits: Read<AuditEvent>, begin: HistoryPoint, limit: number): History {
  const point = { ...begin }
  const items: Item[] = []
  let [n, a] = [0, 0]
  const waits = ({ at }: { at: Instant }, other: Read<unknown>) => at > (other.stop?.at ?? Number.POSITIVE_INFINITY)
  while (items.length < limit) {
    const [number, audit] = [numbers.items[n], audits.items[a]]
    const isNumber = number !== undefined && (audit === undefined || number.at <= audit.at)
    const event = isNumber ? number : audit
    if (!event || (isNumber ? !audit && waits(event, audits) : !number && waits(event, numbers))) break
    if (isNumber) n++
    else a++
    point[isNumber ? 'number' : 'audit'] = event.id
    items.push({ event, point: { ...point } })
  }
  // a stretch without anything is behind us too
  if (n === numbers.items.length && numbers.stop) point.number = numbers.stop.id
  if (a === audits.items.length && audits.stop) point.audit = audits.stop.id
  const isLeft = n < numbers.items.length || a < audits.items.length
  return { items, next: point, more: isLeft || numbers.stop !== undefined || audits.stop !== undefined }
}

export async function readHistory(
  db: Reader,
  asked: HistoryFilter,
  { after, limit }: { after: HistoryPoint; limit: number },
): Promise<History> {
  const { from } = asked
  const begin = (log: Log, id: number) => (from === undefined ? id : beginningOf(db, log, from, id))
  const point = {
    number: await begin('number_events', after.number),
    audit: await begin('audit_events', after.audit),
  }
  const numbers = await readNumbers(db, asked, point.number, limit)
  const audits = await readAudits(db, asked, point.audit, limit)
  return merged(numbers, audits, point, limit)
}
