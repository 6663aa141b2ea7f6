/** Numbers on trunks, and numbers handed to sub-accounts and taken back. */
import * as v from 'valibot'
import { Fault } from '../../../core/ground/fault.ts'
import type { Account, Owned } from '../../../core/ground/model.ts'
import type { Core } from '../../../core/verbs.ts'
import { type FaultTable, type Operation, operation } from '../../kit/dialect.ts'
import { flat } from '../faults.ts'
import { Flag, NumberPath } from '../fields/common.ts'
import { at, DIALECT } from '../ids.ts'
import { CoolOff, Flat, refusals } from '../schemas/shapes.ts'
import { once } from '../ways/once.ts'
import { actingAsMain, actingOn, heldNumber, isAdmin, subAccountOf } from '../ways/scope.ts'

/** A number that had a call may not leave its sub-account for this long: 15 days, elapsed. */
const COOL_OFF_MS = 15 * 86_400_000

const empty = () => ({ status: 204 })
const invalid = (message: string) => flat(400, 'invalid request', message)

const trunkFaults: Partial<FaultTable> = {
  not_found: ({ details }) =>
    details.what === 'trunk'
      ? flat(404, 'trunk not found', 'No such trunk in this account.')
      : flat(404, 'Number not found', 'No such number in this account.'),
  wrong_state: ({ details: { state } }) => {
    if (state === 'assigned') return invalid('This number is already assigned to a trunk.')
    return invalid(
      state === 'unassigned' ? 'This number is not assigned to a trunk.' : 'This number is being released.',
    )
  },
}

function refuse({ lease }: Owned, state: string): never {
  throw new Fault('wrong_state', { what: 'lease', id: String(lease.id), state })
}

/** One number is on one trunk at most, and then with no application. Decided under the lock. */
function putOn(trunkId: number) {
  return (owned: Owned) => {
    if (owned.number.state === 'releasing') refuse(owned, 'releasing')
    return owned.lease.trunkId === null ? { trunkId, handlerId: null } : refuse(owned, 'assigned')
  }
}

function takeOff(owned: Owned) {
  return owned.lease.trunkId === null ? refuse(owned, 'unassigned') : { trunkId: null }
}

/** Faults: not_found (a trunk of nobody, or of somebody else). */
async function ownTrunk(core: Core, accountId: number, guid: string): Promise<number> {
  const trunk = await core.trunks.byGuid(guid.toLowerCase())
  if (trunk?.accountId !== accountId) throw new Fault('not_found', { what: 'trunk', id: guid })
  return trunk.id
}

const TrunkId = v.pipe(v.string('trunk_group_id is required'), v.uuid('trunk_group_id must be a UUID'))
const SubAccountId = v.pipe(v.string('sub_account_id is required'), v.nonEmpty('sub_account_id is required'))

const trunkOperations: readonly Operation[] = [
  operation({
    on: at('POST', '/Account/:account/numbers/:e164/assign'),
    scope: 'numbers:write',
    caller: 'required',
    evidence: 'E1',
    input: v.object({ ...NumberPath.entries, trunk_group_id: TrunkId }),
    answers: { 204: 'empty', 400: Flat, 404: Flat, ...refusals },
    faults: trunkFaults,
    handle: async (call, { account, e164, trunk_group_id }) => {
      const caller = await actingOn(call, account)
      return once(
        call,
        async (key, core) => {
          const owned = await heldNumber(core, caller, e164)
          if (owned.lease.trunkId !== null) refuse(owned, 'assigned')
          const put = putOn(await ownTrunk(core, caller.account.id, trunk_group_id))
          return core.numbers.reconfigure({ ...caller, ...key }, owned.lease.id, DIALECT, put)
        },
        empty,
      )
    },
  }),
  operation({
    on: at('DELETE', '/Account/:account/numbers/:e164/assign'),
    scope: 'numbers:write',
    caller: 'required',
    evidence: 'E1',
    input: NumberPath,
    answers: { 204: 'empty', 400: Flat, 404: Flat, ...refusals },
    faults: trunkFaults,
    handle: async (call, { account, e164 }) => {
      const caller = await actingOn(call, account)
      return once(
        call,
        async (key, core) => {
          const { lease } = await heldNumber(core, caller, e164)
          return core.numbers.reconfigure({ ...caller, ...key }, lease.id, DIALECT, takeOff)
        },
        empty,
      )
    },
  }),
]

/** A number that a sub-account of this account holds. Faults: not_found. */
async function handedOver(core: Core, account: Account, e164: string): Promise<{ owned: Owned; holder: Account }> {
  const owned = await core.numbers.leaseOf(e164)
  const holder = owned && (await core.accounts.get(owned.lease.accountId))
  if (owned && holder?.parentId === account.id) return { owned, holder }
  throw new Fault('not_found', { what: 'number', id: e164 })
}

const notMovable = () => flat(404, 'not_found', 'no such number in the account')

const handOverOperations: readonly Operation[] = [
  operation({
    on: at('POST', '/account/:account/numbers/:e164/assign-subaccount'),
    scope: 'numbers:write',
    caller: 'required',
    evidence: 'E1',
    input: v.object({ ...NumberPath.entries, sub_account_id: SubAccountId }),
    answers: { 204: 'empty', 400: Flat, 404: Flat, ...refusals },
    faults: { wrong_state: notMovable },
    handle: async (call, { account, e164, sub_account_id }) => {
      const caller = await actingAsMain(call, account)
      return once(
        call,
        async (key, core) => {
          const target = await subAccountOf(core, caller, sub_account_id)
          const owned = await core.numbers.leaseOf(e164)
          if (owned?.lease.accountId === target.id) return owned
          const { lease } = await heldNumber(core, caller, e164)
          return core.numbers.move({ ...caller, ...key }, lease.id, target.id)
        },
        empty,
      )
    },
  }),
  operation({
    on: at('DELETE', '/account/:account/numbers/:e164/assign-subaccount'),
    scope: 'numbers:write',
    caller: 'required',
    evidence: 'E1',
    input: v.object({ ...NumberPath.entries, force: Flag }),
    answers: { 204: 'empty', 400: Flat, 404: Flat, 409: CoolOff, ...refusals },
    faults: { wrong_state: notMovable },
    handle: async (call, { account, e164, force }) => {
      const caller = await actingAsMain(call, account)
      if (force && !isAdmin(caller)) throw new Fault('forbidden', { reason: 'role' })
      return once(
        call,
        async (key, core) => {
          const { owned, holder } = await handedOver(core, caller.account, e164)
          const held = { ...caller, ...key, account: holder }
          return core.numbers.move(held, owned.lease.id, caller.account.id, { coolOffMs: COOL_OFF_MS, force })
        },
        empty,
      )
    },
  }),
]

export const assignmentOperations: readonly Operation[] = [...trunkOperations, ...handOverOperations]
