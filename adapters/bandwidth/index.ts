/** Bandwidth's numbers API: XML documents both ways, orders that are polled, holds of four hours. */
import type { Dialect, DialectModule, Operation } from '../kit/dialect.ts'
import { xmlDocuments } from '../kit/xml-documents.ts'
import { credentials, identify } from './auth.ts'
import { demo } from './demo.ts'
import { bandwidthDriver } from './driver.ts'
import { faults } from './faults.ts'
import { DIALECT } from './ids.ts'
import { accountOperations } from './operations/account.ts'
import { disconnectOperations } from './operations/disconnects.ts'
import { moveOperations } from './operations/moves.ts'
import { numberOperations } from './operations/numbers.ts'
import { orderListOperations } from './operations/order-lists.ts'
import { orderPartOperations } from './operations/order-parts.ts'
import { orderOperations } from './operations/orders.ts'
import { peerNumberOperations } from './operations/peer-numbers.ts'
import { peerOperations } from './operations/peers.ts'
import { placeOperations } from './operations/places.ts'
import { reservationOperations } from './operations/reservations.ts'
import { searchOperations } from './operations/search.ts'
import { siteOperations } from './operations/sites.ts'
import { subscriptionOperations } from './operations/subscriptions.ts'
import { tnOperations } from './operations/tns.ts'
import { tokenOperations } from './operations/token.ts'
import { orderUpdated, sign } from './outbound.ts'
import { reference } from './reference.ts'
import { rules } from './rules.ts'

const operations: readonly Operation[] = [
  ...searchOperations,
  ...orderListOperations,
  ...orderOperations,
  ...orderPartOperations,
  ...reservationOperations,
  ...disconnectOperations,
  ...numberOperations,
  ...tnOperations,
  ...accountOperations,
  ...siteOperations,
  ...peerOperations,
  ...peerNumberOperations,
  ...moveOperations,
  ...placeOperations,
  ...subscriptionOperations,
  ...tokenOperations,
]

/** Refusals that any operation may have for other reasons than its own. */
const TRANSPORT = [400, 404, 405, 409, 413, 415, 429, 500, 503]
const anywhere = Object.fromEntries(TRANSPORT.map(status => [status, 'ErrorResponse']))

function create(): Dialect {
  return {
    name: DIALECT,
    operations,
    wire: xmlDocuments(operations, {
      // the provider's papers and clients know the same API by three beginnings
      starts: { '/api/v1': '/api', '/v1.0': '/api' },
      // and clients of one path in two cases: rateCenters, ratecenters
      ignoreCase: true,
      trailingSlash: true,
    }),
    identify,
    faults,
    anywhere,
    outbound: { 'order.updated': orderUpdated },
    sign,
  }
}

export const bandwidth: DialectModule<typeof DIALECT, typeof demo> = {
  name: DIALECT,
  hosts: ['dashboard.bandwidth.com'],
  create,
  credentials,
  reference,
  offers: { ownCurrency: true, documents: 'nobody' },
  demo,
  driver: bandwidthDriver,
  rules,
  grammar: { folder: 'rng/bandwidth', root: 'bandwidth.rng', namespace: '', mediaType: 'application/xml' },
  files: { prefix: '/rng', folder: 'rng/bandwidth', suffix: '.rng', type: 'application/xml; charset=utf-8' },
}
