import type { SqlTypes } from './schema.ts'

const ATTEMPTS = 'realm, name, failures, window_started_at, locked_until'

/**
 * Attempts to log in count for a name and where they come from, so that nobody locks others out. `shared_counts`: what
 * processes tell each other every second; it is of no worth after a crash.
 */
export function createLimits({ unlogged }: SqlTypes): string[] {
  return [
    'ALTER TABLE login_attempts RENAME TO login_attempts_of_names',
    `CREATE TABLE login_attempts (realm TEXT NOT NULL, name TEXT NOT NULL, source TEXT NOT NULL,
      failures BIGINT NOT NULL, window_started_at BIGINT NOT NULL, locked_until BIGINT NOT NULL,
      PRIMARY KEY (name, realm, source))`,
    `INSERT INTO login_attempts (source, ${ATTEMPTS}) SELECT '', ${ATTEMPTS} FROM login_attempts_of_names`,
    'DROP TABLE login_attempts_of_names',
    'CREATE INDEX login_attempts_window ON login_attempts (window_started_at)',
    `CREATE ${unlogged} TABLE shared_counts (process TEXT NOT NULL, turn BIGINT NOT NULL, at BIGINT NOT NULL,
      counts TEXT NOT NULL, PRIMARY KEY (process, turn))`,
  ]
}
