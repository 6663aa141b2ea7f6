import * as v from 'valibot'
import { entry, type RestReference } from '../kit/reference.ts'
import { shownAs } from '../kit/schema.ts'
import { clients } from './clients.ts'
import { changeFields } from './fields/changes.ts'
import * as shape from './schemas.ts'
import { statusSources } from './status-sources.ts'

const text = v.string()
const number = v.union([v.pipe(text, shownAs({ pattern: '^\\+?\\d+$' })), v.pipe(v.number(), v.integer())])
const list = (words: string) => v.pipe(v.array(number), v.description(words))
const optionalList = (words: string) => v.optional(list(words))

const NUMBERS = 'Phone numbers, digits only. One text with commas is read as well.'
const RECORDS = 'Record ids of owned numbers.'

const destination = v.object({
  destination: v.pipe(text, v.maxLength(255), v.description('Where calls go; `[did]` stands for the number called.')),
  transport: v.pipe(v.picklist([1, 4, 5]), v.description('1 SIP, 4 a telephone number, 5 a trunk.')),
  priority: v.nullish(v.pipe(v.number(), v.integer())),
  trunk_id: v.nullish(v.pipe(v.number(), v.integer(), v.description('For transport 5.'))),
  active: v.optional(v.boolean()),
})
const destinations = v.optional(v.array(destination))
const change = { ...changeFields, destinations }

/** Clients differ in where they name the numbers: the query and the body are read alike. */
const named = { ids: optionalList(RECORDS), dids: optionalList(NUMBERS) }
const cartIds = v.object({ ids: v.union([list(NUMBERS), text]) })
const upload = v.object({
  did_ids: v.pipe(text, v.description('Record ids, separated by commas.')),
  doc_id: v.pipe(text, v.description('The type of the paper: 1, 2 or 3, or its name.')),
  doc_attachment: v.pipe(v.unknown(), shownAs({ type: 'string', contentMediaType: 'application/octet-stream' })),
})

const ANSWERED = 'Answered ones, unless `disposition` says otherwise. `to` is the last day.'

const SHELF = '/v1/buy/countries/:country'
const paths = [
  entry('GET /v1/buy/countries', 'listCountries', 'Buy', 'Countries with numbers for sale'),
  entry(`GET ${SHELF}/regions`, 'listRegions', 'Buy', 'Regions of a country with numbers for sale'),
  entry(`GET ${SHELF}/cities`, 'listCities', 'Buy', 'Cities of a country with numbers for sale'),
  entry(`GET ${SHELF}/regions/:region/cities`, 'listRegionCities', 'Buy', 'Cities of a region with numbers for sale'),
  entry(`GET ${SHELF}/cities/:city/dids`, 'listAvailableNumbers', 'Buy', 'Numbers for sale in a city'),
  entry('GET /v1/buy/cart', 'readCart', 'Cart', 'What is in the cart'),
  entry('PUT /v1/buy/cart', 'addToCart', 'Cart', 'Put numbers into the cart', { body: { schema: cartIds } }),
  entry('PATCH /v1/buy/cart', 'patchCart', 'Cart', 'Put numbers into the cart, as old clients do', {
    body: { schema: cartIds },
  }),
  entry('DELETE /v1/buy/cart', 'removeFromCart', 'Cart', 'Take numbers out of the cart', {
    description: 'The numbers stand in the query or in the body.',
    query: { ids: optionalList(NUMBERS) },
    body: { schema: v.object({ ids: v.optional(v.union([list(NUMBERS), text])) }), required: false },
  }),
  entry('POST /v1/buy/cart/checkout', 'checkout', 'Cart', 'Buy what is in the cart', {
    description: 'All of it, or the numbers that are named.',
    body: { schema: v.object({ ids: v.optional(v.union([list(NUMBERS), text])) }), required: false },
  }),
  entry('GET /v1/mydids', 'listNumbers', 'Numbers', 'Owned numbers'),
  entry('GET /v1/mydids/:id', 'readNumber', 'Numbers', 'One owned number'),
  entry('PUT /v1/mydids/:id', 'updateNumber', 'Numbers', 'Change one number', { body: { schema: v.object(change) } }),
  entry('PATCH /v1/mydids/:id', 'patchNumber', 'Numbers', 'Change one number', { body: { schema: v.object(change) } }),
  entry('PATCH /v1/mydids', 'patchNumbers', 'Numbers', 'Change several numbers alike, all or none', {
    body: { schema: v.object({ ids: list(RECORDS), ...change }) },
  }),
  entry('POST /v1/mydids/update-destinations', 'updateDestinations', 'Numbers', 'Where calls and messages go', {
    description: 'Either `ids` or `dids` names the numbers.',
    body: { schema: v.object({ ...named, destinations, sms_relay_url: changeFields.sms_relay_url }) },
  }),
  entry('PUT /v1/mydids/update-sms-enabled', 'updateSmsEnabled', 'Numbers', 'Switch inbound SMS on or off', {
    query: { id: v.optional(text) },
    body: { schema: v.object({ id: v.optional(v.union([text, v.number()])), sms_enabled: v.boolean() }) },
  }),
  entry('DELETE /v1/mydids', 'releaseNumbers', 'Numbers', 'Give numbers back, all or none', {
    description: 'Either `ids` or `dids` names the numbers, in the query or in the body.',
    query: named,
    body: { schema: v.object(named), required: false },
  }),
  entry('GET /v1/mydids/cities', 'listOwnedCities', 'Numbers', 'Cities of owned numbers'),
  entry('POST /v1/mydids/papers', 'uploadPaper', 'Papers', 'Send a paper for numbers that need one', {
    body: { schema: upload },
  }),
  entry('GET /v1/mydids/:id/papers/:x', 'downloadPaper', 'Papers', 'A paper as it was sent', {
    description: '`x` is the id of the paper, or that of its type.',
    // as it was sent: a picture, or a PDF
    binary: '*/*',
  }),
  entry('GET /v1/billing/transactions', 'listTransactions', 'Billing', 'Movements of money', {
    description: 'Clients with a Bearer key must send `from_date` and `to_date`.',
  }),
  entry('GET /v1/billing/invoices', 'listInvoices', 'Billing', 'Invoices of the months that are over'),
  entry('GET /v1/billing/invoices/:id', 'downloadInvoice', 'Billing', 'An invoice', { binary: 'application/pdf' }),
  entry('GET /v1/profile', 'readProfile', 'Account', 'Who the account belongs to'),
  entry('PUT /v1/profile', 'updateProfile', 'Account', 'Change the profile; null and empty text clear'),
  entry('PATCH /v1/profile', 'patchProfile', 'Account', 'Change the profile; null and empty text clear'),
  entry('GET /v1/profile/config', 'readConfig', 'Account', 'Balance and limits'),
  entry('GET /v1/trunks', 'listTrunks', 'Trunks', 'SIP trunks'),
  entry('GET /v1/trunks/:id', 'readTrunk', 'Trunks', 'One SIP trunk'),
  entry('POST /v1/trunks', 'createTrunk', 'Trunks', 'Make a SIP trunk', {
    description: 'Its name is the login that the system gives. The password is taken and kept nowhere.',
  }),
  entry('PUT /v1/trunks/:id', 'updateTrunk', 'Trunks', 'Change a SIP trunk; what is left out stays'),
  entry('PATCH /v1/trunks/:id', 'patchTrunk', 'Trunks', 'Change a SIP trunk; what is left out stays'),
  entry('DELETE /v1/trunks/:id', 'deleteTrunk', 'Trunks', 'Take a SIP trunk away', {
    description: 'Numbers that lead to it lead there no more.',
  }),
  entry('GET /v1/sub-organizations', 'listSubOrganizations', 'Sub-accounts', 'Accounts below this one'),
  entry('POST /v1/sub-organizations', 'createSubOrganization', 'Sub-accounts', 'Open an account below this one', {
    description: 'Its key is in this answer and in no later one.',
  }),
  entry('GET /v1/sub-organizations/:id', 'readSubOrganization', 'Sub-accounts', 'One account below this one'),
  entry('PUT /v1/sub-organizations/:id', 'updateSubOrganization', 'Sub-accounts', 'Set the whole of it', {
    description: 'What is left out is the default again: enabled, and no destinations. The name stays.',
  }),
  entry('GET /v1/e911-records', 'listEmergencyRecords', 'Emergency', 'Where help is sent, by number'),
  entry('POST /v1/e911-records/validate-address', 'validateEmergencyAddress', 'Emergency', 'Try an address'),
  entry('POST /v1/e911-records', 'createEmergencyRecord', 'Emergency', 'Say where help is sent'),
  entry('DELETE /v1/e911-records', 'deleteEmergencyRecord', 'Emergency', 'Take the record of a number away', {
    inQuery: ['phone_number'],
  }),
  ...(['cdrs', 'cdr'] as const).flatMap(name => {
    const id = name === 'cdrs' ? 'Calls' : 'Cdr'
    return [
      entry(`GET /v1/${name}`, `list${id}`, 'Calls', 'Calls of some days, latest first', { description: ANSWERED }),
      entry(`POST /v1/${name}`, `search${id}`, 'Calls', 'Calls of some days, by what was said', {
        description:
          'Nothing that was said is kept: what asks for words finds nothing, and the rest is asked as above.',
      }),
      entry(`GET /v1/${name}/all`, `export${id}`, 'Calls', 'All calls of some days, a line for each, earliest first', {
        description: ANSWERED,
        binary: 'application/x-ndjson',
      }),
      entry(`GET /v1/${name}/:id`, `read${id}`, 'Calls', 'One call'),
    ]
  }),
]

export const reference: RestReference = {
  kind: 'rest',
  title: 'wavix: buy, cart and owned numbers',
  description:
    'Search by country, region and city, fill a cart, pay for it, and look after the numbers. Owned numbers answer under `/v1/mydids` and `/v1/numbers` alike. A few fields have other types for clients that send their key as `appid`.',
  security: {
    bearer: { type: 'http', scheme: 'bearer' },
    appid: { type: 'apiKey', in: 'query', name: 'appid', description: 'The same key, as older clients send it.' },
  },
  anyOf: [['bearer'], ['appid']],
  tags: {
    Buy: 'What is for sale.',
    Cart: 'From the shelf to an owned number.',
    Numbers: 'Owned numbers and where their calls go.',
    Papers: 'Documents that some countries ask for.',
    Billing: 'Movements of money and invoices.',
    Account: 'Profile and limits.',
    Trunks: 'Where calls go, and come from.',
    'Sub-accounts': 'Accounts whose numbers the main account pays.',
    Emergency: 'Addresses of numbers of the US and Canada.',
    Calls: 'Calls to and from the numbers, as they were told to the gateway.',
  },
  schemas: {
    Error: shape.error,
    Success: shape.success,
    AvailableNumber: shape.available,
    Number: shape.number,
    Document: shape.document,
    DocumentType: shape.docType,
    Pagination: shape.pagination,
    Transaction: shape.transaction,
    Invoice: shape.invoice,
    Profile: shape.profile,
    Trunk: shape.oneTrunk,
    ListedTrunk: shape.trunk,
    Call: shape.call,
  },
  statusSources,
  clients,
  operations: paths,
}
