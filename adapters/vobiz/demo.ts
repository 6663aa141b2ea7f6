/** How this dialect is tried on the demo world. */
import { DEMO_ACCOUNTS, type Demo } from '../kit/demo.ts'

const ID = DEMO_ACCOUNTS.account.handle
const TOKEN = 'demo-vobiz-acme'

export const demo = {
  account: { secret: TOKEN },
  other: { secret: 'demo-vobiz-globex' },
  stranger: { secret: 'demo-vobiz-nobody' },
  told: {
    authId: ID,
    authToken: TOKEN,
    subAccount: { authId: 'SA_DEMO0001', authToken: 'demo-vobiz-acme-sub' },
  },
  words: `auth id ${ID}, token ${TOKEN}`,
  curl: base => `curl -u ${ID}:${TOKEN} '${base}/api/v1/Account/${ID}/inventory/numbers'`,
} as const satisfies Demo
