import * as v from 'valibot'
import type { Json, JsonObject } from '../../../core/ground/model.ts'
import { isWebUrl } from '../../kit/callback-url.ts'
import { isCountry } from '../../kit/countries.ts'
import { boundedList, objectOnly } from '../../kit/schema.ts'

const MAX_LENGTH = 255

/** Absent stays as it is; null and empty text clear. */
function text(isRight: (text: string) => boolean = () => true) {
  const right = v.check<string, string>(value => value === '' || isRight(value), 'invalid')
  return v.optional(v.nullable(v.pipe(v.string(), v.maxLength(MAX_LENGTH), right)))
}

const isEmail = (value: string) => v.is(v.pipe(v.string(), v.email()), value)
const isPhone = (value: string) => /^\+?[\d ().-]{3,40}$/.test(value) && /\d{3}/.test(value.replace(/\D/g, ''))

/** A name of the time zone database. */
function isTimeZone(value: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value })
    return /^[A-Za-z]/.test(value)
  } catch {
    return false
  }
}

/** What the newest document lists; the flat key of the years before takes any text. */
const INDUSTRIES = [
  ...['telecommunications', 'information technology and services', 'fintech and finance'],
  ...['healthcare and pharmaceuticals', 'ecommerce and retail', 'education and research', 'pickup and delivery'],
  ...['transportation and logistics', 'media and entertainment', 'travel and hospitality'],
  ...['non-profit and charity organizations', 'manufacturing and industrial goods', 'other'],
]

const company = objectOnly({
  name: text(),
  industry: text(value => INDUSTRIES.includes(value.toLowerCase())),
  billing_address: text(),
  /** As answers call it. */
  address: text(),
  attn_contact_name: text(),
  vat_number: text(),
  country_code: text(isCountry),
})

const destination = objectOnly({
  transport: v.pipe(v.string(), v.nonEmpty(), v.maxLength(20)),
  value: v.pipe(v.string(), v.maxLength(MAX_LENGTH)),
})

/** Flat keys of the first years and the newer spec's nested ones. */
export const PROFILE_INPUT = v.object({
  first_name: text(),
  last_name: text(),
  phone: text(isPhone),
  additional_info: text(),
  job_title: text(),
  default_short_link_endpoint: text(),
  contact_email: text(isEmail),
  contacts: text(isEmail),
  timezone: text(isTimeZone),
  time_zone: text(isTimeZone),
  company_name: text(),
  company_address: text(),
  billing_address: text(),
  company_industry: text(),
  company_vat_number: text(),
  company_country_code: text(isCountry),
  country_code: text(isCountry),
  attn_contact_name: text(),
  sms_relay_url: text(isWebUrl),
  dlr_relay_url: text(isWebUrl),
  default_destinations: v.optional(v.nullable(boundedList(destination, 100))),
  company_info: v.optional(v.nullable(company)),
})

type Input = v.InferOutput<typeof PROFILE_INPUT>
type Sent = string | null | undefined

const NO_COMPANY = {
  ...{ name: null, industry: null, billing_address: null },
  ...{ attn_contact_name: null, vat_number: null, country_code: null },
}

/** The first spelling that was sent; undefined: none was. */
const firstOf = (...spellings: Sent[]): Sent => spellings.find(value => value !== undefined)

/** Under the names it is kept by. What was cleared is kept as '', so that nothing else is shown in its place. */
export function profileChange(input: Input): JsonObject {
  const { company_info, time_zone, contacts, company_address, country_code, default_destinations, ...flat } = input
  const nested: v.InferOutput<typeof company> = company_info === null ? NO_COMPANY : (company_info ?? {})
  const code = firstOf(nested.country_code, flat.company_country_code, country_code)
  const all: Record<string, Sent> = {
    ...flat,
    timezone: firstOf(time_zone, flat.timezone),
    contact_email: firstOf(contacts, flat.contact_email),
    billing_address: firstOf(nested.billing_address, nested.address, company_address, flat.billing_address),
    company_name: firstOf(nested.name, flat.company_name),
    company_industry: firstOf(nested.industry?.toLowerCase() ?? nested.industry, flat.company_industry),
    company_vat_number: firstOf(nested.vat_number, flat.company_vat_number),
    company_country_code: code?.toUpperCase() ?? code,
    attn_contact_name: firstOf(nested.attn_contact_name, flat.attn_contact_name),
  }
  const kept = Object.entries(all).flatMap(([name, value]): [string, Json][] =>
    value === undefined ? [] : [[name, value ?? '']],
  )
  const destinations = default_destinations?.map(({ transport, value }) => ({ transport, value }))
  const listed: JsonObject = default_destinations === undefined ? {} : { default_destinations: destinations ?? [] }
  return { ...Object.fromEntries(kept), ...listed }
}
