/** The world of bandwidth's kept exchanges: account 1 has site 1 with peer 2 and an account below it, account 2 none. */
import type { World } from '../../../src/worlds/world-file.ts'
import { callerOf } from '../../support/caller.ts'
import type { Exchanges } from '../../support/exchanges.ts'
import type { TestWorld } from '../../support/world.ts'
import { area, bandwidthClient, bandwidthWorld, existing, N142, N143, N144, OTHER, OWNER, type } from './client.ts'
import { assertBandwidth } from './grammar.ts'

const BRANCH = 3
const SITE = type('SiteId', '1')

const address = { HouseNumber: '900', StreetName: 'Main Campus Drive', City: 'Raleigh', StateCode: 'NC', Zip: '27606' }
const peer = { kind: 'bandwidth.peer', name: 'Main', data: { isDefault: true, hosts: [] } }
const site = { kind: 'bandwidth.site', name: 'Raleigh', data: { address }, below: [peer] }

function exchangeWorld(): World {
  const world = bandwidthWorld()
  const accounts = (world.accounts ?? []).map(each => (each.id === OWNER ? { ...each, resources: [site] } : each))
  return { ...world, accounts: [...accounts, { id: BRANCH, name: 'Branch', currency: 'USD', parent: OWNER }] }
}

/** By the client; the id of what it made, long or short. */
const made = async (world: TestWorld, path: string, body: string) => {
  const client = bandwidthClient(world)
  const answer = await client.post(path, body)
  if (answer.status !== 201) throw new Error(`${answer.status} ${answer.text}`)
  return client.made(answer)
}

const order = (world: TestWorld, inner: string) => made(world, '/orders', type('Order', SITE + inner))
const moved = type('TelephoneNumbers', type('TelephoneNumber', N142) + type('TelephoneNumber', N144))
const email = type('EmailSubscription', type('Email', 'ann@example.com'))
const note = type('UserId', 'ann') + type('Description', 'For the lobby')
const returned = (tn: string) =>
  type('DisconnectTelephoneNumberOrderType', type('TelephoneNumberList', type('TelephoneNumber', tn)))

const GUID = /[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}/g
const TOKEN = /("access_token": ")[^"]+/

export const exchanges: Exchanges = {
  world: exchangeWorld(),
  headers: ['content-type', 'www-authenticate', 'allow', 'location'],
  masked: text => text.replace(GUID, '{{guid}}').replace(TOKEN, '$1{{token}}'),
  check: text => {
    if (text.startsWith('<')) assertBandwidth(text)
  },
  unreachable: [
    [/^(?!GET .*\/availableNumbers$|POST .*\/token$)/, 401, 'a vector asks every operation without credentials'],
    [
      /^(?!GET .*\/availableNumbers$|GET \/api\/tns\/:tn$|POST .*\/moveTns$)/,
      403,
      'a vector asks every operation by a key that may not',
    ],
  ],
  given: {
    order: w => order(w, `<CustomerOrderId>c 1</CustomerOrderId>${existing(N142, N143)}`),
    waiting: w => order(w, `<BackOrderRequested>true</BackOrderRequested>${area(9)}`),
    partial: w => order(w, existing(N142, N144, '9195550199')),
    failed: w => order(w, existing('9195550199')),
    reservation: w => made(w, '/tnreservation', type('Reservation', type('ReservedTn', N144))),
    /** Of one of the order's numbers. */
    disconnect: w => made(w, '/disconnects', type('DisconnectTelephoneNumberOrder', returned(N143))),
    /** Of one number that is there, and one that is not. */
    move: w => made(w, '/moveTns', type('MoveTnsOrder', SITE + moved)),
    subscription: w => made(w, '/subscriptions', type('Subscription', type('OrderType', 'orders') + email)),
    note: async w => made(w, `/orders/${await lastOrder(w)}/notes`, type('Note', note)),
    returnNote: async w => made(w, `/disconnects/${await lastOrder(w, 'return')}/notes`, type('Note', note)),
    /** With nothing in it. */
    site: w => made(w, '/sites', `<Site><Name>Durham</Name>${type('Address', type('City', 'Durham'))}</Site>`),
    peer: w => made(w, '/sites/1/sippeers', '<SipPeer><PeerName>Second</PeerName></SipPeer>'),
    async 'of-branch'(w) {
      await w.core.ledger.topUp(null, BRANCH, 'USD', 5_000_000)
      await w.core.numbers.purchase(await callerOf(w, BRANCH), [`+1${N142}`], { documents: 'refuse' })
    },
    async 'of-other'(w) {
      await w.core.numbers.purchase(await callerOf(w, OTHER), [`+1${N142}`], { documents: 'refuse' })
    },
    async 'bare-lists-fail'(w) {
      await w.core.accounts.update(null, OWNER, { profile: { bareListsFail: true } })
    },
    async 'empty-lists'(w) {
      await w.core.accounts.update(null, OWNER, { profile: { emptyDisconnectsAreListed: true } })
    },
  },
}

async function lastOrder({ core }: TestWorld, kind: 'request' | 'return' = 'request'): Promise<string> {
  const { items } = await core.orders.list({ accountId: OWNER, kind }, { limit: 1, offset: 0 })
  return items[0]?.guid ?? ''
}
