/** What was verified of who stands behind an account, one row a kind, and which kinds its identity needs: `a+b a+c`. */
export function createVerifications(): string[] {
  return [
    `CREATE TABLE verifications (account_id BIGINT NOT NULL REFERENCES accounts (id), kind TEXT NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('pending', 'verified', 'failed')), is_test BIGINT NOT NULL DEFAULT 0,
      reason TEXT, data TEXT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
      PRIMARY KEY (account_id, kind))`,
    "ALTER TABLE accounts ADD COLUMN identity_needs TEXT NOT NULL DEFAULT ''",
  ]
}
