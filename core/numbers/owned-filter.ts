import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Instant } from '../ground/model.ts'
import { hasMember, isLive } from '../leases/index.ts'
import type { Engine, Reader } from '../store/store.ts'
import type { OwnedFilter, OwnedOrder } from '../verbs.ts'
import { allOf, filterConditions } from './filter.ts'

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

export function orderColumns(engine: Engine, order: OwnedOrder, dialect: string | undefined): RawBuilder<unknown>[] {
  if (typeof order === 'string') return ORDER[order].map(column => sql.ref(column))
  return [settingText(engine, dialect ?? '', order.setting), sql.ref('numbers.e164')]
}

function hasSetting(dialect: string, key: string, value: string) {
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

/** At what moment, as a value or as what stands for it in a statement that is kept; likewise the accounts. */
export interface Asked {
  filter: OwnedFilter
  accounts: readonly (number | symbol)[]
  now: Instant | symbol
  dialect: string | undefined
}

/** The numbers are joined only where something asks for them: counting leases alone reads one index. */
export function matchingLeases(db: Reader, { filter, accounts, now, dialect }: Asked, byNumber: boolean) {
  const conditions = filterConditions(filter)
  if (filter.e164s) conditions.push(oneOf('numbers.e164', filter.e164s))
  if (filter.states) conditions.push(oneOf('numbers.state', filter.states))
  let query = db
    .selectFrom('leases')
    .$if(conditions.length > 0 || byNumber, q => q.innerJoin('numbers', 'numbers.id', 'leases.number_id'))
    .where(sql<SqlBool>`leases.account_id IN (${sql.join(accounts)})`)
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
