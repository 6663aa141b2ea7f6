/** Figures that clients write into queries and documents: whole numbers in digits, and nothing else that reads as one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { textOf } from '../../../adapters/kit/xml-read.ts'
import { openWorld, type TestWorld } from '../../support/world.ts'
import { bandwidthClient, bandwidthWorld, codes, NOW, type } from './client.ts'

const NO_FIGURES = ['0x10', '1e1', '1.0', '%2B5', '٥', '0', '-1', 'Infinity']

describe('figures of bandwidth', () => {
  let w: TestWorld & { drop(): Promise<void> }
  let client: ReturnType<typeof bandwidthClient>
  beforeAll(async () => {
    w = await openWorld('sqlite', bandwidthWorld(), { now: NOW })
    client = bandwidthClient(w)
  })
  afterAll(() => w.drop())

  it.each([
    ['/orders?page=1&size=', '5'],
    ['/inserviceNumbers?size=', '5'],
    ['/tns?size=', '5'],
    ['/coveredRateCenters?size=5&page=', '1'],
    ['/availableNumbers?areaCode=919&quantity=', '5'],
  ])('%s', async (path, right) => {
    for (const wrong of NO_FIGURES) {
      const answer = await client.get(path + wrong)
      expect([wrong, answer.status, ...codes(answer)]).toEqual([wrong, 400, '1006'])
    }
    expect((await client.get(path + right)).status).toBeLessThan(300)
  })

  it('numbers that are looked up: what is wrong with one is told beside the others', async () => {
    const look = (...numbers: string[]) =>
      client.post('/tns', type('TnList', numbers.map(number => type('Tn', number)).join('')))
    const { root, status, text } = await look('9195550142', '91955', '2120000000')
    expect([status, textOf(root, 'telephonenumbercount'), codes({ root })]).toEqual([200, '1', ['5070', '4017']])
    expect(text).toContain('<TelephoneNumber>91955</TelephoneNumber>')
    expect(codes(await look('x', 'y'))).toEqual(['5008'])
    expect(codes(await look('9195550142', '9195550142'))).toEqual(['5093'])
  })

  it('the life of a subscription', async () => {
    const subscribe = (expiry: string) => {
      const callback = type('CallbackSubscription', `<URL>http://127.0.0.1:9/</URL>${type('Expiry', expiry)}`)
      return client.post('/subscriptions', type('Subscription', `<OrderType>orders</OrderType>${callback}`))
    }
    for (const wrong of NO_FIGURES) expect([wrong, (await subscribe(wrong)).status]).toEqual([wrong, 404])
    expect((await subscribe('3600')).status).toBe(201)
  })
})
