import type { Row } from '../../ground/rows.ts'
import type { Unit } from '../../ground/unit.ts'
import { run } from '../../store/texts.ts'

type NumberRow = Row<'numbers'>

/**
 * The numbers that are there of a list of E.164, looked up one by one: a plan for all of them that was made when there were few
 * numbers would read the whole table.
 */
const KNOWN = {
  postgres: `SELECT known.* FROM json_array_elements_text(?::json) AS wanted (e164),
    LATERAL (SELECT * FROM numbers WHERE numbers.e164 = wanted.e164 LIMIT 1) AS known`,
  sqlite: 'SELECT * FROM numbers WHERE e164 IN (SELECT value FROM json_each(?))',
}

const IN_ORDER = {
  postgres: `SELECT * FROM numbers WHERE id IN (SELECT id FROM (${KNOWN.postgres}) AS found) ORDER BY id FOR UPDATE`,
  sqlite: `${KNOWN.sqlite} ORDER BY id`,
}

async function byE164({ db, engine }: Unit, texts: typeof KNOWN, e164s: readonly string[]) {
  const rows = await run<NumberRow>(db, engine, texts[engine.name], [JSON.stringify(e164s)])
  return new Map(rows.map(row => [row.e164, row]))
}

/** Those of these numbers that are there, by E.164. */
export const knownNumbers = (unit: Unit, e164s: readonly string[]) => byE164(unit, KNOWN, e164s)

/** As `knownNumbers`, locked in order of id. */
export const lockNumbers = (unit: Unit, e164s: readonly string[]) => byE164(unit, IN_ORDER, e164s)
