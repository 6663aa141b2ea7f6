import * as v from 'valibot'
import type { Account, Json, JsonObject } from '../../core/model.ts'
import { boundedList, objectOnly } from '../kit/schema.ts'

const text = v.optional(v.nullable(v.pipe(v.string(), v.maxLength(255))))

const company = objectOnly({
  name: text,
  industry: text,
  billing_address: text,
  attn_contact_name: text,
  vat_number: text,
  country_code: text,
})

/** Flat keys of the first years and the newer spec's nested ones. */
export const PROFILE_INPUT = v.object({
  first_name: text,
  last_name: text,
  phone: text,
  additional_info: text,
  job_title: text,
  default_short_link_endpoint: text,
  contact_email: text,
  contacts: text,
  timezone: text,
  time_zone: text,
  company_name: text,
  company_address: text,
  billing_address: text,
  company_industry: text,
  company_vat_number: text,
  company_country_code: text,
  attn_contact_name: text,
  sms_relay_url: text,
  dlr_relay_url: text,
  default_destinations: v.optional(
    boundedList(
      objectOnly({ transport: v.pipe(v.string(), v.maxLength(20)), value: v.pipe(v.string(), v.maxLength(255)) }),
      100,
    ),
  ),
  company_info: v.optional(v.nullable(company)),
})

type Input = v.InferOutput<typeof PROFILE_INPUT>

/** Only what was sent; null removes. */
export function profileChange(input: Input): JsonObject {
  const { company_info: nested, time_zone, contacts, company_address, default_destinations, ...flat } = input
  const all: Record<string, Json | undefined> = {
    ...flat,
    timezone: time_zone ?? flat.timezone,
    contact_email: contacts ?? flat.contact_email,
    billing_address: nested?.billing_address ?? company_address ?? flat.billing_address,
    company_name: nested?.name ?? flat.company_name,
    company_industry: nested?.industry ?? flat.company_industry,
    company_vat_number: nested?.vat_number ?? flat.company_vat_number,
    company_country_code: nested?.country_code ?? flat.company_country_code,
    attn_contact_name: nested?.attn_contact_name ?? flat.attn_contact_name,
    default_destinations: default_destinations?.map(each => ({ ...each })),
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as JsonObject
}

function nameParts(contact: JsonObject): { first: string | null; last: string | null } {
  const [first, ...rest] = String(contact.Name ?? contact.name ?? '').split(' ')
  return { first: first || null, last: rest.join(' ') || null }
}

/** Both the flat company fields and the nested ones: each generation reads its own. */
export function profileView(account: Account, contact: JsonObject) {
  const stored = account.profile
  const own = (key: string): string | null => (typeof stored[key] === 'string' ? (stored[key] as string) : null)
  const { first, last } = nameParts(contact)
  const companyName = own('company_name') ?? account.name
  return {
    id: account.id,
    email: String(contact.Email ?? contact.email ?? ''),
    first_name: own('first_name') ?? first,
    last_name: own('last_name') ?? last,
    phone: own('phone'),
    additional_info: own('additional_info'),
    contact_email: own('contact_email'),
    timezone: own('timezone') ?? 'UTC',
    job_title: own('job_title'),
    default_short_link_endpoint: own('default_short_link_endpoint'),
    default_destinations: Array.isArray(stored.default_destinations) ? stored.default_destinations : [],
    attn_contact_name: own('attn_contact_name'),
    billing_address: own('billing_address'),
    company_name: companyName,
    company_info: {
      name: companyName,
      industry: own('company_industry'),
      address: own('billing_address'),
      attn_contact_name: own('attn_contact_name'),
      vat_number: own('company_vat_number'),
      country: null,
    },
  }
}
