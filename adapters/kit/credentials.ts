/** How the clients of a dialect are let in: what a credential must be to be of use to them, and how they are told. */
import type { Account, Credential, Role } from '../../core/ground/model.ts'
import { SCOPES } from './scopes.ts'

/** What was made, in clear: it is told once. */
export interface MadeCredential {
  /** As its ids go. */
  account: Pick<Account, 'id' | 'guid' | 'handle'>
  publicId: string
  secret: string
}

export interface CredentialRules {
  /** The one kind that its clients can send. A password is a user's. */
  kind: Credential['kind']
  /** The id that clients send beside the secret, where it is the account's own and not drawn. */
  publicId?(account: MadeCredential['account']): string
  /** The domain that an account's first user lives in when it has no organization yet. */
  domain?(account: Account): string
  /** Roles that make a difference here: others cannot be asked for. */
  roles: readonly Role[]
  /** Scopes that are kept here; none: a credential cannot be restricted. */
  scopes: readonly string[]
  /** Realms of what the dialect itself issues, beside the one that has its name. */
  issued?: readonly string[]
  /** What a client of the provider is set up with, by the provider's own names; the base URL is told beside it. */
  client(made: MadeCredential): Record<string, string>
}

/** Of an account that speaks for itself: no role but its own, and every scope. */
export const OF_ACCOUNT = { roles: ['account_admin'], scopes: SCOPES } as const satisfies Partial<CredentialRules>
