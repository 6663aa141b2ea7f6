/** A number may lead to what its account keeps at a surface, an application, and never to one that is gone. */
export function createHandlers(): string[] {
  return [
    'ALTER TABLE leases ADD COLUMN handler_id BIGINT REFERENCES resources (id)',
    'CREATE INDEX leases_handler ON leases (handler_id) WHERE handler_id IS NOT NULL',
  ]
}
