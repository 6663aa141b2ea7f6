/**
 * What a unit changes of the shelf counters and what that makes stale, on PostgreSQL: one statement that nobody waits for.
 * In area codes of which a block flipped between empty and not empty the version moves; once too often where another
 * process empties another product of that block now, never too seldom. A version carries the time: neither
 * an emptied database nor a standby that takes its server's place may repeat versions that somebody has seen.
 */
const MOVE_VERSIONS = `INSERT INTO npa_versions (npa, version) SELECT npa, ?::bigint FROM changed
  WHERE npa <> '' AND needs_documents = 0 AND (available = 0) <> (available = change) GROUP BY npa ORDER BY npa
  ON CONFLICT (npa) DO UPDATE
    SET version = greatest(npa_versions.version + 1, EXCLUDED.version)`
const CHANGED = 'stock.npa, stock.needs_documents, stock.available'

const COUNT_ONE = `WITH changed AS (UPDATE stock SET available = available + ?::bigint WHERE id = ?
  RETURNING ${CHANGED}, ?::bigint AS change) ${MOVE_VERSIONS}`

/** Locked in order of id, whatever order an UPDATE would take. */
const COUNT_ALL = `WITH delta AS (SELECT * FROM unnest(?::bigint[], ?::bigint[]) AS delta (id, change)),
  locked AS (SELECT stock.id, change FROM stock JOIN delta ON delta.id = stock.id ORDER BY stock.id FOR NO KEY UPDATE OF stock),
  changed AS (UPDATE stock SET available = stock.available + change FROM locked
    WHERE stock.id = locked.id RETURNING ${CHANGED}, change) ${MOVE_VERSIONS}`

type Change = readonly [id: number, delta: number]

/** Text and parameters for at least one change. */
export function countOnPostgres(changes: readonly Change[], now: number): [text: string, parameters: unknown[]] {
  const [only] = changes
  if (changes.length === 1 && only) return [COUNT_ONE, [only[1], only[0], only[1], now]]
  return [COUNT_ALL, [changes.map(([id]) => id), changes.map(([, delta]) => delta), now]]
}
