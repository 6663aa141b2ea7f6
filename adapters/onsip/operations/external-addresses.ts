/** Addresses elsewhere, under one of the organization's own. */
import { type Operation, operation } from '../../kit/dialect.ts'
import { table } from '../../kit/table.ts'
import * as fields from '../fields.ts'
import { defined } from '../settings.ts'
import { address, list } from '../views/people.ts'
import { administer } from '../ways/access.ts'
import { addressData, externalAddress } from '../ways/address-data.ts'
import { adminScope } from '../ways/scope.ts'
import { editedAddress, ownOrganization } from './address-input.ts'
import { completed, ownAnswers } from './result.ts'

const ORDER = table({ Username: 'username', Domain: 'domain' } as const)
const writing = { scope: 'account:write', caller: 'required' } as const
const reading = { scope: 'account:read', caller: 'required' } as const

const add = operation({
  ...writing,
  on: 'ExternalAddressAdd',
  ...ownAnswers('ExternalAddressAdd'),
  input: call =>
    fields.parameters({
      OrganizationId: fields.id,
      Username: fields.localPart,
      Domain: fields.requiredDomain(call),
      ForeignAddress: fields.foreignAddress,
      Name: fields.note,
    }),
  async handle(call, { OrganizationId, Username, Domain, ForeignAddress, Name }) {
    const { caller } = await ownOrganization(call, OrganizationId, Domain)
    const made = await call.core.directory.addAddress(caller, {
      ...{ organizationId: OrganizationId, username: Username, kind: 'external', name: Name },
      data: addressData({ foreign: ForeignAddress }),
    })
    return completed(call, externalAddress(made, address(made)))
  },
})

const read = operation({
  ...reading,
  on: 'ExternalAddressRead',
  ...ownAnswers('ExternalAddressRead'),
  input: call => fields.parameters({ Address: fields.requiredAddress(call, 'external') }),
  async handle(call, { Address }) {
    await administer(call, Address.accountId)
    return completed(call, externalAddress(Address, address(Address)))
  },
})

const browse = operation({
  ...reading,
  on: 'ExternalAddressBrowse',
  ...ownAnswers('ExternalAddressBrowse'),
  input: fields.parameters({
    AccountId: fields.optionalId,
    OrganizationId: fields.optionalId,
    ...fields.paging('ExternalAddressBrowse'),
  }),
  async handle(call, input) {
    const { filter } = await adminScope(call, input)
    const { field, descending } = input.OrderBy
    const order = { by: ORDER[field] ?? 'username', descending }
    const page = { limit: input.Limit, offset: input.Offset }
    const found = await call.core.directory.addresses({ ...filter, kind: 'external' }, page, order)
    const items = found.items.map(each => externalAddress(each, address(each)))
    return completed(call, list('ExternalAddresses', items, input, found.total))
  },
})

const edit = operation({
  ...writing,
  on: 'ExternalAddressEdit',
  ...ownAnswers('ExternalAddressEdit'),
  input: call =>
    fields.parameters({
      Address: fields.optionalAddress(call, 'external'),
      Name: fields.text,
      Username: fields.optionalLocalPart,
      Domain: fields.optionalDomain(call),
      ForeignAddress: fields.optionalForeignAddress,
    }),
  async handle(call, { Name, ForeignAddress, ...named }) {
    const edited = await editedAddress(call, named, 'external')
    const caller = await administer(call, edited.address.accountId)
    const changed = await call.core.directory.editAddress(caller, edited.address.id, {
      ...defined({ username: edited.username, name: Name }),
      data: addressData({ foreign: ForeignAddress }),
    })
    return completed(call, externalAddress(changed, address(changed)))
  },
})

const remove = operation({
  ...writing,
  on: 'ExternalAddressDelete',
  ...ownAnswers('ExternalAddressDelete'),
  input: call => fields.parameters({ Address: fields.requiredAddress(call, 'external') }),
  async handle(call, { Address }) {
    const caller = await administer(call, Address.accountId)
    await call.core.directory.removeAddress(caller, Address.id)
    return completed(call)
  },
})

export const externalAddressOperations: readonly Operation[] = [add, read, browse, edit, remove]
