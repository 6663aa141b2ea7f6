import { sql } from 'kysely'
import { count as tallied } from '../../ground/tally.ts'
import type { Unit } from '../../ground/unit.ts'
import { countShelf } from '../../numbers/index.ts'
import { run } from '../../store/texts.ts'
import type { TurnIds } from './in-turn.ts'

/** What a line says of its number. */
export const COPIED = `e164, reversed, stock_id, country, type, area_code, npa_nxx, region, city, city_id, rate_center, lata,
  latitude, longitude, postal_code, capabilities, currency, setup_price, monthly_price, per_minute_price, channels,
  required_documents`

/** Lines of one import, after `from` and up to `to`. */
export interface Range {
  id: number
  from: number
  to: number
  /** Of customers, who take them in the unit that writes them: what never lies on the shelf needs no place there. */
  isOwned: boolean
  /** Where the database does not number the rows as they come. */
  ids: TurnIds | undefined
}

const availableFrom = ({ isOwned }: Range) => (isOwned ? 'CAST(NULL AS BIGINT)' : '0')

/** Numbers that exist already are left as they are. */
async function insertNumbers(unit: Unit, range: Range): Promise<void> {
  const { id, from, to } = range
  await sql`INSERT INTO numbers (${sql.raw(COPIED)}, state, available_from, version, created_at, updated_at)
    SELECT ${sql.raw(COPIED)}, 'available', ${sql.raw(availableFrom(range))}, 1, ${unit.now}, ${unit.now} FROM import_rows
    WHERE import_id = ${id} AND line > ${from} AND line <= ${to} ORDER BY line
    ON CONFLICT (e164) DO NOTHING`.execute(unit.db)
}

/** Rows of this range whose number has no event yet are the ones just inserted. */
async function insertEvents(unit: Unit, { id, from, to }: Range): Promise<number> {
  const result = await sql<{ stock_id: number }>`INSERT INTO number_events
    (number_id, version, kind, state, at, data)
    SELECT n.id, 1, 'imported', 'available', ${unit.now}, '{}' FROM import_rows r JOIN numbers n ON n.e164 = r.e164
    WHERE r.import_id = ${id} AND r.line > ${from} AND r.line <= ${to}
      AND NOT EXISTS (SELECT 1 FROM number_events e WHERE e.number_id = n.id)
    ORDER BY r.line`.execute(unit.db)
  return Number(result.numAffectedRows ?? 0n)
}

async function newNumbers(unit: Unit, { id, from, to }: Range) {
  const { rows } = await sql<{ stock_id: number; count: number }>`SELECT n.stock_id, count(*) AS count
    FROM import_rows r JOIN numbers n ON n.e164 = r.e164
    WHERE r.import_id = ${id} AND r.line > ${from} AND r.line <= ${to}
      AND NOT EXISTS (SELECT 1 FROM number_events e WHERE e.number_id = n.id)
    GROUP BY n.stock_id`.execute(unit.db)
  return rows
}

/** The next of a unit's ids, line by line. */
export const NEXT_ID = '(?::bigint[])[row_number() OVER (ORDER BY line)]'

/** All of it in one statement, where a statement can write into several tables. */
const TOGETHER = `WITH
  fresh AS (INSERT INTO numbers (id, ${COPIED}, state, available_from, version, created_at, updated_at)
    SELECT ${NEXT_ID}, ${COPIED}, 'available', 0, 1, ?::bigint, ?::bigint FROM import_rows
    WHERE import_id = ? AND line > ? AND line <= ? ORDER BY line
    ON CONFLICT (e164) DO NOTHING RETURNING id, stock_id),
  told AS (INSERT INTO number_events (number_id, version, kind, state, at, data)
    SELECT id, 1, 'imported', 'available', ?::bigint, '{}' FROM fresh ORDER BY id)
  SELECT stock_id, count(*) AS count FROM fresh GROUP BY stock_id`

async function insertTogether(unit: Unit, { id, from, to }: Range, ids: TurnIds): Promise<number> {
  const values = [ids.numbers, unit.now, unit.now, id, from, to, unit.now]
  const rows = await run<{ stock_id: number; count: number }>(unit.db, unit.engine, TOGETHER, values)
  for (const { stock_id, count } of rows) countShelf(unit, stock_id, count)
  return rows.reduce((sum, { count }) => sum + count, 0)
}

/** Numbers of these lines that are not there yet, with their events and counters. How many there were. */
export async function insertNew(unit: Unit, range: Range): Promise<number> {
  const imported = await (range.ids ? insertTogether(unit, range, range.ids) : insertInTurn(unit, range))
  tallied(unit.tally.numberEvents, 'imported', imported)
  return imported
}

async function insertInTurn(unit: Unit, range: Range): Promise<number> {
  await insertNumbers(unit, range)
  for (const { stock_id, count } of await newNumbers(unit, range)) countShelf(unit, stock_id, count)
  return insertEvents(unit, range)
}
