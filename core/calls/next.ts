/** All calls that match, piece by piece, the latest first: no piece counts what there is, and each goes on from the last. */
import { type SqlBool, sql } from 'kysely'
import type { Call } from '../model.ts'
import type { Store } from '../store/store.ts'
import type { CallFilter } from '../verbs.ts'
import { isCounted, matching, toCall } from './browse.ts'

/** The calls that began before `after`, which was given last. */
export function nextCalls(
  store: Store,
  filter: CallFilter,
  limit: number,
  after?: Pick<Call, 'startedAt' | 'id'>,
): Promise<Call[]> {
  // what no index knows may pass over every call of the account
  const read = isCounted(filter) ? store.read : store.readAside
  return read(async db => {
    let query = matching(db, filter)
      .innerJoin('numbers', 'numbers.id', 'calls.number_id')
      .selectAll('calls')
      .select('numbers.e164')
    if (after) query = query.where(sql<SqlBool>`(calls.started_at, calls.id) < (${after.startedAt}, ${after.id})`)
    const rows = await query.orderBy('calls.started_at', 'desc').orderBy('calls.id', 'desc').limit(limit).execute()
    return rows.map(row => toCall(row, row.e164))
  })
}
