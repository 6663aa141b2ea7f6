import { sql } from 'kysely'
import { readAccount } from '../accounts.ts'
import { countShelf } from '../numbers/stock.ts'
import { resolveTaker, take } from '../numbers/take.ts'
import type { Row } from '../rows.ts'
import type { RunUnit, Unit } from '../unit.ts'

/** Rows per unit: a few milliseconds, so that buyers hardly wait behind one. */
const BATCH = 250

const COPIED = `e164, reversed, stock_id, country, type, area_code, npa_nxx, region, city, city_id, rate_center, lata,
  latitude, longitude, postal_code, capabilities, currency, setup_price, monthly_price, per_minute_price, channels,
  required_documents`

/** Numbers that exist already are left as they are. */
async function insertNumbers(unit: Unit, importId: number, from: number, to: number): Promise<void> {
  await sql`INSERT INTO numbers (${sql.raw(COPIED)}, state, available_from, version, created_at, updated_at)
    SELECT ${sql.raw(COPIED)}, 'available', 0, 1, ${unit.now}, ${unit.now} FROM import_rows
    WHERE import_id = ${importId} AND line > ${from} AND line <= ${to} ORDER BY line
    ON CONFLICT (e164) DO NOTHING`.execute(unit.db)
}

/** Rows of this range whose number has no event yet are the ones just inserted. */
async function insertEvents(unit: Unit, importId: number, from: number, to: number): Promise<number> {
  const result = await sql<{ stock_id: number }>`INSERT INTO number_events
    (number_id, version, kind, state, at, data)
    SELECT n.id, 1, 'imported', 'available', ${unit.now}, '{}' FROM import_rows r JOIN numbers n ON n.e164 = r.e164
    WHERE r.import_id = ${importId} AND r.line > ${from} AND r.line <= ${to}
      AND NOT EXISTS (SELECT 1 FROM number_events e WHERE e.number_id = n.id)
    ORDER BY r.line`.execute(unit.db)
  return Number(result.numAffectedRows ?? 0n)
}

async function newNumbers(unit: Unit, importId: number, from: number, to: number) {
  const { rows } = await sql<{ stock_id: number; count: number }>`SELECT n.stock_id, count(*) AS count
    FROM import_rows r JOIN numbers n ON n.e164 = r.e164
    WHERE r.import_id = ${importId} AND r.line > ${from} AND r.line <= ${to}
      AND NOT EXISTS (SELECT 1 FROM number_events e WHERE e.number_id = n.id)
    GROUP BY n.stock_id`.execute(unit.db)
  return rows
}

/** Existing customers' numbers: an open lease and billing from `paid_until`, no charge. */
async function handOver(unit: Unit, importId: number, from: number, to: number): Promise<void> {
  const rows = await unit.db
    .selectFrom('import_rows')
    .innerJoin('numbers', 'numbers.e164', 'import_rows.e164')
    .selectAll('numbers')
    .select(['import_rows.owner_id as new_owner', 'import_rows.user_id', 'activated_at', 'paid_until'])
    .where('import_id', '=', importId)
    .where('line', '>', from)
    .where('line', '<=', to)
    .where('numbers.version', '=', 1)
    .where('numbers.state', '=', 'available')
    .orderBy('line')
    .execute()
  for (const { new_owner, user_id, activated_at, paid_until, ...row } of rows) {
    const account = await readAccount(unit.db, new_owner as number)
    if (!account) continue // checked when the row was staged
    const taker = await resolveTaker(unit, account, user_id ?? undefined)
    const start = { startedAt: activated_at as number, paidUntil: paid_until as number, isCharged: false }
    await take(unit, taker, null, [row as Row<'numbers'>], {}, start)
  }
}

async function publishRange(unit: Unit, { id, is_owned }: Row<'imports'>, from: number, to: number): Promise<number> {
  await insertNumbers(unit, id, from, to)
  for (const { stock_id, count } of await newNumbers(unit, id, from, to)) countShelf(unit, stock_id, count)
  const inserted = await insertEvents(unit, id, from, to)
  if (is_owned === 1) await handOver(unit, id, from, to)
  await unit.db
    .deleteFrom('import_rows')
    .where('import_id', '=', id)
    .where('line', '>', from)
    .where('line', '<=', to)
    .execute()
  await unit.db
    .updateTable('imports')
    .set({ published_line: to, imported: sql<number>`imported + ${inserted}` })
    .where('id', '=', id)
    .execute()
  return inserted
}

/** One short batch; undefined when nothing is left. A restart goes on where the last committed batch ended. */
async function publishNext(unit: Unit, importId: number): Promise<number | undefined> {
  let query = unit.db.selectFrom('imports').selectAll().where('id', '=', importId).where('status', '=', 'publishing')
  if (unit.engine.name === 'postgres') query = query.forUpdate()
  const row = await query.executeTakeFirst()
  if (!row) return undefined
  const lines = await unit.db
    .selectFrom('import_rows')
    .select('line')
    .where('import_id', '=', importId)
    .where('line', '>', row.published_line)
    .orderBy('line')
    .limit(BATCH)
    .execute()
  const last = lines.at(-1)
  if (last) {
    await publishRange(unit, row, row.published_line, last.line)
    return lines.length
  }
  await unit.db.updateTable('imports').set({ status: 'done' }).where('id', '=', importId).execute()
  return undefined
}

/** Publish what is staged, batch by batch. */
export async function publish(run: RunUnit, importId: number, onBatch: (rows: number) => void): Promise<void> {
  for (;;) {
    const rows = await run(null, unit => publishNext(unit, importId))
    if (rows === undefined) return
    onBatch(rows)
  }
}
