import { Fault } from '../ground/fault.ts'
import { parseObject, type Row } from '../ground/rows.ts'
import { type Context, missing, type RunUnit, type Unit } from '../ground/unit.ts'
import type { Reader } from '../store/store.ts'
import type { Attempt, Delivery, Outbox, StoredDelivery } from '../verbs.ts'
import { recordAudit } from './audit.ts'
import { createExpand, wordAgain } from './expand.ts'
import { dueOf, isAnyDue, take } from './take.ts'

function toDelivery(row: Row<'deliveries'>, attempts: readonly Row<'delivery_attempts'>[]): StoredDelivery {
  return {
    id: row.id,
    eventId: row.event_id,
    accountId: row.account_id,
    dialect: row.dialect,
    url: row.url,
    method: row.method as Delivery['method'],
    headers: parseObject(row.headers) as Record<string, string>,
    body: row.body,
    status: row.status as StoredDelivery['status'],
    attempts: attempts
      .filter(attempt => attempt.delivery_id === row.id)
      .map(({ at, status, error, duration_ms }) => ({ at, status, error, durationMs: duration_ms })),
    nextAttemptAt: row.next_attempt_at,
    createdAt: row.created_at,
  }
}

export async function withAttempts(db: Reader, rows: readonly Row<'deliveries'>[]): Promise<StoredDelivery[]> {
  if (rows.length === 0) return []
  const ids = rows.map(row => row.id)
  const attempts = await db
    .selectFrom('delivery_attempts')
    .selectAll()
    .where('delivery_id', 'in', ids)
    .orderBy('id')
    .execute()
  return rows.map(row => toDelivery(row, attempts))
}

/** A late failure of a lease that had run out takes nothing back from whom was sent it meanwhile. */
async function record(unit: Unit, attempts: readonly Attempt[]): Promise<void> {
  const rows = attempts.map(({ id, status, error, durationMs }) => {
    return { delivery_id: id, at: unit.now, status, error, duration_ms: durationMs }
  })
  await unit.db.insertInto('delivery_attempts').values(rows).execute()
  for (const { id, delivered, headers, nextAttemptAt } of attempts) {
    const status = delivered ? 'delivered' : nextAttemptAt === null ? 'failed' : 'waiting'
    let query = unit.db
      .updateTable('deliveries')
      .set(eb => ({
        status,
        next_attempt_at: nextAttemptAt,
        headers: JSON.stringify(headers),
        tries: eb('tries', '+', 1),
      }))
      .where('id', '=', id)
    if (!delivered) query = query.where('status', '=', 'waiting')
    await query.execute()
  }
}

async function giveBack(unit: Unit, ids: readonly number[]): Promise<void> {
  await unit.db
    .updateTable('deliveries')
    .set({ next_attempt_at: unit.now })
    .where('id', 'in', ids)
    .where('status', '=', 'waiting')
    .execute()
}

async function redeliver(unit: Unit, id: number): Promise<StoredDelivery> {
  let query = unit.db.selectFrom('deliveries').selectAll().where('id', '=', id)
  // or it might be removed meanwhile, being old
  if (unit.engine.name === 'postgres') query = query.forUpdate()
  const row = await query.executeTakeFirst()
  if (!row) throw missing('delivery', id)
  if (row.status === 'recorded') {
    throw new Fault('wrong_state', { what: 'delivery', id: String(id), state: row.status })
  }
  const columns = { status: 'waiting', next_attempt_at: unit.now }
  const before = await withAttempts(unit.db, [{ ...row, ...columns }])
  if (row.status === 'unworded') await wordAgain(unit, row)
  else {
    await unit.db
      .updateTable('deliveries')
      .set({ ...columns, tries: 0 })
      .where('id', '=', id)
      .execute()
  }
  await recordAudit(unit, { accountId: row.account_id, action: 'delivery.redeliver', subject: String(id) })
  return before[0] as StoredDelivery
}

export function createOutbox(context: Context, run: RunUnit): Outbox {
  const { store, clock, listening } = context
  return {
    subscribe(kinds) {
      for (const kind of kinds) listening.add(kind)
    },
    expand: createExpand(context, run),
    async due(after, depth) {
      const now = clock.now()
      return store.read(async db => {
        if (!(await isAnyDue(db, now))) return { items: [], next: undefined }
        return dueOf(db, now, after, depth)
      })
    },
    take: async (ids, leaseMs) => (ids.length === 0 ? [] : run(null, unit => take(unit, ids, leaseMs))),
    giveBack: async ids => {
      if (ids.length > 0) await run(null, unit => giveBack(unit, ids))
    },
    attempted: async attempts => {
      if (attempts.length > 0) await run(null, unit => record(unit, attempts))
    },
    deliveries: (filter, page) =>
      store.read(async db => {
        let query = db.selectFrom('deliveries')
        if (filter.status !== undefined) query = query.where('status', '=', filter.status)
        if (filter.eventIds) query = query.where('event_id', 'in', filter.eventIds)
        const { total } = await query.select(e => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
        const rows = await query.selectAll().orderBy('id', 'desc').limit(page.limit).offset(page.offset).execute()
        return { items: await withAttempts(db, rows), total }
      }),
    redeliver: (actor, id) => run(actor, unit => redeliver(unit, id)),
  }
}
