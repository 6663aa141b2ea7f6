/** What a number order is for. */
import * as v from 'valibot'
import { toE164 } from '../../../core/ground/e164.ts'
import { Fault } from '../../../core/ground/fault.ts'
import type { JsonObject, PhoneNumber } from '../../../core/ground/model.ts'
import type { Core, HoldWish, NumberFilter } from '../../../core/verbs.ts'
import { boundedList, objectOnly } from '../../kit/schema.ts'
import { TYPES, typesOf } from '../ids.ts'
import { type OrderData, orderNumber } from '../views/orders.ts'
import { configurationFields, filterOf, refuse } from './numbers.ts'

const MOST = 100

export const region = v.pipe(
  v.string('must be a string'),
  v.regex(/^[A-Za-z]{2}$/, 'must have two letters'),
  v.toUpperCase(),
)
export const numberType = v.picklist(TYPES, `must be one of ${TYPES.join(', ')}`)

const text = v.string('must be a string')
const whole = v.pipe(v.number('must be a number'), v.integer('must be whole'))
export const createFields = {
  regionCode: region,
  numberType,
  ...configurationFields,
  numberOrderOption: v.optional(objectOnly({ phoneNumbers: boundedList(text, MOST, 'must be a list') })),
  quantityOrderOption: v.optional(
    objectOnly({
      requestedQuantity: v.pipe(whole, v.minValue(1, 'must be 1 or more'), v.maxValue(MOST, `must be at most ${MOST}`)),
      sequential: v.optional(v.boolean('must be true or false')),
      capabilities: v.optional(boundedList(text, MOST, 'must be a list'), []),
      numberPattern: v.optional(objectOnly({ pattern: v.optional(text), searchPattern: v.optional(text) })),
    }),
  ),
}

type CreateInput = v.InferOutput<v.ObjectSchema<typeof createFields, undefined>>
type Quantity = NonNullable<CreateInput['quantityOrderOption']>

/** The one number, of that region and type. Faults: number_unavailable, invalid_input. */
async function namedWish(core: Core, { phoneNumbers }: NonNullable<CreateInput['numberOrderOption']>, of: CreateInput) {
  const field = 'numberOrderOption.phoneNumbers'
  const [sent] = phoneNumbers
  if (sent === undefined || phoneNumbers.length > 1) refuse(field, 'must have exactly one number')
  const e164 = toE164(sent) ?? refuse(field, 'must be a number in E.164 format')
  const number = await core.numbers.find(e164)
  const isMeant = number?.country === of.regionCode && typesOf(of.numberType).includes(number.type)
  if (number && !isMeant) refuse(field, `${e164} is not of the region and type of the order`)
  return { e164s: [e164] }
}

/** Looked through for numbers that follow each other. */
const LOOKED_AT = 1000

/** The first so many of these that follow each other. Faults: number_unavailable. */
async function sequence(core: Core, filter: NumberFilter, count: number): Promise<HoldWish> {
  const { items } = await core.numbers.search(filter, { limit: LOOKED_AT, offset: 0 })
  const e164s = items.map(({ e164 }) => e164).sort()
  const start = e164s.findIndex((_, at) => {
    const run = e164s.slice(at, at + count)
    return run.length === count && run.every((e164, n) => Number(e164) === Number(run[0]) + n)
  })
  if (start < 0) throw new Fault('number_unavailable', { e164s: [] })
  return { e164s: e164s.slice(start, start + count) }
}

async function anyWish(core: Core, option: Quantity, { regionCode, numberType }: CreateInput): Promise<HoldWish> {
  const capabilities = option.capabilities.map(word => ({ field: 'quantityOrderOption.capabilities', word }))
  const { requestedQuantity: quantity, numberPattern } = option
  const filter = filterOf({ regionCode, type: numberType, capabilities, ...numberPattern }, true)
  return option.sequential && quantity > 1 ? sequence(core, filter, quantity) : { filter, quantity }
}

/** The numbers that are asked for, by name or by what they are like. Faults: number_unavailable, invalid_input. */
export async function wishOf(core: Core, input: CreateInput): Promise<HoldWish> {
  const { numberOrderOption: named, quantityOrderOption: any } = input
  if (named && any) refuse('quantityOrderOption', 'must not be set beside numberOrderOption')
  if (named) return namedWish(core, named, input)
  return any ? anyWish(core, any, input) : refuse('numberOrderOption', 'one of the options must be set')
}

/** What is kept with the order. */
export function keptData(input: CreateInput, numbers: readonly PhoneNumber[]): OrderData {
  const { regionCode, numberType, smsConfiguration, voiceConfiguration } = input
  const documents = [...new Set(numbers.flatMap(({ requiredDocuments }) => requiredDocuments))].sort()
  const configured = {
    ...(smsConfiguration && { smsConfiguration: { ...smsConfiguration } as JsonObject }),
    ...(voiceConfiguration && { voiceConfiguration: { ...voiceConfiguration } as JsonObject }),
  }
  return { regionCode, numberType, orderNumbers: numbers.map(orderNumber), ...configured, documents }
}
