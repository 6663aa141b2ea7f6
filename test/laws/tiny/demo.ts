import type { Demo } from '../../../adapters/kit/demo.ts'

const TOKEN = 'demo-tiny-acme'

export const demo = {
  account: { secret: TOKEN },
  other: { secret: 'demo-tiny-globex' },
  stranger: { secret: 'demo-tiny-nobody' },
  told: { token: TOKEN },
  words: `token ${TOKEN}`,
  curl: base => `curl -H 'Authorization: Bearer ${TOKEN}' '${base}/v1/numbers/+12135681000'`,
} as const satisfies Demo
