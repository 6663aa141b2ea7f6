/** A first request per dialect whose answer is an object, and more of what has no kept exchange. */
import { basic, P1 } from './sinch.ts'
import { AC1 } from './sinch-v1.ts'

export type Sample = readonly [method: string, path: string, body?: unknown]

const PROJECT = `/v1/projects/${P1}`
const ACTIVE = `${PROJECT}/activeNumbers`
const NUMBER = '%2B12025550134'
const ADDRESS = {
  address: { streetNumber: '1', streetInfo: 'Main St', city: 'Washington', state: 'DC', postalCode: '20001' },
}

const sinch: Sample[] = [
  ['GET', `${PROJECT}/availableNumbers?regionCode=US&type=LOCAL&capabilities=SMS&size=2`],
  ['GET', `${PROJECT}/availableNumbers?type=LOCAL`],
  ['GET', `${PROJECT}/availableNumbers/${NUMBER}`],
  ['GET', `${PROJECT}/availableRegions?types=LOCAL&types=MOBILE`],
  ['POST', `${PROJECT}/availableNumbers/${NUMBER}:rent`, { smsConfiguration: { servicePlanId: 'plan1' } }],
  ['POST', `${PROJECT}/availableNumbers/${NUMBER}:rent`, {}],
  ['POST', `${PROJECT}/availableNumbers:rentAny`, { regionCode: 'US', type: 'LOCAL' }],
  ['GET', `${ACTIVE}?pageSize=1`],
  ['GET', `${ACTIVE}/${NUMBER}`],
  ['PATCH', `${ACTIVE}/${NUMBER}`, { displayName: 'Desk', voiceConfiguration: { type: 'RTC', appId: 'app' } }],
  ['GET', `${ACTIVE}/${NUMBER}/emergencyAddress`],
  ['POST', `${ACTIVE}/${NUMBER}/emergencyAddress:validate`, ADDRESS],
  ['POST', `${ACTIVE}/${NUMBER}/emergencyAddress:provision`, ADDRESS],
  ['GET', `${ACTIVE}/${NUMBER}/emergencyAddress`],
  ['POST', `${ACTIVE}/${NUMBER}/emergencyAddress:deprovision`],
  ['POST', `${ACTIVE}/${NUMBER}:release`],
  ['PATCH', `${PROJECT}/callbackConfiguration`, { hmacSecret: 'secret' }],
  ['GET', `${PROJECT}/callbackConfiguration`],
  ['POST', '/oauth2/token', 'grant_type=client_credentials'],
  ['POST', '/oauth2/token', 'grant_type=password'],
]

const V1 = `/v1/Account/${AC1}/ActiveNumbers`
const voice = { url: 'voice.example.com/in', method: 'POST' }

const sinchV1: Sample[] = [
  ['GET', '/v1/api/AvailableNumbers?geography.iso_country=US&capabilities.SMS.inbound_connectivity=true&PageSize=2'],
  ['GET', '/v1/api/AvailableNumbers?capabilities.SMS.inbound_connectivity=perhaps'],
  ['POST', `${V1}/?phoneNumber=%2B12135550112`, { voice }],
  ['POST', `${V1}?phoneNumber=%2B12135550113`],
  ['POST', `${V1}?phoneNumber=%2B12135550112`],
  ['GET', `${V1}?Page=0&PageSize=1`],
  ['GET', `${V1}/ActiveNumbers/PN%2B12135550111`],
  ['GET', `${V1}/PN%2B15555555555`],
  ['POST', `${V1}/PN%2B12135550111`, { friendlyName: 'Front desk', configuration: { voice } }],
  ['POST', `${V1}/PN%2B12135550111`, { friendlyName: 'x'.repeat(65) }],
  ['DELETE', `${V1}/PN%2B12135550111`],
]

/** Text all through, because the proxy reads bodies as text. */
function paper(): FormData {
  const form = new FormData()
  form.append('did_ids', '1')
  form.append('doc_id', '1')
  form.append('doc_attachment', new File(['%PDF-1.4\n%%EOF\n'], 'id.pdf', { type: 'application/pdf' }))
  return form
}

const wavix: Sample[] = [
  ['GET', '/v1/buy/countries'],
  ['PUT', '/v1/buy/cart', { ids: ['541139862174'] }],
  ['POST', '/v1/buy/cart/checkout', { ids: ['541139862174'] }],
  ['POST', '/v1/mydids/papers', paper()],
  ['GET', '/v1/mydids/1/papers/1'],
  ['GET', '/v1/numbers/1'],
]

const SPACE = '/api/laml/2010-04-01/Accounts/00000000-0000-4000-8000-000000000012'

const signalwire: Sample[] = [
  ['GET', `${SPACE}`],
  ['GET', `${SPACE}/AvailablePhoneNumbers/US/Local`],
  ['POST', `${SPACE}/IncomingPhoneNumbers`, 'PhoneNumber=%2B12015550123'],
  ['GET', `${SPACE}/IncomingPhoneNumbers`],
  ['POST', `${SPACE}/IncomingPhoneNumbers`, 'PhoneNumber=%2B12125550199'],
]

export const SAMPLES: Readonly<Record<string, readonly Sample[]>> = {
  wavix,
  vobiz: [['GET', '/api/v1/Account/MA_TEST0001/numbers']],
  cm: [
    [
      'GET',
      '/voice-companyprofilesapi/v1/0f3c0000-0000-4000-8000-00000000000a/companyProfiles/7c1d0000-0000-4000-8000-000000000001',
    ],
  ],
  sinch,
  'sinch-v1': sinchV1,
  signalwire,
}

const CREDENTIALS: Readonly<Record<string, Record<string, string>>> = {
  wavix: { authorization: 'Bearer KEY' },
  vobiz: { 'x-auth-id': 'MA_TEST0001', 'x-auth-token': 'test-token' },
  cm: { 'x-cm-producttoken': 'T' },
  sinch: { authorization: basic('k', 's') },
  'sinch-v1': { authorization: basic(AC1, 'tok') },
  signalwire: { authorization: basic('00000000-0000-4000-8000-000000000012', 'signalwire-12') },
}

/** Text and form data are forms, anything else is JSON. */
export function requestFor(dialect: string, [method, path, body]: Sample): Request {
  const url = `http://didgate.test${path}`
  const headers = CREDENTIALS[dialect] ?? {}
  if (body === undefined) return new Request(url, { method, headers })
  if (body instanceof FormData) return new Request(url, { method, headers, body })
  const type = typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json'
  const sent = typeof body === 'string' ? body : JSON.stringify(body)
  return new Request(url, { method, headers: { ...headers, 'content-type': type }, body: sent })
}
