/** Other names of addresses, such as extensions. Each is an address itself, and goes with the one that it stands for. */
import { Fault, isFault } from '../../../core/ground/fault.ts'
import type { SipAddress } from '../../../core/ground/model.ts'
import { type Call, type Operation, operation } from '../../kit/dialect.ts'
import { branch, leaf, type XmlNode } from '../../kit/xml.ts'
import { requestError } from '../faults.ts'
import * as fields from '../fields.ts'
import { defined } from '../settings.ts'
import { list } from '../views/people.ts'
import type { KnownCall } from '../ways/access.ts'
import { adminScope } from '../ways/scope.ts'
import { ownOrganization } from './address-input.ts'
import { completed, ownAnswers } from './result.ts'

const writing = {
  scope: 'account:write',
  caller: 'required',
  faults: { name_taken: () => requestError('AliasUsername', 'UserAlias.Unavailable') },
} as const

async function view({ core }: KnownCall, alias: SipAddress): Promise<XmlNode> {
  const shown = (alias.parentId === null ? undefined : await core.directory.addressById(alias.parentId)) ?? alias
  return branch('UserAlias', [
    leaf('AliasUsername', alias.username),
    leaf('AliasDomain', alias.domain),
    leaf('AddressUsername', shown.username),
    leaf('AddressDomain', shown.domain),
    leaf('AddressType', shown.kind),
    leaf('AddressName', shown.name),
    leaf('AddressId', shown.id),
    leaf('Visibility', String(alias.data.visibility ?? 'PUBLIC')),
  ])
}

function unrecognized(field: string, code: string): Fault {
  return new Fault('invalid_input', { issues: [{ field, problem: 'not_allowed', message: 'there is none', code }] })
}

/** Faults: forbidden, invalid_input. */
async function find(call: KnownCall, organizationId: number, username: string, field: string, isAlias: boolean) {
  const { caller, organization } = await ownOrganization(call, organizationId, undefined)
  const found = await call.core.directory.address(username, organization.domain)
  const isFound = found?.organizationId === organizationId && (found.kind === 'alias') === isAlias
  if (!found || !isFound) throw unrecognized(field, isAlias ? 'UserAlias.Unrecognized' : 'Address.Unrecognized')
  return { caller, address: found }
}

const VISIBILITY = ['PUBLIC', 'PRIVATE'] as const

const add = operation({
  ...writing,
  on: 'UserAliasAdd',
  ...ownAnswers('UserAliasAdd'),
  input: fields.parameters({
    OrganizationId: fields.id,
    AliasUsername: fields.localPart,
    AddressUsername: fields.required,
    Visibility: fields.optionalWord(...VISIBILITY),
  }),
  async handle(call, { OrganizationId, AliasUsername, AddressUsername, Visibility = 'PUBLIC' }) {
    const { caller, address } = await find(call, OrganizationId, AddressUsername, 'AddressUsername', false)
    const alias = {
      organizationId: OrganizationId,
      username: AliasUsername,
      kind: 'alias',
      parentId: address.id,
    } as const
    const made = await call.core.directory
      .addAddress(caller, { ...alias, data: { visibility: Visibility } })
      .catch((error: unknown) => {
        // it went while we looked
        const isGone = isFault(error, 'not_found') && error.details.what === 'address'
        throw isGone ? unrecognized('AddressUsername', 'Address.Unrecognized') : error
      })
    return completed(call, await view(call, made))
  },
})

const browse = operation({
  scope: 'account:read',
  caller: 'required',
  on: 'UserAliasBrowse',
  ...ownAnswers('UserAliasBrowse'),
  input: fields.parameters({
    AccountId: fields.optionalId,
    OrganizationId: fields.optionalId,
    UserId: fields.optionalId,
    ...fields.paging('UserAliasBrowse'),
  }),
  async handle(call, input) {
    const { filter } = await adminScope(call, input)
    const found = await call.core.directory.aliases(filter, { limit: input.Limit, offset: input.Offset })
    const items = await Promise.all(found.items.map(each => view(call, each)))
    return completed(call, list('UserAliases', items, input, found.total))
  },
})

const named = (_: Call) => ({ OrganizationId: fields.id, AliasUsername: fields.required })

const edit = operation({
  ...writing,
  on: 'UserAliasEdit',
  ...ownAnswers('UserAliasEdit'),
  input: call =>
    fields.parameters({
      ...named(call),
      NewAliasUsername: fields.optionalLocalPart,
      Visibility: fields.optionalWord(...VISIBILITY),
    }),
  faults: { name_taken: () => requestError('NewAliasUsername', 'UserAlias.Unavailable') },
  async handle(call, { OrganizationId, AliasUsername, NewAliasUsername, Visibility }) {
    const { caller, address } = await find(call, OrganizationId, AliasUsername, 'AliasUsername', true)
    const change = { ...defined({ username: NewAliasUsername }), data: defined({ visibility: Visibility }) }
    return completed(call, await view(call, await call.core.directory.editAddress(caller, address.id, change)))
  },
})

const remove = operation({
  ...writing,
  on: 'UserAliasDelete',
  ...ownAnswers('UserAliasDelete'),
  input: call => fields.parameters(named(call)),
  async handle(call, { OrganizationId, AliasUsername }) {
    const { caller, address } = await find(call, OrganizationId, AliasUsername, 'AliasUsername', true)
    await call.core.directory.removeAddress(caller, address.id)
    return completed(call)
  },
})

export const userAliasOperations: readonly Operation[] = [add, browse, edit, remove]
