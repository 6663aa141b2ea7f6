/** Numbers that lead to a voice application. On a trunk and with an application are alternatives. */
import * as v from 'valibot'
import { Fault } from '../../../core/ground/fault.ts'
import type { Owned } from '../../../core/ground/model.ts'
import { type FaultTable, type Operation, operation } from '../../kit/dialect.ts'
import { flat } from '../faults.ts'
import { NumberPath } from '../fields/common.ts'
import { at, DIALECT } from '../ids.ts'
import { Flat, refusals } from '../schemas/shapes.ts'
import { keptApplication } from '../ways/applications.ts'
import { once } from '../ways/once.ts'
import { actingOn, heldNumber } from '../ways/scope.ts'

const PATH = '/Account/:account/numbers/:e164/application'
const write = { scope: 'numbers:write', caller: 'required', evidence: 'E1' } as const

/** Text of digits, or the number that some clients make of it. */
const ApplicationId = v.pipe(
  v.union([v.string(), v.number()], 'application_id is required'),
  v.transform(String),
  v.nonEmpty('application_id is required'),
)

const faults: Partial<FaultTable> = {
  not_found: ({ details }) =>
    details.what === 'resource'
      ? flat(404, 'application not found', 'No such application in this account.')
      : flat(404, 'Number not found', 'No such number in this account.'),
  wrong_state: ({ details: { state } }) => {
    const assigned = 'This number is assigned to a trunk: unassign it first.'
    return flat(400, 'invalid request', state === 'assigned' ? assigned : 'This number is being released.')
  },
}

function refuse({ lease }: Owned, state: string): never {
  throw new Fault('wrong_state', { what: 'lease', id: String(lease.id), state })
}

/** Another application is replaced; a trunk is not. Decided under the lock. */
function attachTo(handlerId: number) {
  return (owned: Owned) => {
    if (owned.number.state === 'releasing') refuse(owned, 'releasing')
    return owned.lease.trunkId === null ? { handlerId } : refuse(owned, 'assigned')
  }
}

export const attachmentOperations: readonly Operation[] = [
  operation({
    ...write,
    on: at('POST', PATH),
    input: v.object({ ...NumberPath.entries, application_id: ApplicationId }),
    answers: { 204: 'empty', 400: Flat, 404: Flat, ...refusals },
    faults,
    handle: async (call, { account, e164, application_id }) => {
      const caller = await actingOn(call, account)
      return once(
        call,
        async (key, core) => {
          const { lease } = await heldNumber(core, caller, e164)
          const { application } = await keptApplication(core, caller, application_id)
          return core.numbers.reconfigure({ ...caller, ...key }, lease.id, DIALECT, attachTo(application.id))
        },
        () => ({ status: 204 }),
      )
    },
  }),
  operation({
    ...write,
    on: at('DELETE', PATH),
    input: NumberPath,
    answers: { 204: 'empty', 404: Flat, ...refusals },
    faults,
    // one that is attached to none stays so
    handle: async (call, { account, e164 }) => {
      const caller = await actingOn(call, account)
      return once(
        call,
        async (key, core) => {
          const { lease } = await heldNumber(core, caller, e164)
          return core.numbers.reconfigure({ ...caller, ...key }, lease.id, DIALECT, () => ({ handlerId: null }))
        },
        () => ({ status: 204 }),
      )
    },
  }),
]
