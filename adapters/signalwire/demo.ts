/** How this dialect is tried on the demo world. */
import { DEMO_ACCOUNTS, type Demo } from '../kit/demo.ts'

const PROJECT = DEMO_ACCOUNTS.account.guid
const TOKEN = 'demo-signalwire-acme'

export const demo = {
  account: { secret: TOKEN },
  other: { secret: 'demo-signalwire-globex' },
  stranger: { secret: 'demo-signalwire-nobody' },
  told: { projectId: PROJECT, token: TOKEN },
  words: `project ${PROJECT}, token ${TOKEN}`,
  curl: base =>
    `curl -u ${PROJECT}:${TOKEN} '${base}/api/laml/2010-04-01/Accounts/${PROJECT}/AvailablePhoneNumbers/US/Local?AreaCode=212'`,
} as const satisfies Demo
