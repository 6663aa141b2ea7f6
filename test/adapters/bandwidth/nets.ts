import type { Nets } from '../../support/nets.ts'
import { exchanges } from './exchanges.ts'
import { bandwidthFaults } from './wrong-servers.ts'

export const nets: Nets = {
  exchanges,
  samples: 'its documents are XML both ways, which the proxy does not read',
  wrongServers: bandwidthFaults,
  write: ({ accountId }) => ['POST', `/api/accounts/${accountId}/sites`],
  walk: [
    /<ResultCount>2<.*<TelephoneNumber>212/,
    /<OrderStatus>COMPLETE<\/OrderStatus>/,
    /<ReservationExpires>14[34]\d\d</,
    /<orderRequest>.*<OrderStatus>RECEIVED</,
  ],
}
