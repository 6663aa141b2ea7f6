import * as v from 'valibot'
import { Fault } from '../../../core/fault.ts'
import type { Caller, JsonObject, Trunk } from '../../../core/model.ts'
import type { Core } from '../../../core/verbs.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import { TrunkList, TrunkObject } from '../account-answers.ts'
import { flat } from '../faults.ts'
import { Count, lenientInt, Name, Path, Text } from '../fields.ts'
import { at, DIALECT } from '../ids.ts'
import { once } from '../once.ts'
import { actingOn } from '../scope.ts'
import { Flat, refusals } from '../shapes.ts'
import { listedTrunk, ownData, trunkObject } from '../trunk-views.ts'

const flag = v.optional(v.boolean())
const text = v.optional(Text)

/** What a client may set besides the name. */
const DATA = {
  trunk_status: v.optional(v.picklist(['enabled', 'disabled'])),
  trunk_direction: v.optional(v.picklist(['inbound', 'outbound'])),
  transport: v.optional(v.picklist(['udp', 'tcp', 'tls'])),
  webhook_method: v.optional(v.picklist(['GET', 'POST'])),
  concurrent_calls_limit: v.optional(Count),
  cps_limit: v.optional(Count),
  ...{ description: text, inbound_destination: text, pii_entity_types: text, webhook_url: text },
  ...{ secure: flag, recording: flag, enable_transcription: flag },
  ...{ pii_redaction: flag, recording_webhook_enabled: flag },
}

const TrunkPath = v.object({ ...Path.entries, trunk: v.string() })

function dataOf(input: { [name in keyof typeof DATA]?: unknown }): JsonObject {
  const names = Object.keys(DATA) as (keyof typeof DATA)[]
  return JSON.parse(JSON.stringify(Object.fromEntries(names.map(name => [name, input[name]])))) as JsonObject
}

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
      const objects = items.map(trunk => listedTrunk(trunk, caller.account.handle))
      return { body: { meta: { limit, offset, total }, objects } }
    },
  }),
  operation({
    on: at('POST', COLLECTION),
    scope: 'trunks:write',
    caller: 'required',
    evidence: 'E1',
    input: v.object({ ...Path.entries, ...DATA, name: Name }),
    answers: { 201: TrunkObject, 400: Flat, ...refusals },
    handle: async (call, { account, name, ...rest }) => {
      const caller = await actingOn(call, account)
      const trunk = { accountId: caller.account.id, name, data: { [DIALECT]: dataOf(rest) } }
      return once(
        call,
        (key, core) => core.trunks.create({ ...caller, ...key }, trunk),
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
    input: v.object({ ...TrunkPath.entries, ...DATA, name: v.optional(Name) }),
    answers: { 200: TrunkObject, 400: Flat, 404: Flat, ...refusals },
    faults,
    handle: async (call, { account, trunk, name, ...rest }) => {
      const caller = await actingOn(call, account)
      return once(
        call,
        async (key, core) => {
          const found = await ownTrunk(core, caller, trunk)
          const data = { ...found.data, [DIALECT]: { ...ownData(found), ...dataOf(rest) } }
          return core.trunks.update({ ...caller, ...key }, found.id, { data, ...(name !== undefined && { name }) })
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
