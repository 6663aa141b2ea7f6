import type { Account, Caller, Role } from './model.ts'

/** An account in its own name, for credentials without a user. */
export function callerFor(account: Account, role?: Role, scopes: readonly string[] = []): Caller {
  const own: Role = role ?? (account.role === 'operator' ? 'operator' : 'account_admin')
  return { actor: { accountId: account.id, userId: null, role: own }, account, user: null, role: own, scopes }
}
