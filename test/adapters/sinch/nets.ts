import { basic } from '../../support/basic.ts'
import type { Nets } from '../../support/nets.ts'
import type { Sample } from '../../support/proxy-samples.ts'
import { P1 } from './client.ts'
import { exchanges } from './exchanges.ts'
import { sinchFaults } from './wrong-servers.ts'

const PROJECT = `/v1/projects/${P1}`
const ACTIVE = `${PROJECT}/activeNumbers`
const NUMBER = '%2B12025550134'
const ADDRESS = {
  address: { streetNumber: '1', streetInfo: 'Main St', city: 'Washington', state: 'DC', postalCode: '20001' },
}

const requests: Sample[] = [
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

export const nets: Nets = {
  exchanges,
  samples: { headers: { authorization: basic('k', 's') }, requests },
  wrongServers: sinchFaults,
  write: ({ projectId }) => ['POST', `/v1/projects/${projectId}/availableNumbers:rentAny`],
  walk: [/"status":"WAITING"/, /"displayName":"Desk"/, /"expireAt":"20/],
}
