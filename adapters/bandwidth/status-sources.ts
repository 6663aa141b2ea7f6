/** Which statuses the provider is known to answer with, and from where. */
import type { StatusSource } from '../kit/reference.ts'

export const statusSources: readonly StatusSource[] = [
  {
    title: 'Bandwidth, numbers API description (v1) with its examples, and its list of errors',
    statuses: {
      '*': [401, 403],
      searchAvailableNumbers: [200, 400],
      searchAvailableNpaNxx: [200, 400],
      createOrder: [201, 400],
      listOrders: [200, 400],
      countOrders: [200],
      getOrder: [200, 404],
      updateOrder: [200, 400, 404],
      listOrderNumbers: [200],
      getOrderHistory: [200, 404],
      listOrderNotes: [200, 204],
      addOrderNote: [201, 400],
      reserveNumber: [201, 400],
      getReservation: [200, 404],
      deleteReservation: [200, 404],
      createDisconnect: [201, 400],
      listDisconnects: [200, 404],
      getDisconnect: [200, 404],
      listInserviceNumbers: [200, 204],
      countInserviceNumbers: [200],
      checkInserviceNumber: [200, 404],
      listSites: [200],
      createSite: [201, 400],
      getSite: [200, 404],
      listSipPeers: [200],
      createSipPeer: [201, 400],
      createMove: [201, 400],
      getMove: [200, 404],
      createSubscription: [201, 400, 404],
    },
  },
]
