import type { Account, JsonObject, Place } from '../../../core/ground/model.ts'

/** What the account has said of itself; '' where it was cleared, undefined where it never was. */
function kept({ profile }: Account, key: string): string | undefined {
  const value = profile[key]
  return typeof value === 'string' ? value : undefined
}

/** ISO code of the company's country; '': none. */
export function countryCode(account: Account): string {
  return kept(account, 'company_country_code') ?? ''
}

function nameParts(contact: JsonObject): { first: string; last: string } {
  const [first = '', ...rest] = String(contact.Name ?? contact.name ?? '').split(' ')
  return { first, last: rest.join(' ') }
}

const names = new Intl.DisplayNames('en', { type: 'region' })

/** `place`: the country as the shelf knows it; one that is not on the shelf has a name and no id. */
function countryView(code: string, place: Place | undefined) {
  if (code === '') return { country_name: null, country_id: null }
  return { country_name: place?.name ?? names.of(code) ?? code, country_id: place?.id ?? null }
}

/** Both the flat company fields and the nested ones: each generation reads its own. */
export function profileView(account: Account, contact: JsonObject, country: Place | undefined) {
  const own = (key: string, otherwise = '') => (kept(account, key) ?? otherwise) || null
  const { default_destinations } = account.profile
  const { first, last } = nameParts(contact)
  const company = {
    attn_contact_name: own('attn_contact_name'),
    billing_address: own('billing_address'),
    company_name: own('company_name', account.name),
  }
  return {
    id: account.id,
    email: String(contact.Email ?? contact.email ?? ''),
    first_name: own('first_name', first),
    last_name: own('last_name', last),
    phone: own('phone'),
    additional_info: own('additional_info'),
    contact_email: own('contact_email'),
    timezone: own('timezone') ?? 'UTC',
    job_title: own('job_title'),
    default_short_link_endpoint: own('default_short_link_endpoint'),
    default_destinations: Array.isArray(default_destinations) ? default_destinations : [],
    sms_relay_url: own('sms_relay_url'),
    dlr_relay_url: own('dlr_relay_url'),
    ...company,
    company_info: {
      name: company.company_name,
      industry: own('company_industry'),
      address: company.billing_address,
      attn_contact_name: company.attn_contact_name,
      vat_number: own('company_vat_number'),
      country: countryView(countryCode(account), country),
    },
  }
}
