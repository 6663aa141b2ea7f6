import * as v from 'valibot'

// Strict shapes of the answers: an unknown or missing key is a fault of ours.

const money = v.pipe(v.string(), v.regex(/^-?\d+\.\d+$/))
const int = v.pipe(v.number(), v.integer())
const text = v.string()
const flag = v.boolean()
const orNull = <S extends v.GenericSchema>(schema: S) => v.nullable(schema)

export const success = v.strictObject({ success: v.literal(true) })
export const error = v.looseObject({ success: v.literal(false), message: text })

export const country = v.strictObject({ id: int, name: text, short_name: text, has_provinces_or_states: flag })
export const region = v.strictObject({ id: int, name: text })
export const city = v.strictObject({ id: int, name: text, area_code: int })

export const pagination = v.strictObject({
  total: int,
  total_pages: v.pipe(int, v.minValue(1)),
  current_page: int,
  per_page: int,
})

export const available = v.strictObject({
  id: int,
  number: text,
  activation_fee: money,
  monthly_fee: money,
  per_min: money,
  free_min: int,
  channels: v.union([int, text]),
  city: text,
  country: text,
  country_short_name: text,
  cnam: flag,
  domestic_cli: flag,
  require_docs: v.array(text),
  sms_enabled: flag,
  sms_price: v.union([money, v.number()]),
})

const docTypeName = v.picklist(['id', 'address', 'localaddress'])
export const docType = v.strictObject({ id: int, name: docTypeName, title: text })

const destination = v.strictObject({
  id: int,
  destination: text,
  priority: int,
  transport: v.picklist([1, 4, 5]),
  trunk_id: orNull(int),
  trunk_label: orNull(text),
})

export const document = v.strictObject({
  id: int,
  allow_replace: flag,
  did_number: text,
  doc_content_type: text,
  doc_file_name: text,
  doc_type: docTypeName,
  doc_type_id: v.picklist([1, 2, 3]),
  status: v.picklist(['pending', 'approved', 'rejected']),
  url: v.pipe(text, v.url()),
})

export const number = v.strictObject({
  id: int,
  number: text,
  activation_fee: money,
  monthly_fee: money,
  per_min: money,
  city: text,
  country: text,
  country_short_name: text,
  state: orNull(text),
  destination: v.array(destination),
  channels: int,
  require_docs: v.array(text),
  documents: v.array(document),
  label: orNull(text),
  status: v.picklist(['active', 'inactive']),
  seconds: v.pipe(text, v.digits()),
  added: v.pipe(text, v.isoTimestamp()),
  paid_until: v.pipe(text, v.isoDate()),
  sms_enabled: flag,
  sms_relay_url: orNull(text),
  call_status_url: orNull(text),
  cnam: flag,
  domestic_cli: flag,
  free_min: int,
  unlimited: flag,
  call_recording_enabled: flag,
  transcription_enabled: flag,
  transcription_threshold: int,
})

export const numberList = v.strictObject({ items: v.array(number), doc_types: v.array(docType), pagination })

export const transaction = v.strictObject({
  id: int,
  date: v.pipe(text, v.isoTimestamp()),
  amount: v.union([text, v.number()]),
  balance_after: v.union([text, v.number()]),
  details: text,
  status: v.picklist(['committed', 'Committed']),
  type: int,
  show_invoice: flag,
})

export const invoice = v.strictObject({ id: int, amount: text, from_date: text, to_date: text })

export const profile = v.strictObject({
  id: int,
  email: text,
  first_name: orNull(text),
  last_name: orNull(text),
  phone: orNull(text),
  additional_info: orNull(text),
  contact_email: orNull(text),
  timezone: text,
  job_title: orNull(text),
  default_short_link_endpoint: orNull(text),
  default_destinations: v.array(v.strictObject({ transport: text, value: text })),
  sms_relay_url: orNull(text),
  dlr_relay_url: orNull(text),
  // the newest document has these in `company_info` alone
  attn_contact_name: v.optional(orNull(text)),
  billing_address: v.optional(orNull(text)),
  company_name: v.optional(orNull(text)),
  company_info: v.strictObject({
    name: orNull(text),
    industry: orNull(text),
    address: orNull(text),
    attn_contact_name: orNull(text),
    vat_number: orNull(text),
    country: v.strictObject({ country_name: orNull(text), country_id: orNull(int) }),
  }),
})

export const config = v.strictObject({
  balance: text,
  global_limits: v.strictObject({ max_call_duration: int, max_sip_channels: int, max_call_rate: text }),
})

const trunkEntries = {
  id: int,
  name: text,
  label: text,
  callerid: orNull(text),
  auth_method: v.picklist(['Digest', 'IP auth']),
  host_request: v.null(),
  status: v.picklist(['active', 'pending', 'rejected']),
  talk_time: int,
  charge: text,
  multiple_numbers: flag,
  passthrough: flag,
  call_recording_enabled: flag,
  machine_detection_enabled: flag,
  transcription_enabled: flag,
  transcription_threshold: int,
  encrypted_media: flag,
  access_token: orNull(text),
}

export const trunk = v.strictObject(trunkEntries)
export const oneTrunk = v.strictObject({
  ...trunkEntries,
  host: text,
  ip_restrict: flag,
  allowed_ips: v.array(v.strictObject({ id: int, ip: text })),
  channels_restrict: flag,
  max_channels: orNull(int),
  cost_limit: flag,
  max_call_cost: orNull(money),
  call_restrict: flag,
  call_limit: orNull(int),
  didinfo_enabled: flag,
  rewrite_enabled: flag,
  rewrite_prefix: text,
  rewrite_cond: text,
  created_at: v.pipe(text, v.isoTimestamp()),
})

export const call = v.strictObject({
  date: v.pipe(text, v.isoTimestamp()),
  from: text,
  to: text,
  disposition: v.picklist(['answered', 'noanswer', 'busy', 'failed']),
  duration: int,
  destination: text,
  per_minute: money,
  charge: money,
  sip_trunk: v.optional(text),
  forward_fee: money,
  uuid: v.pipe(text, v.uuid()),
  call_id: v.pipe(text, v.uuid()),
})

/** Whoever asks too often is told so at every operation. */
export const anywhere = { 429: error }
/** What every operation may answer besides success. */
export const errors = { 400: error, 401: error, 403: error, 404: error, 422: error }
