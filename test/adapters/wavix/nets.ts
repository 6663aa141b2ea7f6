import type { Nets } from '../../support/nets.ts'
import type { Sample } from '../../support/proxy-samples.ts'
import { exchanges } from './exchanges.ts'
import { wavixFaults } from './wrong-servers.ts'

/** Text all through, because the proxy reads bodies as text. */
function paper(): FormData {
  const form = new FormData()
  form.append('did_ids', '1')
  form.append('doc_id', '1')
  form.append('doc_attachment', new File(['%PDF-1.4\n%%EOF\n'], 'id.pdf', { type: 'application/pdf' }))
  return form
}

const requests: Sample[] = [
  ['GET', '/v1/buy/countries'],
  ['PUT', '/v1/buy/cart', { ids: ['541139862174'] }],
  ['POST', '/v1/buy/cart/checkout', { ids: ['541139862174'] }],
  ['POST', '/v1/mydids/papers', paper()],
  ['GET', '/v1/mydids/1/papers/1'],
  ['GET', '/v1/numbers/1'],
]

export const nets: Nets = {
  exchanges,
  samples: { headers: { authorization: 'Bearer KEY' }, requests },
  wrongServers: wavixFaults,
  write: () => ['POST', '/v1/mydids/papers'],
  walk: [/"city":"LOS ANGELES, CA"/, /"success":true/, /"destination":"\[did\]@pbx.example"/],
}
