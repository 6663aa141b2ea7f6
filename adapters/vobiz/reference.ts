import * as v from 'valibot'
import { entry, type RestReference } from '../kit/reference.ts'
import { clients } from './clients.ts'
import { AccountObject, TrunkObject } from './schemas/accounts.ts'
import { BalanceRow } from './schemas/money.ts'
import { CoolOff, Flat, Message, Nested } from './schemas/shapes.ts'
import { SubAccount } from './schemas/sub-accounts.ts'
import { statusSources } from './status-sources.ts'

const ACCOUNT = '/api/v1/Account/:account'
const LOWER = '/api/v1/account/:account'
const SUBS = '/api/v1/accounts/:account/sub-accounts'

const exclude = v.optional(
  v.pipe(v.array(v.string()), v.description('Beginnings of numbers to leave out: repeated, or separated by commas.')),
)

/** What trunks are used by and lead to: made and changed below the account, listed below `trunks`. */
function parts(path: string, id: string, noun: string) {
  const [all, own] = [`${ACCOUNT}/trunks/${path}`, `${ACCOUNT}/${path}`]
  return [
    entry(`GET ${all}`, `list${id}s`, 'Trunks', `Each ${noun} of the account`),
    entry(`POST ${own}`, `create${id}`, 'Trunks', `Make a new ${noun}`),
    entry(`PUT ${own}/:part`, `update${id}`, 'Trunks', `Change one ${noun}`),
    entry(`DELETE ${own}/:part`, `delete${id}`, 'Trunks', `Take one ${noun} away`),
  ]
}

const KYC = '/api/v1/sub-accounts/:sub/kyc'
const TEST = '/api/v1/sub-accounts/test/:sub/kyc'

const verifications = [
  entry(`GET ${KYC}/status`, 'getSubaccountKycStatus', 'Verification', 'Who a sub-account is, as far as it is known'),
  entry(`POST ${KYC}/verify-pan`, 'verifySubaccountPan', 'Verification', 'File a PAN', {
    description: 'It is pending until an operator has decided, as all that is filed here.',
  }),
  entry(`POST ${KYC}/verify-gst`, 'verifySubaccountGst', 'Verification', 'File a GSTIN'),
  entry(`POST ${KYC}/cin/search`, 'searchSubaccountCin', 'Verification', 'Look a company up', {
    description: 'No register of companies is connected: nothing is found.',
  }),
  entry(`POST ${KYC}/cin/confirm`, 'confirmSubaccountCin', 'Verification', 'File a CIN'),
  entry(`POST ${TEST}/verify-pan`, 'mockVerifySubaccountPan', 'Verification', 'Try a PAN out', {
    description:
      'In double mode only. `pan` says how it ends: TESTSUCCESS0001, TESTFAIL0001, TESTERROR0001, TESTPENDING001.',
  }),
  entry(`POST ${TEST}/verify-gst`, 'mockVerifySubaccountGst', 'Verification', 'Try a GSTIN out'),
  entry(`POST ${TEST}/cin/search`, 'mockSearchSubaccountCin', 'Verification', 'Find companies that do not exist'),
  entry(`POST ${TEST}/cin/confirm`, 'mockConfirmSubaccountCin', 'Verification', 'Try a CIN out'),
  entry(
    `POST ${TEST}/digilocker/initiate`,
    'mockSubaccountDigilockerInitiate',
    'Verification',
    'Try out to send a customer to the portal',
  ),
  entry(
    `POST ${TEST}/digilocker/verify`,
    'mockSubaccountDigilockerVerify',
    'Verification',
    'Try out what comes back from the portal',
  ),
  entry(`POST ${TEST}/finalize-pending`, 'mockFinalizePendingKyc', 'Verification', 'End one that is pending as a test'),
]

const operations = [
  entry(`GET ${ACCOUNT}/numbers`, 'listNumbers', 'Numbers', 'Owned numbers, those of sub-accounts too'),
  entry(`GET ${ACCOUNT}/inventory/numbers`, 'listInventoryNumbers', 'Numbers', 'Numbers for sale', {
    query: { exclude },
  }),
  entry(
    `POST ${ACCOUNT}/numbers/purchase-from-inventory`,
    'purchaseFromInventory',
    'Numbers',
    'Buy a number of the inventory',
    {
      description: 'A purchase that cannot be paid answers 500 and has no effect. `e164` names the number.',
      // one client of the first years writes e_164
      body: {
        schema: v.object({
          e164: v.optional(v.string()),
          e_164: v.optional(v.string()),
          currency: v.nullish(v.string()),
        }),
      },
    },
  ),
  entry(`DELETE ${ACCOUNT}/numbers/:e164`, 'unrentNumber', 'Numbers', 'Give a number back', {
    description: 'In 24 hours, until when it can be cancelled, or at once.',
    inQuery: ['immediate'],
  }),
  entry(`POST ${LOWER}/numbers/:e164/cancel-release`, 'cancelNumberRelease', 'Numbers', 'Keep a number after all'),
  entry(`GET ${LOWER}/numbers/:e164/health`, 'getNumberHealth', 'Numbers', 'Calls of a number in whole figures'),
  entry(`POST ${ACCOUNT}/numbers/:e164/assign`, 'assignNumberToTrunk', 'Assignment', 'Put a number on a trunk'),
  entry(`DELETE ${ACCOUNT}/numbers/:e164/assign`, 'unassignNumberFromTrunk', 'Assignment', 'Take it off its trunk'),
  entry(
    `POST ${LOWER}/numbers/:e164/assign-subaccount`,
    'assignDidToSubaccount',
    'Assignment',
    'Hand a number to a sub-account',
  ),
  entry(
    `DELETE ${LOWER}/numbers/:e164/assign-subaccount`,
    'unassignDidFromSubaccount',
    'Assignment',
    'Take a number back from a sub-account',
    { description: 'Not within 15 days of its last call; an admin may force it.', inQuery: ['force'] },
  ),
  entry(`GET ${SUBS}`, 'listSubaccounts', 'Sub-accounts', 'Sub-accounts'),
  entry(`POST ${SUBS}`, 'createSubaccount', 'Sub-accounts', 'Open a sub-account', {
    description: 'Its secrets are in this answer and in no later one.',
  }),
  entry(`GET ${SUBS}/:sub`, 'retrieveSubaccount', 'Sub-accounts', 'One sub-account'),
  entry(`PUT ${SUBS}/:sub`, 'updateSubaccount', 'Sub-accounts', 'Change a sub-account'),
  entry(`DELETE ${SUBS}/:sub`, 'deleteSubaccount', 'Sub-accounts', 'Close a sub-account that holds no numbers'),
  ...verifications,
  entry(`GET ${ACCOUNT}/balance/:currency`, 'getBalance', 'Money', 'Balance in a currency'),
  entry(`GET ${ACCOUNT}/transactions`, 'listTransactions', 'Money', 'Movements of money and their sums', {
    description: 'A date that cannot be read answers 500, as the provider does.',
  }),
  entry(
    `GET ${ACCOUNT}/transactions/reference-types`,
    'listTransactionReferenceTypes',
    'Money',
    'Kinds of movements that can be asked for',
  ),
  entry('GET /api/v1/auth/me', 'retrieveAccount', 'Account', 'The account that asks'),
  entry(`GET ${ACCOUNT}/concurrency`, 'getConcurrency', 'Account', 'Calls at this moment'),
  entry(`GET ${ACCOUNT}/cdr`, 'listCdrs', 'Calls', 'Calls with their sums, the latest first', {
    description: 'Sums are of all that match. `start_date` and `end_date` are days in UTC and go together.',
  }),
  entry(`GET ${ACCOUNT}/cdr/search`, 'searchCdrs', 'Calls', 'The same, and what was asked for'),
  entry(`GET ${ACCOUNT}/cdr/recent`, 'listRecentCdrs', 'Calls', 'The latest calls'),
  entry(`GET ${ACCOUNT}/cdr/export`, 'exportCdrs', 'Calls', 'All calls that match, as a table', {
    description: 'Up to a million calls in pieces, by when they began; the columns are the fields of one call.',
    binary: 'text/csv',
  }),
  entry(`GET ${ACCOUNT}/cdr/:call`, 'getCdr', 'Calls', 'One call by its `uuid`'),
  entry(`GET ${ACCOUNT}/trunks`, 'listTrunks', 'Trunks', 'Trunks'),
  entry(`POST ${ACCOUNT}/trunks`, 'createTrunk', 'Trunks', 'Make a trunk'),
  entry(`GET ${ACCOUNT}/trunks/:trunk`, 'retrieveTrunk', 'Trunks', 'One trunk'),
  entry(`PUT ${ACCOUNT}/trunks/:trunk`, 'updateTrunk', 'Trunks', 'Change a trunk'),
  entry(`DELETE ${ACCOUNT}/trunks/:trunk`, 'deleteTrunk', 'Trunks', 'Take a trunk away', {
    description: 'Numbers on it are on none afterwards.',
  }),
  ...parts('credentials', 'Credential', 'credential'),
  ...parts('ip-acl', 'IpAcl', 'IP access list'),
  ...parts('origination-uris', 'OriginationUri', 'origination URI'),
  entry(`GET ${ACCOUNT}/Application`, 'listApplications', 'Applications', 'Voice applications'),
  entry(`POST ${ACCOUNT}/Application`, 'createApplication', 'Applications', 'Make a voice application'),
  entry(`GET ${ACCOUNT}/Application/:application`, 'retrieveApplication', 'Applications', 'One voice application'),
  entry(`POST ${ACCOUNT}/Application/:application`, 'updateApplication', 'Applications', 'Change what is sent of it'),
  entry(
    `PUT ${ACCOUNT}/Application/:application`,
    'putApplication',
    'Applications',
    'The same, as some clients send it',
  ),
  entry(`DELETE ${ACCOUNT}/Application/:application`, 'deleteApplication', 'Applications', 'Take one away', {
    description: 'Not while numbers are attached to it.',
  }),
  entry(
    `POST ${ACCOUNT}/numbers/:e164/application`,
    'attachNumberToApplication',
    'Assignment',
    'Lead a number to a voice application',
    { description: 'In the place of another; not while it is on a trunk.' },
  ),
  entry(`DELETE ${ACCOUNT}/numbers/:e164/application`, 'detachNumberFromApplication', 'Assignment', 'Lead it to none'),
]

export const reference: RestReference = {
  kind: 'rest',
  title: 'vobiz: accounts, sub-accounts and their numbers',
  description:
    'Main accounts with sub-accounts whose numbers the parent pays. The word `Account` of a path may be written in any case; a number in the path with or without its `+`, escaped or not.',
  security: {
    authId: { type: 'apiKey', in: 'header', name: 'X-Auth-ID' },
    authToken: { type: 'apiKey', in: 'header', name: 'X-Auth-Token' },
    basic: { type: 'http', scheme: 'basic', description: 'The same pair.' },
    bearer: { type: 'http', scheme: 'bearer', description: 'The access token of a new sub-account.' },
  },
  anyOf: [['authId', 'authToken'], ['basic'], ['bearer']],
  tags: {
    Numbers: 'Inventory, purchase, release.',
    Assignment: 'Numbers on trunks and with sub-accounts.',
    'Sub-accounts': 'Accounts below a main account.',
    Verification: 'Who stands behind a sub-account.',
    Money: 'Balances and movements.',
    Account: 'The account itself.',
    Calls: 'Calls that are over.',
    Trunks: 'Where calls go, and who may use them.',
    Applications: 'What answers the calls of numbers.',
  },
  changeHeaders: {
    'Idempotency-Key': v.optional(
      v.pipe(
        v.string(),
        v.maxLength(255),
        v.description('A request with a key has one effect, however often it comes.'),
      ),
    ),
  },
  schemas: {
    Refusal: Nested,
    Problem: Flat,
    CoolOff,
    Message,
    SubAccount,
    Account: AccountObject,
    Trunk: TrunkObject,
    Balance: BalanceRow,
  },
  statusSources,
  clients,
  operations,
}
