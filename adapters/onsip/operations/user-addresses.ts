import { Fault } from '../../../core/ground/fault.ts'
import type { SipAddress, User } from '../../../core/ground/model.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import { table } from '../../kit/table.ts'
import * as fields from '../fields.ts'
import { list, userAddress } from '../views/people.ts'
import { administer, isAdmin, type KnownCall } from '../ways/access.ts'
import { ownScope } from '../ways/scope.ts'
import { answers, completed } from './result.ts'

const ORDER = table({ AddressId: 'id', Username: 'username', Domain: 'domain', UserId: 'user_id' } as const)

async function owner({ core }: KnownCall, address: SipAddress): Promise<User> {
  const user = address.userId === null ? undefined : await core.directory.user(address.userId)
  if (!user) throw new Fault('not_found', { what: 'address', id: String(address.id) })
  return user
}

/** One's own address, those of one's organization for its administrator, or any of the account for its own. */
async function checkReadable(call: KnownCall, address: SipAddress): Promise<void> {
  const { user, role } = call.caller
  const isOwn = user !== null && address.userId === user.id
  const isOfOwn = role === 'organization_admin' && address.organizationId === user?.organizationId
  if (isAdmin(call.caller) || !(isOwn || isOfOwn)) await administer(call, address.accountId)
}

const read = operation({
  on: 'UserAddressRead',
  scope: 'account:read',
  caller: 'required',
  ...answers('UserAddressRead'),
  input: call => fields.parameters({ Address: fields.requiredAddress(call, 'user') }),
  async handle(call, input) {
    await checkReadable(call, input.Address)
    return completed(call, await userAddress(call, input.Address, await owner(call, input.Address)))
  },
})

const browse = operation({
  on: 'UserAddressBrowse',
  scope: 'account:read',
  caller: 'required',
  ...answers('UserAddressBrowse'),
  input: fields.parameters({
    AccountId: fields.optionalId,
    OrganizationId: fields.optionalId,
    UserId: fields.optionalId,
    ...fields.paging('UserAddressBrowse'),
  }),
  async handle(call, input) {
    const { filter } = await ownScope(call, input)
    const { field, descending } = input.OrderBy
    const order = { by: ORDER[field] ?? 'id', descending }
    const page = { limit: input.Limit, offset: input.Offset }
    const found = await call.core.directory.addresses({ ...filter, kind: 'user' }, page, order)
    const items = await Promise.all(found.items.map(async each => userAddress(call, each, await owner(call, each))))
    return completed(call, list('UserAddresses', items, input, found.total))
  },
})

export const userAddressOperations: readonly Operation[] = [read, browse]
