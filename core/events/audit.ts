import type { Actor, Json } from '../ground/model.ts'
import { parseObject, type Row } from '../ground/rows.ts'
import type { Context, RunUnit, Unit } from '../ground/unit.ts'
import type { Audit, AuditEvent } from '../verbs.ts'

interface Entry {
  accountId: number | null
  action: string
  subject: string
  /** What is undefined is not told. */
  data?: { [name: string]: Json | undefined }
}

/** In the unit that does what it tells. */
export async function recordAudit(unit: Unit, entry: Entry): Promise<void> {
  await unit.db
    .insertInto('audit_events')
    .values({
      at: unit.now,
      actor_account_id: unit.actor.accountId,
      actor_user_id: unit.actor.userId,
      administrator: unit.actor.administrator,
      account_id: entry.accountId,
      action: entry.action,
      subject: entry.subject,
      data: JSON.stringify(entry.data ?? {}),
    })
    .execute()
}

export function toAuditEvent(row: Row<'audit_events'>): AuditEvent {
  return {
    id: row.id,
    at: row.at,
    actorAccountId: row.actor_account_id,
    actorUserId: row.actor_user_id,
    administrator: row.administrator,
    accountId: row.account_id,
    action: row.action,
    subject: row.subject,
    data: parseObject(row.data),
  }
}

export function createAudit({ store }: Context, run: RunUnit): Audit {
  return {
    record: (actor: Actor, entry: Entry) => run(actor, unit => recordAudit(unit, entry)),
    list: filter =>
      store.read(async db => {
        let query = db.selectFrom('audit_events').selectAll().orderBy('id').limit(filter.limit)
        if (filter.after !== undefined) query = query.where('id', '>', filter.after)
        if (filter.accountId !== undefined) query = query.where('account_id', '=', filter.accountId)
        if (filter.action !== undefined) query = query.where('action', '=', filter.action)
        if (filter.administrator !== undefined) query = query.where('administrator', '=', filter.administrator)
        if (filter.subject !== undefined) query = query.where('subject', '=', filter.subject)
        if (filter.from !== undefined) query = query.where('at', '>=', filter.from)
        if (filter.until !== undefined) query = query.where('at', '<', filter.until)
        return (await query.execute()).map(toAuditEvent)
      }),
  }
}
