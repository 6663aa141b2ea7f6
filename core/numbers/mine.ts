import { type SqlBool, sql } from 'kysely'
import type { Instant, PhoneNumber } from '../ground/model.ts'
import type { Condition } from './filter.ts'

/**
 * Numbers that nobody but one account can have at a moment: those it holds, and those it gave back a short while ago.
 * At the very moment its right ends it is everybody's, or nobody's.
 */
export function isMine(
  number: Pick<PhoneNumber, 'state' | 'heldBy' | 'heldUntil' | 'lastOwnerId' | 'reclaimUntil'>,
  accountId: number,
  now: Instant,
): boolean {
  if (number.state === 'available') return number.heldBy === accountId && (number.heldUntil ?? 0) > now
  return number.state === 'quarantined' && number.lastOwnerId === accountId && (number.reclaimUntil ?? 0) > now
}

/** What the account can buy at that moment, by name: the shelf and what is its own. */
export function purchasable(accountId: number, now: Instant): Condition {
  return sql<SqlBool>`(numbers.available_from <= ${now}
    OR (numbers.state = 'available' AND numbers.held_by = ${accountId} AND numbers.held_until > ${now})
    OR (numbers.state = 'quarantined' AND numbers.last_owner_id = ${accountId} AND numbers.reclaim_until > ${now}))`
}
