import type { Unit } from '../../ground/unit.ts'
import { run } from '../../store/texts.ts'

/** Lines that are looked through for those of one unit, by how many it may have: some of a file may be left out. */
const STRETCH = 4

/**
 * The next lines that are left. Both ends of the stretch are told, so that it is a short way in the index, whatever an
 * engine believes of a table that nobody has counted yet: PostgreSQL sorted all that was left of the file for each unit.
 */
const NEXT = `SELECT count(*) AS rows, max(line) AS last FROM (SELECT line FROM import_rows
  WHERE import_id = ? AND line > ? AND line < (SELECT min(line) FROM import_rows WHERE import_id = ? AND line > ?) + ?
  ORDER BY line LIMIT ?) AS batch`

/** Where the lines of one unit end and how many they are; undefined when nothing is left after that line. */
export async function nextLines({ db, engine }: Unit, importId: number, line: number) {
  const values = [importId, line, importId, line, engine.unitRows * STRETCH, engine.unitRows]
  const [batch] = await run<{ rows: number; last: number | null }>(db, engine, NEXT, values)
  return batch?.last ? { rows: batch.rows, last: batch.last } : undefined
}
