/**
 * What a unit changes of the shelf counters, by their ids, and what that makes stale, on PostgreSQL: one statement that
 * nobody waits for. Counters are locked in order of id, whatever order an UPDATE would take. In area codes of which a
 * block flipped between empty and not empty the version moves; once too often where another process empties another
 * product of that block now, never too seldom. A first version is not 1: an emptied database must not repeat the versions
 * of its past.
 */
export const COUNT_SHELF = `WITH delta AS (SELECT * FROM unnest(?::bigint[], ?::bigint[]) AS delta (id, change)),
  locked AS (SELECT id FROM stock WHERE id IN (SELECT id FROM delta) ORDER BY id FOR UPDATE),
  changed AS (UPDATE stock SET available = stock.available + delta.change FROM locked JOIN delta ON delta.id = locked.id
    WHERE stock.id = locked.id RETURNING stock.npa, stock.needs_documents, stock.available, delta.change)
  INSERT INTO npa_versions (npa, version) SELECT npa, ?::bigint FROM changed
    WHERE npa <> '' AND needs_documents = 0 AND (available = 0) <> (available = change) GROUP BY npa ORDER BY npa
    ON CONFLICT (npa) DO UPDATE SET version = npa_versions.version + 1`
