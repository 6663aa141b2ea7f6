import type { SqlTypes } from './schema.ts'

/**
 * `held`: how many leases of an account are not closed, so that a list of what somebody holds need not count it. Kept by
 * triggers, because leases are opened, moved and closed in many places.
 */

/** The table of the migration and what it holds from the start. */
export function createHeldCounters({ heldTriggers }: SqlTypes): string[] {
  return [
    'CREATE TABLE held (account_id BIGINT PRIMARY KEY, leases BIGINT NOT NULL)',
    `INSERT INTO held (account_id, leases)
      SELECT account_id, count(*) FROM leases WHERE closed_at IS NULL GROUP BY account_id`,
    'CREATE INDEX leases_ending ON leases (account_id, ends_at) WHERE closed_at IS NULL AND ends_at IS NOT NULL',
    ...heldTriggers,
  ]
}

const count = (change: string, row: string) =>
  `INSERT INTO held (account_id, leases) SELECT ${row}.account_id, ${change} WHERE ${row}.closed_at IS NULL
    ON CONFLICT (account_id) DO UPDATE SET leases = held.leases + excluded.leases;`

export const SQLITE_HELD_TRIGGERS = [
  `CREATE TRIGGER leases_insert_held AFTER INSERT ON leases BEGIN ${count('1', 'new')} END`,
  `CREATE TRIGGER leases_update_held AFTER UPDATE OF account_id, closed_at ON leases BEGIN
    ${count('-1', 'old')} ${count('1', 'new')} END`,
]

/** When the unit commits: one account's purchases would wait for each other all the longer otherwise. */
export const POSTGRES_HELD_TRIGGERS = [
  `CREATE FUNCTION count_held() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'UPDATE' THEN
      IF old.account_id = new.account_id AND (old.closed_at IS NULL) = (new.closed_at IS NULL) THEN RETURN NULL; END IF;
      ${count('-1', 'old')}
    END IF;
    ${count('1', 'new')}
    RETURN NULL; END $$`,
  `CREATE CONSTRAINT TRIGGER leases_held AFTER INSERT OR UPDATE OF account_id, closed_at ON leases
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION count_held()`,
]
