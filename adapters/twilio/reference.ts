import * as v from 'valibot'
import { pascalCase } from '../kit/documents.ts'
import { entry, type RestEntry, type RestReference } from '../kit/reference.ts'
import * as shape from './schemas.ts'
import { WRITABLE } from './settings.ts'
import { sourcesOf } from './status-sources.ts'
import { KINDS } from './views.ts'
import { twilioSurface } from './ways/own-surface.ts'
import type { Surface } from './ways/surface.ts'

const text = v.string()
const flag = v.picklist(['true', 'false'])
const whole = v.pipe(v.number(), v.integer(), v.minValue(0))

const paging = {
  Page: v.optional(v.pipe(whole, v.description('From 0.')), 0),
  PageSize: v.optional(v.pipe(whole, v.minValue(1), v.maxValue(1000)), 50),
}
const tokens = { ...paging, PageToken: v.optional(text) }

const all = (names: readonly string[], schema: v.GenericSchema) =>
  Object.fromEntries(names.map(name => [name, v.optional(schema)]))

const filters = {
  ...paging,
  AreaCode: v.optional(v.pipe(text, v.regex(/^\d{3}$/))),
  Contains: v.optional(
    v.pipe(text, v.description('Digits, letters, `*` for one digit, `%` for any run; `+` and `$` anchor it.')),
  ),
  ...all(['SmsEnabled', 'MmsEnabled', 'VoiceEnabled', 'FaxEnabled', 'Beta'], flag),
  ...all(['ExcludeAllAddressRequired', 'ExcludeLocalAddressRequired', 'ExcludeForeignAddressRequired'], flag),
  ...all(['NearNumber', 'NearLatLong', 'InPostalCode', 'InRegion', 'InRateCenter', 'InLata', 'InLocality'], text),
  Distance: v.optional(v.pipe(v.number(), v.maxValue(500)), 25),
}

const READ_AS = {
  name: v.pipe(text, v.maxLength(64)),
  text,
  url: text,
  method: v.picklist(['GET', 'POST']),
  version: v.picklist(['2010-04-01', '2008-08-01']),
  flag,
  mode: v.picklist(['voice', 'fax']),
  emergency: v.picklist(['Active', 'Inactive']),
}
const writable = Object.fromEntries(
  Object.entries(WRITABLE).map(([field, kind]) => [pascalCase(field), v.optional(READ_AS[kind])]),
)
const buyBody = { schema: v.object({ PhoneNumber: v.optional(text), AreaCode: v.optional(text), ...writable }) }
const NUMBERS = 'Owned numbers'
const SEARCH = 'Available numbers'
const ACCOUNTS = 'Accounts'
const ADDRESSES = 'Addresses'

const listFilters = { ...tokens, ...all(['PhoneNumber', 'FriendlyName', 'Origin'], text), Beta: v.optional(flag) }
const accountBody = { schema: v.object({ FriendlyName: v.optional(v.pipe(text, v.maxLength(64))) }), required: false }

const addressBody = (required: boolean) => {
  const members = ['CustomerName', 'Street', 'City', 'Region', 'PostalCode', 'IsoCountry']
  const needed = Object.fromEntries(members.map(name => [name, required ? text : v.optional(text)]))
  return {
    schema: v.object({
      ...needed,
      ...all(['StreetSecondary', 'FriendlyName'], text),
      EmergencyEnabled: v.optional(flag),
    }),
    required,
  }
}

const numbers = (surface: Surface, A: string) => [
  entry(`GET ${A}/IncomingPhoneNumbers`, 'listIncomingPhoneNumbers', NUMBERS, 'Owned numbers, newest first', {
    query: listFilters,
  }),
  entry(`POST ${A}/IncomingPhoneNumbers`, 'buyPhoneNumber', NUMBERS, 'Buy a number, or any of an area', {
    description: 'One of `PhoneNumber` and `AreaCode`. A number that the account has already is updated.',
    body: buyBody,
  }),
  ...surface.types
    .filter(type => type !== 'national')
    .flatMap(type => [
      entry(
        `GET ${A}/IncomingPhoneNumbers/${KINDS[type].path}`,
        `list${KINDS[type].path}PhoneNumbers`,
        NUMBERS,
        `Owned numbers of type ${KINDS[type].path}`,
        { query: listFilters },
      ),
      entry(
        `POST ${A}/IncomingPhoneNumbers/${KINDS[type].path}`,
        `buy${KINDS[type].path}PhoneNumber`,
        NUMBERS,
        `Buy a number of type ${KINDS[type].path}`,
        { body: buyBody },
      ),
    ]),
  entry(`GET ${A}/IncomingPhoneNumbers/:number`, 'getIncomingPhoneNumber', NUMBERS, 'One owned number'),
  entry(`POST ${A}/IncomingPhoneNumbers/:number`, 'updateIncomingPhoneNumber', NUMBERS, 'Change or move a number', {
    description:
      'What is absent stays, an empty value clears. `AccountSid` moves the number between the accounts of one owner.',
    body: { schema: v.object({ AccountSid: v.optional(text), ...writable }), required: false },
  }),
  entry(`DELETE ${A}/IncomingPhoneNumbers/:number`, 'releaseIncomingPhoneNumber', NUMBERS, 'Give a number back', {
    body: null,
  }),
  entry(
    `GET ${A}/IncomingPhoneNumbers/:number/AssignedAddOns`,
    'listAssignedAddOns',
    NUMBERS,
    'Add-ons of a number: none',
    { query: paging },
  ),
  entry(
    `DELETE ${A}/IncomingPhoneNumbers/:number/AssignedAddOns/:one`,
    'deleteAssignedAddOn',
    NUMBERS,
    'Nothing to take away: none is found',
    { body: null },
  ),
  entry(
    `GET ${A}/IncomingPhoneNumbers/:number/AssignedAddOns/:one`,
    'getAssignedAddOn',
    NUMBERS,
    'An add-on: none is found',
  ),
  entry(
    `GET ${A}/IncomingPhoneNumbers/:number/AssignedAddOns/:sid/Extensions`,
    'listAssignedAddOnExtensions',
    NUMBERS,
    'Extensions of an add-on: none',
    { query: paging },
  ),
  entry(
    `DELETE ${A}/IncomingPhoneNumbers/:number/AssignedAddOns/:sid/Extensions/:one`,
    'deleteAssignedAddOnExtension',
    NUMBERS,
    'Nothing to take away: none is found',
    { body: null },
  ),
  entry(
    `GET ${A}/IncomingPhoneNumbers/:number/AssignedAddOns/:sid/Extensions/:one`,
    'getAssignedAddOnExtension',
    NUMBERS,
    'An extension: none is found',
  ),
]

const available = (surface: Surface, A: string) => [
  entry(`GET ${A}/AvailablePhoneNumbers`, 'listCountries', SEARCH, 'Countries with numbers'),
  entry(`GET ${A}/AvailablePhoneNumbers/:country`, 'getCountry', SEARCH, 'One country and its kinds of numbers'),
  ...surface.types.map(type =>
    entry(
      `GET ${A}/AvailablePhoneNumbers/:country/${KINDS[type].path}`,
      `search${KINDS[type].path}`,
      SEARCH,
      `Numbers of type ${KINDS[type].path} for sale`,
      { query: filters },
    ),
  ),
]

const accounts = (surface: Surface, A: string) => [
  entry(`GET ${surface.prefix}/Accounts`, 'listAccounts', ACCOUNTS, 'The account and its sub-accounts', {
    query: { ...tokens, FriendlyName: v.optional(text), Status: v.optional(text) },
  }),
  entry(`POST ${surface.prefix}/Accounts`, 'createSubAccount', ACCOUNTS, 'Make a sub-account', { body: accountBody }),
  entry(`GET ${A}`, 'getAccount', ACCOUNTS, 'One account'),
  entry(`POST ${A}`, 'updateAccount', ACCOUNTS, 'Rename, suspend, resume or close an account', {
    body: {
      schema: v.object({
        FriendlyName: v.optional(text),
        Status: v.optional(v.picklist(['active', 'suspended', 'closed'])),
      }),
      required: false,
    },
  }),
  entry(`GET ${A}/Balance`, 'getBalance', ACCOUNTS, 'What an owner account can spend'),
  entry(`GET ${A}/OutgoingCallerIds`, 'listOutgoingCallerIds', ACCOUNTS, 'Verified caller ids: none', {
    query: paging,
  }),
  entry(
    `DELETE ${A}/OutgoingCallerIds/:one`,
    'deleteOutgoingCallerId',
    ACCOUNTS,
    'Nothing to take away: none is found',
    { body: null },
  ),
  entry(`GET ${A}/OutgoingCallerIds/:one`, 'getOutgoingCallerId', ACCOUNTS, 'A caller id: none is found'),
]

const addresses = (_: Surface, A: string) => [
  entry(`GET ${A}/Addresses`, 'listAddresses', ADDRESSES, 'Addresses', {
    query: { ...paging, ...all(['CustomerName', 'FriendlyName', 'IsoCountry'], text) },
  }),
  entry(`POST ${A}/Addresses`, 'createAddress', ADDRESSES, 'Add an address', { body: addressBody(true) }),
  entry(`GET ${A}/Addresses/:sid`, 'getAddress', ADDRESSES, 'One address'),
  entry(`POST ${A}/Addresses/:sid`, 'updateAddress', ADDRESSES, 'Change an address', { body: addressBody(false) }),
  entry(`DELETE ${A}/Addresses/:sid`, 'deleteAddress', ADDRESSES, 'Remove an address', { body: null }),
  entry(
    `GET ${A}/Addresses/:sid/DependentPhoneNumbers`,
    'listDependentPhoneNumbers',
    ADDRESSES,
    'Numbers bought with an address',
    { query: paging },
  ),
]

const prices = [
  entry('GET /v1/PhoneNumbers/Countries', 'listPricedCountries', ACCOUNTS, 'Countries with prices', { query: paging }),
  entry('GET /v1/PhoneNumbers/Countries/:country', 'getPrices', ACCOUNTS, 'Monthly prices of a country'),
]

/** What every provider of the surface has, below its own prefix. */
export function entriesOf(surface: Surface): RestEntry[] {
  const below = `${surface.prefix}/Accounts/:account`
  return [accounts, available, numbers, addresses].flatMap(each => each(surface, below))
}

export const reference: RestReference = {
  kind: 'rest',
  title: 'twilio: phone numbers, 2010-04-01',
  description:
    'Search, buy, change, move and release numbers; accounts below accounts. Forms in; XML out, or JSON, XML and CSV by the extension of the path (`.json`, `.xml`, `.csv`). These pages show JSON.',
  security: { basic: { type: 'http', scheme: 'basic', description: 'Account sid and token, or API key and secret.' } },
  anyOf: [['basic']],
  tags: {
    [ACCOUNTS]: 'Owners, sub-accounts, money.',
    [SEARCH]: 'What can be bought.',
    [NUMBERS]: 'What is owned.',
    [ADDRESSES]: 'What regulated numbers ask for.',
  },
  schemas: {
    Exception: shape.exception,
    AvailablePhoneNumber: shape.available,
    IncomingPhoneNumber: shape.owned,
    Account: shape.account,
    Address: shape.address,
  },
  statusSources: sourcesOf(twilioSurface),
  operations: [...entriesOf(twilioSurface), ...prices],
}
