/** Users have addresses beside the one that they were made with. */
import { Fault } from '../../../core/ground/fault.ts'
import type { SipAddress, User } from '../../../core/ground/model.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import * as fields from '../fields.ts'
import { defined } from '../settings.ts'
import { userAddress } from '../views/people.ts'
import { administer, type KnownCall } from '../ways/access.ts'
import { addressData, MAX_TIMEOUT } from '../ways/address-data.ts'
import { editedAddress, ownOrganization } from './address-input.ts'
import { answers, completed } from './result.ts'

const common = { scope: 'account:write', caller: 'required' } as const

/** Faults: forbidden: a user of this account. */
async function userOf(call: KnownCall, id: number, accountId: number): Promise<User> {
  const user = await call.core.directory.user(id)
  if (user?.accountId !== accountId) throw new Fault('forbidden', { reason: 'account' })
  return user
}

const add = operation({
  ...common,
  on: 'UserAddressAdd',
  ...answers('UserAddressAdd'),
  input: call =>
    fields.parameters({
      OrganizationId: fields.id,
      Username: fields.localPart,
      Domain: fields.requiredDomain(call),
      UserId: fields.id,
      Timeout: fields.requiredInteger(1, MAX_TIMEOUT),
      DefaultAddress: fields.optionalAddress(call),
    }),
  async handle(call, { OrganizationId, Username, Domain, UserId, Timeout, DefaultAddress }) {
    const { caller, organization } = await ownOrganization(call, OrganizationId, Domain)
    const user = await userOf(call, UserId, organization.accountId)
    const made = await call.core.directory.addAddress(caller, {
      ...{ organizationId: OrganizationId, username: Username, kind: 'user', userId: UserId },
      data: addressData({ timeout: Timeout, failover: DefaultAddress }),
    })
    return completed(call, await userAddress(call, made, user))
  },
})

/** The first of a user's. */
async function firstOf(call: KnownCall, userId: number): Promise<SipAddress | undefined> {
  const { items } = await call.core.directory.addresses({ userId, kind: 'user' }, { limit: 1, offset: 0 })
  return items[0]
}

const edit = operation({
  ...common,
  on: 'UserAddressEdit',
  ...answers('UserAddressEdit'),
  input: call =>
    fields.parameters({
      Address: fields.optionalAddress(call, 'user'),
      UserId: fields.id,
      Timeout: fields.requiredInteger(1, MAX_TIMEOUT),
      DefaultAddress: fields.optionalAddress(call),
      Username: fields.optionalLocalPart,
    }),
  async handle(call, { UserId, Timeout, DefaultAddress, ...named }) {
    const { address, username } = await editedAddress(call, named, 'user', () => firstOf(call, UserId))
    const caller = await administer(call, address.accountId)
    const user = await userOf(call, UserId, address.accountId)
    const edited = await call.core.directory.editAddress(caller, address.id, {
      ...defined({ username }),
      userId: UserId,
      data: addressData({ timeout: Timeout, failover: DefaultAddress }),
    })
    return completed(call, await userAddress(call, edited, user))
  },
})

const remove = operation({
  ...common,
  on: 'UserAddressDelete',
  ...answers('UserAddressDelete'),
  input: call => fields.parameters({ Address: fields.requiredAddress(call, 'user') }),
  async handle(call, { Address }) {
    const caller = await administer(call, Address.accountId)
    await call.core.directory.removeAddress(caller, Address.id)
    return completed(call)
  },
})

export const userAddressChangeOperations: readonly Operation[] = [add, edit, remove]
