import { type SqlBool, sql } from 'kysely'
import { dueColumn, type JobSource } from '../ground/due.ts'
import type { JsonObject, Provisioning } from '../ground/model.ts'
import { parseObject, type Row } from '../ground/rows.ts'
import { type Context, emit, type RunUnit, type Unit } from '../ground/unit.ts'
import type { DecidedChange, Provisionings, ScheduledChange } from '../verbs.ts'

function toProvisioning(row: Row<'provisionings'>): Provisioning {
  return {
    id: row.id,
    leaseId: row.lease_id,
    dialect: row.dialect,
    service: row.service,
    value: parseObject(row.value),
    status: row.status as Provisioning['status'],
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

/** What a lease has scheduled for a service: on its way, or failed. */
const scheduledFor = (leaseId: number, { dialect, service }: Pick<ScheduledChange, 'dialect' | 'service'>) =>
  sql<SqlBool>`lease_id = ${leaseId} AND dialect = ${dialect} AND service = ${service}`

async function decided({ db }: Unit, leaseId: number, change: DecidedChange) {
  const earlier = await db
    .selectFrom('provisionings')
    .select(['value', 'status'])
    .where(scheduledFor(leaseId, change))
    .executeTakeFirst()
  const isWaiting = earlier !== undefined && earlier.status !== 'failed'
  return change.decide(isWaiting ? parseObject(earlier.value) : undefined)
}

/** Schedule a change of a lease's service, in place of one that still waits or has failed; without delay, do it now. */
export async function schedule(unit: Unit, leaseId: number, change: ScheduledChange | DecidedChange): Promise<void> {
  const { value, outcome, delayMs } = 'decide' in change ? await decided(unit, leaseId, change) : change
  await unit.db.deleteFrom('provisionings').where(scheduledFor(leaseId, change)).execute()
  const { id } = await unit.db
    .insertInto('provisionings')
    .values({
      lease_id: leaseId,
      dialect: change.dialect,
      service: change.service,
      value: JSON.stringify(value),
      status: outcome === 'done' ? 'waiting' : 'failing',
      due_at: unit.now + delayMs,
      created_at: unit.now,
      updated_at: unit.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  if (delayMs === 0) await provision(unit, id)
}

async function lock(unit: Unit, id: number): Promise<Row<'provisionings'> | undefined> {
  let query = unit.db.selectFrom('provisionings').selectAll().where('id', '=', id).where('due_at', '<=', unit.now)
  if (unit.engine.name === 'postgres') query = query.forUpdate().skipLocked()
  return query.executeTakeFirst()
}

/** What was scheduled becomes the dialect's setting of that service; the scheduled change is gone. */
async function moveUp(unit: Unit, row: Row<'provisionings'>): Promise<JsonObject> {
  const found = await unit.db
    .selectFrom('settings')
    .select('value')
    .where('lease_id', '=', row.lease_id)
    .where('dialect', '=', row.dialect)
    .executeTakeFirst()
  const before = parseObject(found?.value ?? '{}')
  const value = JSON.stringify({
    ...before,
    [row.service]: parseObject(row.value),
    [`${row.service}UpdatedAt`]: unit.now,
  })
  await unit.db
    .insertInto('settings')
    .values({ lease_id: row.lease_id, dialect: row.dialect, value })
    .onConflict(c => c.columns(['lease_id', 'dialect']).doUpdateSet({ value }))
    .execute()
  await unit.db.deleteFrom('provisionings').where('id', '=', row.id).execute()
  return before
}

/** A failed one stays visible, and is not tried again. */
async function provision(unit: Unit, id: number): Promise<boolean> {
  const row = await lock(unit, id)
  if (!row) return false
  const lease = await unit.db.selectFrom('leases').selectAll().where('id', '=', row.lease_id).executeTakeFirst()
  const number = await unit.db
    .selectFrom('numbers')
    .select('e164')
    .where('id', '=', lease?.number_id ?? 0)
    .executeTakeFirst()
  const fails = row.status === 'failing'
  const before = fails ? {} : await moveUp(unit, row)
  if (fails) {
    const changed = { status: 'failed', due_at: null, updated_at: unit.now }
    await unit.db.updateTable('provisionings').set(changed).where('id', '=', id).execute()
  }
  const settings = await unit.db.selectFrom('settings').selectAll().where('lease_id', '=', row.lease_id).execute()
  await emit(unit, 'number.provisioned', lease?.account_id ?? 0, {
    e164: number?.e164 ?? '',
    leaseId: row.lease_id,
    dialect: row.dialect,
    service: row.service,
    value: parseObject(row.value),
    before: (before[row.service] as JsonObject | undefined) ?? null,
    outcome: fails ? 'failed' : 'done',
    settings: Object.fromEntries(settings.map(each => [each.dialect, parseObject(each.value)])),
  })
  return true
}

export const provisioning: JobSource = { name: 'provisioning', due: dueColumn('provisionings'), run: provision }

export function createProvisionings({ store }: Context, _run: RunUnit): Provisionings {
  return {
    list: (leaseIds, dialect) =>
      store.read(async db => {
        if (leaseIds.length === 0) return []
        const rows = await db
          .selectFrom('provisionings')
          .selectAll()
          .where('lease_id', 'in', leaseIds)
          .where('dialect', '=', dialect)
          .orderBy('id')
          .execute()
        return rows.map(toProvisioning)
      }),
  }
}
