/**
 * Routes know the address that they lead to. Those from before are told by their text; what names a domain of the account
 * and no address of it has lost it.
 */
export function createDestinations(): string[] {
  const own = (name: string) => `SELECT ${name}.id FROM leases JOIN ${name} ON ${name}.account_id = leases.account_id
    WHERE leases.id = routes.lease_id`
  const named = ['', 'sip:', 'sips:'].map(
    scheme => `routes.target = '${scheme}' || sip_addresses.username || '@' || sip_addresses.domain`,
  )
  return [
    'ALTER TABLE routes ADD COLUMN address_id BIGINT REFERENCES sip_addresses (id)',
    `UPDATE routes SET address_id = (${own('sip_addresses')} AND (${named.join(' OR ')})) WHERE kind = 'sip'`,
    `DELETE FROM routes WHERE kind = 'sip' AND address_id IS NULL
      AND EXISTS (${own('organizations')} AND routes.target LIKE '%@' || organizations.domain)`,
    'CREATE INDEX routes_address ON routes (address_id) WHERE address_id IS NOT NULL',
  ]
}
