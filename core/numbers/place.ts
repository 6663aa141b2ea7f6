import type { Cursor } from '../ground/model.ts'
import type { Reader } from '../store/store.ts'

/** A lease that the account holds, has given back, or held before it moved on. */
export async function startedPlace(db: Reader, accountId: number, guid: string): Promise<Cursor['key'] | undefined> {
  const lease = await db
    .selectFrom('leases')
    .select(['id', 'number_id', 'account_id', 'started_at'])
    .where('guid', '=', guid)
    .executeTakeFirst()
  if (!lease) return undefined
  const key = [lease.started_at, lease.id]
  if (lease.account_id === accountId) return key
  const held = await db
    .selectFrom('number_events')
    .select('id')
    .where('number_id', '=', lease.number_id)
    .where('lease_id', '=', lease.id)
    .where('owner_id', '=', accountId)
    .limit(1)
    .executeTakeFirst()
  return held && key
}
