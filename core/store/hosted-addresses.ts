/** Addresses of every kind: what a surface keeps with one, and aliases, which go with the address that they stand for. */
export function createHostedAddresses(): string[] {
  return [
    "ALTER TABLE sip_addresses ADD COLUMN data TEXT NOT NULL DEFAULT '{}'",
    'ALTER TABLE sip_addresses ADD COLUMN parent_id BIGINT REFERENCES sip_addresses (id)',
    'CREATE INDEX sip_addresses_parent ON sip_addresses (parent_id) WHERE parent_id IS NOT NULL',
    'CREATE INDEX sip_addresses_user ON sip_addresses (user_id) WHERE user_id IS NOT NULL',
    'CREATE INDEX leases_user ON leases (user_id) WHERE user_id IS NOT NULL',
  ]
}
