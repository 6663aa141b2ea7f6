import type { InferOutput } from 'valibot'
import { Fault, isFault } from '../../../core/ground/fault.ts'
import type { Owned } from '../../../core/ground/model.ts'
import type { LeaseChange, OwnedOrder } from '../../../core/verbs.ts'
import { type Call, type Operation, operation } from '../../kit/dialect.ts'
import { table } from '../../kit/table.ts'
import * as fields from '../fields.ts'
import { DIALECT } from '../ids.ts'
import { changedSettings, type DidSettings, defined } from '../settings.ts'
import { list } from '../views/people.ts'
import { administeredDid } from '../ways/access.ts'
import { dids } from '../ways/owners.ts'
import { adminScope } from '../ways/scope.ts'
import { answers, completed } from './result.ts'

const ORDER = table<OwnedOrder>({ DidId: 'lease', Number: 'number', Created: 'started', UserId: 'user' })
/** Seconds. */
const MAX_TIMEOUT = 3600

const browse = operation({
  on: 'DidBrowse',
  scope: 'numbers:read',
  caller: 'required',
  ...answers('DidBrowse'),
  input: fields.parameters({
    AccountId: fields.optionalId,
    OrganizationId: fields.optionalId,
    UserId: fields.optionalId,
    ...fields.paging('DidBrowse'),
  }),
  async handle(call, input) {
    const { caller, filter } = await adminScope(call, input)
    const { accountId, ...rest } = filter
    const page = { limit: input.Limit, offset: input.Offset }
    const { field, descending } = input.OrderBy
    const options = { dialect: DIALECT, orderBy: ORDER[field] ?? 'lease', descending }
    const { items, total } = await call.core.numbers.owned({ accountIds: [accountId], ...rest }, page, options)
    return completed(call, list('Dids', await dids(call, caller.account, items), input, total))
  },
})

const read = operation({
  on: 'DidRead',
  scope: 'numbers:read',
  caller: 'required',
  ...answers('DidRead'),
  input: fields.parameters({ DidId: fields.id }),
  async handle(call, input) {
    const { caller, owned } = await administeredDid(call, input.DidId)
    return completed(call, ...(await dids(call, caller.account, [owned])))
  },
})

/** The last five are no parameters of the provider's page, but fields of its Did. */
const editInput = (call: Call) =>
  fields.parameters({
    DidId: fields.id,
    UserId: fields.id,
    Destination: fields.requiredAddress(call),
    CallerIdNumberRequired: fields.requiredFlag,
    Timeout: fields.optionalInteger(1, MAX_TIMEOUT),
    FailoverEnabled: fields.optionalFlag,
    FailoverProtocol: fields.clearableProtocol,
    FailoverLocation: fields.text,
    Protocol: fields.optionalProtocol,
  })

/** Decided inside the write unit, because settings that are not named stay as they are then. */
function change(input: InferOutput<ReturnType<typeof editInput>>, owned: Owned): LeaseChange {
  const settings: Partial<DidSettings> = {
    callerIdNumberRequired: input.CallerIdNumberRequired,
    ...defined({
      timeout: input.Timeout,
      failoverEnabled: input.FailoverEnabled,
      failoverProtocol: input.FailoverProtocol,
      failoverLocation: input.FailoverLocation,
      protocol: input.Protocol,
    }),
  }
  const { id: addressId, username, domain } = input.Destination
  return {
    userId: input.UserId,
    routes: [{ priority: 1, kind: 'sip', target: `${username}@${domain}`, addressId }],
    settings: { dialect: DIALECT, value: changedSettings(owned, settings) },
  }
}

const edit = operation({
  on: 'DidEdit',
  scope: 'numbers:write',
  caller: 'required',
  ...answers('DidEdit'),
  input: editInput,
  async handle(call, input) {
    const { caller, owned } = await administeredDid(call, input.DidId)
    const { accountId } = owned.lease
    const user = await call.core.directory.user(input.UserId)
    if (user?.accountId !== accountId) throw new Fault('forbidden', { reason: 'account' })
    if (input.Destination.accountId !== accountId) throw unrecognized('Destination')
    const edited = await call.core.numbers
      .reconfigure(caller, input.DidId, DIALECT, found => change(input, found))
      .catch((error: unknown) => {
        // it went while we looked
        const isAddress = isFault(error, 'not_found') && error.details.what === 'address'
        throw isAddress ? unrecognized('Destination') : error
      })
    return completed(call, ...(await dids(call, caller.account, [edited])))
  },
})

/** An operator sees the addresses of all accounts, but a number stays within its own. */
function unrecognized(field: string): Fault {
  const message = 'not an address of this account'
  return new Fault('invalid_input', {
    issues: [{ field, problem: 'not_allowed', message, code: 'Address.Unrecognized' }],
  })
}

const editNote = operation({
  on: 'DidEditNote',
  scope: 'numbers:write',
  caller: 'required',
  ...answers('DidEditNote'),
  input: fields.parameters({ DidId: fields.id, Note: fields.note }),
  async handle(call, input) {
    const { caller } = await administeredDid(call, input.DidId)
    const edited = await call.core.numbers.reconfigure(caller, input.DidId, DIALECT, found => ({
      settings: { dialect: DIALECT, value: changedSettings(found, { note: input.Note }) },
    }))
    return completed(call, ...(await dids(call, caller.account, [edited])))
  },
})

/** The number is released at once. A second call answers as for an id that never was. */
const remove = operation({
  on: 'DidDelete',
  scope: 'numbers:write',
  caller: 'required',
  ...answers('DidDelete'),
  input: fields.parameters({ DidId: fields.id }),
  async handle(call, input) {
    const { caller } = await administeredDid(call, input.DidId)
    await call.core.numbers.release(caller, [input.DidId], { kind: 'now' }, DIALECT)
    return completed(call)
  },
})

export const didOperations: readonly Operation[] = [browse, read, edit, editNote, remove]
