/** Sites and peers while several change them, or buy for them, at one instant. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { childOf, textOf } from '../../../adapters/kit/xml-read.ts'
import { engines } from '../../support/engines.ts'
import { openWorlds, type TestWorld } from '../../support/world.ts'
import {
  type Answer,
  area,
  bandwidthClient,
  bandwidthWorld,
  codes,
  existing,
  N142,
  N143,
  N144,
  NOW,
  status,
  type,
} from './client.ts'

const TIMES = 5

describe.each(engines())('sites and peers of bandwidth on %s', engine => {
  let worlds: Awaited<ReturnType<typeof openWorlds>>
  let world: TestWorld
  let client: ReturnType<typeof bandwidthClient>
  beforeAll(async () => {
    worlds = await openWorlds(engine, { now: NOW, connections: 8 })
  })
  beforeEach(async () => {
    world = await worlds.open(bandwidthWorld())
    client = bandwidthClient(world)
  })
  afterAll(() => worlds.drop())

  const makePeer = (site: string, more = '') =>
    client.post(`/sites/${site}/sippeers`, type('SipPeer', type('PeerName', 'Peer') + more))
  const peersOf = async (site: string) => {
    const { root } = await client.get(`/sites/${site}/sippeers`)
    return (childOf(root, 'sippeers')?.children ?? []).map(peer => ({
      id: textOf(peer, 'peerid'),
      isDefault: textOf(peer, 'isdefaultpeer') === 'true',
    }))
  }
  const defaultsOf = async (site: string) =>
    (await peersOf(site)).filter(({ isDefault }) => isDefault).map(({ id }) => id)
  const remove = (path: string) => client.ask('DELETE', path)
  const told = (answer: Answer) => `${answer.status} ${codes(answer).join()}`.trim()

  it('of peers that are made at one instant one is the default', async () => {
    const { id: site } = await client.site({}, false)
    const made = await Promise.all(Array.from({ length: 6 }, () => makePeer(site)))
    expect(made.map(answer => answer.status)).toEqual(made.map(() => 201))
    expect(await peersOf(site)).toHaveLength(6)
    expect(await defaultsOf(site)).toHaveLength(1)
  })

  it('of peers that are said to be the default at one instant one is', async () => {
    const { id: site } = await client.site()
    const isDefault = type('IsDefaultPeer', 'true')
    await Promise.all(Array.from({ length: 4 }, () => makePeer(site, isDefault)))
    expect(await defaultsOf(site)).toHaveLength(1)
    const change = (id?: string) =>
      client.ask('PUT', `/sites/${site}/sippeers/${id}`, {
        body: type('SipPeer', type('PeerName', 'Peer') + isDefault),
      })
    await Promise.all((await peersOf(site)).map(({ id }) => change(id)))
    const [last] = await defaultsOf(site)
    expect(await defaultsOf(site)).toEqual([last])
    // what is not said to be it stays it
    await client.ask('PUT', `/sites/${site}/sippeers/${last}`, { body: type('SipPeer', type('PeerName', 'Peer')) })
    expect(await defaultsOf(site)).toEqual([last])
  })

  it('a peer ends before an order for it, or has its numbers', async () => {
    const { id: site } = await client.site()
    for (const tn of [N142, N143, N144]) {
      const peer = client.made(await makePeer(site))
      const order = type('SiteId', site) + type('PeerId', peer) + existing(tn)
      const [ended, ordered] = await Promise.all([
        remove(`/sites/${site}/sippeers/${peer}`),
        client.post('/orders', type('Order', order)),
      ])
      expect([
        ['200', '400 5023'],
        ['400 12018', '201'],
      ]).toContainEqual([told(ended), told(ordered)])
      const isThere = (await client.get(`/sites/${site}/sippeers/${peer}`)).status === 200
      expect(isThere).toBe(ordered.status === 201)
    }
  })

  it('a peer ends before numbers are moved there, or has them', async () => {
    const { id: site, peer: first } = await client.site()
    await client.order(type('SiteId', site) + existing(N142))
    for (let time = 0; time < TIMES; time++) {
      const peer = client.made(await makePeer(site))
      const here = `/sites/${site}/sippeers/${peer}`
      const [ended, moved] = await Promise.all([
        remove(here),
        client.post(`${here}/movetns`, type('SipPeerTelephoneNumbers', type('FullNumber', N142))),
      ])
      expect([
        ['200', '404'],
        ['400 12018', '200'],
      ]).toContainEqual([told(ended), told(moved)])
      const lives = textOf((await client.get(`/tns/${N142}/sippeers`)).root, 'peerid')
      expect((await client.get(`/sites/${site}/sippeers/${lives}`)).status).toBe(200)
      const home = type('SiteId', site) + type('SipPeerId', first)
      const back = home + type('TelephoneNumbers', type('TelephoneNumber', N142))
      await client.post('/moveTns', type('MoveTnsOrder', back))
    }
  })

  it('a site ends before a peer is made in it, or keeps it', async () => {
    for (let time = 0; time < TIMES; time++) {
      const { id: site } = await client.site({}, false)
      const [ended, made] = await Promise.all([remove(`/sites/${site}`), makePeer(site)])
      expect([
        ['200', '404'],
        ['200', '404 12016'],
        ['400 12017', '201'],
      ]).toContainEqual([told(ended), told(made)])
    }
  })

  it('a peer that a waiting order names stays until it is closed', async () => {
    const { id: site } = await client.site()
    const peer = client.made(await makePeer(site))
    const home = type('SiteId', site) + type('PeerId', peer)
    const order = await client.order(home + type('BackOrderRequested', 'true') + area(1, '704'))
    expect(status(order)).toBe('BACKORDERED')
    const refused = await remove(`/sites/${site}/sippeers/${peer}`)
    expect(told(refused)).toBe('400 12018')
    expect(refused.text).toContain('A backordered order names the SIP peer')
    await client.ask('PUT', `/orders/${order.id}`, { body: type('Order', type('CloseOrder', 'true')) })
    expect((await remove(`/sites/${site}/sippeers/${peer}`)).status).toBe(200)
  })
})
