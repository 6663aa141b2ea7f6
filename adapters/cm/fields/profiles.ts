import * as v from 'valibot'
import type { CompanyProfile, JsonObject, NumberType } from '../../../core/ground/model.ts'
import { isCountry } from '../../kit/countries.ts'
import { boundedList, caseless, noList } from '../../kit/schema.ts'
import { typeOf } from '../ids.ts'
import { requiredFieldsOf } from '../ways/countries.ts'

const wrong = (what: string) => `The JSON value could not be converted to ${what}.`

function limited(max: number, min = 1) {
  const message = `The field must be a string with a length of ${min} to ${max}.`
  return v.pipe(v.string(wrong('System.String')), v.minLength(min, message), v.maxLength(max, message))
}

const country = v.pipe(limited(2, 2), v.check(isCountry, 'The value is not a country code.'))
const free = limited(1000, 0)
const words = boundedList(limited(320, 0), 100, wrong('System.String[]'))

/** Free members are kept as they are sent. */
const MAX_FREE = 10_000
const isSmall = (value: Record<string, unknown>) => JSON.stringify(value).length <= MAX_FREE

const required = {
  name: limited(100),
  companyName: limited(100),
  businessRegisterNumber: limited(100),
  representativeFirstName: limited(100),
  representativeLastName: limited(100),
  countryCode: country,
  city: limited(100),
  postalCode: limited(12),
  street: limited(255),
}

const optional = {
  representativePhoneNumber: v.nullish(free),
  requiredFields: v.nullish(
    v.pipe(noList(v.record(v.string(), v.unknown())), v.check(isSmall, 'The field is too large.')),
  ),
  region: v.nullish(free),
  phoneNumberCountryCode: v.nullish(country),
  phoneNumberTypes: v.nullish(words),
  emailAddresses: v.nullish(words),
}

export const newProfileEntries = { ...required, ...optional }
export const NewProfileBody = caseless(v.object(newProfileEntries))

type Keys = keyof typeof required
const allNullable = Object.fromEntries(Object.entries(required).map(([key, schema]) => [key, v.nullish(schema)])) as {
  [K in Keys]: v.NullishSchema<(typeof required)[K], undefined>
}

/** A change takes the same fields; null and absent leave one as it is. */
export const profileChangeEntries = { ...allNullable, ...optional }
export const ProfileChangeBody = caseless(v.object(profileChangeEntries))

export type ProfileInput = v.InferOutput<typeof ProfileChangeBody>

/** Each once. Undefined: a word that is no type of number. */
export function typesOf(list: readonly string[] | null | undefined): NumberType[] | undefined {
  const types = [...new Set((list ?? []).map(word => typeOf(word)))]
  return types.every(type => type !== undefined) ? (types as NumberType[]) : undefined
}

/** What is sent, over what there was. */
export function mergedData(before: JsonObject, input: ProfileInput): JsonObject {
  const { phoneNumberCountryCode: _country, phoneNumberTypes: _types, ...data } = input
  const sent = Object.entries(data).filter(([, value]) => value !== null && value !== undefined)
  return { ...before, ...(Object.fromEntries(sent) as JsonObject) }
}

/** A profile is complete when the fields that its company's country asks for are there; then its review begins. */
export function stateOf(data: JsonObject, types: readonly NumberType[]): CompanyProfile['status'] {
  const extra = (data.requiredFields ?? {}) as JsonObject
  const isComplete = requiredFieldsOf(String(data.countryCode ?? '')).every(({ name }) => Boolean(extra[name]))
  return isComplete && types.length > 0 ? 'in_review' : 'incomplete'
}
