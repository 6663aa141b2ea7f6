/** A request as the admin plane tells it, for its reference. */
export const EXCHANGE = {
  id: 1,
  at: '2026-06-01T00:00:00.000Z',
  ms: 1.2,
  request_id: '0b0c8a36-0a3b-4b4c-8f0e-6f2b7a3f9f10',
  dialect: 'wavix',
  operation: 'POST /v1/buy/cart/checkout',
  account: 12,
  numbers: ['+12125550142'],
  status: 422,
  fault: 'insufficient_funds',
  why: {
    rule: 'a purchase is covered by the balance',
    sentence: 'account 12: balance 0.50 USD, needed 3.00',
    data: { account: 12, currency: 'USD', balance: 500_000, creditLimit: 0, required: 3_000_000 },
  },
  request: {
    method: 'POST',
    url: '/wavix/v1/buy/cart/checkout',
    headers: { authorization: '[hidden]' },
    body: '{"ids":[5]}',
    body_bytes: 11,
  },
  response: { status: 422, headers: { 'content-type': 'application/json' }, body: '{}', body_bytes: 2 },
  changes: [{ e164: '+12125550142', version: 2, kind: 'purchased', state: 'active' }],
}
