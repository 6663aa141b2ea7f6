import * as v from 'valibot'
import type { JsonObject, Owned } from '../../../core/ground/model.ts'
import type { LeaseChange } from '../../../core/verbs.ts'
import { type Call, type FaultTable, type Operation, operation } from '../../kit/dialect.ts'
import { requireNumbers } from '../auth.ts'
import { failure } from '../faults.ts'
import { optionalText, paging, pagingOf } from '../fields/common.ts'
import { DIALECT, numberOf } from '../ids.ts'
import * as shape from '../schemas.ts'
import { pagination } from '../views/numbers.ts'
import { addressView, keptRecord, PhoneNumber, RecordInput, recordOf, requireEmergency } from '../ways/emergency.ts'
import { ownedByEither } from '../ways/owners.ts'

const read = { caller: 'required', evidence: 'E1', scope: 'numbers:read' } as const
const write = { caller: 'required', evidence: 'E1', scope: 'numbers:write' } as const

const PATH = '/v1/e911-records'

const record = v.strictObject({
  phone_number: v.string(),
  name: v.string(),
  address: v.strictObject({
    location: v.string(),
    ...{ street_number: v.string(), street: v.string(), city: v.string(), state: v.string() },
    ...{ zip_code: v.string(), zip_plus_four: v.string() },
  }),
})

const faults: Partial<FaultTable> = {
  wrong_state: () => failure(422, 'E911 is available on US and CA phone numbers only'),
}

/** More than anybody has. */
const ALL = { limit: 10_000, offset: 0 }

/** Faults: not_found. */
async function ownedNumber({ core, caller }: Call<'required'>, phone: string): Promise<Owned> {
  const [owned] = await ownedByEither(core, caller, { ids: [], dids: [phone] })
  return owned as Owned
}

async function setRecord(call: Call<'required'>, phone: string, emergency: JsonObject | null): Promise<void> {
  const { lease } = await ownedNumber(call, phone)
  await call.core.numbers.reconfigure(call.caller, lease.id, DIALECT, (found): LeaseChange => {
    const { emergency: _, ...others } = found.settings
    if (emergency) requireEmergency(found)
    return { settings: { dialect: DIALECT, value: emergency ? { ...others, emergency } : others } }
  })
}

const list = operation({
  ...read,
  on: `GET ${PATH}`,
  input: v.object({ ...paging, phone_number: optionalText }),
  answers: { 200: v.strictObject({ items: v.array(record), pagination: shape.pagination }), ...shape.errors },
  async handle({ core, caller }, { phone_number, ...input }) {
    requireNumbers(caller)
    const e164 = phone_number && (numberOf(phone_number) ?? phone_number)
    const filter = { accountIds: [caller.account.id], ...(e164 && { e164s: [e164] }) }
    const { items } = await core.numbers.owned(filter, ALL, { dialect: DIALECT })
    const records = items.flatMap(owned => recordOf(owned) ?? [])
    const page = pagingOf(input)
    const shown = records.slice(page.core.offset, page.core.offset + page.core.limit)
    return { body: { items: shown, pagination: pagination(page, records.length) } }
  },
})

/** What is kept when it is right; nothing is kept yet. */
const validate = operation({
  ...read,
  on: `POST ${PATH}/validate-address`,
  input: RecordInput,
  answers: {
    200: v.strictObject({ status: v.number(), number: v.string(), corrected_address: record.entries.address }),
    ...shape.errors,
  },
  faults,
  async handle(call, { phone_number, address }) {
    requireNumbers(call.caller)
    const owned = await ownedNumber(call, phone_number)
    requireEmergency(owned)
    const number = owned.number.e164.slice(1)
    return { body: { status: 0, number, corrected_address: addressView(address) } }
  },
})

const create = operation({
  ...write,
  on: `POST ${PATH}`,
  input: RecordInput,
  answers: { 200: shape.success, ...shape.errors },
  faults,
  async handle(call, sent) {
    requireNumbers(call.caller)
    await setRecord(call, sent.phone_number, keptRecord(sent))
    return { body: { success: true } }
  },
})

const remove = operation({
  ...write,
  on: `DELETE ${PATH}`,
  input: v.object({ phone_number: PhoneNumber }),
  answers: { 200: shape.success, ...shape.errors },
  async handle(call, { phone_number }) {
    requireNumbers(call.caller)
    await setRecord(call, phone_number, null)
    return { body: { success: true } }
  },
})

export const emergencyOperations: readonly Operation[] = [list, validate, create, remove]
