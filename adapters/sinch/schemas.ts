import * as v from 'valibot'
import { STATES } from './ids.ts'

const text = v.string()
const int = v.pipe(v.number(), v.integer())
const time = v.pipe(text, v.isoTimestamp())
const orNull = <S extends v.GenericSchema>(schema: S) => v.nullable(schema)
const types = v.picklist(['MOBILE', 'LOCAL', 'TOLL_FREE'])
const capabilities = v.array(v.picklist(['SMS', 'VOICE']))
const money = v.strictObject({ currencyCode: text, amount: v.pipe(text, v.regex(/^\d+\.\d\d$/)) })

export const available = v.strictObject({
  phoneNumber: v.pipe(text, v.regex(/^\+\d+$/)),
  regionCode: text,
  type: types,
  capability: capabilities,
  setupPrice: money,
  monthlyPrice: money,
  paymentIntervalMonths: int,
  supportingDocumentationRequired: v.boolean(),
})

const voiceIds = { appId: v.optional(text), trunkId: v.optional(text), serviceId: v.optional(text) }
const voiceType = v.picklist(['RTC', 'EST', 'FAX'])
const status = v.picklist(['WAITING', 'IN_PROGRESS', 'FAILED'])

export const active = v.strictObject({
  phoneNumber: v.pipe(text, v.regex(/^\+\d+$/)),
  projectId: text,
  displayName: text,
  regionCode: text,
  type: types,
  capability: capabilities,
  money,
  paymentIntervalMonths: int,
  nextChargeDate: orNull(time),
  expireAt: orNull(time),
  smsConfiguration: v.strictObject({
    servicePlanId: text,
    campaignId: text,
    scheduledProvisioning: orNull(
      v.strictObject({
        servicePlanId: text,
        campaignId: text,
        status,
        lastUpdatedTime: time,
        errorCodes: v.array(text),
      }),
    ),
  }),
  voiceConfiguration: v.strictObject({
    type: voiceType,
    ...voiceIds,
    lastUpdatedTime: orNull(time),
    scheduledVoiceProvisioning: orNull(v.strictObject({ type: voiceType, ...voiceIds, status, lastUpdatedTime: time })),
  }),
  callbackUrl: text,
})

export const region = v.strictObject({ regionCode: text, regionName: text, types: v.array(types) })
export const callbackConfiguration = v.strictObject({ projectId: text, hmacSecret: v.pipe(text, v.maxLength(36)) })

const address = v.strictObject({
  streetNumber: text,
  streetInfo: text,
  location: text,
  city: text,
  state: text,
  postalCode: text,
  postalCodePlusFour: text,
})
export const emergencyAddress = address
export const validatedAddress = v.strictObject({
  phoneNumber: text,
  displayName: text,
  validatedAddress: address,
  validationResult: v.picklist(['EXACT_MATCH', 'NEAR_MATCH', 'NO_MATCH']),
  validationMessage: text,
  correctedAddress: address,
  candidateAddresses: v.array(address),
})

const orderConfiguration = v.strictObject({
  servicePlanId: v.optional(text),
  campaignId: v.optional(text),
  type: v.optional(voiceType),
  ...voiceIds,
})

export const order = v.strictObject({
  projectId: text,
  idNumberOrder: v.pipe(text, v.regex(/^[0-9a-hjkmnp-tv-z]{26}$/)),
  regionCode: text,
  state: v.picklist(STATES),
  numberType: types,
  orderNumbers: v.array(
    v.strictObject({
      phoneNumber: v.pipe(text, v.regex(/^\+\d+$/)),
      numberPrice: v.strictObject({ setupPrice: money, monthlyPrice: money, paymentIntervalMonths: int }),
      capabilities,
    }),
  ),
  smsConfiguration: v.optional(orderConfiguration),
  voiceConfiguration: v.optional(orderConfiguration),
  expireTime: orNull(time),
  createTime: time,
  updateTime: time,
})

export const requirements = v.strictObject({
  fields: v.strictObject({ rules: v.array(v.strictObject({ template: v.record(text, v.looseObject({})) })) }),
  attachments: v.array(
    v.strictObject({
      id: text,
      title: text,
      description: text,
      mandatory: v.boolean(),
      template: v.array(v.strictObject({ name: text, url: text })),
      allowedMimeTypes: v.array(text),
      allowedDocumentTypes: v.array(text),
    }),
  ),
})

export const registration = v.strictObject({
  requestDetails: v.looseObject({}),
  data: v.optional(v.unknown()),
  attachments: v.array(
    v.strictObject({
      attachmentId: text,
      fileName: text,
      mimeType: text,
      createTime: time,
      updateTime: time,
      uploadStatus: v.picklist(['COMPLETED', 'WAITING', 'FAILED']),
      documentType: v.optional(text),
    }),
  ),
  logs: v.array(v.strictObject({ message: text, createTime: time })),
})

export const oneError = v.strictObject({
  error: v.strictObject({ code: int, message: text, status: text, details: v.array(v.looseObject({ type: text })) }),
})
export const errors = {
  400: oneError,
  401: oneError,
  402: oneError,
  403: oneError,
  404: oneError,
  409: oneError,
  415: oneError,
}
export const oauthError = v.strictObject({ error: text, error_description: text })
/** Whoever asks too often is told so at every operation; the token endpoint has words of its own. */
export const anywhere = { 429: v.union([oneError, oauthError]) }
