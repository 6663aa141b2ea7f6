/** Outside telephone numbers as addresses of an organization's domain: destinations, not numbers of ours. */
import type { Caller, SipAddress } from '../../../core/ground/model.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import { table } from '../../kit/table.ts'
import * as fields from '../fields.ts'
import { defined } from '../settings.ts'
import { list, telephoneAddress } from '../views/people.ts'
import { administer, type KnownCall } from '../ways/access.ts'
import { adminScope, conflict } from '../ways/scope.ts'
import { answers, completed } from './result.ts'

const ORDER = table({ Username: 'username', Domain: 'domain' } as const)

/** The schema wants a user on each: whoever made it, else the account's own. */
function view({ caller }: KnownCall, { account }: Caller, address: SipAddress) {
  return telephoneAddress(address, address.userId ?? account.defaultUserId ?? caller.actor.userId ?? account.id)
}

const add = operation({
  on: 'TelephoneNumberAddressAdd',
  scope: 'account:write',
  caller: 'required',
  ...answers('TelephoneNumberAddressAdd'),
  input: call =>
    fields.parameters({
      OrganizationId: fields.id,
      Username: fields.telephone,
      Domain: fields.requiredDomain(call),
      Name: fields.note,
    }),
  async handle(call, { OrganizationId, Username, Domain, Name }) {
    const organization = await call.core.directory.organization(OrganizationId)
    const caller = await administer(call, organization?.accountId)
    if (Domain.id !== OrganizationId) throw conflict('Domain')
    const input = { organizationId: OrganizationId, username: Username, domain: Domain.domain, name: Name }
    return completed(call, view(call, caller, await call.core.directory.addTelephoneAddress(caller, input)))
  },
})

const read = operation({
  on: 'TelephoneNumberAddressRead',
  scope: 'account:read',
  caller: 'required',
  ...answers('TelephoneNumberAddressRead'),
  input: call => fields.parameters({ Address: fields.requiredAddress(call, 'telephone') }),
  async handle(call, input) {
    const caller = await administer(call, input.Address.accountId)
    return completed(call, view(call, caller, input.Address))
  },
})

const browse = operation({
  on: 'TelephoneNumberAddressBrowse',
  scope: 'account:read',
  caller: 'required',
  ...answers('TelephoneNumberAddressBrowse'),
  input: fields.parameters({
    AccountId: fields.optionalId,
    OrganizationId: fields.optionalId,
    ...fields.paging('TelephoneNumberAddressBrowse'),
  }),
  async handle(call, input) {
    const { caller, filter } = await adminScope(call, input)
    const { field, descending } = input.OrderBy
    const order = { by: ORDER[field] ?? 'username', descending }
    const page = { limit: input.Limit, offset: input.Offset }
    const found = await call.core.directory.addresses({ ...filter, kind: 'telephone' }, page, order)
    const items = found.items.map(each => view(call, caller, each))
    return completed(call, list('TelephoneNumberAddresses', items, input, found.total))
  },
})

const edit = operation({
  on: 'TelephoneNumberAddressEdit',
  scope: 'account:write',
  caller: 'required',
  ...answers('TelephoneNumberAddressEdit'),
  input: call =>
    fields.parameters({
      Address: fields.requiredAddress(call, 'telephone'),
      Name: fields.text,
      Username: fields.optionalTelephone,
    }),
  async handle(call, { Address, Name, Username }) {
    const caller = await administer(call, Address.accountId)
    const change = defined({ name: Name, username: Username })
    return completed(
      call,
      view(call, caller, await call.core.directory.editTelephoneAddress(caller, Address.id, change)),
    )
  },
})

const remove = operation({
  on: 'TelephoneNumberAddressDelete',
  scope: 'account:write',
  caller: 'required',
  ...answers('TelephoneNumberAddressDelete'),
  input: call => fields.parameters({ Address: fields.requiredAddress(call, 'telephone') }),
  async handle(call, input) {
    const caller = await administer(call, input.Address.accountId)
    await call.core.directory.removeTelephoneAddress(caller, input.Address.id)
    return completed(call)
  },
})

export const telephoneAddressOperations: readonly Operation[] = [add, read, browse, edit, remove]
