import { recordAudit } from './audit.ts'
import { Fault } from './fault.ts'
import { parseObject, type Row } from './rows.ts'
import type { Reader } from './store/store.ts'
import { type Context, missing, type RunUnit, type Unit } from './unit.ts'
import type { CoreEvent, Delivery, EventKind, Outbox, StoredDelivery } from './verbs.ts'

/** Events expanded per unit: short enough not to hold up buyers. */
const EXPAND_BATCH = 50

function toEvent(row: Row<'outbox'>): CoreEvent {
  return {
    id: row.id,
    kind: row.kind as EventKind,
    accountId: row.account_id,
    at: row.at,
    data: parseObject(row.data),
  }
}

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

async function withAttempts(db: Reader, rows: readonly Row<'deliveries'>[]): Promise<StoredDelivery[]> {
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

async function openEvents(db: Reader): Promise<CoreEvent[]> {
  const rows = await db
    .selectFrom('outbox')
    .selectAll()
    .where('is_done', '=', 0)
    .orderBy('id')
    .limit(EXPAND_BATCH)
    .execute()
  return rows.map(toEvent)
}

/** True for the one process that may write the deliveries of this event. */
async function markDone(unit: Unit, eventId: number): Promise<boolean> {
  const result = await unit.db
    .updateTable('outbox')
    .set({ is_done: 1 })
    .where('id', '=', eventId)
    .where('is_done', '=', 0)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

async function insertDelivery(unit: Unit, event: CoreEvent, delivery: Delivery): Promise<void> {
  await unit.db
    .insertInto('deliveries')
    .values({
      event_id: event.id,
      account_id: event.accountId,
      dialect: delivery.dialect,
      url: delivery.url,
      method: delivery.method,
      headers: JSON.stringify(delivery.headers),
      body: delivery.body,
      // a mail is kept for an operator to read; only http(s) is sent
      status: /^https?:/i.test(delivery.url) ? 'waiting' : 'recorded',
      next_attempt_at: /^https?:/i.test(delivery.url) ? unit.now : null,
      created_at: unit.now,
    })
    .execute()
}

async function takeDue(unit: Unit, limit: number, leaseMs: number): Promise<StoredDelivery[]> {
  let query = unit.db
    .selectFrom('deliveries')
    .selectAll()
    .where('next_attempt_at', '<=', unit.now)
    .orderBy('next_attempt_at')
    .orderBy('id')
    .limit(limit)
  if (unit.engine.name === 'postgres') query = query.forUpdate().skipLocked()
  const rows = await query.execute()
  if (rows.length === 0) return []
  // a process that dies while sending gives its deliveries back when this time is over
  await unit.db
    .updateTable('deliveries')
    .set({ next_attempt_at: unit.now + leaseMs })
    .where(
      'id',
      'in',
      rows.map(row => row.id),
    )
    .execute()
  return withAttempts(unit.db, rows)
}

async function redeliver(unit: Unit, id: number): Promise<StoredDelivery> {
  const row = await unit.db.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw missing('delivery', id)
  if (row.status === 'recorded') {
    throw new Fault('wrong_state', { what: 'delivery', id: String(id), state: row.status })
  }
  const columns = { status: 'waiting', next_attempt_at: unit.now }
  await unit.db.updateTable('deliveries').set(columns).where('id', '=', id).execute()
  await recordAudit(unit, { accountId: row.account_id, action: 'delivery.redeliver', subject: String(id) })
  const [delivery] = await withAttempts(unit.db, [{ ...row, ...columns }])
  return delivery as StoredDelivery
}

export function createOutbox(context: Context, run: RunUnit): Outbox {
  const { store, listening } = context
  return {
    subscribe(kinds) {
      for (const kind of kinds) listening.add(kind)
    },
    async expand(route) {
      const events = await store.read(openEvents)
      // asked before the unit, because the answer may need to read
      for (const event of events) {
        const deliveries = await route(event)
        await run(null, async unit => {
          if (!(await markDone(unit, event.id))) return
          for (const delivery of deliveries) await insertDelivery(unit, event, delivery)
        })
      }
      return events.length
    },
    async take(limit, leaseMs) {
      const now = context.clock.now()
      const due = await store.read(db =>
        db.selectFrom('deliveries').select('id').where('next_attempt_at', '<=', now).limit(1).executeTakeFirst(),
      )
      return due ? run(null, unit => takeDue(unit, limit, leaseMs)) : []
    },
    attempted: (id, attempt, nextAttemptAt) =>
      run(null, async unit => {
        await unit.db
          .insertInto('delivery_attempts')
          .values({
            delivery_id: id,
            at: unit.now,
            status: attempt.status,
            error: attempt.error,
            duration_ms: attempt.durationMs,
          })
          .execute()
        const status = attempt.delivered ? 'delivered' : nextAttemptAt === null ? 'failed' : 'waiting'
        await unit.db
          .updateTable('deliveries')
          .set({ status, next_attempt_at: nextAttemptAt })
          .where('id', '=', id)
          .execute()
      }),
    deliveries: (filter, page) =>
      store.read(async db => {
        let query = db.selectFrom('deliveries')
        if (filter.status !== undefined) query = query.where('status', '=', filter.status)
        const { total } = await query.select(e => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
        const rows = await query.selectAll().orderBy('id', 'desc').limit(page.limit).offset(page.offset).execute()
        return { items: await withAttempts(db, rows), total }
      }),
    redeliver: (actor, id) => run(actor, unit => redeliver(unit, id)),
  }
}
