/** What the actions on addresses of all kinds have in common. */
import { Fault } from '../../../core/ground/fault.ts'
import type { Organization, SipAddress } from '../../../core/ground/model.ts'
import { administer, type KnownCall, visibleAddress } from '../ways/access.ts'
import { conflict } from '../ways/scope.ts'

/** The caller, acting on the organization's account, once its domain is the one that was named. Faults: forbidden, conflict. */
export async function ownOrganization(call: KnownCall, id: number, domain: Organization | undefined) {
  const organization = await call.core.directory.organization(id)
  const caller = await administer(call, organization?.accountId)
  if (domain && domain.id !== id) throw conflict('Domain')
  return { caller, organization: organization as Organization }
}

export interface Named {
  Address?: SipAddress | undefined
  Username?: string | undefined
  Domain?: Organization | undefined
}

/**
 * The address that an Edit is about. The provider's pages list no `Address` for it: then `Username` (with `Domain`, or in
 * the caller's own) names it where it exists, and is no new name. Faults: invalid_input.
 */
export async function editedAddress(
  call: KnownCall,
  input: Named,
  kind: SipAddress['kind'],
  other?: () => Promise<SipAddress | undefined>,
) {
  const { Address, Username, Domain } = input
  if (Address) return { address: Address, username: Username }
  const domain = Domain?.domain ?? (await ownDomain(call))
  const found = Username && domain ? await visibleAddress(call, Username, domain) : undefined
  if (found?.kind === kind) return { address: found, username: undefined }
  const only = await other?.()
  if (only) return { address: only, username: Username }
  const code = Username === undefined ? 'Value.Required' : 'Address.Unrecognized'
  const field = Username === undefined ? 'Address' : 'Username'
  throw new Fault('invalid_input', { issues: [{ field, problem: 'missing', message: 'names no address', code }] })
}

async function ownDomain({ caller, core }: KnownCall): Promise<string | undefined> {
  const id = caller.user?.organizationId ?? caller.account.defaultOrganizationId
  return id === null || id === undefined ? undefined : (await core.directory.organization(id))?.domain
}
