import * as v from 'valibot'
import { entry, type RestReference } from '../kit/reference.ts'
import { shownAs } from '../kit/schema.ts'
import { TYPES } from './ids.ts'
import * as shape from './schemas.ts'
import { statusSources } from './status-sources.ts'

const PROJECT = '/v1/projects/:project'
const AVAILABLE = `${PROJECT}/availableNumbers`
const ACTIVE = `${PROJECT}/activeNumbers`
const ORDERS = `${PROJECT}/numberOrders`
const EMERGENCY = `${ACTIVE}/:number/emergencyAddress`

const text = v.string()
const type = v.picklist(TYPES)
const capabilities = v.optional(v.array(v.picklist(['SMS', 'VOICE'])))
const count = (fallback: number, most: number) =>
  v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.description(`At most ${most}.`)), fallback)
const pattern = {
  'numberPattern.pattern': v.optional(v.pipe(text, v.description('Digits of the number, with or without its `+`.'))),
  'numberPattern.searchPattern': v.optional(v.picklist(['START', 'CONTAINS', 'CONTAIN', 'END'])),
}

const operations = [
  entry('POST /oauth2/token', 'createToken', 'Tokens', 'A token for a key', {
    description: 'The key is sent by HTTP Basic. The token counts for one hour.',
    body: { schema: v.object({ grant_type: v.literal('client_credentials') }), required: true },
  }),
  entry(`GET ${PROJECT}/availableRegions`, 'listAvailableRegions', 'Available numbers', 'Regions with numbers', {
    query: { types: v.optional(v.array(type)) },
  }),
  entry(`GET ${AVAILABLE}`, 'listAvailableNumbers', 'Available numbers', 'Numbers that can be rented', {
    query: { regionCode: v.pipe(text, v.length(2)), type, capabilities, ...pattern, size: count(30, 100) },
  }),
  entry(`GET ${AVAILABLE}/:number`, 'checkAvailability', 'Available numbers', 'One number that can be rented'),
  entry(`POST ${AVAILABLE}/:number:rent`, 'rentNumber', 'Available numbers', 'Rent a number', {
    description: 'A configuration is provisioned after the answer.',
  }),
  entry(`POST ${AVAILABLE}:rentAny`, 'rentAnyNumber', 'Available numbers', 'Rent any number that fits', {
    description: 'For local numbers of the US.',
  }),
  entry(
    `POST ${ORDERS}:lookupNumberRequirements`,
    'lookupNumberRequirements',
    'Number orders',
    'What a region asks for',
    {
      description: 'Names of `fields` are told in `data`, at any depth; papers are uploaded one by one.',
    },
  ),
  entry(
    `POST ${ORDERS}:createNumberOrder`,
    'createNumberOrder',
    'Number orders',
    'Order one number, or some that fit',
    {
      description: 'The numbers are kept for 48 hours. One of the two options is set.',
    },
  ),
  entry(`GET ${ORDERS}/:order`, 'getNumberOrder', 'Number orders', 'How an order stands'),
  entry(
    `GET ${ORDERS}/:order/registration`,
    'getNumberOrderRegistration',
    'Number orders',
    'What was said and uploaded',
  ),
  entry(
    `PUT ${ORDERS}/:order/registration`,
    'updateNumberOrderRegistration',
    'Number orders',
    'Say what is asked for',
    {
      description: 'All of it each time. `data` is read as well in place of `requestDetails`.',
      body: {
        schema: v.object({ requestDetails: v.optional(v.looseObject({})), data: v.optional(v.looseObject({})) }),
        required: true,
      },
    },
  ),
  entry(
    `POST ${ORDERS}/:order/attachments/:attachment`,
    'uploadNumberOrderAttachment',
    'Number orders',
    'Upload a paper',
    {
      body: {
        schema: v.object({
          file: v.pipe(v.unknown(), shownAs({ type: 'string', contentMediaType: 'application/octet-stream' })),
          documentType: v.optional(text),
        }),
      },
    },
  ),
  entry(`POST ${ORDERS}/:order/submit`, 'submitNumberOrder', 'Number orders', 'Hand an order in', {
    description: 'Projects whose identity is verified get the numbers at once, others when the operator says so.',
    body: null,
  }),
  entry(`GET ${ACTIVE}`, 'listActiveNumbers', 'Active numbers', 'Rented numbers', {
    query: {
      regionCode: v.optional(v.pipe(text, v.length(2))),
      type: v.optional(type),
      capability: capabilities,
      capabilities,
      ...pattern,
      pageSize: count(20, 1000),
      pageToken: v.optional(text),
      orderBy: v.optional(v.picklist(['phoneNumber', 'displayName'])),
    },
  }),
  entry(`GET ${ACTIVE}/:number`, 'getActiveNumber', 'Active numbers', 'One rented number'),
  entry(`PATCH ${ACTIVE}/:number`, 'updateActiveNumber', 'Active numbers', 'Change a rented number', {
    description: 'Absent members stay. A new configuration waits beside the old one until it is provisioned.',
  }),
  entry(`POST ${ACTIVE}/:number:release`, 'releaseNumber', 'Active numbers', 'End the subscription', {
    description: 'The number stays until the end of the period that is paid.',
    body: null,
  }),
  entry(`GET ${EMERGENCY}`, 'getEmergencyAddress', 'Emergency addresses', 'The address of a number'),
  entry(`POST ${EMERGENCY}:provision`, 'provisionEmergencyAddress', 'Emergency addresses', 'Set the address'),
  entry(`POST ${EMERGENCY}:validate`, 'validateEmergencyAddress', 'Emergency addresses', 'Try an address'),
  entry(`POST ${EMERGENCY}:deprovision`, 'deprovisionEmergencyAddress', 'Emergency addresses', 'Remove the address', {
    body: null,
  }),
  entry(`GET ${PROJECT}/callbackConfiguration`, 'getCallbackConfiguration', 'Callbacks', 'The secret of callbacks'),
  entry(`PATCH ${PROJECT}/callbackConfiguration`, 'updateCallbackConfiguration', 'Callbacks', 'Set the secret'),
]

export const reference: RestReference = {
  kind: 'rest',
  title: 'sinch: numbers of projects',
  description:
    'Search, rent, configure and release numbers of a project. Configurations pass through scheduled provisioning, and the callback URL of a number is told how it went.',
  security: {
    basic: { type: 'http', scheme: 'basic', description: 'Key id and key secret.' },
    bearer: { type: 'http', scheme: 'bearer', description: 'A token of `/oauth2/token`.' },
  },
  anyOf: [['basic'], ['bearer']],
  tags: {
    Tokens: 'For clients that do not send their key each time.',
    'Available numbers': 'What can be rented.',
    'Number orders': 'Numbers of regions that ask for papers.',
    'Active numbers': 'What is rented.',
    'Emergency addresses': 'Where help is sent, for numbers of the US and Canada.',
    Callbacks: 'How callbacks are signed.',
  },
  schemas: {
    Error: shape.oneError,
    OAuthError: shape.oauthError,
    AvailableNumber: shape.available,
    ActiveNumber: shape.active,
    NumberOrder: shape.order,
    NumberRequirements: shape.requirements,
    Registration: shape.registration,
    EmergencyAddress: shape.emergencyAddress,
    CallbackConfiguration: shape.callbackConfiguration,
  },
  judge: { by: { npm: '@sinch/sdk-core' }, test: 'test/adapters/sinch/sdk.test.ts', leavesOut: /numberOrders/ },
  statusSources,
  operations,
}
