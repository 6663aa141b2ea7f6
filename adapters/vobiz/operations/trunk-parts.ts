import * as v from 'valibot'
import { type FaultTable, type Operation, operation } from '../../kit/dialect.ts'
import { flat } from '../faults.ts'
import { lenientInt, Path } from '../fields/common.ts'
import { at } from '../ids.ts'
import { Flat, refusals, Whole } from '../schemas/shapes.ts'
import { once } from '../ways/once.ts'
import { actingOn } from '../ways/scope.ts'
import { ownPart, PARTS, type Part } from '../ways/trunk-parts.ts'

const read = { scope: 'trunks:read', caller: 'required', evidence: 'E1' } as const
const write = { scope: 'trunks:write', caller: 'required', evidence: 'E1' } as const

/** Made, changed and taken away below the account, listed below `trunks`; one road reads the other's as well. */
const collectionOf = ({ path }: Part) => `/Account/:account/${path}`
const listedAt = ({ path }: Part) => `/Account/:account/trunks/${path}`

const faultsOf = ({ noun }: Part): Partial<FaultTable> => ({
  not_found: () => flat(404, `${noun} not found`, `No such ${noun} in this account.`),
})

function collection(part: Part): Operation[] {
  const meta = v.strictObject({ limit: Whole, offset: Whole, total: Whole })
  const list = operation({
    ...read,
    on: [...at('GET', listedAt(part)), ...at('GET', collectionOf(part))],
    input: v.object({ ...Path.entries, limit: lenientInt(20, { max: 100 }), offset: lenientInt(0, { min: 0 }) }),
    answers: { 200: v.strictObject({ meta, objects: v.array(part.answer) }), ...refusals },
    handle: async (call, { account, limit, offset }) => {
      const caller = await actingOn(call, account)
      const filter = { accountIds: [caller.account.id], kind: part.kind }
      const { items, total } = await call.core.resources.list(filter, { limit, offset })
      const objects = items.map(each => part.view(each, caller.account.handle))
      return { body: { meta: { limit, offset, total }, objects } }
    },
  })
  const made = { 201: part.answer, 400: Flat, ...refusals }
  const create = operation({
    ...write,
    on: [...at('POST', collectionOf(part)), ...at('POST', listedAt(part))],
    input: v.object({ ...Path.entries, ...part.create }),
    answers: part.isNameUnique ? { ...made, 409: Flat } : made,
    handle: async (call, { account, ...sent }) => {
      const caller = await actingOn(call, account as string)
      const kept = { kind: part.kind, ...part.kept(sent), isNameUnique: part.isNameUnique ?? false }
      return once(
        call,
        (key, core) => core.resources.create({ ...caller, ...key }, { ...kept, accountId: caller.account.id }),
        found => ({ status: 201, body: part.view(found, caller.account.handle) }),
      )
    },
  })
  return [list, create]
}

function item(part: Part): Operation[] {
  const path = `${collectionOf(part)}/:part`
  const PartPath = v.object({ ...Path.entries, part: v.string() })
  const update = operation({
    ...write,
    on: at('PUT', path),
    input: v.object({ ...PartPath.entries, ...part.update }),
    answers: { 200: part.answer, 400: Flat, 404: Flat, ...refusals },
    faults: faultsOf(part),
    handle: async (call, { account, part: guid, ...sent }) => {
      const caller = await actingOn(call, account as string)
      const { name, data } = part.kept(sent)
      return once(
        call,
        async (key, core) => {
          const { id } = await ownPart(core, caller, part, guid as string)
          return core.resources.update({ ...caller, ...key }, id, before => ({
            data: { ...before.data, ...data },
            ...(name !== undefined && { name }),
          }))
        },
        changed => ({ body: part.view(changed, caller.account.handle) }),
      )
    },
  })
  const remove = operation({
    ...write,
    on: at('DELETE', path),
    input: PartPath,
    answers: { 204: 'empty', 404: Flat, ...refusals },
    faults: faultsOf(part),
    handle: async (call, { account, part: guid }) => {
      const caller = await actingOn(call, account)
      return once(
        call,
        async (key, core) => core.resources.remove({ ...caller, ...key }, (await ownPart(core, caller, part, guid)).id),
        () => ({ status: 204 }),
      )
    },
  })
  return [update, remove]
}

export const trunkPartOperations: readonly Operation[] = PARTS.flatMap(part => [...collection(part), ...item(part)])
