import * as v from 'valibot'

const text = v.string()
const time = v.pipe(text, v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/))
const int = v.pipe(v.number(), v.integer())
const guid = v.pipe(text, v.uuid())
const orNull = <S extends v.GenericSchema>(schema: S) => v.nullable(schema)
const types = v.picklist(['LOCAL', 'NATIONAL', 'TOLLFREE'])

export const problem = v.strictObject({
  type: text,
  title: text,
  status: int,
  traceId: v.pipe(text, v.regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/)),
  detail: v.optional(text),
  errors: v.optional(v.record(text, v.array(text))),
})
/** Whoever asks too often is told so at every operation. */
export const anywhere = { 429: problem }
/** Of an operation. */
export const problems = { 400: problem, 401: problem, 404: problem, 409: problem, 413: problem, 415: problem }

const range = v.strictObject({
  id: orNull(int),
  start: orNull(v.pipe(text, v.regex(/^\+\d+$/))),
  size: int,
  validFrom: orNull(time),
  validTo: orNull(time),
})

export const request = v.strictObject({
  guid,
  accountGuid: guid,
  companyProfileGuid: guid,
  createdOn: time,
  updatedOn: time,
  countryCode: text,
  phoneNumberType: types,
  quantity: int,
  rangeSize: int,
  areaCode: orNull(text),
  city: orNull(text),
  region: orNull(text),
  comment: orNull(text),
  callbackUrl: orNull(text),
  status: v.picklist(['PENDING', 'ACCEPTED', 'COMPLETED', 'REJECTED', 'CANCELLED']),
  statusReason: orNull(text),
  id: orNull(int),
  start: orNull(text),
  validFrom: orNull(time),
  validTo: orNull(time),
  phoneNumberRanges: v.pipe(v.array(range), v.minLength(1)),
})

export const status = v.strictObject({ status: text, description: text, isFinal: v.boolean() })

export const restrictions = v.strictObject({
  countryCode: text,
  phoneNumberType: types,
  minQuantity: int,
  maxQuantity: int,
  rangesSupported: v.boolean(),
  allowedRangeSizes: v.array(int),
})

export const localeOption = v.strictObject({
  region: orNull(text),
  regionName: orNull(text),
  city: text,
  areaCodes: v.array(text),
})

export const availability = v.strictObject({
  available: v.boolean(),
  availableQuantity: int,
  directlyAssignable: v.boolean(),
})

export const requirement = v.strictObject({
  id: int,
  type: v.picklist([1, 2, 3]),
  description: text,
  phoneNumberTypes: v.array(types),
})

export const requiredField = v.strictObject({ name: text, description: text })

export const profile = v.strictObject({
  guid,
  accountGuid: guid,
  name: text,
  companyName: text,
  businessRegisterNumber: text,
  representativeFirstName: text,
  representativeLastName: text,
  representativePhoneNumber: orNull(text),
  countryCode: text,
  requiredFields: v.unknown(),
  region: orNull(text),
  city: text,
  postalCode: text,
  street: text,
  phoneNumberCountryCode: text,
  phoneNumberTypes: v.array(types),
  emailAddresses: v.array(text),
  status: v.picklist(['INCOMPLETE', 'IN_REVIEW', 'APPROVED', 'REJECTED']),
})

export const number = v.strictObject({
  guid,
  phoneNumber: text,
  countryCode: text,
  phoneNumberType: text,
  areaCode: orNull(text),
  city: orNull(text),
  companyProfileGuid: orNull(guid),
  numberRequestGuid: orNull(guid),
  customerAlias: v.nullable(v.string()),
  validFrom: time,
  validTo: orNull(time),
})
