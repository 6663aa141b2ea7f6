import { basic } from '../../support/basic.ts'
import type { Nets } from '../../support/nets.ts'
import type { Sample } from '../../support/proxy-samples.ts'
import { AC1 } from './client.ts'
import { exchanges } from './exchanges.ts'
import { sinchV1Faults } from './wrong-servers.ts'

const V1 = `/v1/Account/${AC1}/ActiveNumbers`
const voice = { url: 'voice.example.com/in', method: 'POST' }

const requests: Sample[] = [
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

export const nets: Nets = {
  exchanges,
  samples: { headers: { authorization: basic(AC1, 'tok') }, requests },
  wrongServers: sinchV1Faults,
  write: ({ accountId }) => ['POST', `/v1/Account/${accountId}/ActiveNumbers`],
  walk: [/"key":"items"/, /"url":"voice.example.com\/in","method":"POST"/, /"friendlyName":"Front desk"/],
}
