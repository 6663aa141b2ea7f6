import { Fault } from '../../../core/ground/fault.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import * as fields from '../fields.ts'
import { DID_RESOURCE_ID } from '../ids.ts'
import { didResource } from '../views/money.ts'
import { list } from '../views/people.ts'
import { administer } from '../ways/access.ts'
import { adminScope } from '../ways/scope.ts'
import { answers, completed } from './result.ts'

const read = operation({
  on: 'AccountResourceRead',
  scope: 'account:read',
  caller: 'required',
  ...answers('AccountResourceRead'),
  input: fields.parameters({ AccountId: fields.id, ResourceId: fields.id }),
  async handle(call, input) {
    const caller = await administer(call, input.AccountId)
    if (input.ResourceId !== DID_RESOURCE_ID) {
      throw new Fault('not_found', { what: 'resource', id: String(input.ResourceId) })
    }
    return completed(call, await didResource(call.core, caller))
  },
})

const browse = operation({
  on: 'AccountResourceBrowse',
  scope: 'account:read',
  caller: 'required',
  ...answers('AccountResourceBrowse'),
  input: fields.parameters({ AccountId: fields.optionalId, ...fields.paging('AccountResourceBrowse') }),
  async handle(call, input) {
    const { caller } = await adminScope(call, input)
    const items = [await didResource(call.core, caller)]
    return completed(call, list('AccountResources', items.slice(input.Offset), input, items.length))
  },
})

export const resourceOperations: readonly Operation[] = [read, browse]
