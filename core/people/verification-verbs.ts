import type { Account, Actor, Caller, JsonObject, Verification, VerificationStatus } from '../ground/model.ts'

/** Kinds of verification: all of one of these lists. */
export type IdentityNeeds = readonly (readonly string[])[]

export interface Verified {
  verification: Verification
  /** As it stands afterwards. */
  account: Account
}

/** An account's identity is verified when what it needs is, and nothing of it has failed: decided in the unit of the change. */
export interface Verifications {
  list(accountId: number): Promise<Verification[]>
  /** Of the caller's account, in the place of an earlier one of its kind. `needs`: of the account from now on. */
  file(
    caller: Caller,
    input: { kind: string; status: VerificationStatus; isTest?: boolean; data?: JsonObject; needs: IdentityNeeds },
  ): Promise<Verified>
  /** `onlyTest`: one that waits and was filed as a test. Faults: not_found. */
  decide(
    actor: Actor,
    accountId: number,
    kind: string,
    decision: { status: 'verified' | 'failed'; reason: string; onlyTest?: boolean },
  ): Promise<Verified>
}
