import { Fault } from '../../../core/ground/fault.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import { table } from '../../kit/table.ts'
import * as fields from '../fields.ts'
import { list, organization as organizationView } from '../views/people.ts'
import { administer } from '../ways/access.ts'
import { adminScope, conflict } from '../ways/scope.ts'
import { answers, completed } from './result.ts'

const ORDER = table({ OrganizationId: 'id', Domain: 'domain' } as const)

/** By id, by domain, or by both when they agree. */
const read = operation({
  on: 'OrganizationRead',
  scope: 'account:read',
  caller: 'required',
  ...answers('OrganizationRead'),
  input: call =>
    fields.oneOf({ OrganizationId: fields.optionalId, Domain: fields.optionalDomain(call) }, 'OrganizationId'),
  async handle(call, { OrganizationId, Domain }) {
    const organization = OrganizationId === undefined ? Domain : await call.core.directory.organization(OrganizationId)
    await administer(call, organization?.accountId)
    if (!organization) throw new Fault('forbidden', { reason: 'account' })
    if (Domain && Domain.id !== organization.id) throw conflict('Domain')
    return completed(call, organizationView(organization))
  },
})

const browse = operation({
  on: 'OrganizationBrowse',
  scope: 'account:read',
  caller: 'required',
  ...answers('OrganizationBrowse'),
  input: fields.parameters({ AccountId: fields.optionalId, ...fields.paging('OrganizationBrowse') }),
  async handle(call, input) {
    const { filter } = await adminScope(call, input)
    const { field, descending } = input.OrderBy
    const order = { by: ORDER[field] ?? 'id', descending }
    const page = { limit: input.Limit, offset: input.Offset }
    const found = await call.core.directory.organizations(filter.accountId, page, order)
    return completed(call, list('Organizations', found.items.map(organizationView), input, found.total))
  },
})

export const organizationOperations: readonly Operation[] = [read, browse]
