/** The official client from npm, unchanged, against a listening gateway; and what three clients were seen to send. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { createAdaptorServer } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientPackage } from '../../support/client-package.ts'
import { type Exchange, readExchanges, toRequest } from '../../support/exchange.ts'
import { openWorld } from '../../support/world.ts'
import { bandwidthClient, bandwidthWorld, completed, idOf, N142, N143, N144, NOW, OWNER, status } from './client.ts'
import { exchanges as kept } from './exchanges.ts'

// biome-ignore lint/suspicious/noExplicitAny: the package is not part of the main install, and so its types neither
type Any = any

const numbers = clientPackage('@bandwidth/numbers') as Any

/** A call of the package, which speaks in callbacks. */
const call = (act: (callback: (error: Any, value?: Any) => void) => void): Promise<Any> =>
  new Promise((resolve, reject) => act((error, value) => (error ? reject(error) : resolve(value))))

let w: Awaited<ReturnType<typeof openWorld>>
let server: Server
let client: Any
let site: Any
beforeAll(async () => {
  w = await openWorld('sqlite', bandwidthWorld(), { now: NOW })
  const fetch = (request: Request) => w.gateway.fetch(request)
  server = createAdaptorServer({ fetch, createServer }) as Server
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const apiEndPoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/bandwidth/api`
  if (numbers) {
    client = new numbers.Client(idOf(OWNER), 'user-1', 'password-1', undefined, undefined, { apiEndPoint })
  }
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await w.drop()
})

describe.skipIf(!numbers)('the official client from npm', () => {
  const order = (list: string[]) =>
    call(done =>
      numbers.Order.create(
        client,
        {
          name: 't',
          siteId: site.id,
          peerId: site.peer,
          customerOrderId: 'c',
          existingTelephoneNumberOrderType: { telephoneNumberList: list.map(telephoneNumber => ({ telephoneNumber })) },
        },
        done,
      ),
    )
  const read = (id: string) => call(done => numbers.Order.get(client, id, done))

  it('makes sites and peers, and reads them back', async () => {
    const address = {
      houseNumber: '900',
      streetName: 'Main Campus Drive',
      city: 'Raleigh',
      stateCode: 'NC',
      zip: '27606',
    }
    site = await call(done => numbers.Site.create(client, { name: 'Raleigh', address }, done))
    expect(site).toMatchObject({ name: 'Raleigh', address: { city: 'Raleigh', zip: 27606 } })
    const peer = await call(done =>
      numbers.SipPeer.create(client, { peerName: 'Peer', isDefaultPeer: true, siteId: site.id }, done),
    )
    expect(peer).toMatchObject({ peerName: 'Peer', isDefaultPeer: true })
    site.peer = peer.id
    expect(await call(done => numbers.Site.list(client, done))).toHaveLength(1)
    expect(await call(done => site.getSipPeers(done))).toHaveLength(1)
  })

  it('searches', async () => {
    const query = { areaCode: '919', quantity: 2, enableTNDetail: false }
    const found = await call(done => numbers.AvailableNumbers.list(client, query, done))
    expect(found).toMatchObject({ resultCount: 2, telephoneNumberList: { telephoneNumber: [N142, N143] } })
    const query4 = call(done => numbers.AvailableNumbers.list(client, { areaCode: '1' }, done))
    await expect(query4).rejects.toMatchObject({ status: 400 })
    const centres = await call(done => numbers.RateCenter.list(client, { available: true, state: 'NC' }, done))
    expect(centres).toEqual([{ abbreviation: 'RALEIGH', name: 'RALEIGH' }])
    const covered = await call(done => numbers.CoveredRateCenter.list(client, { state: 'NC' }, done))
    expect(covered).toEqual([{ abbreviation: 'RALEIGH', name: 'RALEIGH', state: 'NC' }])
  })

  it('orders numbers, polls the order, lists it', async () => {
    const made = await order([N142, N143])
    expect(made.orderStatus).toBe('RECEIVED')
    const done = await read(made.order.id)
    expect(done).toMatchObject({ orderStatus: 'COMPLETE', completedQuantity: 2 })
    expect(done.completedNumbers.telephoneNumber).toEqual([{ fullNumber: N142 }, { fullNumber: N143 }])
    expect(await call(next => done.order.getTns(next))).toMatchObject({ count: 2, telephoneNumber: [N142, N143] })
    expect(await call(next => done.order.getTotals(next))).toEqual([{ count: 2 }])
    const listed = await call(next => numbers.Order.list(client, { page: 1, size: 5 }, next))
    expect(listed.listOrderIdUserIdDate).toMatchObject({ totalCount: 1, orderIdUserIdDate: { orderId: made.order.id } })
    const note = await call(next => done.order.addNote({ userId: 'ann', description: 'x' }, next))
    expect(note).toMatchObject({ userId: 'ann', description: 'x' })
  })

  it('throws for an order that failed', async () => {
    const made = await order([N142])
    await expect(read(made.order.id)).rejects.toMatchObject({ code: 5005 })
  })

  it('reserves a number and gives it up', async () => {
    const kept = await call(done => numbers.TnReservation.create(client, { reservedTn: N144 }, done))
    expect(kept).toMatchObject({ reservedTn: N144, reservationExpires: 14_400 })
    kept.id = kept.reservationId
    await call(done => kept.delete(done))
    const again = call(done => numbers.TnReservation.get(client, kept.reservationId, done))
    await expect(again).rejects.toMatchObject({ status: 404 })
  })

  it('moves numbers, to a peer and by an order', async () => {
    const peer = await call(done => numbers.SipPeer.create(client, { peerName: 'Second', siteId: site.id }, done))
    peer.siteId = site.id
    await call(done => peer.moveTns([N142, N143], done))
    expect(await call(done => peer.getTns(done))).toMatchObject([{ fullNumber: N142 }, { fullNumber: N143 }])
    const item = { siteId: site.id, sipPeerId: site.peer, telephoneNumbers: { telephoneNumber: [N142, N143] } }
    const { moveTnsOrder } = await call(done => numbers.Account.moveTns(client, item, done))
    const read = await call(done => numbers.Account.getMoveTnsOrder(client, moveTnsOrder.orderId, done))
    expect(read).toMatchObject({ processingStatus: 'COMPLETE' })
    // newest first: that of the peer is one too
    const { moveTnsOrderSummary } = await call(done => numbers.Account.getMoveTnsOrders(client, done))
    expect(moveTnsOrderSummary).toMatchObject([{ orderId: moveTnsOrder.orderId }, { countOfTNs: 2 }])
  })

  it('lists what it has, and disconnects it', async () => {
    const listed = await call(done => numbers.InServiceNumber.list(client, { size: 5, page: 1 }, done))
    expect(listed).toMatchObject({ totalCount: 2, telephoneNumbers: { telephoneNumber: [N142, N143] } })
    expect(await call(done => numbers.Tn.get(client, N142, done))).toMatchObject({ status: 'Inservice' })
    const all = await call(done => numbers.Tn.list(client, { city: 'RALEIGH' }, done))
    expect(all.telephoneNumbers.telephoneNumber).toHaveLength(2)
    const made = await call(done => numbers.Disconnect.create(client, 'd', [N142, N143], done))
    expect(made.orderStatus).toBe('RECEIVED')
    const done = await call(next => numbers.Disconnect.get(client, made.orderRequest.id, {}, next))
    expect(done).toMatchObject({ orderStatus: 'COMPLETE' })
  })
})

describe('what three clients send, byte for byte', () => {
  const folder = fileURLToPath(new URL('../../../fixtures/bandwidth', import.meta.url))
  const exchanges = readExchanges(folder)
  const { world } = kept
  const clients = ['python', 'ruby', 'node']
  const orders = exchanges.filter(({ operation, case: name }) => operation === 'createOrder' && clients.includes(name))

  it('is kept of each', () => expect(orders).toHaveLength(clients.length))

  it.each(
    orders.map(each => [each.case, each] as const),
  )('%s: an order is filled, and given back', async (name, each) => {
    const own = await openWorld('sqlite', world, { now: NOW })
    const c = bandwidthClient(own)
    const send = (exchange: Exchange) => own.send(toRequest(exchange, own.base('bandwidth'), new Map()))
    const made = await send(each)
    const read = await c.get(`/orders/${(made.headers.get('location') ?? '').replace(/^.*\//, '')}`)
    expect([made.status, status(read), completed(read)]).toEqual([201, 'COMPLETE', [N142, N143]])
    const back = exchanges.find(({ operation, case: by }) => operation === 'createDisconnect' && by === name)
    const gone = await send(back as Exchange)
    const over = await c.get(`/disconnects/${(gone.headers.get('location') ?? '').replace(/^.*\//, '')}`)
    expect([gone.status, status(over)]).toEqual([201, 'COMPLETE'])
    await own.drop()
  })
})
