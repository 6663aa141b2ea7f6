import type { Reader } from '../store/store.ts'

/** Users with the domain that their addresses have. */
export function selectUsers(db: Reader) {
  return db
    .selectFrom('users')
    .innerJoin('organizations', 'organizations.id', 'users.organization_id')
    .selectAll('users')
    .select('organizations.domain')
}
