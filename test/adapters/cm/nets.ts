import type { Nets } from '../../support/nets.ts'
import { ACCOUNT, P1 } from './client.ts'
import { exchanges } from './exchanges.ts'
import { cmFaults } from './wrong-servers.ts'

export const nets: Nets = {
  exchanges,
  samples: {
    headers: { 'x-cm-producttoken': 'T' },
    requests: [['GET', `/voice-companyprofilesapi/v1/${ACCOUNT}/companyProfiles/${P1}`]],
  },
  wrongServers: cmFaults,
  ordersWait: true,
  write: ({ accountGuid }) => ['POST', `/voice-phonenumberrequestapi/v1/${accountGuid}/numberRequests`],
  walk: [
    /"allowedRangeSizes":\[10,100\]/,
    /"status":"COMPLETED"/,
    /"status":"REJECTED","statusReason":"No such block"/,
  ],
}
