import type { Caller, Hold, Instant, JsonObject, Listed, Page } from '../ground/model.ts'
import type { ClaimLine, LeaseTerms } from './verbs.ts'

/** What to keep: these numbers, or any that match. */
export type HoldWish = { e164s: readonly string[] } | ClaimLine

/** How it is kept. `currency` and `documents`: as for a purchase, so that nothing is kept that could not be bought. */
export interface HoldTerms extends Pick<LeaseTerms, 'currency' | 'documents'> {
  /** Epoch milliseconds, at most `MOST_DAYS` from now. */
  until: Instant
  dialect?: string
  /** Kept with each hold, for the surface that took it. */
  data?: JsonObject
}

/**
 * Numbers off everybody's shelf for one account until a moment. Its end is decided by the clock: from that moment on
 * the number is on the shelf, whoever looks. The holder buys by `numbers.purchase`, which ends the hold in its unit.
 */
export interface Holds {
  /**
   * All or nothing. What the account holds already stays held, until the later of the two moments.
   * Faults: number_unavailable, documents_required, limit_reached, invalid_input (until).
   */
  take(caller: Caller, wish: HoldWish, terms: HoldTerms): Promise<Hold[]>
  /** Later or sooner than before. Faults: not_found, invalid_input (until). */
  extend(caller: Caller, holdIds: readonly number[], until: Instant): Promise<Hold[]>
  /** Back on the shelf at once, all or nothing. Faults: not_found. */
  giveUp(caller: Caller, holdIds: readonly number[]): Promise<void>
  /** An open one of this account. */
  find(accountId: number, guid: string): Promise<Hold | undefined>
  /** Open ones, oldest first. */
  of(accountId: number, page: Page): Promise<Listed<Hold>>
}
