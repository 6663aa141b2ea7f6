/** What is over is found by the moment since when, the oldest first, however much is not: see core/upkeep/retention-rules.ts. */
export function createRetention(): string[] {
  return [
    'CREATE INDEX holds_ended ON holds (ended_at) WHERE ended_at IS NOT NULL',
    'CREATE INDEX idempotency_records_created ON idempotency_records (created_at)',
    'CREATE INDEX deliveries_over ON deliveries (created_at) WHERE next_attempt_at IS NULL',
    'CREATE INDEX outbox_done ON outbox (at) WHERE is_done = 1',
    'CREATE INDEX carts_added ON carts (added_at)',
    "CREATE INDEX imports_over ON imports (created_at) WHERE status NOT IN ('staging', 'publishing')",
  ]
}
