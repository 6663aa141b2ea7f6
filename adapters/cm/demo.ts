/** How this dialect is tried on the demo world. */
import { DEMO_ACCOUNTS, type Demo } from '../kit/demo.ts'

const ACCOUNT = DEMO_ACCOUNTS.account.guid
const TOKEN = 'demo-cm-acme'

export const demo = {
  account: { secret: TOKEN },
  other: { secret: 'demo-cm-globex' },
  stranger: { secret: 'demo-cm-nobody' },
  told: { accountGuid: ACCOUNT, productToken: TOKEN },
  words: `account ${ACCOUNT}, token ${TOKEN}`,
  curl: base =>
    `curl -H 'X-CM-PRODUCTTOKEN: ${TOKEN}' '${base}/voice-phonenumberrequestapi/v1/${ACCOUNT}/numberRequests'`,
} as const satisfies Demo
