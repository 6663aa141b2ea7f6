import * as v from 'valibot'
import { Fault } from '../../../core/ground/fault.ts'
import type { Caller, Trunk } from '../../../core/ground/model.ts'
import type { Core } from '../../../core/verbs.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import { flat } from '../faults.ts'
import { lenientInt, Name, Path } from '../fields/common.ts'
import { TRUNK_FIELDS, trunkData } from '../fields/trunks.ts'
import { at, DIALECT } from '../ids.ts'
import { TrunkList, TrunkObject } from '../schemas/accounts.ts'
import { Flat, refusals } from '../schemas/shapes.ts'
import { listedTrunk, ownData, trunkObject } from '../views/trunks.ts'
import { once } from '../ways/once.ts'
import { actingOn } from '../ways/scope.ts'
import { checkParts, partIds } from '../ways/trunk-parts.ts'

const TrunkPath = v.object({ ...Path.entries, trunk: v.string() })

/** Faults: not_found (of nobody, or of somebody else). */
async function ownTrunk(core: Core, { account }: Caller, guid: string): Promise<Trunk> {
  const trunk = await core.trunks.byGuid(guid.toLowerCase())
  if (trunk?.accountId !== account.id) throw new Fault('not_found', { what: 'trunk', id: guid })
  return trunk
}

const faults = { not_found: () => flat(404, 'trunk not found', 'No such trunk in this account.') }
const COLLECTION = '/Account/:account/trunks'
const ITEM = `${COLLECTION}/:trunk`

const collectionOperations: readonly Operation[] = [
  operation({
    on: at('GET', COLLECTION),
    scope: 'trunks:read',
    caller: 'required',
    evidence: 'E1',
    input: v.object({
      ...Path.entries,
      limit: lenientInt(20, { max: 100 }),
      offset: lenientInt(0, { min: 0 }),
    }),
    answers: { 200: TrunkList, ...refusals },
    handle: async (call, { account, limit, offset }) => {
      const caller = await actingOn(call, account)
      const { items, total } = await call.core.trunks.list(caller.account.id, { limit, offset })
      const parts = await partIds(call.core, caller)
      const objects = items.map(trunk => listedTrunk(trunk, caller.account.handle, parts))
      return { body: { meta: { limit, offset, total }, objects } }
    },
  }),
  operation({
    on: at('POST', COLLECTION),
    scope: 'trunks:write',
    caller: 'required',
    evidence: 'E1',
    input: v.object({ ...Path.entries, ...TRUNK_FIELDS, name: Name }),
    answers: { 201: TrunkObject, 400: Flat, ...refusals },
    handle: async (call, { account, name, ...rest }) => {
      const caller = await actingOn(call, account)
      const data = trunkData(rest)
      const trunk = { accountId: caller.account.id, name, data: { [DIALECT]: data } }
      return once(
        call,
        async (key, core) => {
          await checkParts(core, caller, data)
          return core.trunks.create({ ...caller, ...key }, trunk)
        },
        made => ({ status: 201, body: trunkObject(made, caller.account.handle) }),
      )
    },
  }),
]

const itemOperations: readonly Operation[] = [
  operation({
    on: at('GET', ITEM),
    scope: 'trunks:read',
    caller: 'required',
    evidence: 'E1',
    input: TrunkPath,
    answers: { 200: TrunkObject, 404: Flat, ...refusals },
    faults,
    handle: async (call, { account, trunk }) => {
      const caller = await actingOn(call, account)
      return { body: trunkObject(await ownTrunk(call.core, caller, trunk), caller.account.handle) }
    },
  }),
  operation({
    on: at('PUT', ITEM),
    scope: 'trunks:write',
    caller: 'required',
    evidence: 'E1',
    input: v.object({ ...TrunkPath.entries, ...TRUNK_FIELDS, name: v.nullish(Name) }),
    answers: { 200: TrunkObject, 400: Flat, 404: Flat, ...refusals },
    faults,
    handle: async (call, { account, trunk, name, ...rest }) => {
      const caller = await actingOn(call, account)
      return once(
        call,
        async (key, core) => {
          const found = await ownTrunk(core, caller, trunk)
          const told = trunkData(rest)
          await checkParts(core, caller, told)
          const data = { ...found.data, [DIALECT]: { ...ownData(found), ...told } }
          return core.trunks.update({ ...caller, ...key }, found.id, {
            data,
            ...(typeof name === 'string' && { name }),
          })
        },
        changed => ({ body: trunkObject(changed, caller.account.handle) }),
      )
    },
  }),
  operation({
    on: at('DELETE', ITEM),
    scope: 'trunks:write',
    caller: 'required',
    evidence: 'E1',
    input: TrunkPath,
    answers: { 204: 'empty', 404: Flat, ...refusals },
    faults,
    handle: async (call, { account, trunk }) => {
      const caller = await actingOn(call, account)
      return once(
        call,
        async (key, core) => core.trunks.remove({ ...caller, ...key }, (await ownTrunk(core, caller, trunk)).id),
        () => ({ status: 204 }),
      )
    },
  }),
]

export const trunkOperations: readonly Operation[] = [...collectionOperations, ...itemOperations]
