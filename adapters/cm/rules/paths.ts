export const REQUESTS = '/voice-phonenumberrequestapi/v1/:account/numberRequests'
export const PROFILES = '/voice-companyprofilesapi/v1/:account/companyProfiles'
export const NUMBERS = '/voice-phonenumbersapi/v1/:account/phoneNumbers'
/** Of no account, profile or request. */
export const UNKNOWN = '0f0f0f0f-0000-4000-8000-0000000f0f0f'

const isEmptyMessageList = (value: unknown) => !Array.isArray(value) || value.length === 0

/** A refused field: the answer names it, with texts. */
export function refusal(...fields: readonly string[]) {
  const named = fields.map(field => [`errors.${field}`, (value: unknown) => !isEmptyMessageList(value)])
  return {
    status: 400,
    headers: { 'content-type': /^application\/problem\+json/ },
    members: { status: 400, ...Object.fromEntries(named) },
  }
}
