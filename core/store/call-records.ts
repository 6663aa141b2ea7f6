/**
 * Calls as their owners read them: each knows whose it was when it ended, and `call_sums` sums them by account and direction
 * in days and in hours, so that totals and far pages of millions are read from few rows. Calls of before are summed too.
 */

/** Milliseconds of what is summed, the longest first. */
export const SPANS = [86_400_000, 3_600_000] as const

const OWNER = `leases.number_id = calls.number_id AND leases.started_at <= calls.ended_at
  AND (leases.closed_at IS NULL OR leases.closed_at > calls.ended_at)
  AND (leases.ends_at IS NULL OR leases.ends_at > calls.ended_at)`
const ownerOf = (column: string) =>
  `(SELECT leases.${column} FROM leases WHERE ${OWNER} ORDER BY leases.id DESC LIMIT 1)`
const E164 = '(SELECT e164 FROM numbers WHERE numbers.id = calls.number_id)'
const MONEY_MAX = '9007199254740991'

const COLUMNS = [
  'guid TEXT',
  'call_key TEXT',
  'account_id BIGINT',
  'organization_id BIGINT',
  'user_id BIGINT',
  "from_text TEXT NOT NULL DEFAULT ''",
  "to_text TEXT NOT NULL DEFAULT ''",
  "disposition TEXT NOT NULL DEFAULT ''",
  'talk_seconds BIGINT NOT NULL DEFAULT 0',
  `price BIGINT NOT NULL DEFAULT 0 CHECK (price BETWEEN 0 AND ${MONEY_MAX})`,
  "currency TEXT NOT NULL DEFAULT ''",
]

/** Amounts of several currencies cannot be added: calls are summed apart by what they are priced in. */
export function createCallCurrencies(): string[] {
  return [
    `CREATE TABLE priced_call_sums (account_id BIGINT NOT NULL, span BIGINT NOT NULL, slot BIGINT NOT NULL,
      direction TEXT NOT NULL, currency TEXT NOT NULL, calls BIGINT NOT NULL, answered BIGINT NOT NULL,
      seconds BIGINT NOT NULL, talk_seconds BIGINT NOT NULL, price BIGINT NOT NULL,
      PRIMARY KEY (account_id, span, slot, direction, currency))`,
    ...SPANS.map(
      span => `INSERT INTO priced_call_sums SELECT account_id, ${span}, started_at / ${span}, direction, currency, count(*),
        sum(answered), sum(duration_seconds), sum(talk_seconds), sum(price) FROM calls WHERE account_id IS NOT NULL
        GROUP BY account_id, direction, currency, started_at / ${span}`,
    ),
    'DROP TABLE call_sums',
    'ALTER TABLE priced_call_sums RENAME TO call_sums',
  ]
}

export function createCallRecords(): string[] {
  return [
    ...COLUMNS.map(column => `ALTER TABLE calls ADD COLUMN ${column}`),
    `UPDATE calls SET account_id = ${ownerOf('account_id')}, organization_id = ${ownerOf('organization_id')},
      user_id = ${ownerOf('user_id')}, talk_seconds = answered * duration_seconds,
      disposition = CASE answered WHEN 1 THEN 'answered' ELSE 'no_answer' END,
      from_text = CASE direction WHEN 'outbound' THEN ${E164} ELSE '' END,
      to_text = CASE direction WHEN 'outbound' THEN '' ELSE ${E164} END,
      currency = (SELECT currency FROM numbers WHERE numbers.id = calls.number_id)`,
    `CREATE TABLE call_sums (account_id BIGINT NOT NULL, span BIGINT NOT NULL, slot BIGINT NOT NULL,
      direction TEXT NOT NULL, calls BIGINT NOT NULL, answered BIGINT NOT NULL, seconds BIGINT NOT NULL,
      talk_seconds BIGINT NOT NULL, price BIGINT NOT NULL, PRIMARY KEY (account_id, span, slot, direction))`,
    ...SPANS.map(
      span => `INSERT INTO call_sums SELECT account_id, ${span}, started_at / ${span}, direction, count(*), sum(answered),
        sum(duration_seconds), sum(talk_seconds), sum(price) FROM calls WHERE account_id IS NOT NULL
        GROUP BY account_id, direction, started_at / ${span}`,
    ),
    'CREATE INDEX calls_time ON calls (account_id, started_at, id)',
    'CREATE INDEX calls_order ON calls (account_id, id)',
    'CREATE UNIQUE INDEX calls_guid ON calls (guid)',
    'CREATE UNIQUE INDEX calls_key ON calls (call_key) WHERE call_key IS NOT NULL',
  ]
}
