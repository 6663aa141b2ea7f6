import * as v from 'valibot'
import { toE164 } from '../../../core/ground/e164.ts'
import { Fault } from '../../../core/ground/fault.ts'
import type { Caller, Owned } from '../../../core/ground/model.ts'
import type { Core, LeaseTerms } from '../../../core/verbs.ts'
import { type Call, type Operation, operation } from '../../kit/dialect.ts'
import { boundedList, objectOnly } from '../../kit/schema.ts'
import {
  type Configurations,
  checkCallback,
  configurationFields,
  countOf,
  criteriaOf,
  filterOf,
  RENTABLE,
  refuse,
  smsChange,
  typesAsked,
  voiceChange,
} from '../fields/numbers.ts'
import { DIALECT, type TypeWord, typesOf } from '../ids.ts'
import * as shape from '../schemas.ts'
import { activeView, availableView } from '../views/numbers.ts'

export const PROJECT = '/v1/projects/:project'
const common = { caller: 'required', evidence: 'E2' } as const

const SIZE = 30
const MAX_SIZE = 100

const regions = operation({
  ...common,
  on: `GET ${PROJECT}/availableRegions`,
  scope: 'numbers:read',
  input: v.unknown(),
  answers: { 200: v.strictObject({ availableRegions: v.array(shape.region) }), ...shape.errors },
  async handle({ core, inbound }) {
    const wanted = typesAsked(inbound.query)
    const countries = await core.places.list({ kind: 'country' })
    const rows = await Promise.all(
      countries.map(async ({ country, name }) => {
        const counts = await Promise.all(wanted.map(type => core.inventory.count({ country, types: typesOf(type) })))
        return { regionCode: country, regionName: name, types: wanted.filter((_, index) => (counts[index] ?? 0) > 0) }
      }),
    )
    return { body: { availableRegions: rows.filter(({ types }) => types.length > 0) } }
  },
})

const search = operation({
  ...common,
  on: `GET ${PROJECT}/availableNumbers`,
  scope: 'numbers:read',
  input: v.unknown(),
  answers: { 200: v.strictObject({ availableNumbers: v.array(shape.available) }), ...shape.errors },
  async handle({ core, inbound }) {
    const filter = filterOf(criteriaOf(inbound.query), true)
    const limit = countOf(inbound.query, 'size', SIZE, MAX_SIZE)
    const { items } = await core.numbers.search(filter, { limit, offset: 0 })
    return { body: { availableNumbers: items.map(availableView) } }
  },
})

/** What the shelf offers, and to its holder what is kept for it. Faults: not_found. */
async function onShelf(core: Core, text: string, accountId?: number) {
  const e164 = toE164(text)
  const number = e164 === undefined ? undefined : await core.numbers.find(e164)
  if (!number || !core.numbers.isAvailable(number, accountId))
    throw new Fault('not_found', { what: 'number', id: text })
  return number
}

const check = operation({
  ...common,
  on: `GET ${PROJECT}/availableNumbers/:number`,
  scope: 'numbers:read',
  input: v.object({ number: v.string() }),
  answers: { 200: shape.available, ...shape.errors },
  async handle({ core }, { number }) {
    return { body: availableView(await onShelf(core, number)) }
  },
})

/** A configuration enters scheduled provisioning; the number is rented at once. */
export function termsOf(call: Call, input: Configurations): LeaseTerms {
  checkCallback(call, input.callbackUrl)
  const { smsConfiguration: sms, voiceConfiguration: voice, callbackUrl } = input
  if (sms && !sms.servicePlanId) refuse('smsConfiguration.servicePlanId', 'must not be empty')
  const none = { servicePlanId: '', campaignId: '' }
  const schedule = [...(sms ? [smsChange(sms, none)] : []), ...(voice ? [voiceChange(voice)] : [])]
  const value = { callbackUrl: callbackUrl ?? '' }
  return { documents: 'refuse', settings: { dialect: DIALECT, value }, schedule }
}

async function rented(core: Core, caller: Caller, [owned]: readonly Owned[]) {
  const number = owned as Owned
  const provisionings = await core.provisionings.list([number.lease.id], DIALECT)
  return { body: activeView(number, caller.account, provisionings) }
}

const rent = operation({
  ...common,
  on: `POST ${PROJECT}/availableNumbers/:number:rent`,
  scope: 'numbers:write',
  input: v.object({ number: v.string(), ...configurationFields }),
  answers: { 200: shape.active, ...shape.errors },
  async handle(call, { number, ...input }) {
    const { core, caller } = call
    const terms = termsOf(call, input)
    const found = await onShelf(core, number, caller.account.id)
    if (found.requiredDocuments.length > 0) throw new Fault('documents_required', { e164s: [found.e164] })
    const { owned } = await core.numbers.purchase(caller, [found.e164], terms)
    return rented(core, caller, owned)
  },
})

const words = v.optional(boundedList(v.string('must be a string'), 100, 'must be a list'), [])
const anyFields = {
  regionCode: v.optional(v.string('must be a string')),
  type: v.optional(v.string('must be a string')),
  capabilities: words,
  numberPattern: v.optional(
    objectOnly({ pattern: v.optional(v.string()), searchPattern: v.optional(v.string()) }, 'must be an object'),
  ),
}

/** Works for local numbers of the US only. */
const rentAny = operation({
  ...common,
  on: `POST ${PROJECT}/availableNumbers:rentAny`,
  scope: 'numbers:write',
  input: v.object({ ...anyFields, ...configurationFields }),
  answers: { 200: shape.active, ...shape.errors },
  async handle(call, { regionCode, type, capabilities, numberPattern, ...input }) {
    const { core, caller } = call
    const sent = capabilities.map(word => ({ field: 'capabilities', word }))
    const filter = filterOf({ regionCode, type, capabilities: sent, ...numberPattern }, true)
    if (filter.country !== 'US') refuse('regionCode', 'is supported for US only')
    if ((type as TypeWord) !== 'LOCAL') refuse('type', 'is supported for LOCAL only')
    const { owned } = await core.numbers.claim(caller, [{ filter: { ...filter, ...RENTABLE }, quantity: 1 }], {
      ...termsOf(call, input),
      partial: false,
    })
    return rented(core, caller, owned)
  },
})

export const availableOperations: readonly Operation[] = [regions, search, check, rent, rentAny]
