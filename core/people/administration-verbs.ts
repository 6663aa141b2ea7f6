import type { Actor, Instant, Listed, Page } from '../ground/model.ts'

/** What opens the admin plane to one person or program, whose name stands in every event of theirs. */
export interface AdminToken {
  id: number
  name: string
  createdAt: Instant
  revokedAt: Instant | null
}

export interface AdminTokens {
  /** The secret in clear is returned here and never again. Audited. Faults: name_taken, limit_reached. */
  create(actor: Actor, name: string, reason: string): Promise<{ token: AdminToken; secret: string }>
  /** Audited. Faults: not_found, wrong_state (revoked before). */
  revoke(actor: Actor, id: number, reason: string): Promise<AdminToken>
  /** Newest first, revoked ones too. */
  list(page: Page): Promise<Listed<AdminToken>>
  /** Undefined: nobody's, or revoked. */
  resolve(secret: string): Promise<AdminToken | undefined>
  /** Whether it still opens. */
  isGood(id: number): Promise<boolean>
}
