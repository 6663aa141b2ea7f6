import type { SqlTypes } from './schema.ts'

/**
 * One public id may have several secrets, so that a new one is given out before the old one ends, as providers whose
 * ids are fixed do it. What was issued from a credential names it, and ends with it.
 */
export function createManySecrets({ manySecrets }: SqlTypes): string[] {
  return [
    ...manySecrets,
    'CREATE UNIQUE INDEX credentials_secret ON credentials (realm, public_id, secret_hash)',
    'CREATE INDEX credentials_issued ON credentials (issued_from) WHERE issued_from IS NOT NULL',
    'CREATE INDEX sessions_user ON sessions (user_id)',
  ]
}

const COLUMNS =
  'id, account_id, user_id, realm, kind, public_id, secret_hash, role, scopes, name, is_active, created_at'

/** SQLite cannot drop the constraint of a table: it is made anew. Nothing refers to it. */
export const sqliteManySecrets = (id: string, touches: (table: string) => readonly string[]): string[] => [
  `CREATE TABLE credentials_new (id ${id}, account_id BIGINT NOT NULL REFERENCES accounts (id),
    user_id BIGINT REFERENCES users (id), realm TEXT NOT NULL, kind TEXT NOT NULL, public_id TEXT NOT NULL,
    secret_hash TEXT NOT NULL, role TEXT NOT NULL, scopes TEXT NOT NULL, name TEXT NOT NULL,
    is_active BIGINT NOT NULL, created_at BIGINT NOT NULL, issued_from BIGINT)`,
  `INSERT INTO credentials_new (${COLUMNS}) SELECT ${COLUMNS} FROM credentials`,
  'DROP TABLE credentials',
  'ALTER TABLE credentials_new RENAME TO credentials',
  'CREATE INDEX credentials_account ON credentials (account_id)',
  ...touches('credentials'),
]

export const POSTGRES_MANY_SECRETS = [
  'ALTER TABLE credentials DROP CONSTRAINT credentials_realm_public_id_key',
  'ALTER TABLE credentials ADD COLUMN issued_from BIGINT',
]
