/** What Vobiz's own clients call; both are made from one document, and methods differ in how they are written alone. */
import { type ClientMethod, type PublicClient, sends } from '../kit/clients.ts'

const ME = '/api/v1/Account/MA_TEST0001'
const NUMBER = `${ME}/numbers/%2B919876543210`
const LOWER = '/api/v1/account/MA_TEST0001/numbers/%2B919876543210'
const SUBS = '/api/v1/accounts/MA_TEST0001/sub-accounts/'
const KYC = '/api/v1/sub-accounts/SA_TEST0001/kyc'
const TEST = '/api/v1/sub-accounts/test/SA_TEST0001/kyc'
const PART = '00000000-0000-4000-8000-000000000401'

const CAPACITY = 'capacity is not for sale here: answered with 404'
const PORTAL = 'needs a portal that customers visit; its test mode is answered, this with 404'

const ANSWERED = {
  'phoneNumbers.listNumbers': `GET ${ME}/numbers`,
  'phoneNumbers.unrentNumber': `DELETE ${NUMBER}`,
  'phoneNumbers.cancelNumberRelease': `POST ${LOWER}/cancel-release`,
  'phoneNumbers.listInventoryNumbers': `GET ${ME}/inventory/numbers`,
  'phoneNumbers.purchaseFromInventory': `POST ${ME}/numbers/purchase-from-inventory`,
  'phoneNumbers.assignNumberToTrunk': `POST ${NUMBER}/assign`,
  'phoneNumbers.unassignNumberFromTrunk': `DELETE ${NUMBER}/assign`,
  'phoneNumbers.getNumberHealth': `GET ${LOWER}/health`,
  'phoneNumbers.assignDidToSubaccount': `POST ${LOWER}/assign-subaccount`,
  'phoneNumbers.unassignDidFromSubaccount': `DELETE ${LOWER}/assign-subaccount`,
  'subAccounts.listSubaccounts': `GET ${SUBS}`,
  'subAccounts.createSubaccount': `POST ${SUBS}`,
  'subAccounts.retrieveSubaccount': `GET ${SUBS}SA_TEST0001`,
  'subAccounts.updateSubaccount': `PUT ${SUBS}SA_TEST0001`,
  'subAccounts.deleteSubaccount': `DELETE ${SUBS}SA_TEST0001`,
  'applications.listApplications': `GET ${ME}/Application/`,
  'applications.createApplication': `POST ${ME}/Application/`,
  'applications.retrieveApplication': `GET ${ME}/Application/1/`,
  'applications.updateApplication': `POST ${ME}/Application/1/`,
  'applications.deleteApplication': `DELETE ${ME}/Application/1/`,
  'trunks.listTrunks': `GET ${ME}/trunks`,
  'trunks.createTrunk': `POST ${ME}/trunks`,
  'trunks.retrieveTrunk': `GET ${ME}/trunks/${PART}`,
  'trunks.updateTrunk': `PUT ${ME}/trunks/${PART}`,
  'trunks.deleteTrunk': `DELETE ${ME}/trunks/${PART}`,
  'credentials.createCredential': `POST ${ME}/credentials`,
  'credentials.listCredentials': `GET ${ME}/trunks/credentials`,
  'credentials.updateCredential': `PUT ${ME}/credentials/${PART}`,
  'credentials.deleteCredential': `DELETE ${ME}/credentials/${PART}`,
  'ipAccessControlList.createIpAcl': `POST ${ME}/ip-acl`,
  'ipAccessControlList.listIpAcls': `GET ${ME}/trunks/ip-acl`,
  'ipAccessControlList.updateIpAcl': `PUT ${ME}/ip-acl/${PART}`,
  'ipAccessControlList.deleteIpAcl': `DELETE ${ME}/ip-acl/${PART}`,
  'originationUri.createOriginationUri': `POST ${ME}/origination-uris`,
  'originationUri.listOriginationUris': `GET ${ME}/trunks/origination-uris`,
  'originationUri.updateOriginationUri': `PUT ${ME}/origination-uris/${PART}`,
  'originationUri.deleteOriginationUri': `DELETE ${ME}/origination-uris/${PART}`,
  'subAccountKyc.getSubaccountKycStatus': `GET ${KYC}/status`,
  'subAccountKyc.verifySubaccountPan': `POST ${KYC}/verify-pan`,
  'subAccountKyc.verifySubaccountGst': `POST ${KYC}/verify-gst`,
  'subAccountKyc.searchSubaccountCin': `POST ${KYC}/cin/search`,
  'subAccountKyc.confirmSubaccountCin': `POST ${KYC}/cin/confirm`,
  'subAccountKycTestMode.mockVerifySubaccountPan': `POST ${TEST}/verify-pan`,
  'subAccountKycTestMode.mockVerifySubaccountGst': `POST ${TEST}/verify-gst`,
  'subAccountKycTestMode.mockSearchSubaccountCin': `POST ${TEST}/cin/search`,
  'subAccountKycTestMode.mockConfirmSubaccountCin': `POST ${TEST}/cin/confirm`,
  'subAccountKycTestMode.mockSubaccountDigilockerInitiate': `POST ${TEST}/digilocker/initiate`,
  'subAccountKycTestMode.mockSubaccountDigilockerVerify': `POST ${TEST}/digilocker/verify`,
  'subAccountKycTestMode.mockFinalizePendingKyc': `POST ${TEST}/finalize-pending`,
  'balance.getBalance': `GET ${ME}/balance/INR`,
  'balance.listTransactions': `GET ${ME}/transactions`,
  'cdr.listCdrs': `GET ${ME}/cdr`,
  'cdr.searchCdrs': `GET ${ME}/cdr/search`,
  'cdr.listRecentCdrs': `GET ${ME}/cdr/recent`,
  'cdr.exportCdrs': `GET ${ME}/cdr/export`,
  'cdr.getCdr': `GET ${ME}/cdr/9f7a`,
  'account.retrieveAccount': 'GET /api/v1/auth/me',
  'account.getConcurrency': `GET ${ME}/concurrency`,
}

const CHANNELS = '/api/v1/accounts/MA_TEST0001/channel'
const REFUSED: Readonly<Record<string, readonly [request: string, refused: string]>> = {
  'account.previewChannelPricing': [`GET ${CHANNELS}-pricing-preview`, CAPACITY],
  'account.createChannelSubscription': [`POST ${CHANNELS}-subscriptions`, CAPACITY],
  'subAccountKyc.subaccountDigilockerInitiate': [`POST ${KYC}/digilocker/initiate`, PORTAL],
  'subAccountKyc.subaccountDigilockerVerify': [`POST ${KYC}/digilocker/verify`, PORTAL],
  'subAccountKyc.createSubaccountKycSession': [`POST ${KYC}-sessions`, PORTAL],
}

const methods: readonly ClientMethod[] = [
  ...sends(ANSWERED),
  ...Object.entries(REFUSED).map(([method, [request, refused]]) => ({ method, request, refused })),
]

const inPython = (method: string) => method.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)

const READ =
  'phone numbers, sub-accounts and their verification, applications, trunks and their parts, cdr, balance, account'

export const clients: readonly PublicClient[] = [
  {
    name: `@vobiz/sdk 0.1.0 (Node): ${READ}`,
    source: 'https://github.com/vobiz-ai/Vobiz-Node-SDK',
    methods,
  },
  {
    name: `vobiz 0.1.0 (Python): ${READ}`,
    source: 'https://github.com/vobiz-ai/Vobiz-Python-SDK',
    methods: methods.map(each => ({ ...each, method: inPython(each.method) })),
  },
]
