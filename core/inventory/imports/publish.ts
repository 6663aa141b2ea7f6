import { sql } from 'kysely'
import { Fault } from '../../ground/fault.ts'
import type { Row } from '../../ground/rows.ts'
import { count as tallied } from '../../ground/tally.ts'
import type { RunUnit, Unit } from '../../ground/unit.ts'
import { countShelf } from '../../numbers/index.ts'
import { tell } from '../../store/statements.ts'
import { run as select } from '../../store/texts.ts'
import type { LineMessage } from '../../verbs.ts'
import { handOver, refusalOf, takersOf } from './hand-over.ts'
import { nextLines } from './staged.ts'

const COPIED = `e164, reversed, stock_id, country, type, area_code, npa_nxx, region, city, city_id, rate_center, lata,
  latitude, longitude, postal_code, capabilities, currency, setup_price, monthly_price, per_minute_price, channels,
  required_documents`

/** Lines of one import, after `from` and up to `to`. */
interface Range {
  id: number
  from: number
  to: number
  /** Of customers, who take them in the unit that writes them: what never lies on the shelf needs no place there. */
  isOwned: boolean
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

/** All of it in one statement, where a statement can write into several tables. */
const together = (from: string) => `WITH
  fresh AS (INSERT INTO numbers (${COPIED}, state, available_from, version, created_at, updated_at)
    SELECT ${COPIED}, 'available', ${from}, 1, ?::bigint, ?::bigint FROM import_rows
    WHERE import_id = ? AND line > ? AND line <= ? ORDER BY line
    ON CONFLICT (e164) DO NOTHING RETURNING id, stock_id),
  told AS (INSERT INTO number_events (number_id, version, kind, state, at, data)
    SELECT id, 1, 'imported', 'available', ?::bigint, '{}' FROM fresh ORDER BY id)
  SELECT stock_id, count(*) AS count FROM fresh GROUP BY stock_id`

async function insertTogether(unit: Unit, range: Range): Promise<number> {
  const { id, from, to } = range
  const values = [unit.now, unit.now, id, from, to, unit.now]
  const text = together(availableFrom(range))
  const rows = await select<{ stock_id: number; count: number }>(unit.db, unit.engine, text, values)
  for (const { stock_id, count } of rows) countShelf(unit, stock_id, count)
  return rows.reduce((sum, { count }) => sum + count, 0)
}

async function insertNew(unit: Unit, range: Range): Promise<number> {
  const imported = await (unit.engine.name === 'postgres' ? insertTogether : insertInTurn)(unit, range)
  tallied(unit.tally.numberEvents, 'imported', imported)
  return imported
}

async function insertInTurn(unit: Unit, range: Range): Promise<number> {
  await insertNumbers(unit, range)
  for (const { stock_id, count } of await newNumbers(unit, range)) countShelf(unit, stock_id, count)
  return insertEvents(unit, range)
}

interface Published {
  imported: number
  late: LineMessage[]
}

async function publishStock(unit: Unit, range: Range): Promise<Published> {
  return { imported: await insertNew(unit, range), late: [] }
}

function linesOf(unit: Unit, { id, from, to }: Range) {
  return unit.db
    .selectFrom('import_rows')
    .selectAll()
    .where('import_id', '=', id)
    .where('line', '>', from)
    .where('line', '<=', to)
    .orderBy('line')
    .execute()
}

async function dropLines(unit: Unit, { id, from, to }: Range, only?: readonly number[]): Promise<void> {
  let query = unit.db
    .deleteFrom('import_rows')
    .where('import_id', '=', id)
    .where('line', '>', from)
    .where('line', '<=', to)
  if (only) query = query.where('line', 'in', only)
  await tell(unit.db, query)
}

/** New numbers and those that are on the shelf go to their owners in the unit that writes them. */
async function publishOwned(unit: Unit, range: Range, isFree: boolean): Promise<Published> {
  const all = await linesOf(unit, range)
  const takers = await takersOf(unit, all)
  const closed = all.flatMap(line => {
    const message = refusalOf(takers, line)
    return message === undefined ? [] : [{ line: line.line, message }]
  })
  const refused = new Set(closed.map(({ line }) => line))
  if (refused.size > 0) await dropLines(unit, range, [...refused])
  await insertNew(unit, range)
  const open = all.filter(({ line }) => !refused.has(line))
  const { taken, late } = await handOver(unit, open, takers, isFree)
  return { imported: taken, late: [...closed, ...late] }
}

async function publishRange(unit: Unit, row: Row<'imports'>, to: number): Promise<Published> {
  const range = { id: row.id, from: row.published_line, to, isOwned: row.is_owned === 1 }
  const isFree = row.billed_elsewhere === 1
  const published = range.isOwned ? await publishOwned(unit, range, isFree) : await publishStock(unit, range)
  await dropLines(unit, range)
  const counted = { published_line: to, imported: sql<number>`imported + ${published.imported}` }
  await tell(unit.db, unit.db.updateTable('imports').set(counted).where('id', '=', row.id))
  return published
}

/** One short batch; undefined when nothing is left. A restart goes on where the last committed batch ended. */
async function publishNext(unit: Unit, importId: number) {
  let query = unit.db.selectFrom('imports').selectAll().where('id', '=', importId).where('status', '=', 'publishing')
  if (unit.engine.name === 'postgres') query = query.forUpdate()
  const row = await query.executeTakeFirst()
  if (!row) return undefined
  const batch = await nextLines(unit, importId, row.published_line)
  return batch && { rows: batch.rows, ...(await publishRange(unit, row, batch.last)) }
}

async function finish(run: RunUnit, importId: number): Promise<void> {
  await run(null, unit => {
    const done = unit.db.updateTable('imports').set({ status: 'done' }).where('id', '=', importId)
    return done.where('status', '=', 'publishing').execute()
  })
}

/** It would come again: a fault, or a value that the database does not take. One that is away or busy is another matter. */
function isFinal(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return error instanceof Fault || (typeof code === 'string' && /^(2[23]\w{3}|SQLITE_CONSTRAINT.*)$/.test(code))
}

async function fail(run: RunUnit, importId: number, error: unknown): Promise<void> {
  const reason = error instanceof Error ? error.message : String(error)
  await run(null, unit =>
    unit.db.updateTable('imports').set({ status: 'failed', reason }).where('id', '=', importId).execute(),
  )
}

async function nextBatch(run: RunUnit, importId: number) {
  try {
    return await run(null, unit => publishNext(unit, importId), { isStep: true })
  } catch (error) {
    if (isFinal(error)) await fail(run, importId, error)
    throw error
  }
}

/** Publish what is staged, batch by batch. What can never be finished is marked failed. */
export async function publish(
  run: RunUnit,
  importId: number,
  onBatch: (rows: number, late: readonly LineMessage[]) => void,
): Promise<void> {
  for (;;) {
    const batch = await nextBatch(run, importId)
    if (batch === undefined) return finish(run, importId)
    onBatch(batch.rows, batch.late)
  }
}
