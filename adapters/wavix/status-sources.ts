/** Which statuses the provider is known to answer with, and from where. */
import type { StatusSource } from '../kit/reference.ts'

const LISTED = [400, 403, 404]

export const statusSources: readonly StatusSource[] = [
  {
    title: "Wavix's OpenAPI documents and API pages, 2025-10 to 2026-06",
    statuses: {
      '*': [401],
      listCountries: [200, 403],
      listRegions: [200, ...LISTED, 422],
      listCities: [200, ...LISTED],
      listRegionCities: [200, ...LISTED],
      listAvailableNumbers: [200, 403],
      readCart: [200, 403],
      addToCart: [200, ...LISTED],
      removeFromCart: [200, ...LISTED],
      checkout: [201, 400, 403, 404, 422],
      listNumbers: [200, 403],
      readNumber: [200, 403, 404],
      updateNumber: [200, 403],
      patchNumbers: [200, 403],
      updateDestinations: [200, 403],
      updateSmsEnabled: [200, 403, 422],
      releaseNumbers: [200, 403, 404, 422],
      uploadPaper: [200, 400, 403],
      downloadPaper: [200, 403],
      updateProfile: [200, 422],
      readProfile: [200],
      readConfig: [200],
      listTransactions: [200],
      listInvoices: [200],
      downloadInvoice: [200],
      listTrunks: [200],
      readTrunk: [200],
      listCdr: [200, 400],
      searchCdr: [200],
      exportCdr: [200, 403],
      readCdr: [200, 404],
    },
  },
  {
    title: "types of Wavix's Node SDK 0.0.14",
    statuses: {
      createTrunk: [200],
      updateTrunk: [200],
      deleteTrunk: [200],
      listEmergencyRecords: [200],
      validateEmergencyAddress: [200],
      createEmergencyRecord: [200],
      deleteEmergencyRecord: [200],
    },
  },
  {
    title: "types of Wavix's Ruby SDK 1.1.1",
    statuses: {
      listSubOrganizations: [200],
      createSubOrganization: [200],
      readSubOrganization: [200],
      updateSubOrganization: [200],
      listCalls: [200],
      searchCalls: [200],
      exportCalls: [200],
      readCalls: [200],
    },
  },
]
