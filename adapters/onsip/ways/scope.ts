/** What a Browse action is about: an account, an organization or a user, which must agree when several are named. */
import { Fault } from '../../../core/ground/fault.ts'
import type { Caller, User } from '../../../core/ground/model.ts'
import { administer, isAdmin, type KnownCall } from './access.ts'

export interface ScopeInput {
  AccountId?: number | undefined
  OrganizationId?: number | undefined
  UserId?: number | undefined
}

export interface Scope {
  caller: Caller
  filter: { accountId: number; organizationId?: number; userId?: number }
}

interface Named {
  parameter: string
  accountId: number | undefined
  organizationId?: number | undefined
}

/** The scope of an administrator; without one, the caller's account. Faults: forbidden, invalid_input. */
export async function adminScope(call: KnownCall, input: ScopeInput): Promise<Scope> {
  const named = await lookUp(call, input)
  const callers = []
  for (const each of named) callers.push(await administer(call, each.accountId))
  const caller = callers[0] ?? (await administer(call, call.caller.account.id))
  for (const each of named) checkAgreement(each, caller.account.id, input)
  const { OrganizationId, UserId } = input
  return {
    caller,
    filter: {
      accountId: caller.account.id,
      ...(OrganizationId !== undefined && { organizationId: OrganizationId }),
      ...(UserId !== undefined && { userId: UserId }),
    },
  }
}

/** Anybody may list what is their own: a user itself, an administrator of an organization that one. */
export async function ownScope(call: KnownCall, input: ScopeInput): Promise<Scope> {
  const { caller } = call
  const { user } = caller
  if (isAdmin(caller) || !user) return adminScope(call, input)
  const accountId = caller.account.id
  if (input.AccountId !== undefined) throw denied()
  if (caller.role === 'organization_admin') {
    return { caller, filter: { accountId, ...(await organizationFilter(call, user, input)) } }
  }
  if (input.OrganizationId !== undefined || (input.UserId ?? user.id) !== user.id) throw denied()
  return { caller, filter: { accountId, userId: user.id } }
}

async function organizationFilter({ core }: KnownCall, { organizationId }: User, input: ScopeInput) {
  const { OrganizationId = organizationId, UserId } = input
  const named = UserId === undefined ? undefined : await core.directory.user(UserId)
  if (OrganizationId !== organizationId || (UserId !== undefined && named?.organizationId !== organizationId)) {
    throw denied()
  }
  return { organizationId, ...(UserId !== undefined && { userId: UserId }) }
}

function denied(): Fault {
  return new Fault('forbidden', { reason: 'role' })
}

/** What was named, and whose it is; undefined for what does not exist. */
async function lookUp({ core }: KnownCall, input: ScopeInput): Promise<Named[]> {
  const named: Named[] = []
  const { AccountId, OrganizationId, UserId } = input
  if (AccountId !== undefined) named.push({ parameter: 'AccountId', accountId: AccountId })
  if (OrganizationId !== undefined) {
    const organization = await core.directory.organization(OrganizationId)
    named.push({ parameter: 'OrganizationId', accountId: organization?.accountId })
  }
  if (UserId !== undefined) {
    const user = await core.directory.user(UserId)
    named.push({ parameter: 'UserId', accountId: user?.accountId, organizationId: user?.organizationId })
  }
  return named
}

function checkAgreement(named: Named, accountId: number, { OrganizationId }: ScopeInput): void {
  const isSameOrganization = (OrganizationId ?? named.organizationId) === (named.organizationId ?? OrganizationId)
  if (named.accountId === accountId && isSameOrganization) return
  throw conflict(named.parameter)
}

export function conflict(field: string): Fault {
  return new Fault('invalid_input', {
    issues: [{ field, problem: 'conflict', message: 'does not agree with another parameter', code: 'Value.Conflict' }],
  })
}
