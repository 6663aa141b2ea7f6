import * as v from 'valibot'
import { Fault } from '../../../core/ground/fault.ts'
import type { Caller, Trunk } from '../../../core/ground/model.ts'
import type { Core } from '../../../core/verbs.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import { idOr0, paging, pagingOf } from '../fields/common.ts'
import { Label, TRUNK_FIELDS, trunkData } from '../fields/trunks.ts'
import { DIALECT } from '../ids.ts'
import * as shape from '../schemas.ts'
import { pagination } from '../views/numbers.ts'
import { oneTrunkView, ownData, trunkView } from '../views/trunks.ts'

const read = { caller: 'required', evidence: 'E1', scope: 'trunks:read' } as const
const write = { caller: 'required', evidence: 'E1', scope: 'trunks:write' } as const

/** Faults: not_found (of nobody, or of somebody else). */
async function ownTrunk(core: Core, caller: Caller, id: string): Promise<Trunk> {
  const found = await core.trunks.get(idOr0(id))
  if (found?.accountId !== caller.account.id) throw new Fault('not_found', { what: 'trunk', id })
  return found
}

const list = operation({
  ...read,
  on: 'GET /v1/trunks',
  input: v.object(paging),
  answers: {
    200: v.strictObject({ sip_trunks: v.array(shape.trunk), pagination: shape.pagination }),
    ...shape.errors,
  },
  async handle({ core, caller }, input) {
    const page = pagingOf(input)
    const { items, total } = await core.trunks.list(caller.account.id, page.core)
    return { body: { sip_trunks: items.map(trunkView), pagination: pagination(page, total) } }
  },
})

const one = operation({
  ...read,
  on: 'GET /v1/trunks/:id',
  input: v.object({ id: v.string() }),
  answers: { 200: shape.oneTrunk, ...shape.errors },
  handle: async ({ core, caller }, { id }) => ({ body: oneTrunkView(await ownTrunk(core, caller, id)) }),
})

/** As many as the system's own logins have. */
const LOGIN_DIGITS = 7

const create = operation({
  ...write,
  on: 'POST /v1/trunks',
  input: v.object({ ...TRUNK_FIELDS, label: Label }),
  answers: { 200: shape.oneTrunk, ...shape.errors },
  async handle({ core, caller }, { label, ...rest }) {
    // the name is the login that the system gives
    const name = `1${core.random.text(LOGIN_DIGITS - 1, '0123456789')}`
    const data = { [DIALECT]: trunkData(rest) }
    return { body: oneTrunkView(await core.trunks.create(caller, { accountId: caller.account.id, name, label, data })) }
  },
})

const update = operation({
  ...write,
  on: ['PUT /v1/trunks/:id', 'PATCH /v1/trunks/:id'],
  input: v.object({ id: v.string(), ...TRUNK_FIELDS, label: v.nullish(Label) }),
  answers: { 200: shape.oneTrunk, ...shape.errors },
  async handle({ core, caller }, { id, label, ...rest }) {
    const found = await ownTrunk(core, caller, id)
    const data = { ...found.data, [DIALECT]: { ...ownData(found), ...trunkData(rest) } }
    const changed = await core.trunks.update(caller, found.id, { data, ...(label && { label }) })
    return { body: oneTrunkView(changed) }
  },
})

/** Numbers that lead to it lead there no more. */
const remove = operation({
  ...write,
  on: 'DELETE /v1/trunks/:id',
  input: v.object({ id: v.string() }),
  answers: { 200: shape.success, ...shape.errors },
  async handle({ core, caller }, { id }) {
    await core.trunks.remove(caller, (await ownTrunk(core, caller, id)).id)
    return { body: { success: true } }
  },
})

export const trunkOperations: readonly Operation[] = [list, one, create, update, remove]
