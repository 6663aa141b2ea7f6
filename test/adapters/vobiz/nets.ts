import type { Nets } from '../../support/nets.ts'
import { exchanges } from './exchanges.ts'
import { vobizFaults } from './wrong-servers.ts'

export const nets: Nets = {
  exchanges,
  samples: {
    headers: { 'x-auth-id': 'MA_TEST0001', 'x-auth-token': 'test-token' },
    requests: [['GET', '/api/v1/Account/MA_TEST0001/numbers']],
  },
  wrongServers: vobizFaults,
  write: ({ authId }) => ['POST', `/api/v1/accounts/${authId}/sub-accounts`],
  walk: [
    /purchased successfully/,
    /"account_id":"SA_DEMO0001"/,
    /"refund_amount":700/,
    /"net_amount"/,
    /number released/,
  ],
  unmet: ['cool_off'],
  refusals: { 'GET /api/v1/Account/:account/transactions': [500] },
}
