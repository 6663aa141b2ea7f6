/** How this dialect is tried on the demo world. */
import type { Demo } from '../kit/demo.ts'

const ACCOUNT = 'AC00000000000000000000000000000012'
const TOKEN = 'demo-sinch-acme'

export const demo = {
  account: { secret: TOKEN },
  other: { secret: 'demo-sinch-globex' },
  stranger: { secret: 'demo-sinch-nobody' },
  told: { accountId: ACCOUNT, token: TOKEN },
  words: `account ${ACCOUNT}, token ${TOKEN}`,
  curl: base => `curl -u ${ACCOUNT}:${TOKEN} '${base}/v1/api/AvailableNumbers'`,
} as const satisfies Demo
