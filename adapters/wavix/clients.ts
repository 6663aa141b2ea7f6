/** What Wavix's own clients call. */
import { type PublicClient, sends } from '../kit/clients.ts'

export const clients: readonly PublicClient[] = [
  {
    name: 'wavix-sdk 0.0.14 (Node): did, buy, cart, sipTrunk, billing, cdr, e911, profile',
    source: 'https://github.com/Wavix/wavix-node-sdk',
    methods: [
      ...sends({
        'did.getAccountDids': 'GET /v1/mydids?page=1',
        'did.updateDidDestinations': 'POST /v1/mydids/update-destinations',
        'did.uploadDidDocument': 'POST /v1/mydids/papers',
        'did.returnDidsToStock': 'DELETE /v1/mydids?ids[]=1',
        'buy.getCountriesList': 'GET /v1/buy/countries',
        'buy.getRegionsList': 'GET /v1/buy/countries/8652/regions',
        'buy.getCountryCitiesList': 'GET /v1/buy/countries/8652/cities',
        'buy.getRegionCitiesList': 'GET /v1/buy/countries/8652/regions/379/cities',
        'buy.getAvailableDids': 'GET /v1/buy/countries/8652/cities/200/dids',
        'cart.getCartContent': 'GET /v1/buy/cart',
        'cart.addDidNumbersToCart': 'PUT /v1/buy/cart',
        'cart.checkout': 'POST /v1/buy/cart/checkout',
        'sipTrunk.getAccountSipTrunks': 'GET /v1/trunks',
        'sipTrunk.getSipTrunkConfiguration': 'GET /v1/trunks/3107',
        'sipTrunk.createSipTrunk': 'POST /v1/trunks',
        'sipTrunk.updateSipTrunk': 'PUT /v1/trunks/3107',
        'sipTrunk.deleteSipTrunk': 'DELETE /v1/trunks/3107',
        'billing.getAccountTransactions': 'GET /v1/billing/transactions?from_date=2026-06-01&to_date=2026-06-30',
        'billing.getAccountInvoices': 'GET /v1/billing/invoices',
        'billing.downloadInvoice': 'GET /v1/billing/invoices/202606',
        'e911.getList': 'GET /v1/e911-records',
        'e911.validateAddress': 'POST /v1/e911-records/validate-address',
        'e911.create': 'POST /v1/e911-records',
        'e911.delete': 'DELETE /v1/e911-records?phone_number=18022551119',
        'profile.getCustomerInfo': 'GET /v1/profile',
        'profile.getAccountSettings': 'GET /v1/profile/config',
        'profile.updateCustomerInfo': 'PUT /v1/profile',
        'cdr.list': 'GET /v1/cdr?from=2026-06-01&to=2026-06-30&type=placed&per_page=1',
        'cdr.get': 'GET /v1/cdr/9f7a',
      }),
    ],
  },
]
