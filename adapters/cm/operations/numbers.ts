import * as v from 'valibot'
import { toE164 } from '../../../core/ground/e164.ts'
import { Fault } from '../../../core/ground/fault.ts'
import type { Caller } from '../../../core/ground/model.ts'
import type { Core } from '../../../core/verbs.ts'
import { type Operation, operation } from '../../kit/dialect.ts'
import { caseless } from '../../kit/schema.ts'
import { issue, pageHeaders, pageOf, refuse } from '../fields/requests.ts'
import { DIALECT, isGuid } from '../ids.ts'
import * as shape from '../schemas.ts'
import { numberView } from '../views.ts'

const NUMBERS = '/voice-phonenumbersapi/v1/:account/phoneNumbers'

const list = operation({
  on: `GET ${NUMBERS}`,
  scope: 'numbers:read',
  caller: 'required',
  evidence: 'E0',
  input: v.unknown(),
  answers: { 200: v.array(shape.number), ...shape.problems },
  async handle({ core, caller, inbound }) {
    const page = pageOf(inbound.query)
    const options = { dialect: DIALECT, orderBy: 'lease', descending: true } as const
    const { items, total } = await core.numbers.owned({ accountIds: [caller.account.id] }, page, options)
    return { headers: pageHeaders(page, total), body: items.map(numberView) }
  },
})

const MAX_ALIAS = 255
const wrong = 'The JSON value could not be converted to System.String.'
const long = `The field CustomerAlias must be a string with a maximum length of ${MAX_ALIAS}.`
const Alias = caseless(
  v.object({ number: v.string(), customerAlias: v.nullish(v.pipe(v.string(wrong), v.maxLength(MAX_ALIAS, long))) }),
  { alias: 'customerAlias', name: 'customerAlias', value: 'customerAlias' },
)

/** By its guid or as it is dialled. Faults: not_found. */
async function ownNumber(core: Core, caller: Caller, text: string) {
  const named = isGuid(text) ? { leaseGuids: [text.toLowerCase()] } : { e164s: [toE164(text) ?? ''] }
  const filter = { accountIds: [caller.account.id], ...named }
  const { items } = await core.numbers.owned(filter, { limit: 1, offset: 0 }, { dialect: DIALECT })
  const [owned] = items
  if (!owned) throw new Fault('not_found', { what: 'lease', id: text })
  return owned
}

/** The name that a number has in every dialect that knows one; null and empty text take it away. */
const alias = operation({
  on: [`PUT ${NUMBERS}/:number/customerAlias`, `PATCH ${NUMBERS}/:number/customerAlias`],
  scope: 'numbers:write',
  caller: 'required',
  evidence: 'E0',
  input: Alias,
  answers: { 200: shape.number, ...shape.problems },
  async handle({ core, caller }, { number, customerAlias }) {
    if (customerAlias === undefined) refuse([issue('customerAlias', 'The CustomerAlias field is required.')])
    const { lease } = await ownNumber(core, caller, number)
    await core.numbers.configure(caller, lease.id, { label: customerAlias?.trim() || null })
    return { body: numberView(await ownNumber(core, caller, number)) }
  },
})

export const numberOperations: readonly Operation[] = [list, alias]
