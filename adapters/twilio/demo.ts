/** How this dialect is tried on the demo world. */
import type { Demo } from '../kit/demo.ts'
import { TEST_REALM } from './ids.ts'

const ACCOUNT = 'AC00000000000000000000000000000012'
const TOKEN = 'demo-twilio-acme'
const TEST_TOKEN = 'demo-twilio-acme-test'

export const demo = {
  account: { secret: TOKEN },
  other: { secret: 'demo-twilio-globex' },
  stranger: { secret: 'demo-twilio-nobody' },
  further: [{ realm: TEST_REALM, publicId: ACCOUNT, secret: TEST_TOKEN }],
  told: { accountSid: ACCOUNT, authToken: TOKEN, testToken: TEST_TOKEN },
  words: `account ${ACCOUNT}, token ${TOKEN}`,
  curl: base =>
    `curl -u ${ACCOUNT}:${TOKEN} '${base}/2010-04-01/Accounts/${ACCOUNT}/AvailablePhoneNumbers/US/Local.json?AreaCode=212'`,
} as const satisfies Demo
