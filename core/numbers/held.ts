import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Instant } from '../ground/model.ts'
import type { OwnedFilter } from '../verbs.ts'

/** True where nothing but the accounts tells which leases are meant. */
export function isWholeAccounts({ accountIds, ...rest }: OwnedFilter): boolean {
  return Object.values(rest).every(value => value === undefined)
}

/** How many numbers the accounts hold at this moment: those not closed, but for those that the clock has ended. */
export function heldTotal(accounts: readonly (number | symbol)[], now: Instant | symbol): RawBuilder<number> {
  const own = (column: string): RawBuilder<SqlBool> => sql`${sql.ref(column)} IN (${sql.join(accounts)})`
  return sql<number>`((SELECT coalesce(sum(leases), 0) FROM held WHERE ${own('held.account_id')})
    - (SELECT count(*) FROM leases WHERE ${own('leases.account_id')} AND closed_at IS NULL AND ends_at <= ${now}))`
}
