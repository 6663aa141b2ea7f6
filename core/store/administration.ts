import type { SqlTypes } from './schema.ts'

/**
 * Who runs the gateway, by name and in every event; charges that were given back, once each; secrets that hold beside
 * their successors until a moment. Emptying the database keeps the tokens: they open the gateway, not the world.
 */
export function createAdministration({ id }: SqlTypes): string[] {
  return [
    `CREATE TABLE admin_tokens (id ${id}, name TEXT NOT NULL, token_hash TEXT NOT NULL UNIQUE,
      created_at BIGINT NOT NULL, revoked_at BIGINT)`,
    'CREATE UNIQUE INDEX admin_tokens_name ON admin_tokens (name) WHERE revoked_at IS NULL',
    'ALTER TABLE audit_events ADD COLUMN administrator TEXT',
    'CREATE INDEX audit_events_administrator ON audit_events (administrator, id) WHERE administrator IS NOT NULL',
    'CREATE INDEX audit_events_account ON audit_events (account_id, id)',
    'CREATE INDEX audit_events_subject ON audit_events (subject, id)',
    'ALTER TABLE number_events ADD COLUMN administrator TEXT',
    'CREATE INDEX number_events_administrator ON number_events (administrator, id) WHERE administrator IS NOT NULL',
    'ALTER TABLE transactions ADD COLUMN refunds_id BIGINT',
    'CREATE UNIQUE INDEX transactions_refunds ON transactions (refunds_id) WHERE refunds_id IS NOT NULL',
    'ALTER TABLE leases ADD COLUMN release_fee_id BIGINT',
    'ALTER TABLE credentials ADD COLUMN ends_at BIGINT',
  ]
}
