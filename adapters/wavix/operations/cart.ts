import * as v from 'valibot'
import { Fault } from '../../../core/ground/fault.ts'
import { type Inbound, type Operation, operation } from '../../kit/dialect.ts'
import { requireNumbers } from '../auth.ts'
import { cartFaults } from '../faults.ts'
import { idsOf, invalid, requiredIds } from '../fields/common.ts'
import { DOC_TYPES, numberOf } from '../ids.ts'
import * as shape from '../schemas.ts'
import { availableView } from '../views/numbers.ts'
import { placeNames } from '../ways/load.ts'
import { wireProfile } from '../wire/profile.ts'

const anything = v.unknown()
const write = { caller: 'required', evidence: 'E1', scope: 'numbers:write', faults: cartFaults } as const

/** Ids in the cart are phone numbers; one that is none cannot be in it. */
function numbersOf(ids: readonly string[]): string[] {
  return ids.map(id => {
    const e164 = numberOf(id)
    if (e164 === undefined) throw new Fault('not_found', { what: 'cart_entry', id })
    return e164
  })
}

const read = operation({
  on: 'GET /v1/buy/cart',
  caller: 'required',
  evidence: 'E1',
  scope: 'numbers:read',
  input: anything,
  answers: {
    200: v.strictObject({ dids: v.array(shape.available), doc_types: v.array(shape.docType) }),
    ...shape.errors,
  },
  async handle({ core, caller, inbound }) {
    requireNumbers(caller)
    const numbers = await core.carts.list(caller.account.id)
    const places = await placeNames(core, numbers)
    const dids = numbers.map(number => availableView(number, places, wireProfile(inbound)))
    return { body: { dids, doc_types: DOC_TYPES } }
  },
})

/** PUT adds and never replaces; the old Ruby client says PATCH, with the ids as comma text. */
const add = operation({
  ...write,
  on: ['PUT /v1/buy/cart', 'PATCH /v1/buy/cart'],
  input: anything,
  answers: { 200: v.array(shape.available), ...shape.errors },
  async handle({ core, caller, inbound }) {
    requireNumbers(caller)
    const e164s = numbersOf(requiredIds(inbound))
    const numbers = await core.carts.add(caller, e164s, caller.account.currency)
    const places = await placeNames(core, numbers)
    return { body: numbers.map(number => availableView(number, places, wireProfile(inbound))) }
  },
})

const remove = operation({
  ...write,
  on: 'DELETE /v1/buy/cart',
  input: anything,
  answers: { 200: shape.success, ...shape.errors },
  async handle({ core, caller, inbound }) {
    requireNumbers(caller)
    await core.carts.remove(caller, numbersOf(requiredIds(inbound)))
    return { body: { success: true } }
  },
})

/** The first years' clients post `{}` or nothing for the whole cart. Anything else was meant to say which numbers. */
function isWhole({ body, query }: Inbound): boolean {
  const isNamed = query.some(([name]) => /^(ids|dids)\b/i.test(name))
  return !isNamed && (body === undefined || Object.keys(body as object).length === 0)
}

/** Faults: invalid_input naming `ids` when something was sent that names none. */
const checkout = operation({
  ...write,
  on: 'POST /v1/buy/cart/checkout',
  input: anything,
  answers: { 201: shape.success, ...shape.errors },
  async handle({ core, caller, inbound }) {
    requireNumbers(caller)
    const ids = idsOf(inbound, 'ids')
    if (ids.length === 0 && !isWhole(inbound)) throw invalid('ids')
    const e164s = ids.length === 0 ? undefined : numbersOf(ids)
    const terms = { documents: 'allow', currency: caller.account.currency } as const
    await core.carts.checkout(caller, e164s, terms)
    return { status: 201, body: { success: true } }
  },
})

export const cartOperations: readonly Operation[] = [read, add, remove, checkout]
