import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { digest } from '../../support/digest.ts'
import { openWorld } from '../../support/world.ts'
import { wavixClient } from './client.ts'
import { vectorWorld } from './world.ts'

const LONG = 'x'.repeat(5000)
const PLACE = 'An object with the specified ID is not found'
const NONE = 'At least one DID with ID specified in the request was not found'
const parameter = (name: string) => `Missing or invalid parameter ${name}`

/** Method, path and body; the tabled status and message. */
const BAD: [method: string, path: string, body: unknown, status: number, message: string][] = [
  ['GET', '/v1/buy/countries?text_enabled_only=maybe', undefined, 400, parameter('text_enabled_only')],
  ['GET', '/v1/buy/countries/abc/regions', undefined, 404, PLACE],
  ['GET', `/v1/buy/countries/${LONG}/cities`, undefined, 404, PLACE],
  ['GET', '/v1/buy/countries/8652/regions/200/cities', undefined, 404, PLACE],
  ['GET', '/v1/buy/countries/8652/cities/200/dids?page=0', undefined, 400, parameter('page')],
  ['GET', '/v1/buy/countries/8652/cities/200/dids?per_page=x', undefined, 400, parameter('per_page')],
  ['PUT', '/v1/buy/cart', undefined, 400, parameter('ids')],
  ['PUT', '/v1/buy/cart', { ids: {} }, 400, parameter('ids')],
  ['PUT', '/v1/buy/cart', { ids: [] }, 400, parameter('ids')],
  ['PUT', '/v1/buy/cart', { ids: [LONG] }, 404, NONE],
  ['PUT', '/v1/buy/cart', [1, 2], 400, parameter('ids')],
  ['DELETE', '/v1/buy/cart', { ids: '1' }, 404, NONE],
  ['POST', '/v1/buy/cart/checkout', { ids: [] }, 400, parameter('ids')],
  ['POST', '/v1/buy/cart/checkout', { ids: ['18022551119'] }, 404, NONE],
  ['POST', '/v1/buy/cart/checkout', {}, 422, 'Cart is empty'],
  ['GET', '/v1/mydids?city_id=x', undefined, 400, parameter('city_id')],
  ['GET', '/v1/mydids/abc', undefined, 404, 'Record not found'],
  ['PATCH', '/v1/mydids/1', { transcription_threshold: 'x' }, 400, parameter('transcription_threshold')],
  ['PATCH', '/v1/mydids/1', { sms_relay_url: LONG }, 400, parameter('sms_relay_url')],
  ['PATCH', '/v1/numbers', { transcription_enabled: true }, 400, parameter('ids')],
  ['PATCH', '/v1/numbers', { ids: [77], transcription_enabled: true }, 404, 'Record not found'],
  ['POST', '/v1/mydids/update-destinations', { ids: [77] }, 400, parameter('destinations')],
  ['POST', '/v1/mydids/update-destinations', { destinations: [] }, 400, parameter('ids')],
  ['POST', '/v1/mydids/update-destinations', { ids: [77], destinations: [] }, 404, 'Record not found'],
  ['PUT', '/v1/mydids/update-sms-enabled', { id: 77 }, 400, parameter('sms_enabled')],
  ['PUT', '/v1/mydids/update-sms-enabled', { id: 77, sms_enabled: true }, 404, 'Record not found'],
  ['POST', '/v1/mydids/papers', { did_ids: '1' }, 400, parameter('did_ids')],
  ['GET', '/v1/mydids/1/papers/1', undefined, 404, 'Record not found'],
  ['DELETE', '/v1/mydids?ids=1&dids=2', undefined, 400, parameter('ids')],
  ['DELETE', `/v1/mydids?ids=${LONG}`, undefined, 422, `DID with id=${LONG} not found`],
  ['GET', '/v1/billing/transactions?from_date=2026-13-01&to_date=2026-01-01', undefined, 400, parameter('from_date')],
  // A17: a day that no calendar has is not taken for another
  ['GET', '/v1/billing/transactions?from_date=2026-02-30&to_date=2026-03-01', undefined, 400, parameter('from_date')],
  ['GET', '/v1/billing/transactions?from_date=2026-02-01&to_date=2026-02-29', undefined, 400, parameter('to_date')],
  ['GET', '/v1/billing/invoices?page=-1', undefined, 400, parameter('page')],
  ['PUT', '/v1/profile', { first_name: LONG }, 400, parameter('first_name')],
  ['GET', '/v1/trunks/x', undefined, 404, 'Record not found'],
]

describe('wavix: bad input gets the tabled answer and changes nothing', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let before: string
  beforeAll(async () => {
    world = await openWorld('sqlite', vectorWorld())
    before = await digest(world.store)
  })
  afterAll(() => world.drop())

  it.each(
    BAD.map(row => [`${row[0]} ${row[1].slice(0, 60)} ${JSON.stringify(row[2])?.slice(0, 60) ?? ''}`, row] as const),
  )('%s', async (_, [method, path, body, status, message]) => {
    const answer = await wavixClient(world.gateway, world.base('wavix')).bearer(method, path, body)
    expect([answer.status, answer.body.message]).toEqual([status, message])
    expect(await digest(world.store)).toBe(before)
  })
})
