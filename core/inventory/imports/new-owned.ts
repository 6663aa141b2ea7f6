import { count } from '../../ground/tally.ts'
import type { Unit } from '../../ground/unit.ts'
import { run } from '../../store/texts.ts'
import type { TurnIds } from './in-turn.ts'
import { COPIED, NEXT_ID, type Range } from './new-numbers.ts'

/**
 * Rows begin as they are to stay, with owner and lease, and are written once; what happened to them is told all the same.
 * They never lay on the shelf: no counter of it changes, and nobody waits for them.
 */
const TOGETHER = `WITH
  fresh AS (INSERT INTO numbers (id, ${COPIED}, state, owner_id, lease_id, version, created_at, updated_at)
    SELECT ${NEXT_ID}, ${COPIED}, 'active', owner_id, ${NEXT_ID}, 2, ?::bigint, ?::bigint FROM import_rows
    WHERE import_id = ? AND line > ? AND line <= ? ORDER BY line
    ON CONFLICT (e164) DO NOTHING RETURNING id, e164, owner_id, lease_id),
  happened AS (SELECT id, 1 AS version, 'imported' AS kind, 'available' AS state, NULL::bigint AS owner, NULL::bigint AS lease
    FROM fresh UNION ALL SELECT id, 2, 'imported_as_owned', 'active', owner_id, lease_id FROM fresh),
  told AS (INSERT INTO number_events (number_id, version, kind, state, owner_id, lease_id, at, data)
    SELECT id, version, kind, state, owner, lease, ?::bigint, '{}' FROM happened ORDER BY id, version)
  SELECT id, e164, lease_id FROM fresh`

/** A new number that has its owner, and the id that its lease is to have. */
export interface NewOwned {
  id: number
  e164: string
  lease_id: number
}

/** On PostgreSQL: the numbers of these lines that were not there yet. Their leases are still to be written. */
export async function insertOwned(unit: Unit, { id, from, to }: Range, ids: TurnIds): Promise<NewOwned[]> {
  const values = [ids.numbers, ids.leases, unit.now, unit.now, id, from, to, unit.now]
  const rows = await run<NewOwned>(unit.db, unit.engine, TOGETHER, values)
  for (const kind of ['imported', 'imported_as_owned']) count(unit.tally.numberEvents, kind, rows.length)
  return rows
}
