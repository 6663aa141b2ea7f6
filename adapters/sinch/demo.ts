/** How this dialect is tried on the demo world. */
import { DEMO_ACCOUNTS, type Demo } from '../kit/demo.ts'

const PROJECT = DEMO_ACCOUNTS.account.guid
const KEY = 'demo-sinch-key'
const SECRET = 'demo-sinch-secret'

export const demo = {
  account: { publicId: KEY, secret: SECRET },
  other: { publicId: 'demo-sinch-key-2', secret: 'demo-sinch-secret-2' },
  stranger: { publicId: 'demo-sinch-key-9', secret: 'demo-sinch-secret-9' },
  told: { projectId: PROJECT, keyId: KEY, keySecret: SECRET },
  words: `project ${PROJECT}, key id ${KEY}, secret ${SECRET}`,
  curl: base => `curl -u ${KEY}:${SECRET} '${base}/v1/projects/${PROJECT}/availableNumbers?regionCode=US&type=LOCAL'`,
} as const satisfies Demo
