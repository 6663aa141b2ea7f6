/** How this dialect is tried on the demo world. */
import type { Demo } from '../kit/demo.ts'

const KEY = 'demo-wavix-acme'

export const demo = {
  account: { secret: KEY },
  other: { secret: 'demo-wavix-globex' },
  stranger: { secret: 'demo-wavix-nobody' },
  told: { key: KEY },
  words: `key ${KEY}`,
  curl: base => `curl '${base}/v1/buy/countries?appid=${KEY}'`,
} as const satisfies Demo
