import * as v from 'valibot'

const text = v.string()
const orNull = v.nullable(text)
const flag = v.boolean()
const whole = v.pipe(v.number(), v.integer(), v.minValue(0))
/** Each surface has its own form. */
const named = v.pipe(text, v.nonEmpty())
const sid = (prefix: string) => v.pipe(text, v.regex(new RegExp(`^${prefix}[0-9a-f]{32}$`)))
const date = v.pipe(text, v.regex(/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} \+0000$/))
const method = v.picklist(['GET', 'POST'])
const e164 = v.pipe(text, v.regex(/^\+\d+$/))
const path = v.pipe(text, v.startsWith('/'))
const requirement = v.picklist(['none', 'any', 'local', 'foreign'])
const degrees = v.nullable(v.pipe(text, v.regex(/^-?\d+\.\d{6}$/)))

export const exception = v.strictObject({
  code: whole,
  detail: v.optional(text),
  message: text,
  more_info: v.pipe(text, v.url()),
  status: whole,
})
/** What any operation may answer to its own input. */
export const errors = { 400: exception, 404: exception } as const
const transport = [401, 403, 405, 409, 413, 415, 429, 500, 503] as const
/** What any operation may answer for other reasons. */
export const anywhere = Object.fromEntries(transport.map(code => [code, exception])) as Record<
  (typeof transport)[number],
  typeof exception
>

export const available = v.strictObject({
  friendly_name: text,
  phone_number: e164,
  lata: orNull,
  locality: orNull,
  rate_center: orNull,
  latitude: degrees,
  longitude: degrees,
  region: orNull,
  postal_code: orNull,
  iso_country: text,
  address_requirements: requirement,
  beta: flag,
  capabilities: v.strictObject({ voice: flag, sms: flag, mms: flag }),
})

const ownedEntries = {
  sid: sid('PN'),
  account_sid: sid('AC'),
  friendly_name: v.pipe(text, v.maxLength(64)),
  phone_number: e164,
  voice_url: text,
  voice_method: method,
  voice_fallback_url: text,
  voice_fallback_method: method,
  voice_caller_id_lookup: flag,
  date_created: date,
  date_updated: date,
  sms_url: text,
  sms_method: method,
  sms_fallback_url: text,
  sms_fallback_method: method,
  address_requirements: requirement,
  beta: flag,
  capabilities: v.strictObject({ voice: flag, sms: flag, mms: flag, fax: flag }),
  voice_receive_mode: v.picklist(['voice', 'fax']),
  status_callback: text,
  status_callback_method: method,
  api_version: text,
  voice_application_sid: text,
  sms_application_sid: text,
  origin: v.picklist(['twilio', 'hosted']),
  trunk_sid: orNull,
  emergency_status: v.picklist(['Active', 'Inactive']),
  emergency_address_sid: orNull,
  emergency_address_status: text,
  address_sid: orNull,
  identity_sid: orNull,
  bundle_sid: orNull,
  uri: path,
  status: v.literal('in-use'),
}
export const owned = v.strictObject({ ...ownedEntries, type: text })
export const ownedOfType = v.strictObject(ownedEntries)

const links = v.record(text, path)
export const country = v.strictObject({
  country_code: text,
  country: text,
  uri: path,
  beta: flag,
  subresource_uris: links,
})

export const account = v.strictObject({
  sid: named,
  owner_account_sid: named,
  friendly_name: text,
  status: v.picklist(['active', 'suspended', 'closed']),
  type: v.picklist(['Trial', 'Full']),
  auth_token: text,
  date_created: date,
  date_updated: date,
  uri: path,
  subresource_uris: links,
})

export const balance = v.strictObject({
  account_sid: named,
  balance: v.pipe(text, v.regex(/^-?\d+\.\d+$/)),
  currency: text,
})

export const address = v.strictObject({
  sid: sid('AD'),
  account_sid: named,
  friendly_name: text,
  customer_name: text,
  street: text,
  street_secondary: orNull,
  city: text,
  region: text,
  postal_code: text,
  iso_country: text,
  date_created: date,
  date_updated: date,
  emergency_enabled: flag,
  validated: flag,
  verified: flag,
  uri: path,
})

/** A list holds exactly one member that is no paging member: one SDK refuses the whole page otherwise. */
export const list = <S extends v.GenericSchema>(name: string, item: S) =>
  v.strictObject({
    [name]: v.array(item),
    first_page_uri: path,
    end: whole,
    previous_page_uri: v.nullable(path),
    uri: path,
    page_size: whole,
    start: whole,
    next_page_uri: v.nullable(path),
    page: whole,
  })

export const found = <S extends v.GenericSchema>(item: S) =>
  v.strictObject({ available_phone_numbers: v.array(item), uri: path })
export const countries = v.strictObject({ countries: v.array(country), uri: path })

const price = v.strictObject({ number_type: text, base_price: text, current_price: text })
const absolute = v.pipe(text, v.url())
export const prices = v.strictObject({
  country: text,
  iso_country: text,
  phone_number_prices: v.array(price),
  price_unit: text,
  url: absolute,
})
export const pricedCountries = v.strictObject({
  countries: v.array(v.strictObject({ country: text, iso_country: text, url: absolute })),
  meta: v.strictObject({
    page: whole,
    page_size: whole,
    first_page_url: absolute,
    previous_page_url: v.nullable(absolute),
    url: absolute,
    next_page_url: v.nullable(absolute),
    key: v.literal('countries'),
  }),
})

const { status: _, ...dependentEntries } = ownedEntries
export const dependent = v.strictObject(dependentEntries)
