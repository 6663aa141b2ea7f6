/** How this dialect is tried on the demo world. */
import type { Demo } from '../kit/demo.ts'

const ACCOUNT = '9900012'
const USER = 'demo-bandwidth-acme'
const PASSWORD = 'demo-bandwidth-secret'

export const demo = {
  account: { publicId: USER, secret: PASSWORD },
  other: { publicId: 'demo-bandwidth-globex', secret: 'demo-bandwidth-secret-2' },
  stranger: { publicId: 'demo-bandwidth-nobody', secret: 'demo-bandwidth-nothing' },
  told: { accountId: ACCOUNT, userName: USER, password: PASSWORD },
  words: `account ${ACCOUNT}, user ${USER}, password ${PASSWORD}`,
  curl: base =>
    `curl -u ${USER}:${PASSWORD} '${base}/api/accounts/${ACCOUNT}/availableNumbers?areaCode=212&quantity=3'`,
} as const satisfies Demo
