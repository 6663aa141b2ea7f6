/** Who may do what to which account. Foreign and unknown things answer the same, so that ids cannot be probed. */
import { Fault } from '../../../core/ground/fault.ts'
import type { Caller, Organization, Owned, SipAddress, User } from '../../../core/ground/model.ts'
import type { Call } from '../../kit/dialect.ts'
import { isReading } from '../../kit/scopes.ts'
import { DIALECT } from '../ids.ts'

/** A call whose caller is known. */
export type KnownCall = Call<'required'>

export function actionName(call: Call): string {
  return String(call.inbound.fields.Action)
}

export function isAdmin(caller: Caller): boolean {
  return caller.role === 'account_admin' || isOperator(caller)
}

export function isOperator(caller: Caller): boolean {
  return caller.role === 'operator'
}

/** All number actions need an administrator. Faults: forbidden. */
export function requireAdmin({ caller }: KnownCall): void {
  if (!isAdmin(caller)) throw new Fault('forbidden', { reason: 'role' })
}

/** The caller, acting on this account: its own, or any for an operator. Faults: forbidden. */
export async function administer(call: KnownCall, accountId: number | undefined): Promise<Caller> {
  requireAdmin(call)
  const { caller, core } = call
  if (accountId === caller.account.id) return caller
  if (accountId === undefined || !isOperator(caller)) throw new Fault('forbidden', { reason: 'account' })
  const reached = await core.accounts.reach(caller, accountId, actionName(call), {
    isReading: isReading(call.inbound.operation?.scope),
  })
  // The operator's own user is none of that account's.
  return { ...reached, user: null }
}

/** True when the caller's answers may name this account. */
export function isInReach(caller: Caller | undefined, accountId: number): boolean {
  return caller !== undefined && (caller.account.id === accountId || isOperator(caller))
}

/** Faults: forbidden. */
export async function administeredUser(call: KnownCall, userId: number): Promise<{ caller: Caller; user: User }> {
  const user = await call.core.directory.user(userId)
  const caller = await administer(call, user?.accountId)
  if (!user) throw new Fault('forbidden', { reason: 'account' })
  return { caller, user }
}

/** An owned number by its DidId. Faults: forbidden. */
export async function administeredDid(call: KnownCall, didId: number): Promise<{ caller: Caller; owned: Owned }> {
  const owned = await call.core.numbers.lease(didId, DIALECT)
  const caller = await administer(call, owned?.lease.accountId)
  if (!owned) throw new Fault('forbidden', { reason: 'account' })
  return { caller, owned }
}

export async function visibleAddress(call: Call, username: string, domain: string): Promise<SipAddress | undefined> {
  const found = await call.core.directory.address(username, domain)
  return found && isInReach(call.caller, found.accountId) ? found : undefined
}

export async function visibleOrganization(call: Call, domain: string): Promise<Organization | undefined> {
  const found = await call.core.directory.organizationByDomain(domain.toLowerCase())
  return found && isInReach(call.caller, found.accountId) ? found : undefined
}
