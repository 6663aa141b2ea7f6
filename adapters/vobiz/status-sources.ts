/** Which statuses the provider is known to answer with, and from where. */
import type { StatusSource } from '../kit/reference.ts'

/** The document names no more of these than that they are answered. */
function each(...nouns: string[]): Record<string, number[]> {
  return Object.fromEntries(
    nouns.flatMap(noun => [
      [`list${noun}s`, [200]],
      [`update${noun}`, [200]],
    ]),
  )
}

export const statusSources: readonly StatusSource[] = [
  {
    title: "Vobiz's OpenAPI document and API pages, 2026",
    statuses: {
      '*': [401, 403],
      listNumbers: [200],
      listInventoryNumbers: [200],
      purchaseFromInventory: [200],
      unrentNumber: [200],
      cancelNumberRelease: [200],
      assignNumberToTrunk: [204],
      unassignNumberFromTrunk: [204],
      assignDidToSubaccount: [204],
      unassignDidFromSubaccount: [204],
      getNumberHealth: [200],
      listSubaccounts: [200, 404],
      createSubaccount: [201, 404],
      retrieveSubaccount: [200, 404],
      updateSubaccount: [200, 404],
      deleteSubaccount: [200, 404],
      getBalance: [200],
      listTransactions: [200, 500],
      listTransactionReferenceTypes: [200],
      retrieveAccount: [200],
      getConcurrency: [200],
      listTrunks: [200],
      createTrunk: [201],
      retrieveTrunk: [200],
      updateTrunk: [200],
      deleteTrunk: [204],
      listApplications: [200],
      createApplication: [201, 400],
      retrieveApplication: [200],
      updateApplication: [200],
      deleteApplication: [204, 409],
      listCdrs: [200],
      searchCdrs: [200],
      listRecentCdrs: [200],
      exportCdrs: [200],
      getCdr: [200, 404],
      ...each('Credential', 'IpAcl', 'OriginationUri'),
    },
  },
  {
    title: 'error classes of the official Node SDK 0.1.0, by operation',
    statuses: {
      purchaseFromInventory: [404, 500],
      cancelNumberRelease: [400, 401, 403, 404],
      assignNumberToTrunk: [400, 404],
      unassignNumberFromTrunk: [400, 404],
      getNumberHealth: [404],
      assignDidToSubaccount: [404],
      unassignDidFromSubaccount: [403, 409],
      retrieveAccount: [401],
      getCdr: [404],
      createApplication: [400],
      retrieveApplication: [404],
      updateApplication: [400, 404],
      deleteApplication: [404, 409],
    },
  },
]
