import { COLUMNS, sameAs } from './area-counters.ts'
import type { SqlTypes } from './schema.ts'

/**
 * Counters that change where they stand: no index holds what they count, so that a purchase, and a file of a hundred
 * thousand new blocks, writes a row and not each of its indexes anew. `stock_areas` has the sums that those were for.
 */
export function createCountersInPlace({ countersInPlace }: SqlTypes): string[] {
  return [
    'DROP INDEX IF EXISTS stock_totals',
    'DROP INDEX IF EXISTS stock_npa_totals', // stock_npa is left
    'DROP INDEX IF EXISTS stock_areas_npa',
    'CREATE INDEX stock_areas_npa ON stock_areas (npa)',
    ...countersInPlace,
  ]
}

const LIST = COLUMNS.join(', ')
/** Any order that all go by; what tells most areas apart comes first. */
const IN_ORDER = `npa, area_code, region, ${COLUMNS.filter(name => !/^(npa|area_code|region)$/.test(name)).join(', ')}`

/** Rows of several areas are locked in one order. */
const addTo = (changes: string, only: string) => `INSERT INTO stock_areas AS area (${LIST}, available)
    SELECT ${LIST}, sum(change) FROM (${changes}) AS changed GROUP BY ${LIST} HAVING sum(change) <> 0${only}
    ORDER BY ${IN_ORDER} ON CONFLICT (${LIST}) DO UPDATE SET available = area.available + excluded.available;`

/** A product of which there is nothing yet brings the row of its area, and holds up nobody where there is one. */
const NEW_AREA = ` OR NOT EXISTS (SELECT 1 FROM stock_areas AS known WHERE ${sameAs('known', 'changed')})`

/**
 * A row is changed in place where its page has room for it once more: half of it stays free. What the rows were and what
 * they are is added up and not joined: a plan is made for as few rows as come first, and kept for as many as come later.
 */
export const POSTGRES_COUNTERS_IN_PLACE = [
  ...['stock', 'stock_areas', 'npa_versions'].map(table => `ALTER TABLE ${table} SET (fillfactor = 45)`),
  `CREATE OR REPLACE FUNCTION count_new_areas() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    ${addTo(`SELECT ${LIST}, available AS change FROM fresh`, NEW_AREA)}
    RETURN NULL; END $$`,
  `CREATE OR REPLACE FUNCTION count_areas() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    ${addTo(`SELECT ${LIST}, available AS change FROM fresh UNION ALL SELECT ${LIST}, -available FROM stale`, '')}
    RETURN NULL; END $$`,
]
