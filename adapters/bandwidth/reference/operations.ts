import * as v from 'valibot'
import { entry, type RestEntry } from '../../kit/reference.ts'
import { shownAs } from '../../kit/schema.ts'

const A = '/api/accounts/:account'
const text = v.optional(v.string())
const paging = {
  page: v.optional(v.pipe(v.string(), v.description('1, or the entry that the page begins with.'))),
  size: v.optional(v.pipe(v.string(), v.description('Entries of a page.'))),
}
const place = { areaCode: text, npaNxx: text, lata: text, state: text, rateCenter: text, city: text }
const date = v.optional(v.pipe(v.string(), v.description('26-06-01, or as ISO 8601 has it.')))
const period = { startdate: date, enddate: date }
const document = (name: string) => ({
  body: {
    schema: v.pipe(
      v.unknown(),
      v.description('Names in any case, elements in any order.'),
      shownAs({ type: 'object', xml: { name } }),
    ),
    required: true,
  },
})
const history = 'What became of it, oldest first'
const orders = { customerOrderId: text, status: text, userid: text, ...period }

/** Every operation by its first spelling. */
export const operations: readonly RestEntry[] = [
  entry(`GET ${A}/availableNumbers`, 'searchAvailableNumbers', 'Search', 'Numbers for sale', {
    description: 'At least one criterion; all that are named are meant together.',
    query: {
      ...{ ...place, npaNxxx: text, zip: text, localVanity: text, endsIn: text, tollFreeVanity: text },
      ...{
        tollFreeWildCardPattern: text,
        quantity: text,
        enableTNDetail: text,
        LCA: text,
        protected: text,
        orderBy: text,
      },
    },
  }),
  entry(`GET ${A}/availableNpaNxx`, 'searchAvailableNpaNxx', 'Search', 'Exchanges with numbers for sale', {
    query: { areaCode: text, state: text, quantity: text },
  }),
  entry('GET /api/cities', 'listCities', 'Search', 'Cities of a state', { query: { state: text, available: text } }),
  entry('GET /api/rateCenters', 'listRateCenters', 'Search', 'Rate centres of a state', {
    query: { state: text, available: text },
  }),
  entry('GET /api/coveredRateCenters', 'listCoveredRateCenters', 'Search', 'Rate centres, of all states', {
    query: { ...paging, state: text, npa: text, npaNxx: text },
  }),
  entry(`POST ${A}/orders`, 'createOrder', 'Orders', 'Order numbers', {
    ...document('Order'),
    description: 'The numbers are taken at once; the order shows what became of it a second later.',
  }),
  entry(`GET ${A}/orders`, 'listOrders', 'Orders', 'Orders, newest first', { query: { ...paging, ...orders } }),
  entry(`GET ${A}/orders/totals`, 'countOrders', 'Orders', 'How many orders there are', { query: orders }),
  entry(`GET ${A}/orders/:order`, 'getOrder', 'Orders', 'One order', { query: { tndetail: text } }),
  entry(
    `PUT ${A}/orders/:order`,
    'updateOrder',
    'Orders',
    'Rename an order, or let it wait no longer',
    document('Order'),
  ),
  entry(`GET ${A}/orders/:order/tns`, 'listOrderNumbers', 'Orders', 'Numbers of an order'),
  entry(`GET ${A}/orders/:order/areaCodes`, 'countOrderAreaCodes', 'Orders', 'Its numbers by area code'),
  entry(`GET ${A}/orders/:order/npaNxx`, 'countOrderNpaNxx', 'Orders', 'Its numbers by exchange'),
  entry(`GET ${A}/orders/:order/totals`, 'countOrderNumbers', 'Orders', 'How many numbers it has'),
  entry(`GET ${A}/orders/:order/history`, 'getOrderHistory', 'Orders', history),
  entry(`GET ${A}/orders/:order/notes`, 'listOrderNotes', 'Orders', 'Notes on an order'),
  entry(`POST ${A}/orders/:order/notes`, 'addOrderNote', 'Orders', 'Write a note', document('Note')),
  entry(
    `POST ${A}/tnreservation`,
    'reserveNumber',
    'Reservations',
    'Keep a number for four hours',
    document('Reservation'),
  ),
  entry(
    `GET ${A}/tnreservation/:reservation`,
    'getReservation',
    'Reservations',
    'A reservation, and how long it lasts',
  ),
  entry(`DELETE ${A}/tnreservation/:reservation`, 'deleteReservation', 'Reservations', 'Give a reservation up'),
  entry(
    `POST ${A}/disconnects`,
    'createDisconnect',
    'Disconnects',
    'Give numbers back',
    document('DisconnectTelephoneNumberOrder'),
  ),
  entry(`GET ${A}/disconnects`, 'listDisconnects', 'Disconnects', 'Disconnects, newest first', {
    query: { ...paging, ...orders },
  }),
  entry(`GET ${A}/disconnects/:order`, 'getDisconnect', 'Disconnects', 'One disconnect'),
  entry(`GET ${A}/disconnects/:order/history`, 'getDisconnectHistory', 'Disconnects', history),
  entry(`GET ${A}/disconnects/:order/notes`, 'listDisconnectNotes', 'Disconnects', 'Notes on a disconnect'),
  entry(`POST ${A}/disconnects/:order/notes`, 'addDisconnectNote', 'Disconnects', 'Write a note', document('Note')),
  entry(`GET ${A}/inserviceNumbers`, 'listInserviceNumbers', 'Numbers', 'Numbers of the account', {
    query: { ...paging, ...place, ...period },
  }),
  entry(`GET ${A}/inserviceNumbers/totals`, 'countInserviceNumbers', 'Numbers', 'How many it has', {
    query: { ...place, ...period },
  }),
  entry(`GET ${A}/inserviceNumbers/:tn`, 'checkInserviceNumber', 'Numbers', 'Is this one of them?'),
  entry(`GET ${A}/discnumbers`, 'listDisconnectedNumbers', 'Numbers', 'Numbers given back that still rest', {
    query: paging,
  }),
  entry(`GET ${A}/discnumbers/totals`, 'countDisconnectedNumbers', 'Numbers', 'How many rest'),
  entry('GET /api/tns', 'listTns', 'Numbers', "The account's numbers with their details", {
    query: { ...paging, ...place, ...period },
  }),
  entry('POST /api/tns', 'findTns', 'Numbers', 'These numbers', document('TnList')),
  entry('GET /api/tns/:tn', 'getTn', 'Numbers', 'One number'),
  entry('GET /api/tns/:tn/tndetails', 'getTnDetails', 'Numbers', 'All about one number'),
  entry('GET /api/tns/:tn/sites', 'getTnSite', 'Numbers', 'The site it lives in'),
  entry('GET /api/tns/:tn/sippeers', 'getTnSipPeer', 'Numbers', 'The peer it lives at'),
  entry('GET /api/tns/:tn/ratecenter', 'getTnRateCenter', 'Numbers', 'Its rate centre'),
  entry('GET /api/tns/:tn/lata', 'getTnLata', 'Numbers', 'Its LATA'),
  entry('GET /api/tns/:tn/lca', 'getTnLca', 'Numbers', 'Its local calling area'),
  entry(`GET ${A}`, 'getAccount', 'Account', 'The account'),
  entry(`GET ${A}/sites`, 'listSites', 'Sites', 'Sites of the account'),
  entry(`POST ${A}/sites`, 'createSite', 'Sites', 'Make a site', document('Site')),
  entry(`GET ${A}/sites/:site`, 'getSite', 'Sites', 'One site'),
  entry(`PUT ${A}/sites/:site`, 'updateSite', 'Sites', 'Change a site', document('Site')),
  entry(`DELETE ${A}/sites/:site`, 'deleteSite', 'Sites', 'Delete an empty site'),
  entry(`GET ${A}/sites/:site/totaltns`, 'countSiteNumbers', 'Sites', 'How many numbers live there'),
  entry(`GET ${A}/sites/:site/inserviceNumbers`, 'listSiteNumbers', 'Sites', 'Numbers of a site', {
    query: { ...paging, ...place, ...period },
  }),
  entry(`GET ${A}/sites/:site/sippeers`, 'listSipPeers', 'Sites', 'Peers of a site'),
  entry(`POST ${A}/sites/:site/sippeers`, 'createSipPeer', 'Sites', 'Make a peer', document('SipPeer')),
  entry(`GET ${A}/sites/:site/sippeers/:peer`, 'getSipPeer', 'Sites', 'One peer'),
  entry(`PUT ${A}/sites/:site/sippeers/:peer`, 'updateSipPeer', 'Sites', 'Change a peer', document('SipPeer')),
  entry(`DELETE ${A}/sites/:site/sippeers/:peer`, 'deleteSipPeer', 'Sites', 'Delete an empty peer'),
  entry(`GET ${A}/sites/:site/sippeers/:peer/totaltns`, 'countSipPeerNumbers', 'Sites', 'How many numbers live there'),
  entry(`GET ${A}/sites/:site/sippeers/:peer/tns`, 'listSipPeerNumbers', 'Sites', 'Numbers of a peer', {
    query: paging,
  }),
  entry(`GET ${A}/sites/:site/sippeers/:peer/tns/:tn`, 'getSipPeerNumber', 'Sites', 'One number of a peer'),
  entry(
    `PUT ${A}/sites/:site/sippeers/:peer/tns/:tn`,
    'updateSipPeerNumber',
    'Sites',
    'Set up a number',
    document('SipPeerTelephoneNumber'),
  ),
  entry(
    `POST ${A}/sites/:site/sippeers/:peer/movetns`,
    'moveToSipPeer',
    'Moves',
    'Numbers of the account to this peer, all or none',
    document('SipPeerTelephoneNumbers'),
  ),
  entry(
    `POST ${A}/moveTns`,
    'createMove',
    'Moves',
    'Move numbers to another site, or from another account',
    document('MoveTnsOrder'),
  ),
  entry(`GET ${A}/moveTns`, 'listMoves', 'Moves', 'Moves, newest first', {
    query: {
      ...{ ...paging, ...orders, tn: text },
      ...{ createdDateFrom: date, createdDateTo: date, modifiedDateFrom: date, modifiedDateTo: date },
    },
  }),
  entry(`GET ${A}/moveTns/:order`, 'getMove', 'Moves', 'One move'),
  entry(`GET ${A}/moveTns/:order/history`, 'getMoveHistory', 'Moves', history),
  entry(`GET ${A}/subscriptions`, 'listSubscriptions', 'Subscriptions', 'Who is told of what'),
  entry(
    `POST ${A}/subscriptions`,
    'createSubscription',
    'Subscriptions',
    'Be told of orders',
    document('Subscription'),
  ),
  entry(`GET ${A}/subscriptions/:subscription`, 'getSubscription', 'Subscriptions', 'One subscription'),
  entry(
    `PUT ${A}/subscriptions/:subscription`,
    'updateSubscription',
    'Subscriptions',
    'Change a subscription',
    document('Subscription'),
  ),
  entry(`DELETE ${A}/subscriptions/:subscription`, 'deleteSubscription', 'Subscriptions', 'End a subscription'),
  entry('POST /api/oauth2/token', 'issueToken', 'Account', 'A token for user name and password', {
    binary: 'application/json',
    body: { schema: v.object({ grant_type: v.literal('client_credentials') }), required: true },
  }),
]
