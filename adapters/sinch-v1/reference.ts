import * as v from 'valibot'
import { entry, type RestReference } from '../kit/reference.ts'
import { COUNTS, FLAGS, PRESERVATION } from './fields.ts'
import * as shape from './schemas.ts'
import { statusSources } from './status-sources.ts'

const COLLECTION = '/v1/Account/:account/ActiveNumbers'
const text = v.string()
const whole = v.pipe(v.number(), v.integer(), v.minValue(0))
const price = v.pipe(text, v.regex(/^\d{1,9}(\.\d{1,6})?$/))

const paging = {
  Page: v.optional(v.pipe(whole, v.description('From 0.')), 0),
  PageSize: v.optional(v.pipe(whole, v.minValue(1), v.maxValue(1000)), 50),
  PageToken: v.optional(v.pipe(text, v.description('Of a link to a page; it says where the page begins.'))),
}

const all = (names: readonly string[], schema: v.GenericSchema) =>
  Object.fromEntries(names.map(name => [name, v.optional(schema)]))

const geography = all(
  ['iso_country', 'region', 'lata', 'rate_center', 'latitude', 'longitude', 'locality', 'postal_code'].map(
    member => `geography.${member}`,
  ),
  text,
)

/** `capabilities.voice.e911` and its like, for each block that has it. */
function capabilities(members: Readonly<Record<string, readonly string[] | undefined>>, schema: v.GenericSchema) {
  const names = Object.entries(members).flatMap(([block, own = []]) =>
    own.map(member => `capabilities.${block}.${member}`),
  )
  return all(names, schema)
}

const filters = {
  phone_number: v.optional(v.pipe(text, v.description('A number or its beginning; `*` stands for one digit.'))),
  type: v.optional(text),
  lifecycle: v.optional(text),
  base_setup_price: v.optional(price),
  base_recurring_price: v.optional(price),
  'regulatory.address_requirements': v.optional(v.picklist(['none', 'any', 'local', 'foreign'])),
  ...geography,
  ...capabilities(FLAGS, v.boolean()),
  ...capabilities({ ...COUNTS, voice: [...(COUNTS.voice ?? []), 'concurrent_calls_limit'] }, whole),
  ...all(
    ['voice', 'sms', 'mms'].map(block => `capabilities.${block}.inbound_reachability`),
    text,
  ),
  ...all([`capabilities.voice.${PRESERVATION[0]}`, `capabilities.sms.${PRESERVATION[1]}`], text),
}

const url = v.nullish(v.pipe(text, v.minLength(1), v.maxLength(2048)))
const sid = v.nullish(v.pipe(text, v.minLength(1), v.maxLength(64)))
const method = v.nullish(v.pipe(text, v.regex(/^([Pp][Oo][Ss][Tt]|[Gg][Ee][Tt])$/)))
const configuration = {
  status_callback_url: url,
  status_callback_method: method,
  voice: v.nullish(v.object({ url, method, fallback_url: url, fallback_method: method, application_sid: sid })),
  sms: v.nullish(v.object({ url, method, application_sid: sid })),
}
const change = v.object({
  friendlyName: v.nullish(v.pipe(text, v.maxLength(64))),
  statusCallback: url,
  statusCallbackMethod: method,
  configuration: v.nullish(v.object(configuration)),
})

const wanted = v.pipe(text, v.description('The number to buy. A `+` that is not escaped is understood.'))

const operations = [
  entry('GET /v1/api/AvailableNumbers', 'listAvailableNumbers', 'Available numbers', 'Numbers for sale', {
    description: 'All filters must hold; `false` means "must not have". Unknown names are passed over.',
    query: { ...paging, ...filters },
  }),
  entry(`POST ${COLLECTION}`, 'buyNumber', 'Active numbers', 'Buy a number', {
    query: { phoneNumber: v.optional(wanted) },
    body: { schema: v.object({ phoneNumber: v.optional(wanted), ...configuration }), required: false },
  }),
  entry(`GET ${COLLECTION}`, 'listActiveNumbers', 'Active numbers', 'Owned numbers', {
    query: {
      ...paging,
      phone_number: v.optional(text),
      'configuration.voice.application_sid': v.optional(text),
      ...geography,
    },
  }),
  entry(`GET ${COLLECTION}/:number`, 'getActiveNumber', 'Active numbers', 'One owned number'),
  entry(`POST ${COLLECTION}/:number`, 'configureActiveNumber', 'Active numbers', 'Change an owned number', {
    description:
      'Absent members stay, null and an empty text clear. The callback stands in two places: what differs from what is stored counts. An empty body changes nothing.',
    body: { schema: change, required: false },
  }),
  entry(`DELETE ${COLLECTION}/:number`, 'releaseActiveNumber', 'Active numbers', 'Give a number back', { body: null }),
]

export const reference: RestReference = {
  kind: 'rest',
  title: 'sinch-v1: ActiveNumbers',
  description:
    'Search, buy, configure and release numbers. Paths and query names are read in any case, with or without `/v1`. A number in a path may begin with `PN`. Accounts can be set up to be trusted without credentials.',
  security: {
    basic: { type: 'http', scheme: 'basic', description: 'AccountId and token.' },
    bearer: { type: 'http', scheme: 'bearer', description: 'The token alone, for the account of the path.' },
  },
  anyOf: [['basic'], ['bearer']],
  tags: { 'Available numbers': 'What can be bought.', 'Active numbers': 'What is owned.' },
  schemas: { Exception: shape.exception, AvailableNumber: shape.available, ActiveNumber: shape.active },
  statusSources,
  operations,
}
