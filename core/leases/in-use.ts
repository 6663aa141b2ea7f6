/** What keeps a resource from going, where its surface asks. */
import { type SqlBool, sql } from 'kysely'
import { Fault } from '../ground/fault.ts'
import type { Instant } from '../ground/model.ts'
import type { Row } from '../ground/rows.ts'
import type { Unit } from '../ground/unit.ts'
import type { NamedBy } from '../verbs.ts'

/** A lease that its clock has not ended. `now` may be what stands for it in a statement that is kept. */
export function isLive(now: Instant | symbol) {
  return sql<SqlBool>`leases.closed_at IS NULL AND (leases.ends_at IS NULL OR leases.ends_at > ${now})`
}

/** Text in a column of canonical JSON of ours. Compared as it is: what the client sent is no pattern. */
export function hasMember(column: string, key: string, value: string) {
  const member = JSON.stringify({ [key]: value }).slice(1, -1)
  const json = sql.ref(column)
  return sql<SqlBool>`replace(${json}, ${member}, '') <> ${json}`
}

const hasParts = ({ db }: Unit, { id }: Row<'resources'>) =>
  db.selectFrom('resources').select('id').where('parent_id', '=', id).limit(1).executeTakeFirst()

const isLedTo = ({ db, now }: Unit, { id }: Row<'resources'>) =>
  db.selectFrom('leases').select('id').where('handler_id', '=', id).where(isLive(now)).limit(1).executeTakeFirst()

const isLivedAt = ({ db, now }: Unit, { id, account_id }: Row<'resources'>, { dialect, key }: NamedBy) =>
  db
    .selectFrom('leases')
    .innerJoin('settings', 'settings.lease_id', 'leases.id')
    .select('leases.id')
    .where('leases.account_id', '=', account_id)
    .where(isLive(now))
    .where('settings.dialect', '=', dialect)
    .where(hasMember('settings.value', key, String(id)))
    .limit(1)
    .executeTakeFirst()

const isAwaited = ({ db }: Unit, { id, account_id }: Row<'resources'>, { dialect, key }: NamedBy) =>
  db
    .selectFrom('waiting_orders')
    .innerJoin('orders', 'orders.id', 'waiting_orders.order_id')
    .select('orders.id')
    .where('waiting_orders.account_id', '=', account_id)
    .where('orders.dialect', '=', dialect)
    .where(hasMember('orders.criteria', key, String(id)))
    .limit(1)
    .executeTakeFirst()

/**
 * Who would be led to it, or would live at it, waits for its row, which the caller holds. Faults: wrong_state (has_parts,
 * in_use, awaited).
 */
export async function checkUnused(unit: Unit, row: Row<'resources'>, by: NamedBy | undefined): Promise<void> {
  const refuse = (state: string) => {
    throw new Fault('wrong_state', { what: 'resource', id: String(row.id), state })
  }
  if (await hasParts(unit, row)) refuse('has_parts')
  if (await isLedTo(unit, row)) refuse('in_use')
  if (!by) return
  // an order that is filled between the two questions has its numbers by the second one
  if (await isAwaited(unit, row, by)) refuse('awaited')
  if (await isLivedAt(unit, row, by)) refuse('in_use')
}
