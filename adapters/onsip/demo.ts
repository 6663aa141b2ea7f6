/** How this dialect is tried on the demo world. */
import type { Demo } from '../kit/demo.ts'

const USERNAME = 'example_ann'
const PASSWORD = 'demo-ann-password'

export const demo = {
  account: { publicId: USERNAME, secret: PASSWORD },
  other: { publicId: 'globex_gil', secret: 'demo-gil-password' },
  stranger: { publicId: 'nobody', secret: 'demo-nobody-password' },
  told: { username: USERNAME, password: PASSWORD, accountId: 12, organizationId: 31, userId: 501 },
  words: `user ${USERNAME}, password ${PASSWORD}`,
  curl: base => `curl '${base}/api?Action=SessionCreate&Username=${USERNAME}&Password=${PASSWORD}&Output=json'`,
} as const satisfies Demo
