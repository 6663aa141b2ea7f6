/** Ring groups: one address, several that ring. */
import { type Operation, operation } from '../../kit/dialect.ts'
import { table } from '../../kit/table.ts'
import * as fields from '../fields.ts'
import { defined } from '../settings.ts'
import { address, list } from '../views/people.ts'
import { administer } from '../ways/access.ts'
import { addressData, groupAddress, MAX_TIMEOUT } from '../ways/address-data.ts'
import { adminScope } from '../ways/scope.ts'
import { editedAddress, ownOrganization } from './address-input.ts'
import { answers, completed } from './result.ts'

const ORDER = table({ Username: 'username', Domain: 'domain' } as const)
const writing = { scope: 'account:write', caller: 'required' } as const
const reading = { scope: 'account:read', caller: 'required' } as const

const add = operation({
  ...writing,
  on: 'GroupAddressAdd',
  ...answers('GroupAddressAdd'),
  input: call =>
    fields.parameters({
      OrganizationId: fields.id,
      Username: fields.localPart,
      Domain: fields.requiredDomain(call),
      Ordering: fields.word('parallel', 'sequential'),
      Timeout: fields.requiredInteger(1, MAX_TIMEOUT),
      MemberAddresses: fields.members(call),
      DefaultAddress: fields.optionalAddress(call),
      Name: fields.note,
    }),
  async handle(call, { OrganizationId, Username, Domain, Ordering, Timeout, MemberAddresses, DefaultAddress, Name }) {
    const { caller } = await ownOrganization(call, OrganizationId, Domain)
    const made = await call.core.directory.addAddress(caller, {
      ...{ organizationId: OrganizationId, username: Username, kind: 'group', name: Name },
      data: addressData({ ordering: Ordering, timeout: Timeout, members: MemberAddresses, failover: DefaultAddress }),
    })
    return completed(call, await groupAddress(call, made, address(made)))
  },
})

const read = operation({
  ...reading,
  on: 'GroupAddressRead',
  ...answers('GroupAddressRead'),
  input: call => fields.parameters({ Address: fields.requiredAddress(call, 'group') }),
  async handle(call, { Address }) {
    await administer(call, Address.accountId)
    return completed(call, await groupAddress(call, Address, address(Address)))
  },
})

const browse = operation({
  ...reading,
  on: 'GroupAddressBrowse',
  ...answers('GroupAddressBrowse'),
  input: fields.parameters({
    AccountId: fields.optionalId,
    OrganizationId: fields.optionalId,
    ...fields.paging('GroupAddressBrowse'),
  }),
  async handle(call, input) {
    const { filter } = await adminScope(call, input)
    const { field, descending } = input.OrderBy
    const order = { by: ORDER[field] ?? 'username', descending }
    const page = { limit: input.Limit, offset: input.Offset }
    const found = await call.core.directory.addresses({ ...filter, kind: 'group' }, page, order)
    const items = await Promise.all(found.items.map(each => groupAddress(call, each, address(each))))
    return completed(call, list('GroupAddresses', items, input, found.total))
  },
})

const edit = operation({
  ...writing,
  on: 'GroupAddressEdit',
  ...answers('GroupAddressEdit'),
  input: call =>
    fields.parameters({
      Address: fields.optionalAddress(call, 'group'),
      Username: fields.optionalLocalPart,
      Domain: fields.optionalDomain(call),
      Ordering: fields.word('parallel', 'sequential'),
      Timeout: fields.requiredInteger(1, MAX_TIMEOUT),
      MemberAddresses: fields.members(call),
      DefaultAddress: fields.optionalAddress(call),
      Name: fields.text,
    }),
  async handle(call, { Ordering, Timeout, MemberAddresses, DefaultAddress, Name, ...named }) {
    const edited = await editedAddress(call, named, 'group')
    const caller = await administer(call, edited.address.accountId)
    const changed = await call.core.directory.editAddress(caller, edited.address.id, {
      ...defined({ username: edited.username, name: Name }),
      data: addressData({ ordering: Ordering, timeout: Timeout, members: MemberAddresses, failover: DefaultAddress }),
    })
    return completed(call, await groupAddress(call, changed, address(changed)))
  },
})

const remove = operation({
  ...writing,
  on: 'GroupAddressDelete',
  ...answers('GroupAddressDelete'),
  input: call => fields.parameters({ Address: fields.requiredAddress(call, 'group') }),
  async handle(call, { Address }) {
    const caller = await administer(call, Address.accountId)
    await call.core.directory.removeAddress(caller, Address.id)
    return completed(call)
  },
})

export const groupAddressOperations: readonly Operation[] = [add, read, browse, edit, remove]
