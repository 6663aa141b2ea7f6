/** Whose name a call acts in, and what it may touch there: the role rules of the provider in one place. */
import { Fault } from '../../../core/ground/fault.ts'
import type { Account, Caller, Owned } from '../../../core/ground/model.ts'
import type { Core } from '../../../core/verbs.ts'
import type { Call, Inbound } from '../../kit/dialect.ts'
import { isReading } from '../../kit/scopes.ts'
import { DIALECT } from '../ids.ts'

type Required = Call<'required'>

/** More than anybody has. */
export const ALL = { limit: 10_000, offset: 0 }

export const isAdmin = ({ actor }: Caller) => actor.role === 'operator'
export const isSubAccount = (account: Account) => account.parentId !== null

/** The client in Python knows the members of the provider's models, and fails on any other. */
export const isStrict = ({ request }: Inbound) => request.headers.get('x-fern-language')?.toLowerCase() === 'python'

const actionOf = ({ inbound }: Required) => `${DIALECT} ${inbound.request.method} ${inbound.pathname}`

/** An account that is stopped can be looked at by those above it. */
const reading = ({ inbound }: Required) => ({ isReading: isReading(inbound.operation?.scope) })

/** The account of the path: the caller's own, a sub-account of it, any for an admin. Faults: forbidden (account). */
export async function actingOn(call: Required, handle: string): Promise<Caller> {
  const { core, caller } = call
  if (handle === caller.account.handle) return caller
  const account = await core.accounts.byHandle(handle)
  return core.accounts.reach(caller, account?.id ?? 0, actionOf(call), reading(call))
}

/** What only a main account does with numbers. Faults: forbidden (account). */
export async function actingAsMain(call: Required, handle: string): Promise<Caller> {
  const caller = await actingOn(call, handle)
  if (isSubAccount(caller.account)) throw new Fault('forbidden', { reason: 'account' })
  return caller
}

/** Sub-account routes do not tell whether another main account exists. Faults: forbidden (account), not_found. */
export async function managing(call: Required, handle: string): Promise<Caller> {
  const { core, caller } = call
  if (isSubAccount(caller.account)) throw new Fault('forbidden', { reason: 'account' })
  if (handle === caller.account.handle) return caller
  const account = isAdmin(caller) ? await core.accounts.byHandle(handle) : undefined
  if (!account || isSubAccount(account)) throw new Fault('not_found', { what: 'account', id: handle })
  return core.accounts.reach(caller, account.id, actionOf(call), reading(call))
}

/** Faults: not_found. */
export async function subAccountOf(core: Core, { account }: Caller, handle: string): Promise<Account> {
  const found = await core.accounts.byHandle(handle)
  if (found?.parentId !== account.id) throw new Fault('not_found', { what: 'account', id: handle })
  return found
}

/** A sub-account in whose name its parent, or an admin, shows who it is. Faults: forbidden (account), not_found. */
export async function verifying(call: Required, handle: string): Promise<Caller> {
  const { core, caller } = call
  if (isSubAccount(caller.account)) throw new Fault('forbidden', { reason: 'account' })
  const found = await core.accounts.byHandle(handle)
  const isOwn = found !== undefined && found.parentId !== null && found.parentId === caller.account.id
  if (!found || !(isOwn || (isAdmin(caller) && isSubAccount(found))))
    throw new Fault('not_found', { what: 'account', id: handle })
  return core.accounts.reach(caller, found.id, actionOf(call), reading(call))
}

export async function subAccountsOf(core: Core, { account }: Caller): Promise<readonly Account[]> {
  return isSubAccount(account) ? [] : (await core.accounts.list({ parentId: account.id }, ALL)).items
}

/** The number as the path's account itself holds it. Faults: not_found (number). */
export async function heldNumber(core: Core, { account }: Caller, e164: string): Promise<Owned> {
  const owned = await core.numbers.leaseOf(e164, DIALECT)
  if (owned?.lease.accountId !== account.id) throw new Fault('not_found', { what: 'number', id: e164 })
  return owned
}

/** Who pays, and so whose balance and transactions are shown. */
export async function payerOf(core: Core, { account }: Caller): Promise<Account> {
  return account.payerId === account.id ? account : ((await core.accounts.get(account.payerId)) ?? account)
}
