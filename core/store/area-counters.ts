/**
 * `stock_areas`: the counters of `stock` summed over exchanges, cities and rate centers, so that the total of an area code
 * is one row and that of a country a few hundred. Kept by triggers, because whatever changes `stock` must change them in
 * the same statement.
 */

/** What tells one row of `stock_areas` from the others. */
export const COLUMNS = ['country', 'type', 'area_code', 'npa', 'region', 'currency', 'capabilities', 'needs_documents']
const LIST = COLUMNS.join(', ')

export const sameAs = (one: string, other: string) =>
  COLUMNS.map(name => `${one}.${name} = ${other}.${name}`).join(' AND ')

/** The tables of the migration and what they hold from the start. `id` as in SqlTypes. */
export function createAreaCounters(id: string, triggers: readonly string[]): string[] {
  return [
    `CREATE TABLE stock_areas (id ${id}, country TEXT NOT NULL, type TEXT NOT NULL, area_code TEXT NOT NULL,
      npa TEXT NOT NULL, region TEXT NOT NULL, currency TEXT NOT NULL, capabilities BIGINT NOT NULL,
      needs_documents BIGINT NOT NULL, available BIGINT NOT NULL, UNIQUE (${LIST}))`,
    `INSERT INTO stock_areas (${LIST}, available) SELECT ${LIST}, sum(available) FROM stock GROUP BY ${LIST}`,
    'CREATE INDEX stock_areas_npa ON stock_areas (npa, needs_documents, available)',
    ...triggers,
  ]
}

export const SQLITE_AREA_TRIGGERS = [
  `CREATE TRIGGER stock_insert_area AFTER INSERT ON stock BEGIN
    INSERT INTO stock_areas (${LIST}, available) VALUES (${COLUMNS.map(name => `new.${name}`).join(', ')}, new.available)
    ON CONFLICT DO UPDATE SET available = available + excluded.available; END`,
  `CREATE TRIGGER stock_update_area AFTER UPDATE OF available ON stock BEGIN
    UPDATE stock_areas SET available = available + new.available - old.available WHERE ${sameAs('stock_areas', 'new')}; END`,
]

/** By statement: rows of several areas are locked in one order, whatever order the counters came in. */
export const POSTGRES_AREA_TRIGGERS = [
  `CREATE FUNCTION count_new_areas() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO stock_areas AS area (${LIST}, available) SELECT ${LIST}, sum(available) FROM fresh GROUP BY ${LIST}
    ORDER BY ${LIST} ON CONFLICT (${LIST}) DO UPDATE SET available = area.available + excluded.available;
    RETURN NULL; END $$`,
  `CREATE TRIGGER stock_insert_area AFTER INSERT ON stock REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION count_new_areas()`,
  `CREATE FUNCTION count_areas() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM 1 FROM stock_areas AS area WHERE (${LIST}) IN (SELECT ${LIST} FROM fresh) ORDER BY area.id FOR UPDATE;
    UPDATE stock_areas AS area SET available = area.available + changed.delta FROM (
      SELECT ${COLUMNS.map(name => `fresh.${name}`).join(', ')}, sum(fresh.available - stale.available) AS delta
      FROM fresh JOIN stale ON stale.id = fresh.id GROUP BY ${COLUMNS.map(name => `fresh.${name}`).join(', ')}
    ) AS changed WHERE ${sameAs('area', 'changed')};
    RETURN NULL; END $$`,
  `CREATE TRIGGER stock_update_area AFTER UPDATE ON stock REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION count_areas()`,
]
