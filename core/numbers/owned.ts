import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Instant, Json, Listed, Owned, Page } from '../ground/model.ts'
import { parseObject, type Row, toLease, toNumber, toRoute, toSubscription } from '../ground/rows.ts'
import { hasMember, isLive } from '../leases/index.ts'
import type { Engine, Reader } from '../store/store.ts'
import type { Numbers, OwnedFilter, OwnedOrder } from '../verbs.ts'
import { allOf, filterConditions } from './filter.ts'
import { heldTotal, isWholeAccounts } from './held.ts'
import { beyond, cutPage, isBackward, rowsOf } from './pages.ts'

interface Held {
  row: Row<'numbers'>
  lease: Row<'leases'>
  subscription: Row<'subscriptions'>
}

/** But for what is configured. */
export function toOwned({ row, lease, subscription }: Held): Omit<Owned, 'settings' | 'routes'> {
  return { number: toNumber(row), lease: toLease(lease), subscription: toSubscription(subscription) }
}

async function settingsByLease(db: Reader, leaseIds: readonly number[], dialect: string | undefined) {
  if (dialect === undefined) return new Map<number, string>()
  const rows = await db
    .selectFrom('settings')
    .select(['lease_id', 'value'])
    .where('lease_id', 'in', leaseIds)
    .where('dialect', '=', dialect)
    .execute()
  return new Map(rows.map(row => [row.lease_id, row.value]))
}

/** Rows → what dialects show, with the settings of the dialect that asks. */
export async function ownedFromRows(db: Reader, held: readonly Held[], dialect: string | undefined): Promise<Owned[]> {
  if (held.length === 0) return []
  const leaseIds = held.map(({ lease }) => lease.id)
  const ofLeases = db.selectFrom('routes').selectAll().where('lease_id', 'in', leaseIds)
  const [settings, routes] = await Promise.all([
    settingsByLease(db, leaseIds, dialect),
    ofLeases.orderBy('priority').orderBy('id').execute(),
  ])
  return held.map(each => ({
    ...toOwned(each),
    settings: parseObject(settings.get(each.lease.id) ?? '{}'),
    routes: routes.filter(route => route.lease_id === each.lease.id).map(toRoute),
  }))
}

async function heldByLeases(db: Reader, leases: readonly Row<'leases'>[]): Promise<Held[]> {
  if (leases.length === 0) return []
  const numberIds = leases.map(lease => lease.number_id)
  const numbers = await db.selectFrom('numbers').selectAll().where('id', 'in', numberIds).execute()
  const subscriptions = await db
    .selectFrom('subscriptions')
    .selectAll()
    .where(
      'lease_id',
      'in',
      leases.map(lease => lease.id),
    )
    .where('closed_at', 'is', null)
    .execute()
  const numberById = new Map(numbers.map(row => [row.id, row]))
  const byLease = new Map(subscriptions.map(row => [row.lease_id, row]))
  return leases.flatMap(lease => {
    const row = numberById.get(lease.number_id)
    const subscription = byLease.get(lease.id)
    return row && subscription ? [{ row, lease, subscription }] : []
  })
}

export async function findLease(
  db: Reader,
  now: Instant,
  where: { leaseId: number } | { e164: string },
  dialect: string | undefined,
): Promise<Owned | undefined> {
  let query = db
    .selectFrom('leases')
    .innerJoin('numbers', 'numbers.id', 'leases.number_id')
    .selectAll('leases')
    .where(isLive(now))
  query =
    'leaseId' in where ? query.where('leases.id', '=', where.leaseId) : query.where('numbers.e164', '=', where.e164)
  const leases = await query.execute()
  return (await ownedFromRows(db, await heldByLeases(db, leases), dialect))[0]
}

const ORDER = {
  lease: ['leases.id'],
  number: ['numbers.e164'],
  started: ['leases.started_at', 'leases.id'],
  user: ['leases.user_id', 'leases.id'],
  created: ['numbers.created_at', 'leases.id'],
} as const satisfies Record<Exclude<OwnedOrder, object>, readonly string[]>

/** Text of one key of the dialect's settings, by its code points on either engine; '' where there is none. */
function settingText(engine: Engine, dialect: string, key: string): RawBuilder<string> {
  const value =
    engine.name === 'postgres'
      ? sql`settings.value::json ->> CAST(${key} AS TEXT)`
      : sql`json_extract(settings.value, ${`$.${key}`})`
  const text = sql<string>`coalesce((SELECT ${value} FROM settings
    WHERE settings.lease_id = leases.id AND settings.dialect = ${dialect}), '')`
  return engine.name === 'postgres' ? sql`(${text} COLLATE "C")` : text
}

function orderColumns(engine: Engine, order: OwnedOrder, dialect: string | undefined): RawBuilder<unknown>[] {
  if (typeof order === 'string') return ORDER[order].map(column => sql.ref(column))
  return [settingText(engine, dialect ?? '', order.setting), sql.ref('numbers.e164')]
}

function hasSetting(dialect: string, key: string, value: Json) {
  return sql<SqlBool>`EXISTS (SELECT 1 FROM settings WHERE settings.lease_id = leases.id
    AND settings.dialect = ${dialect} AND ${hasMember('settings.value', key, value)})`
}

/** An empty label is none. */
function isLabelled(wanted: boolean) {
  return sql<SqlBool>`coalesce(leases.label, '') ${wanted ? sql`<>` : sql`=`} ''`
}

/** `IN ()` is no SQL: nothing is one of nothing. */
function oneOf(column: string, values: readonly (string | number)[]) {
  return values.length === 0 ? sql<SqlBool>`1 = 0` : sql<SqlBool>`${sql.ref(column)} IN (${sql.join(values)})`
}

/** The numbers are joined only where something asks for them: counting leases alone reads one index. */
function matchingLeases(db: Reader, now: Instant, filter: OwnedFilter, dialect: string | undefined, byNumber: boolean) {
  const conditions = filterConditions(filter)
  if (filter.e164s) conditions.push(oneOf('numbers.e164', filter.e164s))
  if (filter.states) conditions.push(oneOf('numbers.state', filter.states))
  let query = db
    .selectFrom('leases')
    .$if(conditions.length > 0 || byNumber, q => q.innerJoin('numbers', 'numbers.id', 'leases.number_id'))
    .where('leases.account_id', 'in', filter.accountIds)
    .where(isLive(now))
    .where(allOf(conditions))
  if (filter.leaseGuids) query = query.where(oneOf('leases.guid', filter.leaseGuids))
  if (filter.leaseIds) query = query.where(oneOf('leases.id', filter.leaseIds))
  if (filter.organizationId !== undefined) query = query.where('leases.organization_id', '=', filter.organizationId)
  if (filter.userId !== undefined) query = query.where('leases.user_id', '=', filter.userId)
  if (filter.trunkId !== undefined) query = query.where('leases.trunk_id', '=', filter.trunkId)
  if (filter.handlerId !== undefined) query = query.where('leases.handler_id', '=', filter.handlerId)
  if (filter.startedFrom !== undefined) query = query.where('leases.started_at', '>=', filter.startedFrom)
  if (filter.startedBefore !== undefined) query = query.where('leases.started_at', '<', filter.startedBefore)
  if (filter.hasLabel !== undefined) query = query.where(isLabelled(filter.hasLabel))
  if (filter.label !== undefined) query = query.where('leases.label', '=', filter.label)
  if (filter.setting && dialect !== undefined) {
    query = query.where(hasSetting(dialect, filter.setting.key, filter.setting.value))
  }
  return query
}

async function totalOwned(db: Reader, now: Instant, filter: OwnedFilter, dialect: string | undefined) {
  if (isWholeAccounts(filter)) return heldTotal(db, now, filter.accountIds)
  const counted = matchingLeases(db, now, filter, dialect, false)
  const { total } = await counted.select(e => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  return total
}

type Options = NonNullable<Parameters<Numbers['owned']>[2]>

/** Leases of a page, each with what its order knows of it. */
function pageQuery(engine: Engine, db: Reader, now: Instant, filter: OwnedFilter, page: Page, options: Options) {
  const { orderBy = 'lease', dialect, descending = false } = options
  const columns = orderColumns(engine, orderBy, dialect)
  const byNumber = orderBy !== 'lease' && orderBy !== 'started' && orderBy !== 'user'
  const edge = beyond(page, columns, descending)
  let query = matchingLeases(db, now, filter, dialect, byNumber)
  if (edge) query = query.where(edge)
  let ordered = query.selectAll('leases').limit(rowsOf(page)).offset(page.offset)
  columns.forEach((column, index) => {
    const direction = descending === isBackward(page) ? 'asc' : 'desc'
    ordered = ordered.select(sql<string | number>`${column}`.as(`key_${index}`)).orderBy(column, direction)
  })
  const keyOf = (row: object) =>
    columns.map((_, index) => (row as Record<string, string | number>)[`key_${index}`] ?? '')
  return { query: ordered, keyOf }
}

export async function listOwned(
  engine: Engine,
  db: Reader,
  now: Instant,
  filter: OwnedFilter,
  page: Page,
  options: Options = {},
): Promise<Listed<Owned>> {
  if (filter.accountIds.length === 0) return { items: [], total: 0 }
  const total = await totalOwned(db, now, filter, options.dialect)
  const { query, keyOf } = pageQuery(engine, db, now, filter, page, options)
  const { rows, ...neighbours } = cutPage(page, await query.execute(), keyOf)
  const held = await heldByLeases(db, rows)
  return { items: await ownedFromRows(db, held, options.dialect), total, ...neighbours }
}
