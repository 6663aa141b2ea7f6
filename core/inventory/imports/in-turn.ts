import { sql } from 'kysely'
import type { Unit } from '../../ground/unit.ts'
import { tell } from '../../store/statements.ts'
import { run, written } from '../../store/texts.ts'

// Where units can work beside each other, two of a file are under way: the later one writes its numbers while the earlier
// one is still at it. They wait for each other inside of the server, which sees and ends a circle with other files that
// have the same numbers; nothing that others wait for is kept while one waits anywhere else.

/** What a unit knows of the one before it. */
export interface Turn {
  /** Its lines are those after this one. */
  from: number
  /** Told once it has its lines: up to which; nothing when none is left. */
  begun(last: number | undefined): void
  /** The unit before is committed, and whoever waits for it has been told. */
  before: Promise<unknown>
}

const MOVED = new Error('another unit has moved this import on')

/** The file is not where a unit took it to be: the one before began anew, or another process is at it too. */
export const isMoved = (error: unknown): boolean => error === MOVED

const LOCK = 'pg_advisory_xact_lock((?::bigint << 32) + ?::bigint)'

/** What the rows of a unit are to be numbered by, as arrays of the server. */
export interface TurnIds {
  numbers: string
  leases: string
}

const listOf = (sequence: string) =>
  `(SELECT coalesce(array_agg(nextval('${sequence}')), '{}')::text FROM generate_series(1, ?::bigint))`

const BEGIN = `SELECT ${listOf('numbers_id_seq')} AS numbers, ${listOf('leases_id_seq')} AS leases, ${LOCK}`

/**
 * The lines up to here are this unit's until it ends. Its ids are taken before the next unit begins, so that those of a file
 * are in the order of its lines, whichever unit writes first. Undefined where units do not work beside each other.
 */
export async function takeTurn(
  { db, engine }: Unit,
  importId: number,
  lines: { rows: number; last: number },
  isOwned: boolean,
): Promise<TurnIds | undefined> {
  if (engine.name !== 'postgres') return undefined
  const leases = isOwned ? lines.rows : 0
  const [ids] = await run<TurnIds>(db, engine, BEGIN, [lines.rows, leases, importId, lines.last])
  return ids
}

/** Once the unit that has the lines up to `from` has ended: the import is published up to `to`. Throws `MOVED`. */
export async function moveOn(unit: Unit, importId: number, from: number, to: number, imported: number): Promise<void> {
  const { db, engine } = unit
  if (engine.name === 'postgres') await tell(db, written(engine, `SELECT ${LOCK}`, [importId, from]))
  const { numUpdatedRows } = await db
    .updateTable('imports')
    .set({ published_line: to, imported: sql<number>`imported + ${imported}` })
    .where('id', '=', importId)
    .where('published_line', '=', from)
    .where('status', '=', 'publishing')
    .executeTakeFirst()
  if (numUpdatedRows !== 1n) throw MOVED
}
