import * as v from 'valibot'

const text = v.string()
const orNull = <S extends v.GenericSchema>(schema: S) => v.nullable(schema)
const flag = v.boolean()
const int = v.pipe(v.number(), v.integer())
const money = v.pipe(text, v.regex(/^\d+\.\d+$/))
const method = orNull(v.picklist(['POST', 'GET']))

const voice = v.strictObject({
  inbound_connectivity: flag,
  outbound_connectivity: flag,
  e911: flag,
  sip_trunking: flag,
  calls_per_second: int,
  concurrent_calls_limit: int,
  inbound_called_dtmf: flag,
  inbound_caller_dtmf: flag,
  inbound_caller_id_preservation: text,
  inbound_reachability: text,
})
const sms = v.strictObject({
  inbound_connectivity: flag,
  outbound_connectivity: flag,
  gsm7: flag,
  ucs2: flag,
  gsm7_concatenation: flag,
  ucs2_concatenation: flag,
  inbound_sender_id_preservation: text,
  inbound_reachability: text,
  inbound_mps: int,
})
const mms = v.strictObject({
  inbound_connectivity: flag,
  outbound_connectivity: flag,
  inbound_reachability: text,
  inbound_mps: int,
})

const availableEntries = {
  phone_number: v.pipe(text, v.regex(/^\+\d+$/)),
  type: text,
  base_setup_price: money,
  base_recurring_price: money,
  capabilities: v.strictObject({ voice: orNull(voice), sms: orNull(sms), mms: orNull(mms) }),
  regulatory: v.strictObject({ address_requirements: v.picklist(['none', 'any', 'local', 'foreign']) }),
  lifecycle: text,
  geography: v.strictObject({
    iso_country: text,
    lata: orNull(text),
    rate_center: orNull(text),
    latitude: orNull(text),
    longitude: orNull(text),
    region: orNull(text),
    locality: orNull(text),
    postal_code: orNull(text),
  }),
}

const configuration = v.strictObject({
  status_callback_url: orNull(text),
  status_callback_method: method,
  voice: v.strictObject({
    url: orNull(text),
    method,
    fallback_url: orNull(text),
    fallback_method: method,
    application_sid: orNull(text),
  }),
  sms: v.strictObject({ url: orNull(text), method, application_sid: orNull(text) }),
})

export const available = v.strictObject(availableEntries)
export const active = v.strictObject({
  friendlyName: v.pipe(text, v.maxLength(64)),
  accountSid: text,
  statusCallback: orNull(text),
  statusCallbackMethod: method,
  configuration,
  ...availableEntries,
})

const url = v.pipe(text, v.url())
const meta = v.strictObject({
  page: int,
  page_size: int,
  first_page_url: url,
  previous_page_url: orNull(url),
  url,
  next_page_url: orNull(url),
  key: v.literal('items'),
})

export const page = <S extends v.GenericSchema>(item: S) => v.strictObject({ items: v.array(item), meta })

export const exception = v.strictObject({ code: int, message: text, more_info: url, status: int })
/** Whoever asks too often is told so at every operation. */
export const anywhere = { 429: exception }
export const errors = {
  400: exception,
  401: exception,
  402: exception,
  404: exception,
  405: exception,
  409: exception,
  415: exception,
}
