import * as v from 'valibot'
import type { OwnedFilter } from '../../../core/verbs.ts'
import { type Call, type FaultTable, type Operation, operation } from '../../kit/dialect.ts'
import { requireNumbers } from '../auth.ts'
import { failure } from '../faults.ts'
import { type Changes, changeFields, leaseChange, NO_SMS } from '../fields/changes.ts'
import {
  idsOf,
  invalid,
  optionalFlag,
  optionalText,
  optionalWhole,
  paging,
  pagingOf,
  requiredIds,
} from '../fields/common.ts'
import { DIALECT, DOC_TYPES } from '../ids.ts'
import * as shape from '../schemas.ts'
import { numberView, pagination } from '../views/numbers.ts'
import { routesOf } from '../ways/destinations.ts'
import { shown } from '../ways/load.ts'
import { ownedByEither, ownedByIds } from '../ways/owners.ts'

const read = { caller: 'required', evidence: 'E1', scope: 'numbers:read' } as const
const write = { caller: 'required', evidence: 'E1', scope: 'numbers:write' } as const

/** One handler set under both families of paths. */
export function both(method: string, path = ''): string[] {
  return [`${method} /v1/mydids${path}`, `${method} /v1/numbers${path}`]
}

const smsFaults: Partial<FaultTable> = {
  wrong_state: ({ details }) =>
    failure(
      422,
      details.state === NO_SMS
        ? 'Inbound SMS can only be activated on US and CA phone numbers'
        : 'Inbound SMS is not enabled on the phone number',
    ),
}

const listInput = v.object({
  ...paging,
  city_id: optionalWhole,
  search: optionalText,
  label: optionalText,
  label_present: optionalFlag,
})

function listFilter(accountId: number, input: v.InferOutput<typeof listInput>): OwnedFilter {
  const digits = input.search?.replace(/[\s+]/g, '')
  return {
    accountIds: [accountId],
    ...(input.city_id !== undefined && { cityId: input.city_id }),
    ...(digits && { pattern: { kind: 'contains', digits: /^\d+$/.test(digits) ? digits : 'x' } }),
    // whether it has one decides; then its text is ignored
    ...(input.label_present !== undefined
      ? { hasLabel: input.label_present }
      : input.label !== undefined && { label: input.label }),
  }
}

const list = operation({
  ...read,
  on: both('GET'),
  input: listInput,
  answers: { 200: shape.numberList, ...shape.errors },
  async handle({ core, caller, inbound }, input) {
    requireNumbers(caller)
    const page = pagingOf(input)
    const { items, total } = await core.numbers.owned(listFilter(caller.account.id, input), page.core, {
      dialect: DIALECT,
    })
    const with_ = await shown(core, inbound, items)
    const body = { items: items.map(owned => numberView(owned, with_)), doc_types: DOC_TYPES }
    return { body: { ...body, pagination: pagination(page, total) } }
  },
})

const one = operation({
  ...read,
  on: both('GET', '/:id'),
  input: v.object({ id: v.string() }),
  answers: { 200: shape.number, ...shape.errors },
  async handle({ core, caller, inbound }, { id }) {
    requireNumbers(caller)
    const [owned] = await ownedByIds(core, caller, [id])
    return { body: numberView(owned as NonNullable<typeof owned>, await shown(core, inbound, owned ? [owned] : [])) }
  },
})

/** All of them in one unit, or none. */
async function applyTo({ core, caller }: Call<'required'>, ids: readonly string[], change: Changes) {
  const owned = await ownedByIds(core, caller, ids)
  const routes = change.destinations === undefined ? undefined : await routesOf(core, caller, change.destinations)
  const leaseIds = owned.map(({ lease }) => lease.id)
  return core.numbers.reconfigureAll(caller, leaseIds, DIALECT, found => leaseChange(found, change, routes))
}

const update = operation({
  ...write,
  on: [...both('PUT', '/:id'), ...both('PATCH', '/:id')],
  input: v.object({ id: v.string(), ...changeFields }),
  answers: { 200: shape.number, ...shape.errors },
  faults: smsFaults,
  async handle(call, { id, ...change }) {
    requireNumbers(call.caller)
    const owned = await applyTo(call, [id], change)
    const with_ = await shown(call.core, call.inbound, owned)
    return { body: owned.map(each => numberView(each, with_))[0] }
  },
})

const updateMany = operation({
  ...write,
  on: both('PATCH'),
  input: v.object(changeFields),
  answers: { 200: v.strictObject({ items: v.array(shape.number) }), ...shape.errors },
  faults: smsFaults,
  async handle(call, change) {
    requireNumbers(call.caller)
    const owned = await applyTo(call, requiredIds(call.inbound), change)
    const with_ = await shown(call.core, call.inbound, owned)
    return { body: { items: owned.map(each => numberView(each, with_)) } }
  },
})

/** `ids` are record ids, `dids` numbers, `IDs` the first years' spelling; exactly one of them. */
const updateDestinations = operation({
  ...write,
  on: [...both('POST', '/update-destinations'), ...both('POST', '/update_destinations')],
  input: v.object({ destinations: v.optional(v.unknown()), sms_relay_url: changeFields.sms_relay_url }),
  answers: { 200: shape.success, ...shape.errors },
  faults: smsFaults,
  async handle(call, input) {
    const { core, caller, inbound } = call
    requireNumbers(caller)
    const named = { ids: idsOf(inbound, 'ids', 'IDs'), dids: idsOf(inbound, 'dids') }
    if (input.destinations === undefined && input.sms_relay_url === undefined) throw invalid('destinations')
    const owned = await ownedByEither(core, caller, named)
    await applyTo(
      call,
      owned.map(({ lease }) => String(lease.id)),
      input,
    )
    return { body: { success: true } }
  },
})

/** The old Ruby client puts the id into the query. */
const updateSms = operation({
  ...write,
  on: both('PUT', '/update-sms-enabled'),
  input: v.object({ id: v.union([v.string(), v.number()]), sms_enabled: v.boolean() }),
  answers: { 200: shape.success, ...shape.errors },
  faults: smsFaults,
  async handle(call, { id, sms_enabled }) {
    requireNumbers(call.caller)
    await applyTo(call, [String(id)], { sms_enabled })
    return { body: { success: true } }
  },
})

/** Every form in which clients name what they give back; all of it or nothing. */
const release = operation({
  ...write,
  on: both('DELETE'),
  input: v.unknown(),
  answers: { 200: shape.success, ...shape.errors },
  faults: { not_found: ({ details }) => failure(422, `DID with id=${details.id} not found`) },
  async handle({ core, caller, inbound }) {
    requireNumbers(caller)
    const named = { ids: idsOf(inbound, 'ids'), dids: idsOf(inbound, 'dids') }
    const owned = await ownedByEither(core, caller, named)
    const leaseIds = [...new Set(owned.map(({ lease }) => lease.id))]
    await core.numbers.release(caller, leaseIds, { kind: 'now' }, DIALECT)
    return { body: { success: true } }
  },
})

const MANY = { limit: 10_000, offset: 0 }

/** Undocumented; the old Ruby client asks for the cities of its own numbers. */
const cities = operation({
  ...read,
  evidence: 'E0',
  on: both('GET', '/cities'),
  input: v.object({ ...paging, name: optionalText }),
  answers: {
    200: v.strictObject({ cities: v.array(v.looseObject({ city_id: v.number() })), pagination: shape.pagination }),
    ...shape.errors,
  },
  async handle({ core, caller }, input) {
    requireNumbers(caller)
    const { items } = await core.numbers.owned({ accountIds: [caller.account.id] }, MANY)
    const ids = [...new Set(items.flatMap(({ number }) => number.cityId ?? []))]
    const places = await core.places.list({ ids })
    const countries = new Map((await core.places.list({ kind: 'country' })).map(place => [place.id, place.name]))
    const wanted = places.filter(place => place.name.toLowerCase().includes((input.name ?? '').toLowerCase()))
    const page = pagingOf(input)
    const rows = wanted.slice(page.core.offset, page.core.offset + page.core.limit).map(place => ({
      city_code: Number(place.code) || 0,
      city_id: place.id,
      city_name: place.name,
      country_id: place.countryId,
      country_name: countries.get(place.countryId) ?? place.country,
    }))
    return { body: { cities: rows, pagination: pagination(page, wanted.length) } }
  },
})

export const numberOperations: readonly Operation[] = [
  list,
  one,
  update,
  updateMany,
  updateDestinations,
  updateSms,
  release,
  cities,
]
