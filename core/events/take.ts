import { type RawBuilder, sql } from 'kysely'
import { parseObject, type Row } from '../ground/rows.ts'
import type { Unit } from '../ground/unit.ts'
import type { Reader } from '../store/store.ts'
import type { Delivery, Due, Taken } from '../verbs.ts'

/** Lanes looked at in one question; who asks goes on behind them. */
const LANES = 2_000

/** Who waits in a lane: see `laneOf`. */
function membersOf(lane: string): Pick<Due, 'receiver' | 'accountId'> {
  const at = lane.lastIndexOf(' ')
  return { receiver: lane.slice(0, at), accountId: Number(lane.slice(at + 1)) }
}

type LaneRow = { lane: string } & Record<string, number | string | null>

/** The nth that is due in the lane: the beginning of its part of the index. */
function head(now: number, nth: number): RawBuilder<number | null> {
  return sql`(SELECT d.id FROM deliveries d WHERE d.lane = lanes.lane AND d.next_attempt_at IS NOT NULL
    AND d.next_attempt_at <= ${now} ORDER BY d.next_attempt_at, d.id LIMIT 1 OFFSET ${sql.lit(nth)})
    AS ${sql.ref(`head_${nth}`)}`
}

/** From lane to lane by the index alone: how many wait in one costs nothing. */
export async function dueOf(db: Reader, now: number, after: string, depth: number) {
  const heads = Array.from({ length: depth }, (_, nth) => head(now, nth))
  const { rows } = await sql<LaneRow>`
    WITH RECURSIVE lanes (lane, hop) AS (
      SELECT (SELECT min(lane) FROM deliveries WHERE next_attempt_at IS NOT NULL AND lane > ${after}), 1
      UNION ALL
      SELECT (SELECT min(d.lane) FROM deliveries d WHERE d.next_attempt_at IS NOT NULL AND d.lane > lanes.lane), hop + 1
      FROM lanes WHERE lane IS NOT NULL AND hop < ${sql.lit(LANES)}
    )
    SELECT lane, ${sql.join(heads)} FROM lanes WHERE lane IS NOT NULL ORDER BY hop`.execute(db)
  const items = rows.flatMap(({ lane, ...found }) =>
    Object.values(found)
      .filter(id => id !== null)
      .map((id): Due => ({ id: Number(id), ...membersOf(lane) })),
  )
  return { items, next: rows.length < LANES ? undefined : rows.at(-1)?.lane }
}

export async function isAnyDue(db: Reader, now: number): Promise<boolean> {
  const query = db.selectFrom('deliveries').select('id').where('next_attempt_at', '<=', now).limit(1)
  return (await query.executeTakeFirst()) !== undefined
}

function toTaken(row: Row<'deliveries'>): Taken {
  return {
    id: row.id,
    dialect: row.dialect,
    url: row.url,
    method: row.method as Delivery['method'],
    headers: parseObject(row.headers) as Record<string, string>,
    body: row.body,
    tries: row.tries,
    ...membersOf(row.lane),
    accountId: row.account_id,
  }
}

export async function take(unit: Unit, ids: readonly number[], leaseMs: number): Promise<Taken[]> {
  let query = unit.db
    .selectFrom('deliveries')
    .selectAll()
    .where('id', 'in', ids)
    .where('next_attempt_at', '<=', unit.now)
    .orderBy('id')
  if (unit.engine.skipLocked) query = query.forUpdate().skipLocked()
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
  return rows.map(toTaken)
}
