import * as v from 'valibot'
import { entry, type RestReference } from '../kit/reference.ts'
import { newProfileEntries, profileChangeEntries } from './fields/profiles.ts'
import { requestEntries } from './fields/requests.ts'
import * as shape from './schemas.ts'
import { statusSources } from './status-sources.ts'

const REQUESTS = '/voice-phonenumberrequestapi/v1/:account/numberRequests'
const PROFILES = '/voice-companyprofilesapi/v1/:account'
const NUMBERS = '/voice-phonenumbersapi/v1/:account/phoneNumbers'

const text = v.string()
const whole = v.pipe(v.number(), v.integer(), v.minValue(0))
const type = v.picklist(['LOCAL', 'NATIONAL', 'TOLLFREE'])

const page = {
  skip: v.optional(v.pipe(whole, v.description('Rows to pass over.')), 0),
  take: v.optional(v.pipe(whole, v.description('Rows wanted; more than 1000 are cut to 1000.')), 100),
}
const pageHeaders = {
  'x-cm-pagination-skip': whole,
  'x-cm-pagination-take': whole,
  'x-cm-pagination-total': v.pipe(whole, v.description('Rows there are in all.')),
}
const where = { countryCode: v.pipe(text, v.length(2)), phoneNumberType: v.optional(type, 'LOCAL') }
const criteria = {
  companyProfileGuid: text,
  quantity: v.optional(whole, 1),
  rangeSize: v.optional(whole, 0),
  phoneNumberType: v.optional(type),
  areaCode: v.optional(text),
  city: v.optional(text),
  region: v.optional(text),
}

const CANCEL = 'Cancel a request that is not over'
const operations = [
  entry(`POST ${REQUESTS}`, 'createNumberRequest', 'Requests', 'Ask for numbers', {
    description:
      'What is there in full is assigned and charged at once; otherwise the request waits. This answer shows nulls either way. Names of members are read in any case.',
    body: { schema: v.object(requestEntries), required: true },
  }),
  entry(`GET ${REQUESTS}`, 'listNumberRequests', 'Requests', 'Requests, newest first', {
    query: { ...page, status: v.optional(text), companyProfileGuid: v.optional(text) },
    headers: pageHeaders,
  }),
  entry(`GET ${REQUESTS}/:guid`, 'readNumberRequest', 'Requests', 'One request with its numbers'),
  entry(`PUT ${REQUESTS}/:guid/cancel`, 'cancelNumberRequest', 'Requests', CANCEL),
  entry(`POST ${REQUESTS}/:guid/cancel`, 'postNumberRequestCancel', 'Requests', CANCEL),
  entry(`DELETE ${REQUESTS}/:guid`, 'deleteNumberRequest', 'Requests', CANCEL),
  entry(`GET ${REQUESTS}/statuses`, 'listNumberRequestStatuses', 'Requests', 'What a status means'),
  entry(`GET ${REQUESTS}/restrictions`, 'readRestrictions', 'Advice', 'How many, and in which ranges', {
    query: where,
  }),
  entry(`GET ${REQUESTS}/localeOptions`, 'listLocaleOptions', 'Advice', 'Places that a request can name', {
    query: where,
  }),
  entry(`GET ${REQUESTS}/availability`, 'readAvailability', 'Advice', 'Would it be assigned at once?', {
    query: criteria,
  }),
  entry(`GET ${PROFILES}/requirements/:country`, 'listRequirements', 'Advice', 'What a country demands'),
  entry(`GET ${PROFILES}/requiredFields/:country`, 'listRequiredFields', 'Advice', 'What a profile must have'),
  entry(`POST ${PROFILES}/companyProfiles`, 'createCompanyProfile', 'Company profiles', 'Describe a company', {
    body: { schema: v.object(newProfileEntries) },
  }),
  entry(`PUT ${PROFILES}/companyProfiles/:guid`, 'updateCompanyProfile', 'Company profiles', 'Change a profile', {
    description: 'Null and absent members stay as they are. A change has the profile reviewed again.',
    body: { schema: v.object(profileChangeEntries), required: false },
  }),
  entry(`GET ${PROFILES}/companyProfiles`, 'listCompanyProfiles', 'Company profiles', 'Profiles', {
    query: page,
    headers: pageHeaders,
  }),
  entry(`GET ${PROFILES}/companyProfiles/:guid`, 'readCompanyProfile', 'Company profiles', 'One profile'),
  entry(`GET ${NUMBERS}`, 'listPhoneNumbers', 'Numbers', 'Owned numbers', { query: page, headers: pageHeaders }),
  ...(['PUT', 'PATCH'] as const).map(method =>
    entry(
      `${method} ${NUMBERS}/:number/customerAlias`,
      `${method.toLowerCase()}CustomerAlias`,
      'Numbers',
      'Name a number',
      {
        description: '`number` is a guid, or the number itself. Null and empty text take the name away.',
        // E0: other names of the member are read as well
        body: { schema: v.looseObject({ customerAlias: v.nullish(v.string()) }), required: true },
      },
    ),
  ),
]

export const reference: RestReference = {
  kind: 'rest',
  title: 'cm: number requests',
  description:
    'Requests for numbers that may take time, the company profiles they are made for, and the numbers they end in. Paths and query names are read in any case.',
  security: { token: { type: 'apiKey', in: 'header', name: 'X-CM-PRODUCTTOKEN' } },
  anyOf: [['token']],
  tags: {
    Requests: 'Asking for numbers.',
    Advice: 'What to know before asking.',
    'Company profiles': 'Who numbers are for.',
    Numbers: 'What is owned.',
  },
  schemas: {
    Problem: shape.problem,
    NumberRequest: shape.request,
    CompanyProfile: shape.profile,
    PhoneNumber: shape.number,
  },
  statusSources,
  operations,
}
